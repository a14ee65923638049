//! Cassettes on disk: read whole within bounds, written beside and renamed, so that a crash leaves the old or the new.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;

use super::{
    Limits, Reading,
    format::{self, Format, Source},
};
use crate::error::{Error, Kind};

/// Reads a file of any format; the content tells which.
///
/// # Errors
/// [`Kind::Transport`] when the file cannot be read, [`Kind::Input`] when it is larger than
/// [`Limits::file`], and [`Kind::Reply`] when no format takes it. Damage inside is a
/// [`Problem`](super::Problem) of the [`Reading`].
pub fn load(path: impl AsRef<Path>, limits: &Limits) -> Result<Reading, Error> {
    with_source(path.as_ref(), limits, format::read)
}

/// Reads a file as `format`, whatever its content looks like.
///
/// # Errors
/// As [`load`].
pub fn load_as(format: Format, path: impl AsRef<Path>, limits: &Limits) -> Result<Reading, Error> {
    with_source(path.as_ref(), limits, |source| {
        format::read_as(format, source)
    })
}

fn with_source(
    path: &Path,
    limits: &Limits,
    read_source: impl FnOnce(&Source<'_>) -> Result<Reading, Error>,
) -> Result<Reading, Error> {
    let bytes = read(path, limits.file)?;
    let name = path.display().to_string();
    read_source(&Source {
        bytes,
        name: &name,
        folder: path.parent(),
        limits,
    })
}

/// Writes bytes to a file so that a crash leaves the old or the new: beside it first, synced, then renamed.
///
/// # Errors
/// [`Kind::Transport`] when that fails; the old file stands.
pub fn save(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), Error> {
    let path = path.as_ref();
    let failed = |cause: io::Error| {
        Error::new(
            Kind::Transport,
            format!("{}: expected to write it, got: {cause}", path.display()),
        )
        .caused_by(cause)
    };
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let beside = beside(path);
    let written = write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if let Err(cause) = written {
        // The first failure is the one to tell.
        let _gone = fs::remove_file(&beside);
        return Err(failed(cause));
    }
    if let Some(folder) = path.parent() {
        // Not every file system can; the rename itself has happened.
        let _best_effort = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

pub(super) fn read(path: &Path, cap: usize) -> Result<Bytes, Error> {
    let failed = |cause: io::Error| {
        Error::new(
            Kind::Transport,
            format!("{}: expected to read it, got: {cause}", path.display()),
        )
        .caused_by(cause)
    };
    let file = File::open(path).map_err(failed)?;
    let announced = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or(0).min(cap));
    file.take(cap as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() > cap {
        return Err(Error::input(
            &path.display().to_string(),
            format_args!("expected at most {cap} bytes, got more"),
        ));
    }
    Ok(bytes.into())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn beside(path: &Path) -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}-{number}.new", process::id()))
}
