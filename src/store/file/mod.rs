//! Grants in a folder, one file each.
//!
//! ```text
//! 0700  tokens/
//! 0600  ├─ 5f2c….json    the grant: written beside, synced, moved here
//! 0600  ├─ 5f2c….lock    held while one process writes; never removed
//! 0600  ├─ 5f2c….lease   held while one process asks the server; never removed
//! 0600  └─ 5f2c….81d0….new   a write that is under way, or that a crash left behind
//! ```
//!
//! A lock file that somebody removes is a lock that two hold, so they stay, empty (oauth2.md 3.3). Readers take
//! no lock: a rename shows them the old file or the new one.
//!
//! What the modes are and whose a file is, `guard` knows; what stands in a file, `document`.

use std::{
    fmt,
    fs::File,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use self::{
    fault::{torn, unusable},
    folder::{Folder, is_hex},
};
use super::{GrantKey, Lease, Put, Removal, StoredGrant, TokenStore, Version, document};
use crate::{
    error::Error,
    system::{Clock, SystemClock},
};

mod fault;
mod folder;
#[cfg(unix)]
mod guard;
#[cfg(not(unix))]
#[path = "guard_off.rs"]
mod guard;

/// A store in a folder that its owner alone reads.
///
/// Several processes may share it, and several threads one `FileStore`. A lease is a lock of the operating system:
/// it ends with its process, however that ends, so its span does not matter here and
/// [`renew`](Lease::renew) always says true.
///
/// # Shape
/// One file for each key, at most [`MAX_BYTES`](Self::MAX_BYTES) long, named by a digest of the key. A write goes
/// to a new file, to the disk, and then takes the place of the old one: whatever happens, one of the two is there
/// and whole. What a crash leaves beside is removed by a later write, [`LEFTOVER`](Self::LEFTOVER) after it.
///
/// # Security
/// The tokens stand in the files in the clear. The folder is made with mode 0700 and the files with 0600,
/// whatever the umask; a folder or file that others may use, that belongs to somebody else, or that is a link, is
/// refused with what to do about it. Who may write to a folder above can still put another one in its place.
///
/// On Windows nothing of this is checked: put the folder under the user's profile, whose rights it inherits. A file
/// system without locks between machines (some network shares) keeps each file whole, but loses updates.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, store::{FileStore, GrantKey, StoredGrant, TokenStore, update}};
///
/// # let folder = std::env::temp_dir().join(format!("gdata-auth-example-{}", std::process::id()));
/// let store = FileStore::open(&folder)?;
/// let key = GrantKey::new("https://accounts.google.com", "1234.apps.example", "alice@example.com")?;
/// let consent = Timestamp::from_unix_seconds(1_300_000_000);
/// update(&store, &key, |_| StoredGrant::new(consent).with_refresh_token("1//0refresh"))?;
///
/// let (grant, _version) = FileStore::open(&folder)?.load(&key)?.expect("a grant");
/// assert_eq!(grant.obtained_at(), consent);
/// assert_eq!(store.list()?, [key]);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FileStore {
    folder: Folder,
    clock: Arc<dyn Clock>,
    swept: AtomicBool,
}

/// A locked file; the lock ends with it.
struct FileLease {
    key: GrantKey,
    _locked: File,
}

impl FileStore {
    /// The most bytes of a file.
    pub const MAX_BYTES: usize = 1 << 20;
    /// How long a half-written file is left alone: longer than any write takes.
    pub const LEFTOVER: Duration = Duration::from_secs(3600);

