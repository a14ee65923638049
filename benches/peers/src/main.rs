//! A token at hand onto a request, beside yup-oauth2 and google-cloud-auth, all from one emulator on loopback.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml -- --bench`

use std::sync::{
    LazyLock,
    atomic::{AtomicUsize, Ordering},
};

use divan::{Bencher, black_box};
use futures_util::FutureExt;
use gdata_auth::{
    client::{Cached, ServiceToken, TokenSource},
    crypto::PrivateKey,
    emulator::{Config, Emulator, ServiceAccount},
    scope::ScopeNames,
    serve::{Running, Server},
    transport::Reqwest,
};
use google_cloud_auth::credentials::{CacheableResource, Credentials};
use http::{Extensions, HeaderValue, header::AUTHORIZATION, request::Parts};
use tokio::runtime::Runtime;
use yup_oauth2::{ServiceAccountAuthenticator, ServiceAccountKey};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const KEY: &str = include_str!("../../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const PUBLIC: &str = include_str!("../../../fixtures/keys/insecure-rsa2048-pub.pem");
const EMAIL: &str = "bench@project.iam.gserviceaccount.com";
const SCOPE: &str = "https://www.googleapis.com/auth/calendar";

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
});

static TOKEN_CALLS: AtomicUsize = AtomicUsize::new(0);

struct Google {
    origin: String,
    _running: Running,
}

static GOOGLE: LazyLock<Google> = LazyLock::new(|| {
    let config = Config::new().with_service_account(ServiceAccount::new(EMAIL, PUBLIC));
    let emulator = Emulator::with(config).expect("an emulator").observed(|entry| {
        if entry.path() == "/token" {
            TOKEN_CALLS.fetch_add(1, Ordering::Relaxed);
        }
    });
    let server = Server::bind(([127, 0, 0, 1], 0), emulator).expect("a port");
    let origin = server.origin();
    let _guard = RUNTIME.enter();
    Google {
        origin,
        _running: server.spawn().expect("a server"),
    }
});

fn main() {
    let _installed = rustls::crypto::ring::default_provider().install_default();
    LazyLock::force(&GOOGLE);
    divan::main();
}

fn parts() -> Parts {
    let request = http::Request::get("https://www.googleapis.com/calendar/v3/calendars")
        .header(AUTHORIZATION, "none")
        .body(());
    request.expect("a request").into_parts().0
}

fn key_file() -> serde_json::Value {
    serde_json::json!({
        "type": "service_account", "project_id": "project", "private_key_id": "k1", "private_key": KEY,
        "client_email": EMAIL, "client_id": "1", "token_uri": format!("{}/token", GOOGLE.origin),
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
    })
}

static OURS: LazyLock<Cached<ServiceToken>> = LazyLock::new(|| {
    let key = PrivateKey::from_pem(KEY).expect("a key");
    let account = gdata_auth::oauth2::ServiceAccount::new(EMAIL, &key)
        .and_then(|account| account.with_token_endpoint(format!("{}/token", GOOGLE.origin)))
        .expect("an account");
    let scopes = ScopeNames::parse(SCOPE).expect("a scope");
    let source = Cached::new(ServiceToken::new(account, scopes, Reqwest::new().expect("a client")));
    RUNTIME.block_on(source.token()).expect("a token");
    source
});

#[divan::bench(threads = [1, 2], sample_size = 2_000)]
fn gdata_auth_cached(bencher: Bencher<'_, '_>) {
    LazyLock::force(&OURS);
    bencher.with_inputs(parts).bench_refs(|parts| {
        assert!(black_box(&*OURS).authorize(parts).is_some());
    });
}

/// Its service account signs a token itself, and makes no call.
static GOOGLE_CLOUD: LazyLock<Credentials> = LazyLock::new(|| {
    let key = key_file();
    let _guard = RUNTIME.enter();
    let credentials = google_cloud_auth::credentials::service_account::Builder::new(key)
        .with_access_specifier(
            google_cloud_auth::credentials::service_account::AccessSpecifier::from_scopes([SCOPE]),
        )
        .build()
        .expect("credentials");
    RUNTIME.block_on(credentials.headers(Extensions::new())).expect("a token");
    credentials
});

