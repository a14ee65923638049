//! Consent on another machine: a device shows a code, the user types it elsewhere (RFC 8628).
//!
//! ```text
//! Client::device(scopes) ─▶ DeviceCode { user_code, verification_url }
//!        every interval:    DevicePoll ─▶ Poll::{Pending, SlowDown, Granted}
//! ```
//!
//! Google's dialect: `verification_url` beside `verification_uri`, 428 while the user has not decided, `error_code`
//! on a full quota, and a short list of scopes (oauth2.md 5.3).

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::{
    Authorized, Client, ClientKind, ErrorCode, Grant, Refusal, TokenCall, TokenReply, reply,
    token_call::form_request,
};
use crate::{
    error::{Advice, Error, Kind},
    exchange::Exchange,
    scope::{ScopeNames, canonical},
    secret::Secret,
    time::Timestamp,
    wire::query::Pairs,
};

/// All scopes that Google's device flow takes (oauth2.md 5.3).
pub const GOOGLE_DEVICE_SCOPES: &[&str] = &[
    "openid",
    "email",
    "profile",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
    "https://www.googleapis.com/auth/drive.appdata",
    "https://www.googleapis.com/auth/drive.file",
    "https://www.googleapis.com/auth/youtube",
    "https://www.googleapis.com/auth/youtube.readonly",
];

/// The scopes that Google's device flow refuses; empty, when it takes all of them.
#[must_use]
pub fn refused_by_google_device(scopes: &ScopeNames) -> ScopeNames {
    let taken = |name: &str| {
        GOOGLE_DEVICE_SCOPES
            .iter()
            .any(|known| canonical(known) == canonical(name))
    };
    scopes.iter().filter(|name| !taken(name)).collect()
}

/// A device asks for its code; made by [`Client::device`].
#[derive(Clone)]
pub struct DeviceAuthorization {
    endpoint: String,
    form: Secret,
    headers: HeaderMap,
    asked: ScopeNames,
}

impl Client {
    /// Asks for a code that the user types in elsewhere.
    ///
    /// # Errors
    /// [`Kind::Scope`] naming the scopes that Google's device flow does not take, before anything is sent;
    /// [`Kind::Input`] when none is asked for, or the client is a web server; [`Kind::Unsupported`] when the server has
    /// no such endpoint.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{Kind, oauth2::Client, scope::ScopeNames};
    ///
    /// let tv = Client::limited_input("1234.apps.googleusercontent.com", "GOCSPX-example")?;
    /// let upload = ScopeNames::parse("https://www.googleapis.com/auth/youtube.upload")?;
    /// assert_eq!(tv.device(&upload).unwrap_err().kind(), Kind::Scope);
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn device(&self, scopes: &ScopeNames) -> Result<DeviceAuthorization, Error> {
        let endpoint = self.provider().device_endpoint()?.to_owned();
        if scopes.is_empty() {
            return Err(Error::input("scope", "expected at least one, got none"));
        }
        if self.provider().is_google() {
            if self.kind() == ClientKind::Web {
                return Err(Error::input(
                    "client",
                    "expected one of the type \"TVs and Limited Input devices\", got a web client",
                ));
            }
            let refused = refused_by_google_device(scopes);
            if !refused.is_empty() {
                return Err(Error::new(
                    Kind::Scope,
                    format!(
                        "Google's device flow does not take {refused}; it takes openid, email, profile, \
                         drive.appdata, drive.file, youtube and youtube.readonly. Use a loopback redirect for others"
                    ),
                )
                .advising(Advice::FixClient));
            }
        }
        let (mut form, mut headers) = (Pairs::new(), HeaderMap::new());
        if self.provider().is_google() {
            form.push("client_id", self.id());
        } else {
            // RFC 8628, 3.1: a client with a secret proves itself here too. Google documents none.
            self.authenticate(&mut form, &mut headers);
        }
        form.push("scope", scopes.to_string());
        Ok(DeviceAuthorization {
            endpoint,
            form: Secret::new(form.to_string()),
            headers,
            asked: scopes.clone(),
        })
    }
}

impl Exchange for DeviceAuthorization {
    type Output = DeviceCode;

    fn request(&self) -> http::Request<Bytes> {
        form_request(&self.endpoint, &self.form, self.headers.clone())
    }

    /// # Errors
    /// What [`Refusal`] makes of a refusal, a full quota among them; [`Kind::Reply`] naming the field that is missing.
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<DeviceCode, Error> {
        reply::expect_success(answer)?;
        let mut code = DeviceCode::of(&reply::object(answer)?)?;
        code.asked = self.asked.clone();
        Ok(code)
    }
}

impl fmt::Debug for DeviceAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceAuthorization")
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

/// The code of a device, and what to show the user.
///
/// # Shape
/// Leave room for 15 wide letters of `user_code`, and do not change their case; `verification_url` has up to 40
/// characters (oauth2.md 5.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCode {
    device_code: Secret,
    user_code: String,
    verification_url: String,
    verification_url_complete: Option<String>,
    lifetime: Duration,
    interval: Duration,
    asked: ScopeNames,
}

impl DeviceCode {
    /// A code to be printed by a server.
    #[must_use]
    pub fn new(
        device_code: Secret,
        user_code: impl Into<String>,
        verification_url: impl Into<String>,
        lifetime: Duration,
        interval: Duration,
    ) -> Self {
        Self {
            device_code,
            user_code: user_code.into(),
            verification_url: verification_url.into(),
            verification_url_complete: None,
            lifetime,
            interval,
            asked: ScopeNames::default(),
        }
    }

