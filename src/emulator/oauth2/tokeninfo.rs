//! `/tokeninfo`: what a token is, for debugging (oauth2.md 5.1). Numbers come as strings there.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{certs, dated, form, json as json_answer, refuse, scopes};
use crate::{
    emulator::{answer::Answer, config::User, seen::Seen, state::State},
    scheme::oauth2::{ErrorCode, Jwt},
    time::Timestamp,
};

pub(super) fn answer(state: &State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let Some(form) = form(seen) else {
        return invalid("Invalid Value", "the form cannot be read");
    };
    let old = seen.path() == "/oauth2/v1/tokeninfo";
    let told = match (form.first("access_token"), form.first("id_token")) {
        (Some(token), None) => of_access(state, token, old, now),
        (None, Some(token)) => of_id(token, now),
        _ => {
            return refuse(
                StatusCode::BAD_REQUEST,
                ErrorCode::InvalidRequest,
                "either access_token or id_token required",
                "expected one of access_token and id_token",
            );
        }
    };
    match told {
        Ok(told) => dated(json_answer(StatusCode::OK, &told.to_string()), now),
        Err(reason) => invalid("Invalid Value", reason),
    }
}

fn invalid(description: &str, reason: &str) -> Answer {
    let status = StatusCode::BAD_REQUEST;
    refuse(status, ErrorCode::InvalidToken, description, reason)
}

fn of_access(state: &State, token: &str, old: bool, now: Timestamp) -> Result<Value, &'static str> {
    let bearer = state
        .bearers
        .get(token)
        .filter(|bearer| bearer.is_alive(now))
        .ok_or("access_token: unknown, revoked or expired")?;
    let names = match state.config.alias_scopes {
        true => scopes::as_google_calls_them(bearer.scopes()),
        false => bearer.scopes().clone(),
    };
    let end = bearer.expires_at().unix_seconds();
    let left = end - now.unix_seconds();
    let access = if bearer.is_offline() {
        "offline"
    } else {
        "online"
    };
    let user = state
        .config
        .user
        .iter()
        .find(|user| user.email == bearer.user());
    let subject = scopes::show_subject(&names)
        .then(|| user.map(User::subject))
        .flatten();
    let email = scopes::show_email(&names).then_some(user).flatten();
    let mut told = match old {
        true => json!({
            "issued_to": bearer.client_id(), "audience": bearer.client_id(), "scope": names.to_string(),
            "expires_in": left, "access_type": access,
        }),
        false => json!({
            "azp": bearer.client_id(), "aud": bearer.client_id(), "scope": names.to_string(),
            "exp": end.to_string(), "expires_in": left.to_string(), "access_type": access,
        }),
    };
    let mut put = |name: &str, value: Value| {
        if let Some(fields) = told.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
    };
    if let Some(subject) = subject {
        put(if old { "user_id" } else { "sub" }, subject.into());
    }
    if let Some(user) = email {
        put("email", user.email.as_str().into());
        match old {
            true => put("verified_email", true.into()),
            false => put("email_verified", "true".into()),
        }
    }
    Ok(told)
}

fn of_id(token: &str, now: Timestamp) -> Result<Value, &'static str> {
    let token = Jwt::parse(token).map_err(|_| "id_token: cannot be read")?;
    let keys = certs::keys();
    let key = keys
        .key(token.key_id())
        .ok_or("id_token: signed by another key")?;
    let claims = token
        .verify(key)
        .map_err(|_| "id_token: the signature does not fit")?;
    let end = claims.get("exp").and_then(Value::as_i64).unwrap_or(0);
    if end <= now.unix_seconds() {
        return Err("id_token: has expired");
    }
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut told: Map<String, Value> = claims
        .iter()
        .map(|(name, value)| (name.clone(), text(value).into()))
        .collect();
    told.insert("alg".to_owned(), "RS256".into());
    told.insert("kid".to_owned(), token.key_id().unwrap_or_default().into());
    told.insert("typ".to_owned(), "JWT".into());
    Ok(Value::Object(told))
}
