//! ClientLogin: a program sends a name and a password, and gets a token for one service.
//!
//! ```text
//!  program                                                          server
//!  LoginRequest::new(email)
//!    .exchange(password, &endpoint) ─── POST …/accounts/ClientLogin ─▶  SID= LSID= Auth=
//!        │ Login                  ◀─── 403 Error=CaptchaRequired ─────  CaptchaToken= CaptchaUrl=
//!        │                              challenge.answer(text) is the same request, to be sent again
//!        ▼
//!  login.into_token()
//!        ├─ authorize(parts)      ─── Authorization: GoogleLogin auth=…
//!        ├─ adopt(&answer)        ◀── Update-Client-Auth: …
//!        └─ action_token(…)       ─── GET …/reader/api/0/token        (Reader servers)
//! ```
//!
//! The password is in no value that outlives its exchange: [`LoginRequest`] has none, and answering a
//! CAPTCHA asks for it again. Both sides of each wire form live in one file here.
//!
//! Google answered ClientLogin until 2015, and then 404 with the address of its documentation
//! (legacy-protocol.md 3.3), which is told as *retired* and not as a bad password. The protocol lives on in
//! servers that speak Google Reader's API: [`Endpoint::at`] takes their base address.
//!
//! Source: legacy-protocol.md 3; for Reader servers `docs/protocols/clientlogin.md` names theirs.

mod challenge;
mod code;
mod endpoint;
mod exchange;
mod form;
mod header;
mod lines;
mod reader;
mod refusal;
mod reply;
mod request;
mod shape;
mod token;

pub use challenge::{CaptchaChallenge, challenge};
pub use code::ErrorCode;
pub use endpoint::Endpoint;
pub use exchange::LoginExchange;
pub use form::{ClientBug, LoginForm};
pub use header::Header;
pub use reader::{ActionToken, ActionTokenExchange};
pub use refusal::{ErrorBody, Refusal};
pub use reply::Login;
pub use request::{AccountType, LoginRequest};
pub use shape::TokenShape;
pub use token::{AuthToken, UPDATE_CLIENT_AUTH};