    fn of(fields: &Map<String, Value>) -> Result<Self, Error> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let missing = |name: &str| Error::reply(name, "expected a value, got none");
        let shown = |text: &str| {
            (text.len() <= 2_048 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
                .then(|| text.to_owned())
        };
        let address = text("verification_uri").or_else(|| text("verification_url"));
        Ok(Self {
            device_code: reply::secret(fields, "device_code")?
                .ok_or_else(|| missing("device_code"))?,
            user_code: text("user_code")
                .and_then(shown)
                .ok_or_else(|| missing("user_code"))?,
            verification_url: address
                .and_then(shown)
                .ok_or_else(|| missing("verification_uri"))?,
            verification_url_complete: text("verification_uri_complete").and_then(shown),
            lifetime: reply::seconds(fields, "expires_in")?.unwrap_or(Self::DEFAULT_LIFETIME),
            interval: reply::seconds(fields, "interval")?
                .unwrap_or(Self::DEFAULT_INTERVAL)
                .max(Duration::from_secs(1)),
            asked: ScopeNames::default(),
        })
    }

    /// How often to ask where the server does not say (RFC 8628, 3.2).
    pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
    /// How long a code lives where the server does not say: what Google's live.
    pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(1_800);

    /// The JSON of it, with the address under both names.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| {
            fields.insert(name.to_owned(), value);
        };
        put("device_code", self.device_code.expose().into());
        put("user_code", self.user_code.as_str().into());
        put("expires_in", self.lifetime.as_secs().into());
        put("interval", self.interval.as_secs().into());
        put("verification_url", self.verification_url.as_str().into());
        put("verification_uri", self.verification_url.as_str().into());
        if let Some(complete) = &self.verification_url_complete {
            put("verification_uri_complete", complete.as_str().into());
        }
        Value::Object(fields).to_string()
    }

    /// What the user types in.
    #[must_use]
    pub fn user_code(&self) -> &str {
        &self.user_code
    }

    /// Where the user types it in.
    #[must_use]
    pub fn verification_url(&self) -> &str {
        &self.verification_url
    }

    /// The same with the code in it, for a picture to scan, where the server has one.
    #[must_use]
    pub fn verification_url_complete(&self) -> Option<&str> {
        self.verification_url_complete.as_deref()
    }

    /// How long the user has.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// How long to wait between two polls.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Asks whether the user has decided.
    #[must_use]
    pub fn poll(&self, client: &Client) -> DevicePoll {
        let grant = Grant::DeviceCode {
            code: self.device_code.clone(),
        };
        DevicePoll {
            call: TokenCall::of(client, &grant),
            asked: self.asked.clone(),
        }
    }

    /// When to ask, from the moment at which the code came in.
    #[must_use]
    pub fn schedule(&self, now: Timestamp) -> PollSchedule {
        PollSchedule {
            interval: self.interval,
            deadline: now.after(self.lifetime),
        }
    }
}

/// When a device may ask again. A server's `slow_down` counts for all further polls (RFC 8628, 3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollSchedule {
    interval: Duration,
    deadline: Timestamp,
}

impl PollSchedule {
    /// What `slow_down` adds.
    const SLOWER: Duration = Duration::from_secs(5);

    /// How long to wait before the next poll.
    ///
    /// # Errors
    /// [`Kind::Expired`] when the code has ended by then.
    pub fn wait(&self, now: Timestamp) -> Result<Duration, Error> {
        if now.after(self.interval) > self.deadline {
            return Err(Error::new(
                Kind::Expired,
                "the code ended before the user typed it in: ask for another",
            ));
        }
        Ok(self.interval)
    }

    /// Asks less often from now on.
    pub fn slow_down(&mut self) {
        self.interval += Self::SLOWER;
    }
}

/// One question whether the user has decided; made by [`DeviceCode::poll`].
#[derive(Clone, Debug)]
pub struct DevicePoll {
    call: TokenCall,
    asked: ScopeNames,
}

/// What a poll yields. "Not yet" is no error.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "RFC 8628, 3.5 has no fourth answer that is no error"
)]
pub enum Poll {
    /// The user has not decided.
    Pending,
    /// The user has not decided, and the device asks too often.
    SlowDown,
    /// The user consented.
    Granted(Box<Authorized>),
}

impl Exchange for DevicePoll {
    type Output = Poll;

    fn request(&self) -> http::Request<Bytes> {
        self.call.request()
    }

    /// # Errors
    /// [`Kind::Denied`] when the user declined, [`Kind::Expired`] or [`Kind::Revoked`] when the code has ended, and
    /// as [`TokenReply::parse`].
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<Poll, Error> {
        if let Some(refusal) = Refusal::read(answer) {
            return match refusal.code() {
                Some(ErrorCode::AuthorizationPending) => Ok(Poll::Pending),
                Some(ErrorCode::SlowDown) => Ok(Poll::SlowDown),
                None if answer.status() == StatusCode::PRECONDITION_REQUIRED => Ok(Poll::Pending),
                _ => Err(refusal.into()),
            };
        }
        let reply = TokenReply::parse(answer)?;
        Ok(Poll::Granted(Box::new(Authorized::of(reply, &self.asked))))
    }
}
