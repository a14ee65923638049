//! Which folders and files are refused, and what modes they are made with.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use gdata_auth::{
    Kind,
    store::{FileStore, Removal, TokenStore},
};

use crate::{
    child::{PLAIN, run},
    place::{Place, SPAN, account, chmod, grant, key, mode, obeyed, say, stored, told},
};

#[test]
fn refuses_a_file_that_others_may_read() {
    let place = Place::new("modes");
    let store = place.store();
    let version = stored(store.put(&key(), &grant(), None).unwrap());
    let file = place.file();
    for open in [0o644, 0o640, 0o604, 0o620, 0o601] {
        chmod(&file, open);
        for refused in [
            store.load(&key()).err(),
            store.put(&key(), &grant(), Some(&version)).err(),
            store.remove(&key(), Some(&version)).err(),
            store.list().err(),
        ] {
            let error = refused.unwrap();
            assert_eq!(error.kind(), Kind::Input);
            let name = file.to_str().unwrap();
            told(
                &error,
                &[name, "run chmod 600 ", &format!("got {open:04o}")],
            );
            obeyed(&error);
            assert_eq!(mode(&file), 0o600);
            assert!(store.load(&key()).unwrap().is_some());
            chmod(&file, open);
        }
    }
    chmod(&file, 0o400);
    assert_eq!(store.load(&key()).unwrap(), Some((grant(), version)));
}

#[test]
fn refuses_a_folder_that_others_may_use() {
    let place = Place::new("folder's modes");
    let store = place.store();
    stored(store.put(&key(), &grant(), None).unwrap());
    let folder = place.folder();
    for open in [0o755, 0o710, 0o701, 0o720] {
        chmod(&folder, open);
        for refused in [
            FileStore::open(&folder).err(),
            store.load(&key()).err(),
            store.list().err(),
            store.lease(&key(), SPAN).err(),
            store.put(&key(), &grant(), None).err(),
            store.remove(&key(), None).err(),
        ] {
            let error = refused.unwrap();
            assert_eq!(error.kind(), Kind::Input);
            told(&error, &["run chmod 700 ", &format!("got {open:04o}")]);
            obeyed(&error);
            assert_eq!(mode(&folder), 0o700);
            assert!(store.load(&key()).unwrap().is_some());
            chmod(&folder, open);
        }
    }
}

#[test]
fn refuses_links_and_whatever_else_is_no_file() {
    let place = Place::new("links");
    let store = place.store();
    let version = stored(store.put(&key(), &grant(), None).unwrap());
    let file = place.file();
    let target = place.0.join("elsewhere");
    fs::rename(&file, &target).unwrap();
    symlink(&target, &file).unwrap();
    for refused in [
        store.load(&key()).err(),
        store.put(&key(), &grant(), Some(&version)).err(),
        store.list().err(),
    ] {
        told(
            &refused.unwrap(),
            &[file.to_str().unwrap(), "symbolic link"],
        );
    }
    assert_eq!(store.remove(&key(), None).unwrap(), Removal::Removed);
    assert!(target.exists(), "the link's target was removed");

    let lock = place.names(".lock").remove(0);
    fs::remove_file(&lock).unwrap();
    symlink(place.0.join("nowhere"), &lock).unwrap();
    told(
        &store.put(&key(), &grant(), None).unwrap_err(),
        &[lock.to_str().unwrap(), "symbolic link"],
    );
    assert!(!place.0.join("nowhere").exists(), "a link was followed");
    fs::remove_file(&lock).unwrap();

    // A pipe would hold its reader for ever.
    let pipe = Command::new("mkfifo").arg(&file).status().unwrap();
    assert!(pipe.success());
    told(&store.load(&key()).unwrap_err(), &["something else"]);
}

#[test]
fn refuses_a_folder_that_is_a_file() {
    let place = Place::new("no folder");
    fs::write(place.folder(), "").unwrap();
    told(
        &FileStore::open(place.folder()).unwrap_err(),
        &["expected a folder"],
    );
    let error = FileStore::open(place.folder().join("below")).unwrap_err();
    told(&error, &["cannot make", "tokens/below"]);
}

#[test]
fn refuses_what_belongs_to_another_user() {
    let place = Place::new("foreign");
    let store = place.store();
    stored(store.put(&key(), &grant(), None).unwrap());
    let give = |path: &Path| std::os::unix::fs::chown(path, Some(65_533), None);
    if give(&place.file()).is_err() {
        say("skipped: it lacks the right to give a file to another user (root)");
        return;
    }
    let whose = "expected it to belong to the user who runs this";
    let named = format!("{}: {whose}", place.file().display());
    for refused in [store.load(&key()).err(), store.list().err()] {
        told(&refused.unwrap(), &[&named]);
    }
    give(&place.folder()).unwrap();
    let named = format!("{}: {whose}", place.folder().display());
    for refused in [
        FileStore::open(place.folder()).err(),
        store.load(&key()).err(),
        store.put(&account("bob"), &grant(), None).err(),
    ] {
        let error = refused.unwrap();
        assert_eq!(error.kind(), Kind::Input);
        told(&error, &[&named]);
    }
}

#[test]
fn modes_do_not_depend_on_the_umask() {
    for umask in ["000", "022", "077", "377"] {
        let place = Place::new(&format!("umask-{umask}"));
        run(
            "write once",
            &place.folder(),
            &format!("umask {umask}; {PLAIN}"),
        );
        assert_eq!(mode(&place.folder()), 0o700, "{umask}");
        for path in place.names("") {
            assert_eq!(mode(&path), 0o600, "{umask} {}", path.display());
        }
        assert_eq!(place.store().list().unwrap(), [key()]);
    }
}
