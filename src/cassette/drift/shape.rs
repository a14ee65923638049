//! The shape of a document: which fields stand where, of which kinds, and whether they always do.

use std::collections::{BTreeMap, HashSet};

use super::found::{Drift, Level};

/// Fields by their path, each path once however often the document repeats it.
#[derive(Debug, Default)]
pub(super) struct Shape {
    fields: BTreeMap<String, Field>,
    /// More fields than are looked at.
    pub(super) cut: bool,
}

/// What is known of one path.
#[derive(Debug, Default)]
struct Field {
    /// The path of what holds it, and how often it was seen.
    parent: String,
    seen: usize,
    /// How the first of each kind looks, such as `a string of 12`.
    kinds: BTreeMap<Kind, String>,
    /// How the very first looks.
    looks: String,
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Null,
    Bool,
    Integer,
    Number,
    String,
    Array,
    Object,
    /// An element or attribute of this namespace.
    Named(String),
    Text,
}

impl Shape {
    /// Notes one more sight of `path`, which `parent` holds.
    pub(super) fn see(&mut self, parent: &str, path: &str, kind: Kind, looks: &str) {
        if self.fields.len() >= MOST && !self.fields.contains_key(path) {
            self.cut = true;
            return;
        }
        let field = self.fields.entry(path.to_owned()).or_insert_with(|| Field {
            parent: parent.to_owned(),
            looks: looks.to_owned(),
            ..Field::default()
        });
        field.seen += 1;
        field.kinds.entry(kind).or_insert_with(|| looks.to_owned());
    }

    fn always(&self, field: &Field) -> bool {
        match self.fields.get(&field.parent) {
            // One parent may hold a path many times.
            Some(parent) => field.seen >= parent.seen,
            None => true,
        }
    }

    /// How `self`, the live one, differs from `recorded`.
    pub(super) fn drifts_from(&self, recorded: &Self) -> Vec<Drift> {
        let mut found = Vec::new();
        // What lies below a field that is gone or of another kind says nothing new.
        let mut told: HashSet<&str> = HashSet::new();
        for (path, before) in &recorded.fields {
            if is_below(path, &told) {
                continue;
            }
            let field = format!("body {path}");
            let Some(now) = self.fields.get(path) else {
                told.insert(path);
                let elements = path.ends_with("[]");
                let (level, message) = if elements {
                    (Level::Notable, "expected elements, got none")
                } else if recorded.always(before) {
                    (Level::Breaking, "expected it, got none")
                } else {
                    (Level::Notable, "expected it now and then, got none")
                };
                found.push(Drift::new(level, field, message));
                continue;
            };
            if let Some((level, message)) = changed(before, now) {
                if level == Level::Breaking {
                    told.insert(path);
                }
                found.push(Drift::new(level, field, message));
            } else if recorded.always(before) && !self.always(now) {
                let message = "expected it always, got it now and then";
                found.push(Drift::new(Level::Notable, field, message));
            }
        }
        for (path, now) in &self.fields {
            if is_below(path, &told) || recorded.fields.contains_key(path) {
                continue;
            }
            told.insert(path);
            // Of elements that were not recorded nothing is known.
            if !path.ends_with("[]") {
                let message = format!("expected none, got {}", now.looks);
                found.push(Drift::new(Level::Harmless, format!("body {path}"), message));
            }
        }
        if self.cut || recorded.cut {
            let message =
                format!("expected at most {MOST} fields, got more: the rest is not compared");
            found.push(Drift::new(Level::Notable, "body", message));
        }
        found
    }
}

/// The worst of the kinds that were not recorded. One out of several that no longer comes may come again.
fn changed(before: &Field, now: &Field) -> Option<(Level, String)> {
    let gone = before
        .kinds
        .keys()
        .any(|kind| !now.kinds.contains_key(kind));
    let new = now
        .kinds
        .iter()
        .filter(|(kind, _)| !before.kinds.contains_key(kind));
    let weighed = new.filter_map(|(kind, looks)| Some((before.weigh(kind, gone)?, looks)));
    let (level, looks) = weighed.max_by_key(|(level, _)| *level)?;
    let often = if gone { "" } else { " now and then" };
    let message = format!("expected {}, got {looks}{often}", before.looks);
    Some((level, message))
}

impl Field {
    /// How much a kind matters that was not recorded; `None` where it says the same thing.
    fn weigh(&self, kind: &Kind, gone: bool) -> Option<Level> {
        let known = |kind: &Kind| self.kinds.contains_key(kind);
        let only_null = self.kinds.len() == 1 && known(&Kind::Null);
        match kind {
            Kind::Null => Some(Level::Notable),
            Kind::Number if known(&Kind::Integer) => Some(Level::Notable),
            Kind::Integer if known(&Kind::Number) => None,
            // Another vocabulary beside the recorded one.
            Kind::Named(_) if !gone => Some(Level::Harmless),
            _ if only_null => Some(Level::Notable),
            _ => Some(Level::Breaking),
        }
    }
}

/// Whether one of these holds `path`.
fn is_below(path: &str, above: &HashSet<&str>) -> bool {
    let ends = path.match_indices(['.', '[', '/']).map(|(at, _)| at);
    !above.is_empty() && ends.into_iter().any(|at| above.contains(&path[..at]))
}

/// How many fields of one document are looked at.
const MOST: usize = 10_000;
