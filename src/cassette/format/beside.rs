//! Files that a recording names, in its own folder and nowhere else: no `..`, no absolute path, no link out of it.

use std::{
    fs,
    path::{Component, Path},
};

use bytes::Bytes;

use crate::cassette::file;

/// A file of `folder`, or what is wrong with its name.
pub(super) fn read(folder: Option<&Path>, name: &str, cap: usize) -> Result<Bytes, &'static str> {
    const MISSING: &str = "expected a file beside this one, got none that can be read";
    let folder = folder.ok_or(MISSING)?;
    let is_within = |component| matches!(component, Component::Normal(_));
    if name.is_empty() || !Path::new(name).components().all(is_within) {
        return Err("expected the name of a file beside this one, got another path");
    }
    // A recording given by its bare name lies in the working folder.
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let folder = fs::canonicalize(folder).map_err(|_| MISSING)?;
    let path = fs::canonicalize(folder.join(name)).map_err(|_| MISSING)?;
    if !path.starts_with(&folder) {
        return Err("expected a file beside this one, got a link out of its folder");
    }
    let is_small = fs::metadata(&path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= cap as u64);
    if !is_small {
        return Err("expected a file that is no larger than the bound on it, got another");
    }
    file::read(&path, cap).map_err(|_| MISSING)
}
