//! Where a server's ClientLogin is.
//!
//! Every known server has it at `/accounts/ClientLogin` below some base: Google's host, YouTube's folder on
//! it, the program of a Reader server (legacy-protocol.md 3.1).

use crate::{error::Error, wire::origin::Origin};

/// The base address of a server that answers ClientLogin.
///
/// # Examples
/// ```
/// use gdata_auth::clientlogin::Endpoint;
///
/// assert_eq!(Endpoint::google().login(), "https://www.google.com/accounts/ClientLogin");
///
/// let reader = Endpoint::at("https://rss.example.net/api/greader.php")?;
/// assert_eq!(reader.login(), "https://rss.example.net/api/greader.php/accounts/ClientLogin");
/// // The whole address names the same endpoint.
/// assert_eq!(reader, Endpoint::at(&reader.login())?);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// Google's own, where ClientLogin answered until 2015.
    #[must_use]
    pub fn google() -> Self {
        Self("https://www.google.com".to_owned())
    }

    /// YouTube's own, of clients from before 2011; it answered `Auth` and `YouTubeUser` alone.
    #[must_use]
    pub fn youtube() -> Self {
        Self("https://www.google.com/youtube".to_owned())
    }

    /// Another server's: an absolute `https` address, or `http` on loopback, without `/accounts` or with it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `endpoint`, when the address is not absolute, has a
    /// query or a fragment, or would send the password over plain `http` to another machine.
    pub fn at(base: &str) -> Result<Self, Error> {
        let endpoint = Self::allow_plain_http(base)?;
        let origin = Origin::of(&endpoint.0)?;
        if !origin.is_secure() && !origin.is_loopback() {
            return Err(Error::input(
                "endpoint",
                "expected https, or http on loopback, got plain http to another machine",
            ));
        }
        Ok(endpoint)
    }

    /// As [`at`](Self::at), but plain `http` may go to any machine.
    ///
    /// # Security
    /// Whoever is on the path reads the password. Only for a closed test network.
    ///
    /// # Errors
    /// As [`at`](Self::at), but for the last cause.
    pub fn allow_plain_http(base: &str) -> Result<Self, Error> {
        if base.contains(['?', '#']) {
            return Err(Error::input(
                "endpoint",
                "expected a base address without query or fragment",
            ));
        }
        let base = base.trim_end_matches('/');
        let base = base.strip_suffix("/ClientLogin").unwrap_or(base);
        let base = base.strip_suffix("/accounts").unwrap_or(base);
        Origin::of(base).map_err(|cause| {
            Error::input("endpoint", "expected an absolute http or https address").caused_by(cause)
        })?;
        Ok(Self(base.trim_end_matches('/').to_owned()))
    }

    /// The base address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address that a login is posted to.
    #[must_use]
    pub fn login(&self) -> String {
        format!("{}/accounts/ClientLogin", self.0)
    }

    /// The address of a Reader server's action token.
    #[must_use]
    pub fn action_token(&self) -> String {
        format!("{}/reader/api/0/token", self.0)
    }

    /// What a relative `CaptchaUrl` is relative to: the accounts service, of YouTube's endpoint too
    /// (legacy-protocol.md 3.3).
    pub(super) fn captcha_base(&self) -> String {
        let base = self.0.strip_suffix("/youtube").unwrap_or(&self.0);
        format!("{base}/accounts/")
    }

    /// Whether this is one of Google's two, of which it is known that they were switched off.
    pub(super) fn is_googles(&self) -> bool {
        *self == Self::google() || *self == Self::youtube()
    }
}
