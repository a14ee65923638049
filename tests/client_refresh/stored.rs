//! The store in the middle: rotation, leases, conflicts, death.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use gdata_auth::{
    Advice, Error, Kind,
    client::{Retry, TokenSource},
    store::{GrantKey, Lease, MemoryStore, Put, Removal, StoredGrant, TokenStore, Version, update},
};

use super::{Time, cached, fetch, grant, kept, key, server::Server, source, store};

#[tokio::test]
async fn each_refresh_spends_the_newest_refresh_token() {
    let server = Server::new()
        .then_rotated("ya29.1", "1//second")
        .then_rotated("ya29.2", "1//third");
    let (time, store) = (Time::new(), store());
    let source = source(&server, store.clone(), &time);
    source.token().await.unwrap();
    time.pass(3_600);
    source.token().await.unwrap();
    assert_eq!(server.spent(), ["1//first", "1//second"]);
    assert_eq!(kept(&*store).refresh_token().unwrap().expose(), "1//third");
    assert_eq!(kept(&*store).rotations(), 2);
}

#[tokio::test]
async fn a_dead_grant_is_marked_with_its_reason_and_never_sent_again() {
    let dead =
        r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#;
    let server = Server::new().then(400, dead);
    let (time, store) = (Time::new(), store());
    let source = source(&server, store.clone(), &time);
    let error = source.token().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Revoked);
    assert!(error.needs_user());
    assert!(error.to_string().contains("most likely it was revoked"));
    let kept = kept(&*store);
    assert_eq!(kept.dead().unwrap().reason(), "it was revoked");
    assert_eq!(
        kept.refresh_token().unwrap().expose(),
        "1//first",
        "kept for diagnosis"
    );
    time.pass(60);
    let again = source.token().await.unwrap_err();
    assert!(
        again
            .to_string()
            .contains("the grant died at 2023-11-14T22:13:20Z (it was revoked)")
    );
    assert_eq!(server.spent().len(), 1);
}

#[tokio::test]
async fn session_control_leaves_the_grant_alive() {
    let rapt = r#"{"error":"invalid_grant","error_subtype":"invalid_rapt"}"#;
    let server = Server::new().then(400, rapt).then_token("ya29.1", 3_600);
    let (time, store) = (Time::new(), store());
    let source = source(&server, store.clone(), &time);
    let error = source.token().await.unwrap_err();
    assert_eq!(error.advice(), Advice::Reauthenticate);
    assert!(kept(&*store).dead().is_none());
    time.pass(60);
    assert!(source.token().await.is_ok());
}

/// A store that another process writes to just before the first `load` after the call.
#[derive(Debug)]
struct Busy {
    inner: Arc<MemoryStore>,
    loads: Mutex<u32>,
    at: u32,
}

impl TokenStore for Busy {
    fn load(&self, key: &GrantKey) -> Result<Option<(StoredGrant, Version)>, Error> {
        let mut loads = self.loads.lock().unwrap();
        *loads += 1;
        if *loads == self.at {
            update(&*self.inner, key, |kept| {
                kept.unwrap().rotated_to("1//theirs")
            })?;
        }
        self.inner.load(key)
    }

    fn put(
        &self,
        key: &GrantKey,
        grant: &StoredGrant,
        expected: Option<&Version>,
    ) -> Result<Put, Error> {
        self.inner.put(key, grant, expected)
    }

    fn remove(&self, key: &GrantKey, expected: Option<&Version>) -> Result<Removal, Error> {
        self.inner.remove(key, expected)
    }

    fn list(&self) -> Result<Vec<GrantKey>, Error> {
        self.inner.list()
    }

    fn lease(&self, key: &GrantKey, span: Duration) -> Result<Option<Box<dyn Lease>>, Error> {
        self.inner.lease(key, span)
    }
}

