//! A grant as JSON, and the key with it as a file holds them; printing and parsing are neighbours.
//!
//! ```json
//! {"key":{"issuer":"https://…","client_id":"…","account":"…"},"grant":{"version":1,…}}
//! ```
//!
//! What cannot be read is told by its place. serde_json's own messages quote what they met, and that may be a
//! token, so none of them gets out.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, error::Category};

use super::{
    grant::{Death, StoredAccess, StoredGrant},
    key::GrantKey,
    text::Text,
};
use crate::{scope::ScopeNames, time::Timestamp};

/// The serialised form; not public, so that a grant is written out by name only.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Form {
    pub(super) version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "access")]
    pub(super) access_token: Option<StoredAccess>,
    #[serde(default)]
    pub(super) requested: ScopeNames,
    #[serde(default)]
    pub(super) granted: ScopeNames,
    pub(super) obtained_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refreshed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refresh_expires_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) flow: Option<String>,
    #[serde(default)]
    pub(super) consents: u32,
    #[serde(default)]
    pub(super) rotations: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) dead: Option<Death>,
    #[serde(flatten)]
    pub(super) extra: Map<String, Value>,
}

/// Why a text is no grant; it never holds a piece of the text.
#[derive(Debug)]
pub(super) enum Broken {
    /// It ends too early: a torn write by other hands, or an empty file.
    Short,
    /// It is no JSON, or JSON of another shape.
    Shape {
        what: &'static str,
        line: usize,
        column: usize,
    },
    /// It is of a version that is not read here.
    Version(u64),
}

/// One line, for the grant alone.
#[expect(
    clippy::expect_used,
    reason = "the form has text keys only and every field of it serialises, so there is no way to fail"
)]
pub(super) fn print_grant(grant: &StoredGrant) -> String {
    serde_json::to_string(grant.form()).expect("a form of text, numbers and JSON values")
}

/// Reads what [`print_grant`] wrote.
pub(super) fn read_grant(text: &[u8]) -> Result<StoredGrant, Broken> {
    #[derive(Deserialize)]
    struct Head {
        version: u64,
    }

    let head: Head = serde_json::from_slice(text)?;
    check(head.version)?;
    let form: Form = serde_json::from_slice(text)?;
    Ok(StoredGrant::from_form(form))
}

/// The content of a file.
#[expect(
    clippy::expect_used,
    reason = "the form has text keys only and every field of it serialises, so there is no way to fail"
)]
pub(super) fn print(key: &GrantKey, grant: &StoredGrant) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        key: &'a GrantKey,
        grant: &'a Form,
    }

    let grant = grant.form();
    let mut text = serde_json::to_string(&Document { key, grant })
        .expect("a form of text, numbers and JSON values");
    text.push('\n');
    text
}

/// Reads what [`print`] wrote.
pub(super) fn parse(text: &[u8]) -> Result<(GrantKey, StoredGrant), Broken> {
    #[derive(Deserialize)]
    struct Document {
        key: GrantKey,
        grant: Form,
    }

    parse_key(text)?;
    let document: Document = serde_json::from_slice(text)?;
    Ok((document.key, StoredGrant::from_form(document.grant)))
}

/// Reads the key alone, of a document whose version is known.
pub(super) fn parse_key(text: &[u8]) -> Result<GrantKey, Broken> {
    #[derive(Deserialize)]
    struct Head {
        key: GrantKey,
        grant: Version,
    }

    #[derive(Deserialize)]
    struct Version {
        version: u64,
    }

    let head: Head = serde_json::from_slice(text)?;
    check(head.grant.version)?;
    Ok(head.key)
}

fn check(version: u64) -> Result<(), Broken> {
    if version == StoredGrant::VERSION {
        Ok(())
    } else {
        Err(Broken::Version(version))
    }
}

impl From<serde_json::Error> for Broken {
    fn from(cause: serde_json::Error) -> Self {
        let (line, column) = (cause.line(), cause.column());
        let what = match cause.classify() {
            Category::Eof => return Self::Short,
            Category::Syntax | Category::Io => "no JSON",
            Category::Data => "JSON of another shape",
        };
        Self::Shape { what, line, column }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => f.write_str("expected a whole grant, got one cut short"),
            Self::Shape { what, line, column } => {
                write!(
                    f,
                    "expected a grant, got {what} at line {line}, column {column}"
                )
            }
            Self::Version(version) => write!(
                f,
                "expected version {}, got {version}",
                StoredGrant::VERSION
            ),
        }
    }
}

/// The names that an extra field cannot have: those of [`Form`].
pub(super) const FIELDS: &[&str] = &[
    "version",
    "refresh_token",
    "access_token",
    "requested",
    "granted",
    "obtained_at",
    "refreshed_at",
    "refresh_expires_at",
    "subject",
    "email",
    "flow",
    "consents",
    "rotations",
    "dead",
];

/// How an access token stands in the form.
mod access {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{StoredAccess, Text};
    use crate::time::Timestamp;

    #[derive(Serialize, Deserialize)]
    struct Form {
        token: Text,
        #[serde(default)]
        expires_at: Option<Timestamp>,
    }

    pub(super) fn serialize<S: Serializer>(
        access: &Option<StoredAccess>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let form = access.as_ref().map(|access| Form {
            token: Text(access.token().clone()),
            expires_at: access.expires_at(),
        });
        form.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<StoredAccess>, D::Error> {
        let form = Option::<Form>::deserialize(deserializer)?;
        Ok(form.map(|form| StoredAccess::new(form.token.0, form.expires_at)))
    }
}
