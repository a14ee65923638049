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

mod html;
mod limit;
mod session;
mod words;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use serde_json::{Map, Value};

use self::{
    html::Dead,
    limit::Bucket,
    session::{Session, Sessions},
};
use super::{
    book::{Admission, Campaign, Member},
    consent::{self, Outcome},
    settings::Settings,
    state::State,
};
use crate::{
    error::{Error, Kind},
    scheme::oauth2::{Authorized, Client, IdToken, Jwks, PendingAuthorization, Prompt, Redirect},
    store::TokenStore,
    system::{Clock, Randomness, SystemClock, SystemRandomness, random},
    time::Timestamp,
    transport::{Transport, TransportError, run},
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

/// What a request may come to.
enum Answered {
    Page(StatusCode, String),
    /// With a cookie for the browser.
    Known(String, String),
    Go(String),
    Dead(Dead),
}

impl Desk {
    async fn answer(self: &Arc<Self>, request: &Request<Bytes>) -> Response<Bytes> {
        let answered = match self.route(request).await {
            Ok(answered) => answered,
            Err(error) => {
                self.tell(None, &format!("trouble: {error}"));
                Answered::Dead(Dead::Trouble)
            }
        };
        self.print(answered)
    }

    async fn route(self: &Arc<Self>, request: &Request<Bytes>) -> Result<Answered, Error> {
        let now = self.clock.now();
        if !lock(&self.requests).take(now) {
            return Ok(Answered::Dead(Dead::Busy));
        }
        if !self.is_ours(request) {
            return Ok(Answered::Dead(Dead::Unknown));
        }
        let path = request.uri().path();
        let query = request.uri().query().unwrap_or_default();
        match (request.method(), path) {
            (&Method::GET, path) if path == self.settings.redirect_path() && !query.is_empty() => {
                self.come_back(request, now).await
            }
            (&Method::GET | &Method::HEAD, "/") => {
                Ok(Answered::Page(StatusCode::OK, html::front(&self.settings)))
            }
            (&Method::GET, "/result") => self.result(request, now),
            (&Method::POST, "/start" | "/decline") if !is_from_here(request, &self.origin) => {
                Ok(Answered::Dead(Dead::Foreign))
            }
            (&Method::POST, "/start") => self.start(request, now),
            (&Method::POST, "/decline") => self.decline(request, now).await,
            (method @ (&Method::GET | &Method::HEAD), path) => match path.strip_prefix("/i/") {
                Some(id) => {
                    let looks = method == Method::HEAD || is_prefetch(request);
                    self.invite(id, request, !looks, now).await
                }
                None => Ok(Answered::Dead(Dead::Unknown)),
            },
            _ => Ok(Answered::Dead(Dead::Unknown)),
        }
    }

    /// Whether the request names the campaign's own place.
    fn is_ours(&self, request: &Request<Bytes>) -> bool {
        let host = request.headers().get(header::HOST);
        let host = host.and_then(|host| host.to_str().ok());
        let host = host.or_else(|| Some(request.uri().authority()?.as_str()));
        let scheme = self.origin.scheme();
        host.and_then(|host| Origin::of(&format!("{scheme}://{host}")).ok())
            .is_some_and(|origin| origin == self.origin)
    }

    async fn invite(
        self: &Arc<Self>,
        id: &str,
        request: &Request<Bytes>,
        counts: bool,
        now: Timestamp,
    ) -> Result<Answered, Error> {
        let id = id.to_owned();
        let opened = self
            .blocking(move |desk| desk.open(&id, counts, now))
            .await?;
        let member = match opened {
            Ok(member) => member,
            Err(dead) => {
                self.tell(None, dead_words(dead));
                return Ok(Answered::Dead(dead));
            }
        };
        if member.standing.state == State::Consented {
            let page = html::already(&self.settings, &member);
            return Ok(Answered::Page(StatusCode::OK, page));
        }
        let page = html::invitation(&self.settings, &member, &self.server.host_header());
        if !counts {
            return Ok(Answered::Page(StatusCode::OK, page));
        }
        let round = member.standing.round;
        let mut sessions = lock(&self.sessions);
        // A second look in the same browser leaves what is under way alone.
        let known = self.cookie(request).is_some_and(|cookie| {
            sessions
                .find(&cookie, now)
                .is_some_and(|session| (session.serial, session.round) == (member.serial, round))
        });
        if known {
            return Ok(Answered::Page(StatusCode::OK, page));
        }
        let cookie = sessions.begin(member.serial, round, &*self.randomness, now);
        Ok(Answered::Known(cookie, page))
    }

    /// The user of a link, with the opening written down.
    fn open(&self, id: &str, counts: bool, now: Timestamp) -> Result<Result<Member, Dead>, Error> {
        let mut campaign = lock(&self.campaign);
        let mut member = match campaign.admit(id)? {
            None => return Ok(Err(Dead::Unknown)),
            Some(Admission::Replaced) => return Ok(Err(Dead::Replaced)),
            Some(Admission::Present(member)) => member,
        };
        if member.standing.state == State::Consented {
            return Ok(Ok(member));
        }
        if member.standing.has_ended(now) {
            if member.standing.at(now) == State::Expired && member.standing.state != State::Expired
            {
                let standing = member.standing.turned(State::Expired, now, "");
                campaign.change(member.number, standing)?;
            }
            return Ok(Err(Dead::Ended));
        }
        if counts {
            let mut standing = match member.standing.state {
                State::Invited => member.standing.turned(State::Opened, now, ""),
                _ => member.standing.clone(),
            };
            standing.openings = standing.openings.saturating_add(1);
            // Beyond that, a program opens it, and the disk need not hear of each time.
            if standing.openings <= MOST_OPENINGS {
                campaign.change(member.number, standing.clone())?;
                member.standing = standing;
                let email = member.invitee.email().to_owned();
                drop(campaign);
                self.tell(Some(email), "opened the link");
            }
        }
        Ok(Ok(member))
    }

    /// Sends the browser to the server.
    fn start(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Answered, Error> {
        let Some(cookie) = self.cookie(request) else {
            return Ok(Answered::Dead(Dead::Closed));
        };
        let member = {
            let mut sessions = lock(&self.sessions);
            let Some(session) = sessions.find(&cookie, now) else {
                return Ok(Answered::Dead(Dead::Closed));
            };
            if !session.begins.take(now) {
                return Ok(Answered::Dead(Dead::Busy));
            }
            match self.member_of(session, now)? {
                Ok(member) => member,
                Err(dead) => return Ok(Answered::Dead(dead)),
            }
        };
        let pending = self.ask(&member, now)?;
        let link = pending.link().to_owned();
        if let Some(session) = lock(&self.sessions).find(&cookie, now) {
            session.pending = Some(pending);
            session.outcome = None;
        }
        Ok(Answered::Go(link))
    }

    fn ask(&self, member: &Member, now: Timestamp) -> Result<PendingAuthorization, Error> {
        let mut request = self
            .client
            .authorize(self.settings.redirect_uri())
            .scopes(self.settings.scopes().clone())
            // A refresh token comes with it for certain then.
            .prompt(Prompt::Consent)
            .login_hint(member.invitee.subject().unwrap_or(member.invitee.email()))
            .lifetime(Duration::from_secs(Sessions::SECONDS));
        if let Some(domain) = self.settings.hosted_domain() {
            request = request.hosted_domain(domain);
        }
        if member.standing.state == State::WrongAccount {
            request = request.prompt(Prompt::SelectAccount);
        }
        request.begin(&random(&*self.randomness), now)
    }

    /// The user of a browser, if the link that it came by is still good.
    fn member_of(&self, session: &Session, now: Timestamp) -> Result<Result<Member, Dead>, Error> {
        let campaign = lock(&self.campaign);
        let Some(member) = campaign.member_of(session.serial)? else {
            return Ok(Err(Dead::Unknown));
        };
        Ok(if member.standing.round != session.round {
            Err(Dead::Replaced)
        } else if member.standing.has_ended(now) {
            Err(Dead::Ended)
        } else {
            Ok(member)
        })
    }

    async fn decline(
        self: &Arc<Self>,
        request: &Request<Bytes>,
        now: Timestamp,
    ) -> Result<Answered, Error> {
        let Some(cookie) = self.cookie(request) else {
            return Ok(Answered::Dead(Dead::Closed));
        };
        let member = match lock(&self.sessions).find(&cookie, now) {
            Some(session) => self.member_of(session, now)?,
            None => Err(Dead::Closed),
        };
        let member = match member {
            Ok(member) => member,
            Err(dead) => return Ok(Answered::Dead(dead)),
        };
        self.settle(cookie, member, Outcome::Declined, now).await
    }

    /// The browser is back from the server.
    async fn come_back(
        self: &Arc<Self>,
        request: &Request<Bytes>,
        now: Timestamp,
    ) -> Result<Answered, Error> {
        let Some(cookie) = self.cookie(request) else {
            return Ok(Answered::Dead(Dead::Closed));
        };
        let target = request.uri().path_and_query().map_or("", |it| it.as_str());
        let redirect = match Redirect::parse(&format!("{}{target}", self.settings.origin())) {
            Ok(redirect) => redirect,
            Err(_) => return Ok(Answered::Dead(Dead::Unknown)),
        };
        let (pending, member) = {
            let mut sessions = lock(&self.sessions);
            let Some(session) = sessions.find(&cookie, now) else {
                return Ok(Answered::Dead(Dead::Closed));
            };
            let answers = |pending: &mut PendingAuthorization| pending.is_answered_by(&redirect);
            match session.pending.take_if(answers) {
                Some(pending) => (pending, self.member_of(session, now)?),
                // The browser asked twice, or somebody guesses.
                None if session.outcome.is_some() => {
                    return Ok(Answered::Go(format!("{}/result", self.settings.origin())));
                }
                None => return Ok(Answered::Dead(Dead::Closed)),
            }
        };
        let member = match member {
            Ok(member) => member,
            Err(dead) => return Ok(Answered::Dead(dead)),
        };
        let outcome = match self.exchange(pending, &redirect, now).await {
            Ok((authorized, identity)) => {
                let kept = member.clone();
                self.blocking(move |desk| {
                    consent::conclude(
                        &*desk.store,
                        &desk.client,
                        &kept,
                        &authorized,
                        &identity,
                        &desk.beside,
                        now,
                    )
                })
                .await
                .unwrap_or_else(|error| Outcome::of(&error))
            }
            Err(error) => Outcome::of(&error),
        };
        self.settle(cookie, member, outcome, now).await
    }

    async fn exchange(
        &self,
        pending: PendingAuthorization,
        redirect: &Redirect,
        now: Timestamp,
    ) -> Result<(Authorized, IdToken), Error> {
        let exchange = pending.finish(&self.client, redirect, now)?;
        let authorized = run(&exchange, &self.transport).await?;
        let (keys, fresh) = self.keys(false, now).await?;
        let verify =
            |keys: &Jwks| consent::verified(&self.client, &self.settings, &authorized, keys, now);
        let identity = match verify(&keys) {
            // Servers change their keys.
            Err(error) if error.kind() == Kind::Signature && !fresh => {
                verify(&self.keys(true, now).await?.0)?
            }
            verified => verified?,
        };
        Ok((authorized, identity))
    }

    /// The server's keys, and whether they were fetched just now.
    async fn keys(&self, anew: bool, now: Timestamp) -> Result<(Jwks, bool), Error> {
        if !anew
            && let Some((keys, until)) = &*lock(&self.keys)
            && now < *until
        {
            return Ok((keys.clone(), false));
        }
        let fetched = run(&self.client.provider().fetch_jwks()?, &self.transport).await?;
        let span = fetched
            .max_age
            .unwrap_or(Duration::from_secs(InvitationPage::KEYS_SECONDS));
        let until = now.after(span.min(Duration::from_secs(86_400)));
        *lock(&self.keys) = Some((fetched.keys.clone(), until));
        Ok((fetched.keys, true))
    }

    /// Writes down what came of it, and sends the browser to the page that says so.
    async fn settle(
        self: &Arc<Self>,
        cookie: String,
        member: Member,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<Answered, Error> {
        let (settled, serial) = (outcome.clone(), member.serial);
        self.blocking(move |desk| {
            let mut campaign = lock(&desk.campaign);
            // As it is now: another browser of the same user may have come further.
            let Some(member) = campaign.member_of(serial)? else {
                return Ok(());
            };
            let done = member.standing.state == State::Consented;
            match done && settled != Outcome::Consented {
                true => Ok(()),
                false => campaign.change(member.number, settled.apply(&member.standing, now)),
            }
        })
        .await?;
        let email = member.invitee.email().to_owned();
        self.tell(Some(email), &outcome_words(&outcome));
        if let Some(session) = lock(&self.sessions).find(&cookie, now) {
            session.outcome = Some(outcome);
        }
        Ok(Answered::Go(format!("{}/result", self.settings.origin())))
    }

    fn result(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Answered, Error> {
        let Some(cookie) = self.cookie(request) else {
            return Ok(Answered::Dead(Dead::Closed));
        };
        let mut sessions = lock(&self.sessions);
        let Some(session) = sessions.find(&cookie, now) else {
            return Ok(Answered::Dead(Dead::Closed));
        };
        let Some(outcome) = session.outcome.clone() else {
            return Ok(Answered::Dead(Dead::Closed));
        };
        let Some(member) = lock(&self.campaign).member_of(session.serial)? else {
            return Ok(Answered::Dead(Dead::Unknown));
        };
        let page = html::result(&self.settings, &outcome, &member);
        Ok(Answered::Page(StatusCode::OK, page))
    }

    /// Grants that were kept, and not written down before a crash.
    fn recover(&self) -> Result<(), Error> {
        let mut campaign = lock(&self.campaign);
        let under_way =
            |state| matches!(state, State::Opened | State::Partial | State::WrongAccount);
        for number in campaign.numbers(|standing| under_way(standing.state))? {
            let member = campaign.member(number)?;
            let kept = consent::kept_before(&*self.store, &self.client, &self.settings, &member)?;
            if let Some(outcome) = kept {
                let standing = outcome.apply(&member.standing, member.standing.changed_at);
                if standing != member.standing {
                    campaign.change(number, standing)?;
                }
            }
        }
        Ok(())
    }

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

    /// `__Host-` keeps a neighbour's page from setting it, and needs TLS.
    fn cookie_name(&self) -> &'static str {
        match self.origin.is_secure() {
            true => "__Host-invitation",
            false => "invitation",
        }
    }

    fn cookie(&self, request: &Request<Bytes>) -> Option<String> {
        let name = self.cookie_name();
        let all = request.headers().get_all(header::COOKIE);
        all.iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(own, value)| *own == name && value.len() <= 64)
            .map(|(_, value)| value.to_owned())
    }

    fn print(&self, answered: Answered) -> Response<Bytes> {
        let (status, body, cookie) = match answered {
            Answered::Page(status, body) => (status, body, None),
            Answered::Known(cookie, body) => (StatusCode::OK, body, Some(cookie)),
            Answered::Dead(dead) => (
                dead_status(dead),
                html::dead_page(&self.settings, dead),
                None,
            ),
            Answered::Go(to) => {
                return self.headed(StatusCode::SEE_OTHER, String::new(), Some(&to));
            }
        };
        let mut answer = self.headed(status, body, None);
        if let Some(cookie) = cookie {
            let secure = if self.origin.is_secure() {
                "; Secure"
            } else {
                ""
            };
            let text = format!(
                "{}={cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}",
                self.cookie_name(),
                Sessions::SECONDS
            );
            if let Ok(mut value) = HeaderValue::try_from(text) {
                value.set_sensitive(true);
                answer.headers_mut().insert(header::SET_COOKIE, value);
            }
        }
        answer
    }

    fn headed(&self, status: StatusCode, body: String, to: Option<&str>) -> Response<Bytes> {
        let mut answer = Response::new(Bytes::from(body));
        *answer.status_mut() = status;
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        for (name, value) in HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        if let Some(to) = to.and_then(|to| HeaderValue::try_from(to).ok()) {
            headers.insert(header::LOCATION, to);
        }
        answer
    }
}

/// What every answer carries. `same-origin` and not `no-referrer`, under which a form of this page would come without
/// its origin.
const HEADERS: [(header::HeaderName, &str); 5] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// How often openings of one link are written down.
const MOST_OPENINGS: u16 = 1_000;

/// Whether a form came from this page: browsers say so, and one that says nothing is held by its cookie, which no
/// other site can send along (`SameSite`).
fn is_from_here(request: &Request<Bytes>, own: &Origin) -> bool {
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str());
    let fetched = match text("sec-fetch-site") {
        Some(Ok(site)) => site == "same-origin",
        Some(Err(_)) => false,
        None => true,
    };
    let origin = match text("origin") {
        Some(Ok(origin)) => Origin::of(origin).is_ok_and(|origin| origin == *own),
        Some(Err(_)) => false,
        None => true,
    };
    fetched && origin
}

/// A browser that only gets ready for a click.
fn is_prefetch(request: &Request<Bytes>) -> bool {
    ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        request
            .headers()
            .get(*name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("prefetch"))
    })
}

fn dead_status(dead: Dead) -> StatusCode {
    match dead {
        Dead::Unknown => StatusCode::NOT_FOUND,
        Dead::Ended | Dead::Replaced => StatusCode::GONE,
        Dead::Closed => StatusCode::BAD_REQUEST,
        Dead::Foreign => StatusCode::FORBIDDEN,
        Dead::Busy => StatusCode::TOO_MANY_REQUESTS,
        Dead::Trouble => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn dead_words(dead: Dead) -> &'static str {
    match dead {
        Dead::Ended => "somebody opened a link that has ended",
        Dead::Replaced => "somebody opened a link that a newer one has replaced",
        _ => "somebody opened a link that is not known",
    }
}

fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Consented => "consented".to_owned(),
        Outcome::Partial { missing } => format!("consented to a part; missing: {missing}"),
        Outcome::Declined => "declined".to_owned(),
        Outcome::WrongAccount { used } => format!("used another account, {used}; nothing was kept"),
        Outcome::Failed { why } => format!("did not get through: {why}"),
    }
}

/// A poisoned lock still holds whole values: each is changed in one step, and the file is the judge.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
