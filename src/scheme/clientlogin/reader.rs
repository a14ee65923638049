//! What Reader servers add: the action token, which their writing calls carry as parameter `T`.
//!
//! ```text
//! GET /reader/api/0/token   ──▶   57 characters, or the login's own token, and perhaps a line feed
//! POST /reader/api/0/edit-tag   T=…&i=…&a=…
//! ```
//!
//! Google's lasted half an hour, and a stale one was answered with `X-Reader-Google-Bad-Token: true`;
//! FreshRSS says `Google-Bad-Token`. Miniflux reads nothing but `T` on POST, not even `Authorization`.
//!
//! # Source
//! `docs/protocols/clientlogin.md`, Reader servers.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::{AuthToken, Endpoint};
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    secret::Secret,
};

/// What the writing calls of a Reader server carry as `T`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionToken(Secret);

impl ActionToken {
    /// The parameter that carries it.
    pub const PARAMETER: &'static str = "T";
    /// The most bytes that one may have.
    pub const MAX: usize = 2_048;

    /// A token that a server made.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `T`, when it is empty, too long, or not visible ASCII.
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        let text = token.expose();
        if text.is_empty() || text.len() > Self::MAX || !text.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(Error::input(
                Self::PARAMETER,
                format_args!("expected 1 to {} characters of visible ASCII", Self::MAX),
            ));
        }
        Ok(Self(token))
    }

    /// Reads the body of the answer: one line.
    ///
    /// # Errors
    /// [`Kind::Reply`] naming `T`, when it is anything else.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(body).unwrap_or_default().trim();
        Self::new(text)
            .map_err(|cause| Error::reply(Self::PARAMETER, "expected one token").caused_by(cause))
    }

    /// The token itself: the value of `T`.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// The body of the answer.
    #[must_use]
    pub fn body(&self) -> Bytes {
        Bytes::from(format!("{}\n", self.0.expose()))
    }
}

/// `GET /reader/api/0/token`.
///
/// Made by [`AuthToken::action_token`].
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use gdata_auth::{Exchange, clientlogin::{AuthToken, Endpoint}};
///
/// let endpoint = Endpoint::at("https://rss.example.net/api/greader.php")?;
/// let exchange = AuthToken::new("alice/0123abcd0123abcd")?.action_token(&endpoint)?;
/// assert_eq!(
///     exchange.request().uri(),
///     "https://rss.example.net/api/greader.php/reader/api/0/token",
/// );
/// let token = exchange.parse(&http::Response::new(Bytes::from_static(b"0123abcdZZZZ\n")))?;
/// assert_eq!(token.secret().expose(), "0123abcdZZZZ");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug)]
pub struct ActionTokenExchange {
    request: http::Request<Bytes>,
    token: AuthToken,
}

impl ActionTokenExchange {
    pub(super) fn new(token: &AuthToken, endpoint: &Endpoint) -> Result<Self, Error> {
        let (mut parts, body) = http::Request::get(endpoint.action_token())
            .body(Bytes::new())
            .map_err(|cause| Error::input("endpoint", "expected an address").caused_by(cause))?
            .into_parts();
        token.put_on(&mut parts);
        Ok(Self {
            request: http::Request::from_parts(parts, body),
            token: token.clone(),
        })
    }
}

impl Exchange for ActionTokenExchange {
    type Output = ActionToken;

    fn request(&self) -> http::Request<Bytes> {
        self.request.clone()
    }

    fn parse(&self, reply: &Response<Bytes>) -> Result<ActionToken, Error> {
        if reply.status() == StatusCode::OK {
            return ActionToken::parse(reply.body());
        }
        let address = self.request.uri().to_string();
        Err(self.token.explain(&address, reply).unwrap_or_else(|| {
            Error::new(
                Kind::Reply,
                format!("status: expected 200, got {}", reply.status().as_u16()),
            )
        }))
    }
}

/// Whether the server blames a token in the header that Google or FreshRSS has for it.
pub(super) fn is_bad_token(answer: &Response<Bytes>) -> bool {
    ["x-reader-google-bad-token", "google-bad-token"]
        .iter()
        .filter_map(|name| answer.headers().get(*name))
        .any(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
}
