//! What a token endpoint answers when it grants (RFC 6749, 5.1), and how any JSON of a server is read here.
//!
//! ```json
//! {"access_token":"ya29.…","expires_in":3599,"token_type":"Bearer","scope":"a b","refresh_token":"1//…",
//!  "id_token":"eyJ…","refresh_token_expires_in":604799}
//! ```
//!
//! Fields that are not known are passed over (oauth2.md 5.3).

use std::time::Duration;

use bytes::Bytes;
use http::header;
use serde_json::{Map, Value};

use super::{AccessToken, Refusal};
use crate::{
    error::{Error, Kind},
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

/// Tokens as they were granted.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use gdata_auth::{Timestamp, oauth2::TokenReply};
///
/// let body = r#"{"access_token":"ya29.a","expires_in":3599,"token_type":"Bearer","scope":"openid"}"#;
/// let reply = TokenReply::parse(&http::Response::new(body.into()))?;
/// assert_eq!(reply.lifetime(), Some(Duration::from_secs(3599)));
///
/// let token = reply.received_at(Timestamp::from_unix_seconds(1_000));
/// assert_eq!(token.expires_at(), Some(Timestamp::from_unix_seconds(4_599)));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenReply {
    access_token: AccessToken,
    lifetime: Option<Duration>,
    scope: Option<ScopeNames>,
    refresh_token: Option<Secret>,
    refresh_lifetime: Option<Duration>,
    id_token: Option<Secret>,
    issued_token_type: Option<String>,
    date: Option<Timestamp>,
}

impl TokenReply {
    /// The most bytes of a reply.
    pub const MAX_BYTES: usize = 1 << 20;
    /// The longest lifetime that is believed: what a server says beyond it counts as this.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(10 * 365 * 86_400);

    /// A reply to be printed by a server.
    #[must_use]
    pub fn new(access_token: AccessToken, lifetime: Duration) -> Self {
        Self {
            access_token,
            lifetime: Some(lifetime),
            scope: None,
            refresh_token: None,
            refresh_lifetime: None,
            id_token: None,
            issued_token_type: None,
            date: None,
        }
    }

    /// With what was granted.
    #[must_use]
    pub fn with_scope(mut self, scope: ScopeNames) -> Self {
        self.scope = Some(scope);
        self
    }

    /// With a refresh token, and its lifetime where it has one.
    #[must_use]
    pub fn with_refresh_token(mut self, token: Secret, lifetime: Option<Duration>) -> Self {
        self.refresh_token = Some(token);
        self.refresh_lifetime = lifetime;
        self
    }

    /// With an ID token.
    #[must_use]
    pub fn with_id_token(mut self, token: Secret) -> Self {
        self.id_token = Some(token);
        self
    }

    /// With the type of the token that was issued, which an exchange of tokens names (RFC 8693, 2.2.1).
    #[must_use]
    pub fn with_issued_token_type(mut self, kind: impl Into<String>) -> Self {
        self.issued_token_type = Some(kind.into());
        self
    }

    /// Reads an answer of a token endpoint.
    ///
    /// # Errors
    /// What [`Refusal`] makes of a refusal; [`Kind::Refused`] on a redirect, which is never followed, because the
    /// form holds secrets (RFC 9700, 4.12); [`Kind::Reply`] naming the field that is missing or of another form, when
    /// the body is no JSON object, compressed, or of more than [`MAX_BYTES`](Self::MAX_BYTES);
    /// [`Kind::Unsupported`] for another `token_type` than `Bearer`.
    pub fn parse(answer: &http::Response<Bytes>) -> Result<Self, Error> {
        expect_success(answer)?;
        let fields = object(answer)?;
        if let Some(kind) = fields.get("token_type")
            && !kind.as_str().is_some_and(is_bearer)
        {
            return Err(Error::new(
                Kind::Unsupported,
                "token_type: expected Bearer, got another type",
            ));
        }
        let access_token = secret(&fields, "access_token")?.ok_or_else(|| {
            Error::reply(
                "access_token",
                "expected a token, got an answer without one",
            )
        })?;
        let access_token = AccessToken::new(access_token).map_err(|_| {
            Error::reply("access_token", "expected a token that a header can carry")
        })?;
        let scope = match fields.get("scope") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(ScopeNames::parse(text).map_err(|_| {
                Error::reply(
                    "scope",
                    "expected names parted by spaces, got something else",
                )
            })?),
            Some(_) => return Err(Error::reply("scope", "expected text, got something else")),
        };
        Ok(Self {
            access_token,
            lifetime: seconds(&fields, "expires_in")?,
            scope,
            refresh_token: secret(&fields, "refresh_token")?,
            refresh_lifetime: seconds(&fields, "refresh_token_expires_in")?,
            id_token: secret(&fields, "id_token")?,
            issued_token_type: fields
                .get("issued_token_type")
                .and_then(Value::as_str)
                .map(str::to_owned),
            date: date(answer),
        })
    }

    /// The JSON of it, as Google orders it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        };
        let text = |secret: &Secret| Value::from(secret.expose());
        put("access_token", Some(text(self.access_token.secret())));
        put(
            "expires_in",
            self.lifetime.map(|span| span.as_secs().into()),
        );
        put("scope", self.scope.as_ref().map(|s| s.to_string().into()));
        put("token_type", Some("Bearer".into()));
        put("refresh_token", self.refresh_token.as_ref().map(text));
        put(
            "refresh_token_expires_in",
            self.refresh_lifetime.map(|span| span.as_secs().into()),
        );
        put("id_token", self.id_token.as_ref().map(text));
        put(
            "issued_token_type",
            self.issued_token_type.clone().map(Value::from),
        );
        Value::Object(fields).to_string()
    }

    /// The access token with its end, as of the moment at which the reply came in.
    #[must_use]
    pub fn received_at(&self, now: Timestamp) -> AccessToken {
        match self.lifetime {
            Some(span) => self.access_token.clone().expiring_at(now.after(span)),
            None => self.access_token.clone(),
        }
    }

    /// How long the access token lives, where the server said so.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// What was granted; `None` means all that was asked for (RFC 6749, 5.1).
    #[must_use]
    pub fn scope(&self) -> Option<&ScopeNames> {
        self.scope.as_ref()
    }

    /// A new refresh token; without one, the old one stays.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// How long the refresh token lives, where the server limits it: seven days for a Google project in testing
    /// (oauth2.md 5.3).
    #[must_use]
    pub fn refresh_lifetime(&self) -> Option<Duration> {
        self.refresh_lifetime
    }

    /// The ID token, unverified: see [`IdToken`](super::IdToken).
    #[must_use]
    pub fn id_token(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }

    /// When the server answered, by its own clock.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.date
    }

    /// Whether the consent screen of the project is still in testing, where refresh tokens end after seven days:
    /// told by their lifetime, which is only sent then (oauth2.md 5.3).
    #[must_use]
    pub fn is_testing(&self) -> bool {
        self.refresh_lifetime
            .is_some_and(|span| span <= TESTING_LIFETIME)
    }

    /// What came of what was asked.
    #[must_use]
    pub fn consent(&self, asked: &ScopeNames) -> Consent {
        let granted = self.scope.clone().unwrap_or_else(|| asked.clone());
        Consent {
            missing: asked.missing_from(&granted),
            asked: asked.clone(),
            granted,
        }
    }
}

