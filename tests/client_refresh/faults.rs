//! What may pass is tried again, what is final is not.

use std::sync::{Arc, Mutex};

use gdata_auth::{
    Kind,
    client::{Retry, TokenSource},
};

use super::{Time, cached, fetch, kept, server::Server, store};

#[tokio::test]
async fn what_may_pass_is_tried_again_at_the_pace_of_the_backoff() {
    let server = Server::new()
        .then_torn()
        .then(502, "<html>")
        .then_header(503, "retry-after", "7")
        .then_token("ya29.1", 3_600);
    let (time, store) = (Time::new(), store());
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&pauses);
    let patient = fetch(&server, store, &time).with_backoff(move |retry: Retry| {
        let after = retry.after.map(|after| after.as_secs());
        seen.lock().unwrap().push((retry.attempt, after));
        std::future::ready(())
    });
    cached(patient, &time).token().await.unwrap();
    assert_eq!(
        *pauses.lock().unwrap(),
        [(1, None), (2, None), (3, Some(7))]
    );
    assert_eq!(server.spent().len(), 4);
}

#[tokio::test]
async fn what_is_final_is_told_at_once() {
    for body in [
        r#"{"error":"invalid_client"}"#,
        r#"{"error":"deleted_client"}"#,
        r#"{"error":"unauthorized_client"}"#,
        r#"{"error":"invalid_scope"}"#,
        r#"{"error":"admin_policy_enforced"}"#,
    ] {
        let server = Server::new().then(400, body);
        let (time, store) = (Time::new(), store());
        let patient =
            fetch(&server, store.clone(), &time).with_backoff(|_: Retry| std::future::ready(()));
        let error = cached(patient, &time).token().await.unwrap_err();
        assert!(!error.is_transient(), "{body}");
        assert_eq!(server.spent().len(), 1, "{body}");
        assert!(
            kept(&*store).dead().is_none(),
            "not the grant's fault: {body}"
        );
    }
}

#[tokio::test]
async fn a_redirect_of_the_token_endpoint_is_not_followed_and_not_retried() {
    let server = Server::new().then_header(307, "location", "https://evil.test/token");
    let (time, store) = (Time::new(), store());
    let patient = fetch(&server, store, &time).with_backoff(|_: Retry| std::future::ready(()));
    let error = cached(patient, &time).token().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(server.spent().len(), 1);
}

#[tokio::test]
async fn html_torn_json_and_gzip_leave_the_grant_alone() {
    for body in [
        "<html><title>Sign in to the network</title>",
        r#"{"access_to"#,
        "",
    ] {
        let server = Server::new().then(200, body);
        let (time, store) = (Time::new(), store());
        let error = cached(fetch(&server, store.clone(), &time), &time)
            .token()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{body}");
        assert!(kept(&*store).dead().is_none());
        assert_eq!(kept(&*store).refresh_token().unwrap().expose(), "1//first");
    }
}
