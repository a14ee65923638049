//! The end of an integration: legacy tokens revoked, what only users can remove listed, and N days without a legacy
//! call as the proof.
//!
//! ```text
//! watched ──▶ running ──N days without a legacy call──▶ done
//!                ▲                                        │
//!                └───────── a legacy call comes ──────────┘
//! ```
//!
//! | file | what it knows |
//! |---|---|
//! | `revoke` | which server is asked to end which credential, and what to do where none can |
//! | `book` | how far each integration is, in a file that survives a crash |
//! | `observed` | calls as a log tells them |
//!
//! # Source
//! migration.md 3.2 and 4 (a recommendation that closes itself after 30 days, and opens again).

mod book;
mod observed;
mod revoke;

pub use self::{
    book::{Integration, RetireBook, Stage, Turn},
    observed::{Lines, Observed, ObservedLog},
    revoke::{BY_HAND, ByHand, Revoked, revoke_legacy},
};
