//! JSON of the libraries of OAuth 2.0, told by the names in it; what is unknown is entered and looked through.
//!
//! | library | tells |
//! |---|---|
//! | oauth2client | `_class`, `token_expiry`; in a `multistore_file` under `data[].credential` |
//! | google-auth | `token`, `refresh_token`, `token_uri`, `expiry` |
//! | yup-oauth2 | `scopes` beside `token: {access_token, refresh_token, expires_at}` |
//! | Go | `access_token`, `token_type`, `expiry` |
//! | Node | `access_token`, `expiry_date` in milliseconds |
//! | gcloud | `type: authorized_user` |
//! | this crate | `version`, `scheme`; in an inventory `protocol`, `found`, `use` |
//!
//! # Source
//! oauth2.md 5.8 for Google's files; the sources of the libraries for the others.

use std::io::BufRead;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use super::{
    super::{
        draft::Draft,
        input::{self, Limits},
        inventory::{Form, Protocol},
        moment,
        run::{Broken, Out},
        value,
    },
    document,
    fields::Fields,
    ours,
};
use crate::{error::Error, secret::Secret};

/// One document.
pub(super) fn document(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let Some(bytes) = document::whole(reader, limits, out)? else {
        return Ok(());
    };
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(value) => look(&value, "$", &Fields::default(), out)?,
        Err(cause) => damaged(&cause, "the file", out)?,
    }
    Ok(())
}

/// One document on each line.
pub(super) fn lines(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let mut bytes = Vec::new();
    let mut line = 0_u64;
    while let Some((_, whole)) = input::record(reader, &mut bytes, (b'\n', b'\n'), limits.record)? {
        line += 1;
        let text = bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&bytes)
            .trim_ascii();
        if text.is_empty() {
            continue;
        }
        let place = format!("line {line}");
        if !whole {
            let what = format_args!(
                "expected at most {} bytes of a line, got more",
                limits.record
            );
            out.problem(place, what)?;
            continue;
        }
        match serde_json::from_slice::<Value>(text) {
            Ok(value) => look(&value, &place, &Fields::default(), out)?,
            Err(cause) => damaged(&cause, &place, out)?,
        }
    }
    Ok(())
}

/// A token that stands as JSON in a setting, with what stands beside it.
pub(super) fn of_text(text: &str, beside: &Fields) -> Option<Draft> {
    let Ok(Value::Object(map)) = serde_json::from_str(text) else {
        return None;
    };
    let form = match beside.kind {
        Some(_) => Form::Rclone,
        None => Form::Settings,
    };
    let mut drafts = fields(&map, beside).into_drafts(form);
    (!drafts.is_empty()).then(|| drafts.swap_remove(0))
}

fn damaged(cause: &serde_json::Error, place: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let what = match cause.classify() {
        serde_json::error::Category::Eof => "expected the rest of the JSON: it was cut off",
        _ => "expected JSON, got something else",
    };
    let at = format_args!("{place}, {}:{}", cause.line(), cause.column());
    out.problem(at, what)
}

/// Looks through a value; its depth is bounded by the parser.
fn look(value: &Value, path: &str, beside: &Fields, out: &mut Out<'_>) -> Result<(), Error> {
    match value {
        Value::Object(map) => object(map, path, beside, out),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(at, item)| look(item, &format!("{path}[{at}]"), beside, out)),
        Value::String(text) => match value::read(text, Form::Json) {
            Some(Ok(drafts)) => drafts.into_iter().try_for_each(|mut draft| {
                draft.user = draft.user.take().or_else(|| beside.user.clone());
                out.found(draft, path)
            }),
            Some(Err(error)) => out.problem(path, error),
            None if path.ends_with('>') => Ok(()),
            None => match inner(text) {
                Some(inner) => look(&inner, &format!("{path}>"), beside, out),
                None => Ok(()),
            },
        },
        _ => Ok(()),
    }
}

/// A document in a string, as oauth2client keeps it for App Engine, or in base64, as its `MultiprocessFileStorage` does.
fn inner(text: &str) -> Option<Value> {
    let decoded;
    let document = if text.starts_with('{') && text.contains("token") {
        text.as_bytes()
    } else if text.starts_with("eyJ") && !text.contains('.') {
        decoded = STANDARD.decode(text).ok()?;
        &decoded
    } else {
        return None;
    };
    let inner: Value = serde_json::from_slice(document).ok()?;
    inner.is_object().then_some(inner)
}

