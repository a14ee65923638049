//! The door on loopback: who is let in, what is answered, and when it closes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "a skipped test says what it lacks")]

use std::time::Duration;

use gdata_auth::{
    Kind, Timestamp,
    client::{LoopbackReceiver, WITHOUT_REDIRECT},
    oauth2::{Client, PendingAuthorization},
    scope::ScopeNames,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const LONG: Duration = Duration::from_secs(30);
const STATE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn pending(receiver: &LoopbackReceiver) -> PendingAuthorization {
    Client::installed("c")
        .unwrap()
        .authorize(receiver.redirect_uri())
        .scopes(ScopeNames::parse("openid").unwrap())
        .begin(&[0; 96], Timestamp::from_unix_seconds(1))
        .unwrap()
}

fn port(receiver: &LoopbackReceiver) -> u16 {
    let address = receiver.redirect_uri();
    address
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

async fn call(port: u16, method: &str, target: &str, host: &str) -> String {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn get(port: u16, target: &str) -> String {
    call(port, "GET", target, &format!("127.0.0.1:{port}")).await
}

#[tokio::test]
async fn the_browser_ends_at_an_address_without_the_code() {
    let receiver = LoopbackReceiver::open(0).unwrap();
    let (pending, port) = (pending(&receiver), port(&receiver));
    let browser = tokio::spawn(async move {
        let first = get(port, &format!("/?state={STATE}&code=4/0secret")).await;
        let last = get(port, "/done").await;
        (first, last)
    });
    let redirect = receiver.receive(&pending, LONG).await.unwrap();
    assert_eq!(redirect.code().unwrap().unwrap().expose(), "4/0secret");
    let (first, last) = browser.await.unwrap();
    let first = first.to_ascii_lowercase();
    assert!(first.starts_with("http/1.1 303"), "{first}");
    assert!(first.contains("\r\nlocation: /done\r\n"));
    assert!(first.contains("\r\nreferrer-policy: no-referrer\r\n"));
    assert!(first.contains("\r\ncache-control: no-store\r\n"));
    assert!(last.starts_with("HTTP/1.1 200"));
    assert!(last.contains("Close this page") && !last.contains("secret"));
    assert!(
        TcpStream::connect(("127.0.0.1", port)).await.is_err(),
        "the door is closed"
    );
}

#[tokio::test]
async fn strangers_and_favicons_get_404_and_end_nothing() {
    let receiver = LoopbackReceiver::open(0).unwrap();
    let (pending, port) = (pending(&receiver), port(&receiver));
    let visitors = tokio::spawn(async move {
        let own = format!("127.0.0.1:{port}");
        for (method, target, host) in [
            ("GET", "/favicon.ico".to_owned(), own.as_str()),
            ("GET", format!("/x?state={STATE}&code=c"), &own),
            ("POST", format!("/?state={STATE}&code=c"), &own),
            ("HEAD", format!("/?state={STATE}&code=c"), &own),
            ("GET", format!("/?state={STATE}&code=c"), "evil.test"),
            ("GET", "/?state=wrong&code=c".to_owned(), &own),
            ("GET", "/?code=c".to_owned(), &own),
            ("GET", "/?error=access_denied".to_owned(), &own),
            ("GET", format!("/?state={STATE}&state={STATE}&code=c"), &own),
            ("GET", "/?state=%zz".to_owned(), &own),
            ("GET", "/".to_owned(), &own),
        ] {
            let answer = call(port, method, &target, host).await;
            assert!(
                answer.starts_with("HTTP/1.1 404"),
                "{method} {target} {host}: {answer}"
            );
        }
        get(port, &format!("/?state={STATE}&code=right")).await;
        get(port, "/done").await;
    });
    let redirect = receiver.receive(&pending, LONG).await.unwrap();
    assert_eq!(redirect.code().unwrap().unwrap().expose(), "right");
    visitors.await.unwrap();
}

#[tokio::test]
async fn a_browser_that_comes_twice_is_shown_the_page_twice() {
    let receiver = LoopbackReceiver::open(0).unwrap();
    let (pending, port) = (pending(&receiver), port(&receiver));
    let browser = tokio::spawn(async move {
        let target = format!("/?state={STATE}&code=c");
        let answers = [get(port, &target).await, get(port, &target).await];
        get(port, "/done").await;
        answers
    });
    receiver.receive(&pending, LONG).await.unwrap();
    for answer in browser.await.unwrap() {
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    }
}

#[tokio::test]
async fn a_decline_comes_back_too() {
    let receiver = LoopbackReceiver::open(0).unwrap();
    let (pending, port) = (pending(&receiver), port(&receiver));
    let browser = tokio::spawn(async move {
        get(port, &format!("/?error=access_denied&state={STATE}")).await;
        get(port, "/done").await
    });
    let redirect = receiver.receive(&pending, LONG).await.unwrap();
    let client = Client::installed("c").unwrap();
    let error = pending
        .finish(&client, &redirect, Timestamp::from_unix_seconds(2))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Denied);
    browser.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_in_time_is_told_with_what_google_shows_without_coming_back() {
    let receiver = LoopbackReceiver::open(0).unwrap();
    let pending = pending(&receiver);
    let error = receiver
        .receive(&pending, Duration::from_secs(300))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Expired);
    let message = error.to_string();
    assert!(message.starts_with("expected the browser back within 300 s, got nobody"));
    for code in [
        "redirect_uri_mismatch",
        "admin_policy_enforced",
        "disallowed_useragent",
        "org_internal",
    ] {
        assert!(message.contains(code), "{code}");
        assert!(WITHOUT_REDIRECT.iter().any(|entry| entry.starts_with(code)));
    }
}

#[tokio::test]
async fn dropping_the_wait_closes_the_door() {
    let receiver = LoopbackReceiver::open(0).unwrap();
    let port = port(&receiver);
    let pending = pending(&receiver);
    let waiting = tokio::time::timeout(Duration::ZERO, receiver.receive(&pending, LONG)).await;
    assert!(waiting.is_err());
    for _ in 0..1_000 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("still open");
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_and_ipv6_is_listened_on_where_there_is_one() {
    let receiver = LoopbackReceiver::open(0).unwrap();
    let port = port(&receiver);
    assert_eq!(
        LoopbackReceiver::open(port).unwrap_err().kind(),
        Kind::Transport
    );
    assert_eq!(
        receiver.ssh_forward("build-host"),
        format!("ssh -L {port}:127.0.0.1:{port} build-host")
    );
    if tokio::net::TcpListener::bind("[::1]:0").await.is_err() {
        println!("skipped in part: this machine has no IPv6");
        return;
    }
    assert!(TcpStream::connect(("::1", port)).await.is_ok());
}
