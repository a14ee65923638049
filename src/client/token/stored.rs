//! A refresh token that is kept in a store, and shared with other processes.
//!
//! ```text
//! load ─▶ dead? say why         lease ─▶ load again: has another process refreshed? use its token
//!    └──▶ fresh? use it                └▶ call ─▶ granted         ─▶ put; on conflict look again
//!                                              ├─ invalid_grant   ─▶ load once more: another refresh token? try that
//!                                              │                     else mark it dead, with the reason
//!                                              └─ may pass        ─▶ pause, call again; nothing is lost
//! ```
//!
//! A rotated refresh token that could not be written is kept in memory and written before anything else
//! (oauth2.md 3.3).

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_core::future::BoxFuture;

use super::{cached::FetchToken, margins::Margins};
use crate::{
    client::upload::{Backoff, Retry},
    error::{Advice, Error, Kind},
    scheme::oauth2::{AccessToken, Client, Diagnosis, Evidence, Refusal, TokenReply},
    secret::Secret,
    store::{GrantKey, Lease, Put, StoredAccess, StoredGrant, TokenStore, Version},
    system::{Clock, SystemClock},
    time::Timestamp,
    trace,
    transport::{Transport, run},
};

/// Refreshes a grant of a [`TokenStore`].
///
/// # Examples
/// ```
/// # #[cfg(feature = "emulator")] {
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use std::sync::Arc;
///
/// use gdata_auth::{
///     Timestamp, client::{AuthorizedClient, Cached, StoredToken}, emulator::{Config, Consent, Emulator},
///     oauth2::{Client, Redirect}, run, scope::ScopeNames, store::MemoryStore,
/// };
/// # use gdata_auth::{client::{grant_key, keep_consent}, system::{self, Clock, SystemClock, SystemRandomness}};
///
/// let google = Emulator::with(Config::new().with_consent(Consent::Allow))?;
/// let app = Client::installed("1234.apps.googleusercontent.com")?;
/// let store = Arc::new(MemoryStore::new());
/// let key = grant_key(&app, "ann@example.com")?;
/// # let now = SystemClock.now();
/// # let pending = app.authorize("http://127.0.0.1:49152/")
/// #     .scopes(ScopeNames::parse("https://www.googleapis.com/auth/youtube")?)
/// #     .begin(&system::random(&SystemRandomness), now)?;
/// # let back = google.browse(pending.link())?;
/// # let authorized = run(&pending.finish(&app, &Redirect::parse(&back)?, now)?, &google).await?;
/// // After the consent, once:
/// keep_consent(&*store, &key, &authorized, now)?;
///
/// // Ever after:
/// let source = Cached::new(StoredToken::new(app, store, key, google.clone()));
/// let client = AuthorizedClient::with_source(google, source);
/// let mine = http::Request::get("https://www.googleapis.com/youtube/v3/channels?part=id&mine=true")
///     .body(bytes::Bytes::new())?;
/// assert_eq!(client.request(mine).await?.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?; }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct StoredToken {
    client: Client,
    store: Arc<dyn TokenStore>,
    key: GrantKey,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    backoff: Option<Box<dyn Backoff>>,
    quota_project: Option<String>,
    /// What could not be written, and has to be before the next call.
    unsaved: Mutex<Option<StoredGrant>>,
}

/// How often a call that may pass is made again, where there is a [`Backoff`].
const RETRIES: u32 = 3;
/// How often another process is waited for, where there is a [`Backoff`].
const LEASE_TRIES: u32 = 100;
/// For how long a lease is taken, and held on to before each call.
const LEASE: Duration = Duration::from_secs(60);
/// How long a caller is told to wait for another process.
const BUSY: Duration = Duration::from_secs(1);

impl StoredToken {
    /// The grant `key` of `store`, refreshed as `client` over `transport`.
    pub fn new(
        client: Client,
        store: impl TokenStore + 'static,
        key: GrantKey,
        transport: impl Transport + 'static,
    ) -> Self {
        Self {
            client,
            store: Arc::new(store),
            key,
            transport: Arc::new(transport),
            clock: Arc::new(SystemClock),
            backoff: None,
            quota_project: None,
            unsaved: Mutex::default(),
        }
    }

    /// With a clock of the caller's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Waits before a call that may pass is made again, and while another process is at it. Without, such a failure is
    /// told at once.
    #[must_use]
    pub fn with_backoff(mut self, backoff: impl Backoff + 'static) -> Self {
        self.backoff = Some(Box::new(backoff));
        self
    }

