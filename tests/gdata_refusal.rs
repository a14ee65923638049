//! Refusals: what a server said, what it means, and never a token in it.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use std::{error::Error as _, time::Duration};

use bytes::Bytes;
use gdata_auth::{
    Advice, Error, Kind,
    gdata::{Cause, Mark, RULES, Refusal},
    scope::ScopeSet,
};
use http::Response;
use proptest::prelude::*;

const INVALID: &str = include_str!("../fixtures/replies/401-invalid-token.html");
const WRONG_SCOPE: &str = include_str!("../fixtures/replies/401-wrong-scope.html");
const ECHO: &str = include_str!("../fixtures/replies/403-revoke-unknown-token.html");
const JSON: &str = include_str!("../fixtures/replies/401-invalid-token.json");
const QUOTA: &str = include_str!("../fixtures/replies/403-too-many-recent-calls.xml");
const VALIDATION: &str = include_str!("../fixtures/replies/400-validation.xml");
const ETAGS: &str = include_str!("../fixtures/replies/412-etags-unsupported.xml");
const BATCH: &str = include_str!("../fixtures/replies/400-batch.xml");

fn refusal(status: u16, body: &str) -> Refusal {
    let reply = Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body.as_bytes()));
    Refusal::read(&reply.unwrap()).unwrap()
}

fn refused_with(status: u16, headers: &[(&str, &str)], body: &str) -> Refusal {
    let mut reply = Response::builder().status(status);
    for (name, value) in headers {
        reply = reply.header(*name, *value);
    }
    Refusal::read(&reply.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()).unwrap()
}

#[test]
fn the_recorded_401_page_has_its_199_bytes_and_says_why() {
    assert_eq!(INVALID.len(), 199);
    let realm = "https://www.google.com/accounts/AuthSubRequest";
    let challenge = format!("AuthSub realm=\"{realm}\"");
    let refusal = refused_with(401, &[("www-authenticate", &challenge)], INVALID);
    assert_eq!(refusal.cause(), Cause::InvalidToken);
    assert_eq!(
        refusal.challenge().and_then(|found| found.param("realm")),
        Some(realm)
    );
    let error = refusal.into_error();
    assert_eq!(error.kind(), Kind::Revoked);
    assert_eq!(error.advice(), Advice::AskConsent { scopes: vec![] });
    assert_eq!(
        error.to_string(),
        "the server no longer accepts the token (401: Token invalid - Invalid AuthSub token.)"
    );
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<Refusal>())
        .unwrap();
    assert_eq!(source.status(), 401);
}

#[test]
fn a_missing_or_broken_challenge_is_none() {
    assert!(refusal(401, "").challenge().is_none());
    for broken in ["realm=\"x\"", "AuthSub realm=\"x", ""] {
        assert!(
            refused_with(401, &[("www-authenticate", broken)], "")
                .challenge()
                .is_none(),
            "{broken}"
        );
    }
    let headers = [
        ("www-authenticate", "realm=\"x\""),
        (
            "www-authenticate",
            "GoogleLogin realm=\"http://h\", service=\"cl\"",
        ),
    ];
    let refusal = refused_with(401, &headers, "");
    assert_eq!(
        refusal
            .challenge()
            .map(|found| found.scheme().to_owned())
            .as_deref(),
        Some("GoogleLogin")
    );
}

