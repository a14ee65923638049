//! A server with its socket open, and the ways to run it.

use std::{
    fmt,
    future::Future,
    net::{SocketAddr, TcpListener},
    num::NonZeroUsize,
    sync::Arc,
};

use super::{
    accept::{self, Arrivals},
    cores,
    running::Running,
    settings::{ServerBuilder, Shared},
};
use crate::{
    error::{Error, Kind},
    transport::Transport,
};

/// A transport on a socket.
///
/// Port 0 lets the system choose; [`origin`](Self::origin) tells where it is.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Opens the socket with the settings of [`builder`](Self::builder).
    ///
    /// # Errors
    /// As [`ServerBuilder::bind`].
    pub fn bind(
        address: impl Into<SocketAddr>,
        transport: impl Transport + 'static,
    ) -> Result<Self, Error> {
        Self::builder().bind(address, transport)
    }

    /// The settings, to change before the socket opens.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::new()
    }

    pub(super) fn new(listener: TcpListener, address: SocketAddr, shared: Shared) -> Self {
        Self {
            listener,
            address,
            shared: Arc::new(shared),
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Its origin, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until `shutdown`, then lets the requests that are under way finish.
    ///
    /// # Errors
    /// [`Kind::Transport`](crate::Kind::Transport) when the system cannot wait on the socket.
    ///
    /// # Panics
    /// Outside a tokio runtime with I/O and time.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), Error> {
        let listener = listen(self.listener)?;
        accept::serve(Arrivals::Socket(listener), &self.shared, shutdown).await;
        Ok(())
    }

    /// Serves in the background of the present runtime.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    ///
    /// # Panics
    /// As [`run`](Self::run).
    pub fn spawn(self) -> Result<Running, Error> {
        let listener = listen(self.listener)?;
        Ok(Running::start(self.address, listener, self.shared))
    }

    /// Serves until `shutdown` on as many threads, each with a runtime of its own; blocks.
    ///
    /// Connections are dealt out in turn and stay where they are, so no request crosses a thread. The
    /// cap on open connections counts for each thread.
    ///
    /// # Errors
    /// [`Kind::Transport`](crate::Kind::Transport) when a thread or a runtime cannot be started.
    ///
    /// # Panics
    /// Inside a tokio runtime, as everything that blocks.
    pub fn run_on_cores(
        self,
        cores: NonZeroUsize,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        cores::serve(self.listener, &self.shared, cores, shutdown)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// The socket, registered with the present runtime.
pub(super) fn listen(listener: TcpListener) -> Result<tokio::net::TcpListener, Error> {
    tokio::net::TcpListener::from_std(listener).map_err(|cause| {
        Error::new(
            Kind::Transport,
            format!("expected to wait on the socket, got: {cause}"),
        )
        .caused_by(cause)
    })
}
