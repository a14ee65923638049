//! The store in memory, the grant itself, its key, and what all stores have in common.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use gdata_auth::{
    Error, Kind, Timestamp,
    scope::ScopeNames,
    store::{
        GrantKey, Lease, MemoryStore, Put, Removal, StoredAccess, StoredGrant, TokenStore,
        UPDATE_TRIES, Version, update,
    },
};
use serde_json::json;

const START: i64 = 1_300_000_000;
const SPAN: Duration = Duration::from_secs(30);

fn key(account: &str) -> GrantKey {
    GrantKey::new(
        "https://accounts.google.com",
        "1234.apps.example.com",
        account,
    )
    .unwrap()
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(START + seconds)
}

fn grant() -> StoredGrant {
    StoredGrant::new(moment(0)).with_refresh_token("1//0refresh")
}

fn stored(put: Put) -> Version {
    match put {
        Put::Stored(version) => version,
        Put::Conflict => panic!("a conflict"),
    }
}

/// A store whose clock stands still until it is moved.
fn pinned() -> (MemoryStore, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(START));
    let clock = {
        let now = now.clone();
        move || Timestamp::from_unix_seconds(now.load(Ordering::Relaxed))
    };
    (MemoryStore::new().with_clock(Arc::new(clock)), now)
}

#[test]
fn writes_a_new_grant_only_where_none_is() {
    let store = MemoryStore::new();
    let alice = key("alice");
    assert_eq!(store.load(&alice).unwrap(), None);
    let version = stored(store.put(&alice, &grant(), None).unwrap());
    assert_eq!(store.load(&alice).unwrap(), Some((grant(), version)));
    assert_eq!(store.put(&alice, &grant(), None).unwrap(), Put::Conflict);
    assert_eq!(store.load(&key("bob")).unwrap(), None);
}

#[test]
fn refuses_a_write_over_another_version() {
    let store = MemoryStore::new();
    let alice = key("alice");
    let first = stored(store.put(&alice, &grant(), None).unwrap());
    let second = stored(
        store
            .put(&alice, &grant().with_rotations(1), Some(&first))
            .unwrap(),
    );
    assert_ne!(first, second);
    let late = grant().with_rotations(7);
    assert_eq!(
        store.put(&alice, &late, Some(&first)).unwrap(),
        Put::Conflict
    );
    let (kept, version) = store.load(&alice).unwrap().unwrap();
    assert_eq!((kept.rotations(), version), (1, second));
    let absent = store.put(&key("bob"), &late, Some(&first)).unwrap();
    assert_eq!(absent, Put::Conflict);
}

#[test]
fn removes_what_was_expected_or_whatever_is_there() {
    let store = MemoryStore::new();
    let alice = key("alice");
    assert_eq!(store.remove(&alice, None).unwrap(), Removal::Absent);
    let first = stored(store.put(&alice, &grant(), None).unwrap());
    let second = stored(store.put(&alice, &grant(), Some(&first)).unwrap());
    assert_eq!(
        store.remove(&alice, Some(&first)).unwrap(),
        Removal::Conflict
    );
    assert_eq!(
        store.remove(&alice, Some(&second)).unwrap(),
        Removal::Removed
    );
    assert_eq!(
        store.remove(&alice, Some(&second)).unwrap(),
        Removal::Absent
    );
    stored(store.put(&alice, &grant(), None).unwrap());
    assert_eq!(store.remove(&alice, None).unwrap(), Removal::Removed);
    assert_eq!(store.load(&alice).unwrap(), None);
}

#[test]
fn lists_the_keys_in_order() {
    let store = MemoryStore::new();
    for account in ["carol", "alice", "bob"] {
        stored(store.put(&key(account), &grant(), None).unwrap());
    }
    assert_eq!(
        store.list().unwrap(),
        [key("alice"), key("bob"), key("carol")]
    );
}

#[test]
fn a_lease_has_one_holder_until_it_is_dropped() {
    let (store, _) = pinned();
    let store: Arc<dyn TokenStore> = Arc::new(store);
    let alice = key("alice");
    let lease = store.lease(&alice, SPAN).unwrap().unwrap();
    assert!(store.lease(&alice, SPAN).unwrap().is_none());
    assert!(store.lease(&key("bob"), SPAN).unwrap().is_some());
    drop(lease);
    assert!(store.lease(&alice, SPAN).unwrap().is_some());
}

#[test]
fn a_lease_that_ran_out_goes_to_whoever_asks_first() {
    let (store, now) = pinned();
    let alice = key("alice");
    let mut late = store.lease(&alice, SPAN).unwrap().unwrap();
    now.fetch_add(29, Ordering::Relaxed);
    assert!(store.lease(&alice, SPAN).unwrap().is_none());
    now.fetch_add(1, Ordering::Relaxed);
    let mut next = store.lease(&alice, SPAN).unwrap().unwrap();
    assert!(!late.renew(SPAN).unwrap());
    drop(late);
    assert!(
        store.lease(&alice, SPAN).unwrap().is_none(),
        "the former holder released a lease that was not its own"
    );
    assert!(next.renew(SPAN).unwrap());
}

