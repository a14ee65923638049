//! The raw requests that real clients sent, played against the emulator on a socket.
//!
//! They are read in place from the shared folder beside the repository, where there is one. Tokens and
//! signatures in them are of another server, so most are refused; what counts is that every request gets
//! an answer of HTTP, and that the server goes on.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "a skipped test says what it lacks")]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
};

use gdata_auth::serve::Server;
use support::world::World;

/// The requests of one capture, byte for byte: each mark tells its length.
fn requests(capture: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut rest = capture;
    while let Some(at) = memchr::memmem::find(rest, b"===== request ") {
        let line = memchr::memchr(b'\n', &rest[at..]).unwrap();
        let mark = std::str::from_utf8(&rest[at..at + line]).unwrap();
        let length: usize = mark
            .split_whitespace()
            .rev()
            .find_map(|word| word.parse().ok())
            .unwrap();
        let (request, after) = rest[at + line + 1..].split_at(length);
        found.push(request);
        rest = after;
    }
    found
}

fn ask(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_captured_request_gets_an_answer() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/captures");
    if !folder.is_dir() {
        println!("skipped: there is no ../shared/captures");
        return;
    }
    let world = World::new();
    let server = Server::bind(([127, 0, 0, 1], 0), world.google.clone())
        .unwrap()
        .spawn()
        .unwrap();
    let address = server.local_addr();
    let answers = tokio::task::spawn_blocking(move || {
        let mut answers = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let capture = std::fs::read(&path).unwrap();
            for request in requests(&capture) {
                answers.push((path.clone(), request.to_vec(), ask(address, request)));
            }
        }
        answers
    })
    .await
    .unwrap();
    assert!(answers.len() > 100, "{} requests only", answers.len());
    let mut illegal = 0;
    for (path, request, answer) in &answers {
        let shown = String::from_utf8_lossy(request);
        assert!(
            answer.starts_with("HTTP/1.1 "),
            "{}: {shown}\n{answer:?}",
            path.display()
        );
        assert!(
            !answer.starts_with("HTTP/1.1 5"),
            "{}: {shown}\n{answer}",
            path.display()
        );
        if shown.contains("\nARRAY(0x") {
            assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
            illegal += 1;
        }
        if shown.contains("/accounts/AuthSubRequest?") {
            assert!(answer.starts_with("HTTP/1.1 302 "), "{shown}\n{answer}");
        }
    }
    assert_eq!(illegal, 4, "Net::Google::AuthSub sends two in either style");
    println!("{} requests answered", answers.len());
    server.stop().await.unwrap();
}