    /// Opens the folder, and makes it where there is none.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it cannot be made or used, belongs to somebody else, or is open to
    /// others; the message names it and the command to run.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self {
            folder: Folder::open(folder.as_ref())?,
            clock: Arc::new(SystemClock),
            swept: AtomicBool::new(false),
        })
    }

    /// Tells the age of leftovers by another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl TokenStore for FileStore {
    fn load(&self, key: &GrantKey) -> Result<Option<(StoredGrant, Version)>, Error> {
        self.folder.check()?;
        let path = self.folder.file(&stem(key), GRANT);
        let Some(text) = self.folder.read(&path, Self::MAX_BYTES)? else {
            return Ok(None);
        };
        let (found, grant) = document::parse(&text).map_err(|broken| torn(&path, broken))?;
        if found != *key {
            return Err(unusable(
                &path,
                "expected the grant of its name, got another's",
            ));
        }
        Ok(Some((grant, Version::of(&text))))
    }

    fn put(
        &self,
        key: &GrantKey,
        grant: &StoredGrant,
        expected: Option<&Version>,
    ) -> Result<Put, Error> {
        let text = Zeroizing::new(document::print(key, grant));
        if text.len() > Self::MAX_BYTES {
            let problem = format_args!("expected at most {} bytes, got more", Self::MAX_BYTES);
            return Err(Error::input("grant", problem));
        }
        self.folder.check()?;
        let stem = stem(key);
        let path = self.folder.file(&stem, GRANT);
        let _lock = self.folder.lock(&stem)?;
        let kept = self.folder.read(&path, Self::MAX_BYTES)?;
        if kept.map(|text| Version::of(&text)).as_ref() != expected {
            return Ok(Put::Conflict);
        }
        if !self.swept.swap(true, Ordering::Relaxed) {
            self.folder.sweep(self.clock.now(), Self::LEFTOVER);
        }
        self.folder.replace(&path, &stem, text.as_bytes())?;
        Ok(Put::Stored(Version::of(text.as_bytes())))
    }

    fn remove(&self, key: &GrantKey, expected: Option<&Version>) -> Result<Removal, Error> {
        self.folder.check()?;
        let stem = stem(key);
        let path = self.folder.file(&stem, GRANT);
        let _lock = self.folder.lock(&stem)?;
        if let Some(expected) = expected {
            match self.folder.read(&path, Self::MAX_BYTES)? {
                None => return Ok(Removal::Absent),
                Some(text) if Version::of(&text) != *expected => return Ok(Removal::Conflict),
                Some(_) => {}
            }
        }
        Ok(if self.folder.remove(&path)? {
            Removal::Removed
        } else {
            Removal::Absent
        })
    }

    fn list(&self) -> Result<Vec<GrantKey>, Error> {
        self.folder.check()?;
        let mut keys = Vec::new();
        for path in self.folder.files(is_grant)? {
            // It may have been removed since the folder was read.
            if let Some(text) = self.folder.read(&path, Self::MAX_BYTES)? {
                keys.push(document::parse_key(&text).map_err(|broken| torn(&path, broken))?);
            }
        }
        keys.sort_unstable();
        Ok(keys)
    }

    fn lease(&self, key: &GrantKey, _span: Duration) -> Result<Option<Box<dyn Lease>>, Error> {
        self.folder.check()?;
        let locked = self.folder.try_lease(&stem(key))?;
        Ok(locked.map(|file| -> Box<dyn Lease> {
            Box::new(FileLease {
                key: key.clone(),
                _locked: file,
            })
        }))
    }
}

impl Lease for FileLease {
    fn renew(&mut self, _span: Duration) -> Result<bool, Error> {
        Ok(true)
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore")
            .field("folder", &self.folder.path())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for FileLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileLease({})", self.key)
    }
}

/// The extension of a grant's file.
const GRANT: &str = "json";

/// Whether a grant's file has this name; others may lie in the folder, and are none of ours.
fn is_grant(name: &str) -> bool {
    name.split_once('.')
        .is_some_and(|(stem, extension)| stem.len() == 64 && is_hex(stem) && extension == GRANT)
}

/// The name of a key's files: a digest of its parts, each behind its length, so that no two keys share one.
fn stem(key: &GrantKey) -> String {
    let mut digest = Sha256::new();
    for part in [key.issuer(), key.client_id(), key.account()] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let digest: [u8; 32] = digest.finalize().into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
