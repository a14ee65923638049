//! OAuth 2.0 scopes: names, not address prefixes (RFC 6749, 3.3), and what is known of Google's.
//!
//! ```text
//! asked    https://www.google.com/m8/feeds/  openid  email
//! granted  https://www.googleapis.com/auth/contacts  openid  https://www.googleapis.com/auth/userinfo.email
//! missing  nothing: Google answers with other names for the same things
//! ```
//!
//! So a grant is compared through the tables below and never as text (oauth2.md 5.2).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// A set of OAuth 2.0 scopes in the order in which they were named, each once.
///
/// # Shape
/// On the wire one space stands between two names. A name is printable ASCII without space, `"` and `\`.
/// Law: `ScopeNames::parse(&names.to_string()) == names`.
///
/// # Examples
/// ```
/// use gdata_auth::scope::ScopeNames;
///
/// let asked = ScopeNames::parse("https://www.google.com/m8/feeds/ email")?;
/// let granted = ScopeNames::parse("https://www.googleapis.com/auth/contacts")?;
/// assert_eq!(asked.missing_from(&granted).to_string(), "email");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeNames(Vec<String>);

impl ScopeNames {
    /// The most names of one set.
    pub const MAX: usize = 200;
    /// The most characters of one name.
    pub const MAX_NAME: usize = 512;

    /// Reads names parted by white space; a repeated one counts once.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `scope`, on a character that no name may hold, on a name
    /// longer than [`MAX_NAME`](Self::MAX_NAME), and on more than [`MAX`](Self::MAX) names.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut names = Self::default();
        for name in text.split_ascii_whitespace() {
            names.push(name)?;
        }
        Ok(names)
    }

    /// Takes names in their order.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn new<Name: AsRef<str>>(names: impl IntoIterator<Item = Name>) -> Result<Self, Error> {
        let mut set = Self::default();
        for name in names {
            set.push(name.as_ref())?;
        }
        Ok(set)
    }

    fn push(&mut self, name: &str) -> Result<(), Error> {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        if name.is_empty() || name.len() > Self::MAX_NAME || !name.bytes().all(plain) {
            return Err(Error::input(
                "scope",
                format_args!(
                    "expected names of 1 to {} printable characters without \" and \\, got another",
                    Self::MAX_NAME
                ),
            ));
        }
        if !self.contains(name) {
            if self.0.len() == Self::MAX {
                return Err(Error::input(
                    "scope",
                    format_args!("expected at most {} names, got more", Self::MAX),
                ));
            }
            self.0.push(name.to_owned());
        }
        Ok(())
    }

    /// The names, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
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

    /// Whether this very name is among them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|own| own == name)
    }

    /// Whether these scopes allow what `name` allows: by that name, by another name of the same thing, or by a
    /// wider scope.
    #[must_use]
    pub fn cover(&self, name: &str) -> bool {
        let wanted = canonical(name);
        self.iter().map(canonical).any(|own| {
            own == wanted
                || WIDER
                    .iter()
                    .any(|(wide, narrow)| *wide == own && narrow.contains(&wanted))
        })
    }

    /// The names of this set that `granted` does not cover.
    #[must_use]
    pub fn missing_from(&self, granted: &Self) -> Self {
        self.iter().filter(|name| !granted.cover(name)).collect()
    }

    /// These names and those of `other` that are not covered yet.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `scope`, when that makes more than [`MAX`](Self::MAX).
    pub fn with(&self, other: &Self) -> Result<Self, Error> {
        let mut all = self.clone();
        for name in other.iter().filter(|name| !self.cover(name)) {
            all.push(name)?;
        }
        Ok(all)
    }
}

/// The name by which Google calls the scope today; a name without an older one is its own.
#[must_use]
pub fn canonical(name: &str) -> &str {
    ALIASES
        .iter()
        .find(|(alias, _)| *alias == name)
        .map_or(name, |(_, today)| today)
}

/// Names that were checked before.
impl<'a> FromIterator<&'a str> for ScopeNames {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        Self(names.into_iter().map(str::to_owned).collect())
    }
}

/// The space-separated form.
impl fmt::Display for ScopeNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl FromStr for ScopeNames {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl Serialize for ScopeNames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScopeNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Older or shorter names, and what Google calls the same thing in its answers (oauth2.md 5.2: `m8/feeds` is
/// the documentation's own example; `email` and `profile` are those of OpenID Connect Core, 5.4).
pub const ALIASES: &[(&str, &str)] = &[
    ("email", "https://www.googleapis.com/auth/userinfo.email"),
    (
        "profile",
        "https://www.googleapis.com/auth/userinfo.profile",
    ),
    (
        "https://www.google.com/m8/feeds/",
        "https://www.googleapis.com/auth/contacts",
    ),
    (
        "https://www.google.com/m8/feeds",
        "https://www.googleapis.com/auth/contacts",
    ),
];

/// Scopes that allow what narrower ones allow. Methods of Google's APIs list which scopes they take; a pair
/// stands here where every method that takes the narrow one takes the wide one too (from memory of those lists, not checked again).
pub const WIDER: &[(&str, &[&str])] = &[
    (
        "https://www.googleapis.com/auth/youtube",
        &[
            "https://www.googleapis.com/auth/youtube.readonly",
            "https://www.googleapis.com/auth/youtube.upload",
        ],
    ),
    (
        "https://www.googleapis.com/auth/youtube.force-ssl",
        &[
            "https://www.googleapis.com/auth/youtube",
            "https://www.googleapis.com/auth/youtube.readonly",
            "https://www.googleapis.com/auth/youtube.upload",
        ],
    ),
    (
        "https://www.googleapis.com/auth/calendar",
        &[
            "https://www.googleapis.com/auth/calendar.readonly",
            "https://www.googleapis.com/auth/calendar.events",
            "https://www.googleapis.com/auth/calendar.events.readonly",
        ],
    ),
    (
        "https://www.googleapis.com/auth/contacts",
        &["https://www.googleapis.com/auth/contacts.readonly"],
    ),
    (
        "https://www.googleapis.com/auth/drive",
        &[
            "https://www.googleapis.com/auth/drive.readonly",
            "https://www.googleapis.com/auth/drive.file",
            "https://www.googleapis.com/auth/drive.metadata",
            "https://www.googleapis.com/auth/drive.metadata.readonly",
        ],
    ),
    (
        "https://www.googleapis.com/auth/spreadsheets",
        &["https://www.googleapis.com/auth/spreadsheets.readonly"],
    ),
];
