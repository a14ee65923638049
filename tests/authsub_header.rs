//! `Authorization: AuthSub`, printed in one form and parsed in all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gdata_auth::{
    Kind,
    authsub::{Header, SignatureAlgorithm, SignedData},
    crypto::PublicKey,
};
use proptest::prelude::*;
use serde_json::Value;

const VECTORS: &str = include_str!("../fixtures/vectors/authsub/authsub_vectors.json");
const CERTIFICATE: &str = include_str!("../fixtures/keys/insecure-rsa2048-cert.pem");

fn vectors() -> (String, Vec<(String, Value)>) {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = all["cases"].as_object().unwrap();
    (
        all["token"].as_str().unwrap().to_owned(),
        cases
            .iter()
            .map(|(name, case)| (name.clone(), case.clone()))
            .collect(),
    )
}

#[test]
fn reads_and_verifies_every_header_style_of_every_client() {
    let key = PublicKey::read(CERTIFICATE.as_bytes()).unwrap();
    let (token, cases) = vectors();
    let mut read = 0;
    for (name, case) in &cases {
        for (style, header) in case["headers"].as_object().unwrap() {
            let header = Header::parse(header.as_str().unwrap()).unwrap();
            assert_eq!(header.token().expose(), token, "{name} {style}");
            let (method, url) = (
                case["method"].as_str().unwrap(),
                case["url"].as_str().unwrap(),
            );
            let data = header.verify(&key, method, url).unwrap();
            assert_eq!(data.to_string(), case["data"], "{name} {style}");
            read += 1;
        }
    }
    assert_eq!(read, 24);
}

#[test]
fn prints_the_documented_form_whatever_form_was_read() {
    let (token, cases) = vectors();
    for (name, case) in &cases {
        let expected = format!(
            r#"AuthSub token="{token}" sigalg="rsa-sha1" data="{}" sig="{}""#,
            case["data"].as_str().unwrap(),
            case["sig"].as_str().unwrap()
        );
        for (style, header) in case["headers"].as_object().unwrap() {
            let header = Header::parse(header.as_str().unwrap()).unwrap();
            let printed = header.to_header_value().unwrap();
            assert_eq!(printed.to_str().unwrap(), expected, "{name} {style}");
            assert!(printed.is_sensitive());
        }
    }
}

#[test]
fn reads_plain_headers_quoted_unquoted_and_oddly_spaced() {
    // legacy-protocol.md 1.7 and real-clients.md 5.
    let cases = [
        (r#"AuthSub token="CKF50YzIH""#, "CKF50YzIH"),
        (
            "AuthSub token=CMDeadbeef_single-use~1",
            "CMDeadbeef_single-use~1",
        ),
        ("AuthSub token==tokenCKF50YzIH=", "=tokenCKF50YzIH="),
        ("AuthSub token='1/abc'", "1/abc"),
        ("authsub   token=1/abc  ", "1/abc"),
        ("AuthSub\ttoken=1/abc", "1/abc"),
        ("AuthSub TOKEN=1/abc, other=x", "1/abc"),
    ];
    for (value, token) in cases {
        let header = Header::parse(value).unwrap();
        assert_eq!(header.token().expose(), token, "{value}");
        assert!(header.signature().is_none(), "{value}");
    }
}

#[test]
fn keeps_a_nonce_that_no_integer_holds() {
    // A capture of the .NET client, and one of gdata-python with a leading zero.
    for nonce in ["68227821296244222232", "008657953609015", "p234908", "0"] {
        let data = SignedData::parse(&format!("GET http://a.test/ 1300000000 {nonce}")).unwrap();
        assert_eq!(data.stamp().nonce(), nonce);
        assert_eq!(
            data.to_string(),
            format!("GET http://a.test/ 1300000000 {nonce}")
        );
    }
}

#[test]
fn dsa_is_recognised_and_refused_by_name() {
    let key = PublicKey::read(CERTIFICATE.as_bytes()).unwrap();
    let header = Header::parse(
        r#"AuthSub token="T" data="GET http://a.test/ 1300000000 1" sig="MCwCFA==" sigalg="dsa-sha1""#,
    )
    .unwrap();
    assert_eq!(
        header.signature().unwrap().algorithm(),
        SignatureAlgorithm::DsaSha1
    );
    let error = header.verify(&key, "GET", "http://a.test/").unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.to_string().contains("dsa-sha1"), "{error}");
}

