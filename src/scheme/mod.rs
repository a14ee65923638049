//! The ways in: one module a protocol, and the enum that holds any of them.
//!
//! A protocol never imports another protocol. Conversion between schemes goes through explicit
//! constructors only: moving a credential from one scheme to another is a migration, not a cast.

use bytes::Bytes;
use http::{Response, request::Parts};

use crate::{error::Error, exchange::BodyHint, scope::ScopeSet, time::Stamp};

pub mod api_key;
pub mod authsub;
pub mod clientlogin;
pub mod oauth1;
pub mod oauth2;
mod verdict;

pub use verdict::Verdict;

use verdict::Renewal;

/// A credential that authorises one outgoing request, whichever protocol it belongs to.
///
/// Plain data: `Clone`, `Send`, `Sync`; its `Debug` shows no secret. It is serialised only through
/// [`store::Sealed`](crate::store::Sealed).
///
/// # Examples
/// ```
/// use gdata_auth::{AuthScheme, BodyHint, Stamp, Timestamp, authsub, clientlogin};
///
/// let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
/// let schemes = [
///     AuthScheme::from(authsub::SessionToken::new("GD32CMCL25aZ-v____8B")?),
///     AuthScheme::from(clientlogin::AuthToken::new("DQAAAGgA7Zg8CTN")?),
/// ];
/// let mut headers = Vec::new();
/// for scheme in &schemes {
///     let (mut parts, ()) = http::Request::get("http://gdata.youtube.com/feeds/api/users/default/uploads")
///         .body(())?
///         .into_parts();
///     scheme.authorize(&mut parts, BodyHint::Empty, &stamp)?;
///     headers.push(parts.headers["authorization"].to_str()?.to_owned());
/// }
/// assert_eq!(headers, [
///     r#"AuthSub token="GD32CMCL25aZ-v____8B""#,
///     "GoogleLogin auth=DQAAAGgA7Zg8CTN",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "a client holds one of them, not a list"
)]
pub enum AuthScheme {
    /// AuthSub, with a session token, signed when the token is secure.
    AuthSub(authsub::SessionToken),
    /// ClientLogin, with the token of a login.
    ClientLogin(clientlogin::AuthToken),
    /// OAuth 1.0, three-legged with an access token, or two-legged.
    OAuth1(oauth1::Credential),
    /// OAuth 2.0, with an access token.
    OAuth2(oauth2::AccessToken),
    /// An API key.
    ApiKey(api_key::ApiKey),
}

impl AuthScheme {
    /// The protocol's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::AuthSub(_) => "AuthSub",
            Self::ClientLogin(_) => "ClientLogin",
            Self::OAuth1(_) => "OAuth 1.0",
            Self::OAuth2(_) => "OAuth 2.0",
            Self::ApiKey(_) => "API key",
        }
    }

    /// The scopes that the credential is known to have; `None` when nothing is known of them.
    #[must_use]
    pub fn scopes(&self) -> Option<&ScopeSet> {
        let scopes = match self {
            Self::AuthSub(token) => token.scopes(),
            Self::OAuth1(credential) => credential.scopes(),
            Self::ClientLogin(_) | Self::OAuth2(_) | Self::ApiKey(_) => return None,
        };
        Some(scopes).filter(|scopes| !scopes.is_empty())
    }

    /// Puts the credential onto a request.
    ///
    /// A signed scheme signs the method and the address as they stand in `parts`, so authorise last,
    /// and anew for every address. `body` tells what the scheme may know of the body: OAuth 1.0 signs
    /// form fields, the others sign none of it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address cannot be signed, and what the
    /// [`Sign`](crate::crypto::Sign) implementation reports.
    pub fn authorize(
        &self,
        parts: &mut Parts,
        body: BodyHint<'_>,
        stamp: &Stamp,
    ) -> Result<(), Error> {
        match self {
            Self::AuthSub(token) => token.authorize(parts, stamp),
            Self::ClientLogin(token) => token.authorize(parts, stamp),
            Self::OAuth1(credential) => credential.authorize(parts, body, stamp),
            Self::OAuth2(token) => {
                token.authorize(parts);
                Ok(())
            }
            Self::ApiKey(key) => key.authorize(parts),
        }
    }

    /// Tells in words why a server refused a request of this credential to `address`; `None` when the
    /// answer is no refusal.
    #[must_use]
    pub fn explain(&self, address: &str, answer: &Response<Bytes>) -> Option<Error> {
        match self {
            Self::AuthSub(token) => token.explain(address, answer),
            Self::ClientLogin(token) => token.explain(address, answer),
            Self::OAuth1(credential) => credential.explain(address, answer),
            Self::OAuth2(token) => token.explain(address, answer),
            Self::ApiKey(key) => key.explain(address, answer),
        }
    }

    /// What to do after an answer to a request to `address`: go on, refresh, ask the user, wait, or give
    /// up, and why. Reads status, challenge and body, in JSON, XML, HTML and plain text.
    ///
    /// # Examples
    /// ```
    /// use bytes::Bytes;
    /// use gdata_auth::{AuthScheme, Verdict, authsub::SessionToken, clientlogin::AuthToken};
    ///
    /// let url = "http://gdata.youtube.com/feeds/api/users/default/uploads";
    /// let expired = http::Response::builder()
    ///     .status(401)
    ///     .body(Bytes::from_static(b"<HTML><TITLE>Token expired</TITLE></HTML>"))?;
    ///
    /// let login = AuthScheme::from(AuthToken::new("DQAAAGgA7Zg8CTN")?);
    /// assert!(matches!(login.judge(url, &expired), Verdict::Refresh { .. }));
    ///
    /// let authsub = AuthScheme::from(SessionToken::new("GD32CMCL25aZ-v____8B")?);
    /// assert!(matches!(authsub.judge(url, &expired), Verdict::AskConsent { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn judge(&self, address: &str, answer: &Response<Bytes>) -> Verdict {
        let none = ScopeSet::default();
        let (renewal, scopes) = match self {
            Self::AuthSub(token) => (Renewal::Consent, token.scopes()),
            Self::ClientLogin(_) => (Renewal::Possible, &none),
            Self::OAuth1(credential) if credential.access_token().is_some() => {
                (Renewal::Consent, credential.scopes())
            }
            // Two-legged: an administrator gave the right, no page does.
            Self::OAuth1(_) | Self::ApiKey(_) => (Renewal::None, &none),
            Self::OAuth2(_) => (Renewal::Possible, &none),
        };
        match self.explain(address, answer) {
            None => Verdict::Fine,
            Some(why) => Verdict::on(why, renewal, scopes),
        }
    }
}

impl From<authsub::SessionToken> for AuthScheme {
    fn from(token: authsub::SessionToken) -> Self {
        Self::AuthSub(token)
    }
}

impl From<clientlogin::AuthToken> for AuthScheme {
    fn from(token: clientlogin::AuthToken) -> Self {
        Self::ClientLogin(token)
    }
}

impl From<oauth1::Credential> for AuthScheme {
    fn from(credential: oauth1::Credential) -> Self {
        Self::OAuth1(credential)
    }
}

impl From<oauth2::AccessToken> for AuthScheme {
    fn from(token: oauth2::AccessToken) -> Self {
        Self::OAuth2(token)
    }
}

impl From<api_key::ApiKey> for AuthScheme {
    fn from(key: api_key::ApiKey) -> Self {
        Self::ApiKey(key)
    }
}
