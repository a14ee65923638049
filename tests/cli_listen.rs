//! A port that is taken: every command that listens says the same, and what to do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::net::TcpListener;

use cli_support::{folder, place, run};

#[test]
fn a_port_that_is_taken_says_to_take_another_or_a_free_one() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();
    let (tape, store) = (place("listen-tape.har"), folder("listen-store"));
    let oauth2 = [
        "login",
        "--emulator",
        "http://127.0.0.1:9",
        "--client-id",
        "app",
        "--scope",
        "email",
    ];
    let old = [
        "login",
        "--server",
        "http://127.0.0.1:9",
        "--scope",
        "http://gdata.youtube.com/feeds/",
    ];
    let live = ["--upstream", "http://127.0.0.1:9"];
    let commands: [Vec<&str>; 6] = [
        vec!["emulator"],
        [&["cassette", "record", &tape], &live[..]].concat(),
        [&["cassette", "serve", &tape, "--mode", "once"], &live[..]].concat(),
        [&oauth2[..], &["--store", &store]].concat(),
        [&old[..], &["--oauth1"]].concat(),
        [&old[..], &["--authsub"]].concat(),
    ];
    for command in commands {
        let (code, out, told) = run(&[&command[..], &["--port", &port]].concat());
        assert_eq!((code, out.as_str()), (3, ""), "{command:?}: {told}");
        let words = format!(
            "cannot listen at {address}: Address already in use (os error 98); stop the program that has the port, or \
             give another --port, or --port 0 for a free one"
        );
        let words = match cfg!(target_os = "linux") {
            true => words.as_str(),
            false => "give another --port, or --port 0 for a free one",
        };
        assert!(told.contains(words), "{command:?}: {told}");
        assert!(!told.contains("try again later"), "{command:?}: {told}");
    }
}
