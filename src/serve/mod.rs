//! Puts any [`Transport`](crate::Transport) on a loopback socket, so that programs in any language can talk to it.
//!
//! ```text
//! client ── TCP ── hyper ── http::Request<Bytes> ── Transport ── http::Response<Bytes> ── back
//!             └ connection: nodelay, slow heads       └ answer: caps, 408, 413, 501, 502
//! ```
//!
//! HTTP/1.0 and HTTP/1.1 (RFC 9112), with what old clients send: absolute targets, `TE`, `Expect:
//! 100-continue`, chunked bodies, pipelines. A request reaches the transport as it came: a target in
//! origin form stays so, and the `Host` header tells the host.
//!
//! As a proxy it takes absolute targets as they are. `CONNECT` is refused; with the feature `intercept`, the TLS of listed
//! hosts ends here instead (`Interception`), and the requests inside reach the transport with absolute `https` targets.
//!
//! It refuses to know what is said: no route, no scheme, no credential. There is no TLS on the listener itself, no HTTP/2,
//! no blind tunnel and no upgrade; a proxy in front does those.
//!
//! # Examples
//! ```
//! use bytes::Bytes;
//! use gdata_auth::{serve::Server, transport::TransportError};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let hello = |_: http::Request<Bytes>| {
//!     std::future::ready(Ok::<_, TransportError>(http::Response::new(Bytes::from_static(b"hello\n"))))
//! };
//! let running = Server::bind(([127, 0, 0, 1], 0), hello)?.spawn()?;
//! println!("curl {}/", running.origin());
//! running.stop().await?;
//! # Ok::<(), gdata_auth::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accept;
mod answer;
mod connection;
mod cores;
mod event;
#[cfg(feature = "intercept")]
mod intercept;
mod misbehaviour;
mod raw;
mod running;
mod server;
mod settings;
mod tunnel;

#[cfg(feature = "intercept")]
pub use self::intercept::{CertificateAuthority, Hosts, Interception, KeyType};
pub use self::{
    event::{Event, Trouble},
    misbehaviour::Misbehaviour,
    running::Running,
    server::Server,
    settings::ServerBuilder,
};
