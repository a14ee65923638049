//! Callers that go away.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::FutureExt;
use gdata_auth::client::{Cached, TokenSource};

use super::{Time, cached, fetch, kept, server::Server, source, store};

#[tokio::test]
async fn a_rotated_refresh_token_is_not_lost_because_its_caller_went_away() {
    let server = Server::new().then_rotated("ya29.1", "1//second");
    let (time, store) = (Time::new(), store());
    let source = source(&server, store.clone(), &time);
    let gate = server.hold();
    let mut first = source.token();
    assert!(
        (&mut first).now_or_never().is_none(),
        "it waits for the answer"
    );
    drop(first);
    assert_eq!(server.spent(), ["1//first"]);
    gate.notify_one();
    // Whoever comes next drives the same refresh on.
    let issued = source.token().await.unwrap();
    assert_eq!(issued.token.secret().expose(), "ya29.1");
    assert_eq!(server.spent(), ["1//first"]);
    assert_eq!(kept(&*store).refresh_token().unwrap().expose(), "1//second");
}

#[tokio::test]
async fn of_many_who_wait_some_may_go() {
    let server = Server::new().then_rotated("ya29.1", "1//second");
    let time = Time::new();
    let source = source(&server, store(), &time);
    let gate = server.hold();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let source = source.clone();
            tokio::spawn(async move { source.token().await.map(drop) })
        })
        .collect();
    server.arrived().await;
    for task in &tasks[..10] {
        task.abort();
    }
    gate.notify_one();
    for (at, task) in tasks.into_iter().enumerate() {
        match task.await {
            Ok(outcome) => outcome.unwrap(),
            Err(cause) => assert!(cause.is_cancelled() && at < 10),
        }
    }
    assert_eq!(server.spent().len(), 1);
}

#[tokio::test]
async fn a_runtime_can_drive_a_refresh_that_nobody_waits_for() {
    let server = Server::new().then_rotated("ya29.1", "1//second");
    let (time, store) = (Time::new(), store());
    let spawned = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&spawned);
    let source: Cached<_> =
        cached(fetch(&server, store.clone(), &time), &time).driving(move |refresh| {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(refresh);
        });
    assert_eq!(
        spawned.load(Ordering::SeqCst),
        0,
        "nothing is spawned before a refresh"
    );
    let gate = server.hold();
    assert!(source.token().now_or_never().is_none());
    server.arrived().await;
    gate.notify_one();
    while kept(&*store).refresh_token().unwrap().expose() != "1//second" {
        tokio::task::yield_now().await;
    }
    assert_eq!(spawned.load(Ordering::SeqCst), 1);
}
