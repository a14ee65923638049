//! Table 8 of the fact sheet, row by row: what other clients' tests and pages say of AuthSub.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use bytes::Bytes;
use gdata_auth::{
    Exchange, Stamp, Timestamp,
    authsub::{
        Accounts, AuthSubRequest, Header, Redirect, SessionToken, SignedData, SingleUseToken,
        TokenInfo,
    },
};
use serde_json::Value;

fn rows(table: &str) -> Vec<Value> {
    let all: Value =
        serde_json::from_str(include_str!("../fixtures/vectors/authsub/table8.json")).unwrap();
    all[table].as_array().unwrap().clone()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

#[test]
fn signed_data_is_taken_apart_and_printed() {
    for row in rows("data") {
        let data = SignedData::parse(text(&row, "text")).unwrap();
        assert_eq!(data.method(), text(&row, "method"), "{row}");
        assert_eq!(data.url(), text(&row, "url"), "{row}");
        assert_eq!(data.stamp().nonce(), text(&row, "nonce"), "{row}");
        assert_eq!(
            Some(data.stamp().timestamp().unix_seconds()),
            row["timestamp"].as_i64()
        );

        let stamp = Stamp::new(data.stamp().timestamp(), data.stamp().nonce()).unwrap();
        let method: http::Method = text(&row, "method").parse().unwrap();
        let made = SignedData::new(&method, &text(&row, "url").parse().unwrap(), &stamp).unwrap();
        assert_eq!(made.to_string(), text(&row, "text"));
    }
}

#[test]
fn links_are_read() {
    for row in rows("links") {
        let link = AuthSubRequest::parse(text(&row, "query")).unwrap();
        assert_eq!(link.next(), text(&row, "next"), "{row}");
        assert_eq!(link.scopes().to_string(), text(&row, "scope"), "{row}");
        assert_eq!(Some(link.is_secure()), row["secure"].as_bool(), "{row}");
        assert_eq!(Some(link.is_session()), row["session"].as_bool(), "{row}");
    }
}

#[test]
fn redirects_are_read() {
    for row in rows("redirects") {
        let redirect = Redirect::parse(text(&row, "address")).unwrap();
        assert_eq!(redirect.scopes().to_string(), text(&row, "scopes"), "{row}");
        assert_eq!(
            redirect.into_token().secret().expose(),
            text(&row, "token"),
            "{row}"
        );
    }
}

#[test]
fn session_bodies_are_read() {
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 1);
    for row in rows("session_bodies") {
        let exchange = SingleUseToken::new("t")
            .unwrap()
            .exchange(&Accounts::google(), &stamp)
            .unwrap();
        let reply = http::Response::new(Bytes::from(text(&row, "body").to_owned()));
        let session = exchange.parse(&reply).unwrap();
        assert_eq!(session.secret().expose(), text(&row, "token"), "{row}");
        let expires = session.expires_at().map(Timestamp::unix_seconds);
        assert_eq!(expires, row["expires_at"].as_i64(), "{row}");
    }
}

#[test]
fn token_info_bodies_are_read() {
    for row in rows("token_info_bodies") {
        let info = TokenInfo::parse(text(&row, "body").as_bytes()).unwrap();
        assert_eq!(info.target(), text(&row, "target"), "{row}");
        assert_eq!(info.scopes().to_string(), text(&row, "scope"), "{row}");
        assert_eq!(Some(info.is_secure()), row["secure"].as_bool(), "{row}");
    }
}

#[test]
fn headers_are_read_and_printed_with_quotes() {
    for row in rows("headers") {
        let header = Header::parse(text(&row, "header")).unwrap();
        let token = text(&row, "token");
        assert_eq!(header.token().expose(), token, "{row}");
        let (mut parts, ()) = http::Request::get("http://a.test/")
            .body(())
            .unwrap()
            .into_parts();
        let stamp = Stamp::numbered(Timestamp::default(), 1);
        SessionToken::new(token)
            .unwrap()
            .authorize(&mut parts, &stamp)
            .unwrap();
        assert_eq!(
            parts.headers["authorization"],
            format!("AuthSub token=\"{token}\"")
        );
    }
}
