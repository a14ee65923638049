//! How two answers differ: status, headers of a table, and the body field by field.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::fields::{Body, Field, is_like};
use crate::{error::Error, transport::TransportError};

/// What is compared, and what is passed over.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use gdata_auth::migrate::dual::Compare;
///
/// let old = http::Response::new(Bytes::from("<entry><title>Tides</title><updated>2011</updated></entry>"));
/// let new = http::Response::new(Bytes::from(r#"{"snippet":{"title":"Tide"},"etag":"x"}"#));
/// let compare = Compare::new().pairing("/entry/title", "/snippet/title")?;
/// let differences = compare.differences(&new, &old);
/// assert_eq!(differences.len(), 1);
/// assert_eq!((&*differences[0].field, &*differences[0].new, &*differences[0].old), ("/snippet/title", "Tide", "Tides"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compare {
    headers: Vec<String>,
    ignored: Vec<String>,
    pairs: Vec<(String, String)>,
    with_values: bool,
}

/// A field in which two answers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// `status`, the name of a header, or the path of a field.
    pub field: String,
    /// What the new side said; empty where it said nothing.
    pub new: String,
    /// What the old side said.
    pub old: String,
}

/// Headers that clients go by.
const HEADERS: &[&str] = &[
    "content-type",
    "content-language",
    "gdata-version",
    "location",
];
/// Fields that differ from call to call, by their names (migration.md 5.6).
const IGNORED: &[&str] = &[
    "etag",
    "updated",
    "edited",
    "generator",
    "nextPageToken",
    "prevPageToken",
];

/// Headers that differ where the forms do.
const OF_THE_FORM: &[&str] = &["content-type", "gdata-version"];
/// Headers that credentials stand in: their values are never told.
const SECRET_HEADERS: &[&str] = &["set-cookie", "update-client-auth"];

impl Default for Compare {
    fn default() -> Self {
        Self::new()
    }
}

impl Compare {
    /// The most differences that are told of one call.
    pub const MAX_DIFFERENCES: usize = 100;
    /// The most characters of a value.
    pub const MAX_VALUE: usize = 200;
    pub(super) const NO_PATH: &str = "expected a path such as /feed/entry[*]/title";

    /// Status, the usual headers, and all fields but those that change from call to call.
    #[must_use]
    pub fn new() -> Self {
        Self {
            headers: owned(HEADERS),
            ignored: owned(IGNORED),
            pairs: Vec::new(),
            with_values: true,
        }
    }

    /// Passes fields over: by a name, or by a path in which `*` stands for one step.
    #[must_use]
    pub fn ignoring(mut self, field: impl Into<String>) -> Self {
        self.ignored.push(field.into());
        self
    }

    /// Compares only these headers.
    #[must_use]
    pub fn with_headers(mut self, headers: &[&str]) -> Self {
        self.headers = owned(headers);
        self
    }

    /// Holds a field of the old answer against one of the new, which may be of another form: XML against JSON. `*`
    /// stands for one step, and the first of one side is held against the first of the other. Where there is a pair,
    /// only pairs are compared, and headers that tell the form are not: content type and gdata version.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `field`, when it does not begin with a slash.
    pub fn pairing(
        mut self,
        old: impl Into<String>,
        new: impl Into<String>,
    ) -> Result<Self, Error> {
        let (old, new) = (old.into(), new.into());
        if !old.starts_with('/') || !new.starts_with('/') {
            return Err(Error::input("field", Self::NO_PATH));
        }
        self.pairs.push((old, new));
        Ok(self)
    }

