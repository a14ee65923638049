//! IAM credentials: acting for a service account with someone else's token (`generateAccessToken`; oauth2.md 5.1).
//!
//! Any living token with the scope may act for any configured account: who may act for whom is not played.

use std::time::Duration;

use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::json;

use super::{
    bearer,
    grant::{self, Holder},
    json as json_answer,
};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scope::ScopeNames,
    time::Timestamp,
    wire::percent,
};

pub(super) const BELOW: &str = "/v1/projects/-/serviceAccounts/";
const METHOD: &str = ":generateAccessToken";
/// Either of these lets a token act for an account.
const SCOPES: &[&str] = &[
    "https://www.googleapis.com/auth/cloud-platform",
    "https://www.googleapis.com/auth/iam",
];
/// The longest lifetime, unless an organisation allows more.
const MAX_SECONDS: u64 = 3_600;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    scope: Vec<String>,
    #[serde(default)]
    lifetime: Option<String>,
    /// google-auth writes `null` where there are none.
    #[serde(default)]
    delegates: Option<Vec<String>>,
}

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let scopes = match bearer(state, seen, now) {
        Ok(bearer) => bearer.scopes().clone(),
        Err(reason) => {
            return fault(
                401,
                "UNAUTHENTICATED",
                "Request had invalid authentication credentials.",
                reason,
            )
            .with(
                header::WWW_AUTHENTICATE,
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
            );
        }
    };
    if !SCOPES.iter().any(|scope| scopes.cover(scope)) {
        return fault(
            403,
            "PERMISSION_DENIED",
            "Request had insufficient authentication scopes.",
            "the token has neither cloud-platform nor iam",
        );
    }
    let named = seen
        .path()
        .strip_prefix(BELOW)
        .and_then(|rest| rest.strip_suffix(METHOD));
    let email = named.and_then(|name| percent::decode("email", name).ok());
    let Some(email) = email else {
        return fault(
            404,
            "NOT_FOUND",
            "Not found.",
            "only generateAccessToken is played",
        );
    };
    let accounts = &state.config.service_account;
    let is_known = |name: &str| accounts.is_empty() || accounts.iter().any(|one| one.email == name);
    let Ok(asked) = serde_json::from_slice::<Asked>(seen.request.body()) else {
        return invalid("expected JSON with scope, lifetime and delegates");
    };
    let delegates = asked
        .delegates
        .iter()
        .flatten()
        .map(|name| match name.rsplit_once('/') {
            Some((_, email)) => email,
            None => name.as_str(),
        });
    if !is_known(&email) || !delegates.into_iter().all(is_known) {
        return fault(
            404,
            "NOT_FOUND",
            "Not found; Gaia id not found for email.",
            "serviceAccounts: one that is not configured",
        );
    }
    let lifetime = match asked.lifetime.as_deref() {
        None => Some(MAX_SECONDS),
        Some(text) => text
            .strip_suffix('s')
            .and_then(|seconds| seconds.parse().ok()),
    };
    let lifetime = lifetime.filter(|seconds| (1..=MAX_SECONDS).contains(seconds));
    let Some(lifetime) = lifetime.map(Duration::from_secs) else {
        return invalid("lifetime: expected 1s to 3600s");
    };
    let names = match ScopeNames::new(&asked.scope) {
        Ok(names) if !names.is_empty() => names,
        _ => return invalid("scope: expected at least one name"),
    };
    let holder = Holder {
        user: email.to_string(),
        client_id: email.to_string(),
        family: None,
    };
    let token = grant::issue_bearer_for(state, &holder, &names, false, (now, lifetime));
    let body = json!({
        "accessToken": token, "expireTime": now.after(lifetime).to_string(),
    });
    json_answer(StatusCode::OK, &body.to_string())
}

fn invalid(problem: &'static str) -> Answer {
    fault(
        400,
        "INVALID_ARGUMENT",
        "Request contains an invalid argument.",
        problem,
    )
}

/// The error form of Google's APIs (oauth2.md 5.5).
fn fault(code: u16, status: &str, message: &str, reason: &str) -> Answer {
    let body = json!({ "error": { "code": code, "message": message, "status": status } });
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json_answer(status, &body.to_string()).because(reason)
}
