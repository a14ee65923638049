//! Keeping credentials.
//!
//! [`Sealed`] is the only way in which an [`AuthScheme`](crate::AuthScheme) is serialised: whoever writes
//! one out has asked for it, and the reader checks every field anew.
//!
//! OAuth 2.0 grants change by themselves, so they live in a [`TokenStore`]: in memory ([`MemoryStore`]), in a
//! folder ([`FileStore`]), or wherever three more implementations of it put them.
//!
//! ```text
//! load ──> fresh? use it
//!   │ no
//! lease ──> None: another one is at it; wait, and load again
//!   │
//! load again ──> ask the server ──> put(expected) ──> Conflict: load again, merge, put again
//!   │
//! drop the lease
//! ```
//!
//! The version keeps a write from undoing another one; the lease only saves the server from being asked twice.
//! A program that never takes a lease loses nothing but a request.
//!
//! # Source
//! oauth2.md 3.3.

use std::{fmt, sync::Arc, time::Duration};

use sha2::{Digest, Sha256};

use crate::error::{Error, Kind};

mod document;
mod file;
mod grant;
mod key;
mod memory;
mod sealed;
mod text;

pub use self::{
    file::FileStore,
    grant::{Death, StoredAccess, StoredGrant},
    key::GrantKey,
    memory::MemoryStore,
    sealed::Sealed,
};

/// Keeps grants, one for each key.
///
/// The calls are short and so not async; from an async program a store on a slow disk is called through
/// `spawn_blocking`. Implemented for `Arc<T>`.
///
/// # Examples
/// Take a lease, look again, and write what is new:
/// ```
/// use std::time::Duration;
/// use gdata_auth::{Timestamp, store::{GrantKey, MemoryStore, Put, StoredGrant, TokenStore, update}};
///
/// let store = MemoryStore::new();
/// let key = GrantKey::new("https://accounts.google.com", "1234.apps.example", "alice@example.com")?;
/// let consent = Timestamp::from_unix_seconds(1_300_000_000);
/// update(&store, &key, |_| StoredGrant::new(consent).with_refresh_token("1//0first"))?;
///
/// let lease = store.lease(&key, Duration::from_secs(30))?.expect("nobody else is at it");
/// let (grant, version) = store.load(&key)?.expect("a grant");
/// let rotated = grant.rotated_to("1//0second");
/// assert!(matches!(store.put(&key, &rotated, Some(&version))?, Put::Stored(_)));
/// drop(lease);
///
/// // Whoever still has the old version is told so.
/// assert_eq!(store.put(&key, &rotated, Some(&version))?, Put::Conflict);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub trait TokenStore: Send + Sync + fmt::Debug {
    /// The grant and its version; `None` when there is none.
    ///
    /// # Errors
    /// [`Kind::Input`] when what is kept cannot be read as a grant, or must not be trusted; [`Kind::Transport`]
    /// when the medium fails. Neither message holds a piece of the content.
    fn load(&self, key: &GrantKey) -> Result<Option<(StoredGrant, Version)>, Error>;

    /// Writes the grant if the one that is kept has the `expected` version; `None`: if there is none.
    ///
    /// # Errors
    /// As [`load`](Self::load); what was kept before is still whole.
    fn put(
        &self,
        key: &GrantKey,
        grant: &StoredGrant,
        expected: Option<&Version>,
    ) -> Result<Put, Error>;

    /// Removes the grant if it has the `expected` version; `None`: whatever is kept, readable or not.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    fn remove(&self, key: &GrantKey, expected: Option<&Version>) -> Result<Removal, Error>;

    /// The keys of all grants, in order.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    fn list(&self) -> Result<Vec<GrantKey>, Error>;

    /// The right to ask the server for this grant's next token, for at most `span`; `None` while somebody else
    /// has it. Never waits.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    fn lease(&self, key: &GrantKey, span: Duration) -> Result<Option<Box<dyn Lease>>, Error>;
}

