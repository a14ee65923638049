//! A program on its user's machine: consent in the browser, a token that is kept, and a call with it.
//!
//! `cargo run --example installed_app -- client_secret.json` asks for consent at Google, or at an emulator when the file
//! names one; run it again, and nobody is asked.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use gdata_auth::{
    Transport,
    client::{
        AuthorizedClient, Cached, LoopbackReceiver, Retry, StoredToken, grant_key, keep_consent,
    },
    oauth2::{AllowedHosts, Client, CredentialFile},
    run,
    scope::ScopeNames,
    store::{FileStore, GrantKey, TokenStore},
    system::{self, Clock, SystemClock, SystemRandomness},
    transport::Reqwest,
};

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "a program reads its arguments; the library does not"
)]
async fn main() -> Result<(), Failure> {
    let path = std::env::args()
        .nth(1)
        .ok_or("expected client_secret.json")?;
    let hosts = AllowedHosts::google().and_loopback();
    let CredentialFile::Client(file) = CredentialFile::read(&std::fs::read(path)?, &hosts)? else {
        return Err("expected client_secret.json, got other credentials".into());
    };
    let (app, google) = (file.client, Reqwest::new()?);
    let store = Arc::new(FileStore::open(std::env::temp_dir().join("installed-app"))?);
    let key = grant_key(&app, "default")?;
    if store
        .load(&key)?
        .is_none_or(|(grant, _)| grant.dead().is_some())
    {
        ask(&app, &google, &*store, &key).await?;
    }

    let tokens =
        StoredToken::new(app.clone(), store, key, google.clone()).with_backoff(|retry: Retry| {
            tokio::time::sleep(
                retry
                    .after
                    .unwrap_or(Duration::from_millis(200) * retry.attempt),
            )
        });
    let client = AuthorizedClient::with_source(google, Cached::new(tokens)).only_to(hosts);
    let address = app.provider().userinfo_endpoint()?;
    let answer = client
        .request(http::Request::get(address).body(Bytes::new())?)
        .await?;
    println!("{}", String::from_utf8_lossy(answer.body()));
    Ok(())
}

/// Sends the user to the consent page, and keeps what comes of it.
async fn ask(
    app: &Client,
    google: &impl Transport,
    store: &dyn TokenStore,
    key: &GrantKey,
) -> Result<(), Failure> {
    // The port is open before the link names it.
    let receiver = LoopbackReceiver::open(0)?;
    let pending = app
        .authorize(receiver.redirect_uri())
        .scopes(ScopeNames::parse("openid email")?)
        .begin(&system::random(&SystemRandomness), SystemClock.now())?;
    println!("open {}", pending.link());
    let redirect = receiver.receive(&pending, Duration::from_secs(300)).await?;
    let authorized = run(&pending.finish(app, &redirect, SystemClock.now())?, google).await?;
    let missing = &authorized.consent().missing;
    if !missing.is_empty() {
        println!("not granted: {missing}");
    }
    keep_consent(store, key, &authorized, SystemClock.now())?;
    Ok(())
}
