//! The calls: request token, access token, token info, revocation.
//!
//! Only 200 is a yes, and a redirect is never followed by a token call. Token info and revocation are AuthSub's
//! endpoints, which take an OAuth signature (legacy-protocol.md 1.5, 1.6 and 4).

use bytes::Bytes;
use http::StatusCode;

use super::{AccessToken, Callback, Consumer, RequestToken, TokenReply, problem};
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    gdata::{Cause, Refusal},
    scope::ScopeSet,
    secret::Secret,
    wire::lines::Lines,
};

/// `OAuthGetRequestToken`. Made by [`TokenRequest::exchange`](super::TokenRequest::exchange).
#[derive(Debug)]
pub struct RequestTokenExchange {
    request: Request,
    consumer: Consumer,
    callback: Callback,
    scopes: ScopeSet,
}

impl RequestTokenExchange {
    pub(super) fn new(
        request: http::Request<Bytes>,
        consumer: Consumer,
        callback: Callback,
        scopes: ScopeSet,
    ) -> Self {
        Self {
            request: Request(request),
            consumer,
            callback,
            scopes,
        }
    }
}

impl Exchange for RequestTokenExchange {
    type Output = RequestToken;

    fn request(&self) -> http::Request<Bytes> {
        self.request.0.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<RequestToken, Error> {
        expect_ok(&self.scopes, &self.request, reply)?;
        let reply = TokenReply::parse(reply.body())?;
        if !reply.is_callback_confirmed() {
            // RFC 5849, 2.1. Without it whoever started the flow could finish it with another's consent.
            return Err(Error::reply(
                "oauth_callback_confirmed",
                "expected true, got none: the server speaks OAuth 1.0 without its revision A",
            ));
        }
        let (token, secret) = kept(&reply);
        RequestToken::new(self.consumer.clone(), token, secret, self.callback.clone())
            .map(|token| token.with_scopes(self.scopes.clone()))
            .map_err(unusable)
    }
}

/// `OAuthGetAccessToken`. Made by [`AuthorizedToken::exchange`](super::AuthorizedToken::exchange).
#[derive(Debug)]
pub struct AccessTokenExchange {
    request: Request,
    consumer: Consumer,
    scopes: ScopeSet,
}

impl AccessTokenExchange {
    pub(super) fn new(request: http::Request<Bytes>, consumer: Consumer, scopes: ScopeSet) -> Self {
        Self {
            request: Request(request),
            consumer,
            scopes,
        }
    }
}

impl Exchange for AccessTokenExchange {
    type Output = AccessToken;

    fn request(&self) -> http::Request<Bytes> {
        self.request.0.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<AccessToken, Error> {
        expect_ok(&self.scopes, &self.request, reply)?;
        let (token, secret) = kept(&TokenReply::parse(reply.body())?);
        AccessToken::new(self.consumer.clone(), token, secret)
            .map(|token| token.with_scopes(self.scopes.clone()))
            .map_err(unusable)
    }
}

/// `AuthSubTokenInfo`: what an access token is. Made by
/// [`Credential::token_info`](super::Credential::token_info).
#[derive(Debug)]
pub struct TokenInfoExchange {
    request: Request,
    scopes: ScopeSet,
}

impl TokenInfoExchange {
    pub(super) fn new(request: http::Request<Bytes>, scopes: ScopeSet) -> Self {
        Self {
            request: Request(request),
            scopes,
        }
    }
}

impl Exchange for TokenInfoExchange {
    type Output = TokenInfo;

    fn request(&self) -> http::Request<Bytes> {
        self.request.0.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<TokenInfo, Error> {
        expect_ok(&self.scopes, &self.request, reply)?;
        TokenInfo::parse(reply.body())
    }
}

/// What the server says of a token: the lines that AuthSub's tokens have too, `Secure` always true
/// (legacy-protocol.md 1.6).
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::TokenInfo;
///
/// let info = TokenInfo::parse(b"Target=www.example.com\nSecure=true\nScope=http://gdata.youtube.com\n")?;
/// assert_eq!(info.target(), "www.example.com");
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
    pub fn new(target: impl Into<String>, scopes: ScopeSet) -> Self {
        Self {
            target: target.into(),
            secure: true,
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
        Ok(Self {
            target: line("Target")?.to_owned(),
            secure,
            scopes,
        })
    }

    /// The consumer, or the host that it registered.
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

/// The body: `Target`, `Secure`, `Scope`.
impl std::fmt::Display for TokenInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (target, secure, scopes) = (&self.target, self.secure, &self.scopes);
        write!(f, "Target={target}\nSecure={secure}\nScope={scopes}\n")
    }
}

/// `AuthSubRevokeToken`: ends an access token. Made by [`Credential::revoke`](super::Credential::revoke).
#[derive(Debug)]
pub struct RevokeTokenExchange {
    request: Request,
    scopes: ScopeSet,
}

impl RevokeTokenExchange {
    pub(super) fn new(request: http::Request<Bytes>, scopes: ScopeSet) -> Self {
        Self {
            request: Request(request),
            scopes,
        }
    }
}

impl Exchange for RevokeTokenExchange {
    type Output = ();

    fn request(&self) -> http::Request<Bytes> {
        self.request.0.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<(), Error> {
        expect_ok(&self.scopes, &self.request, reply)
    }
}

/// A request whose `Debug` shows neither query nor body: both may hold OAuth parameters.
struct Request(http::Request<Bytes>);

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0.method(), self.0.uri().path())
    }
}

fn expect_ok(
    scopes: &ScopeSet,
    request: &Request,
    reply: &http::Response<Bytes>,
) -> Result<(), Error> {
    if reply.status() == StatusCode::OK {
        return Ok(());
    }
    if let Some(refusal) = Refusal::read(reply)
        && matches!(refusal.cause(), Cause::NotFound | Cause::Retired)
    {
        return Err(retired(refusal));
    }
    let address = request.0.uri().to_string();
    Err(
        problem::explain(scopes, &address, reply).unwrap_or_else(|| {
            Error::reply(
                "status",
                format_args!("expected 200, got {}", reply.status().as_u16()),
            )
        }),
    )
}

/// The addresses of the calls are fixed (legacy-protocol.md 1.1), so nothing else can be missing there.
fn retired(refusal: Refusal) -> Error {
    let message = format!(
        "the server has no OAuth 1.0 at this address: it has been switched off there, or the base address of the \
         accounts service is wrong ({refusal})"
    );
    Error::new(Kind::Retired, message).caused_by(refusal)
}

fn kept(reply: &TokenReply) -> (Secret, Secret) {
    (reply.token().clone(), reply.secret().clone())
}

fn unusable(cause: Error) -> Error {
    Error::reply("oauth_token", "expected a token that can be sent").caused_by(cause)
}
