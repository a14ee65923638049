//! OAuth 1.0(a): every request is signed with two secrets, the consumer's and the token's.
//!
//! ```text
//!  consumer                            browser                       Google
//!  TokenRequest::new(consumer)  ─────  OAuthGetRequestToken  ──────▶ oauth_token=4/…&oauth_token_secret=…
//!        │ RequestToken
//!        ├─ authorize_link(…)  ──────▶ link  ──────────────────────▶ OAuthAuthorizeToken
//!        │  read_redirect(url) ◀────── callback?oauth_verifier=… ◀── Grant access
//!        ▼  (or verified_by(text), when the user types it: `oob`)
//!  AuthorizedToken.exchange(…)  ─────  OAuthGetAccessToken  ───────▶ oauth_token=1/…&oauth_token_secret=…
//!        │ AccessToken
//!        ▼
//!  Credential  ── authorize(parts) ──  any feed in scope
//!        ├─ token_info(…)  ──────────  AuthSubTokenInfo
//!        ├─ revoke(…)  ──────────────  AuthSubRevokeToken
//!        └─ MigrationGrant  ─────────  OAuth 2.0's token endpoint: a refresh token
//! ```
//!
//! A two-legged [`Credential`] has no token: the consumer acts for the user in `xoauth_requestor_id`.
//!
//! What is signed is the *base string*: method, address and all parameters, wherever they stand. Clients got
//! it wrong in a dozen ways; [`SignedRequest::verify`] tries those that are known and tells which one it was,
//! piece by piece ([`WrongSignature`], [`BaseStringDiff`]).
//!
//! OAuth 1.0 was switched off at Google in 2015, without a user in 2016 (legacy-protocol.md 5.2). Its way on
//! is [`MigrationGrant`].
//!
//! Source: RFC 5849; legacy-protocol.md 4 and 5.1.

mod accounts;
mod address;
mod authorize;
mod base_string;
mod callback;
mod consumer;
mod credential;
mod deviation;
mod diff;
mod escape;
mod exchanges;
mod header;
mod keys;
mod migration;
mod parameters;
mod problem;
mod sign;
mod signed_request;
mod signer;
mod text;
mod token_reply;
mod token_request;
mod tokens;
mod wrong_signature;

pub use accounts::Accounts;
pub use authorize::AuthorizeLink;
pub use base_string::BaseString;
pub use callback::Callback;
pub use consumer::{Consumer, Placement, SignatureMethod};
pub use credential::Credential;
pub use deviation::Deviation;
pub use diff::{BaseStringDiff, Difference};
pub use exchanges::{
    AccessTokenExchange, RequestTokenExchange, RevokeTokenExchange, TokenInfo, TokenInfoExchange,
};
pub use header::Header;
pub use keys::Keys;
pub use migration::{MigrationExchange, MigrationGrant};
pub use parameters::{Parameter, Parameters, Place};
pub use problem::Problem;
pub use signed_request::SignedRequest;
pub use token_reply::TokenReply;
pub use token_request::TokenRequest;
pub use tokens::{AccessToken, AuthorizedToken, RequestToken};
pub use wrong_signature::WrongSignature;
