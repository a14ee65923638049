//! A report in the forms that others read: JSON for programs, SARIF for code hosts, one HTML page for people.

mod html;
mod json;
mod sarif;

pub use self::{html::html, json::json, sarif::sarif};

use super::finding::{Finding, Verdict};

/// What a printed report is about beside its findings.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct View<'r> {
    /// The findings that are shown, and whether each is new.
    pub findings: Vec<(&'r Finding, bool)>,
    /// Whether there was a baseline.
    pub baseline: bool,
    /// Whether look-alikes are shown too.
    pub look_alikes: bool,
}

impl View<'_> {
    /// How many are new and open: what fails a build.
    #[must_use]
    pub fn failing(&self) -> usize {
        let failing = |(finding, new): &&(&Finding, bool)| *new && finding.verdict.is_open();
        self.findings.iter().filter(failing).count()
    }

    /// How many have a verdict.
    #[must_use]
    pub fn with(&self, verdict: Verdict) -> usize {
        self.findings
            .iter()
            .filter(|(finding, _)| finding.verdict == verdict)
            .count()
    }
}

impl<'r> View<'r> {
    /// A report's findings against what is known.
    #[must_use]
    pub fn of(
        report: &'r super::Report,
        baseline: Option<&super::Baseline>,
        look_alikes: bool,
    ) -> Self {
        let new = baseline.map(|baseline| baseline.new_ones(&report.findings));
        let is_new = |at: usize| {
            new.as_ref()
                .is_none_or(|new| new.get(at).copied().unwrap_or(true))
        };
        let findings = report
            .findings
            .iter()
            .enumerate()
            .map(|(at, finding)| (finding, is_new(at)));
        let others = report
            .look_alikes
            .iter()
            .filter(|_| look_alikes)
            .map(|finding| (finding, false));
        Self {
            findings: findings.chain(others).collect(),
            baseline: baseline.is_some(),
            look_alikes,
        }
    }
}