#[test]
fn says_which_piece_of_the_request_was_not_signed() {
    let key = PublicKey::read(CERTIFICATE.as_bytes()).unwrap();
    let (_, cases) = vectors();
    let (_, case) = cases.iter().find(|(name, _)| name == "B_query").unwrap();
    let header = Header::parse(case["headers"]["java_zend_dotnet"].as_str().unwrap()).unwrap();
    let url = case["url"].as_str().unwrap();
    let cases = [
        ("POST", url.to_owned(), "method: "),
        ("GET", url.replace("https", "http"), "origin: "),
        (
            "GET",
            url.replace("www.google.com", "www.google.com.evil.test"),
            "origin: ",
        ),
        (
            "GET",
            url.replace("www.google.com", "www.google.com:8443"),
            "origin: ",
        ),
        ("GET", url.replace("allcalendars", "owncalendars"), "path: "),
        ("GET", url.replace("=5", "=6"), "query: "),
        ("GET", url.replace("?max-results=5", ""), "query: "),
        (
            "GET",
            url.replace("max-results", "max%2Dresults"),
            "query: ",
        ),
    ];
    for (method, seen, start) in cases {
        let error = header.verify(&key, method, &seen).unwrap_err();
        assert_eq!(error.kind(), Kind::Signature, "{seen}");
        assert!(error.to_string().starts_with(start), "{seen}: {error}");
    }
    let same = [
        url.replace("www.google.com", "www.google.com:443"),
        url.replace("www.google.com", "WWW.Google.COM"),
    ];
    for seen in same {
        header.verify(&key, "GET", &seen).unwrap();
    }
}

#[test]
fn another_key_does_not_verify() {
    let other = include_str!("../fixtures/keys/insecure-rsa1024-pkcs8.pem");
    let other = gdata_auth::crypto::PrivateKey::from_pem(other).unwrap();
    let (_, cases) = vectors();
    let (_, case) = &cases[0];
    let header = Header::parse(case["headers"]["ruby_gdata"].as_str().unwrap()).unwrap();
    let error = header
        .verify(other.public_key(), "GET", case["url"].as_str().unwrap())
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Signature);
}

#[test]
fn an_unsigned_header_is_no_signature() {
    let key = PublicKey::read(CERTIFICATE.as_bytes()).unwrap();
    let header = Header::parse("AuthSub token=T").unwrap();
    let error = header.verify(&key, "GET", "http://a.test/").unwrap_err();
    assert_eq!(error.kind(), Kind::Signature);
}

