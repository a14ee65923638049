//! The way over from OAuth 1.0: an access token, proven by a signature over the form, becomes a refresh token
//! (legacy-protocol.md 5.1, oauth2.md 5.9).

use http::StatusCode;

use super::{
    full,
    grant::{self, Holder},
    json, refuse,
};
use crate::{
    emulator::{answer::Answer, era::Era, oauth1, seen::Seen, state::State},
    scheme::oauth2::ErrorCode,
    scope::{ScopeNames, ScopeSet},
    time::Timestamp,
    wire::query::Pairs,
};

pub(super) fn migrate(state: &mut State, seen: &Seen<'_>, now: Timestamp, form: &Pairs) -> Answer {
    let refuse = |code, reason: &str| refuse(StatusCode::BAD_REQUEST, code, "", reason);
    if state.config.era == Era::AfterShutdown {
        return refuse(
            ErrorCode::UnsupportedGrantType,
            "the migration grant is gone with OAuth 1.0",
        );
    }
    let Some(client_id) = form.first("client_id").filter(|id| !id.is_empty()) else {
        return refuse(
            ErrorCode::InvalidRequest,
            "client_id: expected the parameter",
        );
    };
    let (_, access) = match oauth1::access(state, seen, now) {
        Ok(access) => access,
        Err(problem) => return refuse(ErrorCode::InvalidGrant, &problem.reason()),
    };
    // Down-scoped to the old grant; a scope that was not in it is refused.
    if let Some(asked) = form.first("scope") {
        let covered = ScopeSet::parse(asked).is_ok_and(|asked| {
            asked
                .iter()
                .all(|scope| access.scopes().covers_ignoring_scheme(scope.as_str()))
        });
        if !covered {
            return refuse(ErrorCode::InvalidScope, "scope: not within the old grant");
        }
    }
    let Ok(scopes) = ScopeNames::parse(&access.scopes().to_string()) else {
        return refuse(
            ErrorCode::InvalidScope,
            "scope: the old grant has one that OAuth 2.0 cannot name",
        );
    };
    let holder = Holder {
        user: access.user,
        client_id: client_id.to_owned(),
        family: Some(state.random_text(12)),
    };
    let text = format!("1/{}", state.random_text(32));
    match grant::issue_refresh(state, text, &holder, &scopes, now) {
        Some((token, _)) => json(
            StatusCode::OK,
            &serde_json::json!({ "refresh_token": token }).to_string(),
        ),
        None => full(),
    }
}
