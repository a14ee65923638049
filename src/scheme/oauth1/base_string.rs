//! The text that is signed: `METHOD&ADDRESS&PARAMETERS`, each piece escaped (RFC 5849, 3.4.1.1).

use std::fmt;

use super::escape::{escaped, into_string};
use crate::{error::Error, wire::percent};

/// A base string, taken apart as needed.
///
/// It holds tokens, and under the migration grant a client secret, so there is no `Display`;
/// [`masked`](Self::masked) prints it with every value hidden that may be a secret.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::BaseString;
///
/// let base = BaseString::parse("GET&http%3A%2F%2Fexample.com%2F&a%3D1%26oauth_token%3Dx%252Fy")?;
/// assert_eq!(base.method(), "GET");
/// assert_eq!(base.address(), "http://example.com/");
/// assert_eq!(base.parameters().last(), Some(("oauth_token".to_owned(), "x/y".to_owned())));
/// assert_eq!(base.masked(), "GET&http%3A%2F%2Fexample.com%2F&a%3D(1%20characters)%26oauth_token%3D(3%20characters)");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseString(String);

impl BaseString {
    /// The most bytes of it that are read.
    pub const MAX: usize = 256 * 1024;

    /// Reads a base string, such as a server printed in its refusal.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming `base string`, when it has other than three pieces, an
    /// escape is broken, or it is longer than [`MAX`](Self::MAX) bytes.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > Self::MAX {
            let (most, got) = (Self::MAX, text.len());
            return Err(Error::reply(
                "base string",
                format_args!("expected at most {most} bytes, got {got}"),
            ));
        }
        let pieces: Vec<&str> = text.split('&').collect();
        let [method, address, parameters] = pieces[..] else {
            return Err(Error::reply(
                "base string",
                "expected METHOD&ADDRESS&PARAMETERS, got other pieces",
            ));
        };
        for piece in [method, address, parameters] {
            percent::decode("base string", piece)?;
        }
        Ok(Self(text.to_owned()))
    }

    /// The text that is signed. It holds tokens: do not log it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        self.pieces().0
    }

    /// The address, without query.
    #[must_use]
    pub fn address(&self) -> String {
        lossy(self.pieces().1)
    }

    /// The parameters in the order of the base string, decoded; bytes that are no UTF-8 are replaced.
    pub fn parameters(&self) -> impl Iterator<Item = (String, String)> {
        self.escaped_parameters()
            .into_iter()
            .map(|(name, value)| (lossy(&name), lossy(&value)))
    }

    /// The text with the values hidden that may be a secret: all but a few that never are.
    #[must_use]
    pub fn masked(&self) -> String {
        let (method, address, _) = self.pieces();
        let parameters: Vec<String> = self
            .escaped_parameters()
            .iter()
            .map(|(name, value)| {
                let value = if is_public(&lossy(name)) {
                    escaped(value)
                } else {
                    format!("({}%20characters)", lossy(value).chars().count())
                };
                format!("{}%3D{value}", escaped(name))
            })
            .collect();
        format!("{method}&{address}&{}", parameters.join("%26"))
    }

    /// Out of bytes that the signer wrote.
    pub(super) fn from_signed(text: &[u8]) -> Self {
        Self(into_string(text))
    }

    /// Out of its pieces: an address in one spelling, and parameters that are escaped once. Sorts them.
    pub(super) fn of(method: &str, address: &str, parameters: &[(&str, &str)]) -> Self {
        let mut sorted = parameters.to_vec();
        sorted.sort_unstable();
        let pairs: Vec<String> = sorted
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Self(format!(
            "{method}&{}&{}",
            escaped(address),
            escaped(&pairs.join("&"))
        ))
    }

    /// Rewrites address and parameters as they stand, each escaped.
    pub(super) fn rewritten(&self, address: (&str, &str), parameters: (&str, &str)) -> Self {
        let (method, own_address, own_parameters) = self.pieces();
        Self(format!(
            "{method}&{}&{}",
            own_address.replace(address.0, address.1),
            own_parameters.replace(parameters.0, parameters.1)
        ))
    }

    /// Names and values, escaped once.
    pub(super) fn escaped_parameters(&self) -> Vec<(String, String)> {
        lossy(self.pieces().2)
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn pieces(&self) -> (&str, &str, &str) {
        let (method, rest) = self.0.split_once('&').unwrap_or((&self.0, ""));
        let (address, parameters) = rest.split_once('&').unwrap_or((rest, ""));
        (method, address, parameters)
    }
}

impl fmt::Debug for BaseString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BaseString").field(&self.masked()).finish()
    }
}

/// Decodes once what is escaped by construction; other bytes than UTF-8 are replaced.
pub(super) fn lossy(escaped: &str) -> String {
    percent_encoding::percent_decode_str(escaped)
        .decode_utf8_lossy()
        .into_owned()
}

/// A value as it may be shown, or its length: an allow-list, because a request may carry any secret.
pub(super) fn shown(name: &str, value: &str) -> String {
    if is_public(name) {
        value.to_owned()
    } else {
        format!("({} characters)", value.chars().count())
    }
}

fn is_public(name: &str) -> bool {
    PUBLIC.contains(&name)
}

/// Parameters whose values are no secret.
const PUBLIC: &[&str] = &[
    "alt",
    "btmpl",
    "grant_type",
    "hd",
    "hl",
    "max-results",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_version",
    "scope",
    "start-index",
    "v",
    "xoauth_displayname",
];
