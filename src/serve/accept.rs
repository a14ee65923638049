//! Takes connections until the shutdown, then waits for the last answers.

use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};

use super::{
    connection,
    event::{Event, Trouble},
    settings::Shared,
};

/// Where connections come from.
pub(super) enum Arrivals {
    /// Straight from the socket.
    Socket(TcpListener),
    /// Dealt out by the thread that has the socket.
    Dealt(mpsc::Receiver<std::net::TcpStream>),
}

/// Serves what arrives until `shutdown`; then no connection starts another request.
///
/// After the grace the rest is cut off.
pub(super) async fn serve(
    mut arrivals: Arrivals,
    shared: &Arc<Shared>,
    shutdown: impl Future<Output = ()>,
) {
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => note(shared, ended),
            arrival = arrivals.next(), if connections.len() < shared.max_connections => {
                match arrival {
                    Ok((stream, peer)) => {
                        let shared = Arc::clone(shared);
                        connections.spawn(connection::serve(stream, peer, shared, stopped.clone()));
                    }
                    Err(cause) if went_away(&cause) => {}
                    Err(cause) => {
                        let message = format!("expected a connection, got: {cause}");
                        shared.observe(|| Event::new(Trouble::Accept, None, message));
                        sleep(PAUSE).await;
                    }
                }
            }
        }
    }
    drop(arrivals);
    // A receiver is alive here, so the signal has somebody to reach; without connections it is moot.
    stop.send_replace(true);
    let _cut_off = timeout(shared.grace, async {
        while let Some(ended) = connections.join_next().await {
            note(shared, ended);
        }
    })
    .await;
}

impl Arrivals {
    async fn next(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        match self {
            Self::Socket(listener) => listener.accept().await,
            Self::Dealt(dealt) => match dealt.recv().await {
                Some(stream) => {
                    let peer = stream.peer_addr()?;
                    Ok((TcpStream::from_std(stream)?, peer))
                }
                None => std::future::pending().await,
            },
        }
    }
}

/// The client was gone before its turn: nothing to report, nothing to wait for.
fn went_away(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::NotConnected
    )
}

fn note(shared: &Shared, ended: Result<(), JoinError>) {
    if let Err(cause) = ended
        && cause.is_panic()
    {
        shared.observe(|| Event::new(Trouble::Panic, None, "expected an answer, got a panic"));
    }
}

/// When no descriptor is left, trying again at once would only burn the processor.
pub(super) const PAUSE: Duration = Duration::from_millis(50);
