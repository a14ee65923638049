//! What a server copies from the request into its answer: `state`, nonces, tokens and ids, copied anew at replay.

use http::HeaderName;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What goes out as the client sent it, instead of as it was recorded.
///
/// # Shape
/// `from` names a facet of the request, as [`MatchRules`](super::MatchRules) do: `query:state`. `to` is
/// `header:location` (or another header), `body` (wherever the recorded value stands in it), or `body:/a/b`
/// (a JSON pointer, RFC 6901).
///
/// # Examples
/// ```
/// use gdata_auth::cassette::{EchoRule, EchoRules};
///
/// let mut rules = EchoRules::default();
/// assert!(rules.automatic);
/// rules.rules.push(EchoRule::new("header:x-correlation-id", "body:/meta/correlationId"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct EchoRules {
    /// Whether values that differ in every run are found in the recorded answer and copied by themselves.
    pub automatic: bool,
    /// Further ones.
    pub rules: Vec<EchoRule>,
}

/// One value that goes from the request into the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct EchoRule {
    /// The facet of the request.
    pub from: String,
    /// The place in the answer.
    pub to: String,
}

/// A place in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Header(HeaderName),
    Body,
    Pointer(String),
}

impl Default for EchoRules {
    fn default() -> Self {
        Self {
            automatic: true,
            rules: Vec::new(),
        }
    }
}

impl EchoRule {
    /// From a facet of the request to a place in the answer.
    #[must_use]
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
        }
    }

    /// The place in the answer.
    pub(super) fn target(&self) -> Result<Target, Error> {
        let wrong = || {
            Error::input(
                "to",
                "expected header:NAME, body or body:/json/pointer, got something else",
            )
        };
        match self.to.split_once(':') {
            None if self.to == "body" => Ok(Target::Body),
            Some(("header", name)) => name
                .parse()
                .map(Target::Header)
                .map_err(|cause: http::header::InvalidHeaderName| wrong().caused_by(cause)),
            Some(("body", pointer)) if pointer.starts_with('/') => {
                Ok(Target::Pointer(pointer.to_owned()))
            }
            _ => Err(wrong()),
        }
    }

    /// Place and name of the facet.
    pub(super) fn facet(&self) -> (&str, &str) {
        self.from.split_once(':').unwrap_or((&self.from, ""))
    }
}

/// How a value that is not compared is looked for in the answer; `None` when it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Wherever it stands: it is too long to stand there by chance.
    Anywhere,
    /// Behind its name: `state=x`.
    Named,
}

impl Look {
    pub(super) fn at(place: &str, name: &str, value: &str) -> Option<Self> {
        const NAMED: &[&str] = &["state", "nonce"];
        const MOMENTS: &[&str] = &[
            "timestamp",
            "oauth_timestamp",
            "iat",
            "exp",
            "nbf",
            "source",
        ];
        match value.len() {
            0 => None,
            _ if MOMENTS.contains(&name) => None,
            LONG.. => Some(Self::Anywhere),
            _ if place == "query" && NAMED.contains(&name) => Some(Self::Named),
            _ => None,
        }
    }

    /// The text that is looked for, and replaced.
    pub(super) fn text(self, name: &str, value: &str) -> String {
        match self {
            Self::Anywhere => value.to_owned(),
            Self::Named => format!("{name}={value}"),
        }
    }
}

const LONG: usize = 8;
