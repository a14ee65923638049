//! What the doctor finds: a code for programs, a sentence, and what to do.

use std::fmt;

use serde::Serialize;

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    code: &'static str,
    severity: Severity,
    what: String,
    next: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    /// It will not work, or is not safe.
    Wrong,
    /// It works, for now or by luck.
    Notice,
}

/// All that was found, in the order of the look.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn wrong(
        &mut self,
        code: &'static str,
        what: impl Into<String>,
        next: impl Into<String>,
    ) {
        self.push(code, Severity::Wrong, what.into(), next.into());
    }

    pub(super) fn notice(
        &mut self,
        code: &'static str,
        what: impl Into<String>,
        next: impl Into<String>,
    ) {
        self.push(code, Severity::Notice, what.into(), next.into());
    }

    fn push(&mut self, code: &'static str, severity: Severity, what: String, next: String) {
        self.0.push(Finding {
            code,
            severity,
            what,
            next,
        });
    }

    pub(super) fn all(&self) -> &[Finding] {
        &self.0
    }

    pub(super) fn any_wrong(&self) -> bool {
        self.0
            .iter()
            .any(|finding| finding.severity == Severity::Wrong)
    }
}

/// Two lines for a person.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code, what, next, ..
        } = self;
        let severity = match self.severity {
            Severity::Wrong => "wrong",
            Severity::Notice => "notice",
        };
        writeln!(f, "{severity}: {what} [{code}]\n  next: {next}")
    }
}
