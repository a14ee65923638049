//! A folder of private files: read, locked, replaced. What stands in them it does not know.

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use zeroize::Zeroizing;

use super::{
    fault::{failed, foreign, unusable},
    guard,
};
use crate::{
    error::Error,
    system::{Randomness, SystemRandomness},
    time::Timestamp,
};

/// A folder that was found to be private, and whose it is.
pub(super) struct Folder {
    path: PathBuf,
    owner: guard::Owner,
}

impl Folder {
    /// Opens the folder at `path`, and makes it where there is none.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        // The working directory may change later.
        let path = std::path::absolute(path).map_err(|cause| failed("use", path, cause))?;
        guard::create_folder(&path).map_err(|cause| failed("make", &path, cause))?;
        let owner = guard::check_folder(&path)?;
        let folder = Self { path, owner };
        // Whose process this is, a file of its own tells. Where none can be made, nothing can be written
        // either, and reading may still go on.
        let probe = folder.beside("probe");
        if let Ok(file) = guard::create(&probe) {
            let mine = folder.check_mine(&file);
            let _ = fs::remove_file(&probe);
            mine?;
        }
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self, stem: &str, extension: &str) -> PathBuf {
        self.path.join(format!("{stem}.{extension}"))
    }

    /// The folder may have been opened to others, or replaced, since it was opened here.
    pub(super) fn check(&self) -> Result<(), Error> {
        if guard::check_folder(&self.path)? == self.owner {
            Ok(())
        } else {
            Err(foreign(&self.path))
        }
    }

    /// The content of a file, if there is one, of at most `max` bytes.
    pub(super) fn read(
        &self,
        path: &Path,
        max: usize,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let Some(file) = guard::open(path, self.owner, false)? else {
            return Ok(None);
        };
        let length = file
            .metadata()
            .map_err(|cause| failed("read", path, cause))?
            .len();
        // Room for all of it, because a buffer that grows leaves copies behind that nobody wipes.
        let room = usize::try_from(length).map_or(max, |length| length.min(max)) + 1;
        let mut text = Zeroizing::new(Vec::with_capacity(room));
        file.take(max as u64 + 1)
            .read_to_end(&mut text)
            .map_err(|cause| failed("read", path, cause))?;
        if text.len() > max {
            return Err(unusable(
                path,
                format_args!("expected at most {max} bytes, got more"),
            ));
        }
        Ok(Some(text))
    }

    /// Waits until nobody else writes under this name. The lock ends with the file that is returned.
    pub(super) fn lock(&self, stem: &str) -> Result<File, Error> {
        let path = self.file(stem, LOCK);
        loop {
            let file = self.lock_file(&path)?;
            match file.lock() {
                // Somebody may have tidied the folder by hand while this one waited.
                Ok(()) if guard::is_at(&file, &path) => return Ok(file),
                Ok(()) => {}
                Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
                Err(cause) => return Err(failed("lock", &path, cause)),
            }
        }
    }

    /// The lock of those who ask the server, or `None` at once while another holds it.
    pub(super) fn try_lease(&self, stem: &str) -> Result<Option<File>, Error> {
        let path = self.file(stem, LEASE);
        loop {
            let file = self.lock_file(&path)?;
            match file.try_lock() {
                Ok(()) if guard::is_at(&file, &path) => return Ok(Some(file)),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(cause)) => return Err(failed("lock", &path, cause)),
            }
        }
    }

    /// Puts `text` in the place of what is at `path`, whole or not at all. The caller holds the lock.
    pub(super) fn replace(&self, path: &Path, stem: &str, text: &[u8]) -> Result<(), Error> {
        let beside = self.beside(stem);
        let file = guard::create(&beside).map_err(|cause| failed("write", path, cause))?;
        let written = self.check_mine(&file).and_then(|()| {
            write(file, text)
                .and_then(|()| fs::rename(&beside, path))
                .map_err(|cause| failed("write", path, cause))
        });
        match written {
            Ok(()) => guard::sync_folder(&self.path),
            Err(_) => drop(fs::remove_file(&beside)),
        }
        written
    }

    /// Removes the file, and says whether there was one. The caller holds the lock.
    pub(super) fn remove(&self, path: &Path) -> Result<bool, Error> {
        match fs::remove_file(path) {
            Ok(()) => {
                guard::sync_folder(&self.path);
                Ok(true)
            }
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(failed("remove", path, cause)),
        }
    }

    /// Removes what crashes left behind more than `age` ago; what cannot be removed stays.
    ///
    /// Other names' locks are not taken: should such a write be alive after all this time, its rename fails and
    /// says so, and the old file is still there.
    pub(super) fn sweep(&self, now: Timestamp, age: Duration) {
        for path in self.files(is_new).unwrap_or_default() {
            let old = path
                .symlink_metadata()
                .and_then(|found| found.modified())
                .is_ok_and(|changed| {
                    let since_epoch = changed.duration_since(UNIX_EPOCH).unwrap_or_default();
                    Timestamp::default().after(since_epoch).after(age) < now
                });
            if old {
                let _ = fs::remove_file(path);
            }
        }
    }

    /// The files whose names are `wanted`.
    pub(super) fn files(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, Error> {
        let broken = |cause| failed("read", &self.path, cause);
        let mut paths = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(broken)? {
            let entry = entry.map_err(broken)?;
            if entry.file_name().to_str().is_some_and(&wanted) {
                paths.push(entry.path());
            }
        }
        Ok(paths)
    }

    fn lock_file(&self, path: &Path) -> Result<File, Error> {
        match guard::create(path) {
            Ok(file) => self.check_mine(&file).map(|()| file),
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
                guard::open(path, self.owner, true)?
                    .ok_or_else(|| failed("lock", path, ErrorKind::NotFound.into()))
            }
            Err(cause) => Err(failed("lock", path, cause)),
        }
    }

    /// Nothing is written to a folder of somebody else's, which only root could do.
    fn check_mine(&self, made: &File) -> Result<(), Error> {
        match guard::owner(made) {
            Ok(owner) if owner == self.owner => Ok(()),
            Ok(_) => Err(foreign(&self.path)),
            Err(cause) => Err(failed("use", &self.path, cause)),
        }
    }

    /// A name that nobody else makes, in the same folder, so that a rename can move it.
    fn beside(&self, stem: &str) -> PathBuf {
        let mut bytes = [0; 8];
        SystemRandomness.fill(&mut bytes);
        let number = u64::from_be_bytes(bytes);
        self.file(&format!("{stem}.{number:016x}"), NEW)
    }
}

fn write(mut file: File, text: &[u8]) -> io::Result<()> {
    file.write_all(text)?;
    file.sync_all()
}

/// Whether [`Folder::beside`] made this name.
fn is_new(name: &str) -> bool {
    let mut parts = name.rsplitn(3, '.');
    parts.next() == Some(NEW)
        && parts
            .next()
            .is_some_and(|number| number.len() == 16 && is_hex(number))
}

/// Whether the name is made of digits of a digest.
pub(super) fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Held while one process writes.
const LOCK: &str = "lock";
/// Held while one process asks the server.
const LEASE: &str = "lease";
/// A write that is under way.
const NEW: &str = "new";
