//! What somebody who watches a recording hears.

use std::{path::PathBuf, sync::Arc};

/// Hears how a recording grows.
pub type Observer = Arc<dyn Fn(Progress) + Send + Sync>;

/// How a recording goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// An interaction came to its end.
    Recorded {
        /// How many there are, with those under way.
        interactions: usize,
        /// How many bytes of targets, headers and bodies they hold.
        bytes: u64,
    },
    /// A request or an answer did not fit; the client was told.
    Refused {
        /// What was expected and what came.
        message: String,
    },
    /// The cassette is on the disk.
    Saved {
        /// Where.
        path: PathBuf,
        /// How many interactions it has.
        interactions: usize,
    },
    /// A recording was dropped without being finished, as in a test that fails: the disk is as it was.
    NotSaved {
        /// Where it would have been.
        path: PathBuf,
        /// How many interactions are lost.
        interactions: usize,
    },
}
