//! Many tokens of OAuth 1.0 by the migration grant, on the emulator.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    future::ready,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use gdata_auth::{
    AuthScheme, Kind, Transport,
    client::{AuthorizedClient, Cached, Retry, StoredToken, grant_key},
    emulator::{Consumer as Registered, Era},
    migrate::{
        dual::{DualRun, Override, Rule, Rules, Side},
        grant::{GrantOutcome, GrantReport, GrantRun, LegacyToken},
        retire::{RetireBook, Revoked, Turn, revoke_legacy},
    },
    oauth1::{AccessToken, Accounts, Callback, Consumer, Credential, TokenRequest},
    oauth2::{Client, Provider},
    store::{MemoryStore, TokenStore},
    transport::{Mishap, TransportError},
};
use support::world::{Counted, World, YOUTUBE, get};

const CALLBACK: &str = "http://www.example.com/oauth";

fn world() -> World {
    World::with(|mut config| {
        config.consumer = vec![Registered::with_secret("www.example.com", "s3cret")];
        config
    })
}

fn consumer() -> Consumer {
    Consumer::hmac("www.example.com", "s3cret").unwrap()
}

fn client() -> Client {
    let here = Provider::google_at("http://127.0.0.1:8080").unwrap();
    Client::installed("1234.apps.googleusercontent.com")
        .unwrap()
        .at(here)
}

async fn access(world: &World) -> AccessToken {
    access_to(world, YOUTUBE).await
}

async fn access_to(world: &World, scope: &str) -> AccessToken {
    let accounts = Accounts::google();
    let request = TokenRequest::new(consumer())
        .scope(scope)
        .unwrap()
        .callback(Callback::to(CALLBACK).unwrap())
        .exchange(&accounts, &world.stamp());
    let token = world.run(request).await.unwrap();
    let link = token.authorize_link(&accounts).to_string();
    let back = world.google.browse(&link).unwrap();
    let authorized = token.read_redirect(&back).unwrap();
    world
        .run(authorized.exchange(&accounts, &world.stamp()))
        .await
        .unwrap()
}

async fn tokens(world: &World) -> Vec<LegacyToken> {
    let forged = AccessToken::new(consumer(), "1/forged", "wrong").unwrap();
    vec![
        LegacyToken::new("ann@example.com", access(world).await),
        LegacyToken::new("forged@example.com", forged),
        LegacyToken::new("ben@example.org", access(world).await),
    ]
}

fn words(report: &GrantReport) -> Vec<(&str, &str)> {
    let outcomes = report.outcomes.iter();
    outcomes
        .map(|(account, outcome)| (account.as_str(), outcome.word()))
        .collect()
}

#[tokio::test]
async fn each_token_has_its_own_outcome_and_a_second_run_sends_nothing() {
    let world = world();
    let tokens = tokens(&world).await;
    let store = MemoryStore::new();
    let told = Mutex::new(Vec::new());
    let run = |store| {
        GrantRun::new(&client(), store)
            .unwrap()
            .pinned(world.stamps(), world.clock())
    };
    let report = run(&store)
        .on_progress(|progress| {
            let line = format!(
                "{}/{} {}",
                progress.done,
                progress.total,
                progress.outcome.word()
            );
            told.lock().unwrap().push(line);
        })
        .run(&tokens, &world.google)
        .await
        .unwrap();
    assert_eq!(
        words(&report),
        [
            ("ann@example.com", "moved"),
            ("forged@example.com", "refused"),
            ("ben@example.org", "moved")
        ]
    );
    assert_eq!(
        *told.lock().unwrap(),
        ["1/3 moved", "2/3 refused", "3/3 moved"]
    );
    assert_eq!(
        report.to_invite().collect::<Vec<_>>(),
        ["forged@example.com"]
    );
    let key = grant_key(&client(), "ann@example.com").unwrap();
    let (grant, _) = store.load(&key).unwrap().unwrap();
    assert_eq!(
        (grant.flow(), grant.granted().to_string()),
        (Some("migration-grant"), YOUTUBE.to_owned())
    );
    assert!(grant.refresh_token().unwrap().expose().starts_with("1/"));
    assert!(!format!("{report:?}").contains(grant.refresh_token().unwrap().expose()));

    let calls = world.google.journal().len();
    let again = run(&store).run(&tokens[..1], &world.google).await.unwrap();
    assert_eq!(words(&again), [("ann@example.com", "already")]);
    assert_eq!(world.google.journal().len(), calls);
}

#[tokio::test]
async fn google_is_refused_before_anything_is_sent() {
    let store = MemoryStore::new();
    let google = Client::installed("1234.apps.googleusercontent.com").unwrap();
    for endpoint in [
        "https://oauth2.googleapis.com/token",
        "https://accounts.google.com/o/oauth2/token",
        "https://www.googleapis.com/oauth2/v3/token",
    ] {
        let error = GrantRun::at(&google, &store, endpoint).unwrap_err();
        assert_eq!(error.kind(), Kind::Retired);
        assert!(error.to_string().ends_with("nothing was sent"), "{error}");
    }
    assert!(GrantRun::at(&google, &store, "https://notgoogle.com/token").is_ok());
}

