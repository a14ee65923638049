//! The session of a resumable upload: asked for with the entry, kept until the media is there. Google's later APIs
//! took the protocol over, with JSON in place of the entry.
//!
//! ```text
//! POST …/create-session/…        X-Upload-Content-Type, X-Upload-Content-Length, Slug, entry or JSON
//! 200  Location: …?upload_id=…   the address of the session
//! ```
//!
//! Law: what [`Exchange::request`] of a [`CreateSession`] prints, [`CreateSession::read`] reads back; and a
//! [`Session`] survives serde.
//!
//! # Source
//! legacy-protocol.md 2.7, and the recorded uploads beside it; PUT with `If-Match` replaces media there.

use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, Uri, header};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    slug::Slug,
    target::{ENTRY, Target, absolute, fill, is_json, media_type},
    uploaded::unexpected,
};
use crate::{
    error::Error,
    exchange::Exchange,
    gdata::{Entry, Etag},
    secret::Secret,
    wire::origin::Origin,
};

/// `X-Upload-Content-Type`.
pub const X_UPLOAD_CONTENT_TYPE: HeaderName = HeaderName::from_static("x-upload-content-type");
/// `X-Upload-Content-Length`.
pub const X_UPLOAD_CONTENT_LENGTH: HeaderName = HeaderName::from_static("x-upload-content-length");

/// Asks for a session: what is to come, before any byte of it.
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, gdata::{Entry, atom, upload::CreateSession}};
///
/// let address = "http://uploads.gdata.youtube.com/resumable/feeds/api/users/default/uploads";
/// let create = CreateSession::new(address, "video/mp4", 20_000_000)?
///     .with_entry(&Entry::new().with(atom::title("Tides")))?
///     .with_slug("tides.mp4")?;
///
/// let request = create.request();
/// assert_eq!(request.headers()["x-upload-content-length"], "20000000");
/// assert_eq!(CreateSession::read(&request)?, create);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSession {
    target: Target,
    /// A JSON object, in place of an entry.
    json: Option<Bytes>,
    content_type: String,
    total: u64,
}

/// The content type of what describes the media to today's APIs.
const JSON: &str = "application/json; charset=UTF-8";

impl CreateSession {
    /// A session for `total` bytes of media, asked for at a `resumable-create-media` link.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address is not absolute `http` or `https`, the content
    /// type is none, or `total` is 0.
    pub fn new(address: &str, content_type: impl Into<String>, total: u64) -> Result<Self, Error> {
        Ok(Self {
            target: Target::new(address)?,
            json: None,
            content_type: media_type(content_type)?,
            total: some(total)?,
        })
    }

    /// Sends the entry that describes the media.
    ///
    /// # Errors
    /// As [`Entry::to_xml`].
    pub fn with_entry(mut self, entry: &Entry<'_>) -> Result<Self, Error> {
        self.target = self.target.with_entry(entry)?;
        self.json = None;
        Ok(self)
    }

    /// Sends a JSON object that describes the media, as Google's later APIs want it, in place of an entry.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is none.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{Exchange, gdata::upload::CreateSession};
    ///
    /// let address = "https://www.googleapis.com/upload/youtube/v3/videos?part=snippet&uploadType=resumable";
    /// let create = CreateSession::new(address, "video/mp4", 20_000_000)?
    ///     .with_json(r#"{"snippet":{"title":"Tides"}}"#)?;
    /// assert_eq!(create.request().headers()["content-type"], "application/json; charset=UTF-8");
    /// assert_eq!(CreateSession::read(&create.request())?, create);
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn with_json(mut self, object: impl Into<Bytes>) -> Result<Self, Error> {
        let object = object.into();
        match serde_json::from_slice(&object) {
            Ok(serde_json::Value::Object(_)) => {}
            _ => {
                return Err(Error::input(
                    "json",
                    "expected a JSON object, got something else",
                ));
            }
        }
        self.target.entry = None;
        self.json = Some(object);
        Ok(self)
    }

    /// Proposes a file name.
    ///
    /// # Errors
    /// As [`Slug::new`].
    pub fn with_slug(mut self, name: impl Into<String>) -> Result<Self, Error> {
        self.target = self.target.with_slug(name)?;
        Ok(self)
    }

    /// Replaces what is at the address, which is a `resumable-edit-media` link; with an `etag`, only while
    /// it is still that one.
    #[must_use]
    pub fn replacing(mut self, etag: Option<Etag>) -> Self {
        self.target = self.target.replacing(etag);
        self
    }

