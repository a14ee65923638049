//! The paths that a scan is given: none is walked twice, and files have one name whichever way they were reached.

use std::{
    borrow::Cow,
    path::{Component, Path, PathBuf},
};

use super::walk::shown;

/// Where the walk begins.
pub(super) struct Roots {
    /// Each once.
    pub(super) paths: Vec<PathBuf>,
    /// Those that lie below another one, as that one's walk comes to them: they have a walk of their own.
    pub(super) apart: Vec<PathBuf>,
    pub(super) named: Named,
}

/// By what names a baseline knows files: below the working directory by the path from there.
pub(super) struct Named(Vec<(String, String)>);

impl Roots {
    pub(super) fn of(paths: &[PathBuf]) -> Self {
        let mut whole: Vec<(&PathBuf, PathBuf)> = Vec::new();
        for path in paths {
            // One that is not there is told by the walk.
            let own = path.canonicalize().unwrap_or_else(|_| path.clone());
            if whole.iter().all(|(_, other)| *other != own) {
                whole.push((path, own));
            }
        }
        let mut apart = Vec::new();
        for (_, own) in &whole {
            for (root, other) in whole.iter().filter(|(_, other)| other != own) {
                apart.extend(own.strip_prefix(other).ok().map(|rest| root.join(rest)));
            }
        }
        let here = Path::new(".").canonicalize().ok();
        let named = whole.iter().filter_map(|(path, own)| {
            let relative =
                !path.is_absolute() && !path.components().any(|part| part == Component::ParentDir);
            let known = own.strip_prefix(here.as_ref()?).ok()?;
            (!relative).then(|| (shown(path), shown(known)))
        });
        Self {
            named: Named(named.collect()),
            paths: whole.iter().map(|(path, _)| (*path).clone()).collect(),
            apart,
        }
    }
}

impl Named {
    /// The name of a file for a baseline.
    pub(super) fn known<'f>(&self, file: &'f str) -> Cow<'f, str> {
        for (root, known) in &self.0 {
            let Some(rest) = file.strip_prefix(root.trim_end_matches('/')) else {
                continue;
            };
            match rest.strip_prefix('/') {
                Some(rest) if known.is_empty() => return Cow::Borrowed(rest),
                Some(rest) => return Cow::Owned(format!("{known}/{rest}")),
                None if rest.is_empty() => return Cow::Owned(known.clone()),
                None => {}
            }
        }
        Cow::Borrowed(file)
    }
}
