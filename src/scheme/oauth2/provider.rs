//! An authorization server: who it is, and where its endpoints are (RFC 8414).
//!
//! ```text
//! Provider::google()             Google, by the addresses of oauth2.md 5.1
//! Provider::google_at(origin)    an emulator of it, on loopback
//! Discovery::new(issuer)         any server that publishes its metadata
//! Provider::new(issuer, token)   any other, endpoint by endpoint
//! ```
//!
//! Every endpoint is `https`, or `http` on loopback; there is no switch for anything else (RFC 6749, 10.9).

use bytes::Bytes;
use serde_json::{Map, Value};

use super::{
    reply::{self, object},
    token_call::get_request,
};
use crate::{
    error::Error,
    exchange::Exchange,
    wire::{origin::Origin, query::Pairs},
};

/// An authorization server.
///
/// # Examples
/// ```
/// use gdata_auth::oauth2::Provider;
///
/// let google = Provider::google();
/// assert_eq!(google.issuer(), "https://accounts.google.com");
/// assert_eq!(google.token_endpoint(), "https://oauth2.googleapis.com/token");
///
/// let other = Provider::new("https://id.example.com", "https://id.example.com/token")?
///     .with_authorization_endpoint("https://id.example.com/auth")?;
/// assert!(!other.is_google());
/// assert!(Provider::new("https://id.example.com", "http://id.example.com/token").is_err());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    issuer: String,
    token: String,
    authorization: Option<String>,
    device: Option<String>,
    revocation: Option<String>,
    userinfo: Option<String>,
    tokeninfo: Option<String>,
    jwks: Option<String>,
    google: bool,
    sends_issuer: bool,
}

/// Google's issuer, as its metadata spell it.
pub const GOOGLE_ISSUER: &str = "https://accounts.google.com";

/// The other spelling, which some ID tokens carry (oauth2.md 4, row 20).
pub const GOOGLE_ISSUER_BARE: &str = "accounts.google.com";

/// Addresses that Google's endpoints once had, and what they are today (oauth2.md 5.1).
const LEGACY: &[(&str, &str)] = &[
    (
        "https://accounts.google.com/o/oauth2/auth",
        "https://accounts.google.com/o/oauth2/v2/auth",
    ),
    (
        "https://accounts.google.com/o/oauth2/token",
        "https://oauth2.googleapis.com/token",
    ),
    (
        "https://www.googleapis.com/oauth2/v3/token",
        "https://oauth2.googleapis.com/token",
    ),
    (
        "https://www.googleapis.com/oauth2/v4/token",
        "https://oauth2.googleapis.com/token",
    ),
    (
        "https://accounts.google.com/o/oauth2/device/code",
        "https://oauth2.googleapis.com/device/code",
    ),
    (
        "https://accounts.google.com/o/oauth2/revoke",
        "https://oauth2.googleapis.com/revoke",
    ),
];

/// Today's address of an endpoint of Google's; any other is its own.
#[must_use]
pub fn current_endpoint(address: &str) -> &str {
    LEGACY
        .iter()
        .find(|(old, _)| *old == address)
        .map_or(address, |(_, today)| today)
}

impl Provider {
    /// Google.
    #[must_use]
    pub fn google() -> Self {
        let some = |text: &str| Some(text.to_owned());
        Self {
            issuer: GOOGLE_ISSUER.to_owned(),
            token: "https://oauth2.googleapis.com/token".to_owned(),
            authorization: some("https://accounts.google.com/o/oauth2/v2/auth"),
            device: some("https://oauth2.googleapis.com/device/code"),
            revocation: some("https://oauth2.googleapis.com/revoke"),
            userinfo: some("https://openidconnect.googleapis.com/v1/userinfo"),
            tokeninfo: some("https://oauth2.googleapis.com/tokeninfo"),
            jwks: some("https://www.googleapis.com/oauth2/v3/certs"),
            google: true,
            sends_issuer: false,
        }
    }

