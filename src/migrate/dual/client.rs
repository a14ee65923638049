//! The two sides behind one transport.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Method, Request, Response, StatusCode};

use super::{
    compare::is_failure,
    counters::Fate,
    rule::{FallBack, Side},
    rules::Choice,
    run::{DualRun, ShadowReport},
};
use crate::{
    transport::{Mishap, Transport, TransportError},
    wire::origin::Origin,
};

type Translate = Arc<dyn Fn(Request<Bytes>) -> Request<Bytes> + Send + Sync>;

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
    pub(super) fn new(run: DualRun, user: String, new: N, old: O) -> Self {
        Self {
            run,
            user,
            new,
            old,
            translate: None,
        }
    }

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

    /// Asks the new side at `https` for what old code asks for at `http`: where its tokens come from a source they go
    /// nowhere in the clear, and each such call would fall back. This machine is asked as it is, and so is an address
    /// with a port, which speaks one of the two.
    #[must_use]
    pub fn asking_new_at_https(self) -> Self {
        self.asking_new_by(|mut request| {
            let uri = at_https(&request.uri().to_string()).map(http::Uri::try_from);
            if let Some(Ok(uri)) = uri {
                *request.uri_mut() = uri;
            }
            request
        })
    }

    async fn ask(&self, side: Side, request: Request<Bytes>) -> Answer {
        match (side, &self.translate) {
            (Side::New, Some(translate)) => self.new.send(translate(request)).await,
            (Side::New, None) => self.new.send(request).await,
            (Side::Old, _) => self.old.send(request).await,
        }
    }

    async fn deliver(&self, request: Request<Bytes>) -> Answer {
        self.run.look();
        let shared = self.run.shared();
        let address = request.uri().to_string();
        let choice = self.run.choose(&self.user, &address);
        let feed = shared.counters.feed(&address);
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
        let shared = self.run.shared();
        let differences = shared.compare.load().outcomes(&new, &old);
        let fine = |answer: &Answer| answer.as_ref().is_ok_and(|it| !is_failure(it.status()));
        if fine(&new) || fine(&old) {
            shared.counters.compared(feed, differences.is_empty());
        }
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

/// The same feed at `https`; nothing where it is there already, on this machine, or at a port of its own.
pub(crate) fn at_https(address: &str) -> Option<String> {
    let uri: http::Uri = address.parse().ok()?;
    let origin = Origin::of_uri(&uri).ok()?;
    if origin.is_secure() || origin.is_loopback() || uri.port().is_some() {
        return None;
    }
    let (_, rest) = address.split_once("://")?;
    Some(format!("https://{rest}"))
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
