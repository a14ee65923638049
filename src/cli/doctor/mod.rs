//! `doctor`: what will not work, told before it is tried; nothing is sent (oauth2.md 6.6).
//!
//! ```text
//! client_secret.json ─▶ client    ┐
//! flow, redirects, scopes ─▶ flow ├─▶ findings ─▶ text or JSON, exit 1 when one is wrong
//! credentials ─▶ credentials      │
//! store, clock ─▶ kept            ┘
//! ```

mod client;
mod credentials;
mod finding;
mod flow;
mod kept;
mod modes;

use std::process::ExitCode;

use serde::Serialize;

use self::finding::{Finding, Findings};
use super::{args::Doctor, paint, put};
use crate::{
    error::{Error, Kind},
    scope::ScopeNames,
    system::{Clock, SystemClock},
};

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'f> {
    ok: bool,
    findings: &'f [Finding],
}

pub(super) fn run(options: &Doctor) -> Result<ExitCode, Error> {
    let now = SystemClock.now();
    let words = options.scope.iter().flat_map(|text| text.split(' '));
    let scopes = ScopeNames::new(words.filter(|word| !word.is_empty()))?;
    let mut findings = Findings::default();
    let file = match &options.client_secrets {
        Some(path) => client::look(path, &mut findings),
        None => None,
    };
    flow::look(options, file.as_ref(), &scopes, &mut findings);
    if let Some(path) = &options.credentials {
        credentials::look(path, &scopes, now, &mut findings);
    }
    kept::look(&options.store, now, &mut findings);
    let ok = !findings.any_wrong();
    if options.json {
        let report = Report {
            ok,
            findings: findings.all(),
        };
        let mut text = serde_json::to_string_pretty(&report).map_err(|cause| {
            Error::new(Kind::Input, "cannot print the findings as JSON").caused_by(cause)
        })?;
        text.push('\n');
        put(text.as_bytes())?;
    } else {
        for finding in findings.all() {
            put(finding.to_string().as_bytes())?;
        }
        paint::talk(match (ok, findings.all().is_empty()) {
            (_, true) => "nothing to complain about",
            (true, _) => "nothing is wrong",
            (false, _) => "something is wrong",
        });
    }
    Ok(match ok {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
