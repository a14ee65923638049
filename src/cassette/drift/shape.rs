//! The shape of a document: which fields stand where, of which kinds, and whether they always do.

use std::collections::{BTreeMap, BTreeSet, HashSet};

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
    kinds: BTreeSet<Kind>,
    /// How the first one looks, such as `a string of 12`.
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
        field.kinds.insert(kind);
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

fn changed(before: &Field, now: &Field) -> Option<(Level, String)> {
    let message = || format!("expected {}, got {}", before.looks, now.looks);
    let new: Vec<&Kind> = now.kinds.difference(&before.kinds).collect();
    let gone = before.kinds.difference(&now.kinds).next().is_some();
    if new.is_empty() {
        // A namespace or type out of several that no longer comes may come again.
        return None;
    }
    let known = |kind: &Kind| before.kinds.contains(kind);
    let only_null = before.kinds.len() == 1 && known(&Kind::Null);
    let level = if new == [&Kind::Null] || only_null {
        Level::Notable
    } else if new
        .iter()
        .all(|kind| **kind == Kind::Null || **kind == Kind::Number && known(&Kind::Integer))
    {
        Level::Notable
    } else if new
        .iter()
        .all(|kind| **kind == Kind::Null || **kind == Kind::Integer && known(&Kind::Number))
    {
        return None;
    } else if !gone && new.iter().all(|kind| matches!(kind, Kind::Named(_))) {
        Level::Harmless
    } else {
        Level::Breaking
    };
    if !gone && level == Level::Notable && now.looks == before.looks {
        return Some((level, "expected it, got null now and then".to_owned()));
    }
    Some((level, message()))
}

/// Whether one of these holds `path`.
fn is_below(path: &str, above: &HashSet<&str>) -> bool {
    let ends = path.match_indices(['.', '[', '/']).map(|(at, _)| at);
    !above.is_empty() && ends.into_iter().any(|at| above.contains(&path[..at]))
}

/// How many fields of one document are looked at.
const MOST: usize = 10_000;
