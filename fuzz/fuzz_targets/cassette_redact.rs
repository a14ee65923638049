//! Redaction of any small recording: no panic, nothing of a known secret left in its field, a second one changes nothing.
#![no_main]

use gdata_auth::cassette::{
    Body, Cassette, Interaction, RecordedRequest, RecordedResponse, redact::{Redaction, inspect},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, &str, &[u8], &[u8], bool)| {
    let (target, authorization, kind, asked, answered, zipped) = input;
    let mut request = RecordedRequest::new("POST", target);
    request.headers.push("authorization", authorization.to_owned());
    request.headers.push("content-type", kind.to_owned());
    request.body = Body::unknown(asked.to_vec());
    let mut response = RecordedResponse::new(200);
    response.headers.push("set-cookie", authorization.to_owned());
    response.headers.push("content-type", kind.to_owned());
    if zipped {
        response.headers.push("content-encoding", "gzip");
    }
    response.body = Body::unknown(answered.to_vec());
    let cassette = Cassette::new(vec![Interaction::new(request, response)]);
    let _ = inspect(&cassette);
    let redaction = Redaction::default();
    if let Ok(once) = redaction.apply(cassette) {
        let twice = redaction.apply(once.cassette.clone()).expect("what passed once passes twice");
        assert_eq!(once.cassette, twice.cassette);
    }
});
