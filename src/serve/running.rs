//! The handle of a server that runs in the background.

use std::{net::SocketAddr, sync::Arc};

use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::{
    accept::{self, Arrivals},
    settings::Shared,
};
use crate::error::{Error, Kind};

/// A server that runs until it is stopped or this handle is dropped.
#[derive(Debug)]
#[must_use = "a server stops when its handle is dropped"]
pub struct Running {
    address: SocketAddr,
    /// Dropping it is the signal.
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    pub(super) fn start(address: SocketAddr, listener: TcpListener, shared: Arc<Shared>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let shutdown = async {
                let _dropped = stopped.await;
            };
            accept::serve(Arrivals::Socket(listener), &shared, shutdown).await;
        });
        Self {
            address,
            stop,
            task,
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

    /// Takes no more connections, lets the requests that are under way finish, and waits for that.
    ///
    /// # Errors
    /// [`Kind::Transport`](crate::Kind::Transport) when the observer panicked and took the server
    /// with it, or the runtime went away.
    pub async fn stop(self) -> Result<(), Error> {
        drop(self.stop);
        self.task.await.map_err(|cause| {
            Error::new(
                Kind::Transport,
                "expected the server to stop, but it had failed",
            )
            .caused_by(cause)
        })
    }
}
