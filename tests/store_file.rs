//! The store in a folder: modes, links, torn files, and processes that write at once or die at it.
//!
//! A child process is this binary again: `as_a_child` alone, told by a variable what to do.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs::{self, File, Permissions},
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use gdata_auth::{
    Advice, Error, Kind, Timestamp,
    store::{FileStore, GrantKey, Put, Removal, StoredGrant, TokenStore, Version, update},
};

const SPAN: Duration = Duration::from_secs(30);
const TOKEN: &str = "1//0refresh-CANARY";

/// A place of a test's own, gone at its end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("store-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn folder(&self) -> PathBuf {
        self.0.join("tokens")
    }

    fn store(&self) -> FileStore {
        FileStore::open(self.folder()).unwrap()
    }

    /// The names in the folder that end so.
    fn names(&self, end: &str) -> Vec<PathBuf> {
        let mut paths: Vec<_> = fs::read_dir(self.folder())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_str().unwrap().ends_with(end))
            .collect();
        paths.sort();
        paths
    }

    /// The one file of the one grant.
    fn file(&self) -> PathBuf {
        let names = self.names(".json");
        assert_eq!(names.len(), 1, "{names:?}");
        names[0].clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::set_permissions(self.folder(), Permissions::from_mode(0o700));
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn key() -> GrantKey {
    account("alice@example.com")
}

fn account(name: &str) -> GrantKey {
    GrantKey::new("https://accounts.google.com", "1234.apps.example.com", name).unwrap()
}

fn grant() -> StoredGrant {
    StoredGrant::new(Timestamp::from_unix_seconds(1_300_000_000)).with_refresh_token(TOKEN)
}

fn counted(kept: Option<StoredGrant>) -> StoredGrant {
    let kept = kept.unwrap_or_else(grant);
    let rotations = kept.rotations() + 1;
    kept.with_rotations(rotations)
}

fn stored(put: Put) -> Version {
    match put {
        Put::Stored(version) => version,
        Put::Conflict => panic!("a conflict"),
    }
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

/// An error tells its file and never a token.
fn told(error: &Error, parts: &[&str]) {
    let text = format!("{error} {error:?}");
    assert!(!text.contains("CANARY"), "{text}");
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// Runs the command that an error gives.
fn obeyed(error: &Error) {
    let text = error.to_string();
    let (_, command) = text.split_once("; run ").unwrap();
    let status = Command::new("sh").args(["-c", command]).status();
    assert!(status.unwrap().success(), "{command}");
}

/// This binary as another process. `shell` runs before it, with the program and its arguments as `"$@"`.
fn child(task: &str, folder: &Path, shell: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", shell, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "as_a_child", "--ignored", "--nocapture"])
        .env("STORE_TASK", task)
        .env("STORE_FOLDER", folder);
    command
}

const PLAIN: &str = "exec \"$@\"";

fn run(task: &str, folder: &Path, shell: &str) -> Output {
    let output = child(task, folder, shell).output().unwrap();
    assert!(
        output.status.success(),
        "{task}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A child that is alive until it is killed, and its lines.
struct Running(Child, BufReader<std::process::ChildStdout>);

impl Running {
    fn start(task: &str, folder: &Path) -> Self {
        let mut child = child(task, folder, PLAIN)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self(child, lines)
    }

    /// Waits for this line.
    fn until(&mut self, wanted: &str) {
        let mut line = String::new();
        while line.trim_end() != wanted {
            line.clear();
            assert_ne!(self.1.read_line(&mut line).unwrap(), 0, "no {wanted}");
        }
    }

    /// Kill -9.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "it is the other process of the tests here, and needs one of them to tell it what to do"]
#[expect(clippy::disallowed_methods, reason = "a child is told by variables")]
fn as_a_child() {
    let task = std::env::var("STORE_TASK").unwrap();
    let folder = PathBuf::from(std::env::var_os("STORE_FOLDER").unwrap());
    let store = FileStore::open(&folder).unwrap();
    match task.as_str() {
        "write once" => drop(update(&store, &key(), counted).unwrap()),
        "write 200 times" => {
            for _ in 0..200 {
                update(&store, &key(), counted).unwrap();
            }
        }
        "write until killed" => loop {
            let (grant, _) = update(&store, &key(), big).unwrap();
            say(&format!("wrote {}", grant.rotations() % 4));
        },
        "hold a lease" => {
            let lease = store.lease(&key(), SPAN).unwrap().unwrap();
            say("");
            say("held");
            // Until it is killed: the parent never closes this.
            let mut rest = Vec::new();
            std::io::stdin().read_to_end(&mut rest).unwrap();
            drop(lease);
        }
        "find the lease taken" => assert!(store.lease(&key(), SPAN).unwrap().is_none()),
        "fail to write" => refuses_to_write(&store, ""),
        "fill the disk" => {
            stored(store.put(&key(), &grant(), None).unwrap());
            let mut filler = File::create(folder.join("filler")).unwrap();
            while filler.write_all(&[0; 512]).is_ok() {}
            refuses_to_write(&store, "No space left");
        }
        "write to a read-only disk" => {
            stored(store.put(&key(), &grant(), None).unwrap());
            let mount = Command::new("mount")
                .args(["-o", "remount,ro"])
                .arg(folder.parent().unwrap())
                .status();
            assert!(mount.unwrap().success());
            refuses_to_write(&store, "Read-only file system");
            refuses_to_write(&FileStore::open(&folder).unwrap(), "Read-only file system");
        }
        other => panic!("{other}"),
    }
}

/// Two halves that belong together, over more than one page of the disk.
fn big(kept: Option<StoredGrant>) -> StoredGrant {
    let grant = counted(kept);
    let number = grant.rotations();
    grant
        .with_refresh_token(number.to_string())
        .with_extra("filler", format!("{number} ").repeat(10_000))
        .unwrap()
}

/// A write fails, names the file, leaves what was there, and leaves nothing else.
fn refuses_to_write(store: &FileStore, cause: &str) {
    let (before, version) = store.load(&key()).unwrap().unwrap();
    let large = big(Some(before.clone()));
    let error = store.put(&key(), &large, Some(&version)).unwrap_err();
    told(&error, &[store.folder().to_str().unwrap(), cause]);
    assert_eq!(store.load(&key()).unwrap(), Some((before, version)));
    let left = fs::read_dir(store.folder()).unwrap().any(|entry| {
        let name = entry.unwrap().file_name();
        name.to_str().unwrap().ends_with(".new")
    });
    assert!(!left, "a half-written file was left behind");
}

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

#[test]
fn two_processes_lose_no_update() {
    let place = Place::new("processes");
    let start = || child("write 200 times", &place.folder(), PLAIN).spawn();
    let mut children = [start().unwrap(), start().unwrap()];
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let (kept, _) = place.store().load(&key()).unwrap().unwrap();
    assert_eq!(kept.rotations(), 400);
    assert_eq!(place.names(".new"), [PathBuf::new(); 0]);
}

#[test]
fn threads_of_one_store_lose_no_update() {
    let place = Place::new("threads");
    let store = Arc::new(place.store());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || {
                for _ in 0..25 {
                    update(&store, &key(), counted).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let (kept, _) = store.load(&key()).unwrap().unwrap();
    assert_eq!(kept.rotations(), 100);
}

#[test]
fn a_writer_that_is_killed_leaves_a_whole_file() {
    let place = Place::new("killed");
    let store = place.store();
    let mut last = 0;
    for round in 0..40_u32 {
        let mut writer = Running::start("write until killed", &place.folder());
        writer.until(&format!("wrote {}", round % 4));
        // A different moment of the next write each round.
        for _ in 0..round * 97 {
            std::hint::black_box(store.load(&key()).is_ok_and(|found| found.is_some()));
            if round % 3 == 0 {
                break;
            }
        }
        writer.kill();
        let (kept, version) = store.load(&key()).unwrap().unwrap();
        let number = kept.rotations();
        assert!(number > last, "the kept grant went back to {number}");
        last = number;
        assert_eq!(kept.refresh_token().unwrap().expose(), number.to_string());
        let filler = kept.extra()["filler"].as_str().unwrap();
        assert_eq!(filler, format!("{number} ").repeat(10_000));
        // Its lock went with it.
        stored(store.put(&key(), &kept, Some(&version)).unwrap());
    }
    assert_eq!(store.list().unwrap(), [key()]);
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
fn a_lease_ends_with_its_process_however_that_ends() {
    let place = Place::new("lease");
    let store = place.store();
    let mut holder = child("hold a lease", &place.folder(), PLAIN)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap());
    let mut holder = Running(holder, lines);
    holder.until("held");
    assert!(store.lease(&key(), SPAN).unwrap().is_none());
    assert!(store.lease(&account("bob"), SPAN).unwrap().is_some());
    holder.kill();
    let mut lease = store.lease(&key(), SPAN).unwrap().unwrap();
    assert!(lease.renew(SPAN).unwrap());
    run("find the lease taken", &place.folder(), PLAIN);
    drop(lease);
    assert!(store.lease(&key(), SPAN).unwrap().is_some());
}

#[test]
fn a_lease_holds_between_the_threads_of_one_store() {
    let place = Place::new("lease-threads");
    let store = Arc::new(place.store());
    let lease = store.lease(&key(), SPAN).unwrap().unwrap();
    let other = store.clone();
    let taken = std::thread::spawn(move || other.lease(&key(), SPAN).unwrap().is_none());
    assert!(taken.join().unwrap());
    // Who holds the lease can write, and so can the others.
    update(&store, &key(), counted).unwrap();
    drop(lease);
    assert!(store.lease(&key(), SPAN).unwrap().is_some());
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

#[test]
fn a_write_beyond_the_limit_of_the_process_leaves_the_old_file() {
    let place = Place::new("limit");
    stored(place.store().put(&key(), &grant(), None).unwrap());
    // The signal of the limit is ignored, so that the write itself fails, part of the way.
    let limited = format!("trap '' XFSZ; ulimit -f 8; {PLAIN}");
    run("fail to write", &place.folder(), &limited);
    assert_eq!(place.names(".new"), [PathBuf::new(); 0]);
}

/// Runs a task in a folder on a disk of its own, if this user may mount one.
fn on_a_small_disk(task: &str) {
    let place = Place::new(&task.replace(' ', "-"));
    let mount = format!("mount -t tmpfs -o size=64k none '{}'", place.0.display());
    let possible = Command::new("unshare")
        .args(["-rm", "sh", "-c", &mount])
        .status()
        .is_ok_and(|status| status.success());
    if !possible {
        say("skipped: it lacks the right to mount a file system in a namespace (unshare -rm)");
        return;
    }
    let shell = format!("exec unshare -rm sh -c \"{mount} && exec \\\"\\$@\\\"\" sh \"$@\"");
    run(task, &place.folder(), &shell);
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    on_a_small_disk("fill the disk");
}

#[test]
fn a_read_only_disk_can_be_read_and_refuses_to_be_written() {
    on_a_small_disk("write to a read-only disk");
}

#[test]
fn refuses_what_belongs_to_another_user() {
    let place = Place::new("foreign");
    let store = place.store();
    stored(store.put(&key(), &grant(), None).unwrap());
    let give = |path: &Path| std::os::unix::fs::chown(path, Some(65_534), None);
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
