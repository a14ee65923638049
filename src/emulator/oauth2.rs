//! OAuth 2.0 as far as the old protocols lead to it: the migration grant, refreshing, bearer tokens on gdata
//! feeds, and revocation (legacy-protocol.md 5.1 and 5.3).

use http::{StatusCode, header};
use serde::{Deserialize, Serialize};

use super::{answer::Answer, era::Era, oauth1, seen::Seen, state::State};
use crate::{
    scheme::oauth1::MigrationGrant,
    scope::{ScopeNames, ScopeSet},
    time::Timestamp,
    wire::query::Pairs,
};

/// How long an access token lives (legacy-protocol.md 5.3, a trace).
const LIFETIME_SECONDS: u64 = 3_600;
/// The client of tokens that no client asked for.
const ISSUED_CLIENT: &str = "0.apps.googleusercontent.com";

/// What a refresh token stands for.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    user: String,
    scopes: ScopeNames,
    client_id: String,
}

/// An access token and the refresh token that it came from.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Bearer {
    user: String,
    scopes: ScopeNames,
    expires_at: Timestamp,
    refresh_token: String,
}

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    if state.config.era == Era::Y2009 {
        return Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("there is no OAuth 2.0 in 2009");
    }
    let method = seen.request.method().as_str();
    match (method, seen.path()) {
        ("POST", "/o/oauth2/token" | "/oauth2/v3/token" | "/oauth2/v4/token" | "/token") => {
            token(state, seen, now)
        }
        ("GET" | "POST", "/o/oauth2/revoke" | "/revoke") => revoke(state, seen),
        _ => Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("this address of OAuth 2.0 is not played here"),
    }
}

fn token(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let Some(form) = form(seen) else {
        return refuse("invalid_request", "the form cannot be read");
    };
    match form.first("grant_type") {
        Some(MigrationGrant::GRANT_TYPE) => migrate(state, seen, now, &form),
        Some("refresh_token") => refresh(state, now, &form),
        Some(_) => refuse("unsupported_grant_type", "this grant is not played here"),
        None => refuse("invalid_request", "grant_type: expected the parameter"),
    }
}

/// An OAuth 1.0 access token, proven by a signature over the form, becomes a refresh token.
fn migrate(state: &mut State, seen: &Seen<'_>, now: Timestamp, form: &Pairs) -> Answer {
    if state.config.era == Era::AfterShutdown {
        return refuse(
            "unsupported_grant_type",
            "the migration grant is gone with OAuth 1.0",
        );
    }
    let Some(client_id) = form.first("client_id").filter(|id| !id.is_empty()) else {
        return refuse("invalid_request", "client_id: expected the parameter");
    };
    let (_, access) = match oauth1::access(state, seen, now) {
        Ok(access) => access,
        Err(problem) => return refuse("invalid_grant", &problem.reason()),
    };
    // Down-scoped to the old grant; a scope that was not in it is refused.
    if let Some(asked) = form.first("scope") {
        let covered = ScopeSet::parse(asked).is_ok_and(|asked| {
            asked
                .iter()
                .all(|scope| access.scopes().covers_ignoring_scheme(scope.as_str()))
        });
        if !covered {
            return refuse("invalid_scope", "scope: not within the old grant");
        }
    }
    // A scope of gdata is an address, and an address is a name.
    let Ok(scopes) = ScopeNames::parse(&access.scopes().to_string()) else {
        return refuse("invalid_scope", "scope: the old grant has too many");
    };
    let refresh_token = format!("1/{}", state.random_text(32));
    let grant = Grant {
        scopes,
        user: access.user,
        client_id: client_id.to_owned(),
    };
    if !state.keep_refresh_token(refresh_token.clone(), grant) {
        return refuse("temporarily_unavailable", "no room for another token");
    }
    json(
        StatusCode::OK,
        &serde_json::json!({ "refresh_token": refresh_token }),
    )
}

fn refresh(state: &mut State, now: Timestamp, form: &Pairs) -> Answer {
    let Some(text) = form.first("refresh_token") else {
        return refuse("invalid_request", "refresh_token: expected the parameter");
    };
    let Some(grant) = state.refresh_tokens.get(text).cloned() else {
        return refuse("invalid_grant", "refresh_token: unknown or revoked");
    };
    if form.first("client_id") != Some(grant.client_id.as_str()) {
        return refuse("invalid_client", "client_id: the token is another client's");
    }
    let access_token = format!("ya29.{}", state.random_text(40));
    let bearer = Bearer {
        user: grant.user,
        scopes: grant.scopes,
        expires_at: now.after(std::time::Duration::from_secs(LIFETIME_SECONDS)),
        refresh_token: text.to_owned(),
    };
    state.keep_bearer(access_token.clone(), bearer, now);
    json(
        StatusCode::OK,
        &serde_json::json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
        }),
    )
}

/// Issues an access token as if consent had been; `None` when there is no room.
pub(super) fn issue(
    state: &mut State,
    user: &str,
    scopes: ScopeNames,
    expires_at: Timestamp,
    now: Timestamp,
) -> Option<String> {
    let refresh_token = format!("1/{}", state.random_text(32));
    let grant = Grant {
        user: user.to_owned(),
        scopes: scopes.clone(),
        client_id: ISSUED_CLIENT.to_owned(),
    };
    if !state.keep_refresh_token(refresh_token.clone(), grant) {
        return None;
    }
    let text = format!("ya29.{}", state.random_text(40));
    let bearer = Bearer {
        user: user.to_owned(),
        scopes,
        expires_at,
        refresh_token,
    };
    state.keep_bearer(text.clone(), bearer, now);
    Some(text)
}

/// The client that an access token was issued to.
pub(super) fn client_of<'s>(state: &'s State, bearer: &Bearer) -> &'s str {
    let grant = state.refresh_tokens.get(&bearer.refresh_token);
    grant.map_or(ISSUED_CLIENT, |grant| &grant.client_id)
}

/// Ends the whole grant, by either of its tokens.
fn revoke(state: &mut State, seen: &Seen<'_>) -> Answer {
    let Some(form) = form(seen) else {
        return refuse("invalid_request", "the form cannot be read");
    };
    let token = form.first("token").unwrap_or_default();
    let refresh_token = match state.bearers.get(token) {
        Some(bearer) => bearer.refresh_token.clone(),
        None => token.to_owned(),
    };
    if state.refresh_tokens.remove(&refresh_token).is_none() {
        return refuse("invalid_token", "token: unknown or revoked");
    }
    state
        .bearers
        .retain(|_, bearer| bearer.refresh_token != refresh_token);
    Answer::empty()
}

impl Bearer {
    pub(super) fn user(&self) -> &str {
        &self.user
    }

    pub(super) fn scopes(&self) -> &ScopeNames {
        &self.scopes
    }

    pub(super) fn is_alive(&self, now: Timestamp) -> bool {
        self.expires_at > now
    }
}

/// Body and query together: clients revoked by either (real-clients.md 5).
fn form(seen: &Seen<'_>) -> Option<Pairs> {
    let body = std::str::from_utf8(seen.request.body()).ok()?;
    Pairs::parse(&[seen.query(), body.trim()].join("&")).ok()
}

fn refuse(code: &str, reason: &str) -> Answer {
    json(
        StatusCode::BAD_REQUEST,
        &serde_json::json!({ "error": code }),
    )
    .because(reason)
}

fn json(status: StatusCode, value: &serde_json::Value) -> Answer {
    Answer::json(status, value)
        .with(
            header::CACHE_CONTROL,
            "no-cache, no-store, max-age=0, must-revalidate",
        )
        .with(header::PRAGMA, "no-cache")
}
