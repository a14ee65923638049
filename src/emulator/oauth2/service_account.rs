//! Service accounts: a signed assertion becomes an access token, or an ID token (RFC 7523, 2.1; oauth2.md 5.8).
//!
//! ```text
//! iss known? ─▶ signature ─▶ aud, iat, exp ─▶ sub? delegation ─▶ token
//! ```
//!
//! When no service account is configured there is no key to check with, and every assertion is refused.

use http::StatusCode;
use serde_json::Value;

use super::{
    full,
    grant::{self, Holder},
    id_token, json, refuse,
};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scheme::oauth2::{AccessToken, Claims, ErrorCode, Jwt, TokenReply, current_endpoint},
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

/// Where assertions are for: the token endpoint by its name of today.
const AUDIENCE: &str = "https://oauth2.googleapis.com/token";
const AUDIENCE_MTLS: &str = "https://oauth2.mtls.googleapis.com/token";
/// An assertion may live so long (oauth2.md 5.8).
const LIFETIME_SECONDS: i64 = 3_600;
/// How far its clock may be ahead. [MEM]
const SKEW_SECONDS: i64 = 300;

/// What is told of clocks that differ (oauth2.md 5.4, 14), the rest of it [MEM].
const NOT_SHORT_LIVED: &str = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable \
     timeframe. Check your iat and exp values in the JWT claim.";
const UNAUTHORIZED: &str = "Client is unauthorized to retrieve access tokens using this method, or client not \
     authorized for any of the scopes requested.";

pub(super) fn answer(
    state: &mut State,
    seen: &Seen<'_>,
    assertion: &Secret,
    now: Timestamp,
) -> Answer {
    let claims = match verified(state, seen, assertion, now) {
        Ok(claims) => claims,
        Err((description, reason)) => {
            let status = StatusCode::BAD_REQUEST;
            return refuse(status, ErrorCode::InvalidGrant, description, reason);
        }
    };
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let email = text("iss").unwrap_or_default();
    if let Some(audience) = text("target_audience") {
        let id = id_token::Identity::of_account(seen, email, audience).sign(None, None, now);
        return match id {
            Ok(id) => {
                let body = serde_json::json!({ "id_token": id.expose() });
                json(StatusCode::OK, &body.to_string())
            }
            Err(_) => full(),
        };
    }
    let scopes = ScopeNames::parse(text("scope").unwrap_or_default()).unwrap_or_default();
    if scopes.is_empty() {
        return refuse(
            StatusCode::BAD_REQUEST,
            ErrorCode::InvalidScope,
            "Invalid OAuth scope or ID token audience provided.",
            "scope: expected names, got none or one that is none",
        );
    }
    let user = match text("sub").filter(|subject| *subject != email) {
        None => email,
        Some(subject) => match delegated(state, email, subject, &scopes) {
            Ok(()) => subject,
            Err(reason) => {
                let status = StatusCode::UNAUTHORIZED;
                let code = ErrorCode::UnauthorizedClient;
                return refuse(status, code, UNAUTHORIZED, reason);
            }
        },
    };
    let holder = Holder {
        user: user.to_owned(),
        client_id: email.to_owned(),
        family: None,
    };
    let (text, lifetime) = grant::issue_bearer(state, &holder, &scopes, false, now);
    match AccessToken::new(text) {
        Ok(token) => json(StatusCode::OK, &TokenReply::new(token, lifetime).to_json()),
        Err(_) => full(),
    }
}

/// The claims, once the account's key has verified them; else what is told, and why.
fn verified(
    state: &State,
    seen: &Seen<'_>,
    assertion: &Secret,
    now: Timestamp,
) -> Result<Claims, (&'static str, &'static str)> {
    let wrong = |reason| ("Invalid JWT Signature.", reason);
    let token = Jwt::parse(assertion.expose()).map_err(|_| {
        let problem = "assertion: expected a JSON Web Token";
        ("Bad Request", problem)
    })?;
    let iss = token.unverified_claims().get("iss").and_then(Value::as_str);
    let key = iss.and_then(|iss| state.oauth2.accounts.get(iss)).ok_or((
        "Invalid grant: account not found",
        "iss: no such service account is configured",
    ))?;
    let claims = token
        .verify(key)
        .map_err(|_| wrong("assertion: not signed by the account's key with RS256"))?;
    let audience = claims
        .get("aud")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let own = seen.own_addresses();
    let is_ours = [AUDIENCE, AUDIENCE_MTLS].contains(&current_endpoint(audience))
        || own.iter().any(|address| address == audience);
    if !is_ours {
        return Err((
            "Invalid JWT: Failed audience check.",
            "aud: expected the token endpoint",
        ));
    }
    let moment = |name: &str| claims.get(name).and_then(Value::as_f64).map(|at| at as i64);
    let now = now.unix_seconds();
    match (moment("iat"), moment("exp")) {
        (Some(issued), Some(end))
            if end > now
                && end.saturating_sub(issued) <= LIFETIME_SECONDS
                && issued <= now.saturating_add(SKEW_SECONDS) =>
        {
            Ok(claims.clone())
        }
        _ => Err((
            NOT_SHORT_LIVED,
            "iat, exp: expected at most an hour that contains this moment",
        )),
    }
}

/// Whether the account may act for a user with exactly these scopes: one that was not authorised fails them all
/// (oauth2.md 5.5).
fn delegated(
    state: &State,
    email: &str,
    subject: &str,
    scopes: &ScopeNames,
) -> Result<(), &'static str> {
    let config = &state.config;
    let account = config.service_account.iter().find(|one| one.email == email);
    let account = account.ok_or("iss: no such service account is configured")?;
    let may_act = |one: &String| one == "*" || one == subject;
    if !account.delegation_subjects.iter().any(may_act) {
        return Err("sub: not one of delegation_subjects");
    }
    if !config.user.iter().any(|user| user.email == subject) {
        return Err("sub: no such user is configured");
    }
    match scopes
        .iter()
        .all(|name| account.delegation_scopes.contains(name))
    {
        true => Ok(()),
        false => Err("scope: one that is not among delegation_scopes"),
    }
}
