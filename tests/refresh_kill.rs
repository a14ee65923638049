//! `kill -9` at 200 random points of four processes that refresh one rotating grant (oauth2.md 4, row 7).
//!
//! The server rotates as RFC 9700, 4.14.2 lets it: an old refresh token stays good until its successor is first used.
//! So a process that dies between the server's answer and the disk costs nothing: the next one spends the old token
//! again. A server that lets the old one die at once cannot be survived by any client, and none is asked to here.
//!
//! What a dead process had sent and nobody had read yet gets lost: read after its successors' work, it would be a token
//! that died meanwhile, and a refresh takes a millisecond here and an hour elsewhere.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a process tells its end, and the test its count"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a child is told its place by the environment"
)]

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use gdata_auth::{
    Timestamp, Transport,
    client::{Cached, Retry, StoredToken, TokenSource, grant_key, keep_consent},
    emulator::{Config, Consent, Emulator, Rotation},
    oauth2::{Client, Provider, Redirect},
    run,
    scope::ScopeNames,
    serve::Server,
    store::{FileStore, TokenStore},
    system::{self, Clock, SystemClock, SystemRandomness},
    transport::Reqwest,
    wire::query::Pairs,
};
use http::{HeaderValue, Response, StatusCode};
use tokio::sync::Mutex;

const KILLS: usize = 200;
const PROCESSES: usize = 4;
const PROCESS: &str = "x-process";

fn app(origin: &str) -> Client {
    Client::installed("app")
        .unwrap()
        .at(Provider::google_at(origin).unwrap())
}

fn source(origin: &str, folder: &Path) -> Cached<StoredToken> {
    let app = app(origin);
    let key = grant_key(&app, "ann").unwrap();
    let store = FileStore::open(folder).unwrap();
    let net = Arc::new(Reqwest::new().unwrap());
    let named = move |mut request: http::Request<Bytes>| {
        let process = HeaderValue::from(std::process::id());
        request.headers_mut().insert(PROCESS, process);
        let net = Arc::clone(&net);
        async move { net.send(request).await }
    };
    let token = StoredToken::new(app, store, key, named)
        .with_backoff(|_: Retry| tokio::time::sleep(Duration::from_millis(1)));
    Cached::new(token)
}

/// Refreshes as fast as it can, until it is killed. Not a test of its own: a process of the one below.
#[tokio::test]
#[ignore = "run as a process of the test below"]
async fn as_a_child() {
    let (Ok(origin), Ok(folder)) = (std::env::var("ORIGIN"), std::env::var("FOLDER")) else {
        return;
    };
    let source = source(&origin, &PathBuf::from(folder));
    loop {
        match source.token().await {
            Ok(issued) => source.reject(issued.generation),
            Err(error) if error.is_transient() => {}
            Err(error) => {
                eprintln!("FATAL {error}");
                std::process::exit(9);
            }
        }
    }
}

fn spawn(origin: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "as_a_child", "--nocapture"])
        .env("ORIGIN", origin)
        .env("FOLDER", folder)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// How often each refresh token was spent, what was refused, and what got lost.
#[derive(Default)]
struct Ledger {
    spent: HashMap<String, u32>,
    refused: Vec<String>,
    dead: HashSet<u32>,
    lost: u32,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_refresh_token_is_lost_and_none_is_spent_twice_but_by_a_death() {
    let mut config = Config::new().with_consent(Consent::Allow);
    config.rotate_refresh_tokens = Rotation::Overlap;
    config.project_wide_revoke = false;
    let google = Emulator::with(config).unwrap();
    let ledger: Arc<Mutex<Ledger>> = Arc::default();
    let keeper = {
        let (google, ledger) = (google.clone(), Arc::clone(&ledger));
        move |request: http::Request<Bytes>| {
            let form = Pairs::parse(&String::from_utf8_lossy(request.body())).unwrap();
            let token = form.first("refresh_token").map(str::to_owned);
            let process = request.headers().get(PROCESS);
            let process: Option<u32> = process.and_then(|id| id.to_str().ok()?.parse().ok());
            let (ledger, google) = (Arc::clone(&ledger), google.clone());
            async move {
                // Held over the answer: a process dies before it is asked, or after.
                let mut ledger = ledger.lock().await;
                if process.is_some_and(|process| ledger.dead.contains(&process)) {
                    ledger.lost += 1;
                    let mut lost = Response::new(Bytes::new());
                    *lost.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                    return Ok(lost);
                }
                let answer = google.send(request).await?;
                if let Some(token) = token {
                    *ledger.spent.entry(token).or_default() += 1;
                    if answer.status() != 200 {
                        let reason = google.journal().last().map(ToString::to_string);
                        ledger.refused.push(reason.unwrap_or_default());
                    }
                }
                Ok(answer)
            }
        }
    };
    let server = Server::bind(([127, 0, 0, 1], 0), keeper).unwrap();
    let origin = server.origin();
    let running = server.spawn().unwrap();

    let folder = std::env::temp_dir().join(format!("gdata-auth-kill-{}", std::process::id()));
    let app = app(&origin);
    let key = grant_key(&app, "ann").unwrap();
    let pending = app
        .authorize("http://127.0.0.1:49152/")
        .scopes(ScopeNames::parse("https://www.googleapis.com/auth/youtube").unwrap())
        .begin(&system::random(&SystemRandomness), SystemClock.now())
        .unwrap();
    let back = google.browse(pending.link()).unwrap();
    let redirect = Redirect::parse(&back).unwrap();
    let exchange = pending.finish(&app, &redirect, SystemClock.now()).unwrap();
    let authorized = run(&exchange, &google).await.unwrap();
    {
        let store = FileStore::open(&folder).unwrap();
        // Of long ago, so that the first process refreshes at once.
        keep_consent(&store, &key, &authorized, Timestamp::from_unix_seconds(1)).unwrap();
    }

    let mut children: Vec<Child> = (0..PROCESSES).map(|_| spawn(&origin, &folder)).collect();
    for at in 0..KILLS {
        let [a, b]: [u8; 2] = system::random(&SystemRandomness);
        // Long enough for a process to begin, then any moment of its work.
        let pause = Duration::from_micros(15_000 + u64::from(u16::from_be_bytes([a, b])) / 2);
        tokio::time::sleep(pause).await;
        let child = &mut children[at % PROCESSES];
        ledger.lock().await.dead.insert(child.id());
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), None, "a process gave up by itself: {status}");
        *child = spawn(&origin, &folder);
        // The number of a process may come back.
        ledger.lock().await.dead.remove(&child.id());
    }
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }

    let ledger = std::mem::take(&mut *ledger.lock().await);
    let rounds = ledger.spent.len();
    let twice: u32 = ledger.spent.values().map(|times| times - 1).sum();
    let lost = ledger.lost;
    println!(
        "{rounds} refresh tokens, {twice} of them spent again after a death, {KILLS} kills, {lost} requests lost by them"
    );
    assert_eq!(
        ledger.refused,
        Vec::<String>::new(),
        "the server never saw a dead token"
    );
    assert!(
        rounds > KILLS / 4,
        "only {rounds} refreshes: the processes hardly worked"
    );
    assert!(
        twice as usize <= KILLS + PROCESSES,
        "{twice}: more often than processes died"
    );
    // What is kept is alive.
    let store = FileStore::open(&folder).unwrap();
    let (grant, _) = store.load(&key).unwrap().unwrap();
    assert!(grant.dead().is_none());
    let last = source(&origin, &folder);
    let issued = last.token().await.unwrap();
    last.reject(issued.generation);
    assert!(last.token().await.is_ok());
    running.stop().await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}
