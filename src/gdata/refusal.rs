//! What a gdata server said when it refused, and the [`Error`] that comes of it.
//!
//! ```text
//! http::Response --Refusal::read--> Refusal --explain(scopes, url)--> Error (the refusal is its source)
//! ```
//!
//! # Security
//! Nothing here holds a body as it came: texts are one line, short, and tokens in them cut to their
//! beginning, because servers echo them.
//!
//! # Source
//! legacy-protocol.md 1.8 and 2.5.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};

use crate::{
    error::{Advice, Error, Kind},
    gdata::{
        cause::{Cause, Rule},
        conditional,
        error_document::Errors,
        reply_text::{Said, shown},
    },
    scope::{Coverage, ScopeSet},
    time::Timestamp,
    wire::challenge::Challenge,
};

/// A refusal: any reply with a status of 400 or more.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use gdata_auth::{Kind, gdata::{Cause, Refusal}};
///
/// let body = "<HTML><HEAD><TITLE>Token invalid - Invalid AuthSub token.</TITLE></HEAD></HTML>";
/// let reply = http::Response::builder().status(401).body(Bytes::from(body))?;
///
/// let refusal = Refusal::read(&reply).ok_or("no refusal")?;
/// assert_eq!(refusal.cause(), Cause::InvalidToken);
///
/// let error = refusal.into_error();
/// assert_eq!(error.kind(), Kind::Revoked);
/// assert_eq!(
///     error.to_string(),
///     "the server no longer accepts the token (401: Token invalid - Invalid AuthSub token.)"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    cause: Cause,
    transient: bool,
    message: String,
    challenge: Option<Challenge>,
    errors: Errors,
    retry_after: Option<Duration>,
    date: Option<Timestamp>,
}

impl Refusal {
    /// From how far apart on the two clocks are blamed: servers took stamps of about ten minutes, and no
    /// honest clock is off by five.
    pub const CLOCK_TOLERANCE: Duration = Duration::from_secs(300);

    /// Reads a reply; `None` below 400, redirections and `304 Not Modified` included, which are no refusals.
    ///
    /// It never fails: a missing or broken challenge, and a body of any kind or none, leave their part empty
    /// (legacy-protocol.md 9, quirk 7). Of a body, the first 256 KiB count.
    #[must_use]
    pub fn read(reply: &Response<Bytes>) -> Option<Self> {
        let status = reply.status();
        if status.as_u16() < 400 {
            return None;
        }
        let said = Said::of(reply.body());
        let codes: Vec<(&str, &str)> = said
            .errors
            .entries()
            .iter()
            .map(|entry| (text(entry.domain.as_ref()), text(entry.code.as_ref())))
            .collect();
        let rule = Rule::find(status.as_u16(), &codes, &said.message);
        Some(Self {
            status,
            cause: rule.map_or(Cause::Other, |rule| rule.cause),
            transient: rule.is_some_and(|rule| rule.transient),
            message: shown(&said.message),
            challenge: challenge(reply.headers()),
            errors: said.errors.map_texts(shown),
            retry_after: retry_after(reply.headers()),
            date: date(reply.headers()),
        })
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Why.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// What the body says, in one short line; empty when it says nothing.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The first challenge of a 401, where there is one that can be read.
    #[must_use]
    pub fn challenge(&self) -> Option<&Challenge> {
        self.challenge.as_ref()
    }

    /// The errors that the body lists, in XML or JSON; their texts are cut like the message.
    #[must_use]
    pub fn errors(&self) -> &Errors {
        &self.errors
    }

    /// How long to wait, when the server said so in seconds. The form with a date needs a clock, and is not
    /// read.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// When the server answered, by its own clock.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.date
    }

    /// The error for the caller, with this refusal as its source.
    #[must_use]
    pub fn into_error(self) -> Error {
        let sentence = match conditional::says_etags_unsupported(&self.errors) {
            true => "the resource has no ETags: send the request again without If-Match",
            false => self.cause.telling().sentence,
        };
        self.told(sentence, None)
    }

