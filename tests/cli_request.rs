//! `request`: any scheme against an emulator in a process of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cli_support::{Running, file, get, run, run_with_input};

mod cli_support;

/// A credential of ClientLogin, kept in a file.
fn login(google: &Running, service: &str, name: &str) -> String {
    let (code, token, err) = run_with_input(
        &[
            "login",
            "--clientlogin",
            "--server",
            &google.origin(),
            "--email",
            "ann@example.com",
            "--service",
            service,
        ],
        "secret\n",
    );
    assert_eq!(code, 0, "{err}");
    let token = token.trim();
    file(
        name,
        &format!(r#"{{"version":1,"scheme":"clientlogin","token":"{token}"}}"#),
    )
}

const ENTRY: &str = "<entry xmlns='http://www.w3.org/2005/Atom'><title>Test card</title></entry>";

#[test]
fn reads_a_feed_and_shows_the_head_when_asked() {
    let google = Running::start(&[]);
    let me = login(&google, "youtube", "request-read.json");
    let url = format!("{}/feeds/api/users/default/uploads", google.origin());
    let (code, out, err) = run(&[
        "request",
        "--credential",
        &me,
        "--gdata-version",
        "2",
        "GET",
        &url,
    ]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("<feed"), "{out}");
    let (code, again, err) = run(&["request", "--credential", &me, "-i", "GET", &url]);
    assert_eq!(code, 0);
    assert!(again.contains("<feed"), "{again}");
    assert!(err.starts_with("HTTP/1.1 200 OK\n"), "{err}");
    assert!(err.contains("content-type: application/atom+xml"), "{err}");
    // Without its scheme the same address is refused.
    assert!(get(&url).starts_with("HTTP/1.1 401 "));
}

#[test]
fn uploads_from_a_file_with_a_developer_key() {
    let google = Running::start(&[]);
    let me = login(&google, "youtube", "request-upload.json");
    let url = format!("{}/feeds/api/users/default/uploads", google.origin());
    let body = file(
        "request-upload-body",
        &format!(
            "--b\r\nContent-Type: application/atom+xml\r\n\r\n{ENTRY}\r\n--b\r\n\
             Content-Type: video/mp4\r\n\r\n{}\r\n--b--\r\n",
            "x".repeat(1_500_000)
        ),
    );
    let developer_key = file("request-developer-key", "AI39si-dev\n");
    let upload = [
        "request",
        "--credential",
        &me,
        "-H",
        "Slug: x.mp4",
        "--content-type",
        "multipart/related; boundary=b",
        "--data",
        &format!("@{body}"),
        "POST",
        &url,
    ];
    let (code, out, err) = run(&upload);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.starts_with("error: "), "{err}");
    assert!(err.contains("  verdict: "), "{err}");
    assert!(!err.contains("AI39si"), "{err}");
    let with_key = [&upload[..], &["--developer-key-file", &developer_key]].concat();
    let (code, out, err) = run(&with_key);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Test card"), "{out}");
}

#[test]
fn follows_calendars_redirect_within_the_origin() {
    let google = Running::start(&[]);
    let me = login(&google, "cl", "request-calendar.json");
    let url = format!(
        "{}/calendar/feeds/default/allcalendars/full",
        google.origin()
    );
    let (code, out, err) = run(&["request", "--credential", &me, "-i", "GET", &url]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("<feed"), "{out}");
    // A fresh token may come in a header, which is not shown.
    for line in err
        .lines()
        .filter(|line| line.starts_with("update-client-auth"))
    {
        assert_eq!(line, "update-client-auth: (hidden)");
    }
}

#[test]
fn a_refusal_tells_the_words_the_verdict_and_the_next_step() {
    let google = Running::start(&[]);
    let me = login(&google, "cl", "request-refused.json");
    let url = format!("{}/feeds/api/users/default/uploads", google.origin());
    let (code, out, err) = run(&["request", "--credential", &me, "GET", &url]);
    assert_eq!((code, out.as_str()), (1, ""));
    let lines: Vec<&str> = err.lines().collect();
    assert!(lines[0].starts_with("error: "), "{err}");
    assert!(
        lines.iter().any(|line| line.starts_with("  next: ")),
        "{err}"
    );
    assert_eq!(
        lines.last().unwrap(),
        &"  verdict: get a new credential (log in again, or refresh), and send it once more"
    );
    let (code, out, err) = run(&["request", "--credential", &me, "-i", "GET", &url]);
    assert_eq!(code, 1);
    assert!(err.starts_with("HTTP/1.1 401 "), "{err}");
    assert!(out.contains("<errors"), "{out}");

    let bearer = file("request-bearer", "ya29.CANARY\n");
    let (code, _, err) = run(&["request", "--bearer-file", &bearer, "GET", &url]);
    assert_eq!(code, 1);
    assert!(!err.contains("CANARY"), "{err}");
}

#[test]
fn says_what_is_wrong_with_a_command_and_shows_no_secret() {
    let url = "http://127.0.0.1:9/";
    let broken = file("request-broken.json", "{\"version\":1,\"token\":\"CANARY\"");
    let later = file(
        "request-later.json",
        r#"{"version":9,"scheme":"clientlogin","token":"CANARY"}"#,
    );
    let token = file("request-token", "CANARY");
    let cases: [(&[&str], i32, &str); 8] = [
        (
            &["GET", url],
            2,
            "credential: expected --credential, --bearer-file",
        ),
        (
            &["--credential", &broken, "GET", url],
            2,
            "credential: expected a file that `login --save`",
        ),
        (
            &["--credential", &later, "GET", url],
            2,
            "version: expected 1, got 9",
        ),
        (
            &["--bearer-file", &token, "--header", "nonsense", "GET", url],
            2,
            "header: expected NAME: VALUE",
        ),
        (
            &[
                "--bearer-file",
                &token,
                "--header",
                "Authorization: x",
                "GET",
                url,
            ],
            2,
            "header: expected no Authorization",
        ),
        (
            &["--bearer-file", &token, "--data", "@/nowhere", "POST", url],
            2,
            "data: cannot read /nowhere",
        ),
        (
            &["--bearer-file", &token, "get", url],
            2,
            "METHOD: expected capitals",
        ),
        (&["--api-key-file", &token, "GET", url], 3, "error: "),
    ];
    for (args, expected, piece) in cases {
        let (code, out, err) = run(&[&["request"], args].concat());
        assert_eq!((code, out.as_str()), (expected, ""), "{args:?}: {err}");
        assert!(err.contains(piece), "{args:?}: {err}");
        assert!(!err.contains("CANARY"), "{args:?}: {err}");
    }
    let (code, out, _) = run(&["request", "--help"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("gdata-auth request --credential me.json"),
        "{out}"
    );
}