#[tokio::test]
async fn invalid_grant_of_a_token_that_another_process_has_rotated_is_no_death() {
    let server = Server::new()
        .then(400, r#"{"error":"invalid_grant"}"#)
        .then_rotated("ya29.1", "1//ours");
    let (time, inner) = (Time::new(), store());
    let busy = Busy {
        inner: inner.clone(),
        loads: Mutex::default(),
        at: 3,
    };
    let source = source(&server, busy, &time);
    assert_eq!(
        source.token().await.unwrap().token.secret().expose(),
        "ya29.1"
    );
    assert_eq!(server.spent(), ["1//first", "1//theirs"]);
    assert_eq!(kept(&*inner).refresh_token().unwrap().expose(), "1//ours");
    assert!(kept(&*inner).dead().is_none());
}

#[tokio::test]
async fn a_consent_that_came_in_between_is_not_overwritten() {
    let server = Server::new().then_token("ya29.1", 3_600);
    let (time, store) = (Time::new(), store());
    let source = source(&server, store.clone(), &time);
    let gate = server.hold();
    let waiting = tokio::spawn(async move { source.token().await.map(drop) });
    server.arrived().await;
    update(&*store, &key(), |kept| {
        kept.unwrap()
            .consented_again(time.at())
            .with_refresh_token("1//consented")
    })
    .unwrap();
    gate.notify_one();
    waiting.await.unwrap().unwrap();
    let kept = kept(&*store);
    assert_eq!(kept.refresh_token().unwrap().expose(), "1//consented");
    assert_eq!(kept.consents(), 2);
}

#[tokio::test]
async fn while_another_has_the_lease_nobody_spends_the_token_twice() {
    let (time, store) = (Time::new(), store());
    let lease = store
        .lease(&key(), Duration::from_secs(60))
        .unwrap()
        .unwrap();
    let server = Server::new().then_token("ya29.1", 3_600);
    let without = source(&server, store.clone(), &time);
    let error = without.token().await.unwrap_err();
    assert!(error.is_transient());
    assert!(
        error
            .to_string()
            .ends_with("another process is refreshing this grant")
    );
    // With a backoff it waits, and takes what the other one got.
    let lease = Arc::new(Mutex::new(Some(lease)));
    let patient = {
        let (store, time) = (store.clone(), time.clone());
        fetch(&server, store.clone(), &time).with_backoff(move |retry: Retry| {
            if retry.attempt == 3 {
                update(&*store, &key(), |kept| {
                    let end = time.at().after(Duration::from_secs(3_600));
                    kept.unwrap()
                        .with_access_token(gdata_auth::store::StoredAccess::new("ya29.theirs", end))
                        .with_refreshed_at(time.at())
                })
                .unwrap();
                lease.lock().unwrap().take();
            }
            std::future::ready(())
        })
    };
    let issued = cached(patient, &time).token().await.unwrap();
    assert_eq!(issued.token.secret().expose(), "ya29.theirs");
    assert!(server.spent().is_empty());
}

/// A store whose disk is full for the first writes.
#[derive(Debug)]
struct Full(Arc<MemoryStore>, Mutex<u32>);

impl TokenStore for Full {
    fn load(&self, key: &GrantKey) -> Result<Option<(StoredGrant, Version)>, Error> {
        self.0.load(key)
    }

    fn put(
        &self,
        key: &GrantKey,
        grant: &StoredGrant,
        expected: Option<&Version>,
    ) -> Result<Put, Error> {
        let mut left = self.1.lock().unwrap();
        if *left > 0 {
            *left -= 1;
            return Err("not a moment".parse::<gdata_auth::Timestamp>().unwrap_err());
        }
        self.0.put(key, grant, expected)
    }

    fn remove(&self, key: &GrantKey, expected: Option<&Version>) -> Result<Removal, Error> {
        self.0.remove(key, expected)
    }

    fn list(&self) -> Result<Vec<GrantKey>, Error> {
        self.0.list()
    }

    fn lease(&self, key: &GrantKey, span: Duration) -> Result<Option<Box<dyn Lease>>, Error> {
        self.0.lease(key, span)
    }
}

#[tokio::test]
async fn a_rotated_token_that_a_full_disk_refused_is_written_before_the_next_call() {
    let server = Server::new()
        .then_rotated("ya29.1", "1//second")
        .then_rotated("ya29.2", "1//third");
    let (time, inner) = (Time::new(), store());
    let full = Full(inner.clone(), Mutex::new(1));
    let source = source(&server, full, &time);
    assert!(source.token().await.is_ok(), "the token itself is good");
    assert_eq!(kept(&*inner).refresh_token().unwrap().expose(), "1//first");
    time.pass(3_600);
    source.token().await.unwrap();
    assert_eq!(server.spent(), ["1//first", "1//second"]);
    assert_eq!(kept(&*inner).refresh_token().unwrap().expose(), "1//third");
}

#[tokio::test]
async fn a_grant_without_a_refresh_token_says_how_to_get_one() {
    let (time, store) = (Time::new(), store());
    update(&*store, &key(), |_| grant().without_refresh_token()).unwrap();
    let error = source(&Server::new(), store, &time)
        .token()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Expired);
    assert!(
        error
            .to_string()
            .contains("access_type=offline and prompt=consent")
    );
}
