//! One row of the catalogue: a gdata service, what it was called, and where it went.

use std::fmt;

use serde::{Serialize, Serializer};

use super::table::Row;
use crate::error::Error;

/// How many columns `services.tsv` has.
pub(super) const COLUMNS: usize = 14;

/// Short scopes stand for this and their own name.
const SCOPE_PREFIX: &str = "https://www.googleapis.com/auth/";

/// A gdata service and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Service {
    id: String,
    codes: Vec<String>,
    name: String,
    state: State,
    ended: Option<String>,
    feeds: Vec<String>,
    scopes: Vec<String>,
    successor: Option<String>,
    read: Vec<String>,
    write: Vec<String>,
    class: Option<Class>,
    unverified: Vec<String>,
    source: String,
    note: Option<String>,
}

/// Whether the old feeds answer in 2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// They answer as ever, to a token of OAuth 2.0: changing the header is enough.
    Alive,
    /// Some of them answer.
    Part,
    /// They do not.
    Dead,
    /// Nobody knows for how long.
    Unsure,
    /// The row stands for no API.
    None,
}

/// How hard Google makes it to get the scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// Verification of the consent screen.
    Sensitive,
    /// Verification and a yearly security assessment.
    Restricted,
    /// An administrator of the domain consents.
    Admin,
}

/// Words of the table.
const STATES: &[(&str, State, &str)] = &[
    ("alive", State::Alive, "still answers"),
    ("part", State::Part, "answers in part"),
    ("dead", State::Dead, "dead"),
    ("unsure", State::Unsure, "may stop any time"),
    ("none", State::None, "no API"),
];

const CLASSES: &[(&str, Class)] = &[
    ("sensitive", Class::Sensitive),
    ("restricted", Class::Restricted),
    ("admin", Class::Admin),
];

impl Service {
    pub(super) fn read(row: &Row<'_>) -> Result<Self, Error> {
        let unknown = |what: &str| row.problem("services", format_args!("expected a known {what}"));
        let state = STATES.iter().find(|(word, ..)| *word == row.text(3));
        let class = CLASSES.iter().find(|(word, _)| *word == row.text(10));
        if class.is_none() && !row.text(10).is_empty() {
            return Err(unknown("class"));
        }
        if row.text(0).is_empty() || row.text(12).is_empty() {
            return Err(row.problem("services", "expected an id and a source"));
        }
        Ok(Self {
            id: row.text(0).to_owned(),
            codes: row.words(1),
            name: row.text(2).to_owned(),
            state: state.ok_or_else(|| unknown("state"))?.1,
            ended: row.some(4),
            feeds: row.words(5),
            scopes: row.words(6),
            successor: row.some(7),
            read: row.words(8).into_iter().map(whole).collect(),
            write: row.words(9).into_iter().map(whole).collect(),
            class: class.map(|(_, class)| *class),
            unverified: row.words(11),
            source: row.text(12).to_owned(),
            note: row.some(13),
        })
    }

    /// A word for it that no other row has.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What ClientLogin called it.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(String::as_str)
    }

    /// What Google called it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the old feeds answer.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// When they ended, as far as it is known: a year or a day.
    #[must_use]
    pub fn ended(&self) -> Option<&str> {
        self.ended.as_deref()
    }

    /// Where its feeds began: host and path.
    pub fn feeds(&self) -> impl Iterator<Item = &str> {
        self.feeds.iter().map(String::as_str)
    }

    /// Its scopes of AuthSub and OAuth 1.0.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().map(String::as_str)
    }

    /// The API to go to; `the same API` where the feeds still answer.
    #[must_use]
    pub fn successor(&self) -> Option<&str> {
        self.successor.as_deref()
    }

    /// The narrowest OAuth 2.0 scopes for reading, narrowest first: one of them will do.
    pub fn read_scopes(&self) -> impl Iterator<Item = &str> {
        self.read.iter().map(String::as_str)
    }

    /// The same for writing.
    pub fn write_scopes(&self) -> impl Iterator<Item = &str> {
        self.write.iter().map(String::as_str)
    }

    /// How hard the scopes are to get.
    #[must_use]
    pub fn class(&self) -> Option<Class> {
        self.class
    }

    /// Columns that nobody confirmed: `state`, `since`, `read`, `write`, `class`, `feeds`.
    pub fn unverified(&self) -> impl Iterator<Item = &str> {
        self.unverified.iter().map(String::as_str)
    }

    /// Whether somebody confirmed this column.
    #[must_use]
    pub fn is_verified(&self, column: &str) -> bool {
        !self.unverified.iter().any(|own| own == column)
    }

    /// Where the row comes from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What else to know.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Whether a word is in its name, id or successor, without case.
    pub(super) fn speaks_of(&self, word: &str) -> bool {
        let word = word.to_ascii_lowercase();
        [Some(&self.id), Some(&self.name), self.successor.as_ref()]
            .into_iter()
            .flatten()
            .any(|text| text.to_ascii_lowercase().contains(&word))
    }
}

/// Host and path of an address: no scheme, port, query or slash at the end, the host in lower case.
pub(super) fn bare(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.split(':').next().unwrap_or_default();
    let (path, host) = (path.trim_end_matches('/'), host.to_ascii_lowercase());
    format!("{host}{path}")
}

fn whole(scope: String) -> String {
    match scope.contains(':') || scope == "openid" {
        true => scope,
        false => format!("{SCOPE_PREFIX}{scope}"),
    }
}

impl State {
    /// The same behind a name: `is dead`, `may stop any time`.
    #[must_use]
    pub fn clause(self) -> String {
        match self {
            Self::Dead => "is dead".to_owned(),
            Self::None => "is no API".to_owned(),
            _ => self.to_string(),
        }
    }
}

/// In words.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = STATES.iter().find(|(_, state, _)| state == self);
        f.write_str(row.map_or("", |(.., words)| words))
    }
}

/// The word of the table.
impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = STATES.iter().find(|(_, state, _)| state == self);
        serializer.serialize_str(row.map_or("", |(word, ..)| word))
    }
}

/// The word of the table.
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = CLASSES.iter().find(|(_, class)| class == self);
        f.write_str(row.map_or("", |(word, _)| word))
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
