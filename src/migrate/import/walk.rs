//! The files under the paths that were named, each once, in order; a link is followed where it was named itself.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use super::run::Source;
use crate::time::Timestamp;

/// One step of a walk.
#[derive(Debug)]
#[non_exhaustive]
pub enum Walk {
    /// A file to read, and what its place tells.
    File(PathBuf, Source),
    /// A symbolic link in a folder, which is not followed.
    Link(PathBuf),
    /// What cannot be looked at, and why.
    Problem(PathBuf, String),
}

/// The deepest folder that is entered.
const MAX_DEPTH: usize = 64;

/// Walks paths. Folders are entered, links in them are told and not followed, and what is neither file nor folder is told.
pub fn files<'p>(paths: impl IntoIterator<Item = &'p Path>) -> impl Iterator<Item = Walk> {
    let mut open: Vec<(PathBuf, usize)> =
        paths.into_iter().map(|path| (path.to_owned(), 0)).collect();
    open.reverse();
    std::iter::from_fn(move || {
        loop {
            let (path, depth) = open.pop()?;
            match step(&path, depth, &mut open) {
                Ok(Some(walk)) => return Some(walk),
                Ok(None) => {}
                Err(cause) => return Some(Walk::Problem(path, format!("cannot read: {cause}"))),
            }
        }
    })
}

fn step(path: &Path, depth: usize, open: &mut Vec<(PathBuf, usize)>) -> io::Result<Option<Walk>> {
    let about = match depth {
        0 => fs::metadata(path)?,
        _ => fs::symlink_metadata(path)?,
    };
    if about.is_symlink() {
        return Ok(Some(Walk::Link(path.to_owned())));
    }
    if about.is_file() {
        let seconds = about
            .modified()
            .ok()
            .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
            .and_then(|span| i64::try_from(span.as_secs()).ok());
        let source = Source {
            name: path.display().to_string(),
            modified: seconds.map(Timestamp::from_unix_seconds),
            user: of_gcloud(path),
        };
        return Ok(Some(Walk::File(path.to_owned(), source)));
    }
    if !about.is_dir() {
        let what = "expected a file or a folder, got something else".to_owned();
        return Ok(Some(Walk::Problem(path.to_owned(), what)));
    }
    if depth >= MAX_DEPTH {
        let what = format!("expected folders at most {MAX_DEPTH} deep, got more");
        return Ok(Some(Walk::Problem(path.to_owned(), what)));
    }
    let mut inside = fs::read_dir(path)?
        .map(|entry| Ok((entry?.path(), depth + 1)))
        .collect::<io::Result<Vec<_>>>()?;
    inside.sort();
    inside.reverse();
    open.append(&mut inside);
    Ok(None)
}

/// gcloud keeps a user's credentials in a folder of the user's name.
fn of_gcloud(path: &Path) -> Option<String> {
    let folder = path.parent()?;
    let above = folder.parent()?.file_name()?;
    let name = folder.file_name()?.to_str()?;
    (above == "legacy_credentials" && name.contains('@')).then(|| name.to_owned())
}
