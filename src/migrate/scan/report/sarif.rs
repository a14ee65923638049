//! The report as SARIF 2.1.0 (OASIS, 2020-03-27), for code hosts and editors.
//!
//! Findings of the baseline are `unchanged`, others `new`; what could not be read is a notification. Addresses of files are
//! relative, percent-encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::View;
use crate::{
    error::{Error, Kind as ErrorKind},
    migrate::scan::{Finding, Kind, Report, Verdict, rules},
};

/// What stands in a path as it is (RFC 3986, 3.3).
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_')
    .remove(b'~');

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The report as SARIF.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) if it cannot be put into JSON.
pub fn sarif(report: &Report, view: &View<'_>) -> Result<String, Error> {
    let mut ids: Vec<&'static str> = Vec::new();
    let mut table: Vec<Value> = Vec::new();
    for rule in rules().filter(|rule| {
        view.findings
            .iter()
            .any(|(finding, _)| finding.rule == rule.id)
    }) {
        if !ids.contains(&rule.id) {
            ids.push(rule.id);
            table.push(json!({
                "id": rule.id,
                "shortDescription": { "text": rule.what },
                "defaultConfiguration": { "level": level(rule.kind) },
                "properties": { "tags": ["migration", "oauth", kind_tag(rule.kind)] },
            }));
        }
    }
    let results: Vec<Value> = view
        .findings
        .iter()
        .map(|(finding, new)| result(finding, *new, view.baseline, &ids))
        .collect();
    let notifications: Vec<Value> = report
        .skipped
        .iter()
        .map(|skipped| {
            json!({
                "level": if skipped.why.is_trouble() { "error" } else { "note" },
                "message": { "text": format!("{}: {}", skipped.file, skipped.why.words()) },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&skipped.file) } } }],
            })
        })
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            // Runs of one kind are compared with each other (3.17.3); it also comes first, and tells whose report this is.
            "automationDetails": { "id": "gdata-auth migrate scan/" },
            "tool": { "driver": {
                "name": "gdata-auth",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": table,
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": !report.any_trouble(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&document);
    text.map(|text| text + "\n").map_err(|cause| {
        Error::new(ErrorKind::Input, "cannot print the findings as SARIF").caused_by(cause)
    })
}

fn result(finding: &Finding, new: bool, baseline: bool, ids: &[&str]) -> Value {
    let mut region = json!({
        "startLine": finding.line,
        "startColumn": finding.column,
        "snippet": { "text": finding.excerpt },
    });
    if finding.end_line > finding.line {
        region["endLine"] = json!(finding.end_line);
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": if finding.verdict.is_open() { level(finding.kind) } else { "note" },
        "kind": kind(finding.verdict),
        "message": { "text": finding.message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&finding.file) },
            "region": region,
        } }],
        "partialFingerprints": { "gdataAuth/v1": finding.fingerprint },
        "properties": {
            "verdict": finding.verdict,
            "kind": finding.kind,
            "also": finding.also,
            "service": finding.service.as_ref().map(|service| service.id),
        },
    });
    if let Some(index) = ids.iter().position(|id| *id == finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    if baseline {
        result["baselineState"] = json!(if new { "new" } else { "unchanged" });
    }
    // SARIF has a level only for what fails (3.27.9 and 3.27.10).
    if kind(finding.verdict) != "fail" {
        result["level"] = json!("none");
    }
    result
}

fn kind(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::CheckByHand => "review",
        Verdict::AlreadyOauth2 => "pass",
        Verdict::LookAlike => "notApplicable",
        _ => "fail",
    }
}

fn level(kind: Kind) -> &'static str {
    match kind {
        Kind::Auth | Kind::Leak => "error",
        Kind::Credential | Kind::Reply => "warning",
        Kind::Inventory | Kind::Dependency | Kind::Done => "note",
    }
}

fn kind_tag(kind: Kind) -> &'static str {
    match kind {
        Kind::Leak | Kind::Credential => "security",
        _ => "deprecated-api",
    }
}

fn uri(file: &str) -> String {
    let path = utf8_percent_encode(file, PATH).to_string();
    match file.starts_with('/') {
        true => format!("file://{path}"),
        false => path,
    }
}
