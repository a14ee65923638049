//! `Authorization: OAuth …`, printed in one form and parsed in every form that clients send.
//!
//! ```text
//! OAuth realm="", oauth_consumer_key="anonymous", oauth_nonce="…", …, oauth_signature="…%3D"
//! ```
//!
//! Clients part parameters by `, ` or `,`, put them in any order, quote them or not, and some leave base64
//! unescaped (legacy-protocol.md 4, real-clients.md 5). `+` stays `+` here: a header is no form.

use std::fmt;

use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use super::escape::escaped;
use crate::{
    error::Error,
    wire::{
        params::{Item, Items},
        percent,
        query::Pairs,
    },
};

/// The OAuth parameters of a header, decoded, in order.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::Header;
///
/// let header = Header::parse(r#"OAuth realm="",oauth_token=1%2Fabc,oauth_signature="a+b/c=""#)?;
/// assert_eq!(header.realm(), Some(""));
/// assert_eq!(header.parameters().first("oauth_token"), Some("1/abc"));
/// assert_eq!(header.parameters().first("oauth_signature"), Some("a+b/c="));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    realm: Option<String>,
    parameters: Pairs,
}

impl Header {
    /// The most bytes of a header that are read.
    pub const MAX: usize = 32 * 1024;

    /// A header of these parameters, whatever they are.
    #[must_use]
    pub fn new(realm: Option<String>, parameters: Pairs) -> Self {
        Self { realm, parameters }
    }

    /// Reads the value of `Authorization`.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming the parameter that is malformed, or the scheme when it is
    /// not `OAuth`, or when the header is longer than [`MAX`](Self::MAX) bytes. Doubled parameters are kept:
    /// [`SignedRequest`](super::SignedRequest) refuses them.
    pub fn parse(value: &str) -> Result<Self, Error> {
        if value.len() > Self::MAX {
            let (most, got) = (Self::MAX, value.len());
            return Err(Error::reply(
                "authorization",
                format_args!("expected at most {most} bytes, got {got}"),
            ));
        }
        let mut items = Items::of(value).knowing(NAMED);
        match items.next().transpose()? {
            Some(Item::Word(scheme)) if scheme.eq_ignore_ascii_case("OAuth") => {}
            _ => {
                return Err(Error::reply(
                    "authorization",
                    "expected the scheme OAuth, got another",
                ));
            }
        }
        let (mut realm, mut parameters) = (None, Pairs::new());
        for item in items {
            let Item::Param(name, value) = item? else {
                return Err(Error::reply(
                    "authorization",
                    "expected name=value after OAuth, got a bare word",
                ));
            };
            if name.eq_ignore_ascii_case("realm") {
                if realm.replace(value).is_some() {
                    return Err(Error::reply(
                        "realm",
                        "expected it once, got it more than once",
                    ));
                }
                continue;
            }
            let name = percent::decode("authorization parameter", &name)?;
            // A name from outside is told by no error: a broken header has a token there.
            let field = NAMED.iter().find(|known| **known == name);
            let field = field.copied().unwrap_or("authorization parameter");
            let value = percent::decode(field, &value)?.into_owned();
            parameters.push(name, value);
        }
        Ok(Self { realm, parameters })
    }

    /// Reads the header of a request: `None` when it has none, or one of another scheme.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and [`Kind::Reply`](crate::Kind::Reply) when the header stands twice or is
    /// not text.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Error> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let scheme = value.as_bytes().split(u8::is_ascii_whitespace).next();
        if !scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"OAuth")) {
            return Ok(None);
        }
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

    /// The realm, which is not signed.
    #[must_use]
    pub fn realm(&self) -> Option<&str> {
        self.realm.as_deref()
    }

    /// The parameters.
    #[must_use]
    pub fn parameters(&self) -> &Pairs {
        &self.parameters
    }

    /// The header, escaped, quoted and parted by `, `, marked sensitive.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the realm holds a character that no header can carry.
    pub fn to_header_value(&self) -> Result<HeaderValue, Error> {
        let realm = self.realm.as_ref().map(|realm| {
            let escaped = realm.replace('\\', r"\\").replace('"', "\\\"");
            format!("realm=\"{escaped}\"")
        });
        let parameters = self
            .parameters
            .iter()
            .map(|(name, value)| format!("{}=\"{}\"", escaped(name), escaped(value)));
        let all: Vec<String> = realm.into_iter().chain(parameters).collect();
        let mut value =
            HeaderValue::try_from(format!("OAuth {}", all.join(", "))).map_err(|cause| {
                Error::input("realm", "expected text that a header can carry").caused_by(cause)
            })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| name).collect();
        f.debug_struct("Header")
            .field("realm", &self.realm)
            .field("parameters", &names)
            .finish()
    }
}

/// The parameters that errors may name.
const NAMED: &[&str] = &[
    "realm",
    "oauth_callback",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_verifier",
    "oauth_version",
];
