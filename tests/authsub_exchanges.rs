//! The three token calls: the exact requests, and every body that is known.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    Exchange, Kind, Stamp, Timestamp,
    authsub::{Accounts, SessionToken, SessionTokenExchange, SingleUseToken, TokenInfo},
    crypto::PrivateKey,
};

const KEY: &str = include_str!("../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const VECTORS: &str = include_str!("../fixtures/vectors/authsub/authsub_vectors.json");

fn stamp() -> Stamp {
    Stamp::new(
        Timestamp::from_unix_seconds(1_300_000_000),
        "123456789012345",
    )
    .unwrap()
}

fn exchange() -> SessionTokenExchange {
    SingleUseToken::new("CKF50YzIHxCT85KMAg")
        .unwrap()
        .exchange(&Accounts::google(), &stamp())
        .unwrap()
}

fn reply(status: u16, body: &[u8]) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body))
        .unwrap()
}

#[test]
fn every_token_call_is_a_get_with_the_token_in_the_header_only() {
    let session = SessionToken::new("1/abc").unwrap();
    let accounts = Accounts::google();
    let requests = [
        (
            exchange().request(),
            "AuthSubSessionToken",
            "CKF50YzIHxCT85KMAg",
        ),
        (
            session.token_info(&accounts, &stamp()).unwrap().request(),
            "AuthSubTokenInfo",
            "1/abc",
        ),
        (
            session.revoke(&accounts, &stamp()).unwrap().request(),
            "AuthSubRevokeToken",
            "1/abc",
        ),
    ];
    for (request, call, token) in requests {
        assert_eq!(request.method(), "GET");
        assert_eq!(
            request.uri().to_string(),
            format!("https://www.google.com/accounts/{call}")
        );
        assert!(request.body().is_empty());
        assert_eq!(request.headers().len(), 1);
        let header = &request.headers()["authorization"];
        assert_eq!(
            header.to_str().unwrap(),
            format!(r#"AuthSub token="{token}""#)
        );
        assert!(header.is_sensitive());
    }
}

#[test]
fn a_secure_exchange_is_signed_as_openssl_signed_it() {
    let vectors: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    let case = &vectors["cases"]["A_session"];
    let token = vectors["token"].as_str().unwrap();
    let request = SingleUseToken::new(token)
        .unwrap()
        .secured_by(PrivateKey::from_pem(KEY).unwrap().signer())
        .exchange(&Accounts::google(), &stamp())
        .unwrap()
        .request();
    assert_eq!(
        request.headers()["authorization"].to_str().unwrap(),
        format!(
            r#"AuthSub token="{token}" sigalg="rsa-sha1" data="GET https://www.google.com/accounts/AuthSubSessionToken 1300000000 123456789012345" sig="{}""#,
            case["sig"].as_str().unwrap()
        )
    );
}

#[test]
fn a_secure_session_token_signs_every_request_as_openssl_signed_it() {
    let vectors: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    let token = vectors["token"].as_str().unwrap();
    let session = SessionToken::new(token)
        .unwrap()
        .secured_by(PrivateKey::from_pem(KEY).unwrap().signer());
    assert!(session.is_secure());
    for (name, case) in vectors["cases"].as_object().unwrap() {
        let (mut parts, ()) = http::Request::builder()
            .method(case["method"].as_str().unwrap())
            .uri(case["url"].as_str().unwrap())
            .body(())
            .unwrap()
            .into_parts();
        session.authorize(&mut parts, &stamp()).unwrap();
        let header = parts.headers["authorization"].to_str().unwrap().to_owned();
        let sig = format!(r#"sig="{}""#, case["sig"].as_str().unwrap());
        assert!(header.ends_with(&sig), "{name}: {header}");
    }
}

#[test]
fn the_signed_address_has_no_default_port_and_no_fragment() {
    let session = SessionToken::new("T")
        .unwrap()
        .secured_by(PrivateKey::from_pem(KEY).unwrap().signer());
    let cases = [
        (
            "https://WWW.Google.com:443/a?b",
            "https://www.google.com/a?b",
        ),
        ("http://www.google.com:80", "http://www.google.com/"),
        ("http://www.google.com:443/", "http://www.google.com:443/"),
        (
            "https://www.google.com/a%20b?q=a+b#part",
            "https://www.google.com/a%20b?q=a+b",
        ),
    ];
    for (address, signed) in cases {
        let (mut parts, ()) = http::Request::get(address).body(()).unwrap().into_parts();
        session.authorize(&mut parts, &stamp()).unwrap();
        let header = parts.headers["authorization"].to_str().unwrap().to_owned();
        let data = format!(r#"data="GET {signed} 1300000000 123456789012345""#);
        assert!(header.contains(&data), "{address}: {header}");
    }
}

#[test]
fn an_address_that_cannot_stand_in_the_header_is_refused() {
    let session = SessionToken::new("T")
        .unwrap()
        .secured_by(PrivateKey::from_pem(KEY).unwrap().signer());
    for address in ["/only/a/path", "http://a.test/x\"y", "http://a.test/x\\y"] {
        let Ok(request) = http::Request::get(address).body(()) else {
            continue;
        };
        let (mut parts, ()) = request.into_parts();
        let error = session.authorize(&mut parts, &stamp()).unwrap_err();
        assert_eq!(error.kind(), Kind::Input, "{address}");
        assert!(error.to_string().starts_with("address: "), "{error}");
    }
}

#[test]
fn reads_session_tokens_as_liberally_as_the_nine_clients() {
    // legacy-protocol.md 1.4 and 8.3.
    let bodies: [(&[u8], &str); 8] = [
        (
            b"Token=DQAA...7DCTN\r\nExpiration=20061004T123456Z",
            "DQAA...7DCTN",
        ),
        (
            b"Token=G25aZ-v_8B\nExpiration=20061004T123456Z\n",
            "G25aZ-v_8B",
        ),
        (
            b"Something\nToken=DQAA...7DCTN\nExpiration=...\n",
            "DQAA...7DCTN",
        ),
        (b"token=1/abc\n", "1/abc"),
        (b"TOKEN = 1/abc \r\n", "1/abc"),
        (b"Token==a=b=\n", "=a=b="),
        (b"\n\n\r\nToken=x", "x"),
        (b"Url=http://a.test/?a=b\nToken=x\n=\nlast", "x"),
    ];
    for (body, token) in bodies {
        let session = exchange().parse(&reply(200, body)).unwrap();
        assert_eq!(session.secret().expose(), token, "{}", body.escape_ascii());
    }
}

#[test]
fn keeps_an_expiration_that_can_be_read_and_no_other() {
    let read = |body: &[u8]| exchange().parse(&reply(200, body)).unwrap().expires_at();
    assert_eq!(
        read(b"Token=x\nExpiration=20061004T123456Z\n"),
        Some(Timestamp::from_unix_seconds(1_159_965_296))
    );
    assert_eq!(read(b"Token=x\n"), None);
    assert_eq!(read(b"Token=x\nExpiration=soon\n"), None);
}

#[test]
fn the_session_token_keeps_key_and_scopes() {
    let token = SingleUseToken::new("t")
        .unwrap()
        .secured_by(PrivateKey::from_pem(KEY).unwrap().signer())
        .with_scopes(gdata_auth::scope::ScopeSet::parse("http://a.test/ http://b.test/").unwrap());
    let exchange = token.exchange(&Accounts::google(), &stamp()).unwrap();
    let session = exchange.parse(&reply(200, b"Token=s\n")).unwrap();
    assert!(session.is_secure());
    assert_eq!(
        session.scopes().to_string(),
        "http://a.test/ http://b.test/"
    );
}

#[test]
fn names_the_line_that_is_missing_or_wrong() {
    let bodies: [(&[u8], &str); 7] = [
        (b"", "Token: "),
        (b"Token=\n", "Token: "),
        (b"Tokens=x\n", "Token: "),
        (b"Token=a b\n", "Token: "),
        (b"Token=a\"b\n", "Token: "),
        (b"Token=\xff\n", "Token: "),
        (b"Token=x\0y\n", "Token: "),
    ];
    for (body, start) in bodies {
        let error = exchange().parse(&reply(200, body)).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{}", body.escape_ascii());
        assert!(error.to_string().starts_with(start), "{error}");
    }
    let huge = vec![b'x'; 70_000];
    let error = exchange().parse(&reply(200, &huge)).unwrap_err();
    assert!(error.to_string().starts_with("body: "), "{error}");
}

#[test]
fn only_200_is_a_yes() {
    for status in [201, 204, 302, 307] {
        let error = exchange().parse(&reply(status, b"Token=x\n")).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{status}");
        assert_eq!(
            error.to_string(),
            format!("status: expected 200, got {status}")
        );
    }
    let error = exchange().parse(&reply(500, b"")).unwrap_err();
    assert!(error.is_transient(), "{error}");
    let session = SessionToken::new("1/abc").unwrap();
    let revoke = session.revoke(&Accounts::google(), &stamp()).unwrap();
    assert!(revoke.parse(&reply(200, b"")).is_ok());
    assert!(revoke.parse(&reply(403, b"")).is_err());
}

#[test]
fn reads_token_info_in_every_order() {
    // legacy-protocol.md 1.6: live order, and the order of Zend's test.
    let live = TokenInfo::parse(
        b"Target=host-92-124-186-99.pppoe.omsknet.ru\nSecure=false\nScope=http://docs.google.com/feeds/\n",
    )
    .unwrap();
    assert_eq!(live.target(), "host-92-124-186-99.pppoe.omsknet.ru");
    assert!(!live.is_secure());
    assert_eq!(live.scopes().to_string(), "http://docs.google.com/feeds/");

    let zend =
        TokenInfo::parse(b"Target=http://example.com\r\nScope=http://example.com\r\nSecure=True")
            .unwrap();
    assert_eq!(zend.target(), "http://example.com");
    assert!(zend.is_secure());

    for (body, start) in [
        ("Secure=true\nScope=http://a.test/\n", "Target: "),
        ("Target=a\nScope=http://a.test/\n", "Secure: "),
        ("Target=a\nSecure=true\n", "Scope: "),
        ("Target=a\nSecure=maybe\nScope=http://a.test/\n", "Secure: "),
        ("Target=a\nSecure=true\nScope=nonsense\n", "Scope: "),
    ] {
        let error = TokenInfo::parse(body.as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with(start), "{body}: {error}");
    }
}

#[test]
fn token_info_reads_back_what_it_prints() {
    let body = "Target=www.example.com\nSecure=true\nScope=http://a.test/ http://b.test/\n";
    assert_eq!(TokenInfo::parse(body.as_bytes()).unwrap().to_string(), body);
}

#[test]
fn a_token_that_no_header_carries_is_refused() {
    for token in [
        "",
        " ",
        "a b",
        "a\"b",
        "a\\b",
        "a\r\nb",
        "a\0",
        "\u{fc}",
        &"x".repeat(2_049),
    ] {
        assert_eq!(
            SingleUseToken::new(token).unwrap_err().kind(),
            Kind::Input,
            "{token:?}"
        );
        assert_eq!(
            SessionToken::new(token).unwrap_err().kind(),
            Kind::Input,
            "{token:?}"
        );
    }
}
