//! What is asked: operations with their ids, and the exchange that sends them.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};

use super::{BatchReply, child, id_element, id_of, parted};
use crate::{
    error::Error,
    exchange::Exchange,
    gdata::{Element, Entry, Feed, Refusal, atom, namespaces::BATCH},
    wire::origin::Origin,
};

/// What to do with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Read it.
    Query,
    /// Make it.
    Insert,
    /// Replace it.
    Update,
    /// Delete it.
    Delete,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Query, Self::Insert, Self::Update, Self::Delete];

    /// The word of the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    pub(super) fn read(element: &Element<'_>) -> Option<Self> {
        let word = element.attribute("type")?.trim();
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    pub(super) fn element(self) -> Element<'static> {
        Element::new(BATCH, "operation").with_attribute("type", self.as_str())
    }
}

/// One operation of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem {
    id: Option<String>,
    operation: Operation,
    entry: Entry<'static>,
}

impl BatchItem {
    /// By what its outcome is known; a server reads batches whose items have none.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// What to do.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// With what, the elements of `batch` left out.
    #[must_use]
    pub fn entry(&self) -> &Entry<'static> {
        &self.entry
    }
}

/// Operations in order.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::{Entry, atom, batch::Batch};
///
/// let batch = Batch::new()
///     .insert("1", &Entry::new().with(atom::title("Tides")))
///     .delete("2", "https://gdata.youtube.com/feeds/api/videos/x");
/// assert_eq!(
///     batch.to_xml()?,
///     "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' \
///      xmlns:batch='http://schemas.google.com/gdata/batch'>\
///      <entry><title>Tides</title><batch:id>1</batch:id><batch:operation type='insert'/></entry>\
///      <entry><id>https://gdata.youtube.com/feeds/api/videos/x</id><batch:id>2</batch:id>\
///      <batch:operation type='delete'/></entry></feed>"
/// );
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    items: Vec<BatchItem>,
}

impl Batch {
    /// The most operations of one batch. Services had lower bounds of their own.
    pub const MAX: usize = 1_000;

    /// A batch without operations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an operation; elements of `batch` inside the entry are left out.
    #[must_use]
    pub fn with(mut self, operation: Operation, id: impl Into<String>, entry: &Entry<'_>) -> Self {
        let (_, entry) = parted(entry);
        self.items.push(BatchItem {
            id: Some(id.into()),
            operation,
            entry,
        });
        self
    }

    /// Makes an entry.
    #[must_use]
    pub fn insert(self, id: impl Into<String>, entry: &Entry<'_>) -> Self {
        self.with(Operation::Insert, id, entry)
    }

    /// Replaces an entry, which has its address as Atom `id` or `edit` link, and its `gd:etag` where the
    /// service has any.
    #[must_use]
    pub fn update(self, id: impl Into<String>, entry: &Entry<'_>) -> Self {
        self.with(Operation::Update, id, entry)
    }

    /// Deletes the entry at an address.
    #[must_use]
    pub fn delete(self, id: impl Into<String>, address: impl Into<String>) -> Self {
        let entry = Entry::new().with(atom::id(address.into()));
        self.with(Operation::Delete, id, &entry)
    }

    /// Reads the entry at an address.
    #[must_use]
    pub fn query(self, id: impl Into<String>, address: impl Into<String>) -> Self {
        let entry = Entry::new().with(atom::id(address.into()));
        self.with(Operation::Query, id, &entry)
    }

    /// The operations, in order.
    #[must_use]
    pub fn items(&self) -> &[BatchItem] {
        &self.items
    }

    /// Reads a feed of operations. An entry without `batch:operation` has that of the feed, or is an
    /// insertion.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) as [`Feed::parse`], on an operation of another type, and on more
    /// than [`MAX`](Self::MAX) operations.
    pub fn parse(document: &[u8]) -> Result<Self, Error> {
        let feed = Feed::parse(document)?;
        if feed.entries().len() > Self::MAX {
            return Err(Error::reply(
                "batch",
                format_args!("expected at most {} operations, got more", Self::MAX),
            ));
        }
        let read = |element: Option<&Element<'_>>| match element {
            None => Ok(None),
            Some(element) => Operation::read(element).map(Some).ok_or_else(|| {
                Error::reply(
                    "batch:operation",
                    "expected the type query, insert, update or delete, got another",
                )
            }),
        };
        let default = read(feed.element().child(BATCH, "operation"))?.unwrap_or(Operation::Insert);
        let items = feed.entries().iter().map(|entry| {
            let (batch, entry) = parted(entry);
            Ok(BatchItem {
                id: id_of(&batch),
                operation: read(child(&batch, "operation"))?.unwrap_or(default),
                entry,
            })
        });
        let items = items.collect::<Result<_, Error>>()?;
        Ok(Self { items })
    }

    /// The feed. Law: [`parse`](Self::parse) of it gives an equal batch, where ids have no outer spaces.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) as [`Feed::to_xml`].
    pub fn to_xml(&self) -> Result<String, Error> {
        let items = self.items.iter().map(|item| {
            let entry = match &item.id {
                Some(id) => item.entry.clone().with(id_element(id)),
                None => item.entry.clone(),
            };
            entry.with(item.operation.element())
        });
        items.fold(Feed::new(), Feed::with_entry).to_xml()
    }

    /// The exchange that sends it to the `batch` link of a feed.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address is not absolute `http` or `https`, there is no
    /// operation or more than [`MAX`](Self::MAX), an id is empty, has outer spaces or stands twice (outcomes
    /// could not be told apart), and as [`to_xml`](Self::to_xml).
    pub fn exchange(&self, address: &str) -> Result<BatchExchange, Error> {
        let address: Uri = address.parse().map_err(|cause: http::uri::InvalidUri| {
            Error::input("address", "expected an absolute http or https address").caused_by(cause)
        })?;
        Origin::of_uri(&address)?;
        if !(1..=Self::MAX).contains(&self.items.len()) {
            return Err(Error::input(
                "batch",
                format_args!(
                    "expected 1 to {} operations, got {}",
                    Self::MAX,
                    self.items.len()
                ),
            ));
        }
        let mut ids = Vec::new();
        for item in &self.items {
            let id = item.id().unwrap_or_default();
            if id.is_empty() || id.trim() != id || ids.iter().any(|known| known == id) {
                return Err(Error::input(
                    "batch:id",
                    "expected a text of its own for every operation, got none, outer spaces or one twice",
                ));
            }
            ids.push(id.to_owned());
        }
        Ok(BatchExchange {
            address,
            body: Bytes::from(self.to_xml()?),
            ids,
        })
    }
}

/// Sends a batch, and reads what became of every operation.
///
/// Made by [`Batch::exchange`].
#[derive(Clone, Debug)]
pub struct BatchExchange {
    address: Uri,
    body: Bytes,
    ids: Vec<String>,
}

impl Exchange for BatchExchange {
    type Output = BatchReply;

    fn request(&self) -> Request<Bytes> {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.address.clone();
        request.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/atom+xml; charset=UTF-8"),
        );
        request
    }

    /// A reply that lacks an operation is read, and names it among
    /// [`unanswered`](BatchReply::unanswered).
    fn parse(&self, reply: &Response<Bytes>) -> Result<BatchReply, Error> {
        if reply.status() != StatusCode::OK {
            return Err(match Refusal::read(reply) {
                Some(refusal) => refusal.into_error(),
                None => Error::reply(
                    "status",
                    format_args!("expected 200, got {}", reply.status().as_u16()),
                ),
            });
        }
        Ok(BatchReply::parse(reply.body())?.expecting(&self.ids))
    }
}
