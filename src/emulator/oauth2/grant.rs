//! Refresh tokens and access tokens: how they are issued, how long they live, and what ends them.
//!
//! ```text
//! consent ─▶ family ─┬─ refresh token ─▶ …      all tokens of one consent are one family,
//!                    └─ access token            and end together
//! ```
//!
//! Source: oauth2.md 5.4 (the ways in which a refresh token dies) and 5.6 (what revoking ends).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{registration, scopes};
use crate::{emulator::state::State, scope::ScopeNames, time::Timestamp};

/// What a refresh token stands for.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Grant {
    pub(super) user: String,
    pub(super) scopes: ScopeNames,
    pub(super) client_id: String,
    /// The consent that it came of.
    pub(super) family: String,
    /// Counts the refresh tokens of a user, so that the oldest is known.
    serial: u64,
    pub(super) used_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    /// Whether a newer one took its place.
    pub(super) spent: bool,
}

/// An access token.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Bearer {
    user: String,
    scopes: ScopeNames,
    expires_at: Timestamp,
    client_id: String,
    /// The consent that it came of; none for a service account.
    family: Option<String>,
    /// Whether a refresh token stands behind it.
    offline: bool,
}

/// Seven days, less the second that Google's replies take off (oauth2.md 5.3).
const TESTING_SECONDS: u64 = 604_799;
/// Six months without use end a refresh token (oauth2.md 5.4).
const IDLE_SECONDS: u64 = 183 * 86_400;

impl Grant {
    /// Why it is no longer good; `None` while it is.
    pub(super) fn ended(&self, now: Timestamp) -> Option<&'static str> {
        if self.expires_at.is_some_and(|end| end <= now) {
            return Some("refresh_token: its seven days are over, as the project is in testing");
        }
        let idle = self.used_at.after(Duration::from_secs(IDLE_SECONDS));
        (idle <= now).then_some("refresh_token: not used for six months")
    }
}

impl Bearer {
    pub(in crate::emulator) fn is_alive(&self, now: Timestamp) -> bool {
        self.expires_at > now
    }

    /// Whose it is: an account's address.
    pub(in crate::emulator) fn user(&self) -> &str {
        &self.user
    }

    pub(in crate::emulator) fn scopes(&self) -> &ScopeNames {
        &self.scopes
    }

    pub(in crate::emulator) fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    pub(in crate::emulator) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(super) fn family(&self) -> Option<&str> {
        self.family.as_deref()
    }

    pub(super) fn is_offline(&self) -> bool {
        self.offline
    }
}

/// Whose tokens are issued.
#[derive(Clone)]
pub(super) struct Holder {
    pub(super) user: String,
    pub(super) client_id: String,
    pub(super) family: Option<String>,
}

/// Issues an access token.
pub(super) fn issue_bearer(
    state: &mut State,
    holder: &Holder,
    scopes: &ScopeNames,
    offline: bool,
    now: Timestamp,
) -> (String, Duration) {
    let lifetime = Duration::from_secs(state.config.access_token_seconds);
    let text = issue_bearer_for(state, holder, scopes, offline, (now, lifetime));
    (text, lifetime)
}

/// As [`issue_bearer`], with a lifetime of its own.
pub(super) fn issue_bearer_for(
    state: &mut State,
    holder: &Holder,
    scopes: &ScopeNames,
    offline: bool,
    (now, lifetime): (Timestamp, Duration),
) -> String {
    let text = format!("ya29.{}", state.random_text(40));
    let bearer = Bearer {
        user: holder.user.clone(),
        scopes: scopes.clone(),
        expires_at: now.after(lifetime),
        client_id: holder.client_id.clone(),
        family: holder.family.clone(),
        offline,
    };
    state.keep_bearer(text.clone(), bearer, now);
    text
}

/// A text for a refresh token, in the form of today.
pub(super) fn refresh_text(state: &State) -> String {
    format!("1//0{}", state.random_text(48))
}

/// Issues a refresh token, and says how long it lives where that is limited; `None` when there is no room.
pub(super) fn issue_refresh(
    state: &mut State,
    text: String,
    holder: &Holder,
    scopes: &ScopeNames,
    now: Timestamp,
) -> Option<(String, Option<Duration>)> {
    make_room(state, holder);
    let serial = state
        .refresh_tokens
        .values()
        .filter(|grant| grant.user == holder.user)
        .map(|grant| grant.serial)
        .max()
        .map_or(0, |newest| newest + 1);
    // Signing in alone is not limited by the testing status (oauth2.md 5.4, 7).
    let lifetime = (state.config.testing && !scopes::are_for_sign_in(scopes))
        .then(|| Duration::from_secs(TESTING_SECONDS));
    let grant = Grant {
        user: holder.user.clone(),
        scopes: scopes.clone(),
        client_id: holder.client_id.clone(),
        family: holder.family.clone().unwrap_or_default(),
        serial,
        used_at: now,
        expires_at: lifetime.map(|span| now.after(span)),
        spent: false,
    };
    state
        .keep_refresh_token(text.clone(), grant)
        .then_some((text, lifetime))
}

/// The oldest refresh token of a user and client dies without a word when there are too many (oauth2.md 5.4, 4).
fn make_room(state: &mut State, holder: &Holder) {
    let cap = state.config.refresh_token_cap.max(1);
    loop {
        let own = |grant: &Grant| {
            !grant.spent && grant.user == holder.user && grant.client_id == holder.client_id
        };
        let mut alive: Vec<(u64, &String)> = state
            .refresh_tokens
            .iter()
            .filter(|(_, grant)| own(grant))
            .map(|(text, grant)| (grant.serial, text))
            .collect();
        if alive.len() < cap {
            return;
        }
        alive.sort_unstable();
        let Some(oldest) = alive.first().map(|(_, text)| (*text).clone()) else {
            return;
        };
        state.refresh_tokens.remove(&oldest);
    }
}

/// Ends all that came of one consent.
pub(super) fn end_family(state: &mut State, family: &str) {
    state
        .refresh_tokens
        .retain(|_, grant| grant.family != family);
    state
        .bearers
        .retain(|_, bearer| bearer.family.as_deref() != Some(family));
}

/// Ends all tokens of a user for all clients of a project, and forgets what was consented to (oauth2.md 5.6).
pub(super) fn end_project(state: &mut State, user: &str, client_id: &str) {
    let State {
        config,
        refresh_tokens,
        bearers,
        oauth2,
        ..
    } = state;
    let project = registration::project(config, client_id);
    let other = |of: &str, id: &str| of != user || registration::project(config, id) != project;
    refresh_tokens.retain(|_, grant| other(&grant.user, &grant.client_id));
    bearers.retain(|_, bearer| other(&bearer.user, &bearer.client_id));
    oauth2
        .codes
        .retain(|code| other(&code.user, &code.client_id));
    if let Some(consents) = oauth2.consents.get_mut(user) {
        consents.retain(|id, _| other(user, id));
    }
}