    /// Bills calls to a project.
    #[must_use]
    pub fn billed_to(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Whose grant it is.
    #[must_use]
    pub fn key(&self) -> &GrantKey {
        &self.key
    }

    fn load(&self) -> Result<(StoredGrant, Version), Error> {
        self.store.load(&self.key)?.ok_or_else(|| {
            Error::new(
                Kind::Expired,
                format!("{}: nothing is kept; ask for consent", self.key),
            )
        })
    }

    async fn get(&self, rejected: Option<&AccessToken>) -> Result<AccessToken, Error> {
        self.save_unsaved()?;
        let (grant, _) = self.load()?;
        if let Some(token) = self.at_hand(&grant, rejected)? {
            return Ok(token);
        }
        let mut lease = self.lease().await?;
        // Who had the lease before may have refreshed.
        let (grant, version) = self.load()?;
        if let Some(token) = self.at_hand(&grant, rejected)? {
            return Ok(token);
        }
        self.refresh(grant, version, &mut *lease).await
    }

    /// The access token that is kept, if it is good.
    fn at_hand(
        &self,
        grant: &StoredGrant,
        rejected: Option<&AccessToken>,
    ) -> Result<Option<AccessToken>, Error> {
        if let Some(death) = grant.dead() {
            return Err(Error::new(
                Kind::Revoked,
                format!(
                    "{}: the grant died at {} ({}); ask for consent",
                    self.key,
                    death.at(),
                    death.reason()
                ),
            ));
        }
        let Some(kept) = grant.access_token() else {
            return Ok(None);
        };
        let Some(end) = kept.expires_at() else {
            return Ok(None);
        };
        let received = grant.refreshed_at().unwrap_or(grant.obtained_at());
        let due = Margins::of(Some(end), received, 0).refresh_at;
        let refused = rejected.is_some_and(|token| token.secret() == kept.token());
        if self.clock.now() >= due || refused {
            return Ok(None);
        }
        self.billed(AccessToken::new(kept.token().clone())?.expiring_at(end))
            .map(Some)
    }

    fn billed(&self, token: AccessToken) -> Result<AccessToken, Error> {
        match &self.quota_project {
            Some(project) => token.billed_to(project),
            None => Ok(token),
        }
    }

    async fn lease(&self) -> Result<Box<dyn Lease>, Error> {
        for attempt in 1..=LEASE_TRIES {
            if let Some(lease) = self.store.lease(&self.key, LEASE)? {
                return Ok(lease);
            }
            let Some(backoff) = &self.backoff else {
                break;
            };
            backoff
                .pause(Retry {
                    attempt,
                    after: None,
                })
                .await;
        }
        Err(Error::new(
            Kind::Transport,
            format!("{}: another process is refreshing this grant", self.key),
        )
        .transient(true)
        .advising(Advice::Retry { after: Some(BUSY) }))
    }

    async fn refresh(
        &self,
        mut grant: StoredGrant,
        mut version: Version,
        lease: &mut dyn Lease,
    ) -> Result<AccessToken, Error> {
        let mut reread = false;
        loop {
            let Some(used) = grant.refresh_token().cloned() else {
                return Err(Error::new(
                    Kind::Expired,
                    format!(
                        "{}: the access token ended, and there is no refresh token; ask for consent with \
                         access_type=offline and prompt=consent",
                        self.key
                    ),
                ));
            };
            match self.call(&used, lease).await {
                Ok(reply) => return self.keep(grant, version, &used, &reply),
                Err(error) => {
                    let Some(refusal) = refused_grant(&error) else {
                        return Err(error);
                    };
                    // Another process may have rotated it, one that takes no leases.
                    let (newer, newer_version) = self.load()?;
                    if !reread && newer.refresh_token() != Some(&used) {
                        reread = true;
                        (grant, version) = (newer, newer_version);
                        continue;
                    }
                    return Err(self.bury(newer, &newer_version, refusal));
                }
            }
        }
    }

    /// One refresh, again while it may pass.
    async fn call(
        &self,
        refresh_token: &Secret,
        lease: &mut dyn Lease,
    ) -> Result<TokenReply, Error> {
        let call = self.client.refresh(refresh_token.clone(), None);
        let mut attempt = 0;
        loop {
            if !lease.renew(LEASE)? {
                return Err(Error::new(
                    Kind::Transport,
                    format!("{}: another process took the lease over", self.key),
                )
                .transient(true));
            }
            let span = trace::refresh(&self.key, attempt);
            let outcome = run(&call, &*self.transport).await;
            span.done(outcome.as_ref().err());
            let error = match outcome {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            attempt += 1;
            let Some(backoff) = self.backoff.as_ref().filter(|_| attempt <= RETRIES) else {
                return Err(error);
            };
            if !error.is_transient() {
                return Err(error);
            }
            let after = match error.advice() {
                Advice::Retry { after } => after,
                _ => None,
            };
            // A long wait is the caller's to decide on.
            if after.is_some_and(|after| after > LEASE) {
                return Err(error);
            }
            backoff.pause(Retry { attempt, after }).await;
        }
    }

    fn keep(
        &self,
        grant: StoredGrant,
        version: Version,
        used: &Secret,
        reply: &TokenReply,
    ) -> Result<AccessToken, Error> {
        let now = self.clock.now();
        let token = reply.received_at(now);
        let (mut grant, mut version) = (grant, version);
        loop {
            let renewed = renewed(grant, &token, used, reply, now);
            match self.store.put(&self.key, &renewed, Some(&version)) {
                Ok(Put::Stored(_)) => break,
                Ok(Put::Conflict) => {
                    let (newer, newer_version) = self.load()?;
                    // The user has consented anew meanwhile: theirs stays.
                    if newer.refresh_token() != Some(used) {
                        break;
                    }
                    (grant, version) = (newer, newer_version);
                }
                Err(error) => {
                    trace::unsaved(&self.key, &error);
                    *self.unsaved() = Some(renewed);
                    break;
                }
            }
        }
        self.billed(token)
    }

    fn unsaved(&self) -> std::sync::MutexGuard<'_, Option<StoredGrant>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what could not be written before, unless it has no newer refresh token than what is kept.
    fn save_unsaved(&self) -> Result<(), Error> {
        let waiting = self.unsaved().clone();
        let Some(grant) = waiting else {
            return Ok(());
        };
        let (kept, version) = self.load()?;
        let ours =
            kept.obtained_at() == grant.obtained_at() && kept.rotations() <= grant.rotations();
        if ours && let Put::Conflict = self.store.put(&self.key, &grant, Some(&version))? {
            return Err(Error::new(
                Kind::Transport,
                format!("{}: another process wrote at the same moment", self.key),
            )
            .transient(true));
        }
        *self.unsaved() = None;
        Ok(())
    }

    /// Marks a grant dead, unless it lives, and says what it most likely died of.
    fn bury(&self, grant: StoredGrant, version: &Version, refusal: Refusal) -> Error {
        let now = self.clock.now();
        let evidence = Evidence {
            consented_at: Some(grant.obtained_at()),
            last_used_at: grant.refreshed_at(),
            refresh_expires_at: grant.refresh_expires_at(),
            consents: grant.consents(),
            scopes: grant.granted().clone(),
            is_assertion: false,
        };
        let diagnosis = Diagnosis::of(refusal, &evidence, now);
        if diagnosis.is_dead() {
            let reason = diagnosis
                .likely()
                .first()
                .map_or("refused", |likely| likely.cause.sentence());
            let dead = grant.without_access_token().with_death(reason, now);
            // If it cannot be marked, the next one finds out for itself.
            let _ = self.store.put(&self.key, &dead, Some(version));
        }
        trace::dead(&self.key, &diagnosis);
        diagnosis.explain()
    }
}

/// What the server refused the grant with; `None` for any other failure.
fn refused_grant(error: &Error) -> Option<Refusal> {
    use std::error::Error as _;
    if error.kind() != Kind::Revoked {
        return None;
    }
    error.source()?.downcast_ref::<Refusal>().cloned()
}

/// The grant after a refresh: an answer without a refresh token leaves the one that is kept.
fn renewed(
    grant: StoredGrant,
    token: &AccessToken,
    used: &Secret,
    reply: &TokenReply,
    now: Timestamp,
) -> StoredGrant {
    let access = StoredAccess::new(token.secret().clone(), token.expires_at());
    let grant = grant.with_access_token(access).with_refreshed_at(now);
    let grant = match reply.scope() {
        Some(scope) => grant.with_granted(scope.clone()),
        None => grant,
    };
    let grant = match reply.refresh_lifetime() {
        Some(span) => grant.with_refresh_expires_at(now.after(span)),
        None => grant,
    };
    match reply.refresh_token() {
        Some(next) if next != used => grant.rotated_to(next.clone()),
        _ => grant,
    }
}

impl FetchToken for StoredToken {
    fn fetch<'a>(
        &'a self,
        rejected: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>> {
        Box::pin(self.get(rejected))
    }
}

impl fmt::Debug for StoredToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredToken")
            .field("key", &self.key)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}
