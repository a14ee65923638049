//! What a recorder keeps of what goes through it, and what it refuses.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    future::ready,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use gdata_auth::{
    Timestamp, Transport,
    cassette::{Body, Bounds, Outcome, Progress, Recorder},
    transport::{Mishap, TransportError},
};
use http::{Request, Response, StatusCode};
use tokio::sync::Notify;

fn get(target: &str) -> Request<Bytes> {
    Request::get(target).body(Bytes::new()).unwrap()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a transport takes its request"
)]
fn echo(request: Request<Bytes>) -> std::future::Ready<Result<Response<Bytes>, TransportError>> {
    ready(Ok(Response::new(Bytes::from(format!(
        "{} {}\n",
        request.method(),
        request.uri()
    )))))
}

#[tokio::test]
async fn keeps_both_messages_and_changes_neither() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = Arc::clone(&seen);
    let live = move |request: Request<Bytes>| {
        sees.lock().unwrap().push(request);
        let mut answer = Response::new(Bytes::from_static(b"\x1f\x8b\x00"));
        *answer.status_mut() = StatusCode::CREATED;
        answer
            .headers_mut()
            .append("set-cookie", "S=1".parse().unwrap());
        answer
            .headers_mut()
            .append("set-cookie", "T=2".parse().unwrap());
        answer
            .headers_mut()
            .append("content-encoding", "gzip".parse().unwrap());
        ready(Ok(answer))
    };
    let time = AtomicU64::new(0);
    let recorder = Recorder::new(live).timed_by(
        || Timestamp::from_unix_seconds(1_300_000_000),
        move || Duration::from_millis(time.fetch_add(25, Ordering::Relaxed)),
    );
    let request = Request::post("https://www.google.com/accounts/ClientLogin?x='y'")
        .header("Connection", "keep-alive")
        .header("Accept", "*/*")
        .body(Bytes::from_static(b"Passwd=canary"))
        .unwrap();
    let answer = recorder.send(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(answer.headers().get_all("set-cookie").iter().count(), 2);

    let sent = seen.lock().unwrap().pop().unwrap();
    assert_eq!(
        sent.uri(),
        "https://www.google.com/accounts/ClientLogin?x='y'"
    );
    assert_eq!(sent.headers().len(), 2);
    assert_eq!(sent.body(), "Passwd=canary");

    let cassette = recorder.cassette();
    let [interaction] = &cassette.interactions[..] else {
        panic!("expected one interaction");
    };
    let request = &interaction.request;
    assert_eq!(request.method, "POST");
    assert_eq!(
        request.target,
        "https://www.google.com/accounts/ClientLogin?x='y'"
    );
    assert_eq!(
        request.headers.text("connection").as_deref(),
        Some("keep-alive")
    );
    assert_eq!(request.body, Body::wire("Passwd=canary"));
    let response = interaction.response().unwrap();
    assert_eq!(
        (response.status, response.reason.as_deref()),
        (201, Some("Created"))
    );
    let cookies: Vec<_> = response.headers.all("set-cookie").collect();
    assert_eq!(cookies, ["S=1", "T=2"]);
    assert_eq!(response.body, Body::wire(&b"\x1f\x8b\x00"[..]));
    assert_eq!(
        interaction.started_at,
        Some(UNIX_EPOCH + Duration::from_secs(1_300_000_000))
    );
    assert_eq!(interaction.took, Some(Duration::from_millis(25)));

    for shown in [format!("{cassette:?}"), format!("{recorder:?}")] {
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[tokio::test]
async fn keeps_the_order_of_sending_when_answers_overtake() {
    let first_waits = Arc::new(Notify::new());
    let waits = Arc::clone(&first_waits);
    let live = move |request: Request<Bytes>| {
        let waits = Arc::clone(&waits);
        async move {
            if request.uri().path() == "/1" {
                waits.notified().await;
            }
            echo(request).await
        }
    };
    let recorder = Arc::new(Recorder::new(live));
    let slow = Arc::clone(&recorder);
    let slow = tokio::spawn(async move { slow.send(get("http://a/1")).await });
    while recorder.size().0 == 0 {
        tokio::task::yield_now().await;
    }
    recorder.send(get("http://a/2")).await.unwrap();
    assert!(matches!(
        recorder.cassette().interactions[0].outcome,
        Outcome::Failed(_)
    ));
    first_waits.notify_one();
    slow.await.unwrap().unwrap();
    let bodies: Vec<Bytes> = recorder
        .cassette()
        .interactions
        .iter()
        .map(|interaction| interaction.response().unwrap().body.bytes.clone())
        .collect();
    assert_eq!(bodies, ["GET http://a/1\n", "GET http://a/2\n"]);
}

#[tokio::test]
async fn keeps_failures_and_those_who_gave_up() {
    let live = |request: Request<Bytes>| async move {
        if request.uri().path() == "/never" {
            std::future::pending::<()>().await;
        }
        Err(TransportError::new(
            Mishap::Connect,
            "expected a connection, got: refused",
        ))
    };
    let recorder = Recorder::new(live);
    let error = recorder.send(get("http://a/1")).await.unwrap_err();
    assert_eq!(error.mishap(), Mishap::Connect);
    let gives_up = recorder.send(get("http://a/never"));
    let waited = tokio::time::timeout(Duration::from_millis(1), gives_up).await;
    assert!(waited.is_err());
    let outcomes: Vec<Outcome> = recorder
        .cassette()
        .interactions
        .into_iter()
        .map(|interaction| interaction.outcome)
        .collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Failed("expected a connection, got: refused".into()),
            Outcome::Failed(
                "expected an answer, got none: the client gave up, or the recording ended".into()
            ),
        ]
    );
}

