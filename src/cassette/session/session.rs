//! A cassette in use: a transport that replays, records, or compares.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Request, Response};
use serde_json::Value;

use super::{
    builder::{Parts, SessionBuilder},
    join::{Asked, Join, Miss},
    mode::Mode,
    upstreams::Way,
};
use crate::{
    cassette::{
        Cassette, LISTENER, Progress, RecordedRequest, RecordedResponse, Recorder,
        drift::{self, Drift},
        file, recorder,
    },
    error::Error,
    transport::{Mishap, Transport, TransportError},
};

/// A cassette in use: a transport that replays, records, or compares, as its [`Mode`] says.
///
/// Give an `Arc` of it to the client or to a server, and call [`finish`](Self::finish) at the end: that alone saves. A session
/// that is dropped before, as in a test that fails, saves nothing and tells the observer.
pub struct Session {
    parts: Parts,
    finished: AtomicBool,
    /// Of mode `check`: one entry a request.
    checked: Mutex<Vec<Checked>>,
}

/// How requests go live.
pub(super) enum Live {
    /// And are kept.
    Recorded(Recorder<Arc<dyn Transport>>),
    /// And are not.
    Asked(Arc<dyn Transport>),
}

/// A live answer beside the recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// Method and path.
    pub request: String,
    /// How the live answer differs; a request that matches nothing is one drift.
    pub drifts: Vec<Drift>,
}

/// What became of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Where the cassette was saved, if it was.
    pub saved: Option<PathBuf>,
    /// How many interactions were recorded.
    pub recorded: usize,
    /// How many bytes of targets, headers and bodies they hold.
    pub bytes: u64,
    /// How many requests did not fit into the bounds; their clients were told.
    pub refused: usize,
    /// What was recorded and not asked for, a line each.
    pub unused: Vec<String>,
    /// What is worth knowing of the replay, a line each.
    pub notes: Vec<String>,
    /// What mode `check` found, in the order of the requests.
    pub checked: Vec<Checked>,
}

impl Session {
    /// A session with the cassette at `path`.
    pub fn builder(path: impl Into<PathBuf>, join: Join) -> SessionBuilder {
        SessionBuilder::new(path, join)
    }

    pub(super) fn new(parts: Parts) -> Self {
        Self {
            parts,
            finished: AtomicBool::new(false),
            checked: Mutex::default(),
        }
    }

