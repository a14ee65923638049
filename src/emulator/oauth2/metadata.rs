//! The metadata server of a machine in Google's cloud (oauth2.md 5.1): tokens for whoever can reach it, which is why a
//! header must say that the request means it.

use bytes::Bytes;
use http::{StatusCode, header};
use serde_json::json;

use super::{
    full,
    grant::{self, Holder},
    id_token,
};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scope::ScopeNames,
    time::Timestamp,
    wire::{percent, query::Pairs},
};

pub(super) const BELOW: &str = "/computeMetadata/";
const ACCOUNTS: &str = "/computeMetadata/v1/instance/service-accounts/";
const FLAVOR: &str = "metadata-flavor";
/// The account of a machine when none is configured.
const DEFAULT_ACCOUNT: &str = "1234567890-compute@developer.gserviceaccount.com";
/// What its tokens may do when nothing else is asked for.
const DEFAULT_SCOPES: &[&str] = &["https://www.googleapis.com/auth/cloud-platform"];
const PROJECT: &str = "emulator-project";
const PROJECT_NUMBER: &str = "1234567890";

/// `GET /` with the header: whether this is a metadata server at all.
pub(in crate::emulator) fn ping(seen: &Seen<'_>) -> Option<Answer> {
    is_meant(seen).then(|| text("computeMetadata/\n".to_owned()))
}

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    if !is_meant(seen) {
        return flavored(Answer::refusal(StatusCode::FORBIDDEN, "Forbidden"))
            .because("Metadata-Flavor: expected Google, and no X-Forwarded-For");
    }
    match seen.path() {
        "/computeMetadata/v1/project/project-id" => text(PROJECT.to_owned()),
        "/computeMetadata/v1/project/numeric-project-id" => text(PROJECT_NUMBER.to_owned()),
        "/computeMetadata/v1/universe/universe-domain" => text("googleapis.com".to_owned()),
        path => match path.strip_prefix(ACCOUNTS) {
            Some(rest) => account(state, seen, rest, now),
            None => missing("this part of the metadata is not played"),
        },
    }
}

fn account(state: &mut State, seen: &Seen<'_>, rest: &str, now: Timestamp) -> Answer {
    let configured = state.config.service_account.first();
    let email = configured
        .map_or(DEFAULT_ACCOUNT, |account| &account.email)
        .to_owned();
    let (name, what) = rest.split_once('/').unwrap_or((rest, ""));
    if name.is_empty() {
        return text(format!("default/\n{email}/\n"));
    }
    let named = percent::decode("account", name).unwrap_or_default();
    if named != "default" && named != email {
        return missing("service-accounts: this machine has no account of that name");
    }
    let query = Pairs::parse(seen.query()).unwrap_or_default();
    match what {
        "" if query.first("recursive").is_some() => value(&json!({
            "aliases": ["default"], "email": email, "scopes": DEFAULT_SCOPES,
        })),
        "" => text("aliases\nemail\nidentity\nscopes\ntoken\n".to_owned()),
        "email" => text(email),
        "aliases" => text("default\n".to_owned()),
        "scopes" => text(format!("{}\n", DEFAULT_SCOPES.join("\n"))),
        "token" => token(state, email, &query, now),
        "identity" => identity(seen, &email, &query, now),
        _ => missing("this part of an account is not played"),
    }
}

/// `?scopes=` names them with commas between.
fn token(state: &mut State, email: String, query: &Pairs, now: Timestamp) -> Answer {
    let asked = query.first("scopes").unwrap_or_default().replace(',', " ");
    let scopes = match ScopeNames::parse(&asked) {
        Ok(scopes) if !scopes.is_empty() => scopes,
        _ => DEFAULT_SCOPES.iter().copied().collect(),
    };
    let holder = Holder {
        user: email.clone(),
        client_id: email,
        family: None,
    };
    let (token, lifetime) = grant::issue_bearer(state, &holder, &scopes, false, now);
    value(&json!({
        "access_token": token, "expires_in": lifetime.as_secs(), "token_type": "Bearer",
    }))
}

fn identity(seen: &Seen<'_>, email: &str, query: &Pairs, now: Timestamp) -> Answer {
    let Some(audience) = query
        .first("audience")
        .filter(|audience| !audience.is_empty())
    else {
        return flavored(Answer::refusal(
            StatusCode::BAD_REQUEST,
            "non-empty audience parameter required",
        ))
        .because("audience: expected the parameter");
    };
    match id_token::Identity::of_account(seen, email, audience).sign(None, None, now) {
        Ok(token) => text(token.expose().to_owned()),
        Err(_) => full(),
    }
}

/// The header must be there, and nothing may have passed the request on.
fn is_meant(seen: &Seen<'_>) -> bool {
    let headers = seen.request.headers();
    headers.get(FLAVOR).is_some_and(|flavor| flavor == "Google")
        && !headers.contains_key("x-forwarded-for")
}

fn text(body: String) -> Answer {
    let mut answer = flavored(Answer::text_bytes(Bytes::from(body)));
    let kind = http::HeaderValue::from_static("application/text");
    answer
        .response
        .headers_mut()
        .insert(header::CONTENT_TYPE, kind);
    answer
}

fn value(value: &serde_json::Value) -> Answer {
    flavored(Answer::json(StatusCode::OK, value)).with(header::CACHE_CONTROL, "no-store")
}

fn missing(reason: &str) -> Answer {
    flavored(Answer::refusal(StatusCode::NOT_FOUND, "Not Found")).because(reason)
}

fn flavored(answer: Answer) -> Answer {
    answer.with(FLAVOR, "Google")
}
