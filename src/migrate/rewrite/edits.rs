//! Edits, gathered and applied; and what comes of them.

use serde::Serialize;

use super::{Change, MAX_SITES, Refusal, diff, lexer::Source};

/// A rewritten source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rewritten {
    /// What was changed, in order.
    pub changes: Vec<Change>,
    /// What was left, in order.
    pub refusals: Vec<Refusal>,
    /// The source as it is now.
    #[serde(skip)]
    pub text: Vec<u8>,
    #[serde(skip)]
    pub(super) before: Vec<u8>,
    #[serde(skip)]
    pub(super) edits: Vec<Edit>,
}

impl Rewritten {
    /// The difference as `diff -u` prints it; empty when nothing was changed.
    #[must_use]
    pub fn diff(&self, name: &str) -> Vec<u8> {
        diff::unified(name, &self.before, &self.edits)
    }
}

/// A piece of the source and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) text: String,
}

/// Gathers edits.
#[derive(Default)]
pub(super) struct Edits {
    edits: Vec<Edit>,
    changes: Vec<Change>,
    refusals: Vec<Refusal>,
    sites: usize,
}

impl Edits {
    pub(super) fn replace(&mut self, from: usize, to: usize, text: impl Into<String>) {
        let text = text.into();
        self.edits.push(Edit { from, to, text });
    }

    pub(super) fn changed(&mut self, line: usize, what: impl Into<String>) {
        let what = what.into();
        self.changes.push(Change { line, what });
    }

    pub(super) fn refuse(&mut self, line: usize, reason: impl Into<String>) {
        let reason = reason.into();
        self.refusals.push(Refusal { line, reason });
    }

    /// Whether there is room for one more; the first one that finds none is told.
    pub(super) fn has_room(&mut self, line: usize) -> bool {
        self.sites += 1;
        if self.sites == MAX_SITES + 1 {
            self.refuse(
                line,
                format!(
                    "expected at most {MAX_SITES} logins in one file: the rest is not looked at"
                ),
            );
        }
        self.sites <= MAX_SITES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Where the first edit is.
    pub(super) fn first(&self) -> Option<usize> {
        self.edits.iter().map(|edit| edit.from).min()
    }

    /// Gives up what was gathered, for a reason that holds for all of it.
    pub(super) fn withdraw(&mut self, reason: &str) {
        self.edits.clear();
        for change in std::mem::take(&mut self.changes) {
            self.refuse(change.line, reason);
        }
    }

    pub(super) fn apply(mut self, source: &Source<'_>) -> Rewritten {
        self.edits.sort_by_key(|edit| (edit.from, edit.to));
        // Two that meet were meant as one.
        self.edits.dedup_by(|next, kept| next.from < kept.to);
        self.changes.sort_by_key(|change| change.line);
        self.refusals.sort_by_key(|refusal| refusal.line);
        let mut text = Vec::with_capacity(source.bytes.len() + 256);
        let mut at = 0;
        for edit in &self.edits {
            text.extend_from_slice(&source.bytes[at..edit.from]);
            text.extend_from_slice(edit.text.as_bytes());
            at = edit.to;
        }
        text.extend_from_slice(&source.bytes[at..]);
        Rewritten {
            changes: self.changes,
            refusals: self.refusals,
            text,
            before: source.bytes.to_vec(),
            edits: self.edits,
        }
    }
}
