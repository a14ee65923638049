//! Who watches sees each refresh and each death of a grant, and never a token.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    fmt::{Debug, Write},
    future::ready,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use gdata_auth::{
    Kind, Timestamp,
    client::{Cached, StoredToken, TokenSource, grant_key},
    oauth2::Client,
    store::{MemoryStore, StoredAccess, StoredGrant, update},
    transport::TransportError,
};
use support::world::START;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::with_default,
};

/// In the shapes that Google gives them.
const CANARIES: [&str; 5] = [
    "1//0gCanary5hQ7ZkXwRefresh8sJ2",
    "1//0gCanary3nB1MrTyRotated6pL9",
    "GOCSPX-Canary4vD0SecretKq7",
    "ya29.a0Canary2xOldToken9wE5",
    "ya29.a0Canary7uNewToken1zR8",
];

/// Writes down everything: a line each for a span and an event.
#[derive(Clone, Default)]
struct Watcher {
    lines: Arc<Mutex<Vec<String>>>,
    spans: Arc<AtomicU64>,
}

impl Watcher {
    fn line(&self, what: &str, metadata: &Metadata<'_>, fields: impl FnOnce(&mut dyn Visit)) {
        let mut line = Line(format!("{what} {} {}", metadata.level(), metadata.name()));
        if what == "event" {
            line = Line(format!("{what} {}", metadata.level()));
        }
        fields(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Watcher {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("gdata_auth")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line("span", span.metadata(), |visit| span.record(visit));
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn event(&self, event: &Event<'_>) {
        self.line("event", event.metadata(), |visit| event.record(visit));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Asks for a token twice, and yields what was seen.
fn watch(status: u16, answer: &'static str) -> (Vec<String>, Option<Kind>) {
    let app = Client::installed("1234.apps.example").unwrap();
    let app = app.with_secret("GOCSPX-Canary4vD0SecretKq7").unwrap();
    let key = grant_key(&app, "ann@example.com").unwrap();
    let store = Arc::new(MemoryStore::new());
    let start = Timestamp::from_unix_seconds(START);
    update(&*store, &key, |_| {
        StoredGrant::new(start)
            .with_refresh_token("1//0gCanary5hQ7ZkXwRefresh8sJ2")
            .with_access_token(StoredAccess::new("ya29.a0Canary2xOldToken9wE5", start))
    })
    .unwrap();
    let server = move |_: http::Request<Bytes>| {
        let answer = http::Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .body(Bytes::from_static(answer.as_bytes()));
        ready(Ok::<_, TransportError>(answer.unwrap()))
    };
    let source = Cached::new(StoredToken::new(app, store, key, server));
    let watcher = Watcher::default();
    let outcome = with_default(watcher.clone(), || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            let first = source.token().await;
            let second = source.token().await;
            assert_eq!(first.is_ok(), second.is_ok());
            first
        })
    });
    let lines = watcher.lines.lock().unwrap().clone();
    let all = lines.join("\n");
    for canary in CANARIES {
        assert!(!all.contains(canary), "{canary} in\n{all}");
    }
    // Not even a piece of one, but for the beginning that tells which token it was.
    assert!(!all.contains("Canary"), "a piece of a canary in\n{all}");
    (lines, outcome.err().map(|error| error.kind()))
}

const SPAN: &str = "span INFO refresh issuer=\"https://accounts.google.com\" client_id=\"1234.apps.example\" \
                    account=\"ann@example.com\" attempt=0";

#[test]
fn a_refresh_is_a_span_with_its_end() {
    let (lines, failed) = watch(
        200,
        r#"{"access_token":"ya29.a0Canary7uNewToken1zR8","expires_in":3600,"token_type":"Bearer","refresh_token":"1//0gCanary3nB1MrTyRotated6pL9"}"#,
    );
    assert_eq!(failed, None);
    assert_eq!(lines, [SPAN, "event INFO message=refreshed"]);
}

#[test]
fn a_dead_grant_is_told_once_with_its_account() {
    // Servers echo what they were sent.
    let (lines, failed) = watch(
        400,
        r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked: 1//0gCanary5hQ7ZkXwRefresh8sJ2"}"#,
    );
    assert_eq!(failed, Some(Kind::Revoked));
    assert_eq!(lines[0], SPAN);
    let deaths: Vec<&String> = lines.iter().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(deaths.len(), 1, "{lines:#?}");
    assert!(deaths[0].starts_with("event ERROR message=refused: "));
    assert!(
        deaths[0].ends_with(" account=\"ann@example.com\""),
        "{deaths:?}"
    );
}

#[test]
fn a_server_that_fails_is_a_warning_with_its_kind() {
    let (lines, failed) = watch(503, r#"{"error":"temporarily_unavailable"}"#);
    assert!(failed.is_some());
    assert_eq!(lines[0], SPAN);
    assert!(lines[1].starts_with("event WARN message=not refreshed: "));
    assert!(lines[1].contains("transient=true"), "{lines:#?}");
}
