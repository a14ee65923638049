//! The query of a call: single values, lists, flags, and the parts that are asked for.

use super::problem;
use crate::{
    emulator::{answer::Answer, seen::Seen},
    wire::query::Pairs,
};

/// Parameters, decoded.
pub(super) struct Params(Pairs);

impl Params {
    pub(super) fn read(seen: &Seen<'_>) -> Result<Self, Answer> {
        Pairs::parse(seen.query())
            .map(Self)
            .map_err(|cause| problem::bad_request("Bad Request", cause.to_string()))
    }

    /// Refuses a call that leaves out one of `names`.
    pub(super) fn require(&self, names: &[&'static str]) -> Result<(), Answer> {
        match names.iter().find(|name| self.text(name).is_none()) {
            Some(missing) => Err(problem::required(missing)),
            None => Ok(()),
        }
    }

    /// The first value, unless it is empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.first(name).filter(|value| !value.is_empty())
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// Values parted by commas, or by repeating the parameter.
    pub(super) fn list<'p>(&'p self, name: &str) -> Vec<&'p str> {
        let values = self.0.all(name).flat_map(|value| value.split(','));
        values
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// The parts to answer with.
    pub(super) fn parts(&self) -> Vec<&str> {
        self.list("part")
    }
}
