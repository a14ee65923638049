//! How much a recording may hold.

/// Bounds of a recording, which stays in memory until it is saved.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::Bounds;
///
/// let bounds = Bounds { max_interactions: 10, ..Bounds::default() };
/// assert_eq!(bounds.max_bytes, 1 << 30);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "written with `..Bounds::default()`"
)]
pub struct Bounds {
    /// How many interactions; 100,000 by default.
    pub max_interactions: usize,
    /// How many bytes of targets, headers and bodies; 1 GiB by default.
    pub max_bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            max_interactions: 100_000,
            max_bytes: 1 << 30,
        }
    }
}