#[test]
fn names_what_is_missing_doubled_or_malformed() {
    let data = r#"data="GET http://a.test/ 1300000000 1""#;
    let cases = [
        ("".to_owned(), "authorization: "),
        ("AuthSub".to_owned(), "token: "),
        ("AuthSub token".to_owned(), "authorization: "),
        ("GoogleLogin auth=x".to_owned(), "authorization: "),
        ("Bearer x".to_owned(), "authorization: "),
        ("token=x".to_owned(), "authorization: "),
        ("AuthSub token=".to_owned(), "token: "),
        ("AuthSub token=a token=b".to_owned(), "token: "),
        (r#"AuthSub token="a"#.to_owned(), "token: "),
        ("AuthSub =x".to_owned(), "authorization parameter: "),
        (format!("AuthSub token=a {data}"), "sigalg: "),
        (format!("AuthSub token=a sigalg=rsa-sha1 {data}"), "sig: "),
        (
            "AuthSub token=a sigalg=rsa-sha1 sig=AAAA".to_owned(),
            "data: ",
        ),
        (
            format!("AuthSub token=a sigalg=md5 sig=AAAA {data}"),
            "sigalg: ",
        ),
        (
            format!("AuthSub token=a sigalg=rsa-sha1 sig=*** {data}"),
            "sig: ",
        ),
        ("AuthSub token=\u{e9}".to_owned(), "token: "),
        (format!("AuthSub token={}", "x".repeat(3_000)), "token: "),
        (
            format!("AuthSub token={}", "x".repeat(Header::MAX)),
            "authorization: ",
        ),
    ];
    for (value, start) in cases {
        let error = Header::parse(&value).unwrap_err();
        assert!(
            error.to_string().starts_with(start),
            "{:.60}: {error}",
            value
        );
    }
}

#[test]
fn data_that_is_no_request_is_refused() {
    for data in [
        "",
        "GET",
        "GET http://a.test/",
        "GET http://a.test/ 1300000000",
        "GET http://a.test/ x 1",
        "GET http://a.test/ -5 1",
        "GET http://a.test/ 1300000000000 1",
        "GET http://a.test/ 1300000000 ",
        " http://a.test/ 1300000000 1",
        "GET http://a.test/\n 1300000000 1",
    ] {
        let error = SignedData::parse(data).unwrap_err();
        assert!(error.to_string().starts_with("data: "), "{data:?}: {error}");
    }
}

#[test]
fn two_authorization_headers_are_one_too_many() {
    let mut headers = http::HeaderMap::new();
    assert!(Header::of(&headers).unwrap().is_none());
    headers.append("authorization", "AuthSub token=a".parse().unwrap());
    assert!(Header::of(&headers).unwrap().is_some());
    headers.append("authorization", "AuthSub token=b".parse().unwrap());
    assert_eq!(Header::of(&headers).unwrap_err().kind(), Kind::Reply);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Print, then parse: the same header.
    #[test]
    fn a_printed_header_reads_back(
        token in "[!#-\\[\\]-~]{1,60}",
        signed in proptest::option::of((
            "(GET|POST|PUT|DELETE)",
            "https?://[a-z.]{1,12}(:[0-9]{1,4})?/[!#-\\[\\]-~]{0,40}",
            0i64..999_999_999_999,
            "[0-9]{1,30}",
            proptest::collection::vec(any::<u8>(), 0..520),
        )),
    ) {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let text = match &signed {
            None => format!("AuthSub token=\"{token}\""),
            Some((method, url, seconds, nonce, bytes)) => format!(
                "AuthSub token=\"{token}\" sigalg=\"rsa-sha1\" data=\"{method} {url} {seconds} {nonce}\" sig=\"{}\"",
                STANDARD.encode(bytes)
            ),
        };
        let header = Header::parse(&text).unwrap();
        let printed = header.to_header_value().unwrap();
        prop_assert_eq!(printed.to_str().unwrap(), text);
        prop_assert_eq!(Header::parse(printed.to_str().unwrap()).unwrap(), header.clone());
        if let Some((method, url, seconds, nonce, _)) = signed {
            let data = header.signature().unwrap().data().unwrap();
            prop_assert_eq!(data.method(), method);
            prop_assert_eq!(data.url(), url);
            prop_assert_eq!(data.stamp().timestamp().unix_seconds(), seconds);
            prop_assert_eq!(data.stamp().nonce(), nonce);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(
        text in prop_oneof![
            ".{0,200}",
            "((token|sigalg|data|sig|x)=[\"']?[A-Za-z0-9 /+=.\"'\\\\\n,\u{fc}]{0,30}[\"']?[ ,\n]{0,2}){0,8}",
            "[A-Z ]{0,8}https?://[!-~ ]{0,30}[0-9 -]{0,20}",
        ],
    ) {
        let _ = Header::parse(&text);
        let _ = Header::parse(&format!("AuthSub {text}"));
        let _ = SignedData::parse(&text);
    }
}