#[divan::bench(threads = [1, 2], sample_size = 2_000)]
fn google_cloud_auth_cached(bencher: Bencher<'_, '_>) {
    LazyLock::force(&GOOGLE_CLOUD);
    bencher.with_inputs(parts).bench_refs(|parts| {
        let headers = GOOGLE_CLOUD.headers(Extensions::new()).now_or_never();
        match headers.expect("at hand").expect("headers") {
            CacheableResource::New { data, .. } => parts.headers.extend(data),
            CacheableResource::NotModified => unreachable!("no tag was given"),
        }
    });
}

type Yup = yup_oauth2::authenticator::DefaultAuthenticator;

static YUP: LazyLock<Yup> = LazyLock::new(|| {
    let key: ServiceAccountKey = serde_json::from_value(key_file()).expect("a key file");
    RUNTIME.block_on(async {
        let authenticator = ServiceAccountAuthenticator::builder(key).build().await.expect("yup-oauth2");
        authenticator.token(&[SCOPE]).await.expect("a token");
        authenticator
    })
});

#[divan::bench(threads = [1, 2], sample_size = 2_000)]
fn yup_oauth2_cached(bencher: Bencher<'_, '_>) {
    LazyLock::force(&YUP);
    bencher.with_inputs(parts).bench_refs(|parts| {
        let token = YUP.token(&[SCOPE]).now_or_never();
        // A second thread may hold its lock: then it is waited for.
        let token = token.unwrap_or_else(|| RUNTIME.block_on(YUP.token(&[SCOPE]))).expect("a token");
        let header = format!("Bearer {}", token.token().expect("an access token"));
        parts.headers.insert(AUTHORIZATION, HeaderValue::try_from(header).expect("a header"));
    });
}

/// 1,000 tasks that come at once, when there is no token yet; how many calls each round makes is printed.
#[divan::bench(sample_count = 10)]
fn gdata_auth_thousand_tasks(bencher: Bencher<'_, '_>) {
    thousand(bencher, || {
        let key = PrivateKey::from_pem(KEY).expect("a key");
        let account = gdata_auth::oauth2::ServiceAccount::new(EMAIL, &key)
            .and_then(|account| account.with_token_endpoint(format!("{}/token", GOOGLE.origin)))
            .expect("an account");
        let scopes = ScopeNames::parse(SCOPE).expect("a scope");
        let source =
            Cached::new(ServiceToken::new(account, scopes, Reqwest::new().expect("a client")));
        move || {
            let source = source.clone();
            async move { source.token().await.map(drop).expect("a token") }
        }
    });
}

#[divan::bench(sample_count = 10)]
fn yup_oauth2_thousand_tasks(bencher: Bencher<'_, '_>) {
    thousand(bencher, || {
        let key: ServiceAccountKey = serde_json::from_value(key_file()).expect("a key file");
        let yup = RUNTIME
            .block_on(ServiceAccountAuthenticator::builder(key).build())
            .expect("yup-oauth2");
        move || {
            let yup = yup.clone();
            async move { yup.token(&[SCOPE]).await.map(drop).expect("a token") }
        }
    });
}

fn thousand<Make, Call, Answer>(bencher: Bencher<'_, '_>, make: Make)
where
    Make: Fn() -> Call,
    Call: Fn() -> Answer,
    Answer: Future<Output = ()> + Send + 'static,
{
    let before = TOKEN_CALLS.load(Ordering::Relaxed);
    let mut rounds = 0;
    bencher.with_inputs(&make).bench_local_values(|call| {
        rounds += 1;
        RUNTIME.block_on(async {
            let tasks: Vec<_> = (0..1_000).map(|_| tokio::spawn(call())).collect();
            for task in tasks {
                task.await.expect("a task");
            }
        });
    });
    let calls = TOKEN_CALLS.load(Ordering::Relaxed) - before;
    println!("{calls} token calls in {rounds} rounds of 1,000 tasks");
}
