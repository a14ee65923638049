//! What this crate writes itself: a credential as `login --save` keeps it, and an inventory with its secrets.
//!
//! ```text
//! {"version":1,"scheme":"oauth1","consumer_key":…}              Sealed, alone or below "credential"
//! {"version":1,"credentials":[                                  an inventory, one credential a line,
//! {"number":1,"protocol":"auth-sub",…,"clear":{"token":…}},     so that it never has to be held
//! ],
//! ```

use std::io::BufRead;

use serde_json::{Map, Value};

use super::super::{
    draft::{Draft, words},
    input::{self, Limits},
    inventory::{Credential, Form, Protocol, TokenState, Use},
    run::{Broken, Out},
};
use crate::{scheme::oauth1::SignatureMethod, secret::Secret, time::Timestamp};

/// How an inventory begins.
pub(super) const INVENTORY: &str = "{\"version\":1,\"credentials\":[";

/// An inventory line by line.
pub(super) fn inventory(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let mut bytes = Vec::new();
    let mut line = 0_u64;
    let mut ended = false;
    while let Some((_, whole)) = input::record(reader, &mut bytes, (b'\n', b'\n'), limits.record)? {
        line += 1;
        let text = bytes.trim_ascii();
        if text.starts_with(b"]") {
            ended = true;
            break;
        }
        let text = text.strip_prefix(INVENTORY.as_bytes()).unwrap_or(text);
        let text = text.strip_suffix(b",").unwrap_or(text);
        if text.is_empty() {
            continue;
        }
        let read = match whole {
            true => serde_json::from_slice(text).map_err(|_| "expected a credential, got another"),
            false => Err("expected a shorter line, got too long a one"),
        };
        match read.and_then(of_credential) {
            Ok(draft) => out.found(draft, format_args!("line {line}"))?,
            Err(what) => out.problem(format_args!("line {line}"), what)?,
        }
    }
    if !ended {
        out.problem(
            "the end",
            "expected the rest of the inventory: it was cut off",
        )?;
    }
    Ok(())
}

/// One of ours by the names in it.
pub(super) fn of_map(map: &Map<String, Value>) -> Option<Result<Draft, &'static str>> {
    let has = |name: &str| map.contains_key(name);
    if has("protocol") && has("found") && has("use") {
        let read = serde_json::from_value(Value::Object(map.clone()));
        let read = read.map_err(|_| "expected a credential of an inventory, got another");
        return Some(read.and_then(of_credential));
    }
    (map.get("version").is_some_and(Value::is_number) && has("scheme")).then(|| of_sealed(map))
}

fn of_credential(credential: Credential) -> Result<Draft, &'static str> {
    if credential.secrets.iter().next().is_none() && !credential.masks.is_empty() {
        return Err(
            "expected secrets, got an inventory without: import --with-secrets writes them",
        );
    }
    let mut draft = Draft::new(credential.protocol, credential.form);
    draft.signs_by_key = credential.usable == Use::MigrationGrant;
    draft.user = credential.user;
    draft.service = credential.service;
    draft.scopes = credential.scopes;
    draft.client = credential.client;
    draft.state = credential.state;
    draft.token_uri = credential.token_uri;
    draft.issued_at = credential.issued_at;
    draft.expires_at = credential.expires_at;
    draft.dead = credential.dead;
    draft.secrets = credential.secrets;
    Ok(draft)
}

fn of_sealed(map: &Map<String, Value>) -> Result<Draft, &'static str> {
    let text = |name: &str| {
        let text = map.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    let secret = |name: &str| text(name).map(Secret::new);
    let form = Form::GdataAuth;
    let mut draft = match text("scheme") {
        Some("authsub") => {
            let secure = map.get("secure").and_then(Value::as_bool) == Some(true);
            let protocol = match secure {
                true => Protocol::SecureAuthSub,
                false => Protocol::AuthSub,
            };
            Draft::new(protocol, form)
        }
        Some("clientlogin") => Draft::new(Protocol::ClientLogin, form),
        Some("oauth1") => {
            let two_legged = text("token").is_none();
            let mut draft = match two_legged {
                true => Draft::new(Protocol::OAuth1TwoLegged, form),
                false => Draft::new(Protocol::OAuth1, form),
            };
            draft.state = (!two_legged).then_some(TokenState::Access);
            draft.client = text("consumer_key").map(str::to_owned);
            draft.user = text("requestor").map(str::to_owned);
            draft.signs_by_key = text("method") == Some(SignatureMethod::RsaSha1.as_str());
            draft
        }
        Some("oauth2") => Draft::new(Protocol::OAuth2, form),
        Some("api-key") => return Err("an API key, which is no user's credential"),
        _ => return Err("expected a credential of a scheme that is known, got another"),
    };
    draft.secrets.token = secret("token");
    draft.secrets.token_secret = secret("token_secret");
    draft.secrets.client_secret = secret("consumer_secret");
    draft.secrets.access_token = secret("access_token");
    draft.scopes = words(text("scopes").unwrap_or_default());
    let end = map.get("expires_at").and_then(Value::as_i64);
    draft.expires_at = end.map(Timestamp::from_unix_seconds);
    Ok(draft)
}
