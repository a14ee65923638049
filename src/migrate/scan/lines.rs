//! Where lines begin.

/// The beginnings of the lines of a text.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        Self { text, starts }
    }

    /// The number of the line that a byte is on, from 1.
    pub(super) fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }

    /// A line without its end, and where it begins.
    pub(super) fn text(&self, number: usize) -> (&'t str, usize) {
        let start = self
            .starts
            .get(number - 1)
            .copied()
            .unwrap_or(self.text.len());
        let end = self
            .starts
            .get(number)
            .map_or(self.text.len(), |next| next - 1);
        (self.text.get(start..end).unwrap_or_default(), start)
    }
}
