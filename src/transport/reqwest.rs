//! The transport over the network: reqwest with rustls, minus everything reqwest would add by itself.
//!
//! ```text
//! request ── address as given? ── reqwest (no redirect, no cookie, no retry) ── body cap ── reply
//!                  └ refuse: the signature covers the address on the wire
//! ```
//!
//! It refuses to know schemes, statuses and redirects: a 302 is an answer like any other. It reads
//! no environment, so a proxy is one that was named with [`ReqwestBuilder::proxy`]. A finished
//! `reqwest::Client` cannot be handed in: its redirect policy can neither be seen nor changed.

use std::{
    fmt,
    io::{self, Read},
    net::SocketAddr,
    time::Duration,
};

use ::reqwest::{Certificate, Client, Proxy, redirect::Policy, retry};
use bytes::Bytes;
use futures_core::future::BoxFuture;

use self::call::{Limits, Outgoing};
use super::{Transport, TransportError};
use crate::error::{Error, Kind};

mod address;
mod call;
mod failure;

/// Sends requests over the network.
///
/// Cheap to clone; clones share one pool of connections. It needs a tokio runtime with its timer.
///
/// The request goes out as it is: the same method, path, query, headers and body. Added, where the
/// request has none of its own, are `Host` (without a default port), `User-Agent`, `Accept: */*` and
/// `Content-Length`. An address that reqwest would rewrite (`'` in a query, `..` in a path, an
/// upper-case host, `:80` after `http`) is refused with
/// [`Mishap::Request`](super::Mishap::Request), because a signature covers the address as it was.
///
/// # Security
/// Redirects are never followed, so no credential reaches another origin. There are no cookies, no
/// `Referer`, no decompression (a small body cannot become a large one) and no second try.
///
/// # Examples
/// ```
/// use gdata_auth::transport::Reqwest;
///
/// let tokens = Reqwest::new()?;
/// let feeds = Reqwest::for_feeds()?;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct Reqwest {
    client: Client,
    limits: Limits,
}

impl Reqwest {
    /// For token calls: small replies, and the whole call within a fixed time.
    ///
    /// # Errors
    /// [`Kind::Transport`](crate::Kind::Transport) when TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// For feeds and uploads: large replies, and as long as it takes while bytes move.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn for_feeds() -> Result<Self, Error> {
        Self::feeds_builder().build()
    }

    /// The settings of [`new`](Self::new), to change.
    ///
    /// # Shape
    /// Connecting within 10 s, the whole call within 30 s, a body of at most 1 MiB.
    pub fn builder() -> ReqwestBuilder {
        ReqwestBuilder::with(Limits {
            whole: Some(TOKEN_CALL),
            idle: None,
            max_body: TOKEN_BODY,
            max_head: HEAD,
        })
    }

    /// The settings of [`for_feeds`](Self::for_feeds), to change.
    ///
    /// # Shape
    /// Connecting within 10 s, no more than 120 s without a byte in either direction, a body of at
    /// most 64 MiB.
    pub fn feeds_builder() -> ReqwestBuilder {
        ReqwestBuilder::with(Limits {
            whole: None,
            idle: Some(FEED_IDLE),
            max_body: FEED_BODY,
            max_head: HEAD,
        })
    }
}

impl Reqwest {
    /// Sends a request whose body is read as it goes, `length` bytes of it. Reading blocks, as files do.
    ///
    /// # Errors
    /// As [`send`](Transport::send), and [`Mishap::Other`](super::Mishap::Other) when there are fewer bytes.
    pub async fn send_from(
        &self,
        head: http::request::Parts,
        length: u64,
        body: impl Read + Send + 'static,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let body = Outgoing::Read(length, Box::new(body));
        call::carry(&self.client, self.limits, head, body, None).await
    }

    /// Sends a request, and hands the body of a success to `sink` piece by piece, with the length that was announced;
    /// the cap does not hold for it, and the answer comes back without it. Other answers come as
    /// [`send`](Transport::send) gives them.
    ///
    /// # Errors
    /// As [`send`](Transport::send), and [`Mishap::Other`](super::Mishap::Other) when `sink` fails. What broke off
    /// may have reached it in part.
    pub async fn send_into(
        &self,
        request: http::Request<Bytes>,
        mut sink: impl FnMut(&[u8], Option<u64>) -> io::Result<()> + Send,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let body = Outgoing::Whole(body);
        call::carry(&self.client, self.limits, head, body, Some(&mut sink)).await
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let (parts, body) = request.into_parts();
        let body = Outgoing::Whole(body);
        Box::pin(call::carry(&self.client, self.limits, parts, body, None))
    }
}

