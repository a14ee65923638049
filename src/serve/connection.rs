//! One connection, from its first byte to a clean close.

use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::timeout,
};

use super::{answer, event::Event, settings::Shared};

/// What an answer leaves behind for its connection.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// At least one request was answered.
    pub(super) answered: AtomicBool,
    /// A request was refused before its body was read.
    pub(super) unread: AtomicBool,
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
    let trace = Trace::default();
    let mut io = TokioIo::new(stream);
    let outcome = {
        let service = service_fn(|request| answer::answer(&shared, &trace, peer, request));
        let mut connection = pin!(shared.http.serve_connection(&mut io, service));
        let ended = tokio::select! {
            ended = connection.as_mut() => Some(ended),
            _ = stopped.wait_for(|stop| *stop) => None,
        };
        match ended {
            Some(ended) => ended,
            None => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    if let Err(cause) = &outcome {
        // Between requests nobody is waited for: an idle connection that ends is no trouble.
        let idle = cause.is_timeout() && trace.answered.load(Ordering::Relaxed);
        if !idle {
            shared.observe(|| Event::of_connection(peer, cause));
        }
    }
    if outcome.is_err() || trace.unread.load(Ordering::Relaxed) {
        linger(io.into_inner()).await;
    }
}

/// Reads away what the client still sends.
///
/// Closing a socket with unread bytes resets the connection, and the client would lose the answer
/// that says why (RFC 9112, 9.6).
async fn linger(mut stream: TcpStream) {
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
