//! One writer at a time: a lock of the operating system on a file beside, which ends with its process.
//!
//! The file stays, empty but for the number of the process that took it last: a lock file that somebody removes is a
//! lock that two hold.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::Path,
    thread,
    time::Duration,
};

use super::with_ending;
use crate::{
    error::{Advice, Error, Kind},
    migrate::disk::failed,
};

/// Held while one process goes on with a file.
#[derive(Debug)]
pub(in crate::migrate) struct Lock {
    /// The lock ends with it; none where the file system has no locks.
    _held: Option<File>,
}

/// How often a file is tried that is held for a moment only, and the pause between.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

impl Lock {
    /// # Errors
    /// [`Kind::Refused`] at once while another process has it.
    pub(super) fn take(path: &Path) -> Result<Self, Error> {
        let beside = with_ending(path, "lock");
        let mut file = open(&beside, 0o600).map_err(|cause| failed("lock", &beside, cause))?;
        match file.try_lock() {
            Ok(()) => Ok(Self::held(file)),
            Err(TryLockError::WouldBlock) => Err(taken(path, &mut file)),
            Err(TryLockError::Error(cause)) => Err(failed("lock", &beside, cause)),
        }
    }

    /// Waits a little for whoever has it: for files that are read, changed and left.
    ///
    /// Whoever may read the file may lock it. Where the file system has no locks nobody is kept out, since a roll-back
    /// that fails is worse than one that meets another.
    ///
    /// # Errors
    /// [`Kind::Refused`] when another process keeps it.
    pub(in crate::migrate) fn take_soon(path: &Path) -> Result<Self, Error> {
        let beside = with_ending(path, "lock");
        let mut file =
            open(&beside, mode_of(path)).map_err(|cause| failed("lock", &beside, cause))?;
        let mut tries = 0;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self::held(file)),
                Err(TryLockError::WouldBlock) if tries == TRIES => {
                    return Err(taken(path, &mut file));
                }
                Err(TryLockError::WouldBlock) => {
                    tries += 1;
                    thread::sleep(PAUSE);
                }
                Err(TryLockError::Error(cause)) if cause.kind() == ErrorKind::Unsupported => {
                    return Ok(Self { _held: None });
                }
                Err(TryLockError::Error(cause)) => return Err(failed("lock", &beside, cause)),
            }
        }
    }

    fn held(mut file: File) -> Self {
        // Only to be told to others, so a failure does not matter.
        let _ = file
            .set_len(0)
            .and_then(|()| write!(file, "{}", std::process::id()));
        Self { _held: Some(file) }
    }
}

/// A lock file of another user may be locked by who can only read it.
fn open(beside: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    match options.open(beside) {
        Err(cause) if cause.kind() == ErrorKind::PermissionDenied => {
            File::open(beside).map_err(|_| cause)
        }
        opened => opened,
    }
}

fn mode_of(path: &Path) -> u32 {
    #[cfg(unix)]
    if let Ok(about) = path.metadata() {
        return std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o666;
    }
    let _ = path;
    0o600
}

fn taken(path: &Path, file: &mut File) -> Error {
    let mut text = String::new();
    let _ = file
        .seek(SeekFrom::Start(0))
        .and_then(|_| file.take(20).read_to_string(&mut text));
    let who = match text.parse::<u32>() {
        Ok(number) => format!("process {number} has it"),
        Err(_) => "another process has it".to_owned(),
    };
    Error::new(
        Kind::Refused,
        format!(
            "{}: expected nobody else at work with it, {who}; stop that first",
            path.display()
        ),
    )
    .transient(true)
    .advising(Advice::FixClient)
}
