//! One writer at a time: a lock of the operating system on a file beside, which ends with its process.
//!
//! The file stays, empty but for the number of the process that took it last: a lock file that somebody removes is a
//! lock that two hold.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

use super::{failed, with_ending};
use crate::error::{Error, Kind};

/// Held while one process goes on with a file.
#[derive(Debug)]
pub(super) struct Lock {
    /// The lock ends with it.
    _held: File,
}

impl Lock {
    /// # Errors
    /// [`Kind::Refused`] at once while another process has it.
    pub(super) fn take(path: &Path) -> Result<Self, Error> {
        let beside = with_ending(path, "lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(&beside)
            .map_err(|cause| failed("lock", &beside, &cause))?;
        match file.try_lock() {
            Ok(()) => {
                // Only to be told to others, so a failure does not matter.
                let _ = file
                    .set_len(0)
                    .and_then(|()| write!(file, "{}", std::process::id()));
                Ok(Self { _held: file })
            }
            Err(TryLockError::WouldBlock) => Err(taken(path, &mut file)),
            Err(TryLockError::Error(cause)) => Err(failed("lock", &beside, &cause)),
        }
    }
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
            "{}: expected nobody else at work with it, {who}",
            path.display()
        ),
    )
    .transient(true)
}
