//! The stand-in for systems without modes and owners: a file has the rights of its folder, and nothing of them is
//! checked. Links are refused.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::Path,
};

use super::fault::{failed, unusable};
use crate::error::Error;

/// Whose a file is: not told here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner;

/// Makes a folder where there is none.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Refuses what is no folder.
pub(super) fn check_folder(path: &Path) -> Result<Owner, Error> {
    let found = fs::metadata(path).map_err(|cause| failed("use", path, cause))?;
    if !found.is_dir() {
        return Err(unusable(path, "expected a folder, got something else"));
    }
    Ok(Owner)
}

/// Makes a file where nothing is.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).open(path)
}

/// Opens the file that is there.
pub(super) fn open(path: &Path, _owner: Owner, write: bool) -> Result<Option<File>, Error> {
    match path.symlink_metadata() {
        Ok(seen) if seen.is_file() => {}
        Ok(_) => {
            return Err(unusable(
                path,
                "expected a file, got something else; remove it",
            ));
        }
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed("read", path, cause)),
    }
    match OpenOptions::new().read(true).write(write).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed("open", path, cause)),
    }
}

/// Whose an open file is.
pub(super) fn owner(_file: &File) -> io::Result<Owner> {
    Ok(Owner)
}

/// Whether the open file is still the one with this name; a file that is open keeps its name here.
pub(super) fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

/// Folders cannot be synced here.
pub(super) fn sync_folder(_path: &Path) {}
