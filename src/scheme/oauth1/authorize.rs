//! The link to the consent page: `OAuthAuthorizeToken` and its parameters, printed and parsed.

use std::fmt;

use super::{Accounts, Callback, accounts::Endpoint};
use crate::{
    error::Error,
    secret::Secret,
    wire::{percent, query::Pairs},
};

/// Where the user consents to a request token.
///
/// Made by [`RequestToken::authorize_link`](super::RequestToken::authorize_link); a server reads it with
/// [`parse`](Self::parse). `Display` prints the link, which is for the user's browser alone.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::{AuthorizeLink, Accounts};
///
/// let link = AuthorizeLink::new("4/abc")?.hd("default")?.hl("en")?.btmpl("mobile")?;
/// assert_eq!(
///     link.to_string(),
///     "https://www.google.com/accounts/OAuthAuthorizeToken?oauth_token=4%2Fabc&hd=default&hl=en&btmpl=mobile",
/// );
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizeLink {
    accounts: Accounts,
    token: Secret,
    hd: Option<String>,
    hl: Option<String>,
    btmpl: Option<String>,
    callback: Option<Callback>,
}

impl AuthorizeLink {
    /// The most bytes of `hd`, `hl` and `btmpl`: the longest DNS name.
    pub const MAX: usize = 253;

    /// A link for the request token `token`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `oauth_token`, when it is empty.
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        if token.expose().is_empty() {
            return Err(Error::input("oauth_token", "expected a token, got none"));
        }
        Ok(Self::of(token))
    }

    pub(super) fn of(token: Secret) -> Self {
        Self {
            accounts: Accounts::google(),
            token,
            hd: None,
            hl: None,
            btmpl: None,
            callback: None,
        }
    }

    /// Sends the user to another server than Google.
    #[must_use]
    pub fn at(mut self, accounts: &Accounts) -> Self {
        self.accounts = accounts.clone();
        self
    }

    /// The hosted domain whose accounts may consent; `default` means ordinary accounts.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `hd`, when it is empty, longer than [`MAX`](Self::MAX), or
    /// holds anything but letters, digits, `-`, `.` and `_`.
    pub fn hd(mut self, domain: impl Into<String>) -> Result<Self, Error> {
        self.hd = Some(word("hd", domain.into())?);
        Ok(self)
    }

    /// The language of the page, such as `en`.
    ///
    /// # Errors
    /// As [`hd`](Self::hd), naming `hl`.
    pub fn hl(mut self, language: impl Into<String>) -> Result<Self, Error> {
        self.hl = Some(word("hl", language.into())?);
        Ok(self)
    }

    /// The template of the page: `mobile` is the only one known.
    ///
    /// # Errors
    /// As [`hd`](Self::hd), naming `btmpl`.
    pub fn btmpl(mut self, template: impl Into<String>) -> Result<Self, Error> {
        self.btmpl = Some(word("btmpl", template.into())?);
        Ok(self)
    }

    /// Names the callback in the link, as OAuth 1.0 before 1.0a did; servers of 1.0a have it already.
    #[must_use]
    pub fn callback(mut self, callback: Callback) -> Self {
        self.callback = Some(callback);
        self
    }

    /// Reads the query of a link.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming the parameter that is missing or wrong;
    /// [`Kind::Reply`](crate::Kind::Reply) on broken percent-encoding and on a parameter that stands twice.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let pairs = Pairs::parse(query)?;
        let mut link = Self::new(pairs.only("oauth_token")?.unwrap_or_default())?;
        if let Some(domain) = pairs.only("hd")? {
            link = link.hd(domain)?;
        }
        if let Some(language) = pairs.only("hl")? {
            link = link.hl(language)?;
        }
        if let Some(template) = pairs.only("btmpl")? {
            link = link.btmpl(template)?;
        }
        if let Some(callback) = pairs.only("oauth_callback")? {
            link = link.callback(Callback::parse(callback)?);
        }
        Ok(link)
    }

    /// The request token.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The hosted domain.
    #[must_use]
    pub fn hosted_domain(&self) -> Option<&str> {
        self.hd.as_deref()
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.hl.as_deref()
    }

    /// The template.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        self.btmpl.as_deref()
    }

    /// The callback, when the link names one.
    #[must_use]
    pub fn callback_in_link(&self) -> Option<&Callback> {
        self.callback.as_ref()
    }

    /// The query of the link, without its `?`.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = format!("oauth_token={}", percent::encode(self.token.expose()));
        for (name, value) in [
            ("hd", &self.hd),
            ("hl", &self.hl),
            ("btmpl", &self.btmpl),
            (
                "oauth_callback",
                &self.callback.as_ref().map(Callback::to_string),
            ),
        ] {
            if let Some(value) = value {
                query.push_str(&format!("&{name}={}", percent::encode(value)));
            }
        }
        query
    }
}

/// The whole link.
impl fmt::Display for AuthorizeLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let page = self.accounts.endpoint(Endpoint::Authorize);
        write!(f, "{page}?{}", self.query())
    }
}

fn word(field: &str, text: String) -> Result<String, Error> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if text.is_empty() || text.len() > AuthorizeLink::MAX || !text.bytes().all(plain) {
        return Err(Error::input(
            field,
            "expected letters, digits, `-`, `.` and `_` only",
        ));
    }
    Ok(text)
}
