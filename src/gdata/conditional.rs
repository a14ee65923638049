//! ETags: requests that count only while a thing is, or is no longer, the one that was read.
//!
//! ```text
//! If-None-Match: W/"DkYNRH47."     304 Not Modified while it is still that one
//! If-Match: "A1INR0RIBCt7ImBk"     412 when it is another one by now
//! 412 etagsUnsupported             the resource has no ETags: send it again without If-Match
//! ```
//!
//! An ETag is sent back as it came, quotes and `W/` included: gdata servers compare weak ones too, which
//! RFC 9110, 13.1.1 would not have for `If-Match`.
//!
//! # Source
//! legacy-protocol.md 2.1, 2.5 and 9, quirk 23.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};

use crate::{
    error::Error,
    gdata::{Errors, Refusal},
};

/// An ETag, quotes and `W/` included.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::Etag;
///
/// let mut headers = http::HeaderMap::new();
/// Etag::new("W/\"DkYNRH47.\"")?.if_match(&mut headers);
/// assert_eq!(headers["if-match"], "W/\"DkYNRH47.\"");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Etag(String);

impl Etag {
    /// The most bytes of one.
    pub const MAX_BYTES: usize = 1_024;

    /// An ETag as a header or a `gd:etag` gives it: `"…"` or `W/"…"`; or `*`, any at all.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is another text (RFC 9110, 8.8.3).
    pub fn new(etag: impl Into<String>) -> Result<Self, Error> {
        let etag = etag.into();
        let opaque = etag.strip_prefix("W/").unwrap_or(&etag);
        let inside = opaque
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
        let fits = etag == "*" || inside.is_some_and(|inside| inside.bytes().all(plain));
        if !fits || etag.len() > Self::MAX_BYTES {
            return Err(Error::input(
                "etag",
                "expected \"…\", W/\"…\" or *, got another text",
            ));
        }
        Ok(Self(etag))
    }

    /// Any ETag at all: the request counts if there is something.
    #[must_use]
    pub fn any() -> Self {
        Self("*".to_owned())
    }

    /// The ETag of a header, such as `ETag`, `If-Match` or `If-None-Match`.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when it is another text, or a list of several.
    pub fn of(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Error> {
        let Some(value) = headers.get(name) else {
            return Ok(None);
        };
        let read = value.to_str().ok().map(|text| Self::new(text.trim()));
        match read {
            Some(Ok(etag)) => Ok(Some(etag)),
            _ => Err(Error::reply(
                name.as_str(),
                "expected one ETag, got another text",
            )),
        }
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a weak one.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.0.starts_with("W/")
    }

    /// Lets a request count only while the thing is still this one: before a change or a deletion.
    pub fn if_match(&self, headers: &mut HeaderMap) {
        headers.insert(header::IF_MATCH, self.header());
    }

    /// Lets a request count only when the thing is no longer this one: before reading it again, which is
    /// answered with 304 while nothing has changed.
    pub fn if_none_match(&self, headers: &mut HeaderMap) {
        headers.insert(header::IF_NONE_MATCH, self.header());
    }

    fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("*"))
    }
}

/// Whether a reply says that nothing has changed since the ETag of `If-None-Match`.
#[must_use]
pub fn is_unchanged(reply: &Response<Bytes>) -> bool {
    reply.status() == StatusCode::NOT_MODIFIED
}

/// The same request without its `If-Match`, when the reply says that the resource has no ETags at all:
/// 412 with `etagsUnsupported`. Any other 412 means that somebody was faster, and stays a failure.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use gdata_auth::gdata::conditional;
///
/// let sent = http::Request::delete("https://gdata.youtube.com/feeds/api/users/default/uploads/x")
///     .header("if-match", "W/\"1.\"")
///     .body(Bytes::new())?;
/// let reply = http::Response::builder().status(412).body(Bytes::from(
///     "<errors xmlns='http://schemas.google.com/g/2005'><error><domain>GData</domain>\
///      <code>etagsUnsupported</code></error></errors>",
/// ))?;
///
/// let again = conditional::retry_without_if_match(&sent, &reply).ok_or("no reason to")?;
/// assert!(again.headers().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn retry_without_if_match(
    sent: &Request<Bytes>,
    reply: &Response<Bytes>,
) -> Option<Request<Bytes>> {
    let conditional = sent.headers().contains_key(header::IF_MATCH);
    if !conditional || reply.status() != StatusCode::PRECONDITION_FAILED {
        return None;
    }
    let refusal = Refusal::read(reply)?;
    if !says_etags_unsupported(refusal.errors()) {
        return None;
    }
    let mut again = sent.clone();
    again.headers_mut().remove(header::IF_MATCH);
    Some(again)
}

/// Whether an error document says that the resource has no ETags.
#[must_use]
pub fn says_etags_unsupported(errors: &Errors) -> bool {
    let mut codes = errors.entries().iter().map(|entry| entry.code.as_deref());
    codes.any(|code| code == Some("etagsUnsupported"))
}
