//! OAuth 2.0 on the wire: links, forms, redirects, replies, tokens. What is printed is read back.
#![no_main]

use bytes::Bytes;
use gdata_auth::{
    oauth2::{
        AuthorizationQuery, ClientKind, Grant, Jwks, Jwt, Redirect, Refusal, TokenReply,
        read_basic, redirect_faults,
    },
    scope::ScopeNames,
    wire::query::Pairs,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(names) = ScopeNames::parse(text) {
        assert_eq!(
            ScopeNames::parse(&names.to_string()).expect("printed scopes parse"),
            names
        );
        assert!(names.missing_from(&names).is_empty());
    }
    if let Ok(pairs) = Pairs::parse(text) {
        if let Ok(query) = AuthorizationQuery::read(&pairs) {
            let printed =
                Pairs::parse(&query.to_pairs().to_string()).expect("a printed link parses");
            assert_eq!(
                AuthorizationQuery::read(&printed).expect("it is a link"),
                query
            );
        }
        if let Ok(Some(grant)) = Grant::read(&pairs) {
            let printed =
                Pairs::parse(&grant.to_pairs().to_string()).expect("a printed form parses");
            assert_eq!(Grant::read(&printed).expect("it is a form"), Some(grant));
        }
    }
    if let Ok(redirect) = Redirect::parse(text) {
        let _ = (
            redirect.state(),
            redirect.code(),
            redirect.issuer(),
            redirect.refusal(),
        );
        let _ = redirect.comes_to("http://127.0.0.1:1/");
    }
    let _ = redirect_faults(ClientKind::Web, true, text);
    let _ = read_basic(text);
    if let Ok(token) = Jwt::parse(text) {
        let _ = (token.key_id(), token.unverified_claims());
    }
    if let Ok(keys) = Jwks::parse(text.as_bytes()) {
        assert_eq!(
            Jwks::parse(keys.to_json().as_bytes()).expect("printed keys parse"),
            keys
        );
    }
    for status in [200, 400] {
        let mut answer = http::Response::new(Bytes::from(text.to_owned()));
        *answer.status_mut() = http::StatusCode::from_u16(status).expect("a status");
        if let Ok(reply) = TokenReply::parse(&answer) {
            let printed = http::Response::new(Bytes::from(reply.to_json()));
            assert_eq!(
                TokenReply::parse(&printed).expect("a printed reply parses"),
                reply
            );
        }
        let _ = Refusal::read(&answer).map(gdata_auth::Error::from);
    }
});
