//! A replay behind a port: what a client in another process sees of faults, of misses and of wrong signatures.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use gdata_auth::{
    Secret,
    cassette::{
        Body, Cassette, FaultRule, FaultRules, Headers, Interaction, Keys, OnSocket, Player,
        RecordedRequest, RecordedResponse,
    },
    serve::{Running, Server},
};

const BODY: &str = "0123456789abcdef";

fn cassette() -> Cassette {
    let mut response = RecordedResponse::new(200);
    response.headers =
        Headers::from_iter([("content-type", "text/plain"), ("content-length", "16")]);
    response.body = Body::wire(BODY);
    let request = RecordedRequest::new("GET", "https://www.google.com/feeds");
    Cassette::new(vec![Interaction::new(request, response)])
}

fn serve(fault: FaultRule, keys: Option<Keys>) -> Running {
    let mut faults = FaultRules::default();
    faults.rules.push(fault);
    let mut player = Player::builder(cassette()).faults(faults).on_a_socket();
    if let Some(keys) = keys {
        player = player.keys(keys);
    }
    Server::bind(([127, 0, 0, 1], 0), OnSocket::new(player.build().unwrap()))
        .unwrap()
        .spawn()
        .unwrap()
}

/// What came until the end, and how it ended.
fn ask(running: &Running, head: &str) -> (String, Option<ErrorKind>) {
    let mut stream = TcpStream::connect(running.local_addr()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    write!(
        stream,
        "{head} HTTP/1.1\r\nHost: www.google.com\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let (mut all, mut piece) = (Vec::new(), [0; 1024]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return (String::from_utf8(all).unwrap(), None),
            Ok(count) => all.extend_from_slice(&piece[..count]),
            Err(cause) => return (String::from_utf8(all).unwrap(), Some(cause.kind())),
        }
    }
}

fn rule(change: impl FnOnce(&mut FaultRule)) -> FaultRule {
    let mut rule = FaultRule::default();
    change(&mut rule);
    rule
}

async fn answered(rule: FaultRule) -> (String, Option<ErrorKind>) {
    let running = serve(rule, None);
    let told = tokio::task::spawn_blocking(move || {
        let told = ask(&running, "GET /feeds");
        (told, running)
    });
    let (told, running) = told.await.unwrap();
    running.stop().await.unwrap();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_a_fault_is_whole() {
    let (answer, end) = answered(rule(|rule| rule.path = Some("/elsewhere".to_owned()))).await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with(BODY),
        "{answer}"
    );
    assert_eq!(end, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_body_ends_before_its_length() {
    let (answer, end) = answered(rule(|rule| rule.torn_after = Some(4))).await;
    assert!(answer.contains("content-length: 16\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n0123"), "{answer}");
    assert_eq!(end, None, "in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_reset_in_the_body() {
    let (_, end) = answered(rule(|rule| rule.reset_after = Some(4))).await;
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_may_be_wrong_and_an_answer_missing() {
    let (answer, _) = answered(rule(|rule| rule.content_length = Some(99))).await;
    assert!(
        answer.contains("content-length: 99\r\n") && answer.ends_with(BODY),
        "{answer}"
    );
    let (answer, _) = answered(rule(|rule| rule.empty = true)).await;
    assert_eq!(answer, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_comes_with_the_delay_that_it_asks_for() {
    let busy = rule(|rule| {
        rule.occurrence = Some(1);
        rule.status = Some(503);
        rule.retry_after = Some(7);
    });
    let (answer, _) = answered(busy).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 7\r\n"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn misses_and_wrong_signatures_are_explained() {
    let keys = Keys::new().with_consumer_secret("www.example.com", Secret::new("s3cret"));
    let running = serve(
        rule(|rule| rule.path = Some("/elsewhere".to_owned())),
        Some(keys),
    );
    let told = tokio::task::spawn_blocking(move || {
        let missed = ask(&running, "GET /feeds?q=other").0;
        let forged = "GET /feeds?oauth_consumer_key=www.example.com&oauth_signature_method=HMAC-SHA1\
                      &oauth_timestamp=1&oauth_nonce=n&oauth_signature=AAAA";
        let wrong = ask(&running, forged).0;
        (missed, wrong, running)
    });
    let (missed, wrong, running) = told.await.unwrap();
    running.stop().await.unwrap();
    assert!(
        missed.starts_with("HTTP/1.1 502 Bad Gateway\r\n"),
        "{missed}"
    );
    assert!(
        missed.contains("x-gdata-auth-cassette: unmatched\r\n"),
        "{missed}"
    );
    assert!(missed.contains("query q"), "{missed}");
    assert!(
        wrong.contains("x-gdata-auth-cassette: wrong-signature\r\n"),
        "{wrong}"
    );
}
