//! The device flow, in the RFC's words and in Google's.

use std::time::Duration;

use gdata_auth::{
    Exchange, Kind,
    oauth2::{Client, Poll},
};

use super::{YOUTUBE, answer, body, later, now, scopes};

fn tv() -> Client {
    Client::limited_input("tv.apps.googleusercontent.com", "GOCSPX-s").unwrap()
}

const CODE: &str = r#"{"device_code":"AH-1Ng","user_code":"GQVQ-JKEC",
    "verification_url":"https://www.google.com/device","expires_in":1800,"interval":5}"#;

#[test]
fn asks_as_google_documents_and_reads_either_name_of_the_address() {
    let call = tv().device(&scopes(YOUTUBE)).unwrap();
    let request = call.request();
    assert_eq!(request.uri(), "https://oauth2.googleapis.com/device/code");
    assert_eq!(
        body(&request),
        "client_id=tv.apps.googleusercontent.com&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube"
    );
    let code = call.parse(&answer(200, CODE)).unwrap();
    assert_eq!(code.user_code(), "GQVQ-JKEC");
    assert_eq!(code.verification_url(), "https://www.google.com/device");
    assert_eq!(code.interval(), Duration::from_secs(5));
    let rfc = CODE.replace("verification_url", "verification_uri");
    let rfc = rfc.replace(r#","interval":5"#, "");
    let code = call.parse(&answer(200, &rfc)).unwrap();
    assert_eq!(code.verification_url(), "https://www.google.com/device");
    assert_eq!(code.interval(), Duration::from_secs(5), "RFC 8628, 3.2");
}

#[test]
fn scopes_that_google_does_not_take_are_told_before_the_call() {
    for scope in [
        "https://www.googleapis.com/auth/youtube.upload",
        "https://www.googleapis.com/auth/youtube.force-ssl",
        "https://www.googleapis.com/auth/calendar",
        "https://mail.google.com/",
    ] {
        let error = tv()
            .device(&scopes(&format!("openid {scope}")))
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Scope);
        assert!(
            error
                .to_string()
                .starts_with(&format!("Google's device flow does not take {scope};"))
        );
    }
    let all = "openid email profile https://www.googleapis.com/auth/userinfo.email \
        https://www.googleapis.com/auth/drive.file https://www.googleapis.com/auth/drive.appdata \
        https://www.googleapis.com/auth/youtube https://www.googleapis.com/auth/youtube.readonly";
    assert!(tv().device(&scopes(all)).is_ok());
    let web = Client::web("w", "s").unwrap();
    assert!(
        web.device(&scopes(YOUTUBE))
            .unwrap_err()
            .to_string()
            .contains("Limited Input")
    );
}

#[test]
fn a_full_quota_may_pass() {
    let call = tv().device(&scopes(YOUTUBE)).unwrap();
    let error = call
        .parse(&answer(403, r#"{"error_code":"rate_limit_exceeded"}"#))
        .unwrap_err();
    assert!(error.is_transient());
    assert_eq!(
        error.to_string(),
        "asked too often (403 rate_limit_exceeded)"
    );
}

#[test]
fn not_yet_is_no_error_and_a_no_is_one() {
    let call = tv().device(&scopes(YOUTUBE)).unwrap();
    let code = call.parse(&answer(200, CODE)).unwrap();
    let poll = code.poll(&tv());
    assert_eq!(
        body(&poll.request()),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=AH-1Ng\
         &client_id=tv.apps.googleusercontent.com&client_secret=GOCSPX-s"
    );
    let pending =
        r#"{"error":"authorization_pending","error_description":"Precondition Required"}"#;
    assert!(matches!(
        poll.parse(&answer(428, pending)),
        Ok(Poll::Pending)
    ));
    assert!(matches!(
        poll.parse(&answer(400, pending)),
        Ok(Poll::Pending)
    ));
    assert!(matches!(poll.parse(&answer(428, "")), Ok(Poll::Pending)));
    let slow = r#"{"error":"slow_down","error_description":"Forbidden"}"#;
    assert!(matches!(poll.parse(&answer(403, slow)), Ok(Poll::SlowDown)));
    for (status, code, kind) in [
        (403, "access_denied", Kind::Denied),
        (400, "expired_token", Kind::Expired),
        (400, "invalid_grant", Kind::Revoked),
        (401, "invalid_client", Kind::Refused),
        (400, "admin_policy_enforced", Kind::Refused),
    ] {
        let error = poll
            .parse(&answer(status, &format!(r#"{{"error":"{code}"}}"#)))
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{code}");
    }
    let granted = r#"{"access_token":"ya29.a","token_type":"Bearer","scope":"https://www.googleapis.com/auth/youtube"}"#;
    match poll.parse(&answer(200, granted)).unwrap() {
        Poll::Granted(authorized) => assert!(authorized.consent().missing.is_empty()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_pace_slows_for_good_and_ends_with_the_code() {
    let call = tv().device(&scopes(YOUTUBE)).unwrap();
    let code = call.parse(&answer(200, CODE)).unwrap();
    let mut schedule = code.schedule(now());
    assert_eq!(schedule.wait(now()).unwrap(), Duration::from_secs(5));
    schedule.slow_down();
    schedule.slow_down();
    assert_eq!(schedule.wait(later(20)).unwrap(), Duration::from_secs(15));
    assert!(schedule.wait(later(1_785)).is_ok());
    assert_eq!(
        schedule.wait(later(1_786)).unwrap_err().kind(),
        Kind::Expired
    );
}

#[test]
fn what_a_terminal_must_not_print_is_no_code() {
    let call = tv().device(&scopes(YOUTUBE)).unwrap();
    let bad = CODE.replace("GQVQ-JKEC", "GQVQ\\u001b[2J");
    let error = call.parse(&answer(200, &bad)).unwrap_err();
    assert_eq!(error.to_string(), "user_code: expected a value, got none");
}
