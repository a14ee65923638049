//! The codes with which OAuth 2.0 endpoints refuse, and what each comes to.

use std::fmt;

use crate::gdata::shown;

/// An error code. One that is not known is kept as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The request misses a parameter, has one twice, or is malformed.
    InvalidRequest,
    /// The client is not known, or did not prove itself.
    InvalidClient,
    /// The client was deleted at Google; it can be restored for 30 days.
    DeletedClient,
    /// The code, refresh token or assertion is no longer good.
    InvalidGrant,
    /// The client may not use this grant; for a service account, delegation is missing for these scopes.
    UnauthorizedClient,
    /// The server does not play this grant.
    UnsupportedGrantType,
    /// The server does not issue this type of response.
    UnsupportedResponseType,
    /// A scope is not known, or not allowed to this client.
    InvalidScope,
    /// The redirect address is not registered.
    RedirectUriMismatch,
    /// The user declined.
    AccessDenied,
    /// The policy of the user's organisation forbids it.
    AdminPolicyEnforced,
    /// The application is for members of its own organisation only.
    OrgInternal,
    /// The sign-in page does not run in embedded browsers.
    DisallowedUseragent,
    /// The user has not decided yet (RFC 8628, 3.5).
    AuthorizationPending,
    /// The device asks too often (RFC 8628, 3.5).
    SlowDown,
    /// The device's code has ended (RFC 8628, 3.5).
    ExpiredToken,
    /// Too many codes were asked for.
    RateLimitExceeded,
    /// The token is not one that can be revoked or shown.
    InvalidToken,
    /// The server failed (RFC 6749, 4.1.2.1).
    ServerError,
    /// The server is overloaded (RFC 6749, 4.1.2.1).
    TemporarilyUnavailable,
    /// `prompt=none`, but the user has to sign in (OpenID Connect Core, 3.1.2.6).
    LoginRequired,
    /// `prompt=none`, but the user has to consent.
    ConsentRequired,
    /// `prompt=none`, but the user has to choose or confirm something.
    InteractionRequired,
    /// The user has to choose an account.
    AccountSelectionRequired,
    /// Another code, word for word.
    Other(String),
}

/// What a code comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Client,
    Revoked,
    Expired,
    Denied,
    Admin,
    Scope,
    Wait,
}

/// Wire names and meanings, from RFC 6749 (4.1.2.1, 5.2), RFC 8628 (3.5), OpenID Connect Core (3.1.2.6) and
/// oauth2.md 5.2 to 5.5.
const CODES: &[(&str, ErrorCode, Meaning)] = &[
    (
        "invalid_request",
        ErrorCode::InvalidRequest,
        Meaning::Client,
    ),
    ("invalid_client", ErrorCode::InvalidClient, Meaning::Client),
    ("deleted_client", ErrorCode::DeletedClient, Meaning::Client),
    ("invalid_grant", ErrorCode::InvalidGrant, Meaning::Revoked),
    (
        "unauthorized_client",
        ErrorCode::UnauthorizedClient,
        Meaning::Client,
    ),
    (
        "unsupported_grant_type",
        ErrorCode::UnsupportedGrantType,
        Meaning::Client,
    ),
    (
        "unsupported_response_type",
        ErrorCode::UnsupportedResponseType,
        Meaning::Client,
    ),
    ("invalid_scope", ErrorCode::InvalidScope, Meaning::Scope),
    (
        "redirect_uri_mismatch",
        ErrorCode::RedirectUriMismatch,
        Meaning::Client,
    ),
    ("access_denied", ErrorCode::AccessDenied, Meaning::Denied),
    (
        "admin_policy_enforced",
        ErrorCode::AdminPolicyEnforced,
        Meaning::Admin,
    ),
    ("org_internal", ErrorCode::OrgInternal, Meaning::Admin),
    (
        "disallowed_useragent",
        ErrorCode::DisallowedUseragent,
        Meaning::Client,
    ),
    (
        "authorization_pending",
        ErrorCode::AuthorizationPending,
        Meaning::Wait,
    ),
    ("slow_down", ErrorCode::SlowDown, Meaning::Wait),
    ("expired_token", ErrorCode::ExpiredToken, Meaning::Expired),
    (
        "rate_limit_exceeded",
        ErrorCode::RateLimitExceeded,
        Meaning::Wait,
    ),
    ("invalid_token", ErrorCode::InvalidToken, Meaning::Revoked),
    ("server_error", ErrorCode::ServerError, Meaning::Wait),
    (
        "temporarily_unavailable",
        ErrorCode::TemporarilyUnavailable,
        Meaning::Wait,
    ),
    ("login_required", ErrorCode::LoginRequired, Meaning::Expired),
    (
        "consent_required",
        ErrorCode::ConsentRequired,
        Meaning::Expired,
    ),
    (
        "interaction_required",
        ErrorCode::InteractionRequired,
        Meaning::Expired,
    ),
    (
        "account_selection_required",
        ErrorCode::AccountSelectionRequired,
        Meaning::Expired,
    ),
];

impl ErrorCode {
    /// The code of that wire name; of another text, its first 100 characters that can be shown.
    #[must_use]
    pub fn read(name: &str) -> Self {
        CODES.iter().find(|(wire, ..)| *wire == name).map_or_else(
            || Self::Other(shown(name).chars().take(100).collect()),
            |(_, code, _)| code.clone(),
        )
    }

    /// The wire name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(name) => name,
            code => CODES
                .iter()
                .find(|(_, known, _)| known == code)
                .map_or("", |(wire, ..)| wire),
        }
    }

    pub(super) fn meaning(&self) -> Meaning {
        CODES
            .iter()
            .find(|(_, known, _)| known == self)
            .map_or(Meaning::Client, |(.., meaning)| *meaning)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