fn object(
    map: &Map<String, Value>,
    path: &str,
    beside: &Fields,
    out: &mut Out<'_>,
) -> Result<(), Error> {
    if let Some(draft) = ours::of_map(map).or_else(|| of_google(map)) {
        return match draft {
            Ok(mut draft) => {
                draft.user = draft.user.take().or_else(|| beside.user.clone());
                out.found(draft, path)
            }
            Err(what) => out.problem(path, what),
        };
    }
    let own = fields(map, beside);
    let form = form(map);
    let drafts = own.clone().into_drafts(form);
    if !drafts.is_empty() {
        return drafts
            .into_iter()
            .try_for_each(|draft| out.found(draft, path));
    }
    if matches!(form, Form::Oauth2clientJson | Form::GoogleAuthJson) {
        return out.problem(
            path,
            "expected a token, got a credential without one: half written?",
        );
    }
    // What stands beside a token one level up, such as yup-oauth2's scopes.
    let mut hints = own.hints();
    if let Some(Value::Object(key)) = map.get("key") {
        let key = fields(key, &hints);
        (hints.client, hints.scopes) = (key.client, key.scopes);
        hints.user = hints.user.or(key.user);
    }
    for (name, value) in map {
        let mut hints = hints.clone();
        if name.contains('@') {
            hints.user = Some(name.clone());
        }
        look(value, &format!("{path}.{name}"), &hints, out)?;
    }
    Ok(())
}

/// Google's own files, which say what they are.
fn of_google(map: &Map<String, Value>) -> Option<Result<Draft, &'static str>> {
    let text = |name: &str| {
        map.get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    for name in ["installed", "web"] {
        if let Some(Value::Object(client)) = map.get(name)
            && let Some(id) = client.get("client_id").and_then(Value::as_str)
        {
            let mut draft = Draft::new(Protocol::OAuth2Client, Form::ClientSecrets);
            draft.client = Some(id.to_owned());
            let secret = client.get("client_secret").and_then(Value::as_str);
            draft.secrets.client_secret = secret.map(Secret::new);
            return Some(Ok(draft));
        }
    }
    let class = text("_class").unwrap_or_default();
    if text("type") == Some("service_account")
        || matches!(
            class,
            "SignedJwtAssertionCredentials"
                | "ServiceAccountCredentials"
                | "_ServiceAccountCredentials"
        )
    {
        let mut draft = Draft::new(Protocol::ServiceAccount, Form::ServiceAccountKey);
        let key = ["private_key", "_private_key_pkcs8_pem"]
            .into_iter()
            .find_map(text);
        draft.secrets.private_key = key.map(Secret::new);
        draft.user = [
            "client_email",
            "_service_account_email",
            "service_account_name",
        ]
        .into_iter()
        .find_map(text)
        .map(str::to_owned);
        draft.client = text("client_id").map(str::to_owned);
        draft.token_uri = text("token_uri").map(str::to_owned);
        return Some(match draft.secrets.private_key {
            Some(_) => Ok(draft),
            None => Err("expected a service account's private key, got none: half written?"),
        });
    }
    match text("type") {
        Some(
            "external_account"
            | "external_account_authorized_user"
            | "impersonated_service_account",
        ) => Some(Err(
            "a configuration for workload identity: it holds no user's credential, use it as it is with --credentials",
        )),
        _ => None,
    }
}

/// The named values of an object.
fn fields(map: &Map<String, Value>, beside: &Fields) -> Fields {
    let mut own = beside.hints();
    for (name, value) in map {
        match value {
            Value::String(text) => {
                own.take(name, text);
            }
            Value::Bool(flag) => own.take_flag(name, *flag),
            Value::Number(_) => {
                if let Some(at) = moment::read(value) {
                    own.take_moment(name, at);
                }
            }
            Value::Array(items) if Fields::is_scope(name) => {
                let scopes = items.iter().filter_map(Value::as_str).map(str::to_owned);
                own.scopes = scopes.collect();
            }
            Value::Array(_) => {
                if let Some(at) = moment::read(value) {
                    own.take_moment(name, at);
                }
            }
            // oauth2client keeps the claims of an ID token.
            Value::Object(claims) if name == "id_token" => {
                let claim = |name: &str| claims.get(name).and_then(Value::as_str);
                if let Some(user) = claim("email").or_else(|| claim("sub")) {
                    own.take("email", user);
                }
            }
            _ => {}
        }
    }
    own
}

fn form(map: &Map<String, Value>) -> Form {
    let has = |name: &str| map.contains_key(name);
    let is_text = |name: &str| map.get(name).is_some_and(Value::is_string);
    if has("_class") || has("token_expiry") {
        Form::Oauth2clientJson
    } else if map.get("type").and_then(Value::as_str) == Some("authorized_user") {
        Form::Gcloud
    } else if is_text("token") && has("client_id") {
        Form::GoogleAuthJson
    } else if map.get("expiry_date").is_some_and(Value::is_number) {
        Form::NodeJson
    } else if has("expires_in_timestamp") || map.get("expires_at").is_some_and(|at| at.is_array()) {
        Form::YupOauth2Json
    } else if has("access_token") && is_text("expiry") {
        Form::GoJson
    } else if has("access_token") && is_text("expires_at") {
        Form::YupOauth2Json
    } else {
        Form::Json
    }
}