/// The right to ask the server for a grant's next token; dropping it gives it back.
pub trait Lease: Send + fmt::Debug {
    /// Holds on to it for `span` from now; false when it ran out and somebody else took it.
    ///
    /// # Errors
    /// [`Kind::Transport`] when the medium fails.
    fn renew(&mut self, span: Duration) -> Result<bool, Error>;
}

/// What became of a [`TokenStore::put`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a conflict has written nothing"]
#[expect(clippy::exhaustive_enums, reason = "it was written, or it was not")]
pub enum Put {
    /// Written; this is its version.
    Stored(Version),
    /// Not written: what is kept has another version than was expected. Load it and look.
    Conflict,
}

/// What became of a [`TokenStore::remove`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a conflict has removed nothing"]
#[expect(
    clippy::exhaustive_enums,
    reason = "it was removed, was not there, or was another"
)]
pub enum Removal {
    /// It is gone now.
    Removed,
    /// There was none.
    Absent,
    /// Not removed: what is kept has another version than was expected.
    Conflict,
}

/// Which state of a grant it is: two versions are compared, and say nothing else.
///
/// It is a digest of what the store gives it: the written bytes where another program may write as well, a
/// counter where none can.
///
/// # Examples
/// ```
/// use gdata_auth::store::Version;
///
/// assert_eq!(Version::of(b"one"), Version::of(b"one"));
/// assert_ne!(Version::of(b"one"), Version::of(b"two"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Version([u8; 32]);

impl Version {
    /// The version of a content, or of a number in its stead.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "Version({a:02x}{b:02x}{c:02x}{d:02x})")
    }
}

/// How often [`update`] tries before it gives up; each time somebody else has written meanwhile.
pub const UPDATE_TRIES: u32 = 1000;

/// Reads a grant, changes it and writes it back, again while others write in between.
///
/// `change` gets what is kept now, so it may run several times and must have no other effect.
///
/// # Errors
/// As [`TokenStore::load`] and [`TokenStore::put`]; [`Kind::Transport`], transient, after [`UPDATE_TRIES`].
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, store::{GrantKey, MemoryStore, StoredGrant, update}};
///
/// let store = MemoryStore::new();
/// let key = GrantKey::new("https://accounts.google.com", "1234.apps.example", "alice@example.com")?;
/// let now = Timestamp::from_unix_seconds(1_300_000_000);
/// let consent = |kept: Option<StoredGrant>| match kept {
///     Some(grant) => grant.consented_again(now),
///     None => StoredGrant::new(now),
/// };
/// update(&store, &key, consent)?;
/// let (grant, _version) = update(&store, &key, consent)?;
/// assert_eq!(grant.consents(), 2);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub fn update<S: TokenStore + ?Sized>(
    store: &S,
    key: &GrantKey,
    mut change: impl FnMut(Option<StoredGrant>) -> StoredGrant,
) -> Result<(StoredGrant, Version), Error> {
    for _ in 0..UPDATE_TRIES {
        let (kept, expected) = store.load(key)?.unzip();
        let grant = change(kept);
        if let Put::Stored(version) = store.put(key, &grant, expected.as_ref())? {
            return Ok((grant, version));
        }
    }
    let message = format!("{key}: expected to write, got {UPDATE_TRIES} conflicts with others");
    Err(Error::new(Kind::Transport, message).transient(true))
}

impl<T: TokenStore + ?Sized> TokenStore for Arc<T> {
    fn load(&self, key: &GrantKey) -> Result<Option<(StoredGrant, Version)>, Error> {
        (**self).load(key)
    }

    fn put(
        &self,
        key: &GrantKey,
        grant: &StoredGrant,
        expected: Option<&Version>,
    ) -> Result<Put, Error> {
        (**self).put(key, grant, expected)
    }

    fn remove(&self, key: &GrantKey, expected: Option<&Version>) -> Result<Removal, Error> {
        (**self).remove(key, expected)
    }

    fn list(&self) -> Result<Vec<GrantKey>, Error> {
        (**self).list()
    }

    fn lease(&self, key: &GrantKey, span: Duration) -> Result<Option<Box<dyn Lease>>, Error> {
        (**self).lease(key, span)
    }
}
