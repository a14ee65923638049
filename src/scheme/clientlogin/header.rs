//! `Authorization: GoogleLogin auth=…`, printed unquoted and parsed in every form that clients send.
//!
//! ```text
//! GoogleLogin auth=T            most clients, and all that Reader servers take
//! GoogleLogin auth="T"          Perl, Ruby's contacts
//! GoogleLogin Auth=T            from hand-written clients
//! ```
//!
//! # Source
//! legacy-protocol.md 3.4.

use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use crate::{
    error::Error,
    secret::Secret,
    wire::params::{Item, Items},
};

/// A `GoogleLogin` credential as it stands in a request.
///
/// `Display` would show the token, so there is none; [`to_header_value`](Self::to_header_value) prints.
///
/// # Examples
/// ```
/// use gdata_auth::clientlogin::Header;
///
/// for form in [r"GoogleLogin auth=DQAAc", r#"GoogleLogin auth="DQAAc""#, "googlelogin Auth=DQAAc"] {
///     assert_eq!(Header::parse(form)?.token().expose(), "DQAAc");
/// }
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header(Secret);

impl Header {
    /// The most bytes of a header that are read.
    pub const MAX: usize = 16 * 1024;

    /// A header with a token.
    ///
    /// # Errors
    /// As [`AuthToken::new`](super::AuthToken::new).
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        check_token(token.expose())?;
        Ok(Self(token))
    }

    /// Reads the value of `Authorization`.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming `auth` when it is missing, doubled or malformed, or
    /// `authorization` when the scheme is not `GoogleLogin`.
    pub fn parse(value: &str) -> Result<Self, Error> {
        if value.len() > Self::MAX {
            return Err(Error::reply(
                "authorization",
                format_args!("expected at most {} bytes, got {}", Self::MAX, value.len()),
            ));
        }
        let mut items = Items::of(value).knowing(&["auth"]);
        match items.next().transpose()? {
            Some(Item::Word(scheme)) if scheme.eq_ignore_ascii_case("GoogleLogin") => {}
            _ => {
                return Err(Error::reply(
                    "authorization",
                    "expected the scheme GoogleLogin, got another one",
                ));
            }
        }
        let mut token = None;
        for item in items {
            match item? {
                Item::Param(name, value) if name.eq_ignore_ascii_case("auth") => {
                    if token.replace(value).is_some() {
                        return Err(Error::reply(
                            "auth",
                            "expected the parameter once, got it more than once",
                        ));
                    }
                }
                Item::Param(..) => {}
                Item::Word(_) => {
                    return Err(Error::reply(
                        "authorization",
                        "expected name=value after GoogleLogin, got a bare word",
                    ));
                }
            }
        }
        let token =
            token.ok_or_else(|| Error::reply("auth", "expected the parameter, got none"))?;
        Self::new(token).map_err(|cause| {
            Error::reply("auth", "expected a token that a header can carry").caused_by(cause)
        })
    }

    /// Reads the header of a request: `None` when it has none.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and [`Kind::Reply`](crate::Kind::Reply) when the header stands twice or
    /// is not text.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Error> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(Error::reply(
                "authorization",
                "expected the header once, got it more than once",
            ));
        }
        let text = std::str::from_utf8(value.as_bytes())
            .map_err(|_| Error::reply("authorization", "expected text, got other bytes"))?;
        Self::parse(text).map(Some)
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.0
    }

    /// The header without quotes, marked sensitive.
    ///
    /// # Errors
    /// None that is known: a token that exists fits into a header.
    pub fn to_header_value(&self) -> Result<HeaderValue, Error> {
        header_value(&self.0)
    }
}

/// `GoogleLogin auth=…`.
pub(super) fn header_value(token: &Secret) -> Result<HeaderValue, Error> {
    const START: &[u8] = b"GoogleLogin auth=";
    let token = token.expose();
    let mut out = Vec::with_capacity(START.len() + token.len());
    out.extend_from_slice(START);
    out.extend_from_slice(token.as_bytes());
    let mut value = HeaderValue::from_maybe_shared(bytes::Bytes::from(out)).map_err(|cause| {
        Error::input("auth", "expected text that a header can carry").caused_by(cause)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Refuses what cannot stand in the header without quotes.
pub(super) fn check_token(token: &str) -> Result<(), Error> {
    const MAX: usize = 2_048;
    if token.is_empty() || token.len() > MAX {
        return Err(Error::input(
            "auth",
            format_args!("expected 1 to {MAX} characters, got {}", token.len()),
        ));
    }
    let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'\\' | b',');
    if !token.bytes().all(fits) {
        return Err(Error::input(
            "auth",
            "expected visible ASCII without quotes, commas and backslashes",
        ));
    }
    Ok(())
}
