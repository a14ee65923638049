//! The security checklist of OAuth 2.0 (oauth2.md 4): a test for each of its 25 rows, named after it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod consent;
mod tokens;
mod wires;

use bytes::Bytes;
use gdata_auth::{
    Timestamp,
    oauth2::{Client, PendingAuthorization, Redirect},
    scope::ScopeNames,
    system::{self, Randomness, SystemRandomness},
};
use support::{
    oauth2::{BACK, DESKTOP},
    world::World,
};

pub(crate) const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";

pub(crate) fn app() -> Client {
    Client::installed(DESKTOP)
        .unwrap()
        .with_secret("desk")
        .unwrap()
}

pub(crate) fn ask(client: &Client, now: Timestamp) -> PendingAuthorization {
    ask_with(client, now, &SystemRandomness)
}

pub(crate) fn ask_with(
    client: &Client,
    now: Timestamp,
    randomness: &dyn Randomness,
) -> PendingAuthorization {
    client
        .authorize(BACK)
        .scopes(ScopeNames::parse(YOUTUBE).unwrap())
        .begin(&system::random(randomness), now)
        .unwrap()
}

pub(crate) fn browse(world: &World, pending: &PendingAuthorization) -> Redirect {
    Redirect::parse(&world.google.browse(pending.link()).unwrap()).unwrap()
}

pub(crate) fn get(address: &str) -> http::Request<Bytes> {
    http::Request::get(address).body(Bytes::new()).unwrap()
}

/// Every Rust file under `src`, with its name.
pub(crate) fn sources() -> Vec<(String, String)> {
    fn collect(folder: &std::path::Path, into: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                into.push((path.display().to_string(), text));
            }
        }
    }
    let mut files = Vec::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect(&root, &mut files);
    assert!(files.len() > 100, "the sources are lost");
    files
}
