//! API keys: they name a project, not a user, and open public data only.
//!
//! ```text
//! x-goog-api-key: AIza…        today's header, the default
//! …?key=AIza…                  where a header cannot be set; it ends up in logs
//! X-GData-Key: key=AI39…       the developer key of the gdata years: see gdata::Envelope
//! ```
//!
//! Source: oauth2.md 3 and 5; legacy-protocol.md 2.1.

use std::fmt;

use http::{HeaderName, HeaderValue, StatusCode, Uri, request::Parts};

use crate::{
    error::{Advice, Error, Kind},
    gdata::{Envelope, Refusal},
    secret::Secret,
    wire::percent,
};

const X_GOOG_API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// An API key and where it goes.
///
/// # Examples
/// ```
/// use gdata_auth::scheme::api_key::ApiKey;
///
/// let key = ApiKey::new("AIzaSyExample")?;
/// let (mut parts, ()) = http::Request::get("https://www.googleapis.com/youtube/v3/search?q=tides")
///     .body(())?
///     .into_parts();
/// key.authorize(&mut parts)?;
/// assert_eq!(parts.headers["x-goog-api-key"], "AIzaSyExample");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    key: Secret,
    place: Place,
}

/// Where a key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth place")]
pub enum Place {
    /// `x-goog-api-key`.
    Header,
    /// `key=` in the query.
    Query,
    /// `X-GData-Key: key=…`.
    GdataHeader,
}

impl Place {
    /// The place's name in a kept credential.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::GdataHeader => "gdata-header",
        }
    }

    /// The place of that name.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `place`, when there is none.
    pub fn read(name: &str) -> Result<Self, Error> {
        [Self::Header, Self::Query, Self::GdataHeader]
            .into_iter()
            .find(|place| place.as_str() == name)
            .ok_or_else(|| Error::input("place", "expected header, query or gdata-header"))
    }
}

impl ApiKey {
    /// The most characters that a key may have.
    pub const MAX: usize = 1_024;

    /// A key that goes into `x-goog-api-key`.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `key`, when it is empty, longer than
    /// [`MAX`](Self::MAX), or not letters, digits, `-` and `_`.
    pub fn new(key: impl Into<Secret>) -> Result<Self, Error> {
        let key = key.into();
        let text = key.expose();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if text.is_empty() || text.len() > Self::MAX || !text.bytes().all(plain) {
            return Err(Error::input(
                "key",
                format_args!(
                    "expected 1 to {} letters, digits, - and _, got something else",
                    Self::MAX
                ),
            ));
        }
        Ok(Self {
            key,
            place: Place::Header,
        })
    }

    /// Sends the key as `key=` in the query.
    ///
    /// # Security
    /// Addresses stand in logs, histories and `Referer`. Only where a header cannot be set.
    #[must_use]
    pub fn in_query(mut self) -> Self {
        self.place = Place::Query;
        self
    }

    /// Sends the key as a gdata developer key, `X-GData-Key: key=…`.
    #[must_use]
    pub fn as_developer_key(mut self) -> Self {
        self.place = Place::GdataHeader;
        self
    }

    /// Where the key goes.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// The key itself, to store it.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.key
    }

    /// Puts the key onto a request; one that is there is replaced.
    ///
    /// # Errors
    /// [`Kind::Input`] naming the address, when the key does not fit into it.
    pub fn authorize(&self, parts: &mut Parts) -> Result<(), Error> {
        match self.place {
            Place::Header => {
                let mut value = HeaderValue::from_str(self.key.expose()).map_err(|cause| {
                    Error::input("key", "expected text that a header can carry").caused_by(cause)
                })?;
                value.set_sensitive(true);
                parts.headers.insert(X_GOOG_API_KEY, value);
            }
            Place::Query => parts.uri = self.with_key(&parts.uri)?,
            Place::GdataHeader => Envelope::new()
                .with_developer_key(self.key.clone())?
                .apply(parts),
        }
        Ok(())
    }

    /// Tells in words why a server refused a request to `address`; `None` when the answer is no
    /// refusal.
    ///
    /// A 401 asks for a user, whom a key does not name: Google refuses a wrong key with 400 or 403.
    #[must_use]
    pub fn explain(&self, address: &str, answer: &http::Response<bytes::Bytes>) -> Option<Error> {
        let refusal = Refusal::read(answer)?;
        if refusal.status() == StatusCode::UNAUTHORIZED && self.place != Place::GdataHeader {
            let message =
                "the request is for a user, and an API key names none: it takes a user's consent";
            return Some(
                Error::new(Kind::Refused, message)
                    .advising(Advice::AskConsent { scopes: Vec::new() })
                    .caused_by(refusal),
            );
        }
        Some(refusal.explain(None, address))
    }

    fn with_key(&self, uri: &Uri) -> Result<Uri, Error> {
        let mut query: Vec<String> = uri
            .query()
            .into_iter()
            .flat_map(|query| query.split('&'))
            .filter(|pair| !pair.is_empty() && !pair.starts_with("key="))
            .map(str::to_owned)
            .collect();
        query.push(format!("key={}", percent::encode(self.key.expose())));
        let target = format!("{}?{}", uri.path(), query.join("&"));
        let mut pieces = uri.clone().into_parts();
        let wrong = || Error::input("address", "expected one that a key can be added to");
        pieces.path_and_query = Some(target.parse().map_err(|_| wrong())?);
        Uri::from_parts(pieces).map_err(|_| wrong())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("key", &self.key)
            .field("place", &self.place)
            .finish()
    }
}
