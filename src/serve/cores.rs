//! A runtime per core: one thread takes connections and deals them out, the others serve them.
//!
//! Dealing in turn keeps the threads equally busy. Sharing the socket would not: the first thread to
//! wake takes all that wait. `SO_REUSEPORT` would, but lets another process of the same user listen
//! on the same port without a word.

use std::{
    future::Future,
    io,
    net::TcpListener,
    num::NonZeroUsize,
    pin::pin,
    sync::Arc,
    thread::{self, JoinHandle},
};

use tokio::{
    runtime::{Builder, Runtime},
    sync::{mpsc, oneshot},
};

use super::{
    accept::{self, Arrivals},
    event::{Event, Trouble},
    server::listen,
    settings::Shared,
};
use crate::error::{Error, Kind};

/// Serves until `shutdown`; every thread has ended when it returns.
pub(super) fn serve(
    listener: TcpListener,
    shared: &Arc<Shared>,
    cores: NonZeroUsize,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    let dealer = runtime().map_err(not_started)?;
    let workers = (0..cores.get())
        .map(|_| Worker::start(Arc::clone(shared)))
        .collect::<io::Result<Vec<_>>>()
        .map_err(not_started)?;
    let outcome = dealer.block_on(deal(listener, &workers, shared, shutdown));
    // All are told before any is waited for, so the grace runs once.
    let threads: Vec<_> = workers.into_iter().map(Worker::stop).collect();
    for thread in threads {
        // A panic of the thread has been printed already, and the server ends anyway.
        let _ended = thread.join();
    }
    outcome
}

async fn deal(
    listener: TcpListener,
    workers: &[Worker],
    shared: &Shared,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error> {
    let listener = listen(listener)?;
    let mut shutdown = pin!(shutdown);
    let mut turn = workers.iter().cycle();
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => return Ok(()),
            accepted = listener.accept() => accepted,
        };
        let handed = accepted.and_then(|(stream, _)| stream.into_std());
        match (handed, turn.next()) {
            (Ok(stream), Some(worker)) => tokio::select! {
                () = &mut shutdown => return Ok(()),
                // A worker that is gone drops the stream, and the client sees a closed connection.
                _gone = worker.streams.send(stream) => {}
            },
            (Err(cause), _) => {
                shared.observe(|| {
                    Event::new(
                        Trouble::Accept,
                        None,
                        format!("expected a connection, got: {cause}"),
                    )
                });
                tokio::time::sleep(accept::PAUSE).await;
            }
            (Ok(_), None) => return Ok(()),
        }
    }
}

/// A thread with its runtime.
struct Worker {
    streams: mpsc::Sender<std::net::TcpStream>,
    /// Dropping it is the signal.
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Worker {
    fn start(shared: Arc<Shared>) -> io::Result<Self> {
        let (streams, dealt) = mpsc::channel(QUEUE);
        let (stop, stopped) = oneshot::channel::<()>();
        let runtime = runtime()?;
        let thread = thread::Builder::new()
            .name("gdata-auth-serve".to_owned())
            .spawn(move || {
                let shutdown = async {
                    let _dropped = stopped.await;
                };
                runtime.block_on(accept::serve(Arrivals::Dealt(dealt), &shared, shutdown));
            })?;
        Ok(Self {
            streams,
            stop,
            thread,
        })
    }

    fn stop(self) -> JoinHandle<()> {
        drop(self.stop);
        self.thread
    }
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

fn not_started(cause: io::Error) -> Error {
    Error::new(
        Kind::Transport,
        format!("expected a thread with a runtime, got: {cause}"),
    )
    .caused_by(cause)
}

/// Connections that wait for a worker that has as many as it may; the dealer waits with them.
const QUEUE: usize = 16;
