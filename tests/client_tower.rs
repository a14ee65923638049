//! Tokens for tower services, over a closure.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    convert::Infallible,
    task::{Context, Poll},
};

use bytes::Bytes;
use gdata_auth::{
    Error, Kind,
    client::{AuthorizeLayer, Cached},
    oauth2::AllowedHosts,
};
use http::{Request, Response};
use support::tokens::{Counting, Script, invalid_token, ok, signup_required};
use tower::{Layer, Service, ServiceExt};

const PLACE: &str = "https://www.googleapis.com/youtube/v3/channels";

/// Sends to a script; panics when called without having been asked whether it is ready.
struct Strict {
    script: Script,
    ready: bool,
}

impl Strict {
    fn new(script: &Script) -> Self {
        Self {
            script: script.clone(),
            ready: false,
        }
    }
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self::new(&self.script)
    }
}

impl<B: AsRef<[u8]>> Service<Request<B>> for Strict {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<Bytes>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        assert!(
            std::mem::take(&mut self.ready),
            "called before it was ready"
        );
        let request = request.map(|body| Bytes::copy_from_slice(body.as_ref()));
        std::future::ready(Ok(self.script.take(request)))
    }
}

/// A body that cannot be cloned.
struct Single(&'static str);

impl AsRef<[u8]> for Single {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn post<B>(address: &str, body: B) -> Request<B> {
    Request::post(address).body(body).unwrap()
}

fn layer(source: &Cached<Counting>) -> AuthorizeLayer {
    AuthorizeLayer::new(source.clone())
}

#[tokio::test]
async fn sends_the_same_body_again_with_another_token() {
    let source = Counting::source();
    let script = Script::new(|number| if number == 1 { invalid_token() } else { ok() });
    let mut service = layer(&source).layer(Strict::new(&script));
    for _ in 0..2 {
        let ready = ServiceExt::<Request<&str>>::ready(&mut service);
        let ready = ready.await.unwrap();
        let answer = ready.call(post(PLACE, "entry")).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let pair = |token: &str| (token.to_owned(), "entry".to_owned());
    let expected = [
        pair("Bearer ya29.1"),
        pair("Bearer ya29.2"),
        pair("Bearer ya29.2"),
    ];
    assert_eq!(script.sent(), expected);
}

#[tokio::test]
async fn sends_again_once_and_not_twice() {
    let (source, script) = (Counting::source(), Script::new(|_| invalid_token()));
    let service = layer(&source).layer(Strict::new(&script));
    let answer = service.oneshot(post(PLACE, "entry")).await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(script.tokens(), ["Bearer ya29.1", "Bearer ya29.2"]);
}

#[tokio::test]
async fn a_body_that_cannot_be_cloned_is_sent_once_and_its_token_given_up() {
    let source = Counting::source();
    let script = Script::new(|number| if number == 1 { invalid_token() } else { ok() });
    let service = layer(&source).once().layer(Strict::new(&script));
    let first = service.clone().oneshot(post(PLACE, Single("one")));
    assert_eq!(first.await.unwrap().status(), 401);
    let second = service.oneshot(post(PLACE, Single("two")));
    assert_eq!(second.await.unwrap().status(), 200);
    let pair = |token: &str, body: &str| (token.to_owned(), body.to_owned());
    assert_eq!(
        script.sent(),
        [pair("Bearer ya29.1", "one"), pair("Bearer ya29.2", "two")]
    );
}

#[tokio::test]
async fn a_scope_that_is_missing_costs_no_token() {
    let script = Script::new(|_| {
        let challenge = "Bearer realm=\"x\", error=\"insufficient_scope\", scope=\"a b\"";
        let answer = Response::builder().status(401);
        let answer = answer.header("www-authenticate", challenge);
        answer.body(Bytes::new()).unwrap()
    });
    let source = Counting::source();
    let service = layer(&source).layer(Strict::new(&script));
    let answer = service.oneshot(post(PLACE, "entry")).await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(script.sent().len(), 1);
}

/// What only the body says is not known here: one request and one token too many, and the same answer.
#[tokio::test]
async fn an_account_without_a_channel_costs_one_more_token() {
    let (source, script) = (Counting::source(), Script::new(|_| signup_required()));
    let service = layer(&source).layer(Strict::new(&script));
    let answer = service.oneshot(post(PLACE, "entry")).await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(source.inner().count(), 2);
}

#[tokio::test]
async fn no_token_goes_to_plain_http_or_unnamed_hosts() {
    let (source, script) = (Counting::source(), Script::new(|_| ok()));
    let google = layer(&source).only_to(AllowedHosts::google());
    for (layer, address, kind) in [
        (layer(&source), "http://example.com/", Kind::Input),
        (layer(&source), "/without/host", Kind::Input),
        (google, "https://example.com/", Kind::Refused),
    ] {
        let service = layer.layer(Strict::new(&script));
        let refused = service.oneshot(post(address, "entry")).await.unwrap_err();
        assert_eq!(refused.downcast_ref::<Error>().unwrap().kind(), kind);
    }
    assert_eq!(source.inner().count(), 0);
    assert_eq!(script.sent().len(), 0);
}
