//! Which bytes are meant: `Content-Range` of a request, `Range` of a 308.
//!
//! ```text
//! Content-Range: bytes 0-8032/8033      these, of so many
//! Content-Range: bytes */8033           none: what do you have?
//! Range: bytes=0-4095                   the first 4096 are here; without the header, none are
//! ```
//!
//! Laws: each form reads what it prints. Numbers are bounds included, as on the wire, only in here.
//!
//! # Source
//! legacy-protocol.md 2.7; RFC 9110, 14.4.

use std::{fmt, str::FromStr};

use http::{HeaderMap, HeaderValue, header};

use crate::error::Error;

/// `Content-Range` of a chunk or of a probe.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::upload::ContentRange;
///
/// let range: ContentRange = "bytes 0-8032/8033".parse()?;
/// assert_eq!(range, ContentRange::bytes(0, 8_033, 8_033)?);
/// assert_eq!(ContentRange::Probe { total: 8_033 }.to_string(), "bytes */8033");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentRange {
    /// Bytes from `first` to `last`, both included, of `total`.
    Bytes {
        /// The first.
        first: u64,
        /// The last: not before the first, and before `total`.
        last: u64,
        /// Of how many.
        total: u64,
    },
    /// No bytes, of `total`.
    Probe {
        /// Of how many.
        total: u64,
    },
}

impl ContentRange {
    /// `length` bytes from `offset` on, of `total`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when there is no byte, or one that is not among `total`.
    pub fn bytes(offset: u64, length: u64, total: u64) -> Result<Self, Error> {
        let end = offset.checked_add(length).filter(|end| *end <= total);
        match end {
            Some(end) if length > 0 => Ok(Self::Bytes {
                first: offset,
                last: end - 1,
                total,
            }),
            _ => Err(Error::input(
                "content-range",
                format_args!("expected some of the {total} bytes, got {length} from {offset} on"),
            )),
        }
    }

    /// Of a request.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when the header is missing or another text.
    pub fn read(headers: &HeaderMap) -> Result<Self, Error> {
        text(headers, header::CONTENT_RANGE)
            .ok_or_else(|| Error::reply("content-range", "expected the header, got none"))?
            .parse()
    }

    /// Of how many bytes.
    #[must_use]
    pub fn total(&self) -> u64 {
        match self {
            Self::Bytes { total, .. } | Self::Probe { total } => *total,
        }
    }

    /// The value of the header.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        value(&self.to_string())
    }
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes { first, last, total } => write!(f, "bytes {first}-{last}/{total}"),
            Self::Probe { total } => write!(f, "bytes */{total}"),
        }
    }
}

impl FromStr for ContentRange {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let read = || {
            let (bytes, total) = unit(text)?.split_once('/')?;
            let total = number(total)?;
            if bytes == "*" {
                return Some(Self::Probe { total });
            }
            let (first, last) = bytes.split_once('-')?;
            let (first, last) = (number(first)?, number(last)?);
            (first <= last && last < total).then_some(Self::Bytes { first, last, total })
        };
        read().ok_or_else(|| {
            Error::reply(
                "content-range",
                "expected bytes FIRST-LAST/TOTAL or bytes */TOTAL, got another text",
            )
        })
    }
}

/// How many bytes from the first one on a server has: `Range` of a 308.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received(pub u64);

impl Received {
    /// Of a reply; without the header, nothing has been received.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when it is another text, or does not start at the first byte.
    pub fn read(headers: &HeaderMap) -> Result<Self, Error> {
        if !headers.contains_key(header::RANGE) {
            return Ok(Self(0));
        }
        let read = || {
            let range = text(headers, header::RANGE)?;
            // Some servers left the unit out.
            let (first, last) = unit(range).unwrap_or(range).split_once('-')?;
            let received = number(last)?.checked_add(1)?;
            (number(first)? == 0).then_some(Self(received))
        };
        read().ok_or_else(|| Error::reply("range", "expected bytes=0-LAST, got another text"))
    }

    /// The value of the header; none when nothing has been received.
    #[must_use]
    pub fn header(self) -> Option<HeaderValue> {
        let last = self.0.checked_sub(1)?;
        Some(value(&format!("bytes=0-{last}")))
    }
}

/// What stands behind `bytes`, with `=` or a space between.
fn unit(text: &str) -> Option<&str> {
    let text = text.trim();
    let rest = text
        .get(5..)
        .filter(|_| text.as_bytes()[..5].eq_ignore_ascii_case(b"bytes"))?;
    rest.strip_prefix(['=', ' ']).map(str::trim)
}

/// Digits only: `parse` alone would take a sign.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

fn text(headers: &HeaderMap, name: http::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("bytes"))
}
