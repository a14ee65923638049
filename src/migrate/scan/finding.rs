//! One finding: where, what, and what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::rules::Kind;
use crate::migrate::catalogue::{Access, Class, Service, State};

/// A call site, a secret, a feed or a library of the old ways.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Finding {
    /// The file, as it was reached, with `/` between its parts.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// The line on which it ends.
    pub end_line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The rule that fits best.
    pub rule: &'static str,
    /// The others that hit the line.
    pub also: Vec<&'static str>,
    /// What it is.
    pub kind: Kind,
    /// What to do.
    pub verdict: Verdict,
    /// The service that it is about, as far as the file tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Target>,
    /// Whether its file calls what reads that service, or writes it, as far as that is seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// The same in a sentence or two.
    pub message: String,
    /// The line, secrets blotted out.
    pub excerpt: String,
    /// What the file is written in.
    pub language: &'static str,
    /// The same for the same line, wherever it moves in its file.
    pub fingerprint: String,
}

/// What to do about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// The feeds still answer: a token of OAuth 2.0 in the header is enough.
    HeaderSwap,
    /// Another API does it today.
    Port,
    /// Nothing does.
    NoSuccessor,
    /// The credential is one of OAuth 2.0 already.
    AlreadyOauth2,
    /// The same words for something else.
    LookAlike,
    /// A person has to look.
    CheckByHand,
    /// A secret is in the open: whoever read it has it, whatever becomes of the API.
    ReplaceSecret,
}

/// The service that a finding is about.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Target {
    /// The row of the catalogue.
    pub id: &'static str,
    /// What it was called.
    pub name: &'static str,
    /// Whether it answers.
    pub state: State,
    /// Where to go.
    pub successor: Option<&'static str>,
    /// The narrowest scopes for reading.
    pub read: Vec<&'static str>,
    /// The narrowest scopes for writing.
    pub write: Vec<&'static str>,
    /// How hard those are to get.
    pub class: Option<Class>,
    /// What of this nobody confirmed.
    pub unverified: Vec<&'static str>,
}

impl Target {
    pub(super) fn of(service: &'static Service) -> Self {
        Self {
            id: service.id(),
            name: service.name(),
            state: service.state(),
            successor: service.successor(),
            read: service.read_scopes().collect(),
            write: service.write_scopes().collect(),
            class: service.class(),
            unverified: service.unverified().collect(),
        }
    }
}

impl Verdict {
    /// Every verdict, in the order of a report.
    pub const ALL: [Self; 7] = [
        Self::ReplaceSecret,
        Self::HeaderSwap,
        Self::Port,
        Self::NoSuccessor,
        Self::CheckByHand,
        Self::AlreadyOauth2,
        Self::LookAlike,
    ];

    /// Whether something is left to do.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::AlreadyOauth2 | Self::LookAlike)
    }

    /// A few words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::HeaderSwap => "header swap is enough",
            Self::Port => "port",
            Self::NoSuccessor => "no successor",
            Self::AlreadyOauth2 => "already OAuth 2.0",
            Self::LookAlike => "look-alike",
            Self::CheckByHand => "check by hand",
            Self::ReplaceSecret => "replace the secret",
        }
    }
}

/// A few words.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl Kind {
    /// Every kind, in the order of a report.
    pub const ALL: [Self; 7] = [
        Self::Auth,
        Self::Credential,
        Self::Leak,
        Self::Reply,
        Self::Inventory,
        Self::Dependency,
        Self::Done,
    ];

    /// A few words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Auth => "old login",
            Self::Credential => "password or key handled",
            Self::Leak => "secret exposed",
            Self::Reply => "old answer read",
            Self::Inventory => "feed or scope",
            Self::Dependency => "old library",
            Self::Done => "OAuth 2.0 in place",
        }
    }
}

/// A fingerprint of the masked line, without its spaces: a secret is not in it.
pub(super) fn fingerprint(rule: &str, file: &str, line: &str) -> String {
    let mut hash = Sha256::new();
    for part in [rule, file] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let bare: String = line.split_ascii_whitespace().collect();
    hash.update(bare.as_bytes());
    hash.finalize()
        .iter()
        .take(10)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
