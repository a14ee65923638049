//! ClientLogin: a program sends a name and a password, and gets a token for one service.
//!
//! Google answered ClientLogin until 2015, and then 404 with the address of its documentation
//! (legacy-protocol.md 3.3), which is told as *retired* and not as a bad password. The protocol lives on in
//! servers that speak Google Reader's API: [`Endpoint::at`] takes their base address.
//!
//! Source: legacy-protocol.md 3; for Reader servers `docs/protocols/clientlogin.md` names theirs.

mod endpoint;
mod header;
mod reader;
mod shape;
mod token;

pub use endpoint::Endpoint;
pub use header::Header;
pub use reader::{ActionToken, ActionTokenExchange};
pub use shape::TokenShape;
pub use token::{AuthToken, UPDATE_CLIENT_AUTH};
