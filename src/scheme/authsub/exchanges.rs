//! The three token calls: session token, token info, revocation.
//!
//! Each is a GET whose token stands in `Authorization` only, without a body (legacy-protocol.md 1.4 to
//! 1.6). Replies are read as liberally as [`Lines`] reads.

use bytes::Bytes;
use http::StatusCode;

use super::token::{Credential, SessionToken};
use crate::{
    error::Error, exchange::Exchange, gdata::Refusal, scope::ScopeSet, secret::Secret,
    time::Timestamp, wire::lines::Lines,
};

/// `AuthSubSessionToken`: a single-use token becomes a session token.
///
/// Made by [`SingleUseToken::exchange`](super::SingleUseToken::exchange). The session token keeps the
/// scopes and the signer.
#[derive(Debug)]
pub struct SessionTokenExchange {
    request: http::Request<Bytes>,
    spent: Credential,
}

impl SessionTokenExchange {
    pub(super) fn new(request: http::Request<Bytes>, spent: Credential) -> Self {
        Self { request, spent }
    }
}

impl Exchange for SessionTokenExchange {
    type Output = SessionToken;

    fn request(&self) -> http::Request<Bytes> {
        self.request.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<SessionToken, Error> {
        expect_ok(reply)?;
        let lines = Lines::parse(reply.body())?;
        let token = lines
            .first("Token")
            .filter(|token| !token.is_empty())
            .ok_or_else(|| Error::reply("Token", "expected a line Token=…, got none"))?;
        // The documentation's Expiration= is kept where it can be read and is no reason to lose a token.
        let expires_at = lines
            .first("Expiration")
            .and_then(|moment| moment.parse::<Timestamp>().ok());
        SessionToken::from_exchange(Secret::new(token), expires_at, &self.spent).map_err(|cause| {
            Error::reply("Token", "expected a token that a header can carry").caused_by(cause)
        })
    }
}

/// `AuthSubTokenInfo`: what a session token is.
///
/// Made by [`SessionToken::token_info`](super::SessionToken::token_info).
#[derive(Debug)]
pub struct TokenInfoExchange {
    request: http::Request<Bytes>,
}

impl TokenInfoExchange {
    pub(super) fn new(request: http::Request<Bytes>) -> Self {
        Self { request }
    }
}

impl Exchange for TokenInfoExchange {
    type Output = TokenInfo;

    fn request(&self) -> http::Request<Bytes> {
        self.request.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<TokenInfo, Error> {
        expect_ok(reply)?;
        TokenInfo::parse(reply.body())
    }
}

/// What the server says of a token.
///
/// # Examples
/// ```
/// use gdata_auth::authsub::TokenInfo;
///
/// let info = TokenInfo::parse(b"Target=www.example.com\nSecure=true\nScope=http://gdata.youtube.com\n")?;
/// assert_eq!(info.target(), "www.example.com");
/// assert!(info.is_secure());
/// assert_eq!(info.scopes().to_string(), "http://gdata.youtube.com");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    target: String,
    secure: bool,
    scopes: ScopeSet,
}

impl TokenInfo {
    /// What a server answers.
    #[must_use]
    pub fn new(target: impl Into<String>, secure: bool, scopes: ScopeSet) -> Self {
        Self {
            target: target.into(),
            secure,
            scopes,
        }
    }

    /// Reads the body, its lines in any order.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming the line that is missing or wrong.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        let lines = Lines::parse(body)?;
        let line = |key: &str| {
            lines
                .first(key)
                .ok_or_else(|| Error::reply(key, format_args!("expected a line {key}=…, got none")))
        };
        let secure = match line("Secure")? {
            value if value.eq_ignore_ascii_case("true") => true,
            value if value.eq_ignore_ascii_case("false") => false,
            _ => return Err(Error::reply("Secure", "expected true or false")),
        };
        let scopes = ScopeSet::parse(line("Scope")?)
            .map_err(|cause| Error::reply("Scope", "expected scopes").caused_by(cause))?;
        Ok(Self::new(line("Target")?, secure, scopes))
    }

    /// The bare host of the website that the token was issued to, without scheme and port.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Whether requests must be signed.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// What the token is for.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        &self.scopes
    }
}

/// The body in the order that live answers had: `Target`, `Secure`, `Scope` (legacy-protocol.md 1.6).
impl std::fmt::Display for TokenInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Target={}\nSecure={}\nScope={}\n",
            self.target, self.secure, self.scopes
        )
    }
}

/// `AuthSubRevokeToken`: ends a session token.
///
/// Made by [`SessionToken::revoke`](super::SessionToken::revoke). Only 200 counts as done: old clients
/// that ignored the status left tokens alive (legacy-protocol.md 9, quirk 26).
#[derive(Debug)]
pub struct RevokeTokenExchange {
    request: http::Request<Bytes>,
}

impl RevokeTokenExchange {
    pub(super) fn new(request: http::Request<Bytes>) -> Self {
        Self { request }
    }
}

impl Exchange for RevokeTokenExchange {
    type Output = ();

    fn request(&self) -> http::Request<Bytes> {
        self.request.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<(), Error> {
        expect_ok(reply)
    }
}

/// Only 200 is a yes; a redirect is never followed by a token call.
fn expect_ok(reply: &http::Response<Bytes>) -> Result<(), Error> {
    if reply.status() == StatusCode::OK {
        return Ok(());
    }
    match Refusal::read(reply) {
        Some(refusal) => Err(refusal.into_error()),
        None => Err(Error::reply(
            "status",
            format_args!("expected 200, got {}", reply.status().as_u16()),
        )),
    }
}