#[tokio::test]
async fn a_failure_that_may_pass_is_tried_again_with_a_new_nonce() {
    let world = world();
    let token = LegacyToken::new("ann@example.com", access(&world).await);
    let calls = AtomicUsize::new(0);
    let flaky = |request: http::Request<Bytes>| {
        let google = world.google.clone();
        let call = calls.fetch_add(1, Ordering::Relaxed);
        async move {
            match call {
                0 => Err(TransportError::new(Mishap::Timeout, "no answer in time")),
                1 => Ok(http::Response::builder()
                    .status(503)
                    .body(Bytes::new())
                    .unwrap()),
                _ => google.send(request).await,
            }
        }
    };
    let store = MemoryStore::new();
    let pauses = AtomicUsize::new(0);
    let pause = |_: Retry| {
        pauses.fetch_add(1, Ordering::Relaxed);
        ready(())
    };
    let run = || {
        GrantRun::new(&client(), &store)
            .unwrap()
            .pinned(world.stamps(), world.clock())
    };
    let report = run()
        .retrying(3, pause)
        .run(std::slice::from_ref(&token), &flaky)
        .await
        .unwrap();
    assert_eq!(words(&report), [("ann@example.com", "moved")]);
    assert_eq!(pauses.load(Ordering::Relaxed), 2);

    let down =
        |_: http::Request<Bytes>| ready(Err(TransportError::new(Mishap::Connect, "no connection")));
    let other = LegacyToken::new("ben@example.org", access(&world).await);
    let report = run().retrying(2, pause).run(&[other], &down).await.unwrap();
    assert!(
        matches!(&report.outcomes[0].1, GrantOutcome::Unreachable(why) if why.kind() == Kind::Transport)
    );
    assert_eq!(
        report.to_invite().count(),
        0,
        "who could not be reached may be tried again"
    );
}

#[tokio::test]
async fn a_server_without_the_grant_is_asked_once() {
    let before = world();
    let tokens = tokens(&before).await;
    let after = World::with(|config| config.in_era(Era::AfterShutdown));
    let store = MemoryStore::new();
    let report = GrantRun::new(&client(), &store)
        .unwrap()
        .pinned(after.stamps(), after.clock())
        .run(&tokens, &after.google)
        .await
        .unwrap();
    assert_eq!(
        words(&report).iter().map(|row| row.1).collect::<Vec<_>>(),
        ["refused", "not_tried", "not_tried"]
    );
    assert_eq!(report.stopped.as_ref().unwrap().kind(), Kind::Retired);
    assert_eq!(after.google.journal().len(), 1);
    assert_eq!(report.to_invite().count(), 3);
}

#[tokio::test]
async fn who_was_moved_runs_in_shadow_is_switched_and_retired() {
    let world = world();
    let token = access_to(&world, "https://gdata.youtube.com/feeds/").await;
    let store = Arc::new(MemoryStore::new());
    let tokens = [LegacyToken::new("ann@example.com", token.clone())];
    let report = GrantRun::new(&client(), &*store)
        .unwrap()
        .pinned(world.stamps(), world.clock())
        .run(&tokens, &world.google)
        .await
        .unwrap();
    assert_eq!(words(&report), [("ann@example.com", "moved")]);

    let key = grant_key(&client(), "ann@example.com").unwrap();
    let kept =
        StoredToken::new(client(), store, key, world.google.clone()).with_clock(world.clock());
    let source = Cached::pinned(kept, world.clock(), Arc::new(Counted::default()));
    let new = AuthorizedClient::with_source(world.google.clone(), source);
    let credential = Credential::from(token);
    let old =
        AuthorizedClient::new(world.google.clone(), credential.clone()).with_stamps(world.stamps());

    let feed = "https://gdata.youtube.com/feeds/api/users/default/uploads";
    let rule = Rule::new(Side::Old)
        .of_feed("https://gdata.youtube.com/feeds/")
        .in_shadow();
    let run = DualRun::new(Rules::new(vec![rule]).unwrap()).with_clock(world.clock());
    let dual = run.client("ann@example.com", new, old);
    assert_eq!(dual.send(get(feed)).await.unwrap().status(), 200);
    let total = run.counters().snapshot().total();
    assert_eq!((total.same, total.different, total.old), (1, 0, 1));

    // Switched, and the old token ended: the feed goes on.
    run.set_override(Override::New);
    let last = world.now();
    let ended = revoke_legacy(
        &AuthScheme::from(credential),
        "http://127.0.0.1:8080/accounts",
        &world.stamp(),
        &world.google,
    )
    .await;
    assert!(matches!(ended.unwrap(), Revoked::Done));
    assert_eq!(dual.send(get(feed)).await.unwrap().status(), 200);
    run.set_override(Override::Old);
    assert_eq!(dual.send(get(feed)).await.unwrap().status(), 401);
    run.set_override(Override::New);

    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("grant-retire");
    let _ = std::fs::remove_file(&path);
    let mut book = RetireBook::create(&path).unwrap();
    book.watch("tides", 30, last).unwrap();
    world.pass(30 * 86_400);
    let counted = run.counters().snapshot();
    let turn = book
        .observe_counters("tides", &counted, world.now())
        .unwrap();
    assert_eq!((turn, counted.total().legacy_at), (Turn::Done, Some(last)));
}
