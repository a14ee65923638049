//! Bodies of `key=value` lines, as AuthSub and ClientLogin answer.
//!
//! Read as liberally as the nine known clients do (legacy-protocol.md 1.4): `\n`, `\r\n` or `\r` ends a
//! line, the first `=` parts key from value, keys compare without case, lines without `=` are passed
//! over, and no line has to be the first.

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
    /// [`Kind::Reply`](crate::Kind::Reply) when it is longer than [`MAX_BODY`], not UTF-8, or holds a
    /// NUL.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        if body.len() > MAX_BODY {
            return Err(Error::reply(
                "body",
                format_args!("expected at most {MAX_BODY} bytes, got {}", body.len()),
            ));
        }
        let text = std::str::from_utf8(body)
            .map_err(|_| Error::reply("body", "expected text in UTF-8, got other bytes"))?;
        if text.contains('\0') {
            return Err(Error::reply("body", "expected text, got a NUL byte"));
        }
        let pairs = text
            .split(['\n', '\r'])
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
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

/// Adds a line.
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
