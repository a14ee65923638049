//! What stands in the folder, and who wins when two write it.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use gdata_auth::{
    Advice, Kind, Timestamp,
    store::{FileStore, Put, Removal, TokenStore, update},
};

use crate::place::{Place, SPAN, account, counted, grant, key, stored, told};

#[test]
fn a_second_handle_reads_what_the_first_wrote() {
    let place = Place::new("handles");
    let (one, two) = (place.store(), place.store());
    assert_eq!(one.load(&key()).unwrap(), None);
    let version = stored(one.put(&key(), &grant(), None).unwrap());
    assert_eq!(two.load(&key()).unwrap(), Some((grant(), version)));
    assert_eq!(two.list().unwrap(), [key()]);
}

#[test]
fn the_second_of_two_handles_that_write_is_told_of_a_conflict() {
    let place = Place::new("conflict");
    let (one, two) = (place.store(), place.store());
    let first = stored(one.put(&key(), &grant(), None).unwrap());
    assert_eq!(two.put(&key(), &grant(), None).unwrap(), Put::Conflict);
    let next = grant().rotated_to("second-CANARY");
    let second = stored(two.put(&key(), &next, Some(&first)).unwrap());
    assert_eq!(
        one.put(&key(), &grant(), Some(&first)).unwrap(),
        Put::Conflict
    );
    assert_eq!(one.remove(&key(), Some(&first)).unwrap(), Removal::Conflict);
    assert_eq!(one.load(&key()).unwrap(), Some((next, second.clone())));
    assert_eq!(one.remove(&key(), Some(&second)).unwrap(), Removal::Removed);
    assert_eq!(two.load(&key()).unwrap(), None);
    assert_eq!(two.remove(&key(), None).unwrap(), Removal::Absent);
    let again = two.put(&key(), &grant(), Some(&second)).unwrap();
    assert_eq!(again, Put::Conflict);
}

#[test]
fn a_file_that_another_program_changed_has_another_version() {
    let place = Place::new("content");
    let store = place.store();
    let version = stored(store.put(&key(), &grant(), None).unwrap());
    let text = fs::read_to_string(place.file()).unwrap();
    fs::write(place.file(), text.replace("CANARY", "OTHER")).unwrap();
    let conflict = store.put(&key(), &grant(), Some(&version)).unwrap();
    assert_eq!(conflict, Put::Conflict);
    fs::write(place.file(), text).unwrap();
    assert_eq!(store.load(&key()).unwrap(), Some((grant(), version)));
}

#[test]
fn the_file_is_this() {
    let place = Place::new("form");
    let store = place.store();
    stored(store.put(&key(), &grant(), None).unwrap());
    assert_eq!(
        fs::read_to_string(place.file()).unwrap(),
        concat!(
            r#"{"key":{"issuer":"https://accounts.google.com","client_id":"1234.apps.example.com","#,
            r#""account":"alice@example.com"},"grant":{"version":1,"refresh_token":"1//0refresh-CANARY","#,
            r#""requested":"","granted":"","obtained_at":1300000000,"consents":1,"rotations":0}}"#,
            "\n"
        )
    );
    // python: sha256(b"".join(struct.pack(">Q", len(part)) + part for part in parts)).hexdigest()
    assert_eq!(
        place.file().file_name().unwrap(),
        "030c646bf7ed99fcd8e6250442429cf207d1571d5528859673e8826439c2cc54.json"
    );
}