impl fmt::Debug for Reqwest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reqwest")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The settings of a [`Reqwest`].
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use gdata_auth::transport::Reqwest;
///
/// let drill = Reqwest::builder()
///     .resolve("www.google.com", ([127, 0, 0, 1], 8080).into())
///     .timeout(Duration::from_secs(5))
///     .build()?;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct ReqwestBuilder {
    connect_timeout: Duration,
    limits: Limits,
    user_agent: String,
    proxy: Option<String>,
    resolve: Vec<(String, SocketAddr)>,
    roots: Vec<Vec<u8>>,
}

impl ReqwestBuilder {
    fn with(limits: Limits) -> Self {
        Self {
            connect_timeout: CONNECT,
            limits,
            user_agent: USER_AGENT.to_owned(),
            proxy: None,
            resolve: Vec::new(),
            roots: Vec::new(),
        }
    }

    /// How long a connection, with its TLS handshake, may take.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long one call may take, from its start to the last byte of its reply.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limits.whole = Some(limit);
        self
    }

    /// How long nothing may move, neither a piece of the upload nor one of the reply.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.limits.idle = Some(limit);
        self
    }

    /// The largest body that a reply may have, in bytes.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.limits.max_body = bytes;
        self
    }

    /// The largest sum of header names and values that a reply may have, in bytes; 64 KiB by default.
    pub fn max_head(mut self, bytes: usize) -> Self {
        self.limits.max_head = bytes;
        self
    }

    /// The `User-Agent` of requests that have none; `gdata-auth/<version>` by default.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Sends everything through this `http` or `https` proxy; may name a user and password.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Some(address.into());
        self
    }

    /// Takes `host` to be at `address`, so that a test's `www.google.com` is on loopback.
    ///
    /// The port of `address` counts where the request names none; port 0 is the scheme's own.
    pub fn resolve(mut self, host: impl Into<String>, address: SocketAddr) -> Self {
        self.resolve.push((host.into(), address));
        self
    }

    /// Trusts the certificates of this PEM text, besides those of the machine.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// The transport.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) for a proxy or user agent that cannot be used,
    /// [`Kind::Key`](crate::Kind::Key) for a certificate that cannot be read, and
    /// [`Kind::Transport`](crate::Kind::Transport) when TLS cannot be set up.
    pub fn build(self) -> Result<Reqwest, Error> {
        let agent = http::HeaderValue::try_from(self.user_agent).map_err(|cause| {
            Error::input("user_agent", "expected the text of a header").caused_by(cause)
        })?;
        let mut client = Client::builder()
            .redirect(Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .user_agent(agent)
            .connect_timeout(self.connect_timeout);
        if let Some(address) = &self.proxy {
            client = client.proxy(proxy(address)?);
        }
        for (host, address) in &self.resolve {
            client = client.resolve(host, *address);
        }
        for pem in &self.roots {
            client = client.tls_certs_merge(certificates(pem)?);
        }
        let client = client.build().map_err(|cause| {
            Error::new(
                Kind::Transport,
                "expected a working TLS set-up, got a failure",
            )
            .caused_by(failure::Cause::of(&cause))
        })?;
        Ok(Reqwest {
            client,
            limits: self.limits,
        })
    }
}

impl fmt::Debug for ReqwestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("limits", &self.limits)
            .field("user_agent", &self.user_agent)
            .field("proxy", &self.proxy.as_ref().map(|_| "set"))
            .field("resolve", &self.resolve)
            .field("roots", &self.roots.len())
            .finish()
    }
}

/// The cause is dropped: it would show the address, and with it the proxy's password.
fn proxy(address: &str) -> Result<Proxy, Error> {
    let refused = || Error::input("proxy", "expected an absolute http or https address");
    let url = url::Url::parse(address).map_err(|_| refused())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused());
    }
    Proxy::all(url).map_err(|_| refused())
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, Error> {
    let refused = || {
        Error::new(
            Kind::Key,
            "root_certificate: expected at least one certificate in PEM",
        )
    };
    let found = Certificate::from_pem_bundle(pem)
        .map_err(|cause| refused().caused_by(failure::Cause::of(&cause)))?;
    if found.is_empty() {
        return Err(refused());
    }
    Ok(found)
}

const CONNECT: Duration = Duration::from_secs(10);
const TOKEN_CALL: Duration = Duration::from_secs(30);
const TOKEN_BODY: usize = 1 << 20;
/// Longer than a slow line takes to drain what the system buffers of an upload.
const FEED_IDLE: Duration = Duration::from_secs(120);
const FEED_BODY: usize = 64 << 20;
const HEAD: usize = 64 << 10;
const USER_AGENT: &str = concat!("gdata-auth/", env!("CARGO_PKG_VERSION"));
