//! Changes to a text, by place: everything that is not changed stays as it was, byte for byte.

use std::ops::Range;

/// One piece of a text, and what goes in its place.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) at: Range<usize>,
    pub(super) put: Vec<u8>,
}

impl Edit {
    pub(super) fn new(at: Range<usize>, put: impl Into<Vec<u8>>) -> Self {
        Self {
            at,
            put: put.into(),
        }
    }

    /// The same change in a text in which this one begins at `by`.
    pub(super) fn shifted(self, by: usize) -> Self {
        Self {
            at: self.at.start + by..self.at.end + by,
            put: self.put,
        }
    }
}

/// The text with its changes. Of changes that overlap, the first stands.
pub(super) fn apply(text: &[u8], edits: Vec<Edit>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut from = 0;
    for edit in settled(edits) {
        out.extend_from_slice(&text[from..edit.at.start]);
        out.extend_from_slice(&edit.put);
        from = edit.at.end;
    }
    out.extend_from_slice(&text[from..]);
    out
}

/// In order, without those that overlap one that was there before them.
pub(super) fn settled(edits: Vec<Edit>) -> Vec<Edit> {
    let mut order: Vec<(usize, Edit)> = edits.into_iter().enumerate().collect();
    order.sort_by_key(|(age, edit)| (edit.at.start, *age));
    let mut settled: Vec<(usize, Edit)> = Vec::with_capacity(order.len());
    for (age, edit) in order {
        match settled.last_mut() {
            Some((older, last)) if last.at.end > edit.at.start => {
                if age < *older {
                    *last = edit;
                    *older = age;
                }
            }
            _ => settled.push((age, edit)),
        }
    }
    settled.into_iter().map(|(_, edit)| edit).collect()
}