#[test]
fn keeps_fields_that_it_does_not_know() {
    let place = Place::new("unknown");
    let store = place.store();
    stored(store.put(&key(), &grant(), None).unwrap());
    let text = fs::read_to_string(place.file()).unwrap();
    let later = text.replace(r#""version":1"#, r#""version":1,"dpop":{"key":[1,2]}"#);
    fs::write(place.file(), later).unwrap();
    update(&store, &key(), counted).unwrap();
    let text = fs::read_to_string(place.file()).unwrap();
    assert!(text.contains(r#""dpop":{"key":[1,2]}"#), "{text}");
    assert!(text.contains(r#""rotations":1"#), "{text}");
}

#[test]
fn lists_every_account_and_nothing_else() {
    let place = Place::new("list");
    let store = place.store();
    for name in ["bob", "alice", "carol"] {
        stored(store.put(&account(name), &grant(), None).unwrap());
        drop(store.lease(&account(name), SPAN).unwrap().unwrap());
    }
    fs::write(place.folder().join("client_secret.json"), "{}").unwrap();
    fs::write(place.folder().join("notes.new"), "").unwrap();
    let keys = ["alice", "bob", "carol"].map(account);
    assert_eq!(store.list().unwrap(), keys);
    let names = place.names("");
    assert_eq!(names.len(), 3 * 3 + 2, "{names:?}");
    let named = |path: &PathBuf| path.to_str().unwrap().contains("alice");
    assert!(!names.iter().any(named), "{names:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_can_be_removed() {
    let place = Place::new("torn");
    let store = place.store();
    stored(store.put(&key(), &grant(), None).unwrap());
    let file = place.file();
    let whole = fs::read_to_string(&file).unwrap();
    let torn = &whole[..whole.len() - 30];
    for (content, problem) in [
        (torn, "cut short"),
        ("", "cut short"),
        ("\0\0\0\0", "no JSON at line 1"),
        ("CANARY", "no JSON at line 1"),
        (r#"{"key":"CANARY","grant":{"version":1}}"#, "another shape"),
        (
            &whole.replace(r#""version":1"#, r#""version":9"#),
            "expected version 1, got 9",
        ),
        (
            &whole.replace(r#""rotations":0"#, r#""rotations":"CANARY""#),
            "another shape",
        ),
        (&format!("{whole}{whole}"), "no JSON at line 2"),
    ] {
        fs::write(&file, content).unwrap();
        let error = store.load(&key()).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert!(matches!(error.advice(), Advice::AskConsent { .. }));
        told(&error, &[file.to_str().unwrap(), problem, "move it away"]);
        told(&update(&store, &key(), counted).unwrap_err(), &[problem]);
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
        // Of a field that is wrong inside the grant, the list need not know.
        if !content.contains("rotations\":\"CANARY") {
            told(&store.list().unwrap_err(), &[problem]);
        }
    }
    fs::write(&file, torn).unwrap();
    assert_eq!(store.put(&key(), &grant(), None).unwrap(), Put::Conflict);
    assert_eq!(store.remove(&key(), None).unwrap(), Removal::Removed);
    stored(store.put(&key(), &grant(), None).unwrap());
}

#[test]
fn refuses_a_file_that_was_renamed_to_another_account() {
    let place = Place::new("renamed");
    let store = place.store();
    stored(store.put(&account("bob"), &grant(), None).unwrap());
    let bob = place.file();
    stored(store.put(&key(), &grant(), None).unwrap());
    let alice = place.names(".json").into_iter().find(|path| *path != bob);
    fs::copy(alice.unwrap(), &bob).unwrap();
    told(
        &store.load(&account("bob")).unwrap_err(),
        &[bob.to_str().unwrap(), "another's"],
    );
}

#[test]
fn refuses_a_grant_that_is_too_large() {
    let place = Place::new("large");
    let store = place.store();
    let large = "x".repeat(FileStore::MAX_BYTES);
    let grant = grant().with_extra("filler", large.as_str()).unwrap();
    let error = store.put(&key(), &grant, None).unwrap_err();
    told(&error, &["grant: expected at most 1048576 bytes"]);
    stored(store.put(&key(), &self::grant(), None).unwrap());
    fs::write(place.file(), large + "x").unwrap();
    told(&store.load(&key()).unwrap_err(), &["at most 1048576 bytes"]);
}

#[test]
fn leftovers_are_swept_when_they_are_old() {
    let place = Place::new("leftovers");
    stored(place.store().put(&key(), &grant(), None).unwrap());
    let stem = place.file().with_extension("");
    let left = format!("{}.0123456789abcdef.new", stem.display());
    fs::write(&left, "half a gra").unwrap();
    let other = place.folder().join("of somebody else's.new");
    fs::write(&other, "").unwrap();
    let written = fs::metadata(&left).unwrap().modified().unwrap();
    let written = written.duration_since(std::time::UNIX_EPOCH).unwrap();
    let after = |seconds| {
        let now = Timestamp::default().after(written + Duration::from_secs(seconds));
        place.store().with_clock(Arc::new(move || now))
    };
    let young = after(3600);
    assert_eq!(young.list().unwrap(), [key()]);
    assert!(young.load(&key()).unwrap().is_some());
    update(&young, &key(), counted).unwrap();
    assert!(Path::new(&left).exists());
    update(&after(3601), &key(), counted).unwrap();
    assert!(!Path::new(&left).exists());
    assert!(other.exists());
}

#[test]
fn a_lock_file_that_was_removed_by_hand_is_made_again() {
    let place = Place::new("tidied");
    let store = place.store();
    update(&store, &key(), counted).unwrap();
    drop(store.lease(&key(), SPAN).unwrap());
    for path in [place.names(".lock"), place.names(".lease")].concat() {
        fs::remove_file(path).unwrap();
    }
    update(&store, &key(), counted).unwrap();
    assert!(store.lease(&key(), SPAN).unwrap().is_some());
}
