//! YouTube v2, call by call, and what does the same in v3.

use std::fmt;

use serde::{Serialize, Serializer};

use super::table::Row;
use crate::error::Error;

/// How many columns `youtube.tsv` has.
pub(super) const COLUMNS: usize = 7;

/// One call of YouTube v2.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    method: String,
    path: String,
    #[serde(skip)]
    title: String,
    v3: Vec<String>,
    quota: Option<String>,
    fit: Fit,
    unverified: Vec<String>,
    note: Option<String>,
}

/// How well v3 does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fit {
    /// As well as v2.
    Direct,
    /// In part, or by a detour.
    Part,
    /// Not at all.
    None,
}

const FITS: &[(&str, Fit)] = &[
    ("direct", Fit::Direct),
    ("part", Fit::Part),
    ("none", Fit::None),
];

impl Call {
    pub(super) fn read(row: &Row<'_>) -> Result<Self, Error> {
        let fit = FITS.iter().find(|(word, _)| *word == row.text(4));
        let unknown = || row.problem("calls", "expected direct, part or none");
        Ok(Self {
            method: row.text(0).to_owned(),
            path: row.text(1).to_owned(),
            title: format!("{} {}", row.text(0), row.text(1)),
            v3: row.words(2),
            quota: row.some(3),
            fit: fit.ok_or_else(unknown)?.1,
            unverified: row.words(5),
            note: row.some(6),
        })
    }

    /// The method of v2.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path of v2; `{id}` stands for any one segment.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The calls of v3 that do the same, in order.
    pub fn v3(&self) -> impl Iterator<Item = &str> {
        self.v3.iter().map(String::as_str)
    }

    /// Quota units of those.
    #[must_use]
    pub fn quota(&self) -> Option<&str> {
        self.quota.as_deref()
    }

    /// Whether nobody confirmed this column: `quota`, `call`.
    #[must_use]
    pub fn is_unverified(&self, column: &str) -> bool {
        self.unverified.iter().any(|own| own == column)
    }

    /// How well they do it.
    #[must_use]
    pub fn fit(&self) -> Fit {
        self.fit
    }

    /// What else to know.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// What it is called where calls are counted: method and path.
    pub(in crate::migrate) fn title(&self) -> &str {
        &self.title
    }

    /// How many literal segments of a path fit, if all do.
    pub(super) fn fits(&self, method: &str, path: &str) -> Option<usize> {
        if !self.method.eq_ignore_ascii_case(method) {
            return None;
        }
        let mut given = path.split('/');
        let mut literal = 0;
        for own in self.path.split('/') {
            let given = given.next()?;
            match own.starts_with('{') {
                true if !given.is_empty() => {}
                false if own == given => literal += 1,
                _ => return None,
            }
        }
        given.next().is_none().then_some(literal)
    }
}

/// The word of the table.
impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = FITS.iter().find(|(_, fit)| fit == self);
        f.write_str(row.map_or("", |(word, _)| word))
    }
}

impl Serialize for Fit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
