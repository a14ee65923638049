//! What `login` kept: found again, listed, used, forgotten, ended.
//!
//! ```text
//! folder ─▶ FileStore ─▶ pick one grant ─▶ registered: its client ─▶ source of tokens
//! ```

mod folder;
mod list;
mod pick;
mod registered;
mod revoke;
mod token;

pub(super) use folder::{folder, there};
pub(super) use list::{list, state_of};
pub(super) use pick::Picked;
pub(super) use registered::{CLIENT, Registered};
pub(super) use revoke::{logout, revoke};
pub(super) use token::{source, token, waiting};
