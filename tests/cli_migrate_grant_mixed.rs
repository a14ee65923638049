//! The exit code of `upgrade grant` where not all tokens come to the same: 3 says that nothing but the medium failed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use cli_support::{file, folder, run};

/// A server with the migration grant, which answers a token by what it is called.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            thread::spawn(move || answer(stream));
        }
    });
    origin
}

fn answer(mut stream: TcpStream) {
    let mut request = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut line) = (String::new(), String::new());
    while request.read_line(&mut line).unwrap() > 2 {
        head.push_str(&line.to_ascii_lowercase());
        line.clear();
    }
    let length = head.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    request.read_exact(&mut body).unwrap();
    let named = |word: &str| head.contains(&format!("oauth_token=\"{word}"));
    let (status, body) = if named("moved") {
        ("200 OK", r#"{"refresh_token":"1//new"}"#)
    } else if named("refused") {
        ("400 Bad Request", r#"{"error":"invalid_grant"}"#)
    } else if named("busy") {
        ("503 Service Unavailable", "")
    } else {
        // No answer at all: the connection is closed.
        return;
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
}

/// A token of OAuth 1.0 for each word, by users of the same names.
fn tokens(words: &[&str]) -> String {
    let line = |word: &&str| match *word {
        "authsub" => {
            "authsub@example.com\t1a|1%2Fabc|http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F\n".to_owned()
        }
        "torn" => "torn@example.com\t1h|anonymous|anonymous|1".to_owned(),
        word => format!("{word}@example.com\t1h|anonymous|anonymous|{word}|secret|3||\n"),
    };
    words.iter().map(line).collect()
}

#[test]
fn mixed_outcomes_end_with_3_only_where_nothing_but_the_medium_failed() {
    let origin = server();
    let rows: [(&[&str], i32, &[&str]); 10] = [
        (&["moved-a", "moved-b"], 0, &["moved", "moved"]),
        (&["moved-a", "away-b"], 3, &["moved", "unreachable"]),
        (&["away-a", "moved-b"], 3, &["unreachable", "moved"]),
        (&["away-a", "busy-b"], 3, &["unreachable", "unreachable"]),
        (&["refused-a", "away-b"], 1, &["refused", "unreachable"]),
        (&["away-a", "refused-b"], 1, &["unreachable", "refused"]),
        (&["refused-a", "moved-b"], 1, &["refused", "moved"]),
        (
            &["moved-a", "refused-b", "away-c"],
            1,
            &["moved", "refused", "unreachable"],
        ),
        // Whom nothing can move, and what could not be read, no second run will help.
        (&["away-a", "authsub"], 1, &["unreachable", "not_moved"]),
        (
            &["moved-a", "away-b", "torn"],
            1,
            &["moved", "unreachable", "not_moved"],
        ),
    ];
    for (number, (words, code, outcomes)) in rows.iter().enumerate() {
        let store = folder(&format!("grant-mixed-store-{number}"));
        let list = file(&format!("grant-mixed-{number}"), &tokens(words));
        let run_it = || {
            run(&[
                "migrate",
                "upgrade",
                "grant",
                &list,
                "--store",
                &store,
                "--client-id",
                "app",
                "--emulator",
                &origin,
                "--tries",
                "1",
            ])
        };
        let (got, out, told) = run_it();
        let rows = out.lines().skip(1);
        let words_out: Vec<&str> = rows.map(|row| row.split(',').nth(1).unwrap()).collect();
        assert_eq!(words_out, *outcomes, "{words:?}: {out}{told}");
        assert_eq!(got, *code, "{words:?}: {out}{told}");
        assert_eq!(
            told.contains("run the same command again, it goes on where it was"),
            outcomes.contains(&"unreachable"),
            "{told}"
        );
        // What was moved stays moved, and changes nothing of the word at the end.
        let (again, out, told) = run_it();
        assert_eq!(again, *code, "{words:?}: {out}{told}");
        assert_eq!(
            out.matches(",already,").count(),
            outcomes.iter().filter(|word| **word == "moved").count(),
            "{words:?}: {out}"
        );
    }
}

#[test]
fn a_refused_user_with_a_good_refresh_token_is_not_invited() {
    let origin = server();
    let stores = folder("grant-importable");
    std::fs::create_dir(&stores).unwrap();
    std::fs::write(
        format!("{stores}/tokens"),
        tokens(&["refused-ann", "refused-ben"]),
    )
    .unwrap();
    let good = r#"{"_class": "OAuth2Credentials", "client_id": "app", "client_secret": "s", "refresh_token": "1//good",
        "token_uri": "https://oauth2.googleapis.com/token", "scopes": ["https://www.googleapis.com/auth/youtube"],
        "id_token": {"email": "refused-ann@example.com"}}"#;
    std::fs::write(format!("{stores}/ann.json"), good).unwrap();
    let list = format!("{}.csv", folder("grant-importable-invite"));
    let _ = std::fs::remove_file(&list);
    let store = folder("grant-importable-store");
    let (code, out, told) = run(&[
        "migrate",
        "upgrade",
        "grant",
        &stores,
        "--store",
        &store,
        "--client-id",
        "app",
        "--emulator",
        &origin,
        "--tries",
        "1",
        "--invite",
        &list,
    ]);
    assert_eq!(code, 1, "{out}{told}");
    assert_eq!(
        std::fs::read_to_string(&list).unwrap(),
        "email\r\nrefused-ben@example.com\r\n"
    );
    assert!(
        told.contains("with a refresh token of OAuth 2.0 in the same stores, and not asked: 1; `gdata-auth migrate import --into-store PATH` keeps it"),
        "{told}"
    );
}
