//! The report for programs.
//!
//! # Shape
//! One object: `version` 1, `findings` (each with `file`, `line`, `column`, `rule`, `also`, `kind`, `verdict`, `service`,
//! `message`, `excerpt`, `fingerprint`, `new`), `summary`, `skipped`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::View;
use crate::{
    error::{Error, Kind as ErrorKind},
    migrate::scan::{Finding, Kind, Report, Skipped, Verdict, Why},
};

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    findings: Vec<One<'r>>,
    summary: Summary,
    skipped: &'r [Skipped],
}

#[derive(Serialize)]
struct One<'r> {
    #[serde(flatten)]
    finding: &'r Finding,
    new: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    files: u64,
    bytes: u64,
    findings: usize,
    failing: usize,
    look_alikes: usize,
    only_comments: u64,
    left_out: u64,
    by_verdict: BTreeMap<Verdict, usize>,
    by_kind: BTreeMap<Kind, usize>,
    by_service: BTreeMap<&'static str, usize>,
    by_language: BTreeMap<&'static str, usize>,
    skipped: BTreeMap<Why, u64>,
}

/// The report as JSON.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) if it cannot be put into JSON.
pub fn json(report: &Report, view: &View<'_>) -> Result<String, Error> {
    let findings = view
        .findings
        .iter()
        .map(|(finding, new)| One { finding, new: *new });
    let document = Document {
        version: 1,
        findings: findings.collect(),
        summary: Summary {
            files: report.files,
            bytes: report.bytes,
            findings: report.findings.len(),
            failing: view.failing(),
            look_alikes: report.look_alikes.len(),
            only_comments: report.only_comments,
            left_out: report.left_out,
            by_verdict: report.by_verdict(),
            by_kind: report.by_kind(),
            by_service: report.by_service(),
            by_language: report.by_language(),
            skipped: report.skipped_counts.clone(),
        },
        skipped: &report.skipped,
    };
    let text = serde_json::to_string_pretty(&document);
    text.map(|text| text + "\n").map_err(|cause| {
        Error::new(ErrorKind::Input, "cannot print the findings as JSON").caused_by(cause)
    })
}
