//! Rows 10, 11, 19, 23: what goes over the wire.

use std::time::Duration;

use bytes::Bytes;
use gdata_auth::{
    Exchange, Kind, Transport,
    oauth2::{AccessToken, Client, Discovery, Metadata, Provider, TokenReply},
    run,
    scope::ScopeNames,
    transport::{Mishap, Reqwest},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{app, ask, support::oauth2::world};

#[test]
fn row_10_no_address_holds_a_token_or_a_secret() {
    let app = app();
    let google = Provider::google();
    let token = AccessToken::new("CANARY").unwrap();
    let requests = [
        app.refresh("CANARY", None).request(),
        app.client_credentials(None).request(),
        app.revoke_everywhere("CANARY").unwrap().request(),
        google.tokeninfo(&token).unwrap().request(),
        google.userinfo(&token).unwrap().request(),
        Metadata::google().token(&ScopeNames::default()).request(),
    ];
    for request in requests {
        let address = request.uri().to_string();
        assert!(
            !address.contains("CANARY") && !address.contains("client_secret"),
            "{address}"
        );
        for value in request.headers().values() {
            assert!(value.is_sensitive() || !value.to_str().unwrap().contains("CANARY"));
        }
    }
    let pending = ask(&app, world().now());
    assert!(!pending.link().contains("client_secret") && !pending.link().contains("code_verifier"));
}

/// Answers every connection with these bytes, and counts connections.
async fn server(bytes: Vec<u8>, keep_open: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut head = [0; 4_096];
                let _ = socket.read(&mut head).await;
                let _ = socket.write_all(&bytes).await;
                if keep_open {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    format!("http://{address}")
}

fn client(origin: &str) -> Client {
    app().at(Provider::google_at(origin).unwrap())
}

#[tokio::test]
async fn row_11_a_redirect_of_the_token_endpoint_is_not_followed() {
    let trap = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = trap.local_addr().unwrap();
    for status in [
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let answer = format!(
            "HTTP/1.1 {status}\r\nLocation: http://{target}/token\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let origin = server(answer.into_bytes(), false).await;
        let reqwest = Reqwest::new().unwrap();
        let error = run(&client(&origin).refresh("1//r", None), &reqwest)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Refused, "{status}");
    }
    let visited = tokio::time::timeout(Duration::from_millis(50), trap.accept()).await;
    assert!(visited.is_err(), "nobody came to the other address");
}

#[test]
fn row_19_endpoints_are_https_or_loopback_and_there_is_no_switch() {
    for address in [
        "http://id.example.com/token",
        "ftp://id.example.com/",
        "id.example.com/token",
        "",
    ] {
        assert!(
            Provider::new("https://id.example.com", address).is_err(),
            "{address}"
        );
        let provider = Provider::google();
        assert!(
            provider
                .clone()
                .with_authorization_endpoint(address)
                .is_err()
        );
        assert!(provider.clone().with_device_endpoint(address).is_err());
        assert!(provider.clone().with_revocation_endpoint(address).is_err());
        assert!(provider.clone().with_userinfo_endpoint(address).is_err());
        assert!(provider.with_jwks_uri(address).is_err());
        assert!(Discovery::new(address).is_err());
        assert!(Provider::google_at(address).is_err());
    }
    assert!(Provider::new("http://127.0.0.1:8080", "http://[::1]:8080/token").is_ok());
}

#[tokio::test]
async fn row_23_a_server_that_never_ends_is_given_up_on() {
    let silent = server(Vec::new(), true).await;
    let reqwest = Reqwest::builder()
        .timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let request = client(&silent).refresh("1//r", None).request();
    assert_eq!(
        reqwest.send(request).await.unwrap_err().mishap(),
        Mishap::Timeout
    );
    let huge = b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n{".to_vec();
    let huge = server(huge, true).await;
    let request = client(&huge).refresh("1//r", None).request();
    assert_eq!(
        reqwest.send(request).await.unwrap_err().mishap(),
        Mishap::TooLarge
    );
    // What another transport lets through is bounded here.
    let large = http::Response::new(Bytes::from(vec![b'{'; TokenReply::MAX_BYTES + 1]));
    assert!(TokenReply::parse(&large).is_err());
}
