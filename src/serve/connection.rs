//! One connection, from its first byte to a clean close; through a tunnel, to that of the requests inside.

use std::{
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::timeout,
};

use super::{
    answer,
    event::{Event, Trouble},
    raw::{Raw, Wire},
    settings::Shared,
    tunnel::{Place, Tunnels},
};

/// What an answer leaves behind for its connection.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// At least one request was answered.
    pub(super) answered: AtomicBool,
    /// A request was refused before its body was read.
    pub(super) unread: AtomicBool,
    handed: OnceLock<Handed>,
}

/// What hyper is not to do.
#[derive(Debug)]
pub(super) enum Handed {
    /// This answer is written by hand.
    Raw(Raw),
    /// What follows is a tunnel.
    Tunnel(Place),
}

impl Trace {
    /// Leaves the rest of the connection to `handed`; nothing is answered after it.
    pub(super) fn hand_over(&self, handed: Handed) {
        let _only_the_first_counts = self.handed.set(handed);
    }
}

/// Serves `stream` until the client leaves, breaks the protocol, or the server stops.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<bool>,
) {
    // An answer is one write; waiting for more would only delay it. Without the option it still arrives.
    let _best_effort = stream.set_nodelay(true);
    let opened = talk(stream, peer, &shared, None, &mut stopped).await;
    if let (Some(opened), Some(tunnels)) = (opened, &shared.tunnels) {
        // A tunnel is rare and its future is large: the others do not carry it.
        Box::pin(inside(opened, &**tunnels, peer, &shared, stopped)).await;
    }
}

/// A stream that has become a tunnel.
struct Opened<W> {
    io: W,
    /// What came behind the head of `CONNECT`.
    read: Bytes,
    place: Place,
}

/// Answers the requests inside a tunnel.
async fn inside(
    opened: Opened<TcpStream>,
    tunnels: &dyn Tunnels,
    peer: SocketAddr,
    shared: &Shared,
    mut stopped: watch::Receiver<bool>,
) {
    let Opened { io, read, place } = opened;
    let accepted = tokio::select! {
        accepted = timeout(shared.read_timeout, tunnels.accept(&place, io, read)) => accepted,
        _ = stopped.wait_for(|stop| *stop) => return,
    };
    let trouble = match accepted {
        Ok(Ok(io)) => {
            talk(io, peer, shared, Some(&place), &mut stopped).await;
            return;
        }
        Ok(Err(cause)) => format!("{place}: expected TLS, got: {cause}"),
        Err(_) => format!(
            "{place}: expected TLS within {:?}, got none",
            shared.read_timeout
        ),
    };
    shared.observe(|| Event::new(Trouble::Tunnel, peer, trouble));
}

/// HTTP on `io` until it ends; the tunnel that it became, if so.
async fn talk<W: Wire>(
    io: W,
    peer: SocketAddr,
    shared: &Shared,
    within: Option<&Place>,
    stopped: &mut watch::Receiver<bool>,
) -> Option<Opened<W>> {
    let trace = Trace::default();
    let mut io = TokioIo::new(io);
    let mut read = Bytes::new();
    let outcome = {
        let service = service_fn(|request| answer::answer(shared, &trace, peer, within, request));
        let mut connection = shared.http.serve_connection(&mut io, service);
        let ended = tokio::select! {
            ended = &mut connection => Some(ended),
            _ = stopped.wait_for(|stop| *stop) => None,
        };
        let outcome = match ended {
            Some(ended) => ended,
            None => {
                std::pin::Pin::new(&mut connection).graceful_shutdown();
                (&mut connection).await
            }
        };
        if matches!(trace.handed.get(), Some(Handed::Tunnel(_))) {
            read = connection.into_parts().read_buf;
        }
        outcome
    };
    let mut io = io.into_inner();
    let unread = trace.unread.load(Ordering::Relaxed);
    match trace.handed.into_inner() {
        Some(Handed::Raw(raw)) => {
            // A client that left an answer which was to go wrong is no trouble.
            if let Ok(true) = raw.write(&mut io, stopped).await {
                linger(io).await;
            }
            return None;
        }
        Some(Handed::Tunnel(place)) if outcome.is_ok() => return Some(Opened { io, read, place }),
        _ => {}
    }
    if let Err(cause) = &outcome {
        // Between requests nobody is waited for: an idle connection that ends is no trouble.
        let idle = cause.is_timeout() && trace.answered.load(Ordering::Relaxed);
        if !idle {
            shared.observe(|| Event::of_connection(peer, cause));
        }
    }
    if outcome.is_err() || unread {
        linger(io).await;
    }
    None
}

/// Reads away what the client still sends.
///
/// Closing a socket with unread bytes resets the connection, and the client would lose the answer
/// that says why (RFC 9112, 9.6).
async fn linger(mut stream: impl Wire) {
    let _cut_off = timeout(LINGER, async {
        let mut bytes = [0; 4096];
        let mut open = stream.shutdown().await.is_ok();
        while open {
            open = matches!(stream.read(&mut bytes).await, Ok(count) if count > 0);
        }
    })
    .await;
}

const LINGER: Duration = Duration::from_secs(2);
