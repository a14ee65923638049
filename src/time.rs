//! Moments and the stamp that makes a signature unique.
//!
//! Nothing here reads a clock: every moment comes in as an argument (`system.rs` has the clock).

use std::{fmt, str::FromStr, time::Duration};

use jiff::fmt::rfc2822;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A moment in whole seconds since 1970-01-01T00:00:00Z, which is what every protocol here sends.
///
/// `Display` prints RFC 3339 in UTC; `FromStr` reads RFC 3339 and the basic ISO 8601 form of
/// `Expiration=20061004T123456Z` (legacy-protocol.md 1.4).
///
/// # Examples
/// ```
/// use gdata_auth::Timestamp;
///
/// let moment: Timestamp = "20061004T123456Z".parse()?;
/// assert_eq!(moment.unix_seconds(), 1_159_965_296);
/// assert_eq!(moment.to_string(), "2006-10-04T12:34:56Z");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `seconds` after the epoch (before it, when negative).
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The distance to `other`, whichever comes first.
    #[must_use]
    pub const fn distance(self, other: Self) -> Duration {
        Duration::from_secs(self.0.abs_diff(other.0))
    }

    /// This moment moved into the future; saturates at the end of time.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(seconds))
    }

    /// Reads the `Date` of an answer: `Sun, 13 Mar 2011 07:06:40 GMT` and no other form (RFC 9110, 5.6.7).
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming `date`.
    pub fn parse_http_date(text: &str) -> Result<Self, Error> {
        let wrong = || Error::reply("date", "expected a form like Sun, 13 Mar 2011 07:06:40 GMT");
        let moment = rfc2822::DateTimeParser::new()
            .parse_timestamp(text)
            .map_err(|cause| wrong().caused_by(cause))?;
        let moment = Self(moment.as_second());
        // jiff reads older forms too; what is printed back is the one that RFC 9110 has servers send.
        if moment.http_date().as_deref() != Some(text) {
            return Err(wrong());
        }
        Ok(moment)
    }

    /// The form that `Date` carries; `None` outside the years 0 to 9999.
    #[must_use]
    pub fn http_date(self) -> Option<String> {
        rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&self.civil()?)
            .ok()
    }

    /// The `YYYYMMDDTHHMMSSZ` form that `Expiration=` carries.
    #[must_use]
    pub fn iso_basic(self) -> String {
        let extended = self.to_string();
        extended.replace(['-', ':'], "")
    }

    fn civil(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_second(self.0).ok()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil() {
            Some(moment) => write!(f, "{moment}"),
            None => write!(f, "@{}", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let moment: jiff::Timestamp = text.parse().map_err(|cause: jiff::Error| {
            Error::input("moment", "expected a form like 2006-10-04T12:34:56Z").caused_by(cause)
        })?;
        Ok(Self(moment.as_second()))
    }
}

/// When and with which nonce a request is signed.
///
/// Schemes are pure, so they take the stamp as an argument. A pair of timestamp and nonce must not
/// repeat (legacy-protocol.md 1.9); [`Stamps`](crate::system::Stamps) makes fresh ones.
///
/// # Examples
/// ```
/// use gdata_auth::{Stamp, Timestamp};
///
/// let stamp = Stamp::new(Timestamp::from_unix_seconds(1_300_000_000), "008657953609015")?;
/// assert_eq!(stamp.nonce(), "008657953609015");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    timestamp: Timestamp,
    nonce: String,
}

impl Stamp {
    /// The most characters a nonce may have.
    pub const MAX_NONCE: usize = 128;

    /// A stamp with the given nonce: an opaque text, never a number, because real clients send
    /// leading zeros and values beyond 64 bits (legacy-protocol.md 9, quirk 17).
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the nonce is empty, longer than
    /// [`MAX_NONCE`](Self::MAX_NONCE) or has other characters than `A-Z a-z 0-9 - . _ ~`.
    pub fn new(timestamp: Timestamp, nonce: impl Into<String>) -> Result<Self, Error> {
        let nonce = nonce.into();
        if nonce.is_empty() || nonce.len() > Self::MAX_NONCE {
            return Err(Error::input(
                "nonce",
                format_args!(
                    "expected 1 to {} characters, got {}",
                    Self::MAX_NONCE,
                    nonce.len()
                ),
            ));
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !nonce.bytes().all(plain) {
            return Err(Error::input(
                "nonce",
                "expected letters, digits and - . _ ~ only",
            ));
        }
        Ok(Self { timestamp, nonce })
    }

    /// A stamp with a 64-bit number as its nonce, in decimal: the documented AuthSub form.
    #[must_use]
    pub fn numbered(timestamp: Timestamp, nonce: u64) -> Self {
        Self {
            timestamp,
            nonce: nonce.to_string(),
        }
    }

    /// When.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// The nonce, as it goes on the wire.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }
}
