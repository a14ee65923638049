//! Findings that are known: a ratchet, so that a build fails for new ones only.
//!
//! # Shape
//! JSON, one object: `version` 1, and `findings`, a list of `fingerprint`, `count`, `rule` and `file`, sorted, so that two
//! baselines can be compared by eye. No secret is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use crate::error::{Error, Kind};

/// Known findings, by fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<String, Known>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    fingerprint: String,
    count: usize,
    rule: String,
    file: String,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    findings: Vec<Known>,
}

const VERSION: u32 = 1;

impl Baseline {
    /// The most entries of one baseline.
    pub const MAX: usize = 200_000;
    /// The most bytes of one file.
    pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

    /// What is known after this scan.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let mut known = BTreeMap::new();
        for finding in findings {
            let entry = known
                .entry(finding.fingerprint.clone())
                .or_insert_with(|| Known {
                    fingerprint: finding.fingerprint.clone(),
                    count: 0,
                    rule: finding.rule.to_owned(),
                    file: finding.file.clone(),
                });
            entry.count += 1;
        }
        Self(known)
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `baseline`, when it is no JSON of that form, of another version, or too large.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let document: Document = serde_json::from_str(text).map_err(|cause| {
            let problem = "expected a file of --write-baseline, got other text";
            Error::input("baseline", problem).caused_by(cause)
        })?;
        if document.version != VERSION {
            let problem = format_args!("expected version {VERSION}, got {}", document.version);
            return Err(Error::input("baseline", problem));
        }
        if document.findings.len() > Self::MAX {
            let problem = format_args!("expected at most {} findings, got more", Self::MAX);
            return Err(Error::input("baseline", problem));
        }
        let known = document
            .findings
            .into_iter()
            .map(|known| (known.fingerprint.clone(), known));
        Ok(Self(known.collect()))
    }

    /// The file's text. Law: `Baseline::parse(&baseline.to_json()?)? == baseline`.
    ///
    /// # Errors
    /// [`Kind::Input`] if it cannot be put into JSON.
    pub fn to_json(&self) -> Result<String, Error> {
        let mut findings: Vec<Known> = self.0.values().cloned().collect();
        findings.sort_by(|a, b| {
            (&a.file, &a.rule, &a.fingerprint).cmp(&(&b.file, &b.rule, &b.fingerprint))
        });
        let document = Document {
            version: VERSION,
            findings,
        };
        let text = serde_json::to_string_pretty(&document);
        text.map(|text| text + "\n").map_err(|cause| {
            Error::new(Kind::Input, "cannot print the baseline as JSON").caused_by(cause)
        })
    }

    /// For each finding whether it is new: of one that is known twice, a third one is.
    #[must_use]
    pub fn new_ones(&self, findings: &[Finding]) -> Vec<bool> {
        let mut left: BTreeMap<&str, usize> = self
            .0
            .iter()
            .map(|(print, known)| (print.as_str(), known.count))
            .collect();
        let is_new = |finding: &Finding| match left.get_mut(finding.fingerprint.as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        };
        findings.iter().map(is_new).collect()
    }

    /// How many known findings are gone: the baseline may be written anew without them.
    #[must_use]
    pub fn gone(&self, findings: &[Finding]) -> usize {
        let now = Self::of(findings);
        let count =
            |baseline: &Self, print: &str| baseline.0.get(print).map_or(0, |known| known.count);
        self.0
            .values()
            .map(|known| known.count.saturating_sub(count(&now, &known.fingerprint)))
            .sum()
    }

    /// Where nothing of it is found, but the same under another path: one file as it is known, and as it was reached now.
    #[must_use]
    pub fn elsewhere<'f>(&'f self, findings: &'f [Finding]) -> Option<(&'f str, &'f str)> {
        let mut now = findings.iter();
        if now.any(|one| self.0.contains_key(&one.fingerprint)) {
            return None;
        }
        let of: BTreeMap<(&str, &str), &str> = self
            .0
            .values()
            .map(|known| ((&*known.rule, last(&known.file)), &*known.file))
            .collect();
        findings.iter().find_map(|one| {
            let before = of.get(&(one.rule, last(&one.file)))?;
            (*before != one.file).then_some((*before, one.file.as_str()))
        })
    }

    /// How many findings are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.values().map(|known| known.count).sum()
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The last part of a path.
fn last(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}
