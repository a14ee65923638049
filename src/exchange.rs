//! One step of a flow: what to send, and how to read the reply. Pure, so any HTTP client can drive it.

use bytes::Bytes;

use crate::error::Error;

/// A request and the reader of its reply.
///
/// No I/O, no clock, no randomness. [`run`](crate::run) drives one over any
/// [`Transport`](crate::Transport); with another HTTP client write three lines:
///
/// ```
/// # use bytes::Bytes;
/// # use gdata_auth::{Exchange, Stamp, Timestamp, authsub::{Accounts, SingleUseToken}};
/// # fn send_with_my_client(_: http::Request<Bytes>) -> http::Response<Bytes> {
/// #     http::Response::new(Bytes::from_static(b"Token=1/session\n"))
/// # }
/// let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
/// let exchange = SingleUseToken::new("CKF50YzIHxCT85KMAg")?.exchange(&Accounts::google(), &stamp)?;
///
/// let request = exchange.request();
/// let reply = send_with_my_client(request);
/// let session = exchange.parse(&reply)?;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub trait Exchange {
    /// What a successful reply yields.
    type Output;

    /// The request to send, complete with its headers.
    fn request(&self) -> http::Request<Bytes>;

    /// Reads the reply.
    ///
    /// # Errors
    /// A refusal of the server, or [`Kind::Reply`](crate::Kind::Reply) when the reply is not one of
    /// this exchange.
    fn parse(&self, reply: &http::Response<Bytes>) -> Result<Self::Output, Error>;
}

/// What a scheme may know of the body it signs for.
///
/// AuthSub signs no body. OAuth 1.0 signs form fields (RFC 5849, 3.4.1.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyHint<'a> {
    /// There is no body.
    Empty,
    /// A body of `application/x-www-form-urlencoded`.
    Form(&'a [u8]),
    /// Any other body.
    Opaque,
}
