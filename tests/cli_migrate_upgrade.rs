//! `gdata-auth migrate upgrade`, as a user runs it, on an emulator.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
};

use cli_support::{Running, file, folder, gdata_auth, location, place, run, run_with_input};
use serde_json::Value;

const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";

/// A page in a process of its own, which is stopped, by its id, when the test ends.
struct Page(Child);

impl Page {
    fn start(args: &[&str]) -> (Self, String) {
        let mut child = gdata_auth(&[&["migrate", "upgrade", "serve"], args].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let origin = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        (Self(child), origin)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One request with a cookie: the whole answer.
fn send(method: &str, url: &str, cookie: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn upgrade(args: &[&str]) -> (i32, String, String) {
    run(&[&["migrate", "upgrade"], args].concat())
}

fn campaign(name: &str) -> String {
    let _ = place(&format!("{name}.lock"));
    place(name)
}

#[test]
fn a_campaign_from_a_list_to_a_grant_that_works() {
    let google = Running::start(&["--consent", "allow"]);
    let (origin, path, store) = (
        google.origin(),
        campaign("cli-campaign"),
        folder("cli-campaign-store"),
    );
    let server = ["--emulator", origin.as_str(), "--client-id", "app"];
    let (code, out, told) = upgrade(
        &[
            &[
                "new",
                &path,
                "--app",
                "Tides",
                "--scope",
                YOUTUBE,
                "--origin",
                "http://127.0.0.1:0",
            ],
            &server[..],
        ]
        .concat(),
    );
    assert_eq!((code, out.as_str()), (0, ""), "{told}");
    assert!(
        told.contains("asks for: openid email https://www.googleapis.com/auth/youtube\n"),
        "{told}"
    );

    let (code, _, told) = run_with_input(
        &["migrate", "upgrade", "add", &path, "-"],
        "email\nann@example.com\nANN@example.com\nnobody\ncarla@example.net\n",
    );
    assert_eq!(code, 1, "{told}");
    assert!(
        told.contains("line 4: email: expected an address"),
        "{told}"
    );
    assert!(
        told.contains("ANN@example.com: twice in the list; invited once"),
        "{told}"
    );
    assert!(
        told.contains("invited: 2, twice: 1, before: 0, left out: 1; users now: 2"),
        "{told}"
    );

    let (page, at) = Page::start(&[&[&path, "--store", &store], &server[..]].concat());
    // Nobody else goes on with it meanwhile, and everybody may look.
    let (code, _, told) = run_with_input(
        &["migrate", "upgrade", "add", &path, "-"],
        "email\nx@example.com\n",
    );
    assert_eq!(code, 1);
    assert!(
        told.contains(&format!(
            "expected nobody else at work with it, process {} has it; stop that first\n",
            page.0.id()
        )),
        "{told}"
    );
    let (code, list, _) = upgrade(&["list", &path, "--links"]);
    assert_eq!(code, 0);
    let links: Vec<&str> = list
        .lines()
        .skip(1)
        .map(|line| line.rsplit(',').next().unwrap())
        .collect();
    assert!(links[0].starts_with(&format!("{at}/i/")), "{links:?}");

    for link in links {
        let shown = send("GET", link, "");
        assert!(shown.starts_with("HTTP/1.1 200 "), "{shown}");
        let cookie = shown
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "))
            .unwrap();
        let cookie = cookie.split(';').next().unwrap();
        let asked = location(link, &send("POST", &format!("{at}/start"), cookie)).unwrap();
        assert!(asked.starts_with(&origin), "{asked}");
        let back = location(&asked, &send("GET", &asked, "")).unwrap();
        assert!(back.starts_with(&format!("{at}/?")), "{back}");
        let result = location(&back, &send("GET", &back, cookie)).unwrap();
        assert!(send("GET", &result, cookie).starts_with("HTTP/1.1 200 "));
    }
    drop(page);

    let (code, out, _) = upgrade(&["status", &path, "--json"]);
    let status: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &status["users"]), (0, &Value::from(2)));
    assert_eq!(
        (
            &status["states"]["consented"],
            &status["states"]["wrong_account"]
        ),
        (&Value::from(1), &Value::from(1))
    );
    let (code, token, told) = run(&["token", "--account", "ann@example.com", "--store", &store]);
    assert_eq!(code, 0, "{told}");
    assert!(token.starts_with("ya29."), "{token}");
    let (code, _, _) = run(&["token", "--account", "carla@example.net", "--store", &store]);
    assert_eq!(code, 2, "nothing was kept of the wrong account");

    let outbox = folder("cli-campaign-outbox");
    let (code, _, told) = upgrade(&[
        "remind",
        &path,
        "--from",
        "Tides <team@example.com>",
        "--eml",
        &outbox,
    ]);
    assert_eq!(
        (code, told.as_str()),
        (0, "1 message made; nothing was sent\n")
    );
    let files: Vec<_> = std::fs::read_dir(&outbox)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    let mail = std::fs::read_to_string(&files[0]).unwrap();
    assert!(mail.contains("\r\nTo: carla@example.net\r\n"), "{mail}");
    let (_, _, told) = upgrade(&[
        "remind",
        &path,
        "--from",
        "team@example.com",
        "--eml",
        &outbox,
    ]);
    assert_eq!(told, "0 messages made; nothing was sent\n");
    let (code, _, told) = upgrade(&["renew", &path, "carla@example.net", "ann@example.com"]);
    assert_eq!(
        (code, told.as_str()),
        (0, "new links: 1; who has consented keeps that: 1\n")
    );
}

#[test]
fn google_takes_no_tokens_of_oauth_1_and_that_is_told() {
    let line = r#"{"account":"ann@example.com","credential":{"version":1,"scheme":"oauth1","consumer_key":"anonymous","method":"HMAC-SHA1","consumer_secret":"anonymous","token":"1/canary","token_secret":"canary","requestor":null,"scopes":"http://gdata.youtube.com/feeds/"}}"#;
    let tokens = file("cli-grant-tokens", line);
    let store = folder("cli-grant-store");
    let (code, out, told) = upgrade(&["grant", &tokens, "--client-id", "app", "--store", &store]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        told.contains(
            "oauth2.googleapis.com is Google's: it takes no tokens of OAuth 1.0 any more"
        ),
        "{told}"
    );
    let google = Running::start(&[]);
    let origin = google.origin();
    let (code, out, told) = upgrade(&[
        "grant",
        &tokens,
        "--client-id",
        "app",
        "--emulator",
        &origin,
        "--store",
        &store,
    ]);
    assert_eq!(code, 1, "{told}");
    assert!(
        out.starts_with("email,outcome,why\r\nann@example.com,refused,"),
        "{out}"
    );
    assert!(!format!("{out}{told}").contains("canary"), "{out}{told}");
}
