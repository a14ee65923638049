//! Calls as a log tells them: one JSON object a line.
//!
//! ```json
//! {"at":"2026-11-22T05:00:00Z","scheme":"AuthSub","address":"http://gdata.youtube.com/feeds/api/…"}
//! ```
//!
//! `at` is RFC 3339 or seconds since 1970; `scheme` is the word of the `Authorization` header, and nothing else of it
//! is wanted in a log.

use std::time::Duration;

use serde_json::Value;

use crate::time::Timestamp;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observed {
    /// When.
    pub at: Timestamp,
    /// Whether the credential was a legacy one.
    pub legacy: bool,
    /// Where to, if it is told.
    pub address: Option<String>,
}

/// The calls of a log, and the lines that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObservedLog {
    /// In order.
    pub calls: Vec<Observed>,
    /// Numbers of lines that could not be read, the first thousand.
    pub faults: Vec<usize>,
}

/// Words of legacy schemes, without regard to capitals.
const LEGACY: &[&str] = &[
    "authsub",
    "googlelogin",
    "clientlogin",
    "oauth",
    "oauth1",
    "oauth 1.0",
];
/// Words of today's.
const TODAY: &[&str] = &["bearer", "oauth2", "oauth 2.0"];
const MAX_LINE: usize = 64 << 10;
const MAX_FAULTS: usize = 1_000;

impl ObservedLog {
    /// How far the clocks of two machines may be apart.
    pub const SKEW: Duration = Duration::from_secs(300);

    /// Takes out the calls that are dated later than `now` and [`SKEW`](Self::SKEW), and yields how many they were: a
    /// clock that is wrong would make days of silence out of nothing.
    pub fn take_future(&mut self, now: Timestamp) -> usize {
        let before = self.calls.len();
        let latest = now.after(Self::SKEW);
        self.calls.retain(|call| call.at <= latest);
        before - self.calls.len()
    }

    /// Reads a log; a line that is no call is told by its number.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut log = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            match Observed::read(line) {
                Some(call) => log.calls.push(call),
                None if log.faults.len() < MAX_FAULTS => log.faults.push(number),
                None => {}
            }
        }
        log
    }
}

impl Observed {
    fn read(line: &str) -> Option<Self> {
        if line.len() > MAX_LINE {
            return None;
        }
        let line: Value = serde_json::from_str(line).ok()?;
        let at = match line.get("at")? {
            Value::String(text) => text.parse().ok()?,
            number => Timestamp::from_unix_seconds(number.as_i64()?),
        };
        let scheme = line.get("scheme")?.as_str()?.to_ascii_lowercase();
        let legacy = LEGACY.contains(&&*scheme);
        if !legacy && !TODAY.contains(&&*scheme) {
            return None;
        }
        let address = line.get("address").and_then(Value::as_str);
        Some(Self {
            at,
            legacy,
            address: address.map(str::to_owned),
        })
    }
}
