//! The three token calls: session token, token info, revocation.
//!
//! Each is a GET whose token stands in `Authorization` only, without a body (legacy-protocol.md 1.4 to
//! 1.6). Replies are read as liberally as [`Lines`] reads.

use bytes::Bytes;
use http::StatusCode;

use super::token::{Credential, SessionToken};
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    gdata::{Cause, Refusal},
    scope::ScopeSet,
    secret::Secret,
    time::Timestamp,
    wire::lines::Lines,
};

/// `AuthSubSessionToken`: a single-use token becomes a session token.
///
/// Made by [`SingleUseToken::exchange`](super::SingleUseToken::exchange). The session token keeps the
/// scopes and the signer.
#[derive(Debug)]
pub struct SessionTokenExchange {
    call: TokenCall,
    spent: Credential,
}

impl SessionTokenExchange {
    pub(super) fn new(call: TokenCall, spent: Credential) -> Self {
        Self { call, spent }
    }
}

impl Exchange for SessionTokenExchange {
    type Output = SessionToken;

    fn request(&self) -> http::Request<Bytes> {
        self.call.request.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<SessionToken, Error> {
        self.call.expect_ok(reply)?;
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
    call: TokenCall,
}

impl TokenInfoExchange {
    pub(super) fn new(call: TokenCall) -> Self {
        Self { call }
    }
}

impl Exchange for TokenInfoExchange {
    type Output = TokenInfo;

    fn request(&self) -> http::Request<Bytes> {
        self.call.request.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<TokenInfo, Error> {
        self.call.expect_ok(reply)?;
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
        Ok(Self::new(plain("Target", line("Target")?)?, secure, scopes))
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
    call: TokenCall,
}

impl RevokeTokenExchange {
    pub(super) fn new(call: TokenCall) -> Self {
        Self { call }
    }
}

impl Exchange for RevokeTokenExchange {
    type Output = ();

    fn request(&self) -> http::Request<Bytes> {
        self.call.request.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<(), Error> {
        self.call.expect_ok(reply)
    }
}

/// One call, as it goes out, and what an answer to it means.
#[derive(Debug)]
pub(super) struct TokenCall {
    pub(super) request: http::Request<Bytes>,
    /// When it was signed; `None` for a plain token.
    pub(super) signed_at: Option<Timestamp>,
}

impl TokenCall {
    /// Only 200 is a yes; a redirect is never followed by a token call.
    fn expect_ok(&self, reply: &http::Response<Bytes>) -> Result<(), Error> {
        if reply.status() == StatusCode::OK {
            return Ok(());
        }
        let Some(refusal) = Refusal::read(reply) else {
            return Err(Error::reply(
                "status",
                format_args!("expected 200, got {}", reply.status().as_u16()),
            ));
        };
        if matches!(refusal.cause(), Cause::NotFound | Cause::Retired) {
            return Err(retired(refusal));
        }
        let address = self.request.uri().to_string();
        Err(match self.signed_at {
            Some(signed_at) => refusal.explain_signed(None, &address, Some(signed_at)),
            None => refusal.into_error(),
        })
    }
}

/// The addresses of the calls are fixed (legacy-protocol.md 1.1), so nothing else can be missing there.
fn retired(refusal: Refusal) -> Error {
    let message = format!(
        "the server has no AuthSub at this address: it has been switched off there, or the base address \
         of the accounts service is wrong ({refusal})"
    );
    Error::new(Kind::Retired, message).caused_by(refusal)
}

/// A value that goes on to the caller: without NUL and other control characters.
fn plain<'a>(key: &str, value: &'a str) -> Result<&'a str, Error> {
    if value.chars().any(char::is_control) {
        return Err(Error::reply(key, "expected text, got a control character"));
    }
    Ok(value)
}
