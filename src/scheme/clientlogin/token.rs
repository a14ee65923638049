//! The token that a login yields, and what it does to requests.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::AUTHORIZATION, request::Parts};

use super::{
    ActionTokenExchange, Endpoint, TokenShape,
    header::{check_token, header_value},
    reader::is_bad_token,
};
use crate::{
    error::{Advice, Error, Kind},
    gdata::Refusal,
    secret::Secret,
    time::Stamp,
};

/// The answer's header that carries a fresh token (legacy-protocol.md 2.1).
pub const UPDATE_CLIENT_AUTH: &str = "update-client-auth";

/// A token that authorises any number of requests to one service, until the server has enough of it.
///
/// It cannot be revoked: the user has to change the password (legacy-protocol.md 3.4).
///
/// # Examples
/// ```
/// use gdata_auth::{Stamp, Timestamp, clientlogin::AuthToken};
///
/// let token = AuthToken::new("alice/0123abcd0123abcd")?;
/// let (mut parts, ()) = http::Request::get("https://rss.example.net/api/greader.php/reader/api/0/tag/list")
///     .body(())?
///     .into_parts();
/// token.authorize(&mut parts, &Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7))?;
/// assert_eq!(parts.headers["authorization"], "GoogleLogin auth=alice/0123abcd0123abcd");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AuthToken {
    token: Secret,
    /// `GoogleLogin auth=…`, ready, so that a request costs one insertion.
    header: HeaderValue,
}

impl AuthToken {
    /// A token that was kept from an earlier login.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `auth`, when it is empty, longer than 2,048 bytes, or not visible ASCII
    /// without quotes, commas and backslashes.
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        check_token(token.expose())?;
        Ok(Self {
            header: header_value(&token)?,
            token,
        })
    }

    /// The token itself, to store it.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.token
    }

    /// Whose token it looks like.
    #[must_use]
    pub fn shape(&self) -> TokenShape {
        TokenShape::of(self.token.expose())
    }

    /// Puts `Authorization` onto a request, and replaces one that is there. Nothing is signed, so the stamp
    /// is not used.
    ///
    /// # Errors
    /// None; the signature is that of every scheme.
    pub fn authorize(&self, parts: &mut Parts, stamp: &Stamp) -> Result<(), Error> {
        let _ = stamp;
        self.put_on(parts);
        Ok(())
    }

    pub(super) fn put_on(&self, parts: &mut Parts) {
        parts.headers.insert(AUTHORIZATION, self.header.clone());
    }

    /// Asks a Reader server for the action token that its writing calls want.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `endpoint`, when its address cannot be called.
    pub fn action_token(&self, endpoint: &Endpoint) -> Result<ActionTokenExchange, Error> {
        ActionTokenExchange::new(self, endpoint)
    }

    /// Tells in words why a server refused a request of this token to `address`: expired
    /// (`Token expired`), no longer known, or of another protocol. `None` when the answer is no refusal.
    #[must_use]
    pub fn explain(&self, address: &str, answer: &Response<Bytes>) -> Option<Error> {
        let refusal = Refusal::read(answer)?;
        let status = refusal.status();
        if is_bad_token(answer) && status == StatusCode::BAD_REQUEST {
            let sentence = "the action token T is missing, or past its time: ask for a new one";
            return Some(Error::new(Kind::Expired, sentence).caused_by(refusal));
        }
        if status != StatusCode::UNAUTHORIZED {
            return Some(refusal.explain(None, address));
        }
        let hint = match self.shape() {
            TokenShape::AnotherProtocol => {
                "the token has the shape of AuthSub's or OAuth's, and went out as GoogleLogin"
            }
            _ if is_bad_token(answer) => {
                "log in again, or ask for a new action token if the request carried one in T"
            }
            _ => return Some(refusal.explain(None, address)),
        };
        let told = refusal.clone().explain(None, address);
        let advice = match self.shape() {
            TokenShape::AnotherProtocol => Advice::FixClient,
            _ => told.advice(),
        };
        let error = Error::new(told.kind(), format!("{told}: {hint}"));
        Some(error.advising(advice).caused_by(refusal))
    }

    /// The fresh token of an answer's `Update-Client-Auth`; `None` when it has none, more than one, one that
    /// is no token, or this one.
    ///
    /// Adopting it is the caller's choice: Calendar sent it, clients of C2DM took it, and libgdata ignored
    /// it (legacy-protocol.md 2.1, cassettes.md 2.2).
    #[must_use]
    pub fn adopt(&self, answer: &Response<Bytes>) -> Option<Self> {
        if answer.status().as_u16() >= 400 {
            return None;
        }
        let mut values = answer.headers().get_all(UPDATE_CLIENT_AUTH).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        let fresh = Self::new(value.to_str().ok()?.trim()).ok()?;
        (fresh != *self).then_some(fresh)
    }
}

impl PartialEq for AuthToken {
    fn eq(&self, other: &Self) -> bool {
        self.token == other.token
    }
}

impl Eq for AuthToken {}
