//! Every way to fail, and that no failure tells a secret.

use std::time::Duration;

use gdata_auth::{
    Error, Kind, Transport,
    transport::{Mishap, Reqwest},
};
use tokio::net::TcpSocket;

use crate::support::{CANARY, assert_silent, failure, get, server, stalling};

#[tokio::test]
async fn tells_a_refused_connection() {
    // Bound and not listening: nobody else gets the port, and nobody answers.
    let held = TcpSocket::new_v4().unwrap();
    held.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let gone = held.local_addr().unwrap();
    let error = failure(&Reqwest::new().unwrap(), gone).await;
    assert_eq!(error.mishap(), Mishap::Connect);
    let begins = format!("http://{gone}: expected a connection, got: Connection refused");
    assert!(error.to_string().starts_with(&begins), "{error}");

    let error = Error::from(error);
    assert_eq!(error.kind(), Kind::Transport);
    assert!(error.is_transient());
    assert_silent(&error);
}

#[tokio::test]
async fn tells_a_torn_reply() {
    for reply in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ] {
        let (address, _) = server(reply).await;
        let error = failure(&Reqwest::new().unwrap(), address).await;
        assert_eq!(error.mishap(), Mishap::Torn, "{reply:?}: {error}");
        let begins = format!("http://{address}: expected a whole reply, got: ");
        assert!(error.to_string().starts_with(&begins), "{error}");
    }
}

#[tokio::test]
async fn tells_a_stalled_reply() {
    let late = Reqwest::feeds_builder().idle_timeout(Duration::from_millis(40));
    for transport in [hasty(), late.build().unwrap()] {
        for start in ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"] {
            let address = stalling(start).await;
            let error = failure(&transport, address).await;
            assert_eq!(error.mishap(), Mishap::Timeout);
            let ends = " within 40ms, got none";
            assert!(error.to_string().ends_with(ends), "{error}");
        }
    }
}

#[tokio::test]
async fn tells_a_reply_that_is_too_large() {
    let small = Reqwest::builder()
        .max_body(10)
        .max_head(1000)
        .build()
        .unwrap();
    let head = |size: usize| format!("HTTP/1.1 200 OK\r\nX: {}\r\n", "x".repeat(size));
    for reply in [
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\n\r\n0123456789a".to_owned(),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n678901\r\n0\r\n\r\n"
            .to_owned(),
        head(1000) + "Content-Length: 0\r\n\r\n",
        head(1 << 20),
    ] {
        let (address, _) = server(reply).await;
        let error = failure(&small, address).await;
        assert_eq!(error.mishap(), Mishap::TooLarge, "{error}");
        assert!(error.to_string().starts_with(&format!("http://{address}: expected ")), "{error}");
    }
    for reply in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
        "HTTP/1.1 200 OK\r\n\r\n0123456789",
    ] {
        let (address, _) = server(reply).await;
        let reply = small.send(get(format!("http://{address}/"))).await.unwrap();
        assert_eq!(reply.body(), "0123456789");
    }
}

#[tokio::test]
async fn tells_a_reply_that_is_not_http() {
    let (address, _) = server(format!("{CANARY}\r\n\r\n")).await;
    let error = failure(&Reqwest::new().unwrap(), address).await;
    assert_eq!(error.mishap(), Mishap::Other);
}

#[test]
fn refuses_settings_that_cannot_be_used() {
    for (builder, kind) in [
        (Reqwest::builder().user_agent("a\nb"), Kind::Input),
        (Reqwest::builder().proxy("127.0.0.1:3128"), Kind::Input),
        (
            Reqwest::builder().proxy(format!("socks5://u:{CANARY}@127.0.0.1")),
            Kind::Input,
        ),
        (Reqwest::builder().root_certificate("no PEM"), Kind::Key),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_silent(&error);
    }
}

fn hasty() -> Reqwest {
    Reqwest::builder()
        .timeout(Duration::from_millis(40))
        .build()
        .unwrap()
}
