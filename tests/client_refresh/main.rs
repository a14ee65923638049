//! Tokens kept fresh: how often a server is asked, who shares the answer, and what survives a failure.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod at_expiry;
mod cancelled;
mod faults;
mod rejected;
mod server;
mod shared;
mod stored;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use gdata_auth::{
    Timestamp,
    client::{Cached, StoredToken},
    oauth2::Client,
    scope::ScopeNames,
    store::{GrantKey, MemoryStore, StoredAccess, StoredGrant, TokenStore, update},
    system::{Clock, Randomness},
};
use server::Server;

pub(crate) const START: i64 = 1_700_000_000;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(crate) struct Time(Arc<AtomicI64>);

impl Time {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START)))
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn at(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0.load(Ordering::SeqCst))
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        let time = self.clone();
        Arc::new(move || time.at())
    }
}

/// The middle of the jitter.
struct Middle;

impl Randomness for Middle {
    fn fill(&self, bytes: &mut [u8]) {
        // 22 of 45 steps is no jitter at all for a margin of 225 s.
        bytes.fill(0);
        if let Some(last) = bytes.last_mut() {
            *last = 22;
        }
    }
}

pub(crate) fn app() -> Client {
    Client::installed("app").unwrap()
}

pub(crate) fn key() -> GrantKey {
    GrantKey::new("https://accounts.google.com", "app", "ann").unwrap()
}

/// A grant of an hour ago, whose access token has ended.
pub(crate) fn grant() -> StoredGrant {
    StoredGrant::new(Timestamp::from_unix_seconds(START - 3_600))
        .with_refresh_token("1//first")
        .with_granted(ScopeNames::parse("a b").unwrap())
        .with_access_token(StoredAccess::new(
            "ya29.old",
            Timestamp::from_unix_seconds(START),
        ))
}

pub(crate) fn store() -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    update(&*store, &key(), |_| grant()).unwrap();
    store
}

pub(crate) fn kept(store: &dyn TokenStore) -> StoredGrant {
    store.load(&key()).unwrap().unwrap().0
}

pub(crate) fn fetch(server: &Server, store: impl TokenStore + 'static, time: &Time) -> StoredToken {
    StoredToken::new(app(), store, key(), server.transport()).with_clock(time.clock())
}

pub(crate) fn source(
    server: &Server,
    store: impl TokenStore + 'static,
    time: &Time,
) -> Cached<StoredToken> {
    cached(fetch(server, store, time), time)
}

pub(crate) fn cached(fetch: StoredToken, time: &Time) -> Cached<StoredToken> {
    Cached::pinned(fetch, time.clock(), Arc::new(Middle))
}