    /// Google as an emulator plays it at `origin`, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `origin`, when it is no origin, or neither `https` nor loopback.
    pub fn google_at(origin: &str) -> Result<Self, Error> {
        let base = checked("origin", origin)?.to_string();
        let some = |path: &str| Some(format!("{base}{path}"));
        Ok(Self {
            issuer: base.clone(),
            token: format!("{base}/token"),
            authorization: some("/o/oauth2/v2/auth"),
            device: some("/device/code"),
            revocation: some("/revoke"),
            userinfo: some("/v1/userinfo"),
            tokeninfo: some("/tokeninfo"),
            jwks: some("/oauth2/v3/certs"),
            google: true,
            sends_issuer: false,
        })
    }

    /// Any RFC 6749 server, by its issuer and token endpoint.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming the parameter, when it is no absolute address, has a fragment, or
    /// is neither `https` nor loopback.
    pub fn new(issuer: impl Into<String>, token: impl Into<String>) -> Result<Self, Error> {
        let issuer = issuer.into();
        checked("issuer", &issuer)?;
        Ok(Self {
            google: issuer == GOOGLE_ISSUER,
            issuer,
            token: endpoint("token_endpoint", token)?,
            authorization: None,
            device: None,
            revocation: None,
            userinfo: None,
            tokeninfo: None,
            jwks: None,
            sends_issuer: false,
        })
    }

    /// Where the user consents.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_authorization_endpoint(mut self, at: impl Into<String>) -> Result<Self, Error> {
        self.authorization = Some(endpoint("authorization_endpoint", at)?);
        Ok(self)
    }

    /// Where a device asks for a code (RFC 8628, 3.1).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_device_endpoint(mut self, at: impl Into<String>) -> Result<Self, Error> {
        self.device = Some(endpoint("device_authorization_endpoint", at)?);
        Ok(self)
    }

    /// Where tokens are revoked (RFC 7009).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_revocation_endpoint(mut self, at: impl Into<String>) -> Result<Self, Error> {
        self.revocation = Some(endpoint("revocation_endpoint", at)?);
        Ok(self)
    }

    /// Who the user is (OpenID Connect Core, 5.3).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_userinfo_endpoint(mut self, at: impl Into<String>) -> Result<Self, Error> {
        self.userinfo = Some(endpoint("userinfo_endpoint", at)?);
        Ok(self)
    }

    /// The keys that ID tokens are signed with (RFC 7517).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_jwks_uri(mut self, at: impl Into<String>) -> Result<Self, Error> {
        self.jwks = Some(endpoint("jwks_uri", at)?);
        Ok(self)
    }

    /// The same server with another token endpoint, as a credential file may name one.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_token_endpoint(mut self, at: impl Into<String>) -> Result<Self, Error> {
        self.token = endpoint("token_endpoint", at)?;
        Ok(self)
    }

    /// Expects `iss` in every redirect, as a server of RFC 9207 sends it; without, it is checked where it is there.
    #[must_use]
    pub fn sending_issuer(mut self) -> Self {
        self.sends_issuer = true;
        self
    }

    /// Who the server says it is.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether the server speaks Google's dialect: `access_type`, device scopes, tokeninfo.
    #[must_use]
    pub fn is_google(&self) -> bool {
        self.google
    }

    /// Whether every redirect names the issuer (RFC 9207, 3).
    #[must_use]
    pub fn sends_issuer(&self) -> bool {
        self.sends_issuer
    }

    /// Where tokens are issued.
    #[must_use]
    pub fn token_endpoint(&self) -> &str {
        &self.token
    }

    /// Where the user consents.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) when the server has no such endpoint, here and below.
    pub fn authorization_endpoint(&self) -> Result<&str, Error> {
        there("authorization_endpoint", self.authorization.as_deref())
    }

    /// Where a device asks for a code.
    ///
    /// # Errors
    /// As [`authorization_endpoint`](Self::authorization_endpoint).
    pub fn device_endpoint(&self) -> Result<&str, Error> {
        there("device_authorization_endpoint", self.device.as_deref())
    }

    /// Where tokens are revoked.
    ///
    /// # Errors
    /// As [`authorization_endpoint`](Self::authorization_endpoint).
    pub fn revocation_endpoint(&self) -> Result<&str, Error> {
        there("revocation_endpoint", self.revocation.as_deref())
    }

    /// Who the user is.
    ///
    /// # Errors
    /// As [`authorization_endpoint`](Self::authorization_endpoint).
    pub fn userinfo_endpoint(&self) -> Result<&str, Error> {
        there("userinfo_endpoint", self.userinfo.as_deref())
    }

    /// What a token is: Google's own endpoint.
    ///
    /// # Errors
    /// As [`authorization_endpoint`](Self::authorization_endpoint).
    pub fn tokeninfo_endpoint(&self) -> Result<&str, Error> {
        there("tokeninfo endpoint", self.tokeninfo.as_deref())
    }

    /// The keys of ID tokens.
    ///
    /// # Errors
    /// As [`authorization_endpoint`](Self::authorization_endpoint).
    pub fn jwks_uri(&self) -> Result<&str, Error> {
        there("jwks_uri", self.jwks.as_deref())
    }

    /// Whether `iss` names this server; Google's is spelt in two ways.
    #[must_use]
    pub fn is_issuer(&self, iss: &str) -> bool {
        iss == self.issuer || (self.issuer == GOOGLE_ISSUER && iss == GOOGLE_ISSUER_BARE)
    }
}

