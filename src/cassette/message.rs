//! The two halves of an interaction, as bytes.

use std::fmt;

use bytes::Bytes;

use super::{Body, Headers};
use crate::{
    error::{Error, Kind},
    wire::origin::Origin,
};

/// A request as it was sent.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, in upper case, as it stands on the wire.
    pub method: String,
    /// The target as it was given: an absolute address, or a path with its query.
    pub target: String,
    /// Scheme and authority of a target that is a path, where they are known: `https://www.google.com`.
    pub base: Option<String>,
    /// `HTTP/1.1` and the like, where the format keeps it.
    pub version: Option<String>,
    /// In order, with repeats.
    pub headers: Headers,
    /// The body; empty when there was none.
    pub body: Body,
    /// Fields after a chunked body.
    pub trailers: Headers,
}

/// An answer as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedResponse {
    /// The status, 100 to 999.
    pub status: u16,
    /// The text beside the status, where the format keeps it.
    pub reason: Option<String>,
    /// `HTTP/1.1` and the like, where the format keeps it.
    pub version: Option<String>,
    /// In order, with repeats.
    pub headers: Headers,
    /// The body; empty when there was none.
    pub body: Body,
    /// Fields after a chunked body.
    pub trailers: Headers,
}

impl RecordedRequest {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            base: None,
            version: None,
            headers: Headers::default(),
            body: Body::default(),
            trailers: Headers::default(),
        }
    }

    /// A request as a transport gets it.
    #[must_use]
    pub fn of(request: &http::Request<Bytes>) -> Self {
        Self {
            method: request.method().as_str().to_owned(),
            target: request.uri().to_string(),
            base: None,
            version: Some(format!("{:?}", request.version())),
            headers: Headers::of(request.headers()),
            body: Body::wire(request.body().clone()),
            trailers: Headers::default(),
        }
    }

    /// The absolute address: the target, with [`base`](Self::base) or the `Host` header (as `https`) before
    /// a path. A target that can be neither is given as it is.
    #[must_use]
    pub fn url(&self) -> String {
        if !self.target.starts_with('/') {
            return self.target.clone();
        }
        match (&self.base, self.headers.text("host")) {
            (Some(base), _) => format!("{base}{}", self.target),
            (None, Some(host)) => format!("https://{host}{}", self.target),
            (None, None) => self.target.clone(),
        }
    }

    /// Scheme, host and port, where they are known.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        Origin::of(&self.url()).ok()
    }

    /// Path, and query where there is one, as they were given.
    #[must_use]
    pub fn path_and_query(&self) -> (&str, Option<&str>) {
        let target = self.target.split('#').next().unwrap_or_default();
        let rest = match target.find("://") {
            Some(at) if !target.starts_with('/') => {
                let after = &target[at + 3..];
                after.find(['/', '?']).map_or("/", |slash| &after[slash..])
            }
            _ => target,
        };
        match rest.split_once('?') {
            Some(("", query)) => ("/", Some(query)),
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        }
    }
}

impl RecordedResponse {
    /// An answer without headers and body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            reason: None,
            version: None,
            headers: Headers::default(),
            body: Body::default(),
            trailers: Headers::default(),
        }
    }

    /// An answer as a transport gets it.
    #[must_use]
    pub fn of(response: &http::Response<Bytes>) -> Self {
        Self {
            reason: response.status().canonical_reason().map(str::to_owned),
            version: Some(format!("{:?}", response.version())),
            headers: Headers::of(response.headers()),
            body: Body::wire(response.body().clone()),
            ..Self::new(response.status().as_u16())
        }
    }

    /// The answer as a transport gives it: framing headers fit the body that is there. A body that was
    /// recorded decoded goes out without `Content-Encoding`, and its length is said anew.
    ///
    /// # Errors
    /// [`Kind::Input`] when the status is none, or a header cannot stand in a message.
    pub fn to_http(&self) -> Result<http::Response<Bytes>, Error> {
        let status = http::StatusCode::from_u16(self.status).map_err(|cause| {
            Error::new(
                Kind::Input,
                format!("status: expected 100 to 999, got {}", self.status),
            )
            .caused_by(cause)
        })?;
        let mut response = http::Response::new(self.body.bytes.clone());
        *response.status_mut() = status;
        *response.headers_mut() = self.headers.to_map()?;
        let repair = self.body.is_decoded(&self.headers);
        let headers = response.headers_mut();
        headers.remove(http::header::TRANSFER_ENCODING);
        if repair {
            headers.remove(http::header::CONTENT_ENCODING);
        }
        if headers.contains_key(http::header::CONTENT_LENGTH) {
            headers.insert(
                http::header::CONTENT_LENGTH,
                http::HeaderValue::from(self.body.bytes.len()),
            );
        }
        Ok(response)
    }
}

/// The path without its query, which may hold a token.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path_and_query().0)
            .field("base", &self.base)
            .field("version", &self.version)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .field("trailers", &self.trailers)
            .finish()
    }
}
