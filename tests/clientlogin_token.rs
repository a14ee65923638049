//! The header, and what a token does with requests and answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error as _;

use bytes::Bytes;
use gdata_auth::{
    Advice, Exchange, Kind, Stamp, Timestamp,
    clientlogin::{ActionToken, AuthToken, Endpoint, Header, TokenShape, challenge},
    gdata::Refusal,
    wire::challenge::Challenge,
};
use proptest::prelude::*;

const FEED: &str = "https://www.google.com/calendar/feeds/default";

fn stamp() -> Stamp {
    Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7)
}

fn reply(status: u16, body: &str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

#[test]
fn authorises_without_quotes_and_replaces_what_was_there() {
    for token in ["DQAAAGgAauth", "alice/0123abcd", "a=b==", "x.y~z:@[]{}|`^"] {
        let (mut parts, ()) = http::Request::get(FEED)
            .header("authorization", "GoogleLogin auth=old")
            .body(())
            .unwrap()
            .into_parts();
        let token = AuthToken::new(token).unwrap();
        token.authorize(&mut parts, &stamp()).unwrap();
        assert_eq!(parts.headers.len(), 1);
        let header = &parts.headers["authorization"];
        assert!(header.is_sensitive());
        let expected = format!("GoogleLogin auth={}", token.secret().expose());
        assert_eq!(header.to_str().unwrap(), expected);
    }
}

#[test]
fn reads_the_header_of_every_client() {
    for header in [
        "GoogleLogin auth=DQAAAGgAauth",
        r#"GoogleLogin auth="DQAAAGgAauth""#,
        "GoogleLogin auth='DQAAAGgAauth'",
        "GoogleLogin Auth=DQAAAGgAauth",
        r#"GoogleLogin Auth="DQAAAGgAauth""#,
        "googlelogin AUTH=DQAAAGgAauth",
        "  GoogleLogin\tauth=DQAAAGgAauth  ",
        "GoogleLogin service=cl, auth=DQAAAGgAauth",
    ] {
        assert_eq!(
            Header::parse(header).unwrap().token().expose(),
            "DQAAAGgAauth",
            "{header}"
        );
    }
    let reader = Header::parse("GoogleLogin auth=alice/0123abcd").unwrap();
    assert_eq!(reader.token().expose(), "alice/0123abcd");
    assert_eq!(
        reader.to_header_value().unwrap(),
        "GoogleLogin auth=alice/0123abcd"
    );
}

#[test]
fn names_what_is_missing_doubled_or_malformed() {
    let long = format!("GoogleLogin auth={}", "x".repeat(3_000));
    let huge = format!("GoogleLogin auth={}", "x".repeat(Header::MAX));
    for (header, start) in [
        ("", "authorization: "),
        ("GoogleLogin", "auth: "),
        ("GoogleLogin auth", "authorization: "),
        ("GoogleLogin auth=", "auth: "),
        ("GoogleLogin auth=a auth=b", "auth: "),
        ("GoogleLogin auth=a Auth=b", "auth: "),
        ("GoogleLogin token=a", "auth: "),
        ("GoogleLogin auth=\"a", "auth: "),
        ("GoogleLogin auth=\"a b\"", "auth: "),
        ("GoogleLogin auth=a\\b", "auth: "),
        ("GoogleLogin auth=\u{fc}", "auth: "),
        ("GoogleLogin auth=a\r\nX: b", "authorization: "),
        ("GoogleLogin auth=a\0", "auth: "),
        ("GoogleLogin =x", "authorization parameter: "),
        ("auth=x", "authorization: "),
        ("AuthSub token=x", "authorization: "),
        ("Bearer x", "authorization: "),
        (&long, "auth: "),
        (&huge, "authorization: "),
    ] {
        let error = Header::parse(header).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{header:.40}");
        assert!(
            error.to_string().starts_with(start),
            "{header:.40}: {error}"
        );
    }
    for token in [
        "", " ", "a b", "a,b", "a\"b", "'a", "a\\b", "a\nb", "a\0", "\u{fc}", &long,
    ] {
        assert_eq!(
            AuthToken::new(token).unwrap_err().kind(),
            Kind::Input,
            "{token:.40?}"
        );
    }
}

#[test]
fn two_authorization_headers_are_one_too_many() {
    let mut headers = http::HeaderMap::new();
    assert!(Header::of(&headers).unwrap().is_none());
    headers.append("authorization", "GoogleLogin auth=a".parse().unwrap());
    assert_eq!(Header::of(&headers).unwrap().unwrap().token().expose(), "a");
    headers.append("authorization", "GoogleLogin auth=b".parse().unwrap());
    assert_eq!(Header::of(&headers).unwrap_err().kind(), Kind::Reply);
    let opaque = http::HeaderValue::from_bytes(b"GoogleLogin auth=\xff").unwrap();
    headers.insert("authorization", opaque);
    assert_eq!(Header::of(&headers).unwrap_err().kind(), Kind::Reply);
}

#[test]
fn adopts_a_fresh_token_from_a_good_answer_only() {
    let token = AuthToken::new("DQAAold").unwrap();
    let adopt = |status: u16, values: &[&str]| {
        let mut answer = reply(status, "");
        for value in values {
            let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
            answer.headers_mut().append("Update-Client-Auth", value);
        }
        token
            .adopt(&answer)
            .map(|fresh| fresh.secret().expose().to_owned())
    };
    assert_eq!(adopt(200, &["DQAAnew"]).as_deref(), Some("DQAAnew"));
    assert_eq!(adopt(302, &[" DQAAnew "]).as_deref(), Some("DQAAnew"));
    assert_eq!(adopt(200, &[]), None);
    assert_eq!(adopt(200, &[""]), None);
    assert_eq!(adopt(200, &["DQAAold"]), None);
    assert_eq!(adopt(200, &["DQAAnew", "DQAAnewer"]), None);
    assert_eq!(adopt(200, &["DQAA new"]), None);
    assert_eq!(adopt(200, &["\u{fc}"]), None);
    assert_eq!(adopt(401, &["DQAAnew"]), None);
}

#[test]
fn tells_expiry_from_every_other_refusal() {
    let token = AuthToken::new("DQAAAGgAauth").unwrap();
    let told = |status, body| token.explain(FEED, &reply(status, body));
    for body in [
        "Token expired",
        "<HTML><HEAD><TITLE>Token expired</TITLE></HEAD></HTML>",
        "<errors><error><domain>yt:authentication</domain><code>TokenExpired</code>\
         <location type='header'>Authorization: GoogleLogin</location></error></errors>",
    ] {
        let error = told(401, body).unwrap();
        assert_eq!(error.kind(), Kind::Expired, "{body}");
        assert!(error.needs_user());
    }
    assert_eq!(told(401, "").unwrap().kind(), Kind::Revoked);
    assert_eq!(told(403, "").unwrap().kind(), Kind::Refused);
    assert!(told(503, "").unwrap().is_transient());
    assert!(told(200, "Token expired").is_none());
    assert!(told(302, "").is_none());
}

#[test]
fn a_token_of_another_protocol_is_the_callers_mistake() {
    // legacy-protocol.md 9, quirk 1.
    let token = AuthToken::new("1/jl9na3GU8YCUk0pHRghr_WZBcTnq1EXPztEWGuExbcg").unwrap();
    let page = "<TITLE>Token invalid - Invalid AuthSub token.</TITLE>";
    let error = token.explain(FEED, &reply(401, page)).unwrap();
    assert_eq!(error.advice(), Advice::FixClient);
    assert_eq!(
        error.to_string(),
        "the server no longer accepts the token (401: Token invalid - Invalid AuthSub token.): the \
         token has the shape of AuthSub's or OAuth's, and went out as GoogleLogin"
    );
    assert!(error.source().unwrap().is::<Refusal>());
}

#[test]
fn knows_shapes() {
    for (token, shape) in [
        ("DQAAAGgA...dkI1LK9", TokenShape::Google),
        (
            "alice/8e6845e089457af25303abc6f53356eb60bdb5f8",
            TokenShape::Reader,
        ),
        ("a.b@c/0123456789ABCDEF", TokenShape::Reader),
        ("1/0123456789abcdef", TokenShape::Reader),
        (
            "1/jl9na3GU8YCUk0pHRghr_WZBcTnq1EXPztEWGuExbcg",
            TokenShape::AnotherProtocol,
        ),
        (
            "4/cPV6prKvQtxeeXkhgI1iJ6nLQbCX",
            TokenShape::AnotherProtocol,
        ),
        ("ya29.a0Af", TokenShape::AnotherProtocol),
        ("/0123456789abcdef", TokenShape::Unknown),
        ("alice/", TokenShape::Unknown),
        ("", TokenShape::Unknown),
    ] {
        assert_eq!(TokenShape::of(token), shape, "{token}");
    }
}

#[test]
fn prints_the_challenge_of_a_401() {
    let printed = challenge("http://www.google.com", "cl").to_string();
    assert_eq!(
        printed,
        r#"GoogleLogin realm="http://www.google.com", service="cl""#
    );
    let read = Challenge::parse(&printed).unwrap();
    assert_eq!(read[0].param("service"), Some("cl"));
}

#[test]
fn asks_a_reader_server_for_the_action_token() {
    let endpoint = Endpoint::at("https://rss.example.net/api/greader.php").unwrap();
    let exchange = AuthToken::new("alice/0123abcd")
        .unwrap()
        .action_token(&endpoint)
        .unwrap();
    let request = exchange.request();
    assert_eq!(request.method(), "GET");
    assert_eq!(
        request.uri(),
        "https://rss.example.net/api/greader.php/reader/api/0/token"
    );
    assert_eq!(
        request.headers()["authorization"],
        "GoogleLogin auth=alice/0123abcd"
    );
    assert!(request.body().is_empty());

    // FreshRSS pads a digest to 57 characters, Miniflux repeats the login's token.
    let padded = format!("{:Z<57}", "8e6845e089457af25303abc6f53356eb60bdb5f8");
    for body in [format!("{padded}\n"), padded.clone()] {
        let token = exchange.parse(&reply(200, &body)).unwrap();
        assert_eq!(token.secret().expose(), padded);
        assert_eq!(token.body(), format!("{padded}\n"));
        assert_eq!(ActionToken::parse(&token.body()).unwrap(), token);
    }
    let same = exchange.parse(&reply(200, "alice/0123abcd")).unwrap();
    assert_eq!(same.secret().expose(), "alice/0123abcd");

    for body in [
        "",
        "\n",
        "a b",
        "a\nb",
        "<html></html>\n<body>",
        "\u{fc}",
        &"x".repeat(3_000),
    ] {
        let error = exchange.parse(&reply(200, body)).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{body:.20?}");
        assert!(error.to_string().starts_with("T: "), "{error}");
    }
    assert_eq!(
        exchange.parse(&reply(302, "")).unwrap_err().kind(),
        Kind::Reply
    );
}

#[test]
fn tells_a_stale_action_token_from_a_stale_login() {
    let token = AuthToken::new("alice/0123abcd").unwrap();
    let told = |status, header: &str| {
        let mut answer = reply(status, "Unauthorized!");
        let name: http::HeaderName = header.parse().unwrap();
        answer.headers_mut().insert(name, "true".parse().unwrap());
        token
            .explain("https://rss.example.net/reader/api/0/edit-tag", &answer)
            .unwrap()
    };
    let stale = told(400, "X-Reader-Google-Bad-Token");
    assert_eq!(stale.kind(), Kind::Expired);
    assert!(stale.to_string().contains("action token T"), "{stale}");
    for header in ["X-Reader-Google-Bad-Token", "Google-Bad-Token"] {
        let either = told(401, header);
        assert_eq!(either.kind(), Kind::Revoked);
        assert!(either.to_string().contains("log in again"), "{either}");
        assert!(either.needs_user());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Print, then parse: the same header, quoted or not.
    #[test]
    fn a_printed_header_reads_back(token in "[!#-&(-+\\--\\[\\]-~]{1,300}") {
        let header = Header::new(token.as_str()).unwrap();
        let printed = header.to_header_value().unwrap();
        prop_assert_eq!(printed.to_str().unwrap(), format!("GoogleLogin auth={token}"));
        prop_assert_eq!(&Header::parse(printed.to_str().unwrap()).unwrap(), &header);
        prop_assert_eq!(&Header::parse(&format!("GoogleLogin Auth=\"{token}\"")).unwrap(), &header);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = Header::parse(&text);
        let _ = Header::parse(&format!("GoogleLogin {text}"));
        let _ = ActionToken::parse(&bytes);
        let _ = TokenShape::of(&text);
    }
}
