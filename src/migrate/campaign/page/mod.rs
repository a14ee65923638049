//! The page that an invitation leads to, as a [`Transport`], so that [`serve`](crate::serve) puts it on a socket.
//!
//! ```text
//! GET  /i/ID      what is asked, and why; a cookie for this browser            opened
//! POST /start     PKCE, state, nonce, login_hint: 303 to the server
//! POST /decline   without the server                                           declined
//! GET  redirect   cookie and state; code, account, store: 303 to /result       consented, partial, declined, wrong
//! GET  /result    what came of it; its address holds nothing
//! ```
//!
//! In this order each request is looked at: how many there are, the `Host` (a page elsewhere may have a name that leads
//! here), whether a form came from this page. Reading a link decides nothing: programs that look at mail do that too.

mod answer;
mod back;
mod desk;
mod html;
mod limit;
mod session;
pub(super) mod words;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderValue, Request, Response};
use serde_json::{Map, Value};

use self::{limit::Bucket, session::Sessions};
use super::{book::Campaign, settings::Settings};
use crate::{
    error::{Error, Kind},
    scheme::oauth2::{Client, Jwks},
    store::TokenStore,
    system::{Clock, Randomness, SystemClock, SystemRandomness},
    time::Timestamp,
    transport::{Transport, TransportError},
    wire::origin::Origin,
};

/// The page of a campaign. Clones share one campaign.
///
/// # Security
/// It is meant for loopback, or for a proxy with TLS before it: what it serves is told by the campaign's origin, and
/// requests for another `Host` are refused. Nothing of a link, a code or a token is in an event.
///
/// # Panics
/// Outside a tokio runtime, because files are written on its threads for that.
#[derive(Clone)]
pub struct InvitationPage(Arc<Desk>);

/// What happened on the page, for a log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageEvent {
    /// The user; `None` where it is nobody's link.
    pub email: Option<String>,
    /// What happened, in a few words.
    pub what: String,
}

impl fmt::Display for PageEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.email {
            Some(email) => write!(f, "{email}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

type Observer = Arc<dyn Fn(&PageEvent) + Send + Sync>;

struct Desk {
    campaign: Mutex<Campaign>,
    settings: Settings,
    origin: Origin,
    client: Client,
    server: Origin,
    policy: HeaderValue,
    store: Arc<dyn TokenStore>,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    sessions: Mutex<Sessions>,
    requests: Mutex<Bucket>,
    keys: Mutex<Option<(Jwks, Timestamp)>>,
    beside: Map<String, Value>,
    observer: Option<Observer>,
}

impl InvitationPage {
    /// How many requests may come at once, and how many milliseconds one more takes.
    const REQUESTS: (u32, u64) = (400, 10);
    /// How long the server's keys are kept where it does not say.
    const KEYS_SECONDS: u64 = 300;

    /// The page of a campaign: users consent to `client`, and their grants are kept in `store`.
    ///
    /// What was kept in an earlier run and not written down any more, because of a crash, is written down now.
    ///
    /// # Errors
    /// [`Kind::Input`] when `client` is another than the campaign's, and what the store and the file say.
    pub fn new(
        campaign: Campaign,
        client: Client,
        store: Arc<dyn TokenStore>,
        transport: impl Transport + 'static,
    ) -> Result<Self, Error> {
        let settings = campaign.settings().clone();
        settings.check_client(&client)?;
        let server = Origin::of(client.provider().authorization_endpoint()?)?;
        let policy = HeaderValue::try_from(html::policy(&server.to_string()))
            .map_err(|_| Error::input("issuer", "expected an origin that a header can carry"))?;
        let (burst, every) = Self::REQUESTS;
        let desk = Desk {
            origin: Origin::of(settings.origin())?,
            campaign: Mutex::new(campaign),
            settings,
            client,
            server,
            policy,
            store,
            transport: Arc::new(transport),
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            sessions: Mutex::default(),
            requests: Mutex::new(Bucket::new(burst, every)),
            keys: Mutex::default(),
            beside: Map::new(),
            observer: None,
        };
        desk.recover()?;
        Ok(Self(Arc::new(desk)))
    }

    /// By another clock and other randomness. Before anything is served.
    #[must_use]
    pub fn pinned(self, clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        self.with(|desk| {
            desk.clock = clock;
            desk.randomness = randomness;
        })
    }

    /// Keeps a field of the caller's own with every grant. Before anything is served.
    #[must_use]
    pub fn keeping(self, name: impl Into<String>, value: Value) -> Self {
        self.with(|desk| {
            desk.beside.insert(name.into(), value);
        })
    }

    /// Hears of what happens. Before anything is served.
    #[must_use]
    pub fn observed(self, observer: impl Fn(&PageEvent) + Send + Sync + 'static) -> Self {
        self.with(|desk| desk.observer = Some(Arc::new(observer)))
    }

    /// Answers so many requests at once, and one more every so many milliseconds. Before anything is served.
    #[must_use]
    pub fn limited_to(self, burst: u32, every_milliseconds: u64) -> Self {
        self.with(|desk| desk.requests = Mutex::new(Bucket::new(burst, every_milliseconds)))
    }

    /// Nothing is changed once clones are out.
    fn with(mut self, change: impl FnOnce(&mut Desk)) -> Self {
        if let Some(desk) = Arc::get_mut(&mut self.0) {
            change(desk);
        }
        self
    }

    /// The campaign, to look at or to go on with.
    pub fn campaign(&self) -> MutexGuard<'_, Campaign> {
        lock(&self.0.campaign)
    }
}

impl Transport for InvitationPage {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move { Ok(Desk::answer(&self.0, &request).await) })
    }
}

impl fmt::Debug for InvitationPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvitationPage")
            .field("origin", &self.0.settings.origin())
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// Work on files, on a thread for that.
    async fn blocking<R: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<R, Error> + Send + 'static,
    ) -> Result<R, Error> {
        let desk = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&desk))
            .await
            .unwrap_or_else(|cause| {
                Err(
                    Error::new(Kind::Transport, "a thread that wrote a file ended")
                        .caused_by(cause),
                )
            })
    }

    fn tell(&self, email: Option<String>, what: &str) {
        if let Some(observer) = &self.observer {
            observer(&PageEvent {
                email,
                what: what.to_owned(),
            });
        }
    }
}

/// A poisoned lock still holds whole values: each is changed in one step, and the file is the judge.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
