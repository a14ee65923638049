//! Tokens kept fresh for hyper's own client, as a layer of tower: `cargo run --features tower,serve --example
//! tower_layer`.
//!
//! The layer goes onto whatever sends HTTP requests; here onto hyper, before a server on loopback.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::{
    future::ready,
    sync::atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use gdata_auth::{
    Error,
    client::{AuthorizeLayer, Cached, FetchToken},
    oauth2::{AccessToken, AllowedHosts},
    serve::Server,
    transport::TransportError,
};
use http_body_util::Full;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tower::{Service, ServiceBuilder, ServiceExt};

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
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let server = Server::bind(([127, 0, 0, 1], 0), second_token_only)?.spawn()?;

    let authorize = AuthorizeLayer::new(Cached::new(Vault::default()))
        .only_to(AllowedHosts::google().and_loopback());
    let mut client = ServiceBuilder::new()
        .layer(authorize)
        .service(Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>());

    for number in 1..=3 {
        let request =
            http::Request::post(server.origin()).body(Full::from("the same body again"))?;
        let answer = client.ready().await?.call(request).await?;
        println!("request {number}: {}", answer.status());
    }
    Ok(())
}

/// As a server that has revoked the first token.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a transport is handed its request"
)]
fn second_token_only(
    request: http::Request<Bytes>,
) -> std::future::Ready<Result<http::Response<Bytes>, TransportError>> {
    let token = request.headers().get("authorization");
    let mut answer = http::Response::new(Bytes::new());
    if token.is_none_or(|token| token != "Bearer ya29.2") {
        *answer.status_mut() = http::StatusCode::UNAUTHORIZED;
    }
    ready(Ok(answer))
}
