//! What OAuth 2.0 costs: the token at hand on a request, 10,000 tasks at its end, the consent link, the reply.
//!
//! `cargo bench --bench oauth2`. Allocations are counted beside the times. Other crates stand beside it in
//! `benches/peers`.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark stops where its own world is broken"
)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use divan::{Bencher, black_box};
use gdata_auth::{
    Timestamp,
    client::{Cached, StoredToken, TokenSource, grant_key},
    oauth2::{Client, Redirect, TokenReply},
    scope::ScopeNames,
    store::{MemoryStore, StoredGrant, update},
    transport::TransportError,
};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const REPLY: &str = r#"{"access_token":"ya29.a0AfB_byDgV8bMkK1yJm5xvTqPlnsRzYx3cWqeHtUoLhGdN2bE4","expires_in":3599,"refresh_token":"1//0gAbCdEfGhIjKlMnOpQrStUv","scope":"https://www.googleapis.com/auth/youtube","token_type":"Bearer"}"#;

fn main() {
    divan::main();
}

fn source(calls: &Arc<AtomicUsize>) -> Cached<StoredToken> {
    let calls = Arc::clone(calls);
    let transport = move |_: http::Request<Bytes>| {
        calls.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok::<_, TransportError>(http::Response::new(Bytes::from(
            REPLY,
        ))))
    };
    let client = Client::installed("1234.apps.googleusercontent.com").unwrap();
    let key = grant_key(&client, "ann").unwrap();
    let store = MemoryStore::new();
    update(&store, &key, |_| {
        StoredGrant::new(Timestamp::default()).with_refresh_token("1//r")
    })
    .unwrap();
    Cached::new(StoredToken::new(client, store, key, transport))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// The header map has its room before, as a request that carries headers has.
#[divan::bench(threads = [1, 2], sample_size = 10_000)]
fn cached_token_onto_a_request(bencher: Bencher<'_, '_>) {
    static SOURCE: std::sync::OnceLock<Cached<StoredToken>> = std::sync::OnceLock::new();
    let source = SOURCE.get_or_init(|| {
        let source = source(&Arc::default());
        runtime().block_on(source.token()).unwrap();
        source
    });
    thread_local! {
        static PARTS: std::cell::RefCell<http::request::Parts> = {
            let request = http::Request::get("https://www.googleapis.com/youtube/v3/videos")
                .header("authorization", "none")
                .body(())
                .unwrap();
            std::cell::RefCell::new(request.into_parts().0)
        };
    }
    bencher.bench(|| PARTS.with_borrow_mut(|parts| black_box(source).authorize(black_box(parts))));
}

/// What of that is the clock of the machine.
#[divan::bench(threads = [1, 2], sample_size = 10_000)]
fn the_clock_alone() -> Timestamp {
    use gdata_auth::system::{Clock, SystemClock};
    black_box(&SystemClock).now()
}

#[divan::bench(sample_count = 20)]
fn ten_thousand_tasks_at_the_end(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let calls = Arc::new(AtomicUsize::new(0));
    let mut rounds = 0;
    bencher
        .with_inputs(|| source(&calls))
        .bench_local_values(|source| {
            rounds += 1;
            runtime.block_on(async {
                let tasks: Vec<_> = (0..10_000)
                    .map(|_| {
                        let source = source.clone();
                        tokio::spawn(async move { source.token().await.unwrap().generation })
                    })
                    .collect();
                for task in tasks {
                    task.await.unwrap();
                }
            });
        });
    assert_eq!(calls.load(Ordering::Relaxed), rounds, "one call a round");
}

#[divan::bench]
fn parse_a_reply(bencher: Bencher<'_, '_>) {
    let reply = http::Response::new(Bytes::from(REPLY));
    bencher.bench(|| TokenReply::parse(black_box(&reply)).unwrap());
}

#[divan::bench]
fn make_the_link(bencher: Bencher<'_, '_>) {
    let client = Client::installed("1234.apps.googleusercontent.com").unwrap();
    let scopes = ScopeNames::parse("https://www.googleapis.com/auth/youtube").unwrap();
    bencher.bench(|| {
        let request = client
            .authorize("http://127.0.0.1:49152/")
            .scopes(scopes.clone());
        request
            .begin(black_box(&[7; 96]), Timestamp::default())
            .unwrap()
    });
}

#[divan::bench]
fn read_a_redirect() -> Redirect {
    Redirect::parse(black_box(
        "http://127.0.0.1:49152/?state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc&code=4%2F0AbCd&scope=x",
    ))
    .unwrap()
}
