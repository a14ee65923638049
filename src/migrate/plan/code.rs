//! What a scan found, as far as a plan needs it.

use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    migrate::{
        catalogue::Access,
        scan::{Finding, Kind, Report, Verdict, rules},
    },
};

/// The findings of a scan.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Code {
    /// Each finding that counts: no look-alikes.
    pub spots: Vec<Spot>,
    /// Files that were read.
    pub files: u64,
    /// Files that could not be read, and findings beyond the bound: what nobody knows.
    pub unread: u64,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Spot {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The rule.
    pub rule: String,
    /// What it is.
    pub kind: Kind,
    /// What to do.
    pub verdict: Verdict,
    /// The row of the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What the file is written in.
    pub language: String,
    /// Whether the line writes, or its file calls what writes the service.
    pub writes: bool,
    /// Whether its file calls what reads the service, and nothing that writes it.
    pub reads: bool,
}

/// Rules whose call sites write: a method override, and the browser upload of YouTube.
const WRITING: &[&str] = &["W23", "W24", "P15"];

/// Methods that write, by the beginning of their names.
const VERBS: &[&str] = &[
    "insert", "update", "delete", "upload", "post", "put", "create", "addentry",
];

/// Words of a line that only an upload has: its host, its token, its form.
const UPLOADS: &[&str] = &[
    "uploads.gdata.youtube.com",
    "getuploadtoken",
    "getformuploadtoken",
    "formdataupload",
    "upload/create-session",
];

#[derive(Deserialize)]
struct Document {
    version: u32,
    findings: Vec<One>,
    #[serde(default)]
    summary: Summary,
    #[serde(default)]
    skipped: Vec<Skipped>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Summary {
    files: u64,
    left_out: u64,
}

#[derive(Deserialize)]
struct Skipped {
    why: String,
}

#[derive(Deserialize)]
struct One {
    file: String,
    line: usize,
    rule: String,
    kind: Kind,
    verdict: Verdict,
    #[serde(default)]
    service: Option<Target>,
    #[serde(default)]
    access: Option<Access>,
    #[serde(default)]
    language: String,
    #[serde(default)]
    excerpt: String,
}

#[derive(Deserialize)]
struct Target {
    id: String,
}

/// Reasons of `skipped` that leave a file unknown.
const UNREAD: &[&str] = &["unreadable", "too-large"];

impl Code {
    /// Reads what `migrate scan --format json` printed.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is no such report, or one of another version; the message tells
    /// the place and never the content.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let document: Document = serde_json::from_slice(text).map_err(|cause| {
            Error::input(
                "scan",
                format_args!(
                    "expected what migrate scan --format json prints, got something else at {}:{}",
                    cause.line(),
                    cause.column()
                ),
            )
        })?;
        if document.version != 1 {
            let problem = format_args!("expected version 1, got {}", document.version);
            return Err(Error::input("scan", problem));
        }
        let unread = document.skipped.iter();
        let unread = unread.filter(|skipped| UNREAD.contains(&&*skipped.why));
        let unread = unread.count() as u64 + document.summary.left_out;
        let spots = document.findings.into_iter().map(|one| Spot {
            writes: writes(&one.rule, &one.excerpt) || one.access == Some(Access::Write),
            reads: one.access == Some(Access::Read),
            file: one.file,
            line: one.line,
            rule: one.rule,
            kind: one.kind,
            verdict: one.verdict,
            service: one.service.map(|service| service.id),
            language: one.language,
        });
        Ok(Self {
            spots: spots
                .filter(|spot| spot.verdict != Verdict::LookAlike)
                .collect(),
            files: document.summary.files,
            unread,
        })
    }

    /// The same from a scan of this process.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let spot = |finding: &Finding| Spot {
            file: finding.file.clone(),
            line: finding.line,
            rule: finding.rule.to_owned(),
            kind: finding.kind,
            verdict: finding.verdict,
            service: finding
                .service
                .as_ref()
                .map(|service| service.id.to_owned()),
            language: finding.language.to_owned(),
            writes: writes(finding.rule, &finding.excerpt) || finding.access == Some(Access::Write),
            reads: finding.access == Some(Access::Read),
        };
        let trouble = report.skipped.iter().filter(|one| one.why.is_trouble());
        Self {
            spots: report.findings.iter().map(spot).collect(),
            files: report.files,
            unread: trouble.count() as u64 + report.left_out,
        }
    }

    /// Whether a rule that speaks of `word` hit anything.
    pub(super) fn speaks_of(&self, word: &str) -> bool {
        let speaks = |spot: &Spot| {
            let mut own = rules().filter(|rule| rule.id == spot.rule);
            own.any(|rule| rule.what.contains(word))
        };
        self.spots
            .iter()
            .any(|spot| spot.kind == Kind::Auth && spot.verdict.is_open() && speaks(spot))
    }
}

/// Whether a line calls a method that writes: a name after a dot, an arrow or two colons.
fn writes(rule: &str, excerpt: &str) -> bool {
    if WRITING.contains(&rule) {
        return true;
    }
    let lower = excerpt.to_ascii_lowercase();
    if UPLOADS.iter().any(|word| lower.contains(word)) {
        return true;
    }
    let called = |verb: &&str| {
        lower.match_indices(*verb).any(|(at, _)| {
            let begins = lower[..at].ends_with(['.', '>', ':']);
            let rest = lower[at + verb.len()..]
                .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            begins && rest.trim_start().starts_with('(')
        })
    };
    VERBS.iter().any(called)
}
