//! What a token endpoint answers.

use std::time::Duration;

use bytes::Bytes;
use gdata_auth::{Kind, oauth2::TokenReply};

use super::{answer, later, now, scopes};

fn read(json: &str) -> Result<TokenReply, gdata_auth::Error> {
    TokenReply::parse(&answer(200, json))
}

#[test]
fn googles_own_reply_is_read_whole() {
    let reply = read(
        r#"{"access_token":"ya29.a0","expires_in":3920,"scope":"a b","token_type":"Bearer",
            "refresh_token":"1//0r","id_token":"e30.e30.","refresh_token_expires_in":604799,"new":{"field":1}}"#,
    )
    .unwrap();
    assert_eq!(reply.received_at(now()).expires_at(), Some(later(3_920)));
    assert_eq!(reply.scope(), Some(&scopes("a b")));
    assert_eq!(reply.refresh_token().unwrap().expose(), "1//0r");
    assert_eq!(reply.id_token().unwrap().expose(), "e30.e30.");
    assert!(reply.is_testing(), "seven days: the project is in testing");
}

#[test]
fn seconds_may_be_text_and_other_servers_may_leave_them_out() {
    let lifetime = |json: &str| read(json).map(|reply| reply.lifetime());
    let seconds = |n| Some(Duration::from_secs(n));
    assert_eq!(
        lifetime(r#"{"access_token":"a","expires_in":"3600"}"#).unwrap(),
        seconds(3_600)
    );
    assert_eq!(
        lifetime(r#"{"access_token":"a","expires_in":59.9}"#).unwrap(),
        seconds(59)
    );
    assert_eq!(
        lifetime(r#"{"access_token":"a","expires_in":-1}"#).unwrap(),
        seconds(0)
    );
    assert_eq!(
        lifetime(r#"{"access_token":"a","expires_in":1e300}"#).unwrap(),
        seconds(315_360_000)
    );
    assert_eq!(lifetime(r#"{"access_token":"a"}"#).unwrap(), None);
    assert_eq!(
        lifetime(r#"{"access_token":"a","expires_in":null}"#).unwrap(),
        None
    );
    for wrong in [r#""soon""#, "[]", "true", r#""NaN""#, r#""inf""#] {
        let error =
            lifetime(&format!(r#"{{"access_token":"a","expires_in":{wrong}}}"#)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expires_in: expected seconds, got something else"
        );
    }
}

#[test]
fn what_is_no_token_reply_is_told_by_the_field() {
    let table = [
        (
            "{}",
            "access_token: expected a token, got an answer without one",
        ),
        (
            r#"{"access_token":""}"#,
            "access_token: expected a value, got an empty one",
        ),
        (
            r#"{"access_token":7}"#,
            "access_token: expected text, got something else",
        ),
        (
            r#"{"access_token":"a b"}"#,
            "access_token: expected a token that a header can carry",
        ),
        (
            r#"{"access_token":"a","scope":[1]}"#,
            "scope: expected text, got something else",
        ),
        (
            r#"{"access_token":"a","refresh_token":{}}"#,
            "refresh_token: expected text, got something else",
        ),
        ("[1]", "body: expected a JSON object, got other JSON"),
        ("", "body: expected a JSON object, got an empty body"),
        (
            "<html>",
            "body: expected a JSON object, got a page of HTML: is a proxy or a sign-in page in between?",
        ),
        (
            r#"{"access_token":"a"#,
            "body: expected a JSON object, got one that breaks off",
        ),
        (
            "ya29.secret",
            "body: expected a JSON object, got something else at 1:1",
        ),
    ];
    for (body, message) in table {
        let error = read(body).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(error.kind(), Kind::Reply);
    }
    assert!(read(r#"{"access_token":"a"#).unwrap_err().is_transient());
}

#[test]
fn a_token_that_is_no_bearer_token_is_not_taken_for_one() {
    for kind in [r#""DPoP""#, r#""MAC""#, "7", r#""""#] {
        let error = read(&format!(r#"{{"access_token":"a","token_type":{kind}}}"#)).unwrap_err();
        assert_eq!(error.kind(), Kind::Unsupported);
    }
    assert!(read(r#"{"access_token":"a","token_type":"bearer"}"#).is_ok());
}

#[test]
fn redirects_of_a_token_endpoint_are_refused() {
    for status in [301, 302, 303, 307, 308] {
        let mut reply = answer(status, r#"{"access_token":"a"}"#);
        let elsewhere = http::HeaderValue::from_static("https://evil.test/token");
        reply.headers_mut().insert("location", elsewhere);
        let error = TokenReply::parse(&reply).unwrap_err();
        assert_eq!(error.kind(), Kind::Refused, "{status}");
        assert!(!error.is_transient());
        assert!(error.to_string().contains("which is not followed"));
    }
}

#[test]
fn huge_and_compressed_replies_are_refused() {
    let huge = http::Response::new(Bytes::from(vec![b' '; TokenReply::MAX_BYTES + 1]));
    let error = TokenReply::parse(&huge).unwrap_err();
    assert_eq!(
        error.to_string(),
        "body: expected at most 1048576 bytes, got 1048577"
    );
    let mut gzip = answer(200, "\u{1f}");
    let coding = http::HeaderValue::from_static("gzip");
    gzip.headers_mut().insert("content-encoding", coding);
    let error = TokenReply::parse(&gzip).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("content-encoding: expected none")
    );
}

#[test]
fn prints_what_it_reads() {
    let json = r#"{"access_token":"ya29.a","expires_in":3599,"id_token":"e30.e30.","refresh_token":"1//r","refresh_token_expires_in":604799,"scope":"a b","token_type":"Bearer"}"#;
    let reply = read(json).unwrap();
    let value: serde_json::Value = serde_json::from_str(&reply.to_json()).unwrap();
    assert_eq!(
        value,
        serde_json::from_str::<serde_json::Value>(json).unwrap()
    );
    assert_eq!(read(&reply.to_json()).unwrap(), reply);
    let debug = format!("{reply:?}");
    assert!(
        !debug.contains("ya29") && !debug.contains("1//r"),
        "{debug}"
    );
}
