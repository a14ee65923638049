//! Tokens kept fresh in a client of reqwest-middleware: `cargo run --features reqwest-middleware,serve --example
//! reqwest_middleware`.
//!
//! A server on loopback takes each token for two requests, and the client never notices.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::{
    future::ready,
    sync::atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use gdata_auth::{
    Error,
    client::{AuthorizeMiddleware, Cached, FetchToken},
    oauth2::{AccessToken, AllowedHosts},
    serve::Server,
    transport::TransportError,
};

/// Where tokens come from: here a counter; in a program `StoredToken`, `ServiceToken` or `default_credentials`.
#[derive(Debug, Default)]
struct Vault(AtomicUsize);

impl FetchToken for Vault {
    fn fetch<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        println!("  fetched token {number}");
        Box::pin(ready(AccessToken::new(format!("ya29.{number}"))))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::bind(([127, 0, 0, 1], 0), two_each())?.spawn()?;

    let authorize = AuthorizeMiddleware::new(Cached::new(Vault::default()))
        .only_to(AllowedHosts::google().and_loopback());
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(authorize)
        .build();

    for number in 1..=5 {
        let answer = client.get(server.origin()).send().await?;
        println!("request {number}: {}", answer.status());
    }
    let refused = client.get("http://example.com/").send().await;
    if let Err(refused) = refused {
        println!("another host: {refused}");
    }
    Ok(())
}

/// Refuses a token after two requests, as a server does that has revoked it.
fn two_each()
-> impl Fn(http::Request<Bytes>) -> std::future::Ready<Result<http::Response<Bytes>, TransportError>>
{
    let taken = AtomicUsize::new(0);
    move |request| {
        let token = request.headers().get("authorization");
        let number = token.and_then(|value| value.to_str().ok()?.rsplit('.').next()?.parse().ok());
        let good = number == Some(taken.load(Ordering::Relaxed) / 2 + 1);
        let mut answer = http::Response::new(Bytes::new());
        if good {
            taken.fetch_add(1, Ordering::Relaxed);
        } else {
            *answer.status_mut() = http::StatusCode::UNAUTHORIZED;
        }
        ready(Ok(answer))
    }
}
