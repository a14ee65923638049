//! Sources of other kinds, and many threads.

use std::sync::Arc;

use bytes::Bytes;
use gdata_auth::{
    Kind,
    client::{Cached, Credentials, ServiceToken, TokenSource},
    crypto::PrivateKey,
    oauth2::{AllowedHosts, CredentialFile, ServiceAccount},
    scope::ScopeNames,
    transport::TransportError,
};

use super::{Time, server::Server, source, store};

const KEY: &str = include_str!("../../fixtures/keys/insecure-rsa2048-pkcs8.pem");

#[test]
fn threads_share_one_token() {
    let server = Server::new().then_token("ya29.1", 3_600);
    let source = source(&server, store(), &Time::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let source = source.clone();
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .build()
                    .unwrap();
                runtime.block_on(async move {
                    for _ in 0..200 {
                        source.token().await.unwrap();
                        let (mut parts, ()) = http::Request::new(()).into_parts();
                        assert!(source.authorize(&mut parts).is_some());
                        assert_eq!(parts.headers["authorization"], "Bearer ya29.1");
                    }
                });
            });
        }
    });
    assert_eq!(server.spent().len(), 1);
}

#[tokio::test]
async fn an_assertion_that_is_refused_is_the_clocks_or_the_keys_fault_and_nobodys_consent() {
    let refused = |date: &'static str| {
        move |_: http::Request<Bytes>| {
            let answer = http::Response::builder()
                .status(400)
                .header("date", date)
                .body(Bytes::from_static(
                    br#"{"error":"invalid_grant","error_description":"Invalid JWT"}"#,
                ))
                .unwrap();
            std::future::ready(Ok::<_, TransportError>(answer))
        }
    };
    let key = PrivateKey::from_pem(KEY).unwrap();
    let account = ServiceAccount::new("a@p.iam.gserviceaccount.com", &key).unwrap();
    let scopes = ScopeNames::parse("https://www.googleapis.com/auth/calendar").unwrap();
    let time = Time::new();
    let source = |date| {
        Cached::new(
            ServiceToken::new(account.clone(), scopes.clone(), refused(date))
                .with_clock(time.clock()),
        )
    };
    let clock = source("Tue, 14 Nov 2023 22:23:20 GMT")
        .token()
        .await
        .unwrap_err();
    assert_eq!(clock.advice(), gdata_auth::Advice::FixClock);
    let key = source("Tue, 14 Nov 2023 22:13:20 GMT")
        .token()
        .await
        .unwrap_err();
    assert_eq!(key.advice(), gdata_auth::Advice::FixClient);
    assert!(key.to_string().contains("is its key still valid"));
}

#[tokio::test]
async fn a_credential_file_becomes_a_source_and_its_project_goes_with_the_token() {
    let file = br#"{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"1//first","quota_project_id":"billing"}"#;
    let server = Server::new().then_token("ya29.1", 3_600);
    let credentials = Credentials::new(ScopeNames::default(), server.transport());
    let file = CredentialFile::read(file, &AllowedHosts::google()).unwrap();
    let source: Arc<dyn TokenSource> = credentials.source(file).unwrap();
    source.token().await.unwrap();
    let (mut parts, ()) = http::Request::new(()).into_parts();
    source.authorize(&mut parts).unwrap();
    assert_eq!(parts.headers["x-goog-user-project"], "billing");
    let secret = br#"{"installed":{"client_id":"c"}}"#;
    let file = CredentialFile::read(secret, &AllowedHosts::google()).unwrap();
    assert_eq!(
        credentials.source(file).unwrap_err().kind(),
        Kind::Unsupported
    );
}
