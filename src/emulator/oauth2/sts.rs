//! The security token service: another system's token becomes a federated one (RFC 8693; oauth2.md 5.1).
//!
//! The token that comes is not looked into, since no trust in another system is configured here: its type, the
//! audience and the scopes are checked, and it must not be empty.

use std::time::Duration;

use http::StatusCode;

use super::{
    dated, form, full,
    grant::{self, Holder},
    json, refuse,
};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scheme::oauth2::{ACCESS_TOKEN_TYPE, AccessToken, ErrorCode, Grant, TokenReply},
    time::Timestamp,
};

/// The types of tokens that Google takes.
const SUBJECT_TYPES: &[&str] = &[
    "urn:ietf:params:oauth:token-type:jwt",
    "urn:ietf:params:oauth:token-type:id_token",
    "urn:ietf:params:oauth:token-type:saml2",
    "urn:ietf:params:oauth:token-type:access_token",
    "urn:ietf:params:oauth:token-type:mtls",
    "urn:ietf:params:aws:token-type:aws4_request",
];
/// How every audience begins.
const AUDIENCE: &str = "//iam.googleapis.com/";
const LIFETIME: Duration = Duration::from_secs(3_600);

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    // UNVERIFIED: the words of all refusals here.
    let bad = |reason: &str| {
        let status = StatusCode::BAD_REQUEST;
        refuse(status, ErrorCode::InvalidRequest, reason, reason)
    };
    let Some(form) = form(seen) else {
        return bad("the form cannot be read");
    };
    let exchange = match Grant::read(&form) {
        Ok(Some(Grant::TokenExchange(exchange))) => exchange,
        Ok(_) => {
            return refuse(
                StatusCode::BAD_REQUEST,
                ErrorCode::UnsupportedGrantType,
                "",
                "grant_type: expected token-exchange",
            );
        }
        Err(cause) => return bad(&cause.to_string()),
    };
    if !exchange.audience.starts_with(AUDIENCE) {
        return bad("audience: expected the name of a pool's provider");
    }
    if !SUBJECT_TYPES.contains(&exchange.subject_token_type.as_str()) {
        return bad("subject_token_type: expected one that Google takes");
    }
    if exchange.requested_token_type != ACCESS_TOKEN_TYPE {
        return bad("requested_token_type: expected an access token");
    }
    if exchange.scope.is_empty() {
        return bad("scope: expected the parameter");
    }
    let holder = Holder {
        user: format!("principal:{}", exchange.audience),
        client_id: exchange.audience.clone(),
        family: None,
    };
    let text = grant::issue_bearer_for(state, &holder, &exchange.scope, false, (now, LIFETIME));
    match AccessToken::new(text) {
        Ok(token) => {
            let reply = TokenReply::new(token, LIFETIME).with_issued_token_type(ACCESS_TOKEN_TYPE);
            dated(json(StatusCode::OK, &reply.to_json()), now)
        }
        Err(_) => full(),
    }
}
