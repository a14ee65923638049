//! Searches YouTube with the generated client of google-apis-rs, and with tokens of gdata-auth.
//!
//! `cargo run --manifest-path examples/google-youtube3/Cargo.toml -- [ORIGIN] [QUERY]`. Without an origin it starts an
//! emulator of Google on loopback and asks that; `http://127.0.0.1:8080` asks one that runs already
//! (`gdata-auth emulator --port 8080 --consent allow`).

use std::sync::Arc;

use bytes::Bytes;
use gdata_auth::{
    Transport,
    client::{Cached, HubToken, StoredToken, grant_key, keep_consent},
    emulator::{Config, Consent, Emulator},
    oauth2::{Client, Provider, Redirect},
    run,
    scope::ScopeNames,
    serve::Server,
    store::MemoryStore,
    system::{self, Clock, SystemClock, SystemRandomness},
    transport::Reqwest,
};
use google_youtube3::{
    YouTube,
    hyper_rustls::HttpsConnectorBuilder,
    hyper_util::{client::legacy, rt::TokioExecutor},
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const SCOPE: &str = "https://www.googleapis.com/auth/youtube.readonly";
const REDIRECT_URI: &str = "http://127.0.0.1:49152/";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (origin, _running) = match arguments.next() {
        Some(origin) => (origin.trim_end_matches('/').to_owned(), None),
        None => {
            let google = Emulator::with(Config::new().with_consent(Consent::Allow))?;
            let running = Server::bind(([127, 0, 0, 1], 0), google)?.spawn()?;
            (running.origin(), Some(running))
        }
    };
    let query = arguments.next().unwrap_or_else(|| "video".to_owned());

    let connector = HttpsConnectorBuilder::new()
        .with_native_roots()?
        .https_or_http()
        .enable_http1()
        .build();
    let client = legacy::Client::builder(TokioExecutor::new()).build(connector);
    let mut hub = YouTube::new(client, sign_in(&origin).await?);
    // Against Google itself these two lines go.
    hub.base_url(format!("{origin}/"));
    hub.root_url(format!("{origin}/"));

    let part = vec!["snippet".to_owned()];
    let (_, found) = hub
        .search()
        .list(&part)
        .q(&query)
        .add_type("video")
        .add_scope(SCOPE)
        .doit()
        .await?;
    for item in found.items.unwrap_or_default() {
        let id = item.id.and_then(|id| id.video_id).unwrap_or_default();
        let title = item.snippet.and_then(|snippet| snippet.title);
        println!("{id}  {}", title.unwrap_or_default());
    }
    Ok(())
}

/// A consent, kept in a store, and a source of tokens over it.
async fn sign_in(origin: &str) -> Result<HubToken, Failure> {
    let app = Client::installed("1234.apps.googleusercontent.com")?
        .with_secret("GOCSPX-example")?
        .at(Provider::google_at(origin)?);
    let asked = ScopeNames::parse(SCOPE)?;
    let (transport, store) = (Reqwest::new()?, Arc::new(MemoryStore::new()));
    let now = SystemClock.now();
    let pending = app
        .authorize(REDIRECT_URI)
        .scopes(asked)
        .begin(&system::random(&SystemRandomness), now)?;

    // A person would do this in a browser; the emulator allows at once.
    let visit = http::Request::get(pending.link()).body(Bytes::new())?;
    let answer = transport.send(visit).await?;
    let back = answer.headers().get("location");
    let back = back.ok_or_else(|| format!("expected a redirect, got {}", answer.status()))?;
    let redirect = Redirect::parse(back.to_str()?)?;

    let authorized = run(&pending.finish(&app, &redirect, now)?, &transport).await?;
    let key = grant_key(&app, "default")?;
    keep_consent(&*store, &key, &authorized, now)?;
    let granted = authorized.consent().granted.clone();
    let source = Cached::new(StoredToken::new(app, store, key, transport));
    Ok(HubToken::new(source).granted(granted))
}
