//! What a scan brings home: findings, and every file that was not read as it stands.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    finding::{Finding, Verdict},
    rules::Kind,
};

/// The result of a scan.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// What is left to do or was done, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// The same words for something else.
    pub look_alikes: Vec<Finding>,
    /// Files that were looked through.
    pub files: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Files that have such words in comments or prose only.
    pub only_comments: u64,
    /// Findings that the report had no room for.
    pub left_out: u64,
    /// Files that were not read, or not as they stand: at most [`Report::MOST_SKIPPED`] by name.
    pub skipped: Vec<Skipped>,
    /// How many there were of each kind, named or not.
    pub skipped_counts: BTreeMap<Why, u64>,
}

/// A file that was not read, or not as it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Skipped {
    /// The file.
    pub file: String,
    /// Why.
    pub why: Why,
    /// What the system says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Why a file was not read as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Why {
    /// It cannot be read.
    Unreadable,
    /// It is no text.
    Binary,
    /// It has the name of a source, and is no text.
    NoText,
    /// A symbolic link, which is not followed.
    Link,
    /// A pipe, a socket or a device.
    Special,
    /// UTF-16 or UTF-32, and too large for that.
    TooLarge,
    /// Larger than is looked at as a whole: it was looked at in windows.
    Windows,
    /// UTF-16: it was decoded.
    Utf16,
    /// UTF-32: it was decoded.
    Utf32,
    /// Not UTF-8: it was read as Latin-1.
    Latin1,
    /// A report of this program, which tells of old logins and has none.
    OwnReport,
    /// The file that the report goes to.
    Output,
}

impl Why {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Unreadable => "cannot be read",
            Self::Binary => "binary, not read",
            Self::NoText => "a source by its name and no text, not read",
            Self::Link => "symbolic link, not followed",
            Self::Special => "no regular file, not read",
            Self::TooLarge => "UTF-16 or UTF-32 and too large, not read",
            Self::Windows => "large, read in windows",
            Self::Utf16 => "UTF-16, decoded",
            Self::Utf32 => "UTF-32, decoded",
            Self::Latin1 => "not UTF-8, read as Latin-1",
            Self::OwnReport => "a report of gdata-auth, not searched",
            Self::Output => "what this scan writes, not searched",
        }
    }

    /// Whether nobody knows what is in it.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Unreadable | Self::TooLarge)
    }

    /// Whether its name is told even in a summary: somebody may have counted on it.
    #[must_use]
    pub fn is_told(self) -> bool {
        self.is_trouble()
            || matches!(
                self,
                Self::OwnReport | Self::Output | Self::Special | Self::NoText
            )
    }

    /// Whether nothing of the file was looked at.
    #[must_use]
    pub fn is_unread(self) -> bool {
        !matches!(
            self,
            Self::Windows | Self::Utf16 | Self::Utf32 | Self::Latin1
        )
    }
}

fn api(finding: &Finding) -> &'static str {
    let service = finding.service.as_ref();
    service.map_or("API not told", |service| service.name)
}

impl Report {
    /// The most findings of one report.
    pub const MOST_FINDINGS: usize = 100_000;
    /// The most files that are named as skipped.
    pub const MOST_SKIPPED: usize = 1_000;

    /// Whether something is left to do.
    #[must_use]
    pub fn any_open(&self) -> bool {
        self.left_out > 0
            || self
                .findings
                .iter()
                .any(|finding| finding.verdict.is_open())
    }

    /// Whether a file could not be looked at, so that nothing found is no proof.
    #[must_use]
    pub fn any_trouble(&self) -> bool {
        self.skipped_counts.keys().any(|why| why.is_trouble())
    }

    /// How many findings have each verdict.
    #[must_use]
    pub fn by_verdict(&self) -> BTreeMap<Verdict, usize> {
        self.count(|finding| finding.verdict)
    }

    /// How many findings are of each kind.
    #[must_use]
    pub fn by_kind(&self) -> BTreeMap<Kind, usize> {
        self.count(|finding| finding.kind)
    }

    /// How many findings are about each service, by its name.
    #[must_use]
    pub fn by_service(&self) -> BTreeMap<&'static str, usize> {
        self.count(api)
    }

    /// How many of them are left to do, of services where any is.
    #[must_use]
    pub fn open_by_service(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for finding in self.findings.iter().filter(|one| one.verdict.is_open()) {
            *counts.entry(api(finding)).or_default() += 1;
        }
        counts
    }

    /// How many findings are in each language.
    #[must_use]
    pub fn by_language(&self) -> BTreeMap<&'static str, usize> {
        self.count(|finding| finding.language)
    }

    fn count<K: Ord>(&self, key: impl Fn(&Finding) -> K) -> BTreeMap<K, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(key(finding)).or_default() += 1;
        }
        counts
    }

    pub(super) fn add(&mut self, finding: Finding) {
        let list = match finding.verdict {
            Verdict::LookAlike => &mut self.look_alikes,
            _ => &mut self.findings,
        };
        if list.len() < Self::MOST_FINDINGS {
            list.push(finding);
        } else {
            self.left_out += 1;
        }
    }

    pub(super) fn skip(&mut self, file: &str, why: Why, detail: Option<String>) {
        *self.skipped_counts.entry(why).or_default() += 1;
        // What cannot be read is named before what is of no interest.
        let room = if why.is_trouble() {
            2 * Self::MOST_SKIPPED
        } else {
            Self::MOST_SKIPPED
        };
        if self.skipped.len() < room {
            self.skipped.push(Skipped {
                file: file.to_owned(),
                why,
                detail,
            });
        }
    }

    /// Puts everything into an order that does not depend on who came first.
    pub(super) fn sort(&mut self) {
        for list in [&mut self.findings, &mut self.look_alikes] {
            list.sort_by(|a, b| {
                (&a.file, a.line, a.column, a.rule).cmp(&(&b.file, b.line, b.column, b.rule))
            });
        }
        self.skipped.sort();
    }
}
