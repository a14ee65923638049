//! Grants that end with the process.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{GrantKey, Lease, Put, Removal, StoredGrant, TokenStore, Version};
use crate::{
    error::Error,
    system::{Clock, SystemClock},
    time::Timestamp,
};

/// A store in memory: for tests, and for programs that are handed their grants.
///
/// Clones share what they hold. A lease ends when its span is over, by the store's clock.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, store::{GrantKey, MemoryStore, Put, StoredGrant, TokenStore}};
///
/// let store = MemoryStore::new();
/// let key = GrantKey::new("https://accounts.google.com", "1234.apps.example", "alice@example.com")?;
/// let grant = StoredGrant::new(Timestamp::from_unix_seconds(1_300_000_000));
///
/// let Put::Stored(version) = store.put(&key, &grant, None)? else { panic!("a new key") };
/// assert_eq!(store.put(&key, &grant, None)?, Put::Conflict);
/// assert_eq!(store.load(&key)?, Some((grant, version)));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct State {
    grants: BTreeMap<GrantKey, (StoredGrant, Version)>,
    leases: BTreeMap<GrantKey, Hold>,
    count: u64,
}

/// Who holds a lease, and until when.
struct Hold {
    holder: u64,
    until: Timestamp,
}

struct MemoryLease {
    store: MemoryStore,
    key: GrantKey,
    holder: u64,
}

impl MemoryStore {
    /// An empty store with the machine's clock.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: Arc::default(),
            clock: Arc::new(SystemClock),
        }
    }

    /// Tells the time by another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The state is whole after every statement that changes it, so a panic elsewhere leaves it usable.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is(&self, key: &GrantKey, expected: Option<&Version>) -> bool {
        self.grants.get(key).map(|(_, version)| version) == expected
    }

    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

impl TokenStore for MemoryStore {
    fn load(&self, key: &GrantKey) -> Result<Option<(StoredGrant, Version)>, Error> {
        Ok(self.state().grants.get(key).cloned())
    }

    fn put(
        &self,
        key: &GrantKey,
        grant: &StoredGrant,
        expected: Option<&Version>,
    ) -> Result<Put, Error> {
        let mut state = self.state();
        if !state.is(key, expected) {
            return Ok(Put::Conflict);
        }
        let version = Version::of(&state.next().to_be_bytes());
        state
            .grants
            .insert(key.clone(), (grant.clone(), version.clone()));
        Ok(Put::Stored(version))
    }

    fn remove(&self, key: &GrantKey, expected: Option<&Version>) -> Result<Removal, Error> {
        let mut state = self.state();
        if !state.grants.contains_key(key) {
            return Ok(Removal::Absent);
        }
        if expected.is_some() && !state.is(key, expected) {
            return Ok(Removal::Conflict);
        }
        state.grants.remove(key);
        Ok(Removal::Removed)
    }

    fn list(&self) -> Result<Vec<GrantKey>, Error> {
        Ok(self.state().grants.keys().cloned().collect())
    }

    fn lease(&self, key: &GrantKey, span: Duration) -> Result<Option<Box<dyn Lease>>, Error> {
        let now = self.clock.now();
        let mut state = self.state();
        if state.leases.get(key).is_some_and(|hold| hold.until > now) {
            return Ok(None);
        }
        let holder = state.next();
        let until = now.after(span);
        state.leases.insert(key.clone(), Hold { holder, until });
        Ok(Some(Box::new(MemoryLease {
            store: self.clone(),
            key: key.clone(),
            holder,
        })))
    }
}

impl Lease for MemoryLease {
    fn renew(&mut self, span: Duration) -> Result<bool, Error> {
        let until = self.store.clock.now().after(span);
        let mut state = self.store.state();
        match state.leases.get_mut(&self.key) {
            Some(hold) if hold.holder == self.holder => {
                hold.until = until;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

impl Drop for MemoryLease {
    fn drop(&mut self) {
        let mut state = self.store.state();
        if state
            .leases
            .get(&self.key)
            .is_some_and(|hold| hold.holder == self.holder)
        {
            state.leases.remove(&self.key);
        }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grants = self.state().grants.len();
        f.debug_struct("MemoryStore")
            .field("grants", &grants)
            .finish()
    }
}

impl fmt::Debug for MemoryLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryLease({})", self.key)
    }
}
