//! How requests reach whoever answers them.
//!
//! ```text
//! a test        run(&exchange, &emulator)                     no thread, no port
//! an app        run(&exchange, &Reqwest::new()?)              rustls, loopback to Google
//! another HTTP  exchange.request() … exchange.parse(&reply)   three lines, see Exchange
//! ```
//!
//! A transport sends exactly one request and returns exactly one answer: it follows no redirect, adds no
//! credential, and does not judge a status.

use std::{error::Error as StdError, future::Future, sync::Arc};

use bytes::Bytes;
use futures_core::future::BoxFuture;

use crate::{
    error::{Error, Kind},
    exchange::Exchange,
};

#[cfg(feature = "reqwest")]
mod reqwest;

#[cfg(feature = "reqwest")]
pub use self::reqwest::{Reqwest, ReqwestBuilder};

/// Carries a request to whoever answers it.
///
/// Implemented for `Arc<T>`, references, and closures that return a future:
///
/// ```
/// use bytes::Bytes;
/// use gdata_auth::{Transport, transport::TransportError};
///
/// fn offline(_: http::Request<Bytes>) -> std::future::Ready<Result<http::Response<Bytes>, TransportError>> {
///     std::future::ready(Ok(http::Response::new(Bytes::from_static(b"Token=1/session\n"))))
/// }
/// let transport: &dyn Transport = &offline;
/// ```
pub trait Transport: Send + Sync {
    /// Sends one request, as it is, and returns the answer, whatever its status.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;
}

impl<F, Answer> Transport for F
where
    F: Fn(http::Request<Bytes>) -> Answer + Send + Sync,
    Answer: Future<Output = Result<http::Response<Bytes>, TransportError>> + Send + 'static,
{
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self(request))
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        (**self).send(request)
    }
}

/// Drives one exchange: sends its request over `transport` and reads the reply.
///
/// # Errors
/// [`Kind::Transport`] when the medium failed, or what [`Exchange::parse`] says of the reply.
pub async fn run<E, T>(exchange: &E, transport: &T) -> Result<E::Output, Error>
where
    E: Exchange + ?Sized,
    T: Transport + ?Sized,
{
    let reply = transport.send(exchange.request()).await?;
    exchange.parse(&reply)
}

/// What the medium did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mishap {
    /// No connection: refused, unreachable, name not found, TLS refused.
    Connect,
    /// No answer in time.
    Timeout,
    /// The answer broke off.
    Torn,
    /// The body is larger than the cap.
    TooLarge,
    /// The request could not be put on the wire as it is.
    Request,
    /// The server redirected to no address, or in circles.
    Redirect,
    /// Anything else.
    Other,
}

/// A failure of the medium: no answer came, or not all of it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    mishap: Mishap,
    message: String,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// A failure with its one-line message, which must not hold the request's headers or query.
    pub fn new(mishap: Mishap, message: impl Into<String>) -> Self {
        Self {
            mishap,
            message: message.into(),
            source: None,
        }
    }

    /// Keeps the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What happened.
    #[must_use]
    pub fn mishap(&self) -> Mishap {
        self.mishap
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self.mishap,
            Mishap::Connect | Mishap::Timeout | Mishap::Torn
        )
    }
}

impl From<TransportError> for Error {
    fn from(cause: TransportError) -> Self {
        let transient = cause.is_transient();
        Self::new(Kind::Transport, cause.message.clone())
            .transient(transient)
            .caused_by(cause)
    }
}
