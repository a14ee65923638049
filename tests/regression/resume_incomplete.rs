//! `request` refused every status of redirects, also a 308 without `Location`, which in an upload is no
//! redirect but `Resume Incomplete` (legacy-protocol.md 2.7).

use gdata_auth::{Kind, authsub::SessionToken, client::AuthorizedClient};

use crate::{Script, answer, get};

#[tokio::test]
async fn a_308_without_location_reaches_the_caller_of_request() {
    let script = Script::new(|_| answer(308, &[("range", "0-42")], ""));
    let client = AuthorizedClient::new(script, SessionToken::new("T").unwrap());
    let reply = client.request(get("http://a.test/upload")).await.unwrap();
    assert_eq!(reply.status(), 308);
    assert_eq!(reply.headers()["range"], "0-42");
}

#[tokio::test]
async fn a_308_with_location_elsewhere_is_still_refused() {
    let script = Script::new(|_| answer(308, &[("location", "http://b.test/")], ""));
    let client = AuthorizedClient::new(script, SessionToken::new("T").unwrap());
    let error = client.request(get("http://a.test/")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
}
