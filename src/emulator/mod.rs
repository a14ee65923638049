//! A Google of the gdata years, and its OAuth 2.0 server, that really verify, in memory or on a socket.
//!
//! ```text
//! request ─▶ seen (which host, which service) ─▶ gate (token, signature, nonce, scope) ─▶ answer
//!                                                         │
//!                                                         └─▶ journal: why
//! ```
//!
//! [`Emulator`] is a [`Transport`], so a test needs no port; [`Emulator::router`] is an axum service;
//! [`serve`](crate::serve) puts it on a socket. State is data behind one mutex, and
//! [`Emulator::handle`] is pure but for it: the clock is an argument, randomness is given at the start.
//! A refusal tells the client what Google told, and the [`Journal`](Entry) why. What it plays has a source
//! in legacy-protocol.md and oauth2.md; texts without one are marked where they stand.

mod answer;
mod asking;
mod authsub;
mod bearer;
mod calendar;
mod clientlogin;
mod config;
mod consent;
mod contacts;
mod era;
mod gate;
mod journal;
mod oauth1;
mod oauth2;
mod seen;
mod service;
mod sessions;
mod snapshot;
mod state;
mod videos;
mod youtube;
mod youtube_v3;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::StatusCode;

use self::{
    answer::Answer,
    journal::Journal,
    seen::{Seen, Service},
    state::State,
};
use crate::{
    error::{Error, Kind},
    scope::{ScopeNames, ScopeSet},
    secret::Secret,
    system::{Clock, Randomness, SystemClock, SystemRandomness},
    time::Timestamp,
    transport::{Transport, TransportError},
};

pub use self::{
    config::{Config, Consent, Consumer, Site, User},
    era::Era,
    journal::Entry,
    oauth2::{OauthClient, Rotation, ServiceAccount},
};

/// A server that plays Google. Clones share one state.
///
/// # Examples
/// A whole AuthSub life without a socket:
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use gdata_auth::{Exchange, Kind, Stamp, Timestamp, run};
/// use gdata_auth::authsub::{Accounts, AuthSubRequest};
/// use gdata_auth::emulator::{Config, Consent, Emulator};
///
/// let google = Emulator::with(Config::new().with_consent(Consent::Allow))?;
/// let link = AuthSubRequest::new("http://www.example.com/upload.html")?
///     .scope("http://gdata.youtube.com")?
///     .session(true);
/// let back = google.browse(&link.to_string())?;
/// let token = link.read_redirect(&back)?.into_token();
///
/// let accounts = Accounts::google();
/// let now = Timestamp::from_unix_seconds(1_300_000_000);
/// let session = run(&token.exchange(&accounts, &Stamp::numbered(now, 1))?, &google).await?;
/// let info = run(&session.token_info(&accounts, &Stamp::numbered(now, 2))?, &google).await?;
/// assert_eq!(info.target(), "www.example.com");
///
/// run(&session.revoke(&accounts, &Stamp::numbered(now, 3))?, &google).await?;
/// let refused = run(&session.token_info(&accounts, &Stamp::numbered(now, 4))?, &google).await;
/// assert_eq!(refused.unwrap_err().kind(), Kind::Revoked);
/// assert_eq!(google.journal().last().unwrap().reason(), Some("the token was revoked"));
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Emulator {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    journal: Mutex<Journal>,
    clock: Arc<dyn Clock>,
}

impl Emulator {
    /// An emulator with the default configuration, the machine's clock and random source.
    #[must_use]
    pub fn new() -> Self {
        Self::assemble(
            State::new(Config::default(), Box::new(SystemRandomness)),
            Arc::new(SystemClock),
        )
    }

    /// An emulator with the machine's clock and random source.
    ///
    /// # Errors
    /// [`Kind::Key`] when a site's certificate cannot be read, [`Kind::Input`] when there is no user, or a
    /// site is no bare host or stands twice.
    pub fn with(config: Config) -> Result<Self, Error> {
        Self::pinned(config, Arc::new(SystemClock), Box::new(SystemRandomness))
    }

    /// An emulator whose clock and randomness are given, for tests.
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub fn pinned(
        config: Config,
        clock: Arc<dyn Clock>,
        randomness: Box<dyn Randomness>,
    ) -> Result<Self, Error> {
        if config.user.is_empty() {
            return Err(Error::input("user", "expected at least one user, got none"));
        }
        let mut state = State::new(config, randomness);
        state.register()?;
        Ok(Self::assemble(state, clock))
    }