    /// The error for the caller, who knows what the token was granted and what was asked for.
    ///
    /// On [`Cause::WrongScope`] it tells the scopes, the address without its query, and the `http` and
    /// `https` trap if that is it; else it is [`into_error`](Self::into_error).
    #[must_use]
    pub fn explain(self, scopes: Option<&ScopeSet>, url: &str) -> Error {
        if self.cause != Cause::WrongScope {
            return self.into_error();
        }
        let address = url.split(['?', '#']).next().unwrap_or_default();
        let covered = scopes.map_or(Coverage::Outside, |scopes| scopes.covers(url));
        let check = scopes.map_or_else(
            || ScopeSet::default().check(url),
            |scopes| scopes.check(url),
        );
        let granted = scopes.map_or_else(String::new, |scopes| {
            format!("it has the scopes {scopes}, ")
        });
        let hint = match (covered, &check) {
            (Coverage::Inside, _) => {
                "; they cover it: was it issued for others, or did the Host header name a port?"
                    .to_owned()
            }
            (Coverage::SchemeDiffers, Err(trap)) => format!("; {trap}"),
            _ => String::new(),
        };
        let sentence = self.cause.telling().sentence;
        let advice = check.err().filter(|error| error.kind() == Kind::Scope);
        self.told(
            &format!("{sentence}: {granted}the address is {address}{hint}"),
            advice.map(|error| error.advice()),
        )
    }

    /// As [`explain`](Self::explain), for a request that was signed, at `signed_at` where that is known.
    ///
    /// Google had the same words for a token that it did not know and for a signature that it did not accept,
    /// so [`Cause::InvalidToken`] tells both. Where the server's clock is more than
    /// [`CLOCK_TOLERANCE`](Self::CLOCK_TOLERANCE) away from the stamp, the advice is [`Advice::FixClock`].
    #[must_use]
    pub fn explain_signed(
        self,
        scopes: Option<&ScopeSet>,
        url: &str,
        signed_at: Option<Timestamp>,
    ) -> Error {
        let doubt = match self.cause {
            Cause::InvalidToken => {
                ", or does not accept the signature: check key, address and clock"
            }
            Cause::Signature => "",
            _ => return self.explain(scopes, url),
        };
        let sentence = format!("{}{doubt}", self.cause.telling().sentence);
        let clocks = signed_at
            .zip(self.date)
            .filter(|(here, there)| here.distance(*there) > Self::CLOCK_TOLERANCE);
        let Some((here, there)) = clocks else {
            return self.told(&sentence, None);
        };
        let seconds = here.distance(there).as_secs();
        let side = if here < there { "behind" } else { "ahead of" };
        self.told(
            &format!("{sentence}; the request was stamped {seconds} s {side} the server's clock"),
            Some(Advice::FixClock),
        )
    }

    fn told(self, sentence: &str, advice: Option<Advice>) -> Error {
        let telling = self.cause.telling();
        let error =
            Error::new(telling.kind, format!("{sentence} ({self})")).transient(self.transient);
        let wait = self
            .retry_after
            .map(|after| Advice::Retry { after: Some(after) });
        let wait = wait.filter(|_| self.transient || self.cause == Cause::Quota);
        match advice.or(wait).or(telling.advice) {
            Some(advice) => error.advising(advice),
            None => error,
        }
        .caused_by(self)
    }
}

/// `401: Token invalid - Invalid AuthSub token.`, or the status with its name.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.as_u16();
        match (self.message.as_str(), self.status.canonical_reason()) {
            ("", None) => write!(f, "{status}"),
            ("", Some(name)) => write!(f, "{status} {name}"),
            (message, _) => write!(f, "{status}: {message}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.into_error()
    }
}

fn text(part: Option<&String>) -> &str {
    part.map_or("", String::as_str)
}

/// The first challenge that can be read.
fn challenge(headers: &HeaderMap) -> Option<Challenge> {
    headers
        .get_all(header::WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| Challenge::parse(value.to_str().ok()?).ok())
        .flatten()
        .next()
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    Timestamp::parse_http_date(text).ok()
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}
