//! What direct and resumable uploads have in common: where to, under which name, with which entry, and
//! whether in place of something.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Uri, header};

use super::slug::{SLUG, Slug};
use crate::{
    error::Error,
    gdata::{Entry, Etag, meant_method},
    wire::origin::Origin,
};

/// The content type of an entry.
pub(super) const ENTRY: &str = "application/atom+xml; charset=UTF-8";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) address: Uri,
    pub(super) slug: Option<Slug>,
    /// The document, which [`Entry::parse`] has read or [`Entry::to_xml`] has printed.
    pub(super) entry: Option<Bytes>,
    pub(super) method: Method,
    pub(super) if_match: Option<Etag>,
}

impl Target {
    pub(super) fn new(address: &str) -> Result<Self, Error> {
        Ok(Self {
            address: absolute(address)?,
            slug: None,
            entry: None,
            method: Method::POST,
            if_match: None,
        })
    }

    pub(super) fn with_slug(mut self, name: impl Into<String>) -> Result<Self, Error> {
        self.slug = Some(Slug::new(name)?);
        Ok(self)
    }

    pub(super) fn with_entry(mut self, entry: &Entry<'_>) -> Result<Self, Error> {
        self.entry = Some(Bytes::from(entry.to_xml()?));
        Ok(self)
    }

    pub(super) fn replacing(mut self, etag: Option<Etag>) -> Self {
        self.method = Method::PUT;
        self.if_match = etag;
        self
    }

    /// The request without its content type and body.
    pub(super) fn request(&self) -> Request<Bytes> {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.address.clone();
        let headers = request.headers_mut();
        if let Some(slug) = &self.slug {
            headers.insert(SLUG, slug.header());
        }
        if let Some(etag) = &self.if_match {
            etag.if_match(headers);
        }
        request
    }

    /// Of a request, its entry yet to be found.
    pub(super) fn read(request: &Request<Bytes>) -> Result<Self, Error> {
        let (parts, _) = request.clone().into_parts();
        let method = meant_method(&parts)?;
        if !matches!(method, Method::POST | Method::PUT) {
            return Err(Error::reply("method", "expected POST or PUT, got another"));
        }
        Ok(Self {
            slug: Slug::read(&parts.headers),
            if_match: Etag::of(&parts.headers, &header::IF_MATCH)?,
            address: parts.uri,
            entry: None,
            method,
        })
    }

    /// Keeps an entry that a request held.
    pub(super) fn holding(mut self, document: Bytes) -> Result<Self, Error> {
        Entry::parse(&document)?;
        self.entry = Some(document);
        Ok(self)
    }

    pub(super) fn entry(&self) -> Option<Entry<'_>> {
        Entry::parse(self.entry.as_ref()?).ok()
    }
}

/// Something with a body of that type, or with none at all.
pub(super) fn fill(request: &mut Request<Bytes>, content_type: &str, body: Bytes) {
    let headers = request.headers_mut();
    if body.is_empty() {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    } else if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    *request.body_mut() = body;
}

/// Whether headers say that their body is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// An address that a request can go to.
pub(super) fn absolute(address: &str) -> Result<Uri, Error> {
    let uri: Uri = address.parse().map_err(|cause: http::uri::InvalidUri| {
        Error::input("address", "expected an absolute http or https address").caused_by(cause)
    })?;
    Origin::of_uri(&uri)?;
    Ok(uri)
}

/// A media type that a header can carry.
pub(super) fn media_type(text: impl Into<String>) -> Result<String, Error> {
    let text = text.into();
    let plain = |byte: u8| matches!(byte, b' '..=b'~');
    let fits = text.len() <= 256
        && text.trim() == text
        && text.bytes().all(plain)
        && text
            .split_once('/')
            .is_some_and(|(kind, sub)| !kind.is_empty() && !sub.is_empty());
    if !fits {
        return Err(Error::input(
            "content-type",
            "expected a media type like video/mp4, got another text",
        ));
    }
    Ok(text)
}
