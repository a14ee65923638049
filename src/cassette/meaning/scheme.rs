//! Which protocol a request speaks, and what of it is compared: one table, which the documentation prints.

use std::fmt;

/// The protocol of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// None that is known here.
    None,
    /// A key of an application alone.
    ApiKey,
    /// `Authorization: AuthSub`, plain or signed.
    AuthSub,
    /// The link to AuthSub's consent page.
    AuthSubLink,
    /// The form of ClientLogin.
    ClientLogin,
    /// `Authorization: GoogleLogin`.
    GoogleLogin,
    /// A signed request of OAuth 1.0.
    OAuth1,
    /// The link to OAuth 1.0's consent page.
    OAuth1Link,
    /// The link to a consent page of OAuth 2.0.
    Authorization,
    /// The token endpoint: an authorization code.
    CodeGrant,
    /// The token endpoint: a refresh token.
    RefreshGrant,
    /// The start of the device flow.
    DeviceStart,
    /// The token endpoint: a device code.
    DeviceGrant,
    /// The token endpoint: a signed assertion.
    JwtBearer,
    /// The token endpoint: a token for a token.
    TokenExchange,
    /// The token endpoint: any other grant.
    OtherGrant,
    /// A token that is taken back.
    Revocation,
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization` of another scheme.
    OtherScheme,
}

/// What is compared of one protocol, beside method, origin, path and the request's own parameters.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "the row of a table")]
pub struct SchemeRow {
    /// The protocol.
    pub scheme: Scheme,
    /// How explanations call it.
    pub name: &'static str,
    /// What is compared by value.
    pub compared: &'static [&'static str],
    /// What is compared by what it stands for.
    pub secret: &'static [&'static str],
    /// What is not compared.
    pub left_out: &'static [&'static str],
}

/// The table.
pub const SCHEMES: &[SchemeRow] = &[
    row(Scheme::None, "none", &[], &[], &[]),
    row(Scheme::ApiKey, "api key", &[], &["api key"], &[]),
    row(
        Scheme::AuthSub,
        "AuthSub",
        &["authorization data"],
        &["authorization token"],
        &[
            "authorization timestamp",
            "authorization nonce",
            "authorization sig",
        ],
    ),
    row(
        Scheme::AuthSubLink,
        "AuthSub consent",
        &[
            "query next",
            "query scope",
            "query secure",
            "query session",
            "query hd",
        ],
        &[],
        &[],
    ),
    row(
        Scheme::ClientLogin,
        "ClientLogin",
        &["form Email", "form service", "form accountType"],
        &["form Passwd", "form logintoken", "form logincaptcha"],
        &["form source"],
    ),
    row(
        Scheme::GoogleLogin,
        "GoogleLogin",
        &[],
        &["authorization token"],
        &[],
    ),
    row(
        Scheme::OAuth1,
        "OAuth 1.0",
        &[
            "oauth_consumer_key",
            "oauth_signature_method",
            "oauth_callback",
            "parameter",
        ],
        &["oauth_token", "oauth_verifier"],
        &[
            "oauth_timestamp",
            "oauth_nonce",
            "oauth_signature",
            "oauth_version",
        ],
    ),
    row(
        Scheme::OAuth1Link,
        "OAuth 1.0 consent",
        &["query hd", "query hl", "query btmpl"],
        &["query oauth_token"],
        &[],
    ),
    row(
        Scheme::Authorization,
        "OAuth 2.0 consent",
        &[
            "query client_id",
            "query redirect_uri",
            "query response_type",
            "query scope",
            "query code_challenge_method",
        ],
        &[],
        &[
            "query code_challenge",
            "query state",
            "query nonce",
            // Of a loopback redirect, whose port is a new one in every run (RFC 8252, 7.3).
            "query redirect_origin",
        ],
    ),
    row(
        Scheme::CodeGrant,
        "OAuth 2.0 code",
        &["form grant_type", "form client_id", "form redirect_uri"],
        &["form code", "form client_secret"],
        &["form code_verifier", "form redirect_origin"],
    ),
    row(
        Scheme::RefreshGrant,
        "OAuth 2.0 refresh",
        &["form grant_type", "form client_id", "form scope"],
        &["form refresh_token", "form client_secret"],
        &[],
    ),
    row(
        Scheme::DeviceStart,
        "OAuth 2.0 device",
        &["form client_id", "form scope"],
        &[],
        &[],
    ),
    row(
        Scheme::DeviceGrant,
        "OAuth 2.0 device poll",
        &["form grant_type", "form client_id"],
        &["form device_code", "form client_secret"],
        &[],
    ),
    row(
        Scheme::JwtBearer,
        "JWT bearer",
        &[
            "form grant_type",
            "claim iss",
            "claim scope",
            "claim aud",
            "claim sub",
        ],
        &[],
        &[
            "claim iat",
            "claim exp",
            "claim nbf",
            "claim jti",
            "form assertion",
        ],
    ),
    row(
        Scheme::TokenExchange,
        "OAuth 2.0 token exchange",
        &[
            "form grant_type",
            "form audience",
            "form scope",
            "form requested_token_type",
            "form subject_token_type",
        ],
        &["form subject_token", "form actor_token"],
        &[],
    ),
    row(
        Scheme::OtherGrant,
        "OAuth 2.0 grant",
        &["form grant_type", "form client_id", "form scope"],
        &["form password", "form client_secret"],
        &[],
    ),
    row(
        Scheme::Revocation,
        "OAuth 2.0 revocation",
        &[],
        &["token"],
        &[],
    ),
    row(Scheme::Bearer, "Bearer", &[], &["authorization token"], &[]),
    row(
        Scheme::OtherScheme,
        "another scheme",
        &[],
        &["authorization credentials"],
        &[],
    ),
];

const fn row(
    scheme: Scheme,
    name: &'static str,
    compared: &'static [&'static str],
    secret: &'static [&'static str],
    left_out: &'static [&'static str],
) -> SchemeRow {
    SchemeRow {
        scheme,
        name,
        compared,
        secret,
        left_out,
    }
}

impl Scheme {
    /// How explanations call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        SCHEMES
            .iter()
            .find(|row| row.scheme == self)
            .map_or("none", |row| row.name)
    }

    /// Of a token endpoint's `grant_type` (RFC 6749, 7523, 8628, 8693; Google's older name for devices).
    pub(super) fn of_grant(grant: &str) -> Self {
        GRANTS
            .iter()
            .find(|(name, _)| *name == grant)
            .map_or(Self::OtherGrant, |(_, scheme)| *scheme)
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

const GRANTS: &[(&str, Scheme)] = &[
    ("authorization_code", Scheme::CodeGrant),
    ("refresh_token", Scheme::RefreshGrant),
    (
        "urn:ietf:params:oauth:grant-type:device_code",
        Scheme::DeviceGrant,
    ),
    (
        "http://oauth.net/grant_type/device/1.0",
        Scheme::DeviceGrant,
    ),
    (
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        Scheme::JwtBearer,
    ),
    (
        "urn:ietf:params:oauth:grant-type:token-exchange",
        Scheme::TokenExchange,
    ),
];
