//! Which access token of OAuth 2.0 opens what: the one place where APIs and feeds ask.
//!
//! ```text
//! token ─▶ issued here? ─▶ alive? ─▶ one of these scopes ─▶ Holder
//! ```
//!
//! It refuses to know how a token came to be (that is [`oauth2`](super::oauth2)), and what a client is
//! told: APIs answer in JSON, feeds in the words of [`gate`](super::gate).

use http::{Method, StatusCode, header};

use super::{
    answer::Answer,
    gate::{self, Visitor},
    seen::{Seen, Service},
    state::State,
};
use crate::{
    scope::{Scope, ScopeNames, ScopeSet},
    time::Timestamp,
};

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    /// The account's address; of a service account too, which is no user.
    pub(super) user: String,
    /// The client that the token was issued to.
    pub(super) client_id: String,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Unknown,
    Expired,
    /// It lives, but no scope of it is among those asked for.
    Scope,
}

impl Fault {
    /// For the journal.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Unknown => "no such access token was issued here",
            Self::Expired => "the access token has expired",
            Self::Scope => "the access token has none of the scopes that this needs",
        }
    }
}

/// Whose token it is, when it is alive and covers one of `scopes`; no scopes: any token will do.
pub(super) fn check(
    state: &State,
    token: &str,
    now: Timestamp,
    scopes: &[&str],
) -> Result<Holder, Fault> {
    let (holder, own) = find(state, token, now)?;
    let covered = scopes.is_empty() || scopes.iter().any(|name| own.cover(name));
    covered.then_some(holder).ok_or(Fault::Scope)
}

/// The one look into what [`oauth2`](super::oauth2) keeps.
fn find<'s>(
    state: &'s State,
    token: &str,
    now: Timestamp,
) -> Result<(Holder, &'s ScopeNames), Fault> {
    let bearer = state.bearers.get(token).ok_or(Fault::Unknown)?;
    if !bearer.is_alive(now) {
        return Err(Fault::Expired);
    }
    let holder = Holder {
        user: bearer.user().to_owned(),
        client_id: bearer.client_id().to_owned(),
    };
    Ok((holder, bearer.scopes()))
}

/// The token in `Authorization: Bearer …`.
pub(super) fn token<'r>(seen: &Seen<'r>) -> Option<&'r str> {
    let value = seen.request.headers().get(header::AUTHORIZATION)?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}

/// Lets a request with a bearer token pass, as gdata feeds took them beside the old ones.
pub(super) fn pass(state: &State, seen: &Seen<'_>, now: Timestamp) -> Result<Visitor, Answer> {
    let refuse = |message: &str, reason: &str| {
        Err(Answer::refusal(StatusCode::UNAUTHORIZED, message)
            .with(
                header::WWW_AUTHENTICATE,
                "Bearer realm=\"https://accounts.google.com/\"",
            )
            .because(reason))
    };
    // The text of AuthSub, for expired and unknown tokens alike (legacy-protocol.md 9, quirk 25).
    let (holder, scopes) = match find(state, token(seen).unwrap_or_default(), now) {
        Ok(found) => found,
        Err(fault) => return refuse(gate::INVALID, fault.reason()),
    };
    if let Err(reason) = opens_feed(scopes, seen, state.config.scope_scheme_matters) {
        return refuse(gate::WRONG_SCOPE, &reason);
    }
    Ok(Visitor {
        user: holder.user,
        login_service: None,
    })
}

/// Whether the feed may be used: by the scope of its service, or by an address that covers it.
fn opens_feed(scopes: &ScopeNames, seen: &Seen<'_>, scheme_matters: bool) -> Result<(), String> {
    let reads = matches!(seen.meant_method(), Method::GET | Method::HEAD);
    let successor = SUCCESSORS
        .iter()
        .find(|(service, ..)| *service == seen.service)
        .map(|(_, whole, readonly)| if reads { *readonly } else { *whole });
    if successor.is_some_and(|name| scopes.cover(name)) {
        return Ok(());
    }
    let addresses = scopes.iter().filter_map(|name| Scope::new(name).ok());
    let addresses = ScopeSet::new(addresses).map_err(|cause| cause.to_string())?;
    seen.check_scope(&addresses, scheme_matters)
}

/// What opened a feed beside its address, in OAuth 2.0's own names, to write and to read (oauth2.md 5.9).
const SUCCESSORS: &[(Service, &str, &str)] = &[
    (
        Service::YouTube,
        "https://www.googleapis.com/auth/youtube",
        "https://www.googleapis.com/auth/youtube.readonly",
    ),
    (
        Service::Calendar,
        "https://www.googleapis.com/auth/calendar",
        "https://www.googleapis.com/auth/calendar.readonly",
    ),
    (
        Service::Contacts,
        "https://www.google.com/m8/feeds",
        "https://www.google.com/m8/feeds",
    ),
];
