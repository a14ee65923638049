//! `migrate dual compare` over many addresses: how many at a time, and in which order they are told.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use cli_support::{
    file,
    grants::{Place, YOUTUBE},
    run,
};

/// How long a server waits for what never comes, so that a test fails in place of hanging.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a server has seen.
#[derive(Default)]
struct Seen {
    /// Requests under way, by path.
    open: BTreeMap<String, usize>,
    /// The most paths that were under way together.
    most: usize,
    /// All paths that came.
    came: Vec<String>,
}

/// A server on loopback; its address, and what it has seen. The answers to `/feeds/1` and to `after` wait until both have
/// been asked for.
fn server(after: Option<&'static str>) -> (String, Arc<(Mutex<Seen>, Condvar)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::<(Mutex<Seen>, Condvar)>::default();
    let shared = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, shared) = (stream.unwrap(), Arc::clone(&shared));
            thread::spawn(move || answer(stream, &shared, after));
        }
    });
    (origin, seen)
}

fn answer(mut stream: TcpStream, shared: &(Mutex<Seen>, Condvar), after: Option<&str>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else {
        return;
    };
    let path = first.split(' ').nth(1).unwrap().to_owned();
    while lines.next().unwrap().unwrap() != "" {}
    let (seen, changed) = shared;
    {
        let mut seen = seen.lock().unwrap();
        *seen.open.entry(path.clone()).or_default() += 1;
        seen.most = seen.most.max(seen.open.len());
        seen.came.push(path.clone());
        changed.notify_all();
        // Each of the two waits for the other, whichever comes first.
        let other = match (path.as_str(), after) {
            ("/feeds/1", Some(after)) => Some(after),
            (path, Some(after)) if path == after => Some("/feeds/1"),
            _ => None,
        };
        if let Some(other) = other {
            let waiting = |seen: &mut Seen| !seen.came.iter().any(|came| came == other);
            let (kept, _) = changed.wait_timeout_while(seen, PATIENCE, waiting).unwrap();
            seen = kept;
            assert!(
                seen.came.iter().any(|came| came == other),
                "{:?}",
                seen.came
            );
        }
        let left = seen.open.get_mut(&path).unwrap();
        *left -= 1;
        if *left == 0 {
            seen.open.remove(&path);
        }
    }
    let body = format!("{{\"path\":\"{path}\"}}");
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ";
    let _ = write!(stream, "{head}{}\r\n\r\n{body}", body.len());
}

fn compare(at: &Place, origin: &str, addresses: usize, more: &[&str]) -> (i32, String, String) {
    let saved = file(
        "dual-parallel-old.json",
        r#"{"version":1,"scheme":"clientlogin","token":"DQAAACANARY"}"#,
    );
    let list: String = (1..=addresses)
        .map(|number| format!("{origin}/feeds/{number}\n"))
        .collect();
    let list = file(
        &format!("dual-parallel-{addresses}-{}.txt", more.len()),
        &list,
    );
    let words = [
        "migrate",
        "dual",
        "compare",
        "--new",
        "ann",
        "--old",
        &saved,
        "--addresses",
        &list,
    ];
    at.run(&[&words[..], more].concat())
}

#[test]
fn addresses_are_asked_for_together_and_told_in_their_order() {
    let at = Place::new("dual-parallel", &["--consent", "allow"]);
    at.logged_in(&["--scope", YOUTUBE, "--account", "ann"]);
    let expected = |origin: &str, count: usize| -> String {
        (1..=count)
            .map(|number| format!("same        200 200  {origin}/feeds/{number}\n"))
            .collect()
    };

    // The first answer comes when the fourth address has been asked for, and is told first all the same.
    let (origin, seen) = server(Some("/feeds/4"));
    let (code, out, err) = compare(&at, &origin, 9, &[]);
    assert_eq!((code, out), (0, expected(&origin, 9)), "{err}");
    assert_eq!(err, "same: 9, different: 0, refused: 0, unreachable: 0\n");
    let most = seen.0.lock().unwrap().most;
    assert!((2..=4).contains(&most), "{most}");

    // One at a time is one address, by both credentials, before the next.
    let (origin, seen) = server(None);
    let (code, out, err) = compare(&at, &origin, 5, &["--parallel", "1"]);
    assert_eq!((code, out), (0, expected(&origin, 5)), "{err}");
    let seen = seen.0.lock().unwrap();
    assert_eq!((seen.most, seen.came.len()), (1, 10), "{:?}", seen.came);

    let (origin, seen) = server(Some("/feeds/32"));
    let (code, out, err) = compare(&at, &origin, 40, &["--parallel", "32"]);
    assert_eq!((code, out), (0, expected(&origin, 40)), "{err}");
    assert_eq!(seen.0.lock().unwrap().came.len(), 80);
}

#[test]
fn as_many_at_a_time_as_may_be_are_named() {
    for wrong in ["0", "33", "4.5", "four"] {
        let (code, out, told) = run(&[
            "migrate",
            "dual",
            "compare",
            "--new",
            "ann",
            "--old",
            "old.json",
            "--parallel",
            wrong,
            "http://127.0.0.1:9/",
        ]);
        assert_eq!((code, out.as_str()), (2, ""), "{told}");
        assert!(told.contains("--parallel <N>"), "{told}");
    }
}