/// Asks a server for its metadata (RFC 8414, 3; OpenID Connect Discovery, 4).
///
/// # Security
/// The answer must name the issuer that was asked, letter for letter (RFC 8414, 3.3): otherwise any server could
/// answer for another.
#[derive(Clone, Debug)]
pub struct Discovery {
    issuer: String,
    address: String,
}

impl Discovery {
    /// At `issuer` + `/.well-known/openid-configuration`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `issuer`, as [`Provider::new`].
    pub fn new(issuer: impl Into<String>) -> Result<Self, Error> {
        let issuer = endpoint("issuer", issuer)?;
        let address = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        Ok(Self { issuer, address })
    }
}

impl Exchange for Discovery {
    type Output = Provider;

    fn request(&self) -> http::Request<Bytes> {
        get_request(&self.address)
    }

    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming the field that is missing, no safe address, or another issuer than
    /// the one that was asked.
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<Provider, Error> {
        reply::expect_success(answer)?;
        let fields = object(answer)?;
        let issuer = text(&fields, "issuer").unwrap_or_default();
        if issuer != self.issuer {
            return Err(Error::reply(
                "issuer",
                "expected the issuer that was asked for its metadata, got another (RFC 8414, 3.3)",
            ));
        }
        let token = text(&fields, "token_endpoint")
            .ok_or_else(|| Error::reply("token_endpoint", "expected an address, got none"))?;
        let mut provider = Provider::new(issuer, token)?;
        for (name, place) in [
            ("authorization_endpoint", &mut provider.authorization),
            ("device_authorization_endpoint", &mut provider.device),
            ("revocation_endpoint", &mut provider.revocation),
            ("userinfo_endpoint", &mut provider.userinfo),
            ("jwks_uri", &mut provider.jwks),
        ] {
            if let Some(address) = text(&fields, name) {
                *place = Some(endpoint(name, address)?);
            }
        }
        provider.sends_issuer = fields
            .get("authorization_response_iss_parameter_supported")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        Ok(provider)
    }
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

fn there<'a>(name: &str, address: Option<&'a str>) -> Result<&'a str, Error> {
    address.ok_or_else(|| {
        Error::new(
            crate::error::Kind::Unsupported,
            format!("{name}: this server has none; name it, or read its metadata with Discovery"),
        )
    })
}

/// An absolute address that secrets may be sent to.
pub(super) fn endpoint(field: &str, address: impl Into<String>) -> Result<String, Error> {
    let address = address.into();
    checked(field, &address)?;
    Ok(address)
}

fn checked(field: &str, address: &str) -> Result<Origin, Error> {
    let origin = Origin::of(address).map_err(|cause| {
        Error::input(field, "expected an absolute https address").caused_by(cause)
    })?;
    if address.contains('#') {
        return Err(Error::input(field, "expected no fragment, got one"));
    }
    if !origin.is_secure() && !origin.is_loopback() {
        return Err(Error::input(
            field,
            "expected https, or http on loopback, got http to another host",
        ));
    }
    Ok(origin)
}

/// `address` with `pairs` behind what it has of a query.
pub(super) fn with_query(address: &str, pairs: &Pairs) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{pairs}")
}
