//! What a server may answer to a login, and what comes of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    Advice, Error, Exchange, Fault, Kind,
    clientlogin::{
        AuthToken, Endpoint, ErrorCode, Login, LoginExchange, LoginRequest, Refusal, TokenShape,
    },
};
use proptest::prelude::*;

const GOOGLE: &str = include_str!("../fixtures/replies/clientlogin-200.txt");
const YOUTUBE: &str = include_str!("../fixtures/replies/clientlogin-200-youtube.txt");
const READER: &str = include_str!("../fixtures/replies/clientlogin-200-reader.txt");
const BAD: &str = include_str!("../fixtures/replies/clientlogin-403-bad-authentication.txt");
const RETIRED: &str = include_str!("../fixtures/replies/clientlogin-404-retired.txt");

fn at(endpoint: &Endpoint) -> LoginExchange {
    LoginRequest::new("user@gmail.com")
        .unwrap()
        .service("youtube")
        .unwrap()
        .source("acme-app-1")
        .unwrap()
        .exchange("p&ss w=rd", endpoint)
        .unwrap()
}

fn reader() -> Endpoint {
    Endpoint::at("https://rss.example.net/api/greader.php").unwrap()
}

fn reply(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .body(body.into())
        .unwrap()
}

fn refused(endpoint: &Endpoint, status: u16, body: impl Into<Bytes>) -> Error {
    at(endpoint).parse(&reply(status, body)).unwrap_err()
}

#[test]
fn reads_googles_three_lines() {
    assert_eq!(GOOGLE.len(), 947);
    let login = at(&Endpoint::google()).parse(&reply(200, GOOGLE)).unwrap();
    let mut lines = GOOGLE.lines();
    let mut value = || lines.next().unwrap().split_once('=').unwrap().1;
    assert_eq!(login.sid().unwrap().expose(), value());
    assert_eq!(login.lsid().unwrap().expose(), value());
    assert_eq!(login.token().secret().expose(), value());
    assert_eq!(login.token().shape(), TokenShape::Google);
    assert_eq!(login.youtube_user(), None);
    assert_eq!(login.body(), GOOGLE);
}

#[test]
fn reads_youtubes_two_lines() {
    assert_eq!(YOUTUBE.len(), 276);
    let login = at(&Endpoint::youtube())
        .parse(&reply(200, YOUTUBE))
        .unwrap();
    assert_eq!(login.youtube_user(), Some("tubester"));
    assert!(login.sid().is_none() && login.lsid().is_none());
    assert_eq!(login.body(), YOUTUBE);
}

#[test]
fn reads_the_lines_of_reader_servers() {
    let login = at(&reader()).parse(&reply(200, READER)).unwrap();
    assert_eq!(login.token().shape(), TokenShape::Reader);
    assert_eq!(login.lsid().unwrap().expose(), "null");
    assert_eq!(login.body(), READER);
    // The Old Reader's own example, without a line feed at the end.
    let old = b"SID=none\nLSID=none\nAuth=LyTEJPvTJiSPrCxLu46d";
    let login = at(&reader()).parse(&reply(200, &old[..])).unwrap();
    assert_eq!(login.token().secret().expose(), "LyTEJPvTJiSPrCxLu46d");
}

#[test]
fn reads_lines_in_any_order_and_spelling() {
    for body in [
        "Auth=T\nSID=s\nLSID=l\n",
        "auth=T\r\nsid=s\r\nlsid=l\r\n",
        "\n\nSomething\nAUTH = T \nSID=s\nLSID=l",
        "SID=s\nLSID=l\nAuth=T\nAuth=other\n",
        "SID=s\nLSID=l\nAuth=\nAuth=T\n",
    ] {
        let login = Login::parse(body.as_bytes()).unwrap();
        assert_eq!(login.token().secret().expose(), "T", "{body:?}");
        assert_eq!(login.sid().unwrap().expose(), "s", "{body:?}");
        assert_eq!(login.lsid().unwrap().expose(), "l", "{body:?}");
    }
    let padded = Login::parse(b"Auth==a=b=\n").unwrap();
    assert_eq!(padded.token().secret().expose(), "=a=b=");
}

#[test]
fn a_stray_byte_or_a_mark_in_another_line_costs_no_token() {
    let body = b"\xef\xbb\xbfSID=s\nMotd=caf\xe9\nAuth=user/0123abcd\n";
    let login = Login::parse(body).unwrap();
    assert_eq!(login.token().secret().expose(), "user/0123abcd");
    assert_eq!(login.sid().unwrap().expose(), "s");
}

#[test]
fn names_the_line_that_is_missing_or_wrong() {
    let long = format!("Auth={}\n", "x".repeat(3_000));
    let huge = vec![b'x'; 70_000];
    let cases: [(&[u8], &str); 9] = [
        (b"", "Auth: "),
        (b"OK", "Auth: "),
        (b"SID=s\nLSID=l\n", "Auth: "),
        (b"Auth=\n", "Auth: "),
        (b"Auth=a b\n", "Auth: "),
        (long.as_bytes(), "Auth: "),
        (b"Auth=\xff\n", "Auth: "),
        (b"Auth=x\0y\n", "body: "),
        (&huge, "body: "),
    ];
    for (body, start) in cases {
        let error = refused(&reader(), 200, Bytes::copy_from_slice(body));
        assert_eq!(error.kind(), Kind::Reply);
        assert!(error.to_string().starts_with(start), "{error}");
    }
}

