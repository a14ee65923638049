//! Refusals: which are final, which may pass, and what to do (oauth2.md 5.5).

use std::time::Duration;

use gdata_auth::{
    Advice, Error, Kind,
    oauth2::{ErrorCode, Refusal},
};

use super::answer;

fn error(status: u16, body: &str) -> Error {
    Error::from(Refusal::read(&answer(status, body)).unwrap())
}

#[test]
fn every_row_of_the_table_has_its_advice() {
    let retry = Advice::Retry { after: None };
    let consent = Advice::AskConsent { scopes: Vec::new() };
    let table: &[(u16, &str, Kind, bool, Advice)] = &[
        (500, "", Kind::Refused, true, retry.clone()),
        (
            502,
            "<html><title>502 Bad Gateway</title></html>",
            Kind::Refused,
            true,
            retry.clone(),
        ),
        (
            503,
            r#"{"error":"temporarily_unavailable"}"#,
            Kind::Quota,
            true,
            retry.clone(),
        ),
        (429, "", Kind::Quota, true, retry.clone()),
        (408, "", Kind::Refused, true, retry.clone()),
        (
            400,
            "<html>captive portal</html>",
            Kind::Refused,
            true,
            retry.clone(),
        ),
        (403, "not json", Kind::Refused, true, retry.clone()),
        (
            403,
            r#"{"error_code":"rate_limit_exceeded"}"#,
            Kind::Quota,
            true,
            retry.clone(),
        ),
        (403, r#"{"error":"slow_down"}"#, Kind::Quota, true, retry),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Bad Request"}"#,
            Kind::Revoked,
            false,
            consent.clone(),
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_subtype":"invalid_rapt","error_description":"reauth related error (invalid_rapt)"}"#,
            Kind::Revoked,
            false,
            Advice::Reauthenticate,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Reauth required"}"#,
            Kind::Revoked,
            false,
            Advice::Reauthenticate,
        ),
        (
            401,
            r#"{"error":"invalid_client"}"#,
            Kind::Refused,
            false,
            Advice::FixClient,
        ),
        (
            401,
            r#"{"error":"deleted_client"}"#,
            Kind::Refused,
            false,
            Advice::FixClient,
        ),
        (
            400,
            r#"{"error":"unauthorized_client"}"#,
            Kind::Refused,
            false,
            Advice::FixClient,
        ),
        (
            400,
            r#"{"error":"unsupported_grant_type"}"#,
            Kind::Refused,
            false,
            Advice::FixClient,
        ),
        (
            400,
            r#"{"error":"redirect_uri_mismatch"}"#,
            Kind::Refused,
            false,
            Advice::FixClient,
        ),
        (
            400,
            r#"{"error":"invalid_scope"}"#,
            Kind::Scope,
            false,
            Advice::FixClient,
        ),
        (
            400,
            r#"{"error":"admin_policy_enforced"}"#,
            Kind::Refused,
            false,
            Advice::AskAdmin,
        ),
        (
            403,
            r#"{"error":"org_internal"}"#,
            Kind::Refused,
            false,
            Advice::AskAdmin,
        ),
        (
            403,
            r#"{"error":"access_denied"}"#,
            Kind::Denied,
            false,
            consent.clone(),
        ),
        (
            400,
            r#"{"error":"expired_token"}"#,
            Kind::Expired,
            false,
            consent,
        ),
    ];
    for (status, body, kind, transient, advice) in table {
        let error = error(*status, body);
        assert_eq!(error.kind(), *kind, "{status} {body}: {error}");
        assert_eq!(error.is_transient(), *transient, "{status} {body}");
        assert_eq!(error.advice(), *advice, "{status} {body}");
    }
}

#[test]
fn the_server_says_how_long_to_wait() {
    let mut reply = answer(503, "");
    reply
        .headers_mut()
        .insert("retry-after", http::HeaderValue::from_static("17"));
    let after = Some(Duration::from_secs(17));
    let error = Error::from(Refusal::read(&reply).unwrap());
    assert_eq!(error.advice(), Advice::Retry { after });
}

#[test]
fn says_in_one_line_what_the_server_said_without_what_looks_like_a_token() {
    let body = r#"{"error":"invalid_grant","error_description":"Token 1//0gAbCdEfGhIjKlMnOpQrStUvWxYz0123456789\nwas revoked"}"#;
    let message = error(400, body).to_string();
    assert_eq!(
        message,
        "the server no longer accepts the grant (400 invalid_grant: Token 1//0gAb… was revoked)"
    );
}

#[test]
fn what_begins_like_a_token_of_googles_is_cut_however_short() {
    for (text, shown) in [
        ("token ya29.canary is bad", "token ya29.c… is bad"),
        ("token 1//canary-refresh", "token 1//can…"),
        ("code 4/0Acanary", "code 4/0Ac…"),
        ("secret GOCSPX-canary", "secret GOCSPX-c…"),
        ("on 2024/05/01 at 12:00", "on 2024/05/01 at 12:00"),
    ] {
        let body = format!(r#"{{"error":"invalid_grant","error_description":"{text}"}}"#);
        let refusal = Refusal::read(&answer(400, &body)).unwrap();
        assert_eq!(refusal.description(), shown);
    }
}

#[test]
fn a_code_that_nobody_knows_is_kept_word_for_word() {
    let refusal = Refusal::read(&answer(400, r#"{"error":"policy_x"}"#)).unwrap();
    assert_eq!(refusal.code(), Some(&ErrorCode::Other("policy_x".into())));
    assert_eq!(refusal.to_json(), r#"{"error":"policy_x"}"#);
}

#[test]
fn an_error_of_googles_apis_is_no_code_of_oauth_but_its_message_is_told() {
    let body = r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#;
    let refusal = Refusal::read(&answer(403, body)).unwrap();
    assert_eq!(refusal.code(), None);
    assert_eq!(refusal.description(), "The caller does not have permission");
}

#[test]
fn anything_below_400_is_no_refusal() {
    assert_eq!(
        Refusal::read(&answer(200, r#"{"error":"invalid_grant"}"#)),
        None
    );
    assert_eq!(Refusal::read(&answer(302, "")), None);
}
