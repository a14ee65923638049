//! The file looked at again: read when its length, its moment or its place on the disk has changed.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::SystemTime,
};

use super::Settings;
use crate::{error::Error, migrate::disk::refused, time::Timestamp};

/// A settings file that a program goes by while it runs.
///
/// Whoever changes it should put a whole new file in its place, as `gdata-auth migrate dual roll-back` does: half a
/// file is refused as long as `[otherwise]` stands at its end, and the settings from before hold meanwhile.
///
/// # Examples
/// Looked at by a [`DualRun`](crate::migrate::dual::DualRun) itself, at most once a second:
/// ```no_run
/// use gdata_auth::migrate::dual::{DualRun, SettingsFile};
///
/// let (file, settings) = SettingsFile::open("dual.toml")?;
/// let run = DualRun::from_settings(&settings)
///     .following(file)
///     .with_settings_report(|outcome| match outcome {
///         Ok(settings) => eprintln!("the override is now {}", settings.override_now().word()),
///         Err(cause) => eprintln!("the settings from before hold: {cause}"),
///     });
/// # Ok::<(), gdata_auth::Error>(())
/// ```
/// Or by the program, when it likes:
/// ```no_run
/// # use gdata_auth::migrate::dual::{DualRun, SettingsFile};
/// let (file, settings) = SettingsFile::open("dual.toml")?;
/// let run = DualRun::from_settings(&settings);
/// if let Some(settings) = file.changed()? {
///     run.apply(&settings);
/// }
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug)]
pub struct SettingsFile {
    path: PathBuf,
    /// As it was when it was last read, whatever came of that; nothing while it is gone.
    seen: Mutex<Option<Mark>>,
    /// The second of the last look.
    looked_at: AtomicI64,
}

/// What tells one content of a file from another without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    length: u64,
    changed_at: Option<SystemTime>,
    /// A file that was put in the place of another is another, though length and moment may be the same.
    number: u64,
}

impl SettingsFile {
    /// Reads a file, to be looked at again.
    ///
    /// # Errors
    /// As [`Settings::read`].
    pub fn open(path: impl Into<PathBuf>) -> Result<(Self, Settings), Error> {
        let path = path.into();
        // Before it is read: what changes in between is seen as a change.
        let seen = Mark::of(&path).ok();
        let settings = Settings::read(&path)?;
        let file = Self {
            path,
            seen: Mutex::new(seen),
            looked_at: AtomicI64::new(i64::MIN),
        };
        Ok((file, settings))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The settings, if the file has changed since it was last read.
    ///
    /// # Errors
    /// As [`Settings::read`]: once for each change, and once while it is gone.
    pub fn changed(&self) -> Result<Option<Settings>, Error> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        self.look(seen)
    }

    /// As [`changed`](Self::changed), at most once a second, and never waiting for another look.
    pub(in crate::migrate::dual) fn changed_by(
        &self,
        now: Timestamp,
    ) -> Result<Option<Settings>, Error> {
        let now = now.unix_seconds();
        if self.looked_at.load(Ordering::Relaxed) == now {
            return Ok(None);
        }
        let last = self.looked_at.swap(now, Ordering::Relaxed);
        match self.seen.try_lock() {
            Ok(seen) if last != now => self.look(seen),
            _ => Ok(None),
        }
    }

    fn look(&self, mut seen: MutexGuard<'_, Option<Mark>>) -> Result<Option<Settings>, Error> {
        let mark = Mark::of(&self.path);
        match mark {
            Ok(mark) if seen.as_ref() == Some(&mark) => Ok(None),
            Ok(mark) => {
                *seen = Some(mark);
                Settings::read(&self.path).map(Some)
            }
            Err(_) if seen.is_none() => Ok(None),
            Err(cause) => {
                *seen = None;
                Err(refused("settings", "read", &self.path, cause))
            }
        }
    }
}

impl Mark {
    fn of(path: &Path) -> std::io::Result<Self> {
        let about = fs::metadata(path)?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&about);
        #[cfg(not(unix))]
        let number = 0;
        Ok(Self {
            length: about.len(),
            changed_at: about.modified().ok(),
            number,
        })
    }
}
