//! A secret that would reach the disk, or stands there: where, in which field, and the rule to add. Never the value.

use std::fmt;

use super::field::Spot;
use crate::{
    cassette::{Place, SecretKind},
    error::{Error, Kind},
};

/// A field that holds a secret, or looks like it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leak {
    /// The interaction, from 1.
    pub interaction: usize,
    /// The piece of it.
    pub spot: Spot,
    /// Where in that piece.
    pub place: Place,
    /// The name of the field; empty in free text. A name that looks like a secret itself is not shown.
    pub field: String,
    /// Why it is one.
    pub reason: Reason,
    /// How sure that is.
    pub certainty: Certainty,
    /// The first four characters at most, and the length: `ya29… (126 characters)`.
    pub excerpt: String,
    /// The rule that means this field, as a table of TOML.
    pub rule: String,
}

/// Why a field is thought to hold a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It is a field that the tables or a rule know as secret.
    Known(SecretKind),
    /// The value has the shape of a known kind of token.
    Shape(&'static str),
    /// The name says so.
    Name,
    /// The coding of the body cannot be undone, so nobody can look inside.
    Unreadable,
}

/// How sure it is that something is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Certainty {
    /// By its name and by how it looks.
    Likely,
    /// By its field, its name, or its shape.
    Certain,
}

/// Secrets that would reach the disk through fields that are not known: nothing may be written.
///
/// `Display` is a line for each, with the rule to add.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leaks {
    /// In the order of the recording; each field of an interaction once.
    pub leaks: Vec<Leak>,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            interaction, spot, ..
        } = self;
        write!(f, "interaction {interaction}: {spot}: ")?;
        if !self.field.is_empty() {
            write!(f, "field {}: ", self.field)?;
        }
        match &self.reason {
            Reason::Known(kind) => write!(f, "holds a secret ({})", kind_name(*kind))?,
            Reason::Shape(name) => write!(f, "looks like {name}")?,
            Reason::Name => f.write_str("the name says that it is secret")?,
            Reason::Unreadable => {
                f.write_str("the body cannot be read, so it may hold a secret")?;
            }
        }
        if !self.excerpt.is_empty() {
            write!(f, ": {}", self.excerpt)?;
        }
        Ok(())
    }
}

impl fmt::Display for Leaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.leaks.len();
        write!(
            f,
            "expected no secret in a field that is not known, got {count}"
        )?;
        for leak in &self.leaks {
            write!(f, "\n{leak}\n  ")?;
            if leak.reason != Reason::Unreadable {
                write!(f, "to replace it: mask = [{}]; ", leak.rule)?;
            }
            write!(f, "to keep it: allow = [{}]", leak.rule)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Leaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.leaks).finish()
    }
}

impl std::error::Error for Leaks {}

impl From<Leaks> for Error {
    fn from(leaks: Leaks) -> Self {
        Self::new(Kind::Input, leaks.to_string()).caused_by(leaks)
    }
}

/// What may be shown of a value.
pub(super) fn excerpt(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let count = text.chars().count();
    // Of a short secret four letters are too much.
    let shown = (count / 8).min(4);
    let head: String = text
        .chars()
        .take(shown)
        .filter(|char| !char.is_control())
        .collect();
    format!("{head}… ({count} characters)")
}

/// What may be shown of a name: it comes from outside, and may be a token itself.
pub(super) fn shown(name: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "_-.$[]:/ ".contains(char);
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let fits = name.len() <= 64 && name.chars().all(plain) && digits * 4 <= name.len().max(8);
    match fits {
        true => name.to_owned(),
        false => format!("(a name of {} characters)", name.chars().count()),
    }
}

/// The rule that means a field, in TOML.
pub(super) fn rule(place: Place, name: &str, host: &str, pattern: Option<&str>) -> String {
    let mut parts = Vec::new();
    let place_name = serde_json::to_value(place).unwrap_or_default();
    parts.push(format!(
        "place = \"{}\"",
        place_name.as_str().unwrap_or_default()
    ));
    if !name.is_empty() && shown(name) == name {
        parts.push(format!("field = \"{name}\""));
    }
    if let Some(pattern) = pattern {
        parts.push(format!("pattern = '{pattern}'"));
    }
    if !host.is_empty() {
        parts.push(format!("host = \"{host}\""));
    }
    format!("{{ {} }}", parts.join(", "))
}

fn kind_name(kind: SecretKind) -> String {
    let name = serde_json::to_value(kind).unwrap_or_default();
    name.as_str().unwrap_or_default().replace('-', " ")
}
