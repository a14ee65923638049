//! The headers of a gdata request, printed and read.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use gdata_auth::{
    Kind,
    gdata::{Envelope, meant_method, override_method},
};
use http::{HeaderMap, HeaderValue, Method, Request, request::Parts};
use proptest::prelude::*;

fn parts(method: Method) -> Parts {
    let request = Request::builder()
        .method(method)
        .uri("https://gdata.youtube.com/feeds/api/videos");
    request.body(()).unwrap().into_parts().0
}

fn lines(headers: &HeaderMap) -> Vec<String> {
    let line = |(name, value): (&http::HeaderName, &HeaderValue)| {
        format!("{name}: {}", value.to_str().unwrap())
    };
    headers.iter().map(line).collect()
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        map.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    map
}

#[test]
fn writes_each_header_as_the_old_clients_did() {
    let envelope = Envelope::new()
        .with_version("2")
        .and_then(|e| e.with_developer_key("AI39si7-Example_Key"))
        .and_then(|e| e.with_client("harbour office-1.0"))
        .unwrap();
    let mut parts = parts(Method::GET);
    parts
        .headers
        .insert("gdata-version", HeaderValue::from_static("1"));
    envelope.apply(&mut parts);
    assert_eq!(
        lines(&parts.headers),
        [
            "gdata-version: 2",
            "x-gdata-key: key=AI39si7-Example_Key",
            "x-gdata-client: harbour office-1.0",
        ]
    );
    assert_eq!(parts.method, Method::GET);
    assert!(parts.headers["x-gdata-key"].is_sensitive());
    assert!(!format!("{:?} {envelope:?}", parts.headers).contains("AI39si7"));
}

#[test]
fn an_override_travels_as_post_and_is_read_back() {
    for (method, expected) in [
        (Method::PUT, vec!["x-http-method-override: PUT"]),
        (Method::PATCH, vec!["x-http-method-override: PATCH"]),
        (
            Method::DELETE,
            vec!["x-http-method-override: DELETE", "content-length: 0"],
        ),
    ] {
        let mut sent = parts(method.clone());
        override_method(&mut sent);
        assert_eq!(sent.method, Method::POST);
        assert_eq!(lines(&sent.headers), expected);
        assert_eq!(meant_method(&sent).unwrap(), method);

        let mut same = parts(Method::GET);
        Envelope::new()
            .with_method_override(method)
            .unwrap()
            .apply(&mut same);
        assert_eq!(
            (&same.method, lines(&same.headers)),
            (&sent.method, lines(&sent.headers))
        );
    }
}

#[test]
fn other_methods_stay_as_they_are() {
    for method in [Method::GET, Method::POST, Method::HEAD] {
        let mut sent = parts(method.clone());
        override_method(&mut sent);
        assert_eq!(sent.method, method);
        assert!(sent.headers.is_empty());
        assert_eq!(meant_method(&sent).unwrap(), method);
        assert_eq!(
            Envelope::new()
                .with_method_override(method)
                .unwrap_err()
                .kind(),
            Kind::Input
        );
    }
    let mut put = parts(Method::PUT);
    put.headers = headers(&[("x-http-method-override", "DELETE")]);
    assert_eq!(meant_method(&put).unwrap(), Method::PUT);
}

#[test]
fn reads_a_reply_and_unknown_headers_too() {
    let reply = headers(&[("gdata-version", "2.1"), ("etag", "W/\"x\"")]);
    let envelope = Envelope::read(&reply).unwrap();
    assert_eq!(envelope.version(), Some("2.1"));
    assert!(envelope.developer_key().is_none());
    assert_eq!(Envelope::read(&HeaderMap::new()).unwrap(), Envelope::new());
}

#[test]
fn names_the_header_it_refuses() {
    let rows = [
        (
            "x-gdata-key",
            "AI39",
            "x-gdata-key: expected key=<developer key>, got no key=",
        ),
        (
            "x-gdata-key",
            "key=\"AI39\"",
            "x-gdata-key: expected printable ASCII without spaces and quotes, got none, too much or other bytes",
        ),
        (
            "x-gdata-key",
            "key=",
            "x-gdata-key: expected printable ASCII without spaces and quotes, got none, too much or other bytes",
        ),
        (
            "x-gdata-client",
            "",
            "x-gdata-client: expected printable ASCII without outer spaces, got none, too much or other bytes",
        ),
        (
            "x-gdata-client",
            "caf\u{e9}",
            "x-gdata-client: expected printable ASCII, got other bytes",
        ),
        (
            "gdata-version",
            "two",
            "gdata-version: expected a version like 2 or 3.0, got another text",
        ),
        (
            "gdata-version",
            "2.",
            "gdata-version: expected a version like 2 or 3.0, got another text",
        ),
        (
            "x-http-method-override",
            "GET",
            "x-http-method-override: expected PUT, PATCH or DELETE, got another method",
        ),
    ];
    for (name, value, message) in rows {
        let error = Envelope::read(&headers(&[(name, value)])).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (Kind::Reply, message)
        );
    }
    let twice = headers(&[("gdata-version", "2"), ("gdata-version", "2")]);
    let error = Envelope::read(&twice).unwrap_err();
    assert_eq!(
        error.to_string(),
        "gdata-version: expected the header once, got it twice"
    );
}

#[test]
fn setters_refuse_what_cannot_be_sent() {
    let long = "x".repeat(Envelope::MAX_BYTES + 1);
    for bad in ["", "a b", "a\r\nb", "\u{0}", "ü", "\"", long.as_str()] {
        let error = Envelope::new().with_developer_key(bad).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert!(bad.trim().is_empty() || bad.len() < 2 || !error.to_string().contains(bad));
    }
    for bad in ["", " a", "a ", "a\nb", long.as_str()] {
        assert!(Envelope::new().with_client(bad).is_err(), "{bad:?}");
    }
    for bad in ["", "v2", "2.0.0", ".0", "-1", "99999", "٢"] {
        assert!(Envelope::new().with_version(bad).is_err(), "{bad:?}");
    }
    for good in ["1", "2", "2.0", "2.1", "3", "3.0"] {
        assert!(Envelope::new().with_version(good).is_ok(), "{good}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_applied_is_read_back(
        version in proptest::option::of("[0-9]{1,4}(\\.[0-9]{1,4})?"),
        key in proptest::option::of("[!#-&(-~]{1,40}"),
        client in proptest::option::of("[!-~]([ -~]{0,40}[!-~])?"),
        method in proptest::option::of(0..3_usize),
    ) {
        let mut envelope = Envelope::new();
        if let Some(version) = version { envelope = envelope.with_version(version).unwrap(); }
        if let Some(key) = key { envelope = envelope.with_developer_key(key).unwrap(); }
        if let Some(client) = client { envelope = envelope.with_client(client).unwrap(); }
        if let Some(at) = method {
            let method = [Method::PUT, Method::PATCH, Method::DELETE][at].clone();
            envelope = envelope.with_method_override(method).unwrap();
        }
        let mut parts = parts(Method::POST);
        envelope.apply(&mut parts);
        prop_assert_eq!(Envelope::read(&parts.headers).unwrap(), envelope);
    }
}
