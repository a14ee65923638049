//! Refreshing: from a refresh token to an access token, and everything that can be wrong with one (RFC 6749, 6;
//! oauth2.md 5.3 and 5.4).

use http::StatusCode;

use super::{
    full,
    grant::{self, Grant, Holder},
    refuse,
    registration::Registration,
    settings::Rotation,
    token, told,
};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scheme::oauth2::{ErrorCode, Refusal},
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

/// What Google says of a refresh token that is no longer good (oauth2.md 5.3).
const ENDED: &str = "Token has been expired or revoked.";

pub(super) fn answer(
    state: &mut State,
    seen: &Seen<'_>,
    client: &Registration,
    (token, scope): (&Secret, Option<&ScopeNames>),
    now: Timestamp,
) -> Answer {
    let invalid = |reason: &str| {
        let status = StatusCode::BAD_REQUEST;
        refuse(status, ErrorCode::InvalidGrant, ENDED, reason)
    };
    let text = token.expose();
    let Some(found) = state.refresh_tokens.get(text).cloned() else {
        return invalid("refresh_token: unknown, revoked, or pushed out by newer ones");
    };
    if found.client_id != client.id {
        // [MEM] for the code.
        return refuse(
            StatusCode::UNAUTHORIZED,
            ErrorCode::UnauthorizedClient,
            "Unauthorized",
            "refresh_token: is another client's",
        );
    }
    if found.spent {
        grant::end_family(state, &found.family);
        return invalid(
            "refresh_token: used after a newer one took its place, so the grant has ended",
        );
    }
    if let Some(reason) = found.ended(now) {
        state.refresh_tokens.remove(text);
        return invalid(reason);
    }
    if let Some(answer) = held_back(state, &found) {
        return answer;
    }
    let scopes = match scope {
        None => found.scopes.clone(),
        Some(asked) if asked.missing_from(&found.scopes).is_empty() => asked.clone(),
        Some(_) => {
            return refuse(
                StatusCode::BAD_REQUEST,
                ErrorCode::InvalidScope,
                "Bad Request",
                "scope: more than was granted",
            );
        }
    };
    let holder = Holder {
        user: found.user.clone(),
        client_id: found.client_id.clone(),
        family: Some(found.family.clone()),
    };
    if let Some(used) = state.refresh_tokens.get_mut(text) {
        used.used_at = now;
    }
    let renewed = match state.config.rotate_refresh_tokens {
        Rotation::Off => None,
        rotation => {
            retire(state, text, &found, rotation);
            let text = grant::refresh_text(state);
            match grant::issue_refresh(state, text, &holder, &found.scopes, now) {
                Some(renewed) => Some(renewed),
                None => return full(),
            }
        }
    };
    token::reply(state, seen, &holder, &scopes, renewed, None, now)
}

/// What stands against a refresh token that is alive.
fn held_back(state: &State, grant: &Grant) -> Option<Answer> {
    let config = &state.config;
    if config.rapt {
        let refusal = Refusal::new(
            ErrorCode::InvalidGrant,
            "reauth related error (invalid_rapt)",
        );
        let answer = told(
            StatusCode::BAD_REQUEST,
            &refusal.with_subtype("invalid_rapt"),
        );
        return Some(answer.because("rapt: session control wants the user to sign in again"));
    }
    let user = config.user.iter().find(|user| user.email == grant.user);
    match user {
        Some(user) if user.admin_policy => Some(refuse(
            StatusCode::BAD_REQUEST,
            ErrorCode::AdminPolicyEnforced,
            "",
            "admin_policy: the user's organisation forbids it",
        )),
        Some(_) => None,
        None => Some(refuse(
            StatusCode::BAD_REQUEST,
            ErrorCode::InvalidGrant,
            // UNVERIFIED: what is said of an account that is gone.
            ENDED,
            "refresh_token: its account is not configured any more",
        )),
    }
}

/// Makes way for a newer refresh token of the same grant.
fn retire(state: &mut State, text: &str, used: &Grant, rotation: Rotation) {
    match rotation {
        // Whichever of them was used first is the one that arrived: the others go.
        Rotation::Overlap => state
            .refresh_tokens
            .retain(|other, grant| other == text || grant.family != used.family),
        _ => {
            if let Some(old) = state.refresh_tokens.get_mut(text) {
                old.spent = true;
            }
        }
    }
}
