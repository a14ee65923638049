//! How much a file may make us hold.

/// Bounds on what is read.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::Limits;
///
/// let limits = Limits { interactions: 10, ..Limits::default() };
/// assert_eq!(limits.depth, 64);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "written with `..Limits::default()`"
)]
pub struct Limits {
    /// Bytes of a file, also of one that was compressed.
    pub file: usize,
    /// Interactions of a file.
    pub interactions: usize,
    /// Bytes of a body once its coding is undone.
    pub body: usize,
    /// Headers of a message.
    pub headers: usize,
    /// Nesting of a document.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 1 << 30,
            interactions: 1_000_000,
            body: 256 << 20,
            headers: 1_000,
            depth: 64,
        }
    }
}
