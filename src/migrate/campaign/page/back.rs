//! The way back: the redirect answered, the account checked, and all of it written down.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, StatusCode};

use super::{
    Desk, InvitationPage,
    answer::{Answered, outcome_words},
    html::{self, Dead},
    lock,
};
use crate::{
    error::{Error, Kind},
    migrate::campaign::{
        book::Member,
        consent::{self, Outcome},
        state::State,
    },
    scheme::oauth2::{Authorized, IdToken, Jwks, PendingAuthorization, Redirect},
    time::Timestamp,
    transport::run,
};

impl Desk {
    /// The browser is back from the server.
    pub(super) async fn come_back(
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

    pub(super) async fn exchange(
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
    pub(super) async fn keys(&self, anew: bool, now: Timestamp) -> Result<(Jwks, bool), Error> {
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
    pub(super) async fn settle(
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

    pub(super) fn result(
        &self,
        request: &Request<Bytes>,
        now: Timestamp,
    ) -> Result<Answered, Error> {
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
    pub(super) fn recover(&self) -> Result<(), Error> {
        let mut campaign = lock(&self.campaign);
        let under_way = |state: State| state.is_waiting() && state != State::Invited;
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
}
