//! The fields of authentication, as one table: what is secret, what changes with every run, what tells who asks.
//!
//! Matching leaves out what changes, redaction replaces what is secret, and the documentation prints the table.
//! Sources: legacy-protocol.md 1 to 5, oauth2.md 5, RFC 5849, 6749, 7521, 7636, 8628, 8693.

use serde::{Deserialize, Serialize};

/// A field that a protocol of authentication defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the row of a table")]
pub struct Known {
    /// Where it stands.
    pub place: Place,
    /// Its name. Of headers, whatever the case.
    pub name: &'static str,
    /// What it is.
    pub role: Role,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Place {
    /// A header, all of its value.
    Header,
    /// A parameter of `Authorization`, whatever its scheme.
    AuthParam,
    /// A parameter of a query, a fragment or a form, also of an address inside another field.
    Param,
    /// A member of a JSON object, at any depth.
    Json,
    /// An element or an attribute of XML, by its local name.
    Xml,
    /// A line `Name=value` of a `text/plain` answer.
    Line,
    /// A claim of a JSON Web Token.
    Claim,
    /// A cookie, of either direction, by its name.
    Cookie,
    /// Free text without a field: what stands between the fields of a page, a reason phrase.
    Text,
}

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// It lets its holder in.
    Secret(SecretKind),
    /// It differs in every run, and says nothing of what is asked: timestamps, nonces, signatures.
    Volatile,
    /// The client makes it up in every run, and expects it back: `state`, `nonce` of OpenID Connect.
    Echoed,
}

/// What a secret lets its holder do; stand-ins keep its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SecretKind {
    /// A user's password.
    Password,
    /// A token of AuthSub.
    AuthSubToken,
    /// A token of ClientLogin: `Auth`, `SID`, `LSID`.
    ClientLoginToken,
    /// A request or access token of OAuth 1.0.
    OAuth1Token,
    /// The secret beside a token of OAuth 1.0.
    TokenSecret,
    /// A verifier of OAuth 1.0.
    OAuth1Verifier,
    /// An access token of OAuth 2.0.
    AccessToken,
    /// A refresh token.
    RefreshToken,
    /// A code of a redirect.
    AuthorizationCode,
    /// The code verifier of PKCE.
    CodeVerifier,
    /// The code of a device, and the one that its user types.
    DeviceCode,
    /// The secret of a client.
    ClientSecret,
    /// A signed assertion or ID token, all of it.
    Jwt,
    /// An API key or developer key.
    ApiKey,
    /// A cookie.
    Cookie,
    /// A private key.
    PrivateKey,
    /// A signature.
    Signature,
    /// A value that the client makes up and expects back.
    Nonce,
    /// Anything that a rule names.
    Other,
}

