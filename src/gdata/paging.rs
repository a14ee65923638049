//! Feeds over many pages: where the next page is, and when to stop.
//!
//! ```text
//! Paging --address()--> GET --> Feed --advance(&feed)--> the next address, or the end
//! ```
//!
//! The server's `next` link leads, since only it knows its cursor; `start-index` and `max-results` are for the
//! first page. Refused are addresses that were read before, more pages than [`Paging::with_max_pages`] allows,
//! and links to another origin, where the credential does not follow; from `http` to `https` of the same host it
//! does.
//!
//! # Source
//! legacy-protocol.md 2.1 and 2.2; `openSearch` counts as in the recorded feeds.

use std::collections::BTreeSet;

use http::Uri;
use url::Url;

use crate::{
    error::{Error, Kind},
    gdata::Feed,
    wire::origin::Origin,
};

/// The way through the pages of a feed.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::{Feed, Paging, atom};
///
/// let mut pages = Paging::new("https://gdata.youtube.com/feeds/api/users/default/uploads?v=2")?
///     .with_max_results(2)?;
/// assert_eq!(
///     pages.address().map(ToString::to_string).as_deref(),
///     Some("https://gdata.youtube.com/feeds/api/users/default/uploads?v=2&max-results=2")
/// );
///
/// let next = "https://gdata.youtube.com/feeds/api/users/default/uploads?v=2&start-index=3&max-results=2";
/// pages.advance(&Feed::new().with(atom::link("next", "application/atom+xml", next)))?;
/// assert_eq!(pages.address().map(ToString::to_string).as_deref(), Some(next));
///
/// pages.advance(&Feed::new())?;
/// assert_eq!(pages.address(), None);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Paging {
    next: Option<Uri>,
    seen: BTreeSet<String>,
    max_pages: usize,
}

impl Paging {
    /// How many pages are read at most, unless [`with_max_pages`](Self::with_max_pages) says otherwise.
    pub const MAX_PAGES: usize = 1_000;

    /// Starts at an address.
    ///
    /// # Errors
    /// [`Kind::Input`] when it is not absolute `http` or `https`.
    pub fn new(address: &str) -> Result<Self, Error> {
        let uri: Uri = address.parse().map_err(|cause: http::uri::InvalidUri| {
            Error::input("address", "expected an absolute http or https address").caused_by(cause)
        })?;
        Origin::of_uri(&uri)?;
        Ok(Self {
            next: Some(uri),
            seen: BTreeSet::new(),
            max_pages: Self::MAX_PAGES,
        })
    }

    /// Starts at the entry of that number, counted from 1.
    ///
    /// # Errors
    /// [`Kind::Input`] when it is 0.
    pub fn with_start_index(self, number: u64) -> Result<Self, Error> {
        if number == 0 {
            return Err(Error::input(
                "start-index",
                "expected a number from 1 on, got 0",
            ));
        }
        self.with_parameter("start-index", number)
    }

    /// Asks for at most so many entries a page. Services bound it themselves.
    ///
    /// # Errors
    /// [`Kind::Input`] when it is 0: such pages lead nowhere.
    pub fn with_max_results(self, number: u64) -> Result<Self, Error> {
        if number == 0 {
            return Err(Error::input(
                "max-results",
                "expected a number from 1 on, got 0",
            ));
        }
        self.with_parameter("max-results", number)
    }

    /// Reads at most so many pages.
    #[must_use]
    pub fn with_max_pages(mut self, pages: usize) -> Self {
        self.max_pages = pages;
        self
    }

    /// The address of the next page; none behind the last.
    #[must_use]
    pub fn address(&self) -> Option<&Uri> {
        self.next.as_ref()
    }

    /// Goes on from the page that was read at [`address`](Self::address).
    ///
    /// # Errors
    /// [`Kind::Reply`] naming `next` when the link is no address, leads to a page that was read before, or to
    /// another origin; [`Kind::Refused`] when there are more pages than allowed. After an error there is no
    /// next page.
    pub fn advance(&mut self, feed: &Feed<'_>) -> Result<(), Error> {
        let Some(current) = self.next.take() else {
            return Ok(());
        };
        self.seen.insert(current.to_string());
        let Some(link) = feed.next_url() else {
            return Ok(());
        };
        let next = follow(&current, link)?;
        if self.seen.contains(&next.to_string()) {
            return Err(Error::reply(
                "next",
                "expected a page that was not read yet, got one that was",
            ));
        }
        if self.seen.len() >= self.max_pages {
            return Err(Error::new(
                Kind::Refused,
                format!("next: expected at most {} pages, got more", self.max_pages),
            ));
        }
        self.next = Some(next);
        Ok(())
    }

    /// Sets a parameter of the first address, and leaves all others as they are written.
    fn with_parameter(mut self, name: &str, number: u64) -> Result<Self, Error> {
        let Some(uri) = self.next.take() else {
            return Ok(self);
        };
        let text = uri.to_string();
        let (path, query) = text.split_once('?').unwrap_or((&text, ""));
        let mut pieces: Vec<String> = query
            .split('&')
            .filter(|piece| !piece.is_empty() && piece.split('=').next() != Some(name))
            .map(str::to_owned)
            .collect();
        pieces.push(format!("{name}={number}"));
        let changed = format!("{path}?{}", pieces.join("&"));
        self.next = Some(changed.parse().map_err(|cause: http::uri::InvalidUri| {
            Error::input("address", "expected an address with a query").caused_by(cause)
        })?);
        Ok(self)
    }
}

/// The absolute address of a `next` link, if the credential may go there.
fn follow(current: &Uri, link: &str) -> Result<Uri, Error> {
    let wrong = || Error::reply("next", "expected an absolute or relative address");
    let next: Uri = match link.parse::<Uri>() {
        // Kept as it is written: a signature covers the spelling.
        Ok(uri) if uri.scheme().is_some() => uri,
        _ => {
            let joined = Url::parse(&current.to_string())
                .and_then(|base| base.join(link))
                .map_err(|cause| wrong().caused_by(cause))?;
            joined[..url::Position::AfterQuery]
                .parse()
                .map_err(|cause: http::uri::InvalidUri| wrong().caused_by(cause))?
        }
    };
    let from = Origin::of_uri(current)?;
    let to = Origin::of_uri(&next).map_err(|cause| wrong().caused_by(cause))?;
    let upgraded = !from.is_secure()
        && from.port() == 80
        && to.is_secure()
        && to.port() == 443
        && from.host() == to.host();
    if from != to && !upgraded {
        return Err(Error::reply(
            "next",
            "expected a page at the same origin, got another; the credential does not follow",
        ));
    }
    Ok(next)
}
