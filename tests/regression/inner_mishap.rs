//! As a transport, the authorised client told a timeout of the inner one as `Other`, which nobody retries,
//! and a bad `Location` of the server as a fault of the request.

use std::{error::Error, future::ready};

use bytes::Bytes;
use gdata_auth::{
    Transport,
    authsub::SessionToken,
    client::AuthorizedClient,
    transport::{Mishap, TransportError},
};

use crate::{Script, answer, get};

#[tokio::test]
async fn the_inner_failure_comes_out_as_it_was() {
    for mishap in [
        Mishap::Connect,
        Mishap::Timeout,
        Mishap::Torn,
        Mishap::TooLarge,
        Mishap::Request,
        Mishap::Other,
    ] {
        let inner = move |_: http::Request<Bytes>| {
            let cause = std::io::Error::other("the wire");
            let failure = TransportError::new(mishap, "as it was").caused_by(cause);
            ready(Err::<http::Response<Bytes>, _>(failure))
        };
        let transient = TransportError::new(mishap, "").is_transient();
        let client = AuthorizedClient::new(inner, SessionToken::new("T").unwrap());

        let failure = client.send(get("http://a.test/")).await.unwrap_err();
        assert_eq!(failure.mishap(), mishap);
        assert_eq!(failure.is_transient(), transient);
        assert_eq!(failure.to_string(), "as it was");
        assert_eq!(failure.source().unwrap().to_string(), "the wire");

        let error = client.request(get("http://a.test/")).await.unwrap_err();
        assert_eq!(error.is_transient(), transient);
    }
}

#[tokio::test]
async fn a_bad_redirect_is_no_fault_of_the_request() {
    for location in ["http://[", "/again"] {
        let script = match location {
            "/again" => Script::new(|_| answer(302, &[("location", "/again")], "")),
            _ => Script::new(|_| answer(302, &[("location", "http://[")], "")),
        };
        let client = AuthorizedClient::new(script, SessionToken::new("T").unwrap());
        let failure = client.send(get("http://a.test/")).await.unwrap_err();
        assert_eq!(failure.mishap(), Mishap::Redirect, "{location}: {failure}");
        assert!(!failure.is_transient());
    }
    let client = AuthorizedClient::new(
        Script::new(|_| answer(200, &[], "")),
        SessionToken::new("T").unwrap(),
    );
    let failure = client.send(get("/no-origin")).await.unwrap_err();
    assert_eq!(failure.mishap(), Mishap::Request);
}
