//! A cassette has its clock. At replay its answers stand still, move to the client's time, or run out in it.
//!
//! ```text
//! recorded   ──┬── answer at T, ends at T + 3600 ──
//! replayed            ──┬── now: every moment in it moves by now − T
//! ```
//!
//! Spans (`expires_in`, `max-age`) are left alone: they already count from the answer. A moment that was past
//! when it was recorded, such as `Expires: Mon, 01-Jan-1990 …`, stays: it says "never", not when.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::time::Timestamp;

/// What replay does with time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct TimeRules {
    /// Which way.
    pub rule: TimeRule,
}

/// What replay does with the moments in answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TimeRule {
    /// They stay as they were recorded.
    #[default]
    Keep,
    /// They move by the distance from the recording to now.
    Shift,
    /// They move, and a token whose lifetime has passed since it was handed out is refused.
    Strict,
}

impl TimeRules {
    /// The rules for one of the three.
    #[must_use]
    pub fn new(rule: TimeRule) -> Self {
        Self { rule }
    }
}

/// A distance in time and the moment from which it is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    /// When the answer was recorded.
    pub(super) recorded: Timestamp,
    /// Seconds from there to now.
    pub(super) seconds: i64,
}

impl Shift {
    pub(super) fn between(recorded: Timestamp, now: Timestamp) -> Self {
        Self {
            recorded,
            seconds: now.unix_seconds().saturating_sub(recorded.unix_seconds()),
        }
    }

    /// A moment moved; one that lay well before the recording stays.
    fn moved(self, moment: Timestamp) -> Option<Timestamp> {
        let oldest = self.recorded.unix_seconds().saturating_sub(DAY);
        (moment.unix_seconds() >= oldest).then(|| {
            Timestamp::from_unix_seconds(moment.unix_seconds().saturating_add(self.seconds))
        })
    }

    /// A claim or member that holds seconds since 1970.
    pub(super) fn seconds(self, value: &Value) -> Option<Value> {
        let seconds = value.as_i64()?;
        self.moved(Timestamp::from_unix_seconds(seconds))
            .map(|moment| Value::from(moment.unix_seconds()))
    }

    /// Moves what an answer says of time, in headers and body.
    pub(super) fn apply(self, answer: &mut Response<Bytes>) {
        for (name, value) in answer.headers_mut() {
            let Ok(text) = value.to_str() else { continue };
            let moved = match name {
                _ if DATES.contains(name) => self.date(text),
                name if *name == header::SET_COOKIE => self.cookie(text),
                _ => None,
            };
            if let Some(moved) = moved.and_then(|text| HeaderValue::try_from(text).ok()) {
                *value = moved;
            }
        }
        if let Some(body) = self.lines(answer.body()) {
            *answer.body_mut() = body;
        }
    }

