//! `accounts`: what is kept, without any token.

use std::process::ExitCode;

use serde::Serialize;

use super::{folder, there};
use crate::{
    cli::{args::Accounts, paint, put},
    error::{Error, Kind},
    store::{StoredGrant, TokenStore},
    system::{Clock, SystemClock},
    time::Timestamp,
};

/// A grant as `--json` prints it.
#[derive(Serialize)]
struct Line {
    account: String,
    email: Option<String>,
    issuer: String,
    client_id: String,
    scopes: Vec<String>,
    alive: bool,
    reason: Option<String>,
    flow: Option<String>,
    consented_at: String,
    refreshed_at: Option<String>,
    access_token_expires_at: Option<String>,
    refresh_token_expires_at: Option<String>,
}

pub(in crate::cli) fn list(options: &Accounts) -> Result<ExitCode, Error> {
    let now = SystemClock.now();
    let mut lines = Vec::new();
    if let Some(store) = there(&options.store)? {
        for key in store.list()? {
            let Some((grant, _)) = store.load(&key)? else {
                continue;
            };
            let reason = state_of(&grant, now);
            let text = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string());
            lines.push(Line {
                account: key.account().to_owned(),
                email: grant.email().map(str::to_owned),
                issuer: key.issuer().to_owned(),
                client_id: key.client_id().to_owned(),
                scopes: grant.granted().iter().map(str::to_owned).collect(),
                alive: reason.is_none(),
                reason,
                flow: grant.flow().map(str::to_owned),
                consented_at: grant.obtained_at().to_string(),
                refreshed_at: text(grant.refreshed_at()),
                access_token_expires_at: text(grant.access_token().and_then(|t| t.expires_at())),
                refresh_token_expires_at: text(grant.refresh_expires_at()),
            });
        }
    }
    if options.json {
        let mut text = serde_json::to_string_pretty(&lines).map_err(|cause| {
            Error::new(Kind::Input, "cannot print the accounts as JSON").caused_by(cause)
        })?;
        text.push('\n');
        put(text.as_bytes())?;
    } else if lines.is_empty() {
        paint::talk(format_args!(
            "no account is kept in {}; gdata-auth login",
            folder(&options.store)?.display()
        ));
    } else {
        put(table(&lines).as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Why a grant is of no use any more; `None` while it is.
pub(in crate::cli) fn state_of(grant: &StoredGrant, now: Timestamp) -> Option<String> {
    if let Some(death) = grant.dead() {
        return Some(format!("{} (found {})", death.reason(), death.at()));
    }
    if let Some(end) = grant.refresh_expires_at().filter(|end| *end <= now) {
        return Some(format!("the refresh token ended {end}"));
    }
    if grant.refresh_token().is_some() {
        return None;
    }
    match grant.access_token().map(|token| token.expires_at()) {
        Some(None) => None,
        Some(Some(end)) if end > now => None,
        _ => Some("the access token ended, and there is no refresh token".to_owned()),
    }
}

fn table(lines: &[Line]) -> String {
    let head = [
        "ACCOUNT",
        "ISSUER",
        "CLIENT",
        "STATE",
        "REFRESHED",
        "SCOPES",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    for line in lines {
        rows.push([
            line.account.clone(),
            line.issuer.clone(),
            line.client_id.clone(),
            match &line.reason {
                None => "alive".to_owned(),
                Some(reason) => format!("dead: {reason}"),
            },
            line.refreshed_at.clone().unwrap_or_else(|| "-".to_owned()),
            line.scopes.join(" "),
        ]);
    }
    let widths: Vec<usize> = (0..head.len())
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut text = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            text.push_str(&format!("{cell:<width$}  "));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}
