//! Tokens for clients of reqwest-middleware, before a server on loopback.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    Error, Kind,
    client::{AuthorizeMiddleware, Cached},
    oauth2::AllowedHosts,
};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use support::tokens::{Counting, Script, invalid_token, ok, signup_required};

fn client(source: &Cached<Counting>) -> ClientWithMiddleware {
    with(AuthorizeMiddleware::new(source.clone()))
}

fn with(middleware: AuthorizeMiddleware) -> ClientWithMiddleware {
    ClientBuilder::new(reqwest::Client::new())
        .with(middleware)
        .build()
}

fn refusal(error: &reqwest_middleware::Error) -> Kind {
    let reqwest_middleware::Error::Middleware(cause) = error else {
        panic!("expected an error of the middleware, got {error:?}");
    };
    cause.downcast_ref::<Error>().unwrap().kind()
}

#[tokio::test]
async fn fetches_a_token_once_for_many_requests() {
    let (source, script) = (Counting::source(), Script::new(|_| ok()));
    let (client, server) = (client(&source), script.serve());
    for _ in 0..3 {
        let answer = client.get(server.origin()).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "done");
    }
    assert_eq!(script.tokens(), ["Bearer ya29.1"; 3]);
    assert_eq!(source.inner().count(), 1);
}

#[tokio::test]
async fn sends_the_same_body_again_with_another_token() {
    let source = Counting::source();
    let script = Script::new(|number| if number == 1 { invalid_token() } else { ok() });
    let (client, server) = (client(&source), script.serve());
    let answer = client.post(server.origin()).body("entry").send().await;
    assert_eq!(answer.unwrap().status(), 200);
    let pair = |token: &str| (token.to_owned(), "entry".to_owned());
    assert_eq!(
        script.sent(),
        [pair("Bearer ya29.1"), pair("Bearer ya29.2")]
    );

    // The rejected generation is not used again.
    client.get(server.origin()).send().await.unwrap();
    assert_eq!(script.tokens()[2], "Bearer ya29.2");
}

#[tokio::test]
async fn sends_again_once_and_not_twice() {
    let (source, script) = (Counting::source(), Script::new(|_| invalid_token()));
    let (client, server) = (client(&source), script.serve());
    let answer = client.get(server.origin()).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(script.tokens(), ["Bearer ya29.1", "Bearer ya29.2"]);
}

#[tokio::test]
async fn does_not_send_a_stream_again_but_gives_its_token_up() {
    let source = Counting::source();
    let script = Script::new(|number| if number == 1 { invalid_token() } else { ok() });
    let (client, server) = (client(&source), script.serve());
    let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>("one"), Ok("two")]);
    let body = reqwest::Body::wrap_stream(chunks);
    let answer = client
        .post(server.origin())
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    // What was looked at is still there, and so is where it came from.
    assert_eq!(answer.url().as_str(), format!("{}/", server.origin()));
    assert_eq!(
        answer.text().await.unwrap(),
        r#"{"error":{"code":401,"message":"Invalid Credentials","status":"UNAUTHENTICATED"}}"#
    );
    assert_eq!(script.sent().len(), 1);
    client.get(server.origin()).send().await.unwrap();
    assert_eq!(script.tokens(), ["Bearer ya29.1", "Bearer ya29.2"]);
}

#[tokio::test]
async fn a_401_for_another_reason_costs_no_token() {
    let (source, script) = (Counting::source(), Script::new(|_| signup_required()));
    let (client, server) = (client(&source), script.serve());
    let answer = client.get(server.origin()).send().await.unwrap();
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("youtubeSignupRequired")
    );
    assert_eq!(script.sent().len(), 1);
    client.get(server.origin()).send().await.unwrap();
    assert_eq!(source.inner().count(), 1);
}

#[tokio::test]
async fn a_long_401_comes_through_whole() {
    let long = "x".repeat(300 << 10);
    let body = Bytes::from(long.clone());
    let script = Script::new(move |_| {
        let mut answer = http::Response::new(body.clone());
        *answer.status_mut() = http::StatusCode::UNAUTHORIZED;
        answer
    });
    let (source, server) = (Counting::source(), script.serve());
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>("one")]);
    let request = client(&source)
        .post(server.origin())
        .body(reqwest::Body::wrap_stream(stream));
    assert!(request.send().await.unwrap().text().await.unwrap() == long);
}

#[tokio::test]
async fn a_401_at_the_end_of_a_redirect_says_nothing_of_the_token() {
    let elsewhere = Script::new(|_| invalid_token());
    let there = elsewhere.serve();
    let location = format!("{}/there", there.origin());
    let script = Script::new(move |_| {
        let answer = http::Response::builder().status(302);
        answer
            .header("location", &location)
            .body(Bytes::new())
            .unwrap()
    });
    let (source, server) = (Counting::source(), script.serve());
    let answer = client(&source).get(server.origin()).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(elsewhere.tokens(), [""]);
    assert_eq!(script.tokens(), ["Bearer ya29.1"]);
    assert_eq!(source.inner().count(), 1);
}

#[tokio::test]
async fn no_token_goes_to_plain_http_elsewhere() {
    let source = Counting::source();
    let refused = client(&source)
        .get("http://example.com/youtube/v3/channels")
        .send()
        .await
        .unwrap_err();
    assert_eq!(refusal(&refused), Kind::Input);
    assert_eq!(source.inner().count(), 0);
}

#[tokio::test]
async fn goes_to_named_hosts_alone() {
    let (source, script) = (Counting::source(), Script::new(|_| ok()));
    let server = script.serve();
    let google = AuthorizeMiddleware::new(source.clone()).only_to(AllowedHosts::google());
    for address in ["https://example.com/", &server.origin()] {
        let refused = with(google.clone()).get(address).send().await.unwrap_err();
        assert_eq!(refusal(&refused), Kind::Refused, "{address}");
    }
    assert_eq!(script.sent().len(), 0);
    let loopback = AllowedHosts::google().and_loopback();
    let client = with(google.only_to(loopback));
    assert_eq!(
        client.get(server.origin()).send().await.unwrap().status(),
        200
    );
}