/// Seven days: what a refresh token of a project in testing lives.
pub const TESTING_LIFETIME: Duration = Duration::from_secs(7 * 86_400);

/// What was asked, what the user granted, and what is missing: with granular consent the user may untick scopes
/// (oauth2.md 5.2). Names are compared by what they mean, see [`ScopeNames::cover`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Consent {
    /// What was asked for.
    pub asked: ScopeNames,
    /// What was granted, in the server's names.
    pub granted: ScopeNames,
    /// What was asked for and not granted.
    pub missing: ScopeNames,
}

fn is_bearer(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("bearer")
}

/// Refusals and redirects become errors.
pub(super) fn expect_success(answer: &http::Response<Bytes>) -> Result<(), Error> {
    if answer.status().is_redirection() {
        return Err(Error::new(
            Kind::Refused,
            format!(
                "expected an answer, got a redirect ({}), which is not followed: requests here hold secrets",
                answer.status().as_u16()
            ),
        ));
    }
    match Refusal::read(answer) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// The JSON object of a body.
pub(super) fn object(answer: &http::Response<Bytes>) -> Result<Map<String, Value>, Error> {
    if let Some(coding) = answer.headers().get(header::CONTENT_ENCODING)
        && coding != "identity"
    {
        return Err(Error::reply(
            "content-encoding",
            "expected none, since none was asked for; got a compressed body",
        ));
    }
    let body = answer.body();
    if body.len() > TokenReply::MAX_BYTES {
        return Err(Error::reply(
            "body",
            format_args!(
                "expected at most {} bytes, got {}",
                TokenReply::MAX_BYTES,
                body.len()
            ),
        ));
    }
    let wrong = |got: &str| Error::reply("body", format_args!("expected a JSON object, got {got}"));
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(wrong("other JSON")),
        Err(_) if body.trim_ascii().is_empty() => Err(wrong("an empty body")),
        Err(_) if body.trim_ascii_start().starts_with(b"<") => Err(wrong(
            "a page of HTML: is a proxy or a sign-in page in between?",
        )),
        // serde's message may quote a token; its place is enough.
        Err(cause) if cause.is_eof() => Err(wrong("one that breaks off").transient(true)),
        Err(cause) => Err(wrong(&format!(
            "something else at {}:{}",
            cause.line(),
            cause.column()
        ))),
    }
}

pub(super) fn secret(fields: &Map<String, Value>, name: &str) -> Result<Option<Secret>, Error> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => {
            Err(Error::reply(name, "expected a value, got an empty one"))
        }
        Some(Value::String(text)) => Ok(Some(Secret::new(text.as_str()))),
        Some(_) => Err(Error::reply(name, "expected text, got something else")),
    }
}

/// Seconds as a number, or as text, which some servers send.
pub(super) fn seconds(fields: &Map<String, Value>, name: &str) -> Result<Option<Duration>, Error> {
    let number = match fields.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    let number = number.filter(|number: &f64| number.is_finite());
    let number =
        number.ok_or_else(|| Error::reply(name, "expected seconds, got something else"))?;
    let most = TokenReply::MAX_LIFETIME.as_secs_f64();
    Ok(Some(Duration::from_secs(
        Duration::from_secs_f64(number.clamp(0.0, most)).as_secs(),
    )))
}

pub(super) fn date(answer: &http::Response<Bytes>) -> Option<Timestamp> {
    let text = answer.headers().get(header::DATE)?.to_str().ok()?;
    Timestamp::parse_http_date(text).ok()
}