    fn assemble(state: State, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                journal: Mutex::default(),
                clock,
            }),
        }
    }

    /// Answers one request as of `now`.
    ///
    /// The target is absolute, or a path with a `Host` header.
    pub fn handle(&self, now: Timestamp, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let (host, answer) = match Seen::of(request) {
            Ok(seen) => {
                let answer = self.route(now, &seen);
                (seen.host, answer)
            }
            Err(problem) => (
                String::new(),
                Answer::text(StatusCode::BAD_REQUEST, problem).because(problem),
            ),
        };
        let entry = Entry::new(
            request.method().as_str(),
            &host,
            request.uri().path(),
            answer.response.status(),
            answer.reason.as_deref(),
        );
        let observer = lock(&self.shared.journal).write(entry.clone());
        if let Some(observer) = observer {
            observer(&entry);
        }
        *answer.response
    }

    fn route(&self, now: Timestamp, seen: &Seen<'_>) -> Answer {
        let state = &mut *lock(&self.shared.state);
        if let Some(answer) = era::retired(state.config.era, seen) {
            return answer;
        }
        match seen.service {
            Service::Accounts => clientlogin::answer(state, seen, now)
                .or_else(|| oauth1::answer(state, seen, now))
                .unwrap_or_else(|| authsub::answer(state, seen, now)),
            Service::OAuth2 => oauth2::answer(state, seen, now),
            Service::Reader => clientlogin::reader(state, seen, now),
            Service::YouTube => youtube::answer(state, seen, now),
            Service::YouTubeV3 => youtube_v3::answer(state, seen, now),
            Service::Calendar => calendar::answer(state, seen, now),
            Service::Contacts => contacts::answer(state, seen, now),
            Service::Front => oauth2::ping(seen)
                .unwrap_or_else(|| Answer::page(StatusCode::OK, consent::front_page(&seen.base()))),
            Service::Unknown => Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
                .because("no service is played at this host and path"),
        }
    }

    /// What a browser does that follows a link once: the address it is sent to.
    ///
    /// # Errors
    /// [`Kind::Reply`] when the answer is no redirect, which is so while the consent page asks.
    pub fn browse(&self, address: &str) -> Result<String, Error> {
        let request = http::Request::get(address)
            .body(Bytes::new())
            .map_err(|cause| Error::input("address", "expected an address").caused_by(cause))?;
        let answer = self.handle(self.shared.clock.now(), &request);
        let location = answer.headers().get(http::header::LOCATION);
        location
            .and_then(|location| location.to_str().ok())
            .map(str::to_owned)
            .ok_or_else(|| {
                Error::reply(
                    "location",
                    format_args!("expected a redirect, got {}", answer.status().as_u16()),
                )
            })
    }

    /// A session token of the first user for `www.example.com`, as if consent and exchange had been.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `scope`, when it is no scope.
    pub fn issue_session_token(&self, scope: &str) -> Result<Secret, Error> {
        self.issue("www.example.com", scope, false)
    }

    /// A secure session token for a registered site.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `scope` when it is no scope, or `site` when it is not registered.
    pub fn issue_secure_session_token(&self, site: &str, scope: &str) -> Result<Secret, Error> {
        if !lock(&self.shared.state).sites.contains_key(site) {
            return Err(Error::input("site", "expected a registered site"));
        }
        self.issue(site, scope, true)
    }

    /// An access token of OAuth 2.0 for `email`, as if that user had consented to `scopes`. An address that
    /// is no user's stands for a service account.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `email` when it is empty, or `scope` when there is none or one is no name.
    pub fn issue_access_token(
        &self,
        email: &str,
        scopes: &str,
        lifetime_seconds: u64,
    ) -> Result<Secret, Error> {
        if email.is_empty() {
            return Err(Error::input("email", "expected an address, got none"));
        }
        let scopes = ScopeNames::parse(scopes)?;
        if scopes.is_empty() {
            return Err(Error::input("scope", "expected at least one name"));
        }
        let now = self.shared.clock.now();
        let lifetime = std::time::Duration::from_secs(lifetime_seconds);
        let state = &mut *lock(&self.shared.state);
        let token = oauth2::issue(state, email, &scopes, lifetime, now);
        Ok(Secret::new(token))
    }

    fn issue(&self, site: &str, scope: &str, secure: bool) -> Result<Secret, Error> {
        let scopes = ScopeSet::parse(scope)?;
        let state = &mut *lock(&self.shared.state);
        authsub::issue_session(state, site, scopes, secure)
            .map(Secret::new)
            .ok_or_else(full)
    }

    /// The last 1,000 answers, oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<Entry> {
        lock(&self.shared.journal).entries()
    }

    /// Shows every answer to `observer` as it is given, on the thread that answers.
    #[must_use]
    pub fn observed(self, observer: impl Fn(&Entry) + Send + Sync + 'static) -> Self {
        lock(&self.shared.journal).observe(Arc::new(observer));
        self
    }
}

impl Default for Emulator {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Emulator")
    }
}

impl Transport for Emulator {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let answer = self.handle(self.shared.clock.now(), &request);
        Box::pin(std::future::ready(Ok(answer)))
    }
}

fn full() -> Error {
    Error::new(Kind::Refused, "the emulator holds as many tokens as it can")
}

/// A panic cannot leave the state half changed where it matters: each change is one insertion.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
