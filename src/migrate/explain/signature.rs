//! One signature: what has to stand in a text, and what it means then.

use serde::Serialize;

use super::text::Text;

/// How sure an explanation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Sure {
    /// One of several that look alike.
    Possible,
    /// It fits, and little else does.
    Likely,
    /// Nothing else says this.
    Certain,
}

/// A line of the tables, as [`signatures`](super::signatures) gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// Its name.
    pub id: &'static str,
    /// All of these have to be there, in lower case; behind `^`, at the begin of a dotted name.
    pub all: &'static [&'static str],
    /// At least one of these, unless there are none.
    pub any: &'static [&'static str],
    /// None of these, which say more.
    pub none: &'static [&'static str],
    /// One of these statuses, unless there are none.
    pub statuses: &'static [u16],
    /// How sure it is.
    pub sure: Sure,
    /// Which of equally sure ones comes first.
    pub weight: u8,
    /// What it means.
    pub meaning: &'static str,
    /// Since when, with its source; empty where no date is known.
    pub since: &'static str,
    /// The next step.
    pub next: &'static str,
    /// Where to read on.
    pub link: &'static str,
}

/// What a text tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The signature's name.
    pub id: String,
    /// How sure it is.
    pub sure: Sure,
    /// What it means.
    pub meaning: String,
    /// Since when, with its source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The next step.
    pub next: String,
    /// Where to read on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(skip)]
    pub(super) weight: u8,
}

impl Signature {
    pub(super) fn fits(&self, text: &Text) -> bool {
        let has = |words: &&str| match words.strip_prefix('^') {
            Some(name) => text.begins(name),
            None => text.has(words),
        };
        self.all.iter().all(has)
            && (self.any.is_empty() || self.any.iter().any(has))
            && !self.none.iter().any(has)
            && (self.statuses.is_empty()
                || self.statuses.iter().any(|it| text.statuses.contains(it)))
    }
}

impl Explanation {
    pub(super) fn of(signature: &Signature) -> Self {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self {
            id: signature.id.to_owned(),
            sure: signature.sure,
            meaning: signature.meaning.to_owned(),
            since: some(signature.since),
            next: signature.next.to_owned(),
            link: some(signature.link),
            weight: signature.weight,
        }
    }
}