/// The table.
pub const KNOWN: &[Known] = &[
    // Headers that are a secret as a whole. `Authorization` is taken apart.
    header("x-goog-api-key", SecretKind::ApiKey),
    header("x-gdata-client-login-token", SecretKind::ClientLoginToken),
    header("update-client-auth", SecretKind::ClientLoginToken),
    header("x-google-token", SecretKind::ClientLoginToken),
    header("x-api-key", SecretKind::ApiKey),
    header("x-auth-token", SecretKind::AccessToken),
    header("x-goog-iam-authorization-token", SecretKind::AccessToken),
    header("x-goog-iap-jwt-assertion", SecretKind::Jwt),
    header("x-goog-encryption-key", SecretKind::PrivateKey),
    header("x-goog-copy-source-encryption-key", SecretKind::PrivateKey),
    header("x-amz-security-token", SecretKind::AccessToken),
    header("x-csrf-token", SecretKind::Other),
    header("x-xsrf-token", SecretKind::Other),
    // Parameters of `Authorization`.
    auth("token", Role::Secret(SecretKind::AuthSubToken)),
    auth("auth", Role::Secret(SecretKind::ClientLoginToken)),
    auth("data", Role::Volatile),
    auth("sig", Role::Volatile),
    auth("oauth_token", Role::Secret(SecretKind::OAuth1Token)),
    auth("oauth_verifier", Role::Secret(SecretKind::OAuth1Verifier)),
    auth("oauth_timestamp", Role::Volatile),
    auth("oauth_nonce", Role::Volatile),
    auth("oauth_signature", Role::Volatile),
    // Queries and forms.
    param("Passwd", SecretKind::Password),
    param("password", SecretKind::Password),
    param("logincaptcha", SecretKind::Other),
    param("logintoken", SecretKind::Other),
    param("SID", SecretKind::ClientLoginToken),
    param("LSID", SecretKind::ClientLoginToken),
    param("auth", SecretKind::ClientLoginToken),
    param("token", SecretKind::AuthSubToken),
    param("oauth_token", SecretKind::OAuth1Token),
    param("oauth_token_secret", SecretKind::TokenSecret),
    param("oauth_verifier", SecretKind::OAuth1Verifier),
    volatile("oauth_timestamp"),
    volatile("oauth_nonce"),
    volatile("oauth_signature"),
    param("access_token", SecretKind::AccessToken),
    param("refresh_token", SecretKind::RefreshToken),
    param("subject_token", SecretKind::AccessToken),
    param("actor_token", SecretKind::AccessToken),
    param("id_token", SecretKind::Jwt),
    param("id_token_hint", SecretKind::Jwt),
    param("assertion", SecretKind::Jwt),
    param("client_assertion", SecretKind::Jwt),
    param("code", SecretKind::AuthorizationCode),
    param("code_verifier", SecretKind::CodeVerifier),
    param("device_code", SecretKind::DeviceCode),
    param("user_code", SecretKind::DeviceCode),
    param("client_secret", SecretKind::ClientSecret),
    param("key", SecretKind::ApiKey),
    param("developerKey", SecretKind::ApiKey),
    param("X-Goog-Signature", SecretKind::Signature),
    param("X-Amz-Signature", SecretKind::Signature),
    param("X-Amz-Security-Token", SecretKind::AccessToken),
    param("signature", SecretKind::Signature),
    param("api_key", SecretKind::ApiKey),
    param("apikey", SecretKind::ApiKey),
    // A link to an unlisted album of Picasa, a calendar's session, and an upload that goes on: who has them is let in.
    param("authkey", SecretKind::Other),
    param("gsessionid", SecretKind::Cookie),
    param("upload_id", SecretKind::Other),
    param("ctoken", SecretKind::Other),
    param("registration_access_token", SecretKind::AccessToken),
    volatile("code_challenge"),
    echoed("state"),
    echoed("nonce"),
    // JSON.
    json("access_token", SecretKind::AccessToken),
    json("accessToken", SecretKind::AccessToken),
    json("refresh_token", SecretKind::RefreshToken),
    json("id_token", SecretKind::Jwt),
    json("token", SecretKind::AccessToken),
    json("device_code", SecretKind::DeviceCode),
    json("user_code", SecretKind::DeviceCode),
    json("client_secret", SecretKind::ClientSecret),
    json("private_key", SecretKind::PrivateKey),
    json("assertion", SecretKind::Jwt),
    json("subject_token", SecretKind::AccessToken),
    json("signedJwt", SecretKind::Jwt),
    json("password", SecretKind::Password),
    json("oauth_token", SecretKind::OAuth1Token),
    json("oauth_token_secret", SecretKind::TokenSecret),
    json("oauth_verifier", SecretKind::OAuth1Verifier),
    json("code_verifier", SecretKind::CodeVerifier),
    json("actor_token", SecretKind::AccessToken),
    json("client_assertion", SecretKind::Jwt),
    json("idToken", SecretKind::Jwt),
    json("refreshToken", SecretKind::RefreshToken),
    json("clientSecret", SecretKind::ClientSecret),
    json("privateKey", SecretKind::PrivateKey),
    json("privateKeyData", SecretKind::PrivateKey),
    json("registration_access_token", SecretKind::AccessToken),
    json("serverAuthCode", SecretKind::AuthorizationCode),
    json("subjectToken", SecretKind::AccessToken),
    json("api_key", SecretKind::ApiKey),
    json("apiKey", SecretKind::ApiKey),
    json("keyString", SecretKind::ApiKey),
    json("passwd", SecretKind::Password),
    json("signedBlob", SecretKind::Signature),
    // XML: the token of a browser-based upload (gdata).
    Known {
        place: Place::Xml,
        name: "token",
        role: Role::Secret(SecretKind::Other),
    },
    // Lines.
    line("Token", SecretKind::AuthSubToken),
    line("Auth", SecretKind::ClientLoginToken),
    line("SID", SecretKind::ClientLoginToken),
    line("LSID", SecretKind::ClientLoginToken),
    line("CaptchaToken", SecretKind::Other),
    line("oauth_token_secret", SecretKind::TokenSecret),
    // Claims that differ in every run.
    claim("iat"),
    claim("exp"),
    claim("nbf"),
    claim("jti"),
];

const fn header(name: &'static str, kind: SecretKind) -> Known {
    Known {
        place: Place::Header,
        name,
        role: Role::Secret(kind),
    }
}

const fn auth(name: &'static str, role: Role) -> Known {
    Known {
        place: Place::AuthParam,
        name,
        role,
    }
}

const fn param(name: &'static str, kind: SecretKind) -> Known {
    Known {
        place: Place::Param,
        name,
        role: Role::Secret(kind),
    }
}

const fn volatile(name: &'static str) -> Known {
    Known {
        place: Place::Param,
        name,
        role: Role::Volatile,
    }
}

const fn echoed(name: &'static str) -> Known {
    Known {
        place: Place::Param,
        name,
        role: Role::Echoed,
    }
}

const fn json(name: &'static str, kind: SecretKind) -> Known {
    Known {
        place: Place::Json,
        name,
        role: Role::Secret(kind),
    }
}

const fn line(name: &'static str, kind: SecretKind) -> Known {
    Known {
        place: Place::Line,
        name,
        role: Role::Secret(kind),
    }
}

const fn claim(name: &'static str) -> Known {
    Known {
        place: Place::Claim,
        name,
        role: Role::Volatile,
    }
}
