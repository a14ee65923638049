//! The two sides behind one transport.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use arc_swap::ArcSwap;
use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Method, Request, Response, StatusCode};

use super::{
    compare::{Compare, Difference},
    counters::{Counters, Fate},
    rules::{Choice, FallBack, Rules, Side},
};
use crate::{
    system::{Clock, SystemClock},
    transport::{Mishap, Transport, TransportError},
};

/// What all users of a dual run share. Clones share it too.
///
/// # Examples
/// Roll back while calls are under way:
/// ```
/// use gdata_auth::migrate::dual::{DualRun, Override, Rules};
///
/// let run = DualRun::new(Rules::new(Vec::new())?);
/// run.set_override(Override::Old);
/// assert_eq!(run.override_now(), Override::Old);
/// run.set_override(Override::None);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct DualRun(Arc<Shared>);

/// The one setting that stands above all rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Override {
    /// The rules hold.
    #[default]
    None,
    /// Everything by the old credential: rolled back.
    Old,
    /// Everything by the new credential, without a fall-back.
    New,
}

/// How the two answers to one call differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShadowReport {
    /// The user.
    pub user: String,
    /// The feed, as it is counted.
    pub feed: String,
    /// The method.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
    /// Whose answer was returned.
    pub returned: Side,
    /// The fields; empty when the answers say the same.
    pub differences: Vec<Difference>,
}

type Report = Arc<dyn Fn(&ShadowReport) + Send + Sync>;
type Translate = Arc<dyn Fn(Request<Bytes>) -> Request<Bytes> + Send + Sync>;

struct Shared {
    rules: ArcSwap<Rules>,
    setting: AtomicU8,
    counters: Counters,
    compare: Compare,
    shadows_writes: bool,
    report: Option<Report>,
    clock: Arc<dyn Clock>,
}

impl DualRun {
    /// A run by these rules, which counts the feeds that they name.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let counters = Counters::of(rules.feeds());
        Self(Arc::new(Shared {
            rules: ArcSwap::from_pointee(rules),
            setting: AtomicU8::new(0),
            counters,
            compare: Compare::new(),
            shadows_writes: false,
            report: None,
            clock: Arc::new(SystemClock),
        }))
    }

    /// Counts these feeds. Before clones are out, as all that begins with `with`.
    #[must_use]
    pub fn with_counters(self, counters: Counters) -> Self {
        self.with(|shared| shared.counters = counters)
    }

    /// Compares by other rules.
    #[must_use]
    pub fn with_compare(self, compare: Compare) -> Self {
        self.with(|shared| shared.compare = compare)
    }

    /// Hears how answers differ.
    #[must_use]
    pub fn with_report(self, report: impl Fn(&ShadowReport) + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.report = Some(Arc::new(report)))
    }

    /// By another clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        self.with(|shared| shared.clock = clock)
    }

    /// Calls both sides for writing calls too.
    ///
    /// # Security
    /// Then each video is uploaded twice, each entry made and each deleted twice. For a server of one's own only.
    #[must_use]
    pub fn dangerously_shadow_writes(self) -> Self {
        self.with(|shared| shared.shadows_writes = true)
    }

    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            change(shared);
        }
        self
    }

    /// Goes by other rules from the next call on.
    pub fn set_rules(&self, rules: Rules) {
        self.0.rules.store(Arc::new(rules));
    }

    /// Puts one setting above all rules from the next call on: [`Override::Old`] rolls back.
    pub fn set_override(&self, setting: Override) {
        let number = match setting {
            Override::None => 0,
            Override::Old => 1,
            Override::New => 2,
        };
        self.0.setting.store(number, Ordering::Relaxed);
    }

    /// What stands above the rules.
    #[must_use]
    pub fn override_now(&self) -> Override {
        match self.0.setting.load(Ordering::Relaxed) {
            1 => Override::Old,
            2 => Override::New,
            _ => Override::None,
        }
    }

    /// What has been counted.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// A client of one user over both sides.
    #[must_use]
    pub fn client<N: Transport, O: Transport>(
        &self,
        user: impl Into<String>,
        new: N,
        old: O,
    ) -> DualClient<N, O> {
        DualClient {
            run: self.clone(),
            user: user.into(),
            new,
            old,
            translate: None,
        }
    }

    fn choose(&self, user: &str, address: &str) -> Choice {
        let alone = |side| Choice {
            side,
            fall_back: FallBack::Never,
            shadow: false,
        };
        match self.override_now() {
            Override::Old => alone(Side::Old),
            Override::New => alone(Side::New),
            Override::None => self.0.rules.load().choose(user, address),
        }
    }
}

impl fmt::Debug for DualRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DualRun")
            .field("override", &self.override_now())
            .finish_non_exhaustive()
    }
}

