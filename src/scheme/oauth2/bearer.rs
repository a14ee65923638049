//! `Authorization: Bearer …` (RFC 6750, 2.1), and what a server says of it (RFC 6750, 3).

use std::fmt;

use http::{HeaderName, HeaderValue, header::AUTHORIZATION, request::Parts};

use crate::{
    error::{Advice, Error, Kind},
    gdata::Refusal,
    scope::ScopeSet,
    secret::Secret,
    time::Timestamp,
    wire::challenge::Challenge,
};

const X_GOOG_USER_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");

/// An access token.
///
/// # Examples
/// ```
/// use gdata_auth::scheme::oauth2::AccessToken;
///
/// let token = AccessToken::new("ya29.example")?;
/// let (mut parts, ()) = http::Request::get("https://www.googleapis.com/youtube/v3/channels?mine=true")
///     .body(())?
///     .into_parts();
/// token.authorize(&mut parts);
/// assert_eq!(parts.headers["authorization"], "Bearer ya29.example");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AccessToken {
    token: Secret,
    header: HeaderValue,
    expires_at: Option<Timestamp>,
    quota_project: Option<HeaderValue>,
}

impl AccessToken {
    /// The most characters of a token. Google's own have at most 2,048; those of its token exchange are larger
    /// (oauth2.md 5.3).
    pub const MAX: usize = 16 << 10;

    /// A token as the token endpoint gave it.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `access_token`, when it is empty, longer than [`MAX`](Self::MAX), or holds
    /// another character than RFC 6750's `b64token` has.
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        let text = token.expose();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if text.is_empty() || text.len() > Self::MAX || !text.bytes().all(plain) {
            return Err(Error::input(
                "access_token",
                format_args!(
                    "expected 1 to {} letters, digits and - . _ ~ + / =, got something else",
                    Self::MAX
                ),
            ));
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {text}")).map_err(|cause| {
            Error::input("access_token", "expected text that a header can carry").caused_by(cause)
        })?;
        header.set_sensitive(true);
        Ok(Self {
            token,
            header,
            expires_at: None,
            quota_project: None,
        })
    }

    /// Remembers when the token ends.
    #[must_use]
    pub fn expiring_at(mut self, moment: Timestamp) -> Self {
        self.expires_at = Some(moment);
        self
    }

    /// Bills calls to a project: `x-goog-user-project` goes wherever the token goes, so that a retry cannot lose it
    /// (oauth2.md 5.7).
    ///
    /// # Errors
    /// [`Kind::Input`] naming `quota_project`, when it is no text that a header can carry.
    pub fn billed_to(mut self, project: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(project).map_err(|cause| {
            Error::input("quota_project", "expected the name of a project").caused_by(cause)
        })?;
        self.quota_project = Some(value);
        Ok(self)
    }

    /// When the token ends, if that is known.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// The token itself, to store it.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.token
    }

    /// Puts `Authorization` onto a request.
    pub fn authorize(&self, parts: &mut Parts) {
        parts.headers.insert(AUTHORIZATION, self.header.clone());
        if let Some(project) = &self.quota_project {
            parts.headers.insert(X_GOOG_USER_PROJECT, project.clone());
        }
    }

    /// As [`explain_refusal`].
    #[must_use]
    pub fn explain(&self, address: &str, answer: &http::Response<bytes::Bytes>) -> Option<Error> {
        explain_refusal(address, answer)
    }
}

/// Tells in words why a server refused a bearer token's request to `address`; `None` when the answer is no refusal.
///
/// A `Bearer` challenge says more than the body: `invalid_token` is an expired or revoked token,
/// `insufficient_scope` names the scopes that are needed (RFC 6750, 3.1).
#[must_use]
pub fn explain_refusal(address: &str, answer: &http::Response<bytes::Bytes>) -> Option<Error> {
    let refusal = Refusal::read(answer)?;
    let challenge = refusal
        .challenge()
        .filter(|challenge| challenge.scheme().eq_ignore_ascii_case("Bearer"))
        .cloned();
    match challenge.as_ref().and_then(|said| said.param("error")) {
        Some("invalid_token") => Some(
            Error::new(
                Kind::Expired,
                "the server no longer accepts the access token (invalid_token): refresh it",
            )
            .caused_by(refusal),
        ),
        Some("insufficient_scope") => Some(insufficient(challenge.as_ref(), refusal)),
        _ => Some(refusal.explain(None, address)),
    }
}

fn insufficient(challenge: Option<&Challenge>, refusal: Refusal) -> Error {
    let scopes: Vec<String> = challenge
        .and_then(|said| said.param("scope"))
        .and_then(|scopes| ScopeSet::parse(scopes).ok())
        .map(|scopes| scopes.iter().map(ToString::to_string).collect())
        .unwrap_or_default();
    let named = if scopes.is_empty() {
        String::new()
    } else {
        format!(", it needs {}", scopes.join(" "))
    };
    Error::new(
        Kind::Scope,
        format!("the access token does not cover this request (insufficient_scope){named}"),
    )
    .advising(Advice::AskConsent { scopes })
    .caused_by(refusal)
}

/// The same token with the same end; the tokens compare in constant time.
impl PartialEq for AccessToken {
    fn eq(&self, other: &Self) -> bool {
        self.token == other.token && self.expires_at == other.expires_at
    }
}

impl Eq for AccessToken {}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("token", &self.token)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