    /// Tells which fields differ, and not what stands in them: users' own data.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        self.with_values = false;
        self
    }

    /// The headers that are compared.
    pub fn headers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.headers.iter().map(String::as_str)
    }

    /// What is passed over: names of fields, and paths.
    pub fn ignored(&self) -> impl ExactSizeIterator<Item = &str> {
        self.ignored.iter().map(String::as_str)
    }

    /// Fields of the old answer, each with the one of the new answer that it is held against.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(old, new)| (&**old, &**new))
    }

    /// Whether it is told what stands in the fields.
    #[must_use]
    pub fn tells_values(&self) -> bool {
        self.with_values
    }

    /// As [`differences`](Self::differences), where an answer may not have come: then `status` differs, and says why.
    #[must_use]
    pub fn outcomes(
        &self,
        new: &Result<Response<Bytes>, TransportError>,
        old: &Result<Response<Bytes>, TransportError>,
    ) -> Vec<Difference> {
        if let (Ok(new), Ok(old)) = (new, old) {
            return self.differences(new, old);
        }
        let shown = |answer: &Result<Response<Bytes>, TransportError>| match answer {
            Ok(answer) => answer.status().as_u16().to_string(),
            Err(cause) => cause.to_string(),
        };
        vec![Difference {
            field: "status".to_owned(),
            new: shown(new),
            old: shown(old),
        }]
    }

    /// How the answers differ; nothing, when they say the same.
    #[must_use]
    pub fn differences(&self, new: &Response<Bytes>, old: &Response<Bytes>) -> Vec<Difference> {
        let mut found = Found {
            compare: self,
            differences: Vec::new(),
        };
        let status = |answer: &Response<Bytes>| answer.status().as_u16().to_string();
        found.note("status", Some(&status(new)), Some(&status(old)));
        for name in &self.headers {
            if !self.pairs.is_empty() && OF_THE_FORM.contains(&&**name) {
                continue;
            }
            let text = |answer: &Response<Bytes>| {
                let value = answer.headers().get(name)?;
                Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
            };
            let (new, old) = (text(new), text(old));
            found.note(name, new.as_deref(), old.as_deref());
        }
        let (new, old) = (Body::of(new), Body::of(old));
        if self.pairs.is_empty() {
            found.bodies(&new, &old);
        } else {
            for (old_path, new_path) in &self.pairs {
                found.pair((old_path, old.fields()), (new_path, new.fields()));
            }
        }
        found.differences
    }

    fn passes_over(&self, path: &str) -> bool {
        self.ignored.iter().any(|pattern| is_like(path, pattern))
    }
}

/// Whether a server did not do what it was asked for: two such answers that are alike prove nothing.
pub(crate) fn is_failure(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// What has been found so far.
struct Found<'c> {
    compare: &'c Compare,
    differences: Vec<Difference>,
}

impl Found<'_> {
    fn bodies(&mut self, new: &Body, old: &Body) {
        match (new, old) {
            (Body::Other(one), Body::Other(other)) => {
                let shown = |bytes: &Bytes| format!("{} bytes", bytes.len());
                if one != other {
                    self.put("body", &shown(one), &shown(other));
                }
            }
            (Body::Xml(one), Body::Xml(other)) | (Body::Json(one), Body::Json(other)) => {
                self.fields(one, other);
            }
            _ => self.put("body", new.name(), old.name()),
        }
    }

    fn fields(&mut self, new: &[Field], old: &[Field]) {
        let known: std::collections::HashMap<&str, &str> = old
            .iter()
            .map(|(path, value)| (&**path, &**value))
            .collect();
        let mut seen = std::collections::HashSet::new();
        for (path, value) in new {
            seen.insert(&**path);
            if !self.compare.passes_over(path) {
                self.note(path, Some(value), known.get(&**path).copied());
            }
        }
        for (path, value) in old {
            if !seen.contains(&**path) && !self.compare.passes_over(path) {
                self.note(path, None, Some(value));
            }
        }
    }

    fn pair(&mut self, old: (&str, &[Field]), new: (&str, &[Field])) {
        let values = |(pattern, fields): (&str, &[Field])| -> Vec<Field> {
            let fitting = fields.iter().filter(|(path, _)| is_like(path, pattern));
            fitting.cloned().collect()
        };
        let name = new.0.to_owned();
        let (old, new) = (values(old), values(new));
        for number in 0..old.len().max(new.len()) {
            let (old, new) = (old.get(number), new.get(number));
            let field = new.map_or(&*name, |field| &*field.0).to_owned();
            self.note(
                &field,
                new.map(|field| &*field.1),
                old.map(|field| &*field.1),
            );
        }
    }

    fn note(&mut self, field: &str, new: Option<&str>, old: Option<&str>) {
        if new != old {
            self.put(field, new.unwrap_or_default(), old.unwrap_or_default());
        }
    }

    fn put(&mut self, field: &str, new: &str, old: &str) {
        if self.differences.len() >= Compare::MAX_DIFFERENCES {
            return;
        }
        // A status is nobody's own.
        let told =
            field == "status" || (self.compare.with_values && !SECRET_HEADERS.contains(&field));
        let shown = |text: &str| match told {
            true => text.chars().take(Compare::MAX_VALUE).collect(),
            false => format!("{} characters", text.chars().count()),
        };
        self.differences.push(Difference {
            field: field.to_owned(),
            new: shown(new),
            old: shown(old),
        });
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
