//! The reply that ends an upload: 201 or, for media that replaces other media, 200, with the entry. Google's later APIs
//! say 200, with JSON.

use bytes::Bytes;
use http::{HeaderName, Response, StatusCode, header};

use super::target::is_json;
use crate::{
    error::{Error, Kind},
    gdata::{Entry, Refusal},
};

/// What an upload has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    status: StatusCode,
    /// Boxed, so that a step of an upload stays small.
    entry: Box<Entry<'static>>,
    body: Bytes,
    location: Option<String>,
    etag: Option<String>,
}

impl Uploaded {
    /// Reads the reply.
    ///
    /// # Errors
    /// What [`Refusal`] says of 400 and more; [`Kind::Reply`] when the status is none of 200 and 201, or the
    /// body is neither an entry nor, by its content type, JSON.
    pub fn read(reply: &Response<Bytes>) -> Result<Self, Error> {
        if !matches!(reply.status(), StatusCode::OK | StatusCode::CREATED) {
            return Err(unexpected(reply, "200 or 201"));
        }
        let entry = match is_json(reply.headers()) {
            true => Entry::new(),
            false => Entry::parse(reply.body()).map_err(|cause| {
                Error::reply(
                    "entry",
                    "expected the entry of what was uploaded; the server has taken it, but its answer cannot be read",
                )
                .caused_by(cause)
            })?,
        };
        Ok(Self {
            status: reply.status(),
            location: text(reply, header::LOCATION),
            etag: text(reply, header::ETAG).or_else(|| entry.etag().map(str::to_owned)),
            entry: Box::new(entry.into_owned()),
            body: reply.body().clone(),
        })
    }

    /// 201 for something new, 200 for something replaced.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The entry; empty where the answer is JSON, which [`body`](Self::body) has.
    #[must_use]
    pub fn entry(&self) -> &Entry<'static> {
        &self.entry
    }

    /// The entry alone.
    #[must_use]
    pub fn into_entry(self) -> Entry<'static> {
        *self.entry
    }

    /// The answer as it came.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The answer alone.
    #[must_use]
    pub fn into_body(self) -> Bytes {
        self.body
    }

    /// Where it is: `Location`.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Its ETag, of the header or else of the entry, as written.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }
}

/// The error for a reply that is not the `expected` one: a refusal, a redirect, or another status.
pub(super) fn unexpected(reply: &Response<Bytes>, expected: &str) -> Error {
    let status = reply.status();
    match Refusal::read(reply) {
        Some(refusal) => refusal.into_error(),
        None if status.is_redirection() && reply.headers().contains_key(header::LOCATION) => {
            Error::new(
                Kind::Refused,
                format!(
                    "status: expected {expected}, got {}, a redirect; ask again at the address it leads to",
                    status.as_u16()
                ),
            )
        }
        None => Error::reply(
            "status",
            format_args!("expected {expected}, got {}", status.as_u16()),
        ),
    }
}

fn text(reply: &Response<Bytes>, name: HeaderName) -> Option<String> {
    let value = reply.headers().get(name)?.to_str().ok()?;
    Some(value.to_owned())
}