    /// Moves the members of a JSON object that name a moment; whether there was one.
    pub(super) fn json(self, value: &mut Value) -> bool {
        match value {
            Value::Object(members) => {
                let mut any = false;
                for (name, value) in members {
                    any |= match MOMENTS.contains(&name.as_str()) {
                        true => self.member(value),
                        false => self.json(value),
                    };
                }
                any
            }
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |any, item| self.json(item) | any),
            _ => false,
        }
    }

    fn member(self, value: &mut Value) -> bool {
        let moved = match &*value {
            Value::Number(_) => self.seconds(value),
            // Milliseconds and seconds as text (tokeninfo), or RFC 3339 (generateAccessToken).
            Value::String(text) => match text.parse::<i64>() {
                Ok(seconds) => self
                    .moved(Timestamp::from_unix_seconds(seconds))
                    .map(|moment| moment.unix_seconds().to_string().into()),
                Err(_) => text
                    .parse()
                    .ok()
                    .and_then(|moment| self.moved(moment))
                    .map(|moment| moment.to_string().into()),
            },
            _ => None,
        };
        moved.is_some_and(|moved| {
            *value = moved;
            true
        })
    }

    /// A date of HTTP, in the form in which it came.
    fn date(self, text: &str) -> Option<String> {
        let plain = match dashed(text) {
            Some(plain) => plain,
            None => text.to_owned(),
        };
        let moment = Timestamp::parse_http_date(&plain).ok()?;
        let moved = self.moved(moment)?.http_date()?;
        Some(match plain == text {
            true => moved,
            false => redashed(&moved),
        })
    }

    fn cookie(self, text: &str) -> Option<String> {
        let lower = text.to_ascii_lowercase();
        let at = lower.find("expires=")? + "expires=".len();
        let end = text[at..].find(';').map_or(text.len(), |end| at + end);
        let moved = self.date(text[at..end].trim())?;
        Some(format!("{}{moved}{}", &text[..at], &text[end..]))
    }

    /// `Expiration=20061004T123456Z` of AuthSub.
    fn lines(self, body: &Bytes) -> Option<Bytes> {
        const NAME: &str = "Expiration=";
        memchr::memmem::find(body, NAME.as_bytes())?;
        let text = std::str::from_utf8(body).ok()?;
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let (content, end) = match line.find(['\r', '\n']) {
                Some(at) => line.split_at(at),
                None => (line, ""),
            };
            let moment = content
                .strip_prefix(NAME)
                .and_then(|value| value.parse().ok());
            match moment.and_then(|moment| self.moved(moment)) {
                Some(moved) => {
                    out.push_str(NAME);
                    out.push_str(&moved.iso_basic());
                }
                None => out.push_str(content),
            }
            out.push_str(end);
        }
        Some(out.into())
    }
}

/// `Mon, 01-Jan-1990 00:00:00 GMT`, as Google and old cookies wrote it, in the form of RFC 9110.
fn dashed(text: &str) -> Option<String> {
    let (day, rest) = text.split_once(", ")?;
    let (date, time) = rest.split_once(' ')?;
    let pieces: Vec<&str> = date.split('-').collect();
    let [number, month, year] = pieces[..] else {
        return None;
    };
    let year = match (year.len(), year.parse::<u16>()) {
        (2, Ok(short)) if short < 70 => (2000 + short).to_string(),
        (2, Ok(short)) => (1900 + short).to_string(),
        _ => year.to_owned(),
    };
    let day = day.get(..3)?;
    Some(format!("{day}, {number} {month} {year} {time}"))
}

fn redashed(text: &str) -> String {
    let pieces: Vec<&str> = text.splitn(5, ' ').collect();
    match pieces[..] {
        [day, number, month, year, time] => format!("{day} {number}-{month}-{year} {time}"),
        _ => text.to_owned(),
    }
}

/// A moment of the cassette in the crate's own form.
pub(super) fn timestamp(moment: SystemTime) -> Timestamp {
    let since = |earlier: SystemTime, later: SystemTime| {
        later
            .duration_since(earlier)
            .unwrap_or(Duration::ZERO)
            .as_secs()
    };
    let seconds = match moment >= UNIX_EPOCH {
        true => i64::try_from(since(UNIX_EPOCH, moment)).unwrap_or(i64::MAX),
        false => i64::try_from(since(moment, UNIX_EPOCH)).map_or(i64::MIN, |seconds| -seconds),
    };
    Timestamp::from_unix_seconds(seconds)
}

/// Headers that hold a moment.
static DATES: &[HeaderName] = &[header::DATE, header::EXPIRES, header::LAST_MODIFIED];

/// Members of JSON that hold a moment (oauth2.md 5; `expireTime` of IAM).
const MOMENTS: &[&str] = &[
    "exp",
    "iat",
    "nbf",
    "auth_time",
    "expires_at",
    "expiry",
    "expiration",
    "expireTime",
    "expire_time",
    "issued_at",
    "token_expiry",
    "refresh_token_expires_at",
];

const DAY: i64 = 86_400;
