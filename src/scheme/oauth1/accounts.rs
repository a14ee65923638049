//! Where the OAuth 1.0 endpoints are. The rules are AuthSub's, and so is the service; the type is not, because
//! a protocol knows no other protocol.

use crate::{error::Error, wire::origin::Origin};

/// The base address of the accounts service; the endpoints hang below it.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::Accounts;
///
/// assert_eq!(Accounts::google().as_str(), "https://www.google.com/accounts");
/// let emulator = Accounts::at("http://127.0.0.1:8080/accounts/")?;
/// assert_eq!(emulator.as_str(), "http://127.0.0.1:8080/accounts");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts(String);

impl Accounts {
    /// Google's own, where OAuth 1.0 answered until 2015 (legacy-protocol.md 4).
    #[must_use]
    pub fn google() -> Self {
        Self("https://www.google.com/accounts".to_owned())
    }

    /// Another server's: an absolute `https` address, or `http` on loopback.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `accounts`, when the address is not absolute, has a
    /// query or a fragment, or would send verifiers and secrets over plain `http` to another machine.
    pub fn at(base: &str) -> Result<Self, Error> {
        let accounts = Self::allow_plain_http(base)?;
        let origin = Origin::of(&accounts.0)?;
        if !origin.is_secure() && !origin.is_loopback() {
            return Err(Error::input(
                "accounts",
                "expected https, or http on loopback, got plain http to another machine",
            ));
        }
        Ok(accounts)
    }

    /// As [`at`](Self::at), but plain `http` may go to any machine.
    ///
    /// # Security
    /// Whoever is on the path reads every token. Only for a closed test network.
    ///
    /// # Errors
    /// As [`at`](Self::at), but for the last cause.
    pub fn allow_plain_http(base: &str) -> Result<Self, Error> {
        if base.contains(['?', '#']) {
            return Err(Error::input(
                "accounts",
                "expected a base address without query or fragment",
            ));
        }
        Origin::of(base).map_err(|cause| {
            Error::input("accounts", "expected an absolute http or https address").caused_by(cause)
        })?;
        Ok(Self(base.trim_end_matches('/').to_owned()))
    }

    /// The base address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of one of the endpoints.
    pub(super) fn endpoint(&self, endpoint: Endpoint) -> String {
        let name = match endpoint {
            Endpoint::RequestToken => "OAuthGetRequestToken",
            Endpoint::Authorize => "OAuthAuthorizeToken",
            Endpoint::AccessToken => "OAuthGetAccessToken",
            Endpoint::TokenInfo => "AuthSubTokenInfo",
            Endpoint::RevokeToken => "AuthSubRevokeToken",
        };
        format!("{}/{name}", self.0)
    }
}

/// The endpoints; the last two are AuthSub's, and take an OAuth signature too (legacy-protocol.md 4).
#[derive(Clone, Copy, Debug)]
pub(super) enum Endpoint {
    RequestToken,
    Authorize,
    AccessToken,
    TokenInfo,
    RevokeToken,
}
