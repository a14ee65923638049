//! Text under construction: on the stack, until it grows beyond what one request needs.
//!
//! A signed request is written by some dozens of short copies; a `Vec` would add an allocation, and `SmallVec`
//! takes twice as long for each copy.

use std::ops::Deref;

/// Bytes, the first `ROOM` of them without an allocation.
pub(super) struct Text<const ROOM: usize = 1024> {
    room: [u8; ROOM],
    used: usize,
    /// Holds all, once the room was too small.
    heap: Vec<u8>,
}

impl<const ROOM: usize> Text<ROOM> {
    pub(super) fn new() -> Self {
        Self {
            room: [0; ROOM],
            used: 0,
            heap: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let end = self.used + bytes.len();
        if self.heap.is_empty() {
            if let Some(room) = self.room.get_mut(self.used..end) {
                room.copy_from_slice(bytes);
                self.used = end;
                return;
            }
            self.spill(bytes.len());
        }
        self.heap.extend_from_slice(bytes);
    }

    /// Makes room for `more` bytes at once, where the stack will not do.
    pub(super) fn reserve(&mut self, more: usize) {
        if self.len() + more > ROOM {
            self.heap.reserve(self.len() + more);
        }
    }

    pub(super) fn clear(&mut self) {
        self.used = 0;
        self.heap.clear();
    }

    /// Takes the last `count` bytes away.
    pub(super) fn shorten(&mut self, count: usize) {
        self.used = self.used.saturating_sub(count);
        self.heap.truncate(self.heap.len().saturating_sub(count));
    }

    #[cold]
    fn spill(&mut self, more: usize) {
        self.heap.reserve(2 * (self.used + more));
        self.heap.extend_from_slice(&self.room[..self.used]);
        self.used = 0;
    }
}

impl<const ROOM: usize> Deref for Text<ROOM> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        if self.heap.is_empty() {
            &self.room[..self.used]
        } else {
            &self.heap
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn grows_shrinks_and_starts_anew() {
        let mut text = Text::<4>::new();
        let mut model = Vec::new();
        for piece in [&b"ab"[..], b"", b"cd", b"e", b"fghijkl"] {
            text.extend(piece);
            model.extend_from_slice(piece);
            assert_eq!(*text, *model);
        }
        text.shorten(3);
        assert_eq!(&*text, b"abcdefghi");
        text.shorten(100);
        assert_eq!(&*text, b"");
        text.extend(b"xyz");
        text.extend(b"12");
        assert_eq!(&*text, b"xyz12");
        text.clear();
        text.extend(b"ab");
        assert_eq!(&*text, b"ab");
    }
}