#[tokio::test]
async fn refuses_what_does_not_fit_before_it_is_sent() {
    let sent = Arc::new(AtomicU64::new(0));
    let counts = Arc::clone(&sent);
    let live = move |request: Request<Bytes>| {
        counts.fetch_add(1, Ordering::Relaxed);
        echo(request)
    };
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&heard);
    let recorder = Recorder::new(live)
        .bounds(Bounds {
            max_interactions: 2,
            max_bytes: 100,
        })
        .observed(Arc::new(move |progress| {
            hears.lock().unwrap().push(progress);
        }));

    // 13 bytes of a request and 15 of an answer.
    recorder.send(get("http://a/1")).await.unwrap();
    let mut large = get("http://a/2");
    *large.body_mut() = Bytes::from(vec![b'x'; 100]);
    let error = recorder.send(large).await.unwrap_err();
    assert_eq!(error.mishap(), Mishap::TooLarge);
    assert_eq!(
        error.to_string(),
        "recording: expected at most 100 bytes, got more with this request"
    );
    recorder.send(get("http://a/3")).await.unwrap();
    let error = recorder.send(get("http://a/4")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "recording: expected at most 2 interactions, got one more"
    );
    assert_eq!(sent.load(Ordering::Relaxed), 2);
    assert_eq!((recorder.size(), recorder.refused()), ((2, 56), 2));
    let heard = heard.lock().unwrap();
    assert_eq!(
        heard[0],
        Progress::Recorded {
            interactions: 1,
            bytes: 28
        }
    );
    assert!(matches!(heard[1], Progress::Refused { .. }));
}

#[tokio::test]
async fn tells_the_client_when_an_answer_does_not_fit() {
    let live = |_: Request<Bytes>| ready(Ok(Response::new(Bytes::from(vec![0; 1_000]))));
    let recorder = Recorder::new(live).bounds(Bounds {
        max_bytes: 500,
        ..Bounds::default()
    });
    let error = recorder.send(get("http://a/1")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "recording: expected at most 500 bytes, got more with this answer"
    );
    assert_eq!(
        recorder.cassette().interactions[0].outcome,
        Outcome::Failed("expected an answer that fits the recording, got a larger one".into())
    );
}
