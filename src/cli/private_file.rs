//! A file that its owner alone reads, whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{error::Error, migrate::disk::refused, secret::Secret};

/// Refuses a file that is there, unless it may be overwritten.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming `option`.
pub(super) fn check(option: &str, path: &Path, force: bool) -> Result<(), Error> {
    if !force && path.symlink_metadata().is_ok() {
        return Err(taken(option, path));
    }
    Ok(())
}

/// Writes beside the place with mode 0600, and moves there when all is on the disk.
///
/// # Errors
/// As [`check`], and when the file cannot be written.
pub(super) fn save(option: &str, path: &Path, text: &Secret, force: bool) -> Result<(), Error> {
    save_with(option, path, force, &mut |file| {
        file.write_all(text.expose().as_bytes())?;
        file.write_all(b"\n")
    })
}

/// As [`save`], for what is written piece by piece.
///
/// # Errors
/// As [`save`].
pub(super) fn save_with(
    option: &str,
    path: &Path,
    force: bool,
    text: &mut dyn FnMut(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Error> {
    let beside = beside(option, path)?;
    let written = write(&beside, text).and_then(|()| place(&beside, path, force));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    match written {
        Ok(()) => Ok(()),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Err(taken(option, path)),
        Err(cause) => Err(refused(option, "write", path, cause)),
    }
}

/// Writes over whatever is there, which is its owner's alone before anything new stands in it. What is no file (a pipe,
/// a terminal) is written to as it is.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming `option`, when it cannot be written.
pub(super) fn overwrite(option: &str, path: &Path, text: &str) -> Result<(), Error> {
    let write = || {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        #[cfg(unix)]
        if file.metadata()?.is_file() {
            file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        }
        file.write_all(text.as_bytes())
    };
    write().map_err(|cause| refused(option, "write", path, cause))
}

/// Whether a file can be put at the place at all: told before the work whose outcome goes there.
///
/// # Errors
/// As [`save_with`], when it cannot.
pub(super) fn try_out(option: &str, path: &Path) -> Result<(), Error> {
    let beside = beside(option, path)?;
    write(&beside, &mut |_| Ok(()))
        .and_then(|()| fs::remove_file(&beside))
        .map_err(|cause| refused(option, "write", path, cause))
}

fn write(
    path: &Path,
    text: &mut dyn FnMut(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    text(&mut file)?;
    file.sync_all()
}

/// A link fails where a file is, so two logins at once do not overwrite each other; some file systems
/// have none.
fn place(beside: &Path, path: &Path, force: bool) -> std::io::Result<()> {
    if force {
        fs::rename(beside, path)?;
    } else {
        match fs::hard_link(beside, path) {
            Ok(()) => fs::remove_file(beside)?,
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => return Err(cause),
            Err(_) if path.symlink_metadata().is_ok() => {
                return Err(ErrorKind::AlreadyExists.into());
            }
            Err(_) => fs::rename(beside, path)?,
        }
    }
    // The name itself; where a directory cannot be opened, the system decides when.
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder(path)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn beside(option: &str, path: &Path) -> Result<PathBuf, Error> {
    let name = path
        .file_name()
        .ok_or_else(|| Error::input(option, "expected the name of a file"))?;
    let name = format!(".{}.{}.new", name.to_string_lossy(), std::process::id());
    Ok(folder(path).join(name))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn taken(option: &str, path: &Path) -> Error {
    Error::input(
        option,
        format_args!("{} is there already; --force overwrites it", path.display()),
    )
}
