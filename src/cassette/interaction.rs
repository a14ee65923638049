//! One recorded request and what became of it.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use serde_json::{Map, Value};

use super::{Pattern, RecordedRequest, RecordedResponse, format::Format};

/// One recorded request and what became of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Interaction {
    /// What was asked. For a stub with a [`pattern`](Self::pattern), an example of what it takes.
    pub request: RecordedRequest,
    /// What came of it.
    pub outcome: Outcome,
    /// When the request was sent.
    pub started_at: Option<SystemTime>,
    /// How long the answer took.
    pub took: Option<Duration>,
    /// Stubs (WireMock, Hoverfly) hold a pattern instead of a request that somebody sent.
    pub pattern: Option<Pattern>,
    /// Where it was read.
    pub provenance: Provenance,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// An answer came.
    Answered(RecordedResponse),
    /// None came: the connection failed, or the client gave up. The text says what the recorder noted.
    Failed(String),
}

/// Where an interaction was read, and what its dialect knows beyond this model.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Provenance {
    /// The format of the file; `None` for what was recorded live.
    pub format: Option<Format>,
    /// The position in its file, from 0.
    pub index: usize,
    /// Fields of the dialect that nothing here stands for, by name: kept so that a file of the same format
    /// can be written again without loss.
    pub extra: Map<String, Value>,
}

impl Interaction {
    /// A request and its answer.
    #[must_use]
    pub fn new(request: RecordedRequest, response: RecordedResponse) -> Self {
        Self::of(request, Outcome::Answered(response))
    }

    /// A request and what became of it.
    #[must_use]
    pub fn of(request: RecordedRequest, outcome: Outcome) -> Self {
        Self {
            request,
            outcome,
            started_at: None,
            took: None,
            pattern: None,
            provenance: Provenance::default(),
        }
    }

    /// The address that the client saw, and so the one that it signed.
    ///
    /// A client of a reverse proxy sees the proxy's own origin, which [`LISTENER`] keeps; for any other this is
    /// [`RecordedRequest::url`].
    #[must_use]
    pub fn signed_url(&self) -> String {
        match self.provenance.extra.get(LISTENER).and_then(Value::as_str) {
            Some(listener) if self.request.target.starts_with('/') => {
                format!("{listener}{}", self.request.target)
            }
            _ => self.request.url(),
        }
    }

    /// The answer, where one came.
    #[must_use]
    pub fn response(&self) -> Option<&RecordedResponse> {
        match &self.outcome {
            Outcome::Answered(response) => Some(response),
            Outcome::Failed(_) => None,
        }
    }

    /// The answer, to change it.
    pub fn response_mut(&mut self) -> Option<&mut RecordedResponse> {
        match &mut self.outcome {
            Outcome::Answered(response) => Some(response),
            Outcome::Failed(_) => None,
        }
    }
}

/// The fields by name: their values may be secrets.
impl fmt::Debug for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provenance")
            .field("format", &self.format)
            .field("index", &self.index)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// The name in [`Provenance::extra`] of the origin at which a client of a reverse proxy saw the server, such as
/// `http://127.0.0.1:8080`. What it signed, it signed for this origin; [`RecordedRequest::base`] is the origin behind.
pub const LISTENER: &str = "listener";
