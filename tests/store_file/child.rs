//! Another process: this binary again, `as_a_child` alone, told by variables what to do.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use gdata_auth::store::{FileStore, StoredGrant, TokenStore, update};

use crate::place::{SPAN, counted, grant, key, say, stored, told};

pub(crate) const PLAIN: &str = "exec \"$@\"";

/// This binary as another process. `shell` runs before it, with the program and its arguments as `"$@"`.
pub(crate) fn child(task: &str, folder: &Path, shell: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", shell, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "child::as_a_child", "--ignored", "--nocapture"])
        .env("STORE_TASK", task)
        .env("STORE_FOLDER", folder);
    command
}

pub(crate) fn run(task: &str, folder: &Path, shell: &str) -> Output {
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
pub(crate) struct Running(pub(crate) Child, pub(crate) BufReader<ChildStdout>);

impl Running {
    pub(crate) fn start(task: &str, folder: &Path) -> Self {
        let mut child = child(task, folder, PLAIN)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self(child, lines)
    }

    /// Waits for this line.
    pub(crate) fn until(&mut self, wanted: &str) {
        let mut line = String::new();
        while line.trim_end() != wanted {
            line.clear();
            assert_ne!(self.1.read_line(&mut line).unwrap(), 0, "no {wanted}");
        }
    }

    /// Kill -9.
    pub(crate) fn kill(&mut self) {
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
                .args(["-o", "remount,bind,ro"])
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
pub(crate) fn big(kept: Option<StoredGrant>) -> StoredGrant {
    let grant = counted(kept);
    let number = grant.rotations();
    grant
        .with_refresh_token(number.to_string())
        .with_extra("filler", format!("{number} ").repeat(10_000))
        .unwrap()
}

/// A write fails, names the file, leaves what was there, and leaves nothing else.
pub(crate) fn refuses_to_write(store: &FileStore, cause: &str) {
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
