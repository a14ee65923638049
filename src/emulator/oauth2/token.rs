//! The token endpoint: which grant it is, and what a code or a device's consent yields (RFC 6749, 5).

use std::time::Duration;

use http::StatusCode;

use super::{
    code::Code,
    dated, device, form, full,
    grant::{self, Holder},
    id_token, json, migration, refresh, refuse,
    registration::{self, Registration},
    scopes, service_account,
};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scheme::{
        oauth1::MigrationGrant,
        oauth2::{AccessToken, ErrorCode, Grant, TokenReply},
    },
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    dated(grant_of(state, seen, now), now)
}

fn grant_of(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let invalid = |reason: &str| {
        let status = StatusCode::BAD_REQUEST;
        refuse(status, ErrorCode::InvalidRequest, "", reason)
    };
    let Some(form) = form(seen) else {
        return invalid("the form cannot be read");
    };
    if form.first("grant_type") == Some(MigrationGrant::GRANT_TYPE) {
        return migration::migrate(state, seen, now, &form);
    }
    let grant = match Grant::read(&form) {
        Ok(Some(grant)) => grant,
        Ok(None) => return unsupported("grant_type: not played here"),
        Err(cause) => return invalid(&cause.to_string()),
    };
    if let Grant::JwtBearer { assertion } = &grant {
        return service_account::answer(state, seen, assertion, now);
    }
    let client = match registration::authenticate(&state.config, seen, &form) {
        Ok(client) => client,
        Err(answer) => return answer,
    };
    match grant {
        Grant::AuthorizationCode {
            code,
            redirect_uri,
            verifier,
        } => {
            let checked = check_code(
                state,
                &client,
                &code,
                (redirect_uri.as_deref(), verifier),
                now,
            );
            match checked {
                Ok(code) => redeem(state, seen, code, now),
                Err(answer) => answer,
            }
        }
        Grant::RefreshToken { token, scope } => {
            refresh::answer(state, seen, &client, (&token, scope.as_ref()), now)
        }
        Grant::ClientCredentials { scope } => client_credentials(state, &client, scope, now),
        Grant::DeviceCode { code } => device::poll(state, seen, &client, &code, now),
        _ => unsupported("grant_type: not played at this endpoint"),
    }
}

fn unsupported(reason: &str) -> Answer {
    refuse(
        StatusCode::BAD_REQUEST,
        ErrorCode::UnsupportedGrantType,
        "Invalid grant_type",
        reason,
    )
}

/// The code as it was given; a second redemption ends what came of the first.
fn check_code(
    state: &mut State,
    client: &Registration,
    text: &Secret,
    (redirect_uri, verifier): (Option<&str>, Option<Secret>),
    now: Timestamp,
) -> Result<Code, Answer> {
    let Some(code) = state.oauth2.codes.find(text.expose()).cloned() else {
        // [MEM] for the words.
        return Err(refuse(
            StatusCode::BAD_REQUEST,
            ErrorCode::InvalidGrant,
            "Malformed auth code.",
            "code: never given, or long over",
        ));
    };
    if code.spent {
        grant::end_family(state, &code.family);
    }
    code.check(&client.id, redirect_uri, verifier.as_ref(), now)?;
    state.oauth2.codes.spend(text.expose());
    Ok(code)
}

/// Issues what a consent yields.
pub(super) fn redeem(state: &mut State, seen: &Seen<'_>, code: Code, now: Timestamp) -> Answer {
    let holder = Holder {
        user: code.user,
        client_id: code.client_id,
        family: Some(code.family),
    };
    let text = grant::refresh_text(state);
    let refresh = match code.refreshable {
        false => None,
        true => match grant::issue_refresh(state, text, &holder, &code.scopes, now) {
            Some(refresh) => Some(refresh),
            None => return full(),
        },
    };
    let nonce = code.nonce.as_deref();
    reply(state, seen, &holder, &code.scopes, refresh, nonce, now)
}

/// The body of a grant: an access token, and what goes with it.
pub(super) fn reply(
    state: &mut State,
    seen: &Seen<'_>,
    holder: &Holder,
    scopes: &ScopeNames,
    refresh: Option<(String, Option<Duration>)>,
    nonce: Option<&str>,
    now: Timestamp,
) -> Answer {
    let offline = refresh.is_some()
        || holder.family.as_ref().is_some_and(|family| {
            state
                .refresh_tokens
                .values()
                .any(|grant| grant.family == *family)
        });
    let (text, lifetime) = grant::issue_bearer(state, holder, scopes, offline, now);
    let Ok(token) = AccessToken::new(text) else {
        return full();
    };
    let called = match state.config.alias_scopes {
        true => scopes::as_google_calls_them(scopes),
        false => scopes.clone(),
    };
    let mut body = TokenReply::new(token.clone(), lifetime).with_scope(called);
    if let Some((refresh, lifetime)) = refresh {
        body = body.with_refresh_token(Secret::new(refresh), lifetime);
    }
    if scopes::show_subject(scopes) {
        let id = id_token::Identity::of(state, seen, holder, scopes);
        match id.sign(nonce, Some(&token), now) {
            Ok(id) => body = body.with_id_token(id),
            Err(cause) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return refuse(status, ErrorCode::ServerError, "", &cause.to_string());
            }
        }
    }
    json(StatusCode::OK, &body.to_json())
}

/// Google has no such grant (oauth2.md 5.1); other servers do, so a switch turns it on.
fn client_credentials(
    state: &mut State,
    client: &Registration,
    scope: Option<ScopeNames>,
    now: Timestamp,
) -> Answer {
    if !state.config.client_credentials {
        return unsupported(
            "grant_type: Google has no client_credentials; client_credentials = true turns them on",
        );
    }
    let holder = Holder {
        user: client.id.clone(),
        client_id: client.id.clone(),
        family: None,
    };
    let scopes = scope.unwrap_or_default();
    let (text, lifetime) = grant::issue_bearer(state, &holder, &scopes, false, now);
    match AccessToken::new(text) {
        Ok(token) => json(
            StatusCode::OK,
            &TokenReply::new(token, lifetime)
                .with_scope(scopes)
                .to_json(),
        ),
        Err(_) => full(),
    }
}
