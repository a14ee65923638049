//! Headers in order, with repeats, as bytes.

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::Error;

/// Names and values as they were recorded: in order, repeated, in their own case, as bytes.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::Headers;
///
/// let mut headers = Headers::default();
/// headers.push("Set-Cookie", "S=calendar=1");
/// headers.push("set-cookie", "T=2");
/// assert_eq!(headers.all("SET-COOKIE").count(), 2);
/// assert_eq!(headers.text("set-cookie").as_deref(), Some("S=calendar=1"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Bytes, Bytes)>);

impl Headers {
    /// The headers of a message that `http` holds; names are in lower case.
    #[must_use]
    pub fn of(map: &HeaderMap) -> Self {
        let pair = |(name, value): (&HeaderName, &HeaderValue)| {
            (
                Bytes::copy_from_slice(name.as_str().as_bytes()),
                Bytes::copy_from_slice(value.as_bytes()),
            )
        };
        Self(map.iter().map(pair).collect())
    }

    /// Adds a header at the end.
    pub fn push(&mut self, name: impl Into<Bytes>, value: impl Into<Bytes>) {
        self.0.push((name.into(), value.into()));
    }

    /// All, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Bytes, &Bytes)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// All, in order, to change values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Bytes, &mut Bytes)> {
        self.0.iter_mut().map(|(name, value)| (&*name, value))
    }

    /// Every value of `name`, whatever its case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Bytes> {
        self.iter()
            .filter(move |(candidate, _)| candidate.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }

    /// The first value of `name`.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.0
            .iter()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.as_ref())
    }

    /// The first value of `name` as text; other bytes than UTF-8 are replaced.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.first(name).map(String::from_utf8_lossy)
    }

    /// The media type of `Content-Type` in lower case, without parameters.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let value = self.text("content-type")?;
        let essence = value.split(';').next().unwrap_or_default().trim();
        (!essence.is_empty()).then(|| essence.to_ascii_lowercase())
    }

    /// Puts `value` in place of the first `name`, or at the end; further ones of that name go.
    pub fn set(&mut self, name: &str, value: impl Into<Bytes>) {
        let is = |candidate: &Bytes| candidate.eq_ignore_ascii_case(name.as_bytes());
        match self.0.iter().position(|(candidate, _)| is(candidate)) {
            None => self.push(Bytes::copy_from_slice(name.as_bytes()), value),
            Some(first) => {
                self.0[first].1 = value.into();
                let mut at = 0;
                self.0.retain(|(candidate, _)| {
                    at += 1;
                    at - 1 <= first || !is(candidate)
                });
            }
        }
    }

    /// Takes every `name` out.
    pub fn remove(&mut self, name: &str) {
        self.0
            .retain(|(candidate, _)| !candidate.eq_ignore_ascii_case(name.as_bytes()));
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As `http` holds them. Pseudo headers of HTTP/2 (`:authority`) are left out.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming a header that cannot stand in a message.
    pub fn to_map(&self) -> Result<HeaderMap, Error> {
        let mut map = HeaderMap::with_capacity(self.0.len());
        for (name, value) in self.iter().filter(|(name, _)| !name.starts_with(b":")) {
            let shown = String::from_utf8_lossy(name);
            let key = HeaderName::from_bytes(name).map_err(|cause| {
                Error::input("header", "expected a name, got other bytes").caused_by(cause)
            })?;
            let value = HeaderValue::from_bytes(value).map_err(|cause| {
                Error::input(&shown, "expected a value that a header can carry").caused_by(cause)
            })?;
            map.append(key, value);
        }
        Ok(map)
    }
}

impl<N: Into<Bytes>, V: Into<Bytes>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

/// Names, and how long the values are: any of them may be a secret.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.iter().map(|(name, value)| {
            (
                String::from_utf8_lossy(name).into_owned(),
                format!("{} bytes", value.len()),
            )
        });
        f.debug_map().entries(shown).finish()
    }
}
