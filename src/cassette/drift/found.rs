//! One difference, and how much it matters.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much a difference matters.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "three levels, in order")]
pub enum Level {
    /// A careful client does not see it.
    #[default]
    Harmless,
    /// It may matter.
    Notable,
    /// A client of the recorded form may fail.
    Breaking,
}

/// One difference between a recorded answer and a live one.
///
/// `Display` is one line, `breaking: body $.expires_in: expected an integer, got a string of 4`. It shows no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Drift {
    /// How much it matters.
    pub level: Level,
    /// What differs: `status`, `header location`, `body $.items[].id`, `body /feed/entry/@etag`.
    pub field: String,
    /// What was expected and what came.
    pub message: String,
}

impl Drift {
    pub(super) fn new(level: Level, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            level,
            field: field.into(),
            message: message.into(),
        }
    }

    /// A request that nothing recorded matches.
    pub(in crate::cassette) fn unmatched() -> Self {
        let message = "expected a recorded request like it, got none";
        Self::new(Level::Breaking, "request", message)
    }

    /// A recorded answer without a live one; `why` holds no secret.
    pub(in crate::cassette) fn unanswered(why: String) -> Self {
        Self::new(Level::Breaking, "answer", why)
    }

    /// A request that the recording refuses; `why` holds no secret.
    pub(in crate::cassette) fn unreplayed(why: String) -> Self {
        Self::new(Level::Breaking, "request", why)
    }
}

impl Level {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::Notable => "notable",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.level, self.field, self.message)
    }
}
