//! One token at hand, and one refresh at a time.
//!
//! ```text
//! authorize ─▶ fresh? put it on                                      no lock, no allocation
//! token ─────▶ fresh? ─▶ it
//!              flight under way? still good ─▶ the old one; else wait for the flight
//!              no flight ─▶ start one; all who come meanwhile share its outcome, good or bad
//! ```
//!
//! A flight belongs to the source and not to whoever started it: when that one goes away, the next one drives it on, so
//! a refresh token that was rotated meanwhile is not lost (oauth2.md 3.2). [`Cached::driving`] hands flights to a
//! runtime instead.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwapOption;
use futures_core::future::BoxFuture;
use futures_util::{FutureExt, future::Shared};
use http::request::Parts;

use super::{Generation, Issued, TokenSource, margins::Margins};
use crate::{
    error::{Advice, Error},
    scheme::oauth2::AccessToken,
    system::{Clock, Randomness, SystemClock, SystemRandomness},
    time::Timestamp,
};

/// How to get a new access token.
pub trait FetchToken: Send + Sync + fmt::Debug + 'static {
    /// Gets one; never `rejected`, which a server has refused.
    fn fetch<'a>(
        &'a self,
        rejected: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>>;
}

/// Takes a flight over, to drive it on whether or not anyone waits for it.
type Drive = dyn Fn(BoxFuture<'static, ()>) + Send + Sync;

/// A [`TokenSource`] over any way to fetch a token. Clones share the token.
///
/// # Examples
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use std::{future::ready, sync::Arc};
///
/// use futures_core::future::BoxFuture;
/// use gdata_auth::{Error, client::{Cached, FetchToken, TokenSource}, oauth2::AccessToken};
///
/// /// A token of a vault of your own.
/// #[derive(Debug)]
/// struct Vault;
///
/// impl FetchToken for Vault {
///     fn fetch<'a>(&'a self, _: Option<&'a AccessToken>) -> BoxFuture<'a, Result<AccessToken, Error>> {
///         Box::pin(ready(AccessToken::new("ya29.from-the-vault")))
///     }
/// }
///
/// let source = Cached::new(Vault);
/// assert_eq!(source.token().await?.token.secret().expose(), "ya29.from-the-vault");
/// # Ok::<(), Error>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Cached<F>(Arc<Core<F>>);

struct Core<F> {
    fetch: F,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    drive: Option<Box<Drive>>,
    slot: ArcSwapOption<Slot>,
    /// The newest generation that was rejected.
    rejected: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct Slot {
    issued: Arc<Issued>,
    margins: Margins,
}

#[derive(Default)]
struct State {
    flight: Option<Flight>,
    generation: u64,
    /// After a failure: not before this moment, unless the token is of no use any more.
    not_before: Option<Timestamp>,
    /// The server's own `Retry-After`, which holds in any case, and what it said.
    told_to_wait: Option<(Timestamp, Error)>,
}

type Flight = Shared<BoxFuture<'static, Result<Arc<Issued>, Error>>>;

/// How long a failed early refresh is left alone, when the server does not say.
const PAUSE: Duration = Duration::from_secs(10);

impl<F: FetchToken> Cached<F> {
    /// A source without a token yet.
    pub fn new(fetch: F) -> Self {
        Self::pinned(fetch, Arc::new(SystemClock), Arc::new(SystemRandomness))
    }

    /// With a clock and randomness of the caller's.
    pub fn pinned(fetch: F, clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        Self(Arc::new(Core {
            fetch,
            clock,
            randomness,
            drive: None,
            slot: ArcSwapOption::empty(),
            rejected: AtomicU64::new(0),
            state: Mutex::default(),
        }))
    }

    /// Hands each refresh to a runtime, such as `|refresh| { tokio::spawn(refresh); }`, so that it goes on although
    /// nobody waits for it. Before the source is cloned.
    #[must_use]
    pub fn driving(
        mut self,
        drive: impl Fn(BoxFuture<'static, ()>) + Send + Sync + 'static,
    ) -> Self {
        if let Some(core) = Arc::get_mut(&mut self.0) {
            core.drive = Some(Box::new(drive));
        }
        self
    }

    /// The way to fetch a token.
    #[must_use]
    pub fn inner(&self) -> &F {
        &self.0.fetch
    }

    /// Gets a new token ahead of time if it is due; for a program that would rather do this in the background.
    ///
    /// # Errors
    /// As [`TokenSource::token`].
    pub async fn refresh_if_due(&self) -> Result<(), Error> {
        self.token().await.map(|_| ())
    }
}

impl<F: FetchToken> Core<F> {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is one assignment, so a panic leaves it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_rejected(&self, slot: &Slot) -> bool {
        slot.issued.generation.0 <= self.rejected.load(Ordering::Acquire)
    }

    /// The token, if nothing speaks against using it.
    fn usable(&self, now: Timestamp) -> Option<Arc<Slot>> {
        let slot = self.slot.load_full()?;
        (now < slot.margins.block_at && !self.is_rejected(&slot)).then_some(slot)
    }

    fn start(self: &Arc<Self>, state: &mut State) -> Flight {
        let core = Arc::clone(self);
        let flight = async move { core.fly().await }.boxed().shared();
        state.flight = Some(flight.clone());
        if let Some(drive) = &self.drive {
            drive(flight.clone().map(|_| ()).boxed());
        }
        flight
    }

    async fn fly(&self) -> Result<Arc<Issued>, Error> {
        let before = self.slot.load_full();
        let rejected = before.filter(|slot| self.is_rejected(slot));
        let rejected = rejected.as_ref().map(|slot| &slot.issued.token);
        let outcome = self.fetch.fetch(rejected).await;
        let now = self.clock.now();
        let mut state = self.lock();
        state.flight = None;
        match outcome {
            Ok(token) => {
                state.generation += 1;
                state.not_before = None;
                state.told_to_wait = None;
                let mut jitter = [0; 2];
                self.randomness.fill(&mut jitter);
                let margins = Margins::of(token.expires_at(), now, u16::from_be_bytes(jitter));
                let issued = Arc::new(Issued {
                    token,
                    generation: Generation(state.generation),
                });
                self.slot.store(Some(Arc::new(Slot {
                    issued: Arc::clone(&issued),
                    margins,
                })));
                Ok(issued)
            }
            Err(error) => {
                let after = match error.advice() {
                    Advice::Retry { after } if error.is_transient() => after,
                    _ => None,
                };
                state.not_before = Some(now.after(after.unwrap_or(PAUSE)));
                state.told_to_wait = after.map(|after| (now.after(after), error.clone()));
                Err(error)
            }
        }
    }

    async fn get(self: &Arc<Self>) -> Result<Arc<Issued>, Error> {
        let now = self.clock.now();
        let usable = self.usable(now);
        if let Some(slot) = &usable
            && now < slot.margins.refresh_at
        {
            return Ok(Arc::clone(&slot.issued));
        }
        let flight = {
            let mut state = self.lock();
            // Another one may have landed since.
            let usable = self.usable(now);
            if let Some(slot) = &usable {
                let fresh = now < slot.margins.refresh_at;
                let paused = state.not_before.is_some_and(|moment| now < moment);
                if fresh || paused || state.flight.is_some() {
                    return Ok(Arc::clone(&slot.issued));
                }
            }
            match (&state.flight, &state.told_to_wait) {
                (Some(flight), _) => flight.clone(),
                (None, Some((moment, error))) if now < *moment => return Err(error.clone()),
                (None, _) => self.start(&mut state),
            }
        };
        match flight.await {
            Ok(issued) => Ok(issued),
            // A token that is still good survives a refresh that failed.
            Err(error) => match self.usable(self.clock.now()) {
                Some(slot) => Ok(Arc::clone(&slot.issued)),
                None => Err(error),
            },
        }
    }
}

impl<F: FetchToken> TokenSource for Cached<F> {
    fn authorize(&self, parts: &mut Parts) -> Option<Generation> {
        let core = &*self.0;
        let slot = core.slot.load();
        let slot = slot.as_ref()?;
        if core.clock.now() >= slot.margins.refresh_at || core.is_rejected(slot) {
            return None;
        }
        slot.issued.token.authorize(parts);
        Some(slot.issued.generation)
    }

    fn token(&self) -> BoxFuture<'_, Result<Arc<Issued>, Error>> {
        Box::pin(self.0.get())
    }

    fn reject(&self, generation: Generation) {
        self.0.rejected.fetch_max(generation.0, Ordering::AcqRel);
    }
}

impl<F> Clone for Cached<F> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<F: fmt::Debug> fmt::Debug for Cached<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cached").field(&self.0.fetch).finish()
    }
}