#[test]
fn every_known_message_has_its_cause() {
    let html =
        |text: &str| format!("<HTML><HEAD><TITLE>{text}</TITLE></HEAD><BODY>x</BODY></HTML>");
    let coded = |domain: &str, code: &str| {
        format!("<errors><error><domain>{domain}</domain><code>{code}</code></error></errors>")
    };
    let retired = "https://developers.google.com/accounts/docs/AuthForInstalledApps\n";
    let rows = [
        (401, html("Token invalid - Invalid AuthSub token."), Cause::InvalidToken, Kind::Revoked),
        (401, html("Token invalid"), Cause::InvalidToken, Kind::Revoked),
        (401, html("Token invalid - AuthSub token has wrong scope"), Cause::WrongScope, Kind::Scope),
        (403, html("Token invalid - AuthSub token has wrong scope"), Cause::WrongScope, Kind::Scope),
        (401, html("Token invalid - Invalid token: Token disabled, revoked, or expired."), Cause::Revoked, Kind::Revoked),
        (401, "Token expired".to_owned(), Cause::Expired, Kind::Expired),
        (401, "Token revoked".to_owned(), Cause::Revoked, Kind::Revoked),
        (401, html("Unknown authorization header"), Cause::UnknownHeader, Kind::Refused),
        (403, html("Invalid token: Cannot parse AuthSub token: dummy token"), Cause::InvalidToken, Kind::Revoked),
        (400, "The token is invalid.\n\n".to_owned(), Cause::InvalidToken, Kind::Revoked),
        (400, "signature_invalid\nbase_string:GET".to_owned(), Cause::Signature, Kind::Signature),
        (403, coded("yt:quota", "too_many_recent_calls"), Cause::Quota, Kind::Quota),
        (403, coded("yt:quota", "too_many_entries"), Cause::Quota, Kind::Quota),
        (503, coded("yt:service", "disabled_in_maintenance_mode"), Cause::Maintenance, Kind::Refused),
        (403, coded("yt:service", "youtube_signup_required"), Cause::SignupRequired, Kind::Refused),
        (401, coded("yt:authentication", "TokenExpired"), Cause::Expired, Kind::Expired),
        (403, coded("yt:authentication", "TokenExpired"), Cause::Expired, Kind::Expired),
        (401, coded("yt:authentication", "InvalidToken"), Cause::InvalidToken, Kind::Revoked),
        (400, coded("yt:validation", "invalid_character"), Cause::Validation, Kind::Refused),
        (422, coded("yt:validation", "too_long"), Cause::Validation, Kind::Refused),
        (412, coded("GData", "etagsUnsupported"), Cause::Precondition, Kind::Refused),
        (412, html("Mismatched etags"), Cause::Precondition, Kind::Refused),
        (404, retired.to_owned(), Cause::Retired, Kind::Retired),
        (404, html("Not Found"), Cause::NotFound, Kind::Refused),
        (410, String::new(), Cause::Retired, Kind::Retired),
        (401, String::new(), Cause::InvalidToken, Kind::Revoked),
        (403, "no".to_owned(), Cause::Forbidden, Kind::Refused),
        (400, "Invalid commentId".to_owned(), Cause::Validation, Kind::Refused),
        (409, String::new(), Cause::Precondition, Kind::Refused),
        (406, String::new(), Cause::Other, Kind::Refused),
        (429, String::new(), Cause::Quota, Kind::Quota),
        (500, String::new(), Cause::Server, Kind::Refused),
        (501, String::new(), Cause::Server, Kind::Refused),
        (401, JSON.to_owned(), Cause::InvalidToken, Kind::Revoked),
        (403, r#"{"error":{"code":403,"errors":[{"domain":"usageLimits","reason":"rateLimitExceeded"}]}}"#.to_owned(), Cause::Quota, Kind::Quota),
        (403, r#"{"error":{"errors":[{"reason":"insufficientPermissions"}]}}"#.to_owned(), Cause::WrongScope, Kind::Scope),
    ];
    for (status, body, cause, kind) in rows {
        let refusal = refusal(status, &body);
        assert_eq!(refusal.cause(), cause, "{status} {body}");
        assert_eq!(refusal.into_error().kind(), kind, "{status} {body}");
    }
}

#[test]
fn every_rule_is_reached_by_a_reply_of_its_own() {
    for rule in RULES {
        let body = match rule.mark {
            Mark::Code { domain, code } => format!(
                "<errors><error><domain>{domain}</domain><code>{code}</code></error></errors>"
            ),
            Mark::Phrase(phrase) => phrase.to_uppercase(),
            Mark::Status => String::new(),
            other => panic!("{other:?}"),
        };
        let refusal = refusal(rule.statuses.0, &body);
        assert_eq!(refusal.cause(), rule.cause, "{rule:?}");
        assert_eq!(
            refusal.into_error().is_transient(),
            rule.transient,
            "{rule:?}"
        );
    }
}

#[test]
fn what_may_pass_is_told_from_what_may_not() {
    let retry = |seconds| Advice::Retry {
        after: Some(Duration::from_secs(seconds)),
    };
    let waits = refused_with(403, &[("retry-after", "120")], QUOTA).into_error();
    assert!(waits.is_transient());
    assert_eq!(waits.advice(), retry(120));
    let maintenance =
        refused_with(503, &[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], "").into_error();
    assert_eq!(maintenance.advice(), Advice::Retry { after: None });
    assert!(!refusal(501, "").into_error().is_transient());
    let full =
        "<errors><error><domain>yt:quota</domain><code>too_many_entries</code></error></errors>";
    assert!(!refusal(403, full).into_error().is_transient());
    let invalid = refused_with(401, &[("retry-after", "5")], INVALID).into_error();
    assert_eq!(invalid.advice(), Advice::AskConsent { scopes: vec![] });
    assert_eq!(
        refusal(410, "").into_error().advice(),
        Advice::Migrate { to: "OAuth 2.0" }
    );
}

#[test]
fn below_400_nothing_is_refused() {
    for status in [200, 201, 204, 302, 304, 308] {
        let reply = Response::builder()
            .status(status)
            .body(Bytes::from_static(INVALID.as_bytes()))
            .unwrap();
        assert!(Refusal::read(&reply).is_none(), "{status}");
    }
}

#[test]
fn shows_the_first_error_of_a_document() {
    assert_eq!(
        refusal(400, VALIDATION).into_error().to_string(),
        "the service does not take this request (400: yt:validation too_long (media:group/media:title/text()))"
    );
    assert_eq!(
        refusal(412, ETAGS).message(),
        "GData etagsUnsupported: Resource does not support Etags"
    );
    assert_eq!(
        refusal(400, BATCH).message(),
        "request: entry 2 names no operation"
    );
    assert_eq!(
        refusal(401, JSON).errors().entries()[0].code.as_deref(),
        Some("authError")
    );
}

#[test]
fn a_body_is_one_short_clean_line() {
    assert_eq!(
        refusal(403, "a\r\n\tb\u{1b}[31m\u{202e}c").message(),
        "a b [31m c"
    );
    let message = refusal(500, &"word ".repeat(100_000)).message().to_owned();
    assert_eq!(message.chars().count(), 201);
    assert!(message.ends_with('…'));
    assert_eq!(
        refusal(
            403,
            "<html><title>Tom &amp; J&#233;r&ocirc;me &lt;3 &</title>"
        )
        .message(),
        "Tom & Jér&ocirc;me <3 &"
    );
    assert_eq!(
        refusal(
            403,
            "<html><title> </title><H1 class='x'>No <b>way</b></H1>"
        )
        .message(),
        "No way"
    );
    assert_eq!(refusal(403, "<p>No</p><p>way").message(), "No way");
    assert_eq!(refusal(403, "").to_string(), "403 Forbidden");
    assert_eq!(refusal(403, "{\"error\":").message(), "{\"error\":");
    assert_eq!(
        refusal(
            400,
            r#"{"error":"invalid_grant","error_description":"gone"}"#
        )
        .message(),
        "gone"
    );
}

#[test]
fn an_echoed_token_is_never_repeated() {
    let tokens = [
        "1/insecure-example-token-000000000000000000000",
        "CKF50YzIHxCT85KMAg",
        "dummy token",
        "ya29.AHES6ZSexample0123456789",
    ];
    let shapes = [
        "Invalid token: Cannot parse AuthSub token: {}",
        "<HTML><HEAD><TITLE>Invalid token: Cannot parse AuthSub token: {}</TITLE></HEAD></HTML>",
        "<errors><error><domain>GData</domain><code>x</code><internalReason>Cannot parse AuthSub token: {}</internalReason><debugInfo>AuthSub token=\"{}\"</debugInfo></error></errors>",
        r#"{"error":{"message":"Cannot parse AuthSub token: {}"}}"#,
        "header was AuthSub token=\"{}\" and key={}",
    ];
    for token in tokens {
        for shape in shapes {
            let refusal = refusal(403, &shape.replace("{}", token));
            let first = token.split(' ').next().unwrap();
            let shown = format!("{refusal} {refusal:?} {}", refusal.message());
            assert!(!shown.contains(first), "{shown}");
            let error = refusal.into_error();
            let shown = format!("{error} {error:?} {:?}", error.source());
            assert!(!shown.contains(first), "{shown}");
        }
    }
    assert_eq!(
        refusal(403, ECHO).message(),
        "Invalid token: Cannot parse AuthSub token: 1/in…"
    );
    assert_eq!(
        refusal(403, "no such thing: CKF50YzIHxCT85KMAg.").message(),
        "no such thing: CKF5…."
    );
    let harmless = "see https://code.google.com/apis/youtube/2.0/developers_guide_protocol_error_responses.html";
    assert_eq!(
        refusal(
            400,
            "see https://code.google.com/apis/youtube/2.0/guide.html"
        )
        .message()
        .len(),
        55
    );
    assert!(
        refusal(400, harmless)
            .message()
            .starts_with("see https://code.google.com/apis/youtube/2.0/")
    );
}

#[test]
fn a_page_of_echoes_costs_no_stack() {
    let message = refusal(403, &"token=key=auth=".repeat(20_000))
        .message()
        .to_owned();
    assert!(message.chars().count() <= 201);
}

#[test]
fn explains_a_wrong_scope_with_what_was_granted_and_asked() {
    let url = "https://www.google.com/calendar/feeds/default/private/full?key=hidden";
    let trap = ScopeSet::parse("http://www.google.com/calendar/feeds/").unwrap();
    let error = refusal(401, WRONG_SCOPE).explain(Some(&trap), url);
    assert_eq!(
        error.to_string(),
        "the token does not cover this address: it has the scopes http://www.google.com/calendar/feeds/, the \
         address is https://www.google.com/calendar/feeds/default/private/full; the scope \
         http://www.google.com/calendar/feeds/ covers this address but for its scheme: it asks for https, the \
         scope for http; ask for both, as Google's own lists do (401: Token invalid - AuthSub token has wrong \
         scope)"
    );
    let needed = || Advice::FixScope {
        needed: "https://www.google.com/calendar/feeds/".to_owned(),
    };
    assert_eq!((error.kind(), error.advice()), (Kind::Scope, needed()));

    let other = ScopeSet::parse("http://gdata.youtube.com").unwrap();
    let error = refusal(401, WRONG_SCOPE).explain(Some(&other), url);
    assert_eq!(
        error.to_string(),
        "the token does not cover this address: it has the scopes http://gdata.youtube.com, the address is \
         https://www.google.com/calendar/feeds/default/private/full (401: Token invalid - AuthSub token has \
         wrong scope)"
    );
    assert_eq!(error.advice(), needed());

    let right = ScopeSet::parse("https://www.google.com/calendar/feeds/").unwrap();
    let error = refusal(401, WRONG_SCOPE).explain(Some(&right), url);
    assert!(
        error
            .to_string()
            .contains("did the Host header name a port?"),
        "{error}"
    );
    assert_eq!(error.advice(), Advice::AskConsent { scopes: vec![] });

    let error = refusal(401, WRONG_SCOPE).explain(None, url);
    assert_eq!(error.advice(), needed());
    let error: Error = refusal(401, INVALID).into();
    assert_eq!(
        refusal(401, INVALID).explain(Some(&trap), url).to_string(),
        error.to_string()
    );
}

#[test]
fn any_cut_or_changed_body_is_a_refusal_all_the_same() {
    for document in [QUOTA, VALIDATION, INVALID, JSON] {
        for end in 0..document.len() {
            assert_eq!(refusal(401, &document[..end]).status(), 401);
            let mut changed = document.as_bytes().to_vec();
            changed[end] ^= 0xA5;
            let reply = Response::builder()
                .status(500)
                .body(Bytes::from(changed))
                .unwrap();
            let message = Refusal::read(&reply).unwrap().to_string();
            assert!(message.starts_with("500"), "{message}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_is_read(status in 400..600_u16, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let reply = Response::builder().status(status).body(Bytes::from(body)).unwrap();
        let error = Refusal::read(&reply).unwrap().into_error();
        prop_assert!(!error.to_string().contains('\n'));
    }
}
