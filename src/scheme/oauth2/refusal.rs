//! What an OAuth 2.0 endpoint says when it refuses (RFC 6749, 5.2), and what to make of it.
//!
//! ```text
//! {"error":"invalid_grant","error_description":"…","error_subtype":"invalid_rapt"}   RFC 6749, and Google's subtype
//! {"error":{"code":403,"status":"…","errors":[{"reason":"…"}]}}                      Google's APIs
//! {"error_code":"rate_limit_exceeded"}                                               Google's device endpoint
//! <html>…                                                                            something in between
//! ```
//!
//! A 4xx without an `error` of the RFC comes from what lies between, so it may pass; with one it is final
//! (oauth2.md 5.5).

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{StatusCode, header};
use serde_json::{Map, Value};

use super::{
    error_code::{ErrorCode, Meaning},
    reply,
};
use crate::{
    error::{Advice, Error, Kind},
    gdata::shown,
    time::Timestamp,
};

/// A refusal of a token, device, revocation or authorization endpoint.
///
/// # Examples
/// ```
/// use gdata_auth::{Error, Kind, oauth2::{ErrorCode, Refusal}};
///
/// let reply = http::Response::builder()
///     .status(400)
///     .body(r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#.into())?;
/// let refusal = Refusal::read(&reply).ok_or("no refusal")?;
/// assert_eq!(refusal.code(), Some(&ErrorCode::InvalidGrant));
/// assert_eq!(Error::from(refusal).kind(), Kind::Revoked);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    description: String,
    subtype: Option<String>,
    retry_after: Option<Duration>,
    date: Option<Timestamp>,
}

/// The `error_subtype` values of Google's session control (oauth2.md 5.3).
const REAUTHENTICATION: &[&str] = &["invalid_rapt", "rapt_required"];

impl Refusal {
    /// A refusal to be told, as a server prints it or a redirect carries it.
    #[must_use]
    pub fn new(code: ErrorCode, description: &str) -> Self {
        Self {
            status: None,
            code: Some(code),
            description: shown(description),
            subtype: None,
            retry_after: None,
            date: None,
        }
    }

    /// With Google's `error_subtype`.
    #[must_use]
    pub fn with_subtype(mut self, subtype: &str) -> Self {
        self.subtype = Some(shown(subtype));
        self
    }

    /// Reads an answer; `None` below 400. It never fails: a body of any kind leaves its parts empty.
    #[must_use]
    pub fn read(answer: &http::Response<Bytes>) -> Option<Self> {
        let status = answer.status();
        if status.as_u16() < 400 {
            return None;
        }
        let body = answer.body();
        let body = body.get(..MAX_READ).unwrap_or(body);
        let fields: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
        let text = |name: &str| -> Option<&str> { fields.as_ref()?.get(name)?.as_str() };
        let code = text("error").or_else(|| text("error_code"));
        let description = match code {
            Some(_) => text("error_description").map(shown).unwrap_or_default(),
            None => crate::gdata::Refusal::read(answer)
                .map(|refusal| refusal.message().to_owned())
                .unwrap_or_default(),
        };
        let wait = answer.headers().get(header::RETRY_AFTER);
        let wait = wait.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Some(Self {
            status: Some(status),
            code: code.map(ErrorCode::read),
            description,
            subtype: text("error_subtype").map(shown),
            retry_after: wait.map(Duration::from_secs),
            date: reply::date(answer),
        })
    }

