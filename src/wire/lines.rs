//! Bodies of `key=value` lines, as AuthSub and ClientLogin answer.
//!
//! Read as liberally as the nine known clients do (legacy-protocol.md 1.4): `\n`, `\r\n` or `\r` ends a
//! line, the first `=` parts key from value, keys compare without case, lines without `=` are passed
//! over, and no line has to be the first. Bytes that are no UTF-8 become U+FFFD: Java read ISO-8859-1, and a
//! token must not be lost to a line beside it. Whoever uses a value checks it.

use crate::error::Error;

/// The most bytes of a line body that are read.
pub const MAX_BODY: usize = 64 * 1024;

/// Ordered lines of a body.
///
/// # Examples
/// ```
/// use gdata_auth::wire::lines::Lines;
///
/// let lines = Lines::parse(b"Something\r\ntoken==a=b=\r\nExpiration=20061004T123456Z")?;
/// assert_eq!(lines.first("Token"), Some("=a=b="));
/// assert_eq!(lines.first("expiration"), Some("20061004T123456Z"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(Vec<(String, String)>);

impl Lines {
    /// Reads a body.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when it is longer than [`MAX_BODY`].
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        if body.len() > MAX_BODY {
            return Err(Error::reply(
                "body",
                format_args!("expected at most {MAX_BODY} bytes, got {}", body.len()),
            ));
        }
        let pairs = String::from_utf8_lossy(body)
            .split(['\n', '\r'])
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| {
                let key = key.trim_start_matches(BYTE_ORDER_MARK);
                (key.trim().to_owned(), value.trim().to_owned())
            })
            .collect();
        Ok(Self(pairs))
    }

    /// The first value of `key`, whatever its case.
    #[must_use]
    pub fn first(&self, key: &str) -> Option<&str> {
        self.iter()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    }

    /// All pairs, in order, keys as they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// The lines in the order of the pairs.
impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Lines {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let owned = |(key, value): (K, V)| (key.into(), value.into());
        Self(pairs.into_iter().map(owned).collect())
    }
}

/// `key=value` and a line feed each, the last one included, as Google sent them
/// (legacy-protocol.md 3.2).
impl std::fmt::Display for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (key, value) in self.iter() {
            writeln!(f, "{key}={value}")?;
        }
        Ok(())
    }
}

/// What some editors and servers put before a text; no part of a key.
const BYTE_ORDER_MARK: char = '\u{feff}';
