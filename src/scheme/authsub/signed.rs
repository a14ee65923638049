//! The text that a secure request signs: `METHOD SP URL SP TIMESTAMP SP NONCE`, printed and parsed.
//!
//! The URL is the whole address as it goes on the wire, query included, fragment never; what differs by
//! one byte does not verify (legacy-protocol.md 1.9 and 9, quirk 6). The default port is left out, as it
//! is in `Host`, and the host is in lower case.

use std::fmt;

use crate::{
    error::{Error, Kind},
    time::{Stamp, Timestamp},
};

/// What was signed, taken apart.
///
/// # Examples
/// ```
/// use gdata_auth::authsub::SignedData;
///
/// let data = SignedData::parse("GET http://example.com/foo?a=1 1134567890 p234908")?;
/// assert_eq!(data.method(), "GET");
/// assert_eq!(data.url(), "http://example.com/foo?a=1");
/// assert_eq!(data.stamp().nonce(), "p234908");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedData {
    method: String,
    url: String,
    stamp: Stamp,
}

impl SignedData {
    /// The most bytes of it that are read.
    pub const MAX: usize = 16 * 1024;

    /// The data of one request.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming the address, when it is not absolute or holds a
    /// character that cannot stand in the header (a quote, a backslash, a space): percent-encode it, or
    /// is longer than [`MAX`](Self::MAX) allows; and naming the timestamp, when it lies before 1970 or has
    /// more than 12 digits.
    pub fn new(method: &http::Method, uri: &http::Uri, stamp: &Stamp) -> Result<Self, Error> {
        seconds(stamp)?;
        let mut url = Vec::with_capacity(128);
        write_url(uri, &mut url)?;
        let data = Self {
            method: method.as_str().to_owned(),
            url: String::from_utf8_lossy(&url).into_owned(),
            stamp: stamp.clone(),
        };
        check_length(data.to_string().len())?;
        Ok(data)
    }

    /// Reads the `data` of a header: the method ends at the first space, the nonce and the timestamp
    /// are the last two words, and all between is the URL.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming `data`, when a piece is missing, the timestamp is not
    /// a decimal number of at most 12 digits, or the nonce is not one of [`Stamp::new`].
    pub fn parse(data: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::reply(
                "data",
                "expected METHOD URL TIMESTAMP NONCE with single spaces between, got something else",
            )
        };
        if data.len() > Self::MAX {
            return Err(Error::reply(
                "data",
                format_args!("expected at most {} bytes, got {}", Self::MAX, data.len()),
            ));
        }
        let (method, rest) = data.split_once(' ').ok_or_else(wrong)?;
        let (rest, nonce) = rest.rsplit_once(' ').ok_or_else(wrong)?;
        let (url, timestamp) = rest.rsplit_once(' ').ok_or_else(wrong)?;
        if method.parse::<http::Method>().is_err()
            || url.is_empty()
            || url.chars().any(char::is_control)
        {
            return Err(wrong());
        }
        let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = match timestamp.parse::<i64>() {
            Ok(seconds) if digits && timestamp.len() <= SECONDS_DIGITS => seconds,
            _ => {
                return Err(Error::reply(
                    "data",
                    "expected a timestamp in decimal seconds, got something else",
                ));
            }
        };
        let stamp = Stamp::new(Timestamp::from_unix_seconds(seconds), nonce)
            .map_err(|cause| Error::reply("data", "expected a nonce").caused_by(cause))?;
        Ok(Self {
            method: method.to_owned(),
            url: url.to_owned(),
            stamp,
        })
    }

    /// The method, in capitals, as it was sent.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The whole address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Timestamp and nonce, for a server's checks of age and replay.
    #[must_use]
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Refuses data that was made for another request, and says which piece differs.
    ///
    /// Hosts compare without case, a default port equals none, an empty path equals `/`; every other
    /// byte counts.
    ///
    /// # Errors
    /// [`Kind::Signature`](crate::Kind::Signature) naming the method, origin, path or query.
    pub fn check(&self, method: &str, url: &str) -> Result<(), Error> {
        let differs = |piece: &str, signed: &str, seen: &str| {
            Err(Error::new(
                Kind::Signature,
                format!("{piece}: signed for {signed}, but the request has {seen}"),
            ))
        };
        if self.method != method {
            return differs("method", &self.method, method);
        }
        let (signed, seen) = (Pieces::of(&self.url), Pieces::of(url));
        if signed.origin != seen.origin {
            return differs("origin", &signed.origin, &seen.origin);
        }
        if signed.path != seen.path {
            return differs("path", signed.path, seen.path);
        }
        if signed.query != seen.query {
            // Queries may hold secrets (`?key=`), so they are told apart, not shown.
            return Err(Error::new(
                Kind::Signature,
                "query: signed for another query than the request has; sign the exact text on the wire",
            ));
        }
        Ok(())
    }
}

