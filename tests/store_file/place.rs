//! A folder of a test's own, and what is put into it.

use std::{
    fs::{self, Permissions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use gdata_auth::{
    Error, Timestamp,
    store::{FileStore, GrantKey, Put, StoredGrant, Version},
};

pub(crate) const SPAN: Duration = Duration::from_secs(30);

pub(crate) const TOKEN: &str = "1//0refresh-CANARY";

/// A place of a test's own, gone at its end.
pub(crate) struct Place(pub(crate) PathBuf);

impl Place {
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("store-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.0.join("tokens")
    }

    pub(crate) fn store(&self) -> FileStore {
        FileStore::open(self.folder()).unwrap()
    }

    /// The names in the folder that end so.
    pub(crate) fn names(&self, end: &str) -> Vec<PathBuf> {
        let mut paths: Vec<_> = fs::read_dir(self.folder())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_str().unwrap().ends_with(end))
            .collect();
        paths.sort();
        paths
    }

    /// The one file of the one grant.
    pub(crate) fn file(&self) -> PathBuf {
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

pub(crate) fn key() -> GrantKey {
    account("alice@example.com")
}

pub(crate) fn account(name: &str) -> GrantKey {
    GrantKey::new("https://accounts.google.com", "1234.apps.example.com", name).unwrap()
}

pub(crate) fn grant() -> StoredGrant {
    StoredGrant::new(Timestamp::from_unix_seconds(1_300_000_000)).with_refresh_token(TOKEN)
}

pub(crate) fn counted(kept: Option<StoredGrant>) -> StoredGrant {
    let kept = kept.unwrap_or_else(grant);
    let rotations = kept.rotations() + 1;
    kept.with_rotations(rotations)
}

pub(crate) fn stored(put: Put) -> Version {
    match put {
        Put::Stored(version) => version,
        Put::Conflict => panic!("a conflict"),
    }
}

pub(crate) fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

/// An error tells its file and never a token.
pub(crate) fn told(error: &Error, parts: &[&str]) {
    let text = format!("{error} {error:?}");
    assert!(!text.contains("CANARY"), "{text}");
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// Runs the command that an error gives.
pub(crate) fn obeyed(error: &Error) {
    let text = error.to_string();
    let (_, command) = text.split_once("; run ").unwrap();
    let status = Command::new("sh").args(["-c", command]).status();
    assert!(status.unwrap().success(), "{command}");
}

pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}
