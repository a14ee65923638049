//! What only unix knows of a file: whose it is, who else may use it, which one it is.
//!
//! Whoever may write to the folder can do all that this process can, so what is checked against here is an
//! accident: a folder that was copied, unpacked or shared with its modes lost. A name that becomes a link between
//! two calls is noticed all the same, because the file that was opened must be the one that was looked at.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use super::fault::{failed, foreign, unusable};
use crate::error::Error;

/// Whose a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner(u32);

/// Makes a private folder where there is none, with the folders above it.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.mode(FOLDER);
    if let Some(above) = path.parent() {
        builder.recursive(true).create(above)?;
    }
    match builder.recursive(false).create(path) {
        // The umask may have taken away what the owner needs.
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(FOLDER)),
        Err(_) if path.exists() => Ok(()),
        Err(cause) => Err(cause),
    }
}

/// Whose the folder is; refuses one that others may use.
pub(super) fn check_folder(path: &Path) -> Result<Owner, Error> {
    let found = fs::metadata(path).map_err(|cause| failed("use", path, cause))?;
    if !found.is_dir() {
        return Err(unusable(path, "expected a folder, got something else"));
    }
    if found.mode() & OTHERS != 0 {
        return Err(open_to_others(path, found.mode() & MODE, FOLDER));
    }
    Ok(Owner(found.uid()))
}

/// Makes a private file where nothing is, not even a link.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(FILE);
    let file = options.open(path)?;
    // The umask may have taken away what the owner needs.
    let changed = file.set_permissions(Permissions::from_mode(FILE));
    if changed.is_err() {
        let _ = fs::remove_file(path);
    }
    changed.map(|()| file)
}

/// Opens the file that is there, if it is a private one of `owner`'s.
pub(super) fn open(path: &Path, owner: Owner, write: bool) -> Result<Option<File>, Error> {
    // Replaced while it was opened: another writer is at work, and the next look sees its file.
    for _ in 0..TRIES {
        let seen = match path.symlink_metadata() {
            Ok(seen) => seen,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(failed("read", path, cause)),
        };
        if !seen.is_file() {
            let got = if seen.is_symlink() {
                "a symbolic link"
            } else {
                "something else"
            };
            return Err(unusable(
                path,
                format_args!("expected a file, got {got}; remove it"),
            ));
        }
        if seen.uid() != owner.0 {
            return Err(foreign(path));
        }
        if seen.mode() & OTHERS != 0 {
            return Err(open_to_others(path, seen.mode() & MODE, FILE));
        }
        let file = match OpenOptions::new().read(true).write(write).open(path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
            Err(cause) => return Err(failed("open", path, cause)),
        };
        let opened = file
            .metadata()
            .map_err(|cause| failed("read", path, cause))?;
        if same(&seen, &opened) {
            return Ok(Some(file));
        }
    }
    let busy = io::Error::new(
        ErrorKind::ResourceBusy,
        "it was replaced each time it was opened",
    );
    Err(failed("open", path, busy).transient(true))
}

/// Whose an open file is.
pub(super) fn owner(file: &File) -> io::Result<Owner> {
    Ok(Owner(file.metadata()?.uid()))
}

/// Whether the open file is still the one with this name.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(opened), Ok(seen)) => same(&opened, &seen),
        _ => false,
    }
}

/// Has the names in the folder written to the disk.
///
/// The file is in its place by now, so a failure here is not one of the write; some file systems know no such call.
pub(super) fn sync_folder(path: &Path) {
    let _ = File::open(path).and_then(|folder| folder.sync_all());
}

/// One file, unchanged in what was checked of it.
fn same(one: &Metadata, other: &Metadata) -> bool {
    let id = |found: &Metadata| (found.dev(), found.ino(), found.uid(), found.mode());
    id(one) == id(other)
}

/// Others may use it; `mode` is what it should have.
fn open_to_others(path: &Path, found: u32, mode: u32) -> Error {
    unusable(
        path,
        format_args!(
            "expected mode {mode:04o}, got {found:04o}, which lets others in; run chmod {mode:o} {}",
            quoted(path)
        ),
    )
}

/// As a shell reads it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// The bits of a mode that let others in.
const OTHERS: u32 = 0o077;
/// The bits of a mode that `chmod` sets.
const MODE: u32 = 0o7777;
/// How often a file is opened that others keep replacing.
const TRIES: u32 = 100;
