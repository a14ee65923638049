//! ETags: sent as they came, and left out where a server has none.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    Kind,
    gdata::{Entry, Etag, Refusal, conditional},
};
use http::{HeaderMap, HeaderValue, Request, Response, header};

const UNSUPPORTED: &str = "<errors xmlns='http://schemas.google.com/g/2005'><error><domain>GData</domain>\
    <code>etagsUnsupported</code><internalReason>Resource does not support Etags</internalReason></error></errors>";

fn refused(status: u16, body: &'static str) -> Response<Bytes> {
    let reply = Response::builder().status(status);
    reply.body(Bytes::from(body)).unwrap()
}

#[test]
fn goes_back_as_it_came() {
    let entry = Entry::new().with_etag("W/\"DkYNRH47.\"");
    let printed = entry.to_xml().unwrap();
    let read = Entry::parse(printed.as_bytes()).unwrap();
    for (text, weak) in [
        (read.etag().unwrap(), true),
        ("\"A1INR0RIBCt7ImBk\"", false),
        ("\"\"", false),
        ("*", false),
    ] {
        let etag = Etag::new(text).unwrap();
        assert_eq!((etag.as_str(), etag.is_weak()), (text, weak));
        let mut headers = HeaderMap::new();
        etag.if_match(&mut headers);
        etag.if_none_match(&mut headers);
        assert_eq!(headers["if-match"], text);
        assert_eq!(headers["if-none-match"], text);
        for name in [header::IF_MATCH, header::IF_NONE_MATCH] {
            assert_eq!(Etag::of(&headers, &name).unwrap(), Some(etag.clone()));
        }
    }
    assert_eq!(Etag::any().as_str(), "*");
    assert_eq!(Etag::of(&HeaderMap::new(), &header::ETAG).unwrap(), None);
}

#[test]
fn refuses_what_is_no_etag() {
    let long = format!("\"{}\"", "x".repeat(Etag::MAX_BYTES));
    for text in [
        "",
        "x",
        "\"",
        "W/",
        "W/x",
        "w/\"x\"",
        "\"a\"b\"",
        "\"a\", \"b\"",
        "\"a\nb\"",
        "**",
        &long,
    ] {
        assert_eq!(Etag::new(text).unwrap_err().kind(), Kind::Input, "{text}");
    }
    let mut headers = HeaderMap::new();
    headers.insert("etag", HeaderValue::from_bytes(b"\"\xff\"").unwrap());
    assert_eq!(
        Etag::of(&headers, &header::ETAG).unwrap_err().kind(),
        Kind::Reply
    );
}

#[test]
fn only_a_resource_without_etags_is_asked_again_without_one() {
    let mut sent = Request::delete("https://gdata.youtube.com/feeds/api/users/x/uploads/1")
        .header("gdata-version", "2")
        .body(Bytes::new())
        .unwrap();
    let unsupported = refused(412, UNSUPPORTED);
    assert!(conditional::retry_without_if_match(&sent, &unsupported).is_none());
    Etag::new("W/\"1.\"").unwrap().if_match(sent.headers_mut());
    let again = conditional::retry_without_if_match(&sent, &unsupported).unwrap();
    assert_eq!(again.method(), "DELETE");
    assert_eq!(again.uri(), sent.uri());
    assert_eq!(again.headers().len(), 1);
    for reply in [
        refused(412, "Mismatched etags"),
        refused(403, UNSUPPORTED),
        refused(200, UNSUPPORTED),
    ] {
        assert!(conditional::retry_without_if_match(&sent, &reply).is_none());
    }
    let error = Refusal::read(&unsupported).unwrap().into_error();
    assert!(
        error.to_string().starts_with(
            "the resource has no ETags: send the request again without If-Match (412: "
        ),
        "{error}"
    );
    assert!(conditional::is_unchanged(&refused(304, "")));
    assert!(!conditional::is_unchanged(&refused(200, "")));
}
