//! A token that a server refuses although it has not ended.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use gdata_auth::{
    Kind, Transport, Verdict,
    client::{AuthorizedClient, TokenSource},
    oauth2::AllowedHosts,
    transport::TransportError,
};

use super::{Time, server::Server, source, store};

const CHANNELS: &str = "https://www.googleapis.com/youtube/v3/channels?mine=true";

/// An API that takes one token alone.
#[derive(Clone)]
struct Api {
    good: &'static str,
    seen: Arc<Mutex<Vec<(String, Bytes)>>>,
}

impl Api {
    fn new(good: &'static str) -> Self {
        Self {
            good,
            seen: Arc::default(),
        }
    }

    fn transport(&self) -> impl Transport + 'static {
        let api = self.clone();
        move |request: http::Request<Bytes>| {
            let bearer = request.headers()["authorization"]
                .to_str()
                .unwrap()
                .to_owned();
            let good = bearer == format!("Bearer {}", api.good);
            api.seen.lock().unwrap().push((bearer, request.into_body()));
            let answer = match good {
                true => http::Response::new(Bytes::from_static(b"{}")),
                false => http::Response::builder()
                    .status(401)
                    .header(
                        "www-authenticate",
                        r#"Bearer realm="x", error="invalid_token""#,
                    )
                    .body(Bytes::from_static(b"{}"))
                    .unwrap(),
            };
            std::future::ready(Ok::<_, TransportError>(answer))
        }
    }

    fn seen(&self) -> Vec<String> {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .map(|(bearer, _)| bearer.clone())
            .collect()
    }
}

fn request(body: &'static str) -> http::Request<Bytes> {
    http::Request::post(CHANNELS)
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

#[tokio::test]
async fn a_401_gets_a_new_token_and_the_request_is_sent_once_more_with_its_body() {
    let server = Server::new()
        .then_token("ya29.1", 3_600)
        .then_token("ya29.2", 3_600);
    let api = Api::new("ya29.2");
    let client =
        AuthorizedClient::with_source(api.transport(), source(&server, store(), &Time::new()));
    assert_eq!(client.request(request("body")).await.unwrap().status(), 200);
    assert_eq!(api.seen(), ["Bearer ya29.1", "Bearer ya29.2"]);
    assert!(
        api.seen
            .lock()
            .unwrap()
            .iter()
            .all(|(_, body)| body == "body")
    );
    // From now on the new one is used at once.
    client.request(request("")).await.unwrap();
    assert_eq!(server.spent().len(), 2);
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_told_and_not_tried_for_ever() {
    let server = Server::new()
        .then_token("ya29.1", 3_600)
        .then_token("ya29.2", 3_600);
    let api = Api::new("none");
    let client =
        AuthorizedClient::with_source(api.transport(), source(&server, store(), &Time::new()));
    let error = client.request(request("")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Expired);
    assert_eq!(api.seen().len(), 2);
}

#[tokio::test]
async fn a_rejected_generation_does_not_take_its_successor_along() {
    let server = Server::new()
        .then_token("ya29.1", 3_600)
        .then_token("ya29.2", 3_600);
    let source = source(&server, store(), &Time::new());
    let first = source.token().await.unwrap();
    source.reject(first.generation);
    let second = source.token().await.unwrap();
    assert_eq!(second.token.secret().expose(), "ya29.2");
    // A late 401 of the first one.
    source.reject(first.generation);
    assert_eq!(source.token().await.unwrap().generation, second.generation);
    assert_eq!(server.spent().len(), 2);
}

#[tokio::test]
async fn what_another_process_stored_is_used_unless_it_is_the_token_that_was_refused() {
    let server = Server::new().then_token("ya29.1", 3_600);
    let (time, store) = (Time::new(), store());
    let one = source(&server, store.clone(), &time);
    let other = source(&server, store.clone(), &time);
    one.token().await.unwrap();
    assert_eq!(
        other.token().await.unwrap().token.secret().expose(),
        "ya29.1"
    );
    assert_eq!(server.spent().len(), 1);
    let server = Server::new().then_token("ya29.2", 3_600);
    let third = source(&server, store, &time);
    let issued = third.token().await.unwrap();
    third.reject(issued.generation);
    assert_eq!(
        third.token().await.unwrap().token.secret().expose(),
        "ya29.2"
    );
}

#[tokio::test]
async fn the_token_goes_to_no_plain_http_and_to_no_host_that_was_not_named() {
    let server = Server::new().then_token("ya29.1", 3_600);
    let api = Api::new("ya29.1");
    let client =
        AuthorizedClient::with_source(api.transport(), source(&server, store(), &Time::new()))
            .only_to(AllowedHosts::google());
    for (address, kind) in [
        ("https://evil.test/feed", Kind::Refused),
        (
            "http://www.googleapis.com/youtube/v3/channels",
            Kind::Refused,
        ),
        ("https://www.googleapis.com.evil.test/", Kind::Refused),
    ] {
        let request = http::Request::get(address).body(Bytes::new()).unwrap();
        assert_eq!(
            client.request(request).await.unwrap_err().kind(),
            kind,
            "{address}"
        );
    }
    let anywhere =
        AuthorizedClient::with_source(api.transport(), source(&server, store(), &Time::new()));
    let plain = http::Request::get("http://example.com/")
        .body(Bytes::new())
        .unwrap();
    let error = anywhere.request(plain).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "address: expected https, or http on loopback, got http://example.com: a bearer token would be readable"
    );
    assert!(api.seen().is_empty());
    assert!(server.spent().is_empty());
}

#[tokio::test]
async fn answers_are_judged_for_a_source_as_for_a_token() {
    let server = Server::new();
    let client = AuthorizedClient::with_source(
        Api::new("").transport(),
        source(&server, store(), &Time::new()),
    );
    let answer = |status: u16, challenge: &'static str| {
        http::Response::builder()
            .status(status)
            .header("www-authenticate", challenge)
            .body(Bytes::new())
            .unwrap()
    };
    let judge = |status, challenge| client.judge(CHANNELS, &answer(status, challenge));
    assert!(matches!(judge(200, "Bearer"), Verdict::Fine));
    assert!(matches!(
        judge(401, r#"Bearer error="invalid_token""#),
        Verdict::Refresh { .. }
    ));
    let narrow =
        r#"Bearer error="insufficient_scope", scope="https://www.googleapis.com/auth/youtube""#;
    match judge(403, narrow) {
        Verdict::AskConsent { scopes, .. } => {
            assert_eq!(
                scopes.to_string(),
                "https://www.googleapis.com/auth/youtube"
            );
        }
        other => panic!("{other:?}"),
    }
}
