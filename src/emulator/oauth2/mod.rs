//! Google's OAuth 2.0 server: consent, tokens, devices, identity, service accounts, and the ties to the old protocols.
//!
//! ```text
//! browser  /o/oauth2/v2/auth ─▶ authorize ─▶ asking ─▶ code ──┐
//! device   /device/code ─▶ device ◀─ device_page ◀─ browser   ├─▶ token ─▶ grant (families of tokens)
//! machine  assertion, STS, IAM, metadata ─────────────────────┘              │
//!                                          tokeninfo, userinfo, feeds ◀──────┴──▶ revoke
//! ```
//!
//! Addresses, bodies and statuses are those of oauth2.md 5; what has no source there is marked where it stands.

mod asking;
mod authorize;
mod certs;
mod code;
mod device;
mod device_page;
mod discovery;
mod grant;
mod iam;
mod id_token;
mod metadata;
mod migration;
mod page;
mod refresh;
mod registration;
mod revoke;
mod scopes;
mod service_account;
mod settings;
mod sts;
mod token;
mod tokeninfo;
mod userinfo;

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use http::{HeaderValue, StatusCode, header};

use super::{answer::Answer, era::Era, seen::Seen, state::State};
use crate::{
    crypto::PublicKey,
    scheme::oauth2::{ErrorCode, Refusal},
    scope::ScopeNames,
    time::Timestamp,
    wire::query::Pairs,
};

pub use settings::{OauthClient, Rotation, ServiceAccount};

pub(super) use grant::{Bearer, Grant};
pub(super) use metadata::ping;

/// What OAuth 2.0 remembers beside its tokens.
#[derive(Default)]
pub(super) struct Memory {
    codes: code::Codes,
    devices: device::Devices,
    /// Pages that wait for an answer, by their random number.
    questions: BTreeMap<String, asking::Question>,
    /// What each user has consented to, client by client.
    pub(super) consents: Consents,
    /// The keys of service accounts, by address.
    pub(super) accounts: HashMap<String, PublicKey>,
}

/// By user, then by client.
pub(super) type Consents = HashMap<String, BTreeMap<String, ScopeNames>>;

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    if state.config.era == Era::Y2009 {
        return Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("there is no OAuth 2.0 in 2009");
    }
    let method = seen.request.method().as_str();
    match (method, seen.path()) {
        ("GET" | "POST", "/o/oauth2/auth" | "/o/oauth2/v2/auth") => {
            authorize::link(state, seen, now)
        }
        ("POST", asking::PATH) => asking::decide(state, seen, now),
        ("POST", "/o/oauth2/token" | "/oauth2/v3/token" | "/oauth2/v4/token" | "/token") => {
            token::answer(state, seen, now)
        }
        ("POST", "/v1/token") => sts::answer(state, seen, now),
        ("POST", "/device/code" | "/o/oauth2/device/code") => device::start(state, seen, now),
        ("GET" | "POST", device::PAGE | "/o/oauth2/device/usercode") => {
            device_page::answer(state, seen, now)
        }
        ("GET" | "POST", "/o/oauth2/revoke" | "/revoke") => revoke::answer(state, seen),
        ("GET" | "POST", "/tokeninfo" | "/oauth2/v1/tokeninfo" | "/oauth2/v3/tokeninfo") => {
            tokeninfo::answer(state, seen, now)
        }
        ("GET" | "POST", "/v1/userinfo" | "/oauth2/v3/userinfo" | "/oauth2/v1/userinfo") => {
            userinfo::answer(state, seen, now)
        }
        ("GET", "/oauth2/v3/certs") => certs::jwks(),
        ("GET", "/oauth2/v1/certs") => certs::pem(),
        ("GET", "/.well-known/openid-configuration") => discovery::answer(state, seen),
        ("GET", path) if path.starts_with(metadata::BELOW) => metadata::answer(state, seen, now),
        ("POST", path) if path.starts_with(iam::BELOW) => iam::answer(state, seen, now),
        _ => Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("this address of OAuth 2.0 is not played here"),
    }
}

/// The client of tokens that no client asked for.
const ISSUED_CLIENT: &str = "0.apps.googleusercontent.com";

/// Issues an access token as if consent had been.
pub(super) fn issue(
    state: &mut State,
    user: &str,
    scopes: &ScopeNames,
    lifetime: Duration,
    now: Timestamp,
) -> String {
    let holder = grant::Holder {
        user: user.to_owned(),
        client_id: ISSUED_CLIENT.to_owned(),
        family: None,
    };
    grant::issue_bearer_for(state, &holder, scopes, false, (now, lifetime))
}

/// The access token in `Authorization`; else why there is none.
fn bearer<'s>(
    state: &'s State,
    seen: &Seen<'_>,
    now: Timestamp,
) -> Result<&'s Bearer, &'static str> {
    let token = super::bearer::token(seen).ok_or("the request has no Authorization: Bearer")?;
    let bearer = state
        .bearers
        .get(token)
        .ok_or("no such access token was issued here")?;
    if bearer.is_alive(now) {
        Ok(bearer)
    } else {
        Err("the access token has expired")
    }
}

/// Body and query together: clients revoked by either (real-clients.md 5).
fn form(seen: &Seen<'_>) -> Option<Pairs> {
    let body = std::str::from_utf8(seen.request.body()).ok()?;
    Pairs::parse(&[seen.query(), body.trim()].join("&")).ok()
}

/// A refusal in JSON (RFC 6749, 5.2).
fn refuse(status: StatusCode, code: ErrorCode, description: &str, reason: &str) -> Answer {
    told(status, &Refusal::new(code, description)).because(reason)
}

fn told(status: StatusCode, refusal: &Refusal) -> Answer {
    json(status, &refusal.to_json())
}

/// No room for another token.
fn full() -> Answer {
    refuse(
        StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::TemporarilyUnavailable,
        "",
        "no room for another token",
    )
}

/// A JSON object, as Google lays it out, that no cache keeps.
fn json(status: StatusCode, text: &str) -> Answer {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    Answer::json(status, &value)
        .with(
            header::CACHE_CONTROL,
            "no-cache, no-store, max-age=0, must-revalidate",
        )
        .with(header::PRAGMA, "no-cache")
}

/// A page that no other page may frame.
fn page(status: StatusCode, html: String) -> Answer {
    let mut answer = Answer::page(status, html);
    let headers = answer.response.headers_mut();
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    answer
}

/// Tells the client when it was answered, so that it can correct its clock.
fn dated(answer: Answer, now: Timestamp) -> Answer {
    match now.http_date() {
        Some(date) => answer.with(header::DATE, &date),
        None => answer,
    }
}
