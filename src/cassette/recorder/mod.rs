//! Keeps what goes through a transport, as it goes, in the order in which requests were sent.
//!
//! ```text
//! client ── Recorder ── a Transport
//!              └ Log: one interaction a request, in memory, with its secrets
//! ```
//!
//! The client gets every answer as it came, and every secret: redaction happens where a cassette is saved. A request
//! that no longer fits is refused before it is sent; nothing is left out silently.

mod bounds;
mod log;
mod progress;

use std::{fmt, sync::Arc};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Request, Response};

use self::log::Log;
pub use self::{
    bounds::Bounds,
    progress::{Observer, Progress},
};
use super::{Cassette, Interaction, Outcome, RecordedRequest, RecordedResponse};
use crate::{
    system::{Clock, Stopwatch, SystemClock, SystemStopwatch},
    transport::{Transport, TransportError},
};

/// A transport that remembers what went through it.
///
/// A request whose answer never came is kept as [`Outcome::Failed`]: the medium failed, or the client gave up.
///
/// # Security
/// It holds every secret that went through, until it is dropped. `Debug` shows none.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use gdata_auth::{Transport, cassette::Recorder, transport::TransportError};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let live = |_: http::Request<Bytes>| {
///     std::future::ready(Ok::<_, TransportError>(http::Response::new(Bytes::from_static(b"Token=1/session\n"))))
/// };
/// let recorder = Recorder::new(live);
/// let request = http::Request::get("https://www.google.com/accounts/AuthSubSessionToken").body(Bytes::new())?;
/// recorder.send(request).await?;
/// assert_eq!(recorder.cassette().interactions.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Recorder<T> {
    live: T,
    log: Log,
    clock: Arc<dyn Clock>,
    stopwatch: Arc<dyn Stopwatch>,
}

impl<T: Transport> Recorder<T> {
    /// Records what goes through `live`, within generous [`Bounds`].
    #[must_use]
    pub fn new(live: T) -> Self {
        Self {
            live,
            log: Log::default(),
            clock: Arc::new(SystemClock),
            stopwatch: Arc::new(SystemStopwatch::start()),
        }
    }

    /// Other bounds.
    #[must_use]
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.log.bounds = bounds;
        self
    }

    /// Another clock for the moments of requests, and another watch for how long answers took.
    #[must_use]
    pub fn timed_by(
        mut self,
        clock: impl Clock + 'static,
        stopwatch: impl Stopwatch + 'static,
    ) -> Self {
        self.clock = Arc::new(clock);
        self.stopwatch = Arc::new(stopwatch);
        self
    }

    /// Tells how the recording grows.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.log.observer = Some(observer);
        self
    }

    /// What was recorded so far, with its secrets. A request that is under way stands there as failed.
    #[must_use]
    pub fn cassette(&self) -> Cassette {
        Cassette::new(self.log.interactions())
    }

    /// How many interactions there are, and how many bytes they hold.
    #[must_use]
    pub fn size(&self) -> (usize, u64) {
        self.log.size()
    }

    /// How many requests were refused because they, or their answers, did not fit.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.log.refused()
    }

    /// Sends `request`, and keeps it as `interaction` says.
    pub(super) async fn carry(
        &self,
        mut interaction: Interaction,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        interaction.started_at = log::moment(self.clock.now());
        let place = self.log.begin(interaction)?;
        let began = self.stopwatch.elapsed();
        let answer = self.live.send(request).await;
        let took = self.stopwatch.elapsed().saturating_sub(began);
        let outcome = match &answer {
            Ok(answer) => Outcome::Answered(RecordedResponse::of(answer)),
            Err(cause) => Outcome::Failed(cause.to_string()),
        };
        self.log.end(place, outcome, took)?;
        answer
    }
}

/// What is kept of `request` before its answer is there.
pub(super) fn unanswered(request: RecordedRequest) -> Interaction {
    let words = "expected an answer, got none: the client gave up, or the recording ended";
    Interaction::of(request, Outcome::Failed(words.to_owned()))
}

impl<T: Transport> Transport for Recorder<T> {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let interaction = unanswered(RecordedRequest::of(&request));
        Box::pin(self.carry(interaction, request))
    }
}

impl<T> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (interactions, bytes) = self.log.size();
        f.debug_struct("Recorder")
            .field("interactions", &interactions)
            .field("bytes", &bytes)
            .finish_non_exhaustive()
    }
}
