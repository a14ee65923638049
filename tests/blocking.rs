//! The same flows without async.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    thread,
};

use bytes::Bytes;
use gdata_auth::{
    Error, Kind, Stamp, Timestamp,
    authsub::{Accounts, SessionToken},
    blocking,
    client::{AuthorizedClient, TokenSource},
    emulator::Emulator,
    transport::Reqwest,
};
use support::{
    tokens::{Counting, Script, invalid_token, ok},
    world::{START, UPLOADS, YOUTUBE, get},
};

fn session(google: &Emulator) -> SessionToken {
    SessionToken::new(google.issue_session_token(YOUTUBE).unwrap()).unwrap()
}

#[test]
fn runs_one_exchange() {
    let google = Emulator::new();
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(START), 1);
    let exchange = session(&google)
        .token_info(&Accounts::google(), &stamp)
        .unwrap();
    let info = blocking::run(&exchange, &google).unwrap();
    assert_eq!(info.target(), "www.example.com");
}

#[test]
fn renews_a_token_as_the_async_client_does() {
    let source = Counting::source();
    let script = Script::new(|number| if number == 1 { invalid_token() } else { ok() });
    let client = AuthorizedClient::with_source(script.clone(), source);
    let client = blocking::Client::new(client).unwrap();
    let answer = client.request(get("https://www.googleapis.com/")).unwrap();
    assert_eq!(answer.body(), "done");
    assert_eq!(script.tokens(), ["Bearer ya29.1", "Bearer ya29.2"]);
}

#[test]
fn tells_a_refusal_as_the_async_client_does() {
    let google = Emulator::new();
    let unknown = SessionToken::new("1/unknown").unwrap();
    let client = blocking::Client::new(AuthorizedClient::new(google, unknown)).unwrap();
    let refused = client.request(get(UPLOADS)).unwrap_err();
    assert_eq!(refused.kind(), Kind::Revoked);
}

#[test]
fn waits_for_any_future() {
    let source = Counting::source();
    let issued = blocking::wait(source.token()).unwrap().unwrap();
    assert_eq!(issued.token.secret().expose(), "ya29.1");
}

#[test]
fn several_threads_share_a_client() {
    let google = Emulator::new();
    let client = AuthorizedClient::new(google.clone(), session(&google));
    let client = blocking::Client::new(client).unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(client.request(get(UPLOADS)).unwrap().status(), 200));
        }
    });
}

#[test]
fn refuses_to_wait_inside_of_a_runtime() {
    let google = Emulator::new();
    let client = || AuthorizedClient::new(google.clone(), session(&google));
    let outside = blocking::Client::new(client()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async move {
        let sentence = |refused: Error| (refused.kind(), refused.to_string());
        let refusals = [
            sentence(blocking::Client::new(client()).unwrap_err()),
            sentence(outside.request(get(UPLOADS)).unwrap_err()),
            sentence(blocking::wait(async {}).unwrap_err()),
        ];
        for (kind, message) in refusals {
            assert_eq!(kind, Kind::Input);
            assert!(message.starts_with("blocking: expected a thread without an async runtime"));
        }
        // And to be dropped there is no mishap.
        drop(outside);
    });
}

/// Reads one request, whose body is `entry`, and answers it, with no word of what becomes of the connection.
fn answer(stream: &mut TcpStream) {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\nentry") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        read.push(byte[0]);
    }
    let text = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone";
    stream.write_all(text).unwrap();
}

/// Nobody drives a connection between two calls, so its end is seen late.
#[test]
fn a_connection_that_the_server_closed_meanwhile_is_not_used_again() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (ask_to_close, asked) = mpsc::channel();
    let (closed, is_closed) = mpsc::channel();
    let server = thread::spawn(move || {
        for _ in 0..ROUNDS {
            let (mut stream, _) = listener.accept().unwrap();
            answer(&mut stream);
            asked.recv().unwrap();
            drop(stream);
            closed.send(()).unwrap();
        }
    });
    let client = AuthorizedClient::with_source(Reqwest::new().unwrap(), Counting::source());
    let client = blocking::Client::new(client).unwrap();
    for _ in 0..ROUNDS {
        let request = http::Request::post(&address).body(Bytes::from_static(b"entry"));
        let answer = client.request(request.unwrap()).unwrap();
        assert_eq!(answer.body(), "done");
        ask_to_close.send(()).unwrap();
        is_closed.recv().unwrap();
    }
    server.join().unwrap();
}

const ROUNDS: usize = 8;
