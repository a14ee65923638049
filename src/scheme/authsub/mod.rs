//! AuthSub: a consent page hands a website a single-use token, which becomes a session token.
//!
//! ```text
//!  website                         browser                          Google
//!  AuthSubRequest::new(next) ───▶  link  ────────────────────────▶  consent page
//!  request.read_redirect(url) ◀──  next?token=1%2F… ◀─────────────  Allow
//!        │ SingleUseToken
//!        ▼
//!  token.exchange(…)  ───────────── AuthSubSessionToken ──────────▶  Token=1/…
//!        │ SessionToken
//!        ├─ authorize(parts)  ───── any feed in scope
//!        ├─ token_info(…)     ───── AuthSubTokenInfo
//!        └─ revoke(…)         ───── AuthSubRevokeToken
//! ```
//!
//! A *secure* token works only when every request is signed with the key whose certificate the site
//! registered; [`SingleUseToken::secured_by`] keeps the key with the token, so that no call goes out
//! unsigned. Both sides of each wire form live in one file here: the client prints it, the emulator and
//! the command line parse it.
//!
//! AuthSub was switched off at Google in 2015 (legacy-protocol.md 5.2). There is no automatic way on:
//! users consent again, under OAuth 2.0.
//!
//! Source: legacy-protocol.md 1.

mod accounts;
mod exchanges;
mod header;
mod redirect;
mod request;
mod signed;
mod token;

pub use accounts::Accounts;
pub use exchanges::{RevokeTokenExchange, SessionTokenExchange, TokenInfo, TokenInfoExchange};
pub use header::{Header, Signature, SignatureAlgorithm};
pub use redirect::Redirect;
pub use request::{AuthSubRequest, ScopesInNext};
pub use signed::SignedData;
pub use token::{SessionToken, SingleUseToken};
