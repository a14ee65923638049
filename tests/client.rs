//! The authorised client: redirects are followed within an origin, signed anew, and never beyond.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    future::ready,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use gdata_auth::{
    AuthScheme, Kind, Transport,
    authsub::{Header, SessionToken},
    client::AuthorizedClient,
    gdata::{Envelope, Feed},
    scope::ScopeSet,
    transport::{Mishap, TransportError},
};
use support::world::{CALENDARS, UPLOADS, World, get};

const CALENDAR_SCOPE: &str = "https://www.google.com/calendar/feeds/";

/// Answers by a closure, and keeps what was sent.
#[derive(Clone)]
struct Script {
    sent: Arc<Mutex<Vec<http::Request<Bytes>>>>,
    answer: fn(usize) -> http::Response<Bytes>,
}

impl Script {
    fn new(answer: fn(usize) -> http::Response<Bytes>) -> Self {
        Self {
            sent: Arc::default(),
            answer,
        }
    }

    fn sent(&self) -> Vec<http::Request<Bytes>> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> futures_core::future::BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut sent = self.sent.lock().unwrap();
        sent.push(request);
        Box::pin(ready(Ok((self.answer)(sent.len()))))
    }
}

fn moved(status: u16, location: &str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("location", location)
        .body(Bytes::new())
        .unwrap()
}

fn ok() -> http::Response<Bytes> {
    http::Response::new(Bytes::from_static(b"done"))
}

fn scheme() -> AuthScheme {
    AuthScheme::from(SessionToken::new("T").unwrap())
}

#[tokio::test]
async fn signs_anew_for_the_address_that_calendar_redirects_to() {
    let world = World::new();
    let session = world
        .session(&world.link(CALENDAR_SCOPE).secure(true))
        .await;
    let client = AuthorizedClient::new(world.google.clone(), session).with_stamps(world.stamps());

    let answer = client.request(get(CALENDARS)).await.unwrap();
    assert_eq!(Feed::parse(answer.body()).unwrap().entries().len(), 1);
    let statuses = |world: &World| -> Vec<u16> {
        let journal = world.google.journal();
        let calendar = journal
            .iter()
            .filter(|entry| entry.path().starts_with("/calendar"));
        calendar.map(|entry| entry.status().as_u16()).collect()
    };
    assert_eq!(statuses(&world), [302, 200]);

    // The session id is kept: the next request goes straight through.
    client.request(get(CALENDARS)).await.unwrap();
    assert_eq!(statuses(&world), [302, 200, 200]);
}

#[tokio::test]
async fn a_stale_session_id_is_replaced() {
    let world = World::new();
    let session = world
        .session(&world.link(CALENDAR_SCOPE).secure(true))
        .await;
    let client = AuthorizedClient::new(world.google.clone(), session).with_stamps(world.stamps());
    let stale = format!("{CALENDARS}?gsessionid=stale&max-results=1");
    assert_eq!(client.request(get(&stale)).await.unwrap().status(), 200);
}

#[tokio::test]
async fn every_hop_carries_a_signature_of_its_own_address() {
    let script = Script::new(|hop| match hop {
        1 => moved(302, "/b?x=1"),
        2 => moved(301, "http://a.test/c"),
        _ => ok(),
    });
    let key = gdata_auth::crypto::PrivateKey::from_pem(support::world::KEY).unwrap();
    let token = SessionToken::new("T").unwrap().secured_by(key.signer());
    let client = AuthorizedClient::new(script.clone(), token);
    let request = http::Request::post("http://a.test/a")
        .body(Bytes::from_static(b"entry"))
        .unwrap();
    client.request(request).await.unwrap();

    let signed: Vec<String> = script
        .sent()
        .iter()
        .map(|request| {
            assert_eq!(request.method(), "POST");
            assert_eq!(request.body(), "entry");
            let header = Header::of(request.headers()).unwrap().unwrap();
            let data = header
                .verify(key.public_key(), "POST", &request.uri().to_string())
                .unwrap();
            data.url().to_owned()
        })
        .collect();
    assert_eq!(
        signed,
        ["http://a.test/a", "http://a.test/b?x=1", "http://a.test/c"]
    );
}

#[tokio::test]
async fn a_credential_never_follows_to_another_origin() {
    let answers: [fn(usize) -> http::Response<Bytes>; 5] = [
        |_| moved(302, "https://evil.test/"),
        |_| moved(302, "https://a.test.evil.test/"),
        |_| moved(307, "http://a.test/"),
        |_| moved(301, "https://a.test:8443/"),
        |_| moved(308, "//evil.test/"),
    ];
    for answer in answers {
        let script = Script::new(answer);
        let client = AuthorizedClient::new(script.clone(), scheme());
        let error = client.request(get("https://a.test/")).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Refused, "{error}");
        assert_eq!(script.sent().len(), 1);
        // As a transport it hands the redirect to its caller.
        let handed = client.send(get("https://a.test/")).await.unwrap();
        assert!(handed.status().is_redirection());
        assert_eq!(script.sent().len(), 2);
    }
}

