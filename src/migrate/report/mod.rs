//! How far a migration is: what the code still has, what became of each user, which credential answers calls, which
//! legacy credentials ended, and what is left to do.
//!
//! ```text
//! scan ──▶ code ──┐
//! grant ─▶ users ─┤
//! campaign ▶ users┼─▶ Progress ──▶ text, Markdown, HTML, JSON
//! dual ──▶ calls ─┤       └▶ left: what has to be done;  unknown: what nobody looked at
//! retire ▶ end  ──┘
//! ```
//!
//! A migration is complete when nothing is left and nothing is unknown: what was not given as evidence proves nothing.

mod left;
mod lists;
mod page;
mod progress;

pub use self::{
    lists::{Ended, Moved},
    progress::{CodeState, Progress, UserOutcome, UserState},
};
