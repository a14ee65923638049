//! Many access tokens of OAuth 1.0 become refresh tokens of OAuth 2.0, where a server offers that: nobody is asked.
//!
//! ```text
//! token ─▶ a live grant kept already? nothing is sent
//!       └▶ MigrationGrant, signed anew for each try ─▶ refresh token ─▶ store ─▶ the next one
//!              ├ may pass   pause, try again
//!              ├ this token refused: told, and the next one
//!              └ the grant or the client refused: no other token is tried, all are told
//! ```
//!
//! Each grant is in the store before the next token is asked for, so that a run that was broken off goes on where it
//! was. Google took this grant until 2015 at least and takes it no more: its hosts are refused in words before anything
//! is sent (oauth2.md 5.9).

mod candidates;
mod coverage;
mod run;

pub(in crate::migrate) use self::coverage::{Older, can_be_kept};
pub use self::{
    candidates::{Candidates, Other},
    run::{GrantOutcome, GrantProgress, GrantReport, GrantRun, LegacyToken},
};
