//! A 303 made a GET of a request and kept its `X-HTTP-Method-Override`, so that the GET deleted; and the
//! conditions and descriptions that were of the first address.

use bytes::Bytes;
use gdata_auth::{authsub::SessionToken, client::AuthorizedClient};

use crate::{Script, answer};

fn script() -> Script {
    Script::new(|hop| match hop {
        1 => answer(303, &[("location", "/done")], ""),
        _ => answer(200, &[], ""),
    })
}

#[tokio::test]
async fn nothing_of_the_first_request_describes_the_get() {
    let script = script();
    let client = AuthorizedClient::new(script.clone(), SessionToken::new("T").unwrap());
    let mut request = http::Request::post("http://a.test/")
        .body(Bytes::from("x"))
        .unwrap();
    for name in [
        "x-http-method-override",
        "if-match",
        "if-none-match",
        "slug",
        "content-type",
        "content-encoding",
        "content-range",
        "transfer-encoding",
        "x-upload-content-type",
        "x-upload-content-length",
        "expect",
        "accept",
        "gdata-version",
    ] {
        request
            .headers_mut()
            .insert(name, "DELETE".parse().unwrap());
    }
    client.request(request).await.unwrap();
    let last = script.last();
    assert_eq!(last.method(), "GET");
    assert_eq!(last.uri(), "http://a.test/done");
    assert!(last.body().is_empty());
    let mut names: Vec<_> = last.headers().keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "authorization", "gdata-version"]);
}

#[tokio::test]
async fn head_stays_head() {
    let script = script();
    let client = AuthorizedClient::new(script.clone(), SessionToken::new("T").unwrap());
    let request = http::Request::head("http://a.test/")
        .body(Bytes::new())
        .unwrap();
    client.request(request).await.unwrap();
    assert_eq!(script.last().method(), "HEAD");
}