/// One user's calls, by the new credential or the old. A [`Transport`]; made by [`DualRun::client`].
///
/// # Examples
/// ```
/// # #[cfg(feature = "emulator")] {
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use bytes::Bytes;
/// use gdata_auth::{
///     Transport, authsub::SessionToken, client::AuthorizedClient, emulator::Emulator,
///     migrate::dual::{DualRun, FallBack, Rule, Rules, Side}, oauth2::AccessToken,
/// };
///
/// let google = Emulator::new();
/// let old = google.issue_session_token("http://gdata.youtube.com/feeds/")?;
/// let old = AuthorizedClient::new(google.clone(), SessionToken::new(old)?);
/// let new = AuthorizedClient::new(google, AccessToken::new("ya29.revoked")?);
///
/// let rule = Rule::new(Side::New).falling_back(FallBack::WhenRefused);
/// let run = DualRun::new(Rules::new(vec![rule.of_feed("https://gdata.youtube.com/feeds/")])?);
/// let client = run.client("ann@example.com", new, old);
///
/// let uploads = "http://gdata.youtube.com/feeds/api/users/default/uploads";
/// let answer = client.send(http::Request::get(uploads).body(Bytes::new())?).await?;
/// assert_eq!(answer.status(), 200);
/// assert_eq!(run.counters().snapshot().total().fallback, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?; }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct DualClient<N, O> {
    run: DualRun,
    user: String,
    new: N,
    old: O,
    translate: Option<Translate>,
}

type Answer = Result<Response<Bytes>, TransportError>;

impl<N: Transport, O: Transport> DualClient<N, O> {
    /// Turns each request into the one that the successor understands: another address, JSON in place of XML. The
    /// caller then gets the successor's answers where the new side is preferred.
    #[must_use]
    pub fn asking_new_by(
        mut self,
        translate: impl Fn(Request<Bytes>) -> Request<Bytes> + Send + Sync + 'static,
    ) -> Self {
        self.translate = Some(Arc::new(translate));
        self
    }

    async fn ask(&self, side: Side, request: Request<Bytes>) -> Answer {
        match (side, &self.translate) {
            (Side::New, Some(translate)) => self.new.send(translate(request)).await,
            (Side::New, None) => self.new.send(request).await,
            (Side::Old, _) => self.old.send(request).await,
        }
    }

    async fn deliver(&self, request: Request<Bytes>) -> Answer {
        let shared = &self.run.0;
        let address = request.uri().to_string();
        let choice = self.run.choose(&self.user, &address);
        let feed = shared.counters.feed(&address).to_owned();
        let safe = matches!(*request.method(), Method::GET | Method::HEAD);
        let (answer, fate) = if choice.shadow && (safe || shared.shadows_writes) {
            self.both(choice, request, &feed, safe).await
        } else {
            self.one(choice, request, safe).await
        };
        shared.counters.count(&feed, fate, shared.clock.now());
        answer
    }

    async fn one(&self, choice: Choice, request: Request<Bytes>, safe: bool) -> (Answer, Fate) {
        let first = self.ask(choice.side, request.clone()).await;
        if choice.side == Side::Old || !falls_back(choice.fall_back, &first, safe) {
            let fate = fate_of(&first, Fate::Answered(choice.side));
            return (first, fate);
        }
        let second = self.ask(Side::Old, request).await;
        match (&first, &second) {
            // The refusal of the new side says more than an old side that cannot be reached.
            (Ok(_), Err(_)) => (first, Fate::Failed),
            _ => {
                let fate = fate_of(&second, Fate::FellBack);
                (second, fate)
            }
        }
    }

    /// Asks both at once, and returns the answer of the preferred one, or by rule that of the other.
    async fn both(
        &self,
        choice: Choice,
        request: Request<Bytes>,
        feed: &str,
        safe: bool,
    ) -> (Answer, Fate) {
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let (new, old) = futures_util::future::join(
            self.ask(Side::New, request.clone()),
            self.ask(Side::Old, request),
        )
        .await;
        let shared = &self.run.0;
        let differences = match (&new, &old) {
            (Ok(new), Ok(old)) => shared.compare.differences(new, old),
            (new, old) => {
                let shown = |answer: &Answer| match answer {
                    Ok(answer) => answer.status().as_u16().to_string(),
                    Err(cause) => cause.to_string(),
                };
                vec![Difference {
                    field: "status".to_owned(),
                    new: shown(new),
                    old: shown(old),
                }]
            }
        };
        shared.counters.compared(feed, differences.is_empty());
        let fell =
            choice.side == Side::New && falls_back(choice.fall_back, &new, safe) && old.is_ok();
        let returned = if fell { Side::Old } else { choice.side };
        if let Some(report) = &shared.report {
            report(&ShadowReport {
                user: self.user.clone(),
                feed: feed.to_owned(),
                method,
                path,
                returned,
                differences,
            });
        }
        let (answer, fate) = match (returned, fell) {
            (Side::New, _) => (new, Fate::Answered(Side::New)),
            (Side::Old, true) => (old, Fate::FellBack),
            (Side::Old, false) => (old, Fate::Answered(Side::Old)),
        };
        let fate = fate_of(&answer, fate);
        (answer, fate)
    }
}

impl<N: Transport, O: Transport> Transport for DualClient<N, O> {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Answer> {
        Box::pin(self.deliver(request))
    }
}

impl<N, O> fmt::Debug for DualClient<N, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DualClient")
            .field("user", &self.user)
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

/// Whether the old side is asked after what the new one said.
fn falls_back(rule: FallBack, answer: &Answer, safe: bool) -> bool {
    let refused = match answer {
        Ok(answer) => is_refusal(answer.status()),
        // Nothing was sent: the credential could not be put onto the request.
        Err(cause) => cause.mishap() == Mishap::Request,
    };
    match rule {
        FallBack::Never => false,
        FallBack::WhenRefused => refused,
        FallBack::WhenRefusedOrUnreachable => refused || (safe && answer.is_err()),
    }
}

fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

fn fate_of(answer: &Answer, answered: Fate) -> Fate {
    match answer {
        Ok(answer) if !is_refusal(answer.status()) => answered,
        _ => Fate::Failed,
    }
}
