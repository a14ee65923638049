//! OAuth 1.0: headers, base strings, replies and links read back as printed; what is signed verifies.
#![no_main]

use gdata_auth::{
    BodyHint, Secret, Stamp, Timestamp,
    oauth1::{
        AccessToken, AuthorizeLink, BaseString, BaseStringDiff, Consumer, Credential, Header, Keys,
        SignedRequest, TokenReply,
    },
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (text, body) = input;
    if let Ok(header) = Header::parse(text)
        && let Ok(value) = header.to_header_value()
        && let Ok(printed) = value.to_str()
        && printed.len() <= Header::MAX
    {
        assert_eq!(
            Header::parse(printed).expect("a printed header parses"),
            header
        );
    }
    if let Ok(reply) = TokenReply::parse(text.as_bytes()) {
        let printed = reply.to_body();
        if printed.len() <= TokenReply::MAX {
            assert_eq!(
                TokenReply::parse(printed.as_bytes()).expect("a printed reply parses"),
                reply
            );
        }
    }
    if let Ok(link) = AuthorizeLink::parse(text) {
        assert_eq!(
            AuthorizeLink::parse(&link.query()).expect("a printed link parses"),
            link
        );
    }
    if let (Ok(one), Ok(other)) = (BaseString::parse(text), BaseString::parse(body)) {
        assert!(BaseStringDiff::between(&one, &one).is_empty());
        let _ = (
            BaseStringDiff::between(&one, &other).to_string(),
            one.masked(),
        );
    }
    sign_then_verify(text, body);
});

/// A request to `text` with the form `body`: when it can be signed, it verifies.
fn sign_then_verify(text: &str, body: &str) {
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
    let Ok(request) = http::Request::post(text).body(()) else {
        return;
    };
    let token = AccessToken::new(Consumer::anonymous(), "1/t", "ts").expect("a token");
    let (mut parts, ()) = request.into_parts();
    let hint = BodyHint::Form(body.as_bytes());
    if Credential::from(token)
        .authorize(&mut parts, hint, &stamp)
        .is_err()
    {
        return;
    }
    let query = parts.uri.query().unwrap_or_default();
    let Ok(Some(signed)) = SignedRequest::read(&parts.headers, query, hint) else {
        return;
    };
    let (consumer, token) = (Secret::new("anonymous"), Secret::new("ts"));
    let keys = Keys::shared(&consumer).and_token(&token);
    signed
        .verify("POST", &parts.uri.to_string(), &keys)
        .expect("what is signed verifies");
}
