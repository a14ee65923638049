//! What the caller says beyond the tables: fields to mask, fields to allow, values to mask wherever they stand.

use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::{
    cassette::Place,
    error::{Error, Kind},
    secret::Secret,
};

/// The section `[redact]` of a configuration.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::redact::{Redaction, RedactionRules};
///
/// let rules: RedactionRules = serde_json::from_str(
///     r#"{
///         "mask": [{ "place": "json", "field": "sessionBlob" }, { "pattern": "acct-[0-9]{12}" }],
///         "allow": [{ "place": "param", "field": "key", "host": "maps.example.com" }],
///         "mask-identities": true
///     }"#,
/// )?;
/// let redaction = Redaction::new(&rules)?;
/// # let _ = redaction;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "written with `..Default::default()`"
)]
pub struct RedactionRules {
    /// Fields that are secret, beside those of [`KNOWN`](crate::cassette::KNOWN).
    pub mask: Vec<Rule>,
    /// Fields that are none, whatever the tables say. It goes before `mask`.
    pub allow: Vec<Rule>,
    /// Secrets that are known beforehand, such as those of the environment: replaced wherever they stand.
    pub mask_values: Vec<Secret>,
    /// Whether who signed in is replaced too: `Email`, `email`, `sub`, `login_hint`, `YouTubeUser`.
    pub mask_identities: bool,
    /// Whether what would stop the save is masked instead, and told.
    pub mask_suspects: bool,
    /// Writes every secret to the disk. Nothing is replaced, nothing is stopped.
    pub dangerously_keep_secrets: bool,
}

/// Which fields are meant. What is not said is any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "written with `..Default::default()`"
)]
pub struct Rule {
    /// The name, whatever its case; `*` stands for any run of characters.
    pub field: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
    /// The host of the request, with `*`.
    pub host: Option<String>,
    /// The path of the request, with `*`.
    pub path: Option<String>,
    /// A regular expression; what it matches is meant, or its first group, and not all of the value. Without a
    /// field it is looked for in every text.
    pub pattern: Option<String>,
}

/// A rule, ready.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    field: Option<String>,
    place: Option<Place>,
    host: Option<String>,
    path: Option<String>,
    pub(super) pattern: Option<Regex>,
}

impl Ready {
    /// # Errors
    /// `Kind::Input` naming a rule that says nothing, or whose pattern is none.
    pub(super) fn of(rule: &Rule) -> Result<Self, Error> {
        if rule == &Rule::default() {
            return Err(Error::input(
                "rule",
                "expected a field, a place or a pattern, got none",
            ));
        }
        let pattern = |pattern: &String| {
            RegexBuilder::new(pattern)
                .unicode(false)
                .size_limit(SIZE)
                .build()
                .map_err(|cause| {
                    Error::new(
                        Kind::Input,
                        format!("pattern: expected a regular expression: {cause}"),
                    )
                })
        };
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_ascii_lowercase());
        Ok(Self {
            field: lower(&rule.field),
            place: rule.place,
            host: lower(&rule.host),
            path: rule.path.clone(),
            pattern: rule.pattern.as_ref().map(pattern).transpose()?,
        })
    }

    /// Whether it means a field of a request to `host` and `path`.
    pub(super) fn means(&self, place: Place, name: &str, host: &str, path: &str) -> bool {
        // Whether one line is a form or a line is a guess.
        let same = |asked: Place| {
            let line = |place| matches!(place, Place::Param | Place::Line);
            asked == place || (line(asked) && line(place))
        };
        let fits = |glob: &Option<String>, text: &str| {
            glob.as_ref()
                .is_none_or(|glob| is_like(glob.as_bytes(), text.as_bytes()))
        };
        self.place.is_none_or(same)
            && fits(&self.host, host)
            && fits(&self.path, path)
            && fits(&self.field, &name.to_ascii_lowercase())
    }
}

/// Whether a text is like a pattern with `*`.
fn is_like(glob: &[u8], text: &[u8]) -> bool {
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if glob.get(g) == Some(&b'*') {
            star = Some((g, t));
            g += 1;
        } else if glob.get(g) == Some(&text[t]) {
            g += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            g = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    glob[g..].iter().all(|byte| *byte == b'*')
}

/// Bytes of a compiled pattern.
const SIZE: usize = 1 << 20;
