//! Tokens that end: noted when an answer hands them out, refused when they come back too late.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use super::{Player, index::Asked, session::Session};
use crate::{
    cassette::{SecretKind, TimeRule, meaning::Scheme},
    time::Timestamp,
    wire::lines::Lines,
};

/// Notes the lifetime of a token that an answer hands out: `expires_in`, or `Expiration=` of AuthSub.
pub(super) fn note(answer: &Response<Bytes>, now: Timestamp, session: &mut Session) {
    if let Ok(Value::Object(reply)) = serde_json::from_slice(answer.body()) {
        let token = reply.get("access_token").and_then(Value::as_str);
        let seconds = reply.get("expires_in").and_then(Value::as_u64);
        if let (Some(token), Some(seconds)) = (token, seconds) {
            let end = now.after(Duration::from_secs(seconds));
            session.ends.insert(token.to_owned(), end);
        }
        return;
    }
    if let Ok(lines) = Lines::parse(answer.body())
        && let (Some(token), Some(end)) = (lines.first("Token"), lines.first("Expiration"))
        && let Ok(end) = end.parse()
    {
        session.ends.insert(token.to_owned(), end);
    }
}

impl Player {
    /// Under [`TimeRule::Strict`], what the server would say of a token that has ended.
    pub(super) fn refuse_expired(&self, scheme: Scheme, asked: &Asked) -> Option<Response<Bytes>> {
        if self.time != TimeRule::Strict {
            return None;
        }
        let (_, challenge, body) = REFUSALS.iter().find(|(known, ..)| *known == scheme)?;
        let token = asked
            .secrets
            .iter()
            .find(|(kind, _)| matches!(kind, SecretKind::AccessToken | SecretKind::AuthSubToken));
        let (_, token) = token?;
        let end = self.session().ends.get(token.as_str()).copied()?;
        if self.clock.now() < end {
            return None;
        }
        let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
        *answer.status_mut() = StatusCode::UNAUTHORIZED;
        let headers = answer.headers_mut();
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(challenge),
        );
        Some(answer)
    }
}

/// How servers refuse a token that has ended (RFC 6750, 3.1; legacy-protocol.md 1.8).
const REFUSALS: &[(Scheme, &str, &str)] = &[
    (
        Scheme::Bearer,
        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
        "{\"error\":{\"code\":401,\"message\":\"Invalid Credentials\",\"status\":\"UNAUTHENTICATED\"}}\n",
    ),
    (
        Scheme::AuthSub,
        "AuthSub realm=\"https://www.google.com/accounts/AuthSubRequest\"",
        "Token expired\n",
    ),
];
