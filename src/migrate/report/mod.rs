//! How far a migration is: what the code still has, what became of each user, which credential answers calls, which
//! legacy credentials ended, and what is left to do.
//!
//! ```text
//! scan ──▶ code ──┐
//! import ▶ users ─┤   (and the store: who of them has a grant)
//! grant ─▶ users ─┤
//! campaign ▶ users┼─▶ Progress ──▶ text, Markdown, HTML, JSON
//! dual ──▶ calls ─┤       └▶ left: what has to be done;  unknown: what nobody looked at
//! retire ▶ end  ──┘
//! ```
//!
//! A migration is complete when nothing is left and nothing is unknown: what was not given as evidence proves nothing.

mod left;
mod lists;
mod outcome;
mod page;
mod people;
mod progress;

pub use self::{
    lists::{Ended, Moved},
    outcome::UserOutcome,
    people::KeptGrants,
    progress::{CodeState, Progress, UserState},
};