#[tokio::test]
async fn goes_in_circles_a_few_times_only() {
    let script = Script::new(|_| moved(302, "https://a.test/again"));
    let client = AuthorizedClient::new(script.clone(), scheme());
    let error = client.request(get("https://a.test/")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(error.to_string().contains("at most 5 hops"), "{error}");
    assert_eq!(script.sent().len(), 6);
}

#[tokio::test]
async fn see_other_turns_a_post_into_a_get_without_its_body() {
    let script = Script::new(|hop| if hop == 1 { moved(303, "/done") } else { ok() });
    let client = AuthorizedClient::new(script.clone(), scheme());
    let request = http::Request::post("https://a.test/")
        .header("content-type", "text/plain")
        .body(Bytes::from_static(b"x"))
        .unwrap();
    client.request(request).await.unwrap();
    let last = script.sent().pop().unwrap();
    assert_eq!(last.method(), "GET");
    assert!(last.body().is_empty());
    assert!(!last.headers().contains_key("content-type"));
}

#[tokio::test]
async fn a_308_without_location_is_an_upload_that_goes_on() {
    let script = Script::new(|_| {
        http::Response::builder()
            .status(308)
            .body(Bytes::new())
            .unwrap()
    });
    let client = AuthorizedClient::new(script, scheme());
    assert_eq!(
        client.send(get("https://a.test/")).await.unwrap().status(),
        308
    );
    let answer = client.request(get("https://a.test/")).await.unwrap();
    assert_eq!(answer.status(), 308);
}

#[tokio::test]
async fn puts_the_envelope_onto_every_request() {
    let script = Script::new(|_| ok());
    let envelope = Envelope::new()
        .with_version("2")
        .unwrap()
        .with_developer_key("AI39si-dev")
        .unwrap()
        .with_client("cid-1")
        .unwrap();
    let client = AuthorizedClient::new(script.clone(), scheme()).with_envelope(envelope);
    client.request(get(UPLOADS)).await.unwrap();
    let sent = &script.sent()[0];
    assert_eq!(sent.headers()["authorization"], "AuthSub token=\"T\"");
    assert_eq!(sent.headers()["gdata-version"], "2");
    assert_eq!(sent.headers()["x-gdata-key"], "key=AI39si-dev");
    assert_eq!(sent.headers()["x-gdata-client"], "cid-1");
}

#[tokio::test]
async fn a_refusal_comes_with_its_reason_and_the_next_step() {
    let world = World::new();
    let session = world.plain_session().await;
    let client = AuthorizedClient::new(world.google.clone(), session.clone());
    let error = client.request(get(CALENDARS)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Scope);
    assert!(error.needs_user());

    let gone = AuthorizedClient::new(world.google.clone(), SessionToken::new("1/gone").unwrap());
    let error = gone.request(get(UPLOADS)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Revoked);
}

#[tokio::test]
async fn within_scopes_nothing_is_sent_beyond_them() {
    let known = |scopes: &str| {
        let scopes = ScopeSet::parse(scopes).unwrap();
        SessionToken::new("T").unwrap().with_scopes(scopes)
    };
    let script = Script::new(|hop| match hop {
        1 => moved(302, "/feeds/b"),
        2 => ok(),
        _ => moved(302, "/admin"),
    });
    let client = AuthorizedClient::new(script.clone(), known("http://a.test/feeds/"));
    let client = client.within_scopes();
    client.request(get("http://a.test/feeds/a")).await.unwrap();
    assert_eq!(script.sent().len(), 2);
    for address in [
        "http://evil.test/feeds/",
        "https://a.test/feeds/",
        "http://a.test/",
        "http://a.test/feeds/..%2fadmin",
    ] {
        let error = client.request(get(address)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Scope, "{address}");
        let failure = client.send(get(address)).await.unwrap_err();
        assert_eq!(failure.mishap(), Mishap::Request, "{address}");
    }
    assert_eq!(script.sent().len(), 2);

    // A redirect that leads outside is not followed.
    let error = client.request(get("http://a.test/feeds/a")).await;
    assert_eq!(error.unwrap_err().kind(), Kind::Scope);
    assert_eq!(script.sent().len(), 3);

    // Without the word, and without scopes that are known, every address is the caller's affair.
    let script = Script::new(|_| ok());
    for client in [
        AuthorizedClient::new(script.clone(), known("http://a.test/feeds/")),
        AuthorizedClient::new(script.clone(), scheme()).within_scopes(),
    ] {
        client.request(get("http://b.test/")).await.unwrap();
    }
    assert_eq!(script.sent().len(), 2);
}

#[tokio::test]
async fn an_address_that_is_not_absolute_is_refused_before_anything_is_sent() {
    let script = Script::new(|_| ok());
    let client = AuthorizedClient::new(script.clone(), scheme());
    assert_eq!(
        client.request(get("/path")).await.unwrap_err().kind(),
        Kind::Input
    );
    assert!(script.sent().is_empty());
}