#[test]
fn a_renewed_lease_lasts_from_its_renewal() {
    let (store, now) = pinned();
    let alice = key("alice");
    let mut lease = store.lease(&alice, SPAN).unwrap().unwrap();
    now.fetch_add(20, Ordering::Relaxed);
    assert!(lease.renew(SPAN).unwrap());
    now.fetch_add(29, Ordering::Relaxed);
    assert!(store.lease(&alice, SPAN).unwrap().is_none());
    now.fetch_add(100, Ordering::Relaxed);
    assert!(
        lease.renew(SPAN).unwrap(),
        "nobody else took it in the meantime"
    );
    assert!(store.lease(&alice, SPAN).unwrap().is_none());
}

#[test]
fn threads_lose_no_update() {
    let store = Arc::new(MemoryStore::new());
    let alice = key("alice");
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (store, alice) = (store.clone(), alice.clone());
            std::thread::spawn(move || {
                for _ in 0..100 {
                    update(&store, &alice, |kept| {
                        let kept = kept.unwrap_or_else(grant);
                        let rotations = kept.rotations() + 1;
                        kept.with_rotations(rotations)
                    })
                    .unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let (kept, _) = store.load(&alice).unwrap().unwrap();
    assert_eq!(kept.rotations(), 400);
}

/// A store where somebody else always comes first.
#[derive(Debug, Default)]
struct Contended(AtomicU32);

impl TokenStore for Contended {
    fn load(&self, _: &GrantKey) -> Result<Option<(StoredGrant, Version)>, Error> {
        Ok(None)
    }

    fn put(&self, _: &GrantKey, _: &StoredGrant, _: Option<&Version>) -> Result<Put, Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Put::Conflict)
    }

    fn remove(&self, _: &GrantKey, _: Option<&Version>) -> Result<Removal, Error> {
        Ok(Removal::Absent)
    }

    fn list(&self) -> Result<Vec<GrantKey>, Error> {
        Ok(Vec::new())
    }

    fn lease(&self, _: &GrantKey, _: Duration) -> Result<Option<Box<dyn Lease>>, Error> {
        Ok(None)
    }
}

#[test]
fn an_update_gives_up_in_the_end() {
    let store = Contended::default();
    let error = update(&store, &key("alice"), |_| grant()).unwrap_err();
    assert_eq!(error.kind(), Kind::Transport);
    assert!(error.is_transient());
    assert_eq!(store.0.load(Ordering::Relaxed), UPDATE_TRIES);
    assert_eq!(
        error.to_string(),
        "alice at https://accounts.google.com for client 1234.apps.example.com: \
         expected to write, got 1000 conflicts with others"
    );
}

#[test]
fn the_written_form_is_this() {
    let names = |text| ScopeNames::parse(text).unwrap();
    let full = grant()
        .with_access_token(StoredAccess::new("ya29.token", moment(3600)))
        .with_requested(names("openid email"))
        .with_granted(names("openid"))
        .with_refreshed_at(moment(60))
        .with_refresh_expires_at(moment(604_800))
        .with_subject("110248495921238986420")
        .with_email("alice@example.com")
        .with_flow("device")
        .with_consents(2)
        .with_rotations(3)
        .with_death("invalid_grant", moment(7200))
        .with_extra("x-note", "mine")
        .unwrap();
    let text = r#"{"version":1,"refresh_token":"1//0refresh","access_token":{"token":"ya29.token","expires_at":1300003600},"requested":"openid email","granted":"openid","obtained_at":1300000000,"refreshed_at":1300000060,"refresh_expires_at":1300604800,"subject":"110248495921238986420","email":"alice@example.com","flow":"device","consents":2,"rotations":3,"dead":{"reason":"invalid_grant","at":1300007200},"x-note":"mine"}"#;
    assert_eq!(full.to_json().expose(), text);
    assert_eq!(StoredGrant::from_json(text).unwrap(), full);
    // Every field of its own is a name that an extra one cannot have.
    let fields: serde_json::Value = serde_json::from_str(text).unwrap();
    for name in fields.as_object().unwrap().keys() {
        let refused = grant().with_extra(name.as_str(), 1).is_err();
        assert_eq!(refused, name != "x-note", "{name}");
    }
}

#[test]
fn keeps_fields_that_it_does_not_know() {
    let text = r#"{"version":1,"obtained_at":1300000000,"dpop_key":{"kty":"EC","depth":[1,null]},"seen":null}"#;
    let grant = StoredGrant::from_json(text).unwrap();
    assert_eq!(grant.extra()["dpop_key"]["kty"], "EC");
    let again = grant.rotated_to("1//0new").to_json();
    let again: serde_json::Value = serde_json::from_str(again.expose()).unwrap();
    assert_eq!(again["dpop_key"], json!({"kty": "EC", "depth": [1, null]}));
    assert_eq!(again["seen"], json!(null));
    assert_eq!(again["refresh_token"], "1//0new");
}

#[test]
fn an_answer_without_a_refresh_token_leaves_the_one_that_is_kept() {
    let grant = grant()
        .with_access_token(StoredAccess::new("ya29.next", moment(3600)))
        .with_refreshed_at(moment(0));
    assert_eq!(grant.refresh_token().unwrap().expose(), "1//0refresh");
}

#[test]
fn a_rotation_is_counted_when_the_token_is_another() {
    let same = grant().rotated_to("1//0refresh");
    assert_eq!(same.rotations(), 0);
    let other = same.rotated_to("1//0other");
    assert_eq!(other.rotations(), 1);
    assert_eq!(other.refresh_token().unwrap().expose(), "1//0other");
}

#[test]
fn a_dead_grant_lives_again_by_consent_alone() {
    let dead = grant().with_death("invalid_grant", moment(60));
    assert_eq!(dead.dead().unwrap().reason(), "invalid_grant");
    assert_eq!(dead.dead().unwrap().at(), moment(60));
    let refreshed = dead.clone().with_refreshed_at(moment(90));
    assert!(refreshed.dead().is_some());
    let again = dead.consented_again(moment(120));
    assert!(again.dead().is_none());
    assert_eq!((again.consents(), again.obtained_at()), (2, moment(120)));
}

#[test]
fn a_grant_that_cannot_be_read_is_told_by_its_place() {
    for (text, message) in [
        (
            r#"{"version":1,"refresh_token":"CANARY"#,
            "grant: expected a whole grant, got one cut short",
        ),
        ("", "grant: expected a whole grant, got one cut short"),
        (
            r#"{"version":1,CANARY}"#,
            "grant: expected a grant, got no JSON at line 1, column 14",
        ),
        (
            r#"{"version":2,"refresh_token":["CANARY"]}"#,
            "grant: expected version 1, got 2",
        ),
    ] {
        let error = StoredGrant::from_json(text).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert_eq!(error.to_string(), message);
    }
    for text in [
        r#"{"version":1,"obtained_at":"CANARY"}"#,
        r#"{"version":1,"obtained_at":1,"access_token":"CANARY"}"#,
        r#"{"version":"CANARY"}"#,
        r#"{"version":1,"obtained_at":1,"granted":"CANARY\""}"#,
    ] {
        let error = StoredGrant::from_json(text).unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(told.contains("JSON of another shape"), "{told}");
        assert!(!told.contains("CANARY"), "{told}");
    }
}

#[test]
fn a_key_names_three_printable_parts() {
    let long = "a".repeat(GrantKey::MAX);
    assert!(GrantKey::new("https://a.test", "c", long.as_str()).is_ok());
    assert!(GrantKey::new("https://a.test", "c", "Zoë@example.com").is_ok());
    for (issuer, client_id, account, field) in [
        ("", "c", "a", "issuer"),
        ("i", "", "a", "client_id"),
        ("i", "c", "", "account"),
        ("i", "c", "a\nb", "account"),
        ("i", "c", "a\u{202e}b", "account"),
        ("i\u{7f}", "c", "a", "issuer"),
        ("i", "c", &format!("{long}a"), "account"),
    ] {
        let error = GrantKey::new(issuer, client_id, account).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        let start = format!("{field}: expected 1 to 512 bytes of printable text");
        assert!(error.to_string().starts_with(&start), "{error}");
    }
    let read = |text| serde_json::from_str::<GrantKey>(text);
    let text = r#"{"issuer":"i","client_id":"c","account":"a"}"#;
    let parsed = read(text).unwrap();
    assert_eq!(serde_json::to_string(&parsed).unwrap(), text);
    assert!(read(r#"{"issuer":"i","client_id":"c","account":""}"#).is_err());
}

#[test]
fn parts_that_run_together_make_different_keys() {
    let keys: BTreeSet<GrantKey> = [("ab", "c", "d"), ("a", "bc", "d"), ("a", "b", "cd")]
        .map(|(issuer, client, account)| GrantKey::new(issuer, client, account).unwrap())
        .into();
    let store = MemoryStore::new();
    for key in &keys {
        stored(store.put(key, &grant(), None).unwrap());
    }
    assert_eq!(store.list().unwrap().len(), 3);
}