    /// What it does; [`Mode::Once`] has turned into one of the others.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.parts.mode
    }

    /// Where the cassette is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.parts.path
    }

    /// Ends the session: a recording is saved, so that a crash leaves the old cassette or the new. Requests that come later are
    /// refused.
    ///
    /// # Errors
    /// What redaction says when a secret would reach the disk, and [`Kind::Transport`](crate::Kind::Transport) when the file cannot be written; the
    /// old cassette stands, and the session can be finished again. [`Kind::Input`](crate::Kind::Input) when it was finished before.
    pub fn finish(&self) -> Result<Summary, Error> {
        if self.finished.swap(true, Ordering::AcqRel) {
            return Err(Error::input(
                "session",
                "expected an open one, got a finished one",
            ));
        }
        let mut summary = Summary {
            unused: self
                .parts
                .tape
                .as_ref()
                .map_or_else(Vec::new, |tape| tape.unused()),
            notes: self
                .parts
                .tape
                .as_ref()
                .map_or_else(Vec::new, |tape| tape.notes()),
            checked: self
                .checked
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            ..Summary::default()
        };
        if let Some(Live::Recorded(recorder)) = &self.parts.live {
            let recorded = recorder.cassette();
            (summary.recorded, summary.bytes) = recorder.size();
            summary.refused = recorder.refused();
            if self.parts.mode == Mode::Record || summary.recorded > 0 {
                let saved = self.save(recorded);
                // A rule that was missing can be added, and the recording is still here.
                self.finished.store(saved.is_ok(), Ordering::Release);
                summary.saved = Some(saved?);
            }
        }
        Ok(summary)
    }

    fn save(&self, recorded: Cassette) -> Result<PathBuf, Error> {
        let cassette = match &self.parts.earlier {
            None => recorded,
            Some(earlier) => {
                let mut whole = earlier.clone();
                whole.interactions.extend(recorded.interactions);
                whole
            }
        };
        let interactions = cassette.interactions.len();
        let bytes = (self.parts.keep)(cassette)?;
        let path = &self.parts.path;
        file::save(path, &bytes)?;
        self.tell(Progress::Saved {
            path: path.clone(),
            interactions,
        });
        Ok(path.clone())
    }

    /// The tape's own answer: nothing leaves, and nothing is waited for.
    fn played(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        // The tape knows what it has.
        let way = self.parts.upstreams.way(&request).unwrap_or_default();
        let request = way.taken(request);
        let answer = self.replay(&way, &request).map_err(Miss::into_error);
        answer.map(|answer| way.back(answer))
    }

    async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let way = self.parts.upstreams.way(&request)?;
        let request = way.taken(request);
        let answer = match self.parts.mode {
            Mode::Check => self.check(&way, request).await,
            _ => match self.replay(&way, &request) {
                Err(Miss::Unmatched(_)) => self.go_live(&way, request).await,
                replayed => replayed.map_err(Miss::into_error),
            },
        };
        answer.map(|answer| way.back(answer))
    }

    /// The recorded answer, where there is a tape and it has one.
    fn replay(&self, way: &Way, request: &Request<Bytes>) -> Result<Response<Bytes>, Miss> {
        match &self.parts.tape {
            Some(tape) => tape.answer(&asked(way, request)),
            None => Err(Miss::Unmatched(TransportError::new(
                Mishap::Other,
                "session: expected a cassette, got none",
            ))),
        }
    }

    async fn check(
        &self,
        way: &Way,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        let line = format!("{} {}", request.method(), request.uri().path());
        let recorded = self.replay(way, &request);
        let live = self.go_live(way, request).await;
        let drifts = match (recorded, &live) {
            (Ok(recorded), Ok(live)) => drift::between(
                &RecordedResponse::of(&recorded),
                &RecordedResponse::of(live),
                &self.parts.drift,
            ),
            (Ok(_), Err(cause)) => vec![Drift::unanswered(cause.to_string())],
            (Err(Miss::Unmatched(_)), _) => vec![Drift::unmatched()],
            (Err(Miss::Refused(cause)), _) => vec![Drift::unreplayed(cause.to_string())],
        };
        self.checked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Checked {
                request: line,
                drifts,
            });
        live
    }

    async fn go_live(
        &self,
        way: &Way,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        if self.finished.load(Ordering::Acquire) {
            return Err(TransportError::new(
                Mishap::Request,
                "session: expected an open one, got a finished one",
            ));
        }
        match &self.parts.live {
            Some(Live::Asked(live)) => live.send(way.live(request)?).await,
            Some(Live::Recorded(recorder)) => {
                let mut recorded = RecordedRequest::of(&request);
                let mut listener = None;
                if let Some(turned) = &way.turned {
                    recorded.base = Some(turned.upstream());
                    listener = Some(turned.listener.clone());
                }
                let mut interaction = recorder::unanswered(recorded);
                if let Some(listener) = listener {
                    let extra = &mut interaction.provenance.extra;
                    extra.insert(LISTENER.to_owned(), Value::String(listener));
                }
                recorder.carry(interaction, way.live(request)?).await
            }
            None => Err(TransportError::new(
                Mishap::Request,
                "session: expected a live transport, got none",
            )),
        }
    }

    fn tell(&self, progress: Progress) {
        if let Some(observer) = &self.parts.observer {
            observer(progress);
        }
    }
}

fn asked<'r>(way: &Way, request: &'r Request<Bytes>) -> Asked<'r> {
    Asked {
        request,
        base: way.turned.as_ref().map(|turned| turned.upstream()),
        listener: way.turned.as_ref().map(|turned| turned.listener.clone()),
    }
}

impl Transport for Session {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        match self.parts.mode {
            Mode::Replay => Box::pin(std::future::ready(self.played(request))),
            _ => Box::pin(self.answer(request)),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(Live::Recorded(recorder)) = &self.parts.live
            && !*self.finished.get_mut()
        {
            let (interactions, _) = recorder.size();
            self.tell(Progress::NotSaved {
                path: self.parts.path.clone(),
                interactions,
            });
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("path", &self.parts.path)
            .field("mode", &self.parts.mode)
            .finish_non_exhaustive()
    }
}
