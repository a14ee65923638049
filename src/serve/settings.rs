//! What a server allows: the settings before the socket is open, and what connections share after.

use std::{
    fmt,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;

use super::{
    event::{Event, Observer},
    server::Server,
    tunnel::Tunnels,
};
use crate::{
    error::{Error, Kind},
    transport::Transport,
};

/// The settings of a [`Server`].
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use bytes::Bytes;
/// use gdata_auth::{serve::Server, transport::TransportError};
///
/// # let transport = |_: http::Request<Bytes>| {
/// #     std::future::ready(Ok::<_, TransportError>(http::Response::new(Bytes::new())))
/// # };
/// let server = Server::builder()
///     .max_body(1 << 20)
///     .observer(|event| eprintln!("{event}"))
///     .bind(([127, 0, 0, 1], 0), transport)?;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct ServerBuilder {
    any_interface: bool,
    max_body: usize,
    max_head: usize,
    max_connections: usize,
    read_timeout: Duration,
    grace: Duration,
    observer: Option<Observer>,
    pub(super) tunnels: Option<Arc<dyn Tunnels>>,
}

impl ServerBuilder {
    pub(super) fn new() -> Self {
        Self {
            any_interface: false,
            max_body: BODY,
            max_head: HEAD,
            max_connections: CONNECTIONS,
            read_timeout: READ,
            grace: GRACE,
            observer: None,
            tunnels: None,
        }
    }

    /// Lets the server listen where other machines reach it.
    ///
    /// # Security
    /// Everyone on the network can then talk to the transport, in plain text. An emulator hands out
    /// tokens to whoever asks, and a recording holds what was recorded.
    pub fn allow_any_interface(mut self) -> Self {
        self.any_interface = true;
        self
    }

    /// The largest body of a request, in bytes; 128 MiB by default. More is answered 413.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// The largest head of a request, its request line included, in bytes; 64 KiB by default. More is
    /// answered 431, as are more than 100 headers.
    pub fn max_head(mut self, bytes: usize) -> Self {
        self.max_head = bytes;
        self
    }

    /// How many connections may be open; 1024 by default. More wait in the system's queue.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// How long a head may take, an idle connection stay, and a body stand still; 30 s by default.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit;
        self
    }

    /// How long requests that are under way may still take when the server stops; 5 s by default.
    pub fn grace(mut self, limit: Duration) -> Self {
        self.grace = limit;
        self
    }

    /// Hears of trouble with connections.
    pub fn observer(mut self, observer: impl Fn(Event) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Opens the socket. Clients wait in its queue until the server runs.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when `address` is not on loopback, unless
    /// [`allow_any_interface`](Self::allow_any_interface) was called;
    /// [`Kind::Transport`](crate::Kind::Transport) when the address is taken or not ours.
    pub fn bind(
        self,
        address: impl Into<SocketAddr>,
        transport: impl Transport + 'static,
    ) -> Result<Server, Error> {
        let address = address.into();
        if !address.ip().to_canonical().is_loopback() && !self.any_interface {
            return Err(Error::input(
                "address",
                format!(
                    "expected a loopback address, got {address}; allow_any_interface() permits it"
                ),
            ));
        }
        let refused = |cause: std::io::Error| {
            Error::new(
                Kind::Transport,
                format!("{address}: expected to listen there, got: {cause}"),
            )
            .caused_by(cause)
        };
        let listener = TcpListener::bind(address).map_err(refused)?;
        listener.set_nonblocking(true).map_err(refused)?;
        let local = listener.local_addr().map_err(refused)?;
        Ok(Server::new(listener, local, self.shared(transport)))
    }

    fn shared(self, transport: impl Transport + 'static) -> Shared {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .half_close(true)
            .header_read_timeout(self.read_timeout)
            .max_header_size(self.max_head);
        Shared {
            transport: Box::new(transport),
            http,
            max_body: self.max_body,
            max_connections: self.max_connections.max(1),
            read_timeout: self.read_timeout,
            grace: self.grace,
            observer: self.observer,
            tunnels: self.tunnels,
        }
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("any_interface", &self.any_interface)
            .field("max_body", &self.max_body)
            .field("max_head", &self.max_head)
            .field("max_connections", &self.max_connections)
            .field("read_timeout", &self.read_timeout)
            .field("grace", &self.grace)
            .field("tunnels", &self.tunnels.is_some())
            .finish_non_exhaustive()
    }
}

/// What all connections of one server share.
pub(super) struct Shared {
    pub(super) transport: Box<dyn Transport>,
    pub(super) http: http1::Builder,
    pub(super) max_body: usize,
    pub(super) max_connections: usize,
    pub(super) read_timeout: Duration,
    pub(super) grace: Duration,
    /// Without, `CONNECT` is refused.
    pub(super) tunnels: Option<Arc<dyn Tunnels>>,
    observer: Option<Observer>,
}

impl Shared {
    /// Tells the observer, if there is one; the event is not even built otherwise.
    pub(super) fn observe(&self, event: impl FnOnce() -> Event) {
        if let Some(observer) = &self.observer {
            observer(event());
        }
    }
}

const BODY: usize = 128 << 20;
const HEAD: usize = 64 << 10;
const CONNECTIONS: usize = 1024;
const READ: Duration = Duration::from_secs(30);
const GRACE: Duration = Duration::from_secs(5);