#[test]
fn reader_servers_refuse_a_bad_password_with_401() {
    for body in [
        "Unauthorized!",
        r#"{"error_message":"access unauthorized"}"#,
        "",
        "Error=BadAuthentication\n",
    ] {
        let error = refused(&reader(), 401, body);
        assert_eq!(error.kind(), Kind::Refused, "{body}");
        assert!(error.needs_user());
        assert_eq!(
            error.to_string(),
            "the server does not accept this name with this password (401: BadAuthentication)"
        );
        assert_eq!(
            *Refusal::of(&error).unwrap().code(),
            ErrorCode::BadAuthentication
        );
    }
}

#[test]
fn the_shutdown_is_no_bad_password() {
    for (endpoint, status, body) in [
        (Endpoint::google(), 404, RETIRED),
        (Endpoint::youtube(), 404, RETIRED.trim()),
        (
            Endpoint::google(),
            404,
            "<html><title>Error 404</title></html>",
        ),
        (Endpoint::google(), 410, ""),
        (Endpoint::at("http://127.0.0.1:8080").unwrap(), 404, RETIRED),
    ] {
        let error = refused(&endpoint, status, body);
        assert_eq!(error.kind(), Kind::Retired, "{status} {body}");
        assert_eq!(error.advice(), Advice::Migrate { to: "OAuth 2.0" });
        assert!(!error.is_transient() && !error.needs_user());
        assert_eq!(
            error.to_string(),
            format!(
                "ClientLogin has been switched off at this server ({status}): the password is not at fault"
            )
        );
    }
}

#[test]
fn a_wrong_address_is_the_callers_fault() {
    let error = refused(
        &reader(),
        404,
        "<html><a href='https://developers.google.com/'></html>",
    );
    assert_eq!(error.kind(), Kind::Input);
    assert_eq!(error.fault(), Fault::Caller);
    assert_eq!(
        error.to_string(),
        "endpoint: expected the base address of a server with ClientLogin, got 404 from \
         https://rss.example.net/api/greader.php/accounts/ClientLogin"
    );
    let page = refused(&reader(), 200, "\n<!doctype html><title>Log in</title>");
    assert_eq!(page.kind(), Kind::Input);
    assert!(page.to_string().contains("web page"), "{page}");

    for status in [301, 302, 303, 307, 308] {
        let mut answer = reply(status, "");
        let location = "https://rss.example.net/login?Passwd=x".parse().unwrap();
        answer.headers_mut().insert("location", location);
        let error = at(&reader()).parse(&answer).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert_eq!(
            error.to_string(),
            format!(
                "endpoint: expected the address of ClientLogin itself, got a redirect ({status} to \
                 https://rss.example.net/login)"
            )
        );
    }
}

#[test]
fn other_answers_keep_their_meaning() {
    assert!(refused(&reader(), 503, "Service Unavailable!").is_transient());
    assert_eq!(
        refused(&reader(), 400, "Bad Request!").kind(),
        Kind::Refused
    );
    assert_eq!(refused(&reader(), 403, "Forbidden").kind(), Kind::Refused);
    assert_eq!(refused(&reader(), 204, "").kind(), Kind::Reply);
    let mut slow = reply(429, "");
    slow.headers_mut()
        .insert("retry-after", "7".parse().unwrap());
    let error = at(&reader()).parse(&slow).unwrap_err();
    assert_eq!(error.kind(), Kind::Quota);
    let after = Some(std::time::Duration::from_secs(7));
    assert_eq!(error.advice(), Advice::Retry { after });
    // An error in a 200 is an error; a body that is no text leaves the status.
    assert!(Refusal::of(&refused(&reader(), 200, BAD)).is_some());
    assert!(Refusal::of(&refused(&reader(), 401, &b"\xff\0"[..])).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Print, then parse: the same login.
    #[test]
    fn a_printed_login_reads_back(
        token in "[!#-&(-+\\--\\[\\]-~]{1,300}",
        sessions in proptest::option::of(("[!-~]{1,300}", "[!-~]{1,300}")),
        user in proptest::option::of("[a-zA-Z0-9\u{e0}-\u{ff}]{1,20}"),
    ) {
        let mut login = Login::new(AuthToken::new(token).unwrap());
        if let Some((sid, lsid)) = sessions { login = login.with_sessions(sid, lsid).unwrap(); }
        if let Some(user) = user { login = login.with_youtube_user(user).unwrap(); }
        prop_assert_eq!(Login::parse(&login.body()).unwrap(), login);
    }

    #[test]
    fn no_answer_makes_the_reader_panic(
        status in 100u16..600,
        body in proptest::collection::vec(any::<u8>(), 0..200),
        text in "(Error=|Auth=|Captcha(Url|Token)=|Url=|[a-zA-Z:/?%\\[\\]]{0,9}|\n){0,12}",
    ) {
        let exchange = at(&Endpoint::google());
        let _ = exchange.parse(&reply(status, body));
        let _ = exchange.parse(&reply(status, text));
    }
}
