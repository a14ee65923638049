//! `/v1/userinfo`: who the user is, told to whoever has an access token that says so (OpenID Connect Core, 5.3).

use http::{StatusCode, header};
use serde_json::Value;

use super::{bearer, dated, id_token::about, json, refuse, scopes};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scheme::oauth2::ErrorCode,
    time::Timestamp,
};

pub(super) fn answer(state: &State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let bearer = match bearer(state, seen, now) {
        Ok(bearer) => bearer,
        // [MEM] for the body.
        Err(reason) => {
            return refuse(
                StatusCode::UNAUTHORIZED,
                ErrorCode::InvalidRequest,
                "Invalid Credentials",
                reason,
            )
            .with(
                header::WWW_AUTHENTICATE,
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
            );
        }
    };
    let user = state
        .config
        .user
        .iter()
        .find(|user| user.email == bearer.user());
    let Some(user) = user.filter(|_| scopes::show_subject(bearer.scopes())) else {
        // UNVERIFIED: what Google says of a token without a scope for signing in.
        return refuse(
            StatusCode::FORBIDDEN,
            ErrorCode::Other("insufficient_scope".to_owned()),
            "Request had insufficient authentication scopes.",
            "the token has none of openid, email and profile",
        )
        .with(
            header::WWW_AUTHENTICATE,
            "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", scope=\"openid\"",
        );
    };
    let mut claims = about(user, bearer.scopes());
    if seen.path() == "/oauth2/v1/userinfo" {
        // The older form names two of them otherwise.
        for (name, old) in [("sub", "id"), ("email_verified", "verified_email")] {
            if let Some(value) = claims.remove(name) {
                claims.insert(old.to_owned(), value);
            }
        }
    }
    dated(
        json(StatusCode::OK, &Value::Object(claims).to_string()),
        now,
    )
}
