//! Revocation, by either kind of token, and how far it reaches (RFC 7009; oauth2.md 5.6).

use http::StatusCode;

use super::{form, grant, json, refuse};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scheme::oauth2::ErrorCode,
};

/// `token=` in the query of a GET or POST, or in the form of a POST (real-clients.md 5).
pub(super) fn answer(state: &mut State, seen: &Seen<'_>) -> Answer {
    let Some(form) = form(seen) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            ErrorCode::InvalidRequest,
            "",
            "the form cannot be read",
        );
    };
    let token = form.first("token").unwrap_or_default();
    let of_bearer = state.bearers.get(token).map(|bearer| {
        let family = bearer.family().map(str::to_owned);
        (
            bearer.user().to_owned(),
            bearer.client_id().to_owned(),
            family,
        )
    });
    let found = of_bearer.or_else(|| {
        let grant = state.refresh_tokens.get(token)?;
        let family = Some(grant.family.clone());
        Some((grant.user.clone(), grant.client_id.clone(), family))
    });
    let Some((user, client_id, family)) = found else {
        // [MEM] for the words.
        return refuse(
            StatusCode::BAD_REQUEST,
            ErrorCode::InvalidToken,
            "Token expired or revoked",
            "token: unknown or revoked",
        );
    };
    match family {
        None => {
            state.bearers.remove(token);
        }
        Some(family) if !state.config.project_wide_revoke => grant::end_family(state, &family),
        Some(_) => grant::end_project(state, &user, &client_id),
    }
    json(StatusCode::OK, "{}")
}
