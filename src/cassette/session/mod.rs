//! A cassette in use: what is replayed, what goes live and is recorded, and when it is saved.
//!
//! ```text
//! client ── Session ── Tape            the recording, if something matches
//!              ├── Upstreams           may it go live, and where?
//!              ├── Recorder ── live    kept in memory
//!              └── finish: keep ── disk
//! ```
//!
//! | mode | network | disk |
//! |---|---|---|
//! | `replay` (default) | never | is read, and has to be there |
//! | `record` | always | is written anew at the end |
//! | `once` | where there is no cassette yet | is written if it was not there |
//! | `new` | what the recording does not answer | new interactions are added at the end |
//! | `check` | always | is read and compared in shape |
//!
//! How a recording is read, matched and made free of secrets comes in by a [`Join`].

mod builder;
mod join;
mod mode;
mod played;
#[expect(clippy::module_inception, reason = "the session itself")]
mod session;
mod settings;
mod upstreams;

pub use self::{
    builder::SessionBuilder,
    join::{Asked, Join, Miss, Tape},
    mode::Mode,
    session::{Checked, Session, Summary},
    settings::RecordSettings,
    upstreams::Upstreams,
};