    /// `{"error":"…","error_description":"…"}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut fields = Map::new();
        let code = self.code.as_ref().map_or("", ErrorCode::as_str);
        fields.insert("error".to_owned(), code.into());
        if !self.description.is_empty() {
            fields.insert(
                "error_description".to_owned(),
                self.description.as_str().into(),
            );
        }
        if let Some(subtype) = &self.subtype {
            fields.insert("error_subtype".to_owned(), subtype.as_str().into());
        }
        Value::Object(fields).to_string()
    }

    /// The status, unless it came by redirect.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The code; `None` when what answered speaks no OAuth 2.0.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.code.as_ref()
    }

    /// What the server says in words, in one short line without anything that looks like a token.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Google's `error_subtype`.
    #[must_use]
    pub fn subtype(&self) -> Option<&str> {
        self.subtype.as_deref()
    }

    /// How long the server asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// When the server answered, by its own clock.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.date
    }

    /// Whether Google's session control wants the user to sign in again, which leaves the grant alive
    /// (oauth2.md 5.5).
    #[must_use]
    pub fn wants_reauthentication(&self) -> bool {
        self.code == Some(ErrorCode::InvalidGrant)
            && (self
                .subtype()
                .is_some_and(|subtype| REAUTHENTICATION.contains(&subtype))
                || self.description.to_ascii_lowercase().contains("reauth"))
    }

    /// Whether the same request may succeed later: 408, 429, 5xx, and any refusal without a code.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let status = self.status.map_or(0, |status| status.as_u16());
        match &self.code {
            None => true,
            Some(code) => {
                status >= 500 || matches!(status, 408 | 429) || code.meaning() == Meaning::Wait
            }
        }
    }

    fn kind(&self) -> Kind {
        match self.code.as_ref().map(ErrorCode::meaning) {
            None if self.status == Some(StatusCode::TOO_MANY_REQUESTS) => Kind::Quota,
            None | Some(Meaning::Client | Meaning::Admin) => Kind::Refused,
            Some(Meaning::Revoked) => Kind::Revoked,
            Some(Meaning::Expired) => Kind::Expired,
            Some(Meaning::Denied) => Kind::Denied,
            Some(Meaning::Scope) => Kind::Scope,
            Some(Meaning::Wait) => Kind::Quota,
        }
    }

    fn advice(&self) -> Option<Advice> {
        if self.is_transient() {
            let after = self.retry_after;
            return Some(Advice::Retry { after });
        }
        if self.wants_reauthentication() {
            return Some(Advice::Reauthenticate);
        }
        match self.code.as_ref()?.meaning() {
            Meaning::Client | Meaning::Scope => Some(Advice::FixClient),
            Meaning::Admin => Some(Advice::AskAdmin),
            _ => None,
        }
    }

    /// What the code means, in words.
    fn sentence(&self) -> &'static str {
        if self.wants_reauthentication() {
            return "the organisation's session control wants the user to sign in again";
        }
        match &self.code {
            None => "expected an answer of an OAuth 2.0 server, got another refusal",
            Some(ErrorCode::InvalidGrant) => "the server no longer accepts the grant",
            Some(ErrorCode::InvalidClient) => {
                "the server does not know the client, or not by this secret"
            }
            Some(ErrorCode::DeletedClient) => {
                "the client was deleted; it can be restored for 30 days"
            }
            Some(ErrorCode::UnauthorizedClient) => {
                "the client may not use this grant; a service account with a subject needs domain-wide delegation \
                 for exactly these scopes"
            }
            Some(ErrorCode::AccessDenied) => "the user declined",
            Some(ErrorCode::AdminPolicyEnforced) => {
                "the policy of the user's organisation forbids these scopes"
            }
            Some(ErrorCode::OrgInternal) => {
                "the application is for its own organisation only: wrong account?"
            }
            Some(ErrorCode::RedirectUriMismatch) => {
                "the redirect address is not registered for this client, letter for letter"
            }
            Some(ErrorCode::InvalidScope) => {
                "a scope is not known to the server, or not open to this type of client"
            }
            Some(ErrorCode::RateLimitExceeded | ErrorCode::SlowDown) => "asked too often",
            _ => "the server refused",
        }
    }
}

/// `400 invalid_grant: Token has been expired or revoked.`
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.map(|status| status.as_u16().to_string());
        let code = self.code.as_ref().map(|code| code.as_str().to_owned());
        let head: Vec<String> = [status, code, self.subtype.clone()]
            .into_iter()
            .flatten()
            .collect();
        f.write_str(&head.join(" "))?;
        if self.description.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", self.description)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let error = Self::new(
            refusal.kind(),
            format!("{} ({refusal})", refusal.sentence()),
        )
        .transient(refusal.is_transient());
        match refusal.advice() {
            Some(advice) => error.advising(advice),
            None => error,
        }
        .caused_by(refusal)
    }
}

/// The most bytes of a refusal that are looked at.
const MAX_READ: usize = 256 << 10;