    /// Reads a request, `X-HTTP-Method-Override` included.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when the method is none of POST and PUT, a header is missing or
    /// broken, or a body is neither an entry nor, by its content type, a JSON object.
    pub fn read(request: &Request<Bytes>) -> Result<Self, Error> {
        let target = Target::read(request)?;
        let text = |name: &HeaderName| {
            let value = request
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok());
            value.ok_or_else(|| Error::reply(name.as_str(), "expected the header, got none"))
        };
        let content_type = media_type(text(&X_UPLOAD_CONTENT_TYPE)?.trim()).map_err(|_| {
            Error::reply(
                X_UPLOAD_CONTENT_TYPE.as_str(),
                "expected a media type, got another text",
            )
        })?;
        let length = text(&X_UPLOAD_CONTENT_LENGTH)?.trim();
        let total = Some(length)
            .filter(|length| length.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|length| length.parse().ok())
            .filter(|total| *total > 0)
            .ok_or_else(|| {
                Error::reply(
                    X_UPLOAD_CONTENT_LENGTH.as_str(),
                    "expected a number of bytes from 1 on, got another text",
                )
            })?;
        let read = Self {
            target,
            json: None,
            content_type,
            total,
        };
        let body = request.body();
        if body.is_empty() {
            return Ok(read);
        }
        if is_json(request.headers()) {
            return read
                .with_json(body.clone())
                .map_err(|_| Error::reply("body", "expected a JSON object, got something else"));
        }
        Ok(Self {
            target: read.target.holding(body.clone())?,
            ..read
        })
    }

    /// Where the session is asked for.
    #[must_use]
    pub fn address(&self) -> &Uri {
        &self.target.address
    }

    /// The entry, where there is one.
    #[must_use]
    pub fn entry(&self) -> Option<Entry<'_>> {
        self.target.entry()
    }

    /// The JSON object that describes the media, where it stands in place of an entry.
    #[must_use]
    pub fn json(&self) -> Option<&Bytes> {
        self.json.as_ref()
    }

    /// The proposed file name.
    #[must_use]
    pub fn slug(&self) -> Option<&Slug> {
        self.target.slug.as_ref()
    }

    /// Whether it replaces what is at the address.
    #[must_use]
    pub fn is_replacing(&self) -> bool {
        self.target.method == http::Method::PUT
    }

    /// The only ETag that may be replaced.
    #[must_use]
    pub fn if_match(&self) -> Option<&Etag> {
        self.target.if_match.as_ref()
    }

    /// The content type of the media.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// How many bytes the media has.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }
}

impl Exchange for CreateSession {
    type Output = Session;

    fn request(&self) -> Request<Bytes> {
        let mut request = self.target.request();
        let headers = request.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&self.content_type) {
            headers.insert(X_UPLOAD_CONTENT_TYPE, value);
        }
        headers.insert(X_UPLOAD_CONTENT_LENGTH, HeaderValue::from(self.total));
        let (kind, document) = match &self.json {
            Some(json) => (JSON, Some(json)),
            None => (ENTRY, self.target.entry.as_ref()),
        };
        fill(&mut request, kind, document.cloned().unwrap_or_default());
        request
    }

    /// # Security
    /// A session at another origin is refused: every chunk carries the credential.
    fn parse(&self, reply: &Response<Bytes>) -> Result<Session, Error> {
        if !matches!(reply.status(), StatusCode::OK | StatusCode::CREATED) {
            return Err(unexpected(reply, "200 or 201"));
        }
        let wrong = || Error::reply("location", "expected the address of a session, got none");
        let location = reply
            .headers()
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .ok_or_else(wrong)?;
        // Joined only where it is relative: an address that is parsed and printed may change its spelling.
        let address = match absolute(location) {
            Ok(_) => location.to_owned(),
            Err(_) => Url::parse(&self.target.address.to_string())
                .and_then(|base| base.join(location))
                .map_err(|cause| wrong().caused_by(cause))?
                .to_string(),
        };
        let session =
            Session::new(address, self.content_type.as_str(), self.total).map_err(|_| wrong())?;
        if session.origin()? != Origin::of_uri(&self.target.address)? {
            return Err(Error::reply(
                "location",
                "expected a session at the origin that was asked, got another; the credential does not follow",
            ));
        }
        Ok(session)
    }
}

/// An upload that has begun: enough to go on with it, also after a crash.
///
/// Store it (it is [`Serialize`]) before the first byte is sent.
///
/// # Security
/// Its address is a capability: whoever knows it can write into the upload. `Debug` hides its query,
/// serde does not. Read it back only from where nobody else writes, since the credential goes there.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::upload::Session;
///
/// let address = "https://docs.google.com/feeds/upload/create-session/default?upload_id=AEnB2U";
/// let session = Session::new(address, "video/mp4", 20_000_000)?;
/// assert!(!format!("{session:?}").contains("AEnB2U"));
///
/// let stored = serde_json::to_string(&session)?;
/// assert_eq!(serde_json::from_str::<Session>(&stored)?, session);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Session {
    address: Secret,
    uri: Uri,
    content_type: String,
    total: u64,
}

impl Session {
    /// A session at `address` for `total` bytes of that type.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) as [`CreateSession::new`].
    pub fn new(
        address: impl Into<String>,
        content_type: impl Into<String>,
        total: u64,
    ) -> Result<Self, Error> {
        let address = address.into();
        Ok(Self {
            uri: absolute(&address)?,
            address: Secret::new(address),
            content_type: media_type(content_type)?,
            total: some(total)?,
        })
    }

    /// The address, `upload_id` included.
    #[must_use]
    pub fn address(&self) -> &Secret {
        &self.address
    }

    /// The content type of the media.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// How many bytes the media has.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    fn origin(&self) -> Result<Origin, Error> {
        Origin::of_uri(&self.uri)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address.expose();
        let shown = address.split(['?', '#']).next().unwrap_or_default();
        f.debug_struct("Session")
            .field("address", &format_args!("{shown}?…"))
            .field("content_type", &self.content_type)
            .field("total", &self.total)
            .finish()
    }
}

/// A session as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    address: String,
    content_type: String,
    total: u64,
}

impl TryFrom<Stored> for Session {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self, Error> {
        Self::new(stored.address, stored.content_type, stored.total)
    }
}

impl From<Session> for Stored {
    fn from(session: Session) -> Self {
        Self {
            address: session.address.expose().to_owned(),
            content_type: session.content_type,
            total: session.total,
        }
    }
}

fn some(total: u64) -> Result<u64, Error> {
    match total {
        0 => Err(Error::input("total", "expected at least one byte, got 0")),
        total => Ok(total),
    }
}
