//! The pieces that a request's meaning is made of, and how two of them are compared.

use std::fmt;

use crate::cassette::SecretKind;

/// One piece of what a request says.
///
/// Its `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facet {
    /// Where it stands: `method`, `path`, `query`, `form`, `json`, `claim`, …
    pub place: String,
    /// Its name there; empty where the place says all.
    pub name: String,
    /// Its value, decoded.
    pub value: String,
    /// How it is compared.
    pub role: FacetRole,
}

/// How a facet is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FacetRole {
    /// By value.
    Compared,
    /// By what it stands for: the same secret has to stand in the same places.
    Secret(SecretKind),
    /// Not at all: it differs in every run. Explanations show it.
    LeftOut,
}

impl Facet {
    /// Place and name as a rule names them: `query:scope`.
    #[must_use]
    pub fn key(&self) -> String {
        if self.name.is_empty() {
            self.place.clone()
        } else {
            format!("{}:{}", self.place, self.name)
        }
    }

    /// The value as it may be shown: of a secret only its length.
    #[must_use]
    pub fn shown(&self) -> String {
        shown(self.role, &self.value)
    }
}

/// `query scope`.
impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        if !self.name.is_empty() {
            write!(f, " {}", self.name)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}: {} ({:?})", self.shown(), self.role)
    }
}

pub(in crate::cassette) fn shown(role: FacetRole, value: &str) -> String {
    // What is left out may be a signature or an assertion, which still lets somebody in for a while.
    match role {
        FacetRole::Compared => value.to_owned(),
        FacetRole::Secret(_) | FacetRole::LeftOut => {
            format!("({} characters)", value.chars().count())
        }
    }
}

/// Takes facets as they are read, in one order that does not depend on the order in the request.
pub(in crate::cassette) trait Sink {
    /// Whether facets that are not compared are of use.
    const WANTS_ALL: bool;

    fn facet(&mut self, role: FacetRole, place: &str, name: &str, value: &str);
}

/// Keeps them all.
#[derive(Default)]
pub(super) struct Collect(pub(super) Vec<Facet>);

impl Sink for Collect {
    const WANTS_ALL: bool = true;

    fn facet(&mut self, role: FacetRole, place: &str, name: &str, value: &str) {
        self.0.push(Facet {
            place: place.to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
            role,
        });
    }
}
