//! The way out: from a link to the page, and from the page to the server.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};

use super::{
    Desk,
    answer::{Answered, dead_words, is_from_here, is_prefetch},
    html::{self, Dead},
    lock,
    session::{Session, Sessions},
};
use crate::{
    error::Error,
    migrate::campaign::{
        book::{Admission, Member},
        consent::Outcome,
        state::State,
    },
    scheme::oauth2::{PendingAuthorization, Prompt},
    system::random,
    time::Timestamp,
    wire::origin::Origin,
};

/// How often openings of one link are written down.
const MOST_OPENINGS: u16 = 1_000;

impl Desk {
    pub(super) async fn answer(self: &Arc<Self>, request: &Request<Bytes>) -> Response<Bytes> {
        let answered = match self.route(request).await {
            Ok(answered) => answered,
            Err(error) => {
                self.tell(None, &format!("trouble: {error}"));
                Answered::Dead(Dead::Trouble)
            }
        };
        self.print(answered)
    }

    pub(super) async fn route(
        self: &Arc<Self>,
        request: &Request<Bytes>,
    ) -> Result<Answered, Error> {
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
    pub(super) fn is_ours(&self, request: &Request<Bytes>) -> bool {
        let host = request.headers().get(header::HOST);
        let host = host.and_then(|host| host.to_str().ok());
        let host = host.or_else(|| Some(request.uri().authority()?.as_str()));
        let scheme = self.origin.scheme();
        host.and_then(|host| Origin::of(&format!("{scheme}://{host}")).ok())
            .is_some_and(|origin| origin == self.origin)
    }

    pub(super) async fn invite(
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
    pub(super) fn open(
        &self,
        id: &str,
        counts: bool,
        now: Timestamp,
    ) -> Result<Result<Member, Dead>, Error> {
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
    pub(super) fn start(
        &self,
        request: &Request<Bytes>,
        now: Timestamp,
    ) -> Result<Answered, Error> {
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

    pub(super) fn ask(
        &self,
        member: &Member,
        now: Timestamp,
    ) -> Result<PendingAuthorization, Error> {
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
    pub(super) fn member_of(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<Result<Member, Dead>, Error> {
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

    pub(super) async fn decline(
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
}
