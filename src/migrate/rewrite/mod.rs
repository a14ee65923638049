//! Code that keeps its gdata library and gets another credential: OAuth 2.0 in place of a login that is off.
//!
//! ```text
//! source ─▶ tokens ─▶ sites ─▶ proven? ─▶ edits ─▶ diff, or the file
//!                                 └─ no ─▶ refusals, with line and reason
//! ```
//!
//! Only two of Google's XML APIs still answer, so only code of those is touched ([`apis`]); of the rest it
//! says what took their place. What cannot be seen in the file itself is refused: a receiver that comes from
//! elsewhere, one that is assigned twice, a value that goes on being used.
//!
//! Edits are of single tokens: formatting, comments, line ends and encoding stay. A second run finds nothing to do.
//!
//! # Source
//! migration.md 0 (2), 1.1 and 2.4.

pub mod apis;
mod braces;
mod csharp;
mod diff;
mod edits;
mod imports;
mod java;
mod lexer;
mod python;
mod writing;

use serde::Serialize;

pub use self::{edits::Rewritten, writing::write};
use crate::error::Error;

/// The language of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Language {
    /// Python 2 and 3, with gdata-python.
    Python,
    /// Java, with gdata-java-client.
    Java,
    /// C#, with google-gdata.
    CSharp,
}

impl Language {
    /// The language of a file by the ending of its name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            "py" => Some(Self::Python),
            "java" => Some(Self::Java),
            "cs" => Some(Self::CSharp),
            _ => None,
        }
    }
}

/// Where the rewritten code finds its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The file that Python reads: a `Storage` of oauth2client.
    pub python: String,
    /// The file that Java reads: an authorized user.
    pub java: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            python: "oauth2.json".to_owned(),
            java: "authorized_user.json".to_owned(),
        }
    }
}

impl Options {
    /// With another file of credentials, for a source of either language.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) for a name that would have to be escaped.
    pub fn with_credentials(mut self, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let plain =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ' ' | '~');
        if name.is_empty() || name.len() > 1024 || !name.chars().all(plain) {
            return Err(Error::input(
                "credentials",
                "expected a name of letters, digits, and any of . _ - / ~ and space",
            ));
        }
        self.python.clone_from(&name);
        self.java = name;
        Ok(self)
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The line, from 1.
    pub line: usize,
    /// What was changed.
    pub what: String,
}

/// One place that was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Refusal {
    /// The line, from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// The most bytes of a source.
pub const MAX_BYTES: usize = 2 << 20;

/// The most logins that are looked at in one source.
const MAX_SITES: usize = 200;

/// The most places of one name: a source with more of them is left alone.
const MAX_PLACES: usize = 1000;

/// Rewrites a source.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) when it is too long, not in an encoding that extends ASCII, or its texts and
/// brackets do not close.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::rewrite::{Language, Options, rewrite};
///
/// let source = b"import gdata.apps.audit.service\n\
///     service = gdata.apps.audit.service.AuditService(domain='example.com')\n\
///     service.ClientLogin('admin@example.com', 'secret')\n";
/// let rewritten = rewrite(Language::Python, source, &Options::default())?;
/// assert_eq!(rewritten.changes.len(), 2, "the login, and an import");
/// let again = rewrite(Language::Python, &rewritten.text, &Options::default())?;
/// assert_eq!(again.text, rewritten.text);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub fn rewrite(language: Language, source: &[u8], options: &Options) -> Result<Rewritten, Error> {
    if source.len() > MAX_BYTES {
        return Err(Error::input(
            "source",
            format_args!("expected at most {MAX_BYTES} bytes, got {}", source.len()),
        ));
    }
    if memchr::memchr(0, source).is_some() {
        return Err(Error::input(
            "source",
            "expected an encoding that extends ASCII, got one with NUL in it",
        ));
    }
    match language {
        Language::Python => python::rewrite(source, options),
        Language::Java => java::rewrite(source, options),
        Language::CSharp => csharp::rewrite(source),
    }
}
