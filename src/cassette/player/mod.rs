//! The player: a recorded session that answers live requests, without a network.
//!
//! ```text
//! request ─ read ─ verify ─ find ─ take ─▶ answer ─ echo ─ time ─ faults ─▶ out
//!                    │        │      └ in order; what is played counts
//!                    │        └ by a hash of what is compared; secrets unify with those of this run
//!                    └ a wrong signature is refused, whatever is recorded
//! ```
//!
//! A player never goes online. One request costs the same whether the cassette has one interaction or a hundred
//! thousand, and a million requests take no more memory than one.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Request, Response};

mod adapt;
mod builder;
mod expiry;
mod index;
mod refuse;
mod report;
mod rework;
mod session;
mod stub;
mod take;
mod track;

pub use self::{builder::PlayerBuilder, report::Report};
use self::{builder::Secrets, index::Index, session::Session, stub::Stub, track::Track};
use super::{
    Cassette, Interaction,
    clock::TimeRule,
    echo::EchoRules,
    faults::Faults,
    meaning::{MatchRules, Rules, Scheme, View, read},
    verify::{Keys, TokenSecrets},
};
use crate::{
    crypto::Sign,
    error::Error,
    system::Clock,
    transport::{Transport, TransportError},
};

/// Whether a recorded interaction answers a live request.
type Matcher = dyn Fn(&Interaction, &Request<Bytes>) -> bool + Send + Sync;

/// Answers requests from a cassette.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::{Cassette, Interaction, Player, RecordedRequest, RecordedResponse};
///
/// let mut request = RecordedRequest::new("GET", "https://www.google.com/calendar/feeds/");
/// request.headers.push("authorization", "AuthSub token=\"1/abc\"");
/// let player = Player::new(Cassette::new(vec![
///     Interaction::new(request, RecordedResponse::new(204)),
/// ]))?;
///
/// let live = http::Request::get("https://www.google.com/calendar/feeds/")
///     .header("authorization", "AuthSub token=1/abc")
///     .body(bytes::Bytes::new())?;
/// assert_eq!(player.play(&live)?.status(), 204);
///
/// let again = player.play(&live).unwrap_err();
/// assert_eq!(
///     again.to_string(),
///     "expected a recorded request, got GET https://www.google.com/calendar/feeds/, whose interaction 1 was \
///      already played once",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Player {
    cassette: Cassette,
    settings: MatchRules,
    rules: Rules,
    index: Index,
    tracks: Vec<Track>,
    stubs: Vec<Stub>,
    secrets: Secrets,
    played: Vec<AtomicU64>,
    session: Mutex<Session>,
    matcher: Option<Box<Matcher>>,
    keys: Option<Keys>,
    tokens: TokenSecrets,
    clock: Arc<dyn Clock>,
    time: TimeRule,
    echo: EchoRules,
    faults: Faults,
    signer: Option<(String, Arc<dyn Sign>)>,
    /// Whether answers depend on the request alone, not on the clock or on rules.
    plain: bool,
    unmatched: AtomicU64,
    refused: AtomicU64,
    notes: Mutex<BTreeSet<String>>,
}

impl Player {
    /// A player with every setting at its default: requests match by meaning and in any order, identical ones get
    /// their answers in turn, time stands still.
    ///
    /// # Errors
    /// None today; see [`PlayerBuilder::build`].
    pub fn new(cassette: Cassette) -> Result<Self, Error> {
        Self::builder(cassette).build()
    }

    /// The settings, to change.
    pub fn builder(cassette: Cassette) -> PlayerBuilder {
        PlayerBuilder::new(cassette)
    }

    /// Answers one request.
    ///
    /// # Errors
    /// With an [`Unmatched`](super::Unmatched) as its source when nothing recorded matches, with a
    /// [`WrongRequest`](super::verify::WrongRequest) when what was signed is wrong, and what a medium would say
    /// where the recorded call failed or a fault is set.
    pub fn play(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let view = View::live(request, &self.rules);
        let mut sink = self.index.sink();
        let scheme = read(&view, &self.rules, &mut sink);
        let asked = sink.finish();
        self.check_signed(request, &view, scheme)?;
        if let Some(refusal) = self.refuse_expired(scheme, &asked) {
            return Ok(refusal);
        }
        let found = match &self.matcher {
            Some(matcher) => self.take_by(&**matcher, request),
            None => self.take(&asked, &view),
        };
        match found {
            Ok(at) => self.answer(at, &view, scheme),
            Err(reason) => self.refuse_unmatched(request, &view, scheme, reason),
        }
    }

    /// What was played so far, and what was not.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            played: self
                .played
                .iter()
                .map(|times| times.load(Ordering::Relaxed))
                .collect(),
            unmatched: self.unmatched.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            notes: locked(&self.notes).iter().cloned().collect(),
        }
    }

    /// Ends the replay.
    ///
    /// # Errors
    /// [`Kind::Refused`](crate::Kind::Refused) naming the interactions that were not played, where
    /// [`MatchRules::must_play_all`] is set.
    pub fn finish(self) -> Result<Report, Error> {
        let report = self.report();
        match self.settings.must_play_all {
            true => report.all_played(),
            false => Ok(report),
        }
    }

    /// Begins anew: nothing is played, nothing bound.
    pub fn rewind(&self) {
        let mut session = self.session();
        *session = Session::default();
        for group in &self.index.groups {
            group.next.store(0, Ordering::Relaxed);
        }
        for times in self.played.iter().chain([&self.unmatched, &self.refused]) {
            times.store(0, Ordering::Relaxed);
        }
        self.faults.rewind();
        locked(&self.notes).clear();
    }

    /// What is played.
    #[must_use]
    pub fn cassette(&self) -> &Cassette {
        &self.cassette
    }

    fn answer(
        &self,
        at: usize,
        view: &View<'_>,
        scheme: Scheme,
    ) -> Result<Response<Bytes>, TransportError> {
        let Some(track) = self.tracks.get(at) else {
            return Err(TransportError::new(
                crate::transport::Mishap::Other,
                "expected an interaction of the cassette, got another",
            ));
        };
        let mut answer = track.answer.send()?;
        let depends = matches!(scheme, Scheme::Authorization | Scheme::CodeGrant);
        if !self.plain || depends || track.rework.is_some() {
            self.adapt(at, track, view, scheme, &mut answer);
        }
        match self.faults.is_empty() {
            true => Ok(answer),
            false => self.faults.apply(at, view.method, view.path, answer),
        }
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        locked(&self.session)
    }
}

/// What a panic elsewhere left behind is still whole: every change is one insertion.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transport for Player {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(std::future::ready(self.play(&request)))
    }
}

impl fmt::Debug for Player {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Player")
            .field("interactions", &self.cassette.interactions.len())
            .field("rules", &self.settings)
            .field("keys", &self.keys)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
