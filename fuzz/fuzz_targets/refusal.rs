//! Any answer of a server is told in words, or is no refusal.
#![no_main]

use gdata_auth::{gdata::Refusal, scope::ScopeSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &str, &str, &[u8], &str)| {
    let (status, kind, challenge, body, scopes) = input;
    let answer = http::Response::builder()
        .status(status)
        .header("content-type", kind)
        .header("www-authenticate", challenge)
        .body(bytes::Bytes::copy_from_slice(body));
    let (Ok(answer), scopes) = (answer, ScopeSet::parse(scopes).ok()) else {
        return;
    };
    if let Some(refusal) = Refusal::read(&answer) {
        let _ = refusal
            .explain(scopes.as_ref(), "http://gdata.youtube.com/feeds/")
            .to_string();
    }
});
