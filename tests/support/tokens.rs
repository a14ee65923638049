//! A source of tokens that counts, and a server that keeps what it was sent.

use std::{
    future::ready,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use gdata_auth::{
    Error, Transport,
    client::{Cached, FetchToken},
    oauth2::AccessToken,
    serve::{Running, Server},
    transport::TransportError,
};

/// Yields `ya29.1`, `ya29.2` and so on.
#[derive(Clone, Debug, Default)]
pub struct Counting(Arc<AtomicUsize>);

impl Counting {
    pub fn source() -> Cached<Self> {
        Cached::new(Self::default())
    }

    /// How many were fetched.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl FetchToken for Counting {
    fn fetch<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Box::pin(ready(AccessToken::new(format!("ya29.{number}"))))
    }
}

/// Answers by the number of the request, and keeps what was sent.
#[derive(Clone)]
pub struct Script {
    sent: Arc<Mutex<Vec<http::Request<Bytes>>>>,
    answer: Arc<dyn Fn(usize) -> http::Response<Bytes> + Send + Sync>,
}

impl Script {
    pub fn new(answer: impl Fn(usize) -> http::Response<Bytes> + Send + Sync + 'static) -> Self {
        Self {
            sent: Arc::default(),
            answer: Arc::new(answer),
        }
    }

    /// On a port of the system's choice.
    pub fn serve(&self) -> Running {
        let server = Server::bind(([127, 0, 0, 1], 0), self.clone()).unwrap();
        server.spawn().unwrap()
    }

    /// Answers one request.
    pub fn take(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let mut sent = self.sent.lock().unwrap();
        sent.push(request);
        (self.answer)(sent.len())
    }

    /// `Authorization` and body of each request.
    pub fn sent(&self) -> Vec<(String, String)> {
        let sent = self.sent.lock().unwrap();
        sent.iter()
            .map(|request| {
                let authorization = request.headers().get("authorization");
                let authorization = authorization.map_or("", |value| value.to_str().unwrap());
                let body = String::from_utf8(request.body().to_vec()).unwrap();
                (authorization.to_owned(), body)
            })
            .collect()
    }

    pub fn tokens(&self) -> Vec<String> {
        self.sent().into_iter().map(|(token, _)| token).collect()
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(ready(Ok(self.take(request))))
    }
}

pub fn ok() -> http::Response<Bytes> {
    http::Response::new(Bytes::from_static(b"done"))
}

/// As www.googleapis.com refuses a token that ended or was revoked.
pub fn invalid_token() -> http::Response<Bytes> {
    http::Response::builder()
        .status(401)
        .header(
            "www-authenticate",
            "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
        )
        .body(Bytes::from_static(
            br#"{"error":{"code":401,"message":"Invalid Credentials","status":"UNAUTHENTICATED"}}"#,
        ))
        .unwrap()
}

/// As YouTube refuses an account without a channel: with a good token (oauth2.md 5.5).
pub fn signup_required() -> http::Response<Bytes> {
    http::Response::builder()
        .status(401)
        .body(Bytes::from_static(
            br#"{"error":{"code":401,"message":"Unauthorized","errors":[{"domain":"youtube.header","reason":"youtubeSignupRequired","message":"Unauthorized"}]}}"#,
        ))
        .unwrap()
}