/// The text that is signed.
impl fmt::Display for SignedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} {}",
            self.method,
            self.url,
            self.stamp.timestamp().unix_seconds(),
            self.stamp.nonce()
        )
    }
}

/// An address cut at its joints, its origin in one spelling.
struct Pieces<'a> {
    origin: String,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Pieces<'a> {
    fn of(url: &'a str) -> Self {
        let (head, query) = match url.split_once('?') {
            Some((head, query)) => (head, Some(query)),
            None => (url, None),
        };
        let authority = head.find("://").map_or(0, |at| at + 3);
        let path = head[authority..]
            .find('/')
            .map_or(head.len(), |at| authority + at);
        let mut origin = head[..path].to_ascii_lowercase();
        let default = if origin.starts_with("https:") {
            ":443"
        } else {
            ":80"
        };
        if origin.ends_with(default) {
            origin.truncate(origin.len() - default.len());
        }
        let path = if path == head.len() {
            "/"
        } else {
            &head[path..]
        };
        Self {
            origin,
            path,
            query,
        }
    }
}

/// Writes `METHOD URL TIMESTAMP NONCE` at the end of `out`.
pub(super) fn write_data(
    method: &http::Method,
    uri: &http::Uri,
    stamp: &Stamp,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let start = out.len();
    out.extend_from_slice(method.as_str().as_bytes());
    out.push(b' ');
    write_url(uri, out)?;
    out.push(b' ');
    write_decimal(seconds(stamp)?, out);
    out.push(b' ');
    out.extend_from_slice(stamp.nonce().as_bytes());
    check_length(out.len() - start)
}

fn check_length(length: usize) -> Result<(), Error> {
    if length > SignedData::MAX {
        let most = SignedData::MAX;
        return Err(Error::input(
            "address",
            format_args!("expected one that takes at most {most} bytes to sign, got {length}"),
        ));
    }
    Ok(())
}

fn write_url(uri: &http::Uri, out: &mut Vec<u8>) -> Result<(), Error> {
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(Error::input(
            "address",
            "expected an absolute http or https address to sign, got a path",
        ));
    };
    let default = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => {
            return Err(Error::input(
                "address",
                "expected http or https, got another scheme",
            ));
        }
    };
    let start = out.len();
    out.extend_from_slice(scheme.as_bytes());
    out.extend_from_slice(b"://");
    let authority = authority.as_str();
    let host = out.len();
    out.extend_from_slice(
        authority
            .strip_suffix(default)
            .unwrap_or(authority)
            .as_bytes(),
    );
    out[host..].make_ascii_lowercase();
    match uri.path_and_query() {
        Some(target) => out.extend_from_slice(target.as_str().as_bytes()),
        None => out.push(b'/'),
    }
    // Folded over all bytes, without an early way out, so that it compiles to vector instructions.
    let raw = out[start..].iter().fold(false, |raw, byte| {
        raw | !matches!(byte, b'!'..=b'~') | matches!(byte, b'"' | b'\\')
    });
    if raw {
        return Err(Error::input(
            "address",
            "expected quotes, backslashes and other scripts percent-encoded, got them raw",
        ));
    }
    Ok(())
}

/// The timestamp of a stamp, when [`SignedData::parse`] reads it back.
fn seconds(stamp: &Stamp) -> Result<u64, Error> {
    const END: u64 = 10_u64.pow(SECONDS_DIGITS as u32);
    u64::try_from(stamp.timestamp().unix_seconds())
        .ok()
        .filter(|seconds| *seconds < END)
        .ok_or_else(|| {
            Error::input(
                "timestamp",
                format_args!("expected 0 to {} seconds since 1970, got another", END - 1),
            )
        })
}

fn write_decimal(mut rest: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// The most digits of a timestamp: enough for 31,000 years.
const SECONDS_DIGITS: usize = 12;
