//! Service accounts, workload identity, impersonation and the metadata server.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use gdata_auth::{
    Exchange, Kind, Secret, Timestamp,
    crypto::{PrivateKey, PublicKey},
    oauth2::{
        AccessToken, AllowedHosts, CredentialFile, Impersonation, Jwt, Metadata, ServiceAccount,
        SubjectSource,
    },
    wire::query::Pairs,
};
use serde_json::json;

use super::{answer, body, now, scopes};

const KEY: &str = include_str!("../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const PUBLIC: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/keys/insecure-rsa2048-pub.pem"
);
const CALENDAR: &str = "https://www.googleapis.com/auth/calendar";

/// What PyJWT 2.15.1 made of the claims, with `jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k1"})`.
const BY_PYJWT: &str = "\
    eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0.eyJpc3MiOiJzeW5jQHAuaWFtLmdzZXJ2aWNlYWNjb3VudC5j\
    b20iLCJzdWIiOiJzeW5jQHAuaWFtLmdzZXJ2aWNlYWNjb3VudC5jb20iLCJhdWQiOiJodHRwczovL3B1YnN1Yi5nb29nbGVhcGlz\
    LmNvbS8iLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMH0.bL96yVj7xR9lws3yus2yURyixjUy04hthJdszrWw2xFp\
    kWQh0JyJn8VV2n7U7l1q0cAkvPaOPx8AzCQ6-JPFzif-_XBBaX-bYb2bSL2HMWZMncSEtnsUc-wC3UhtJ-kFJJQfzoHY2nOr7VKs\
    9uUDBwuIPZVe28KtIkoIMyDurT5I4qPSOeHyQAq5pdwHmSpQWY3AejhNKqh61inuoDQYs-e2o6AqE4yEkOvtdaHHygHoyRY8WTqQ\
    s-QW2n9a0pxzKBrkqYQ9qF6PDpep18Trutb2x6tWjCiLj0QLa4JR7ZyaV6nv7lR-bqD1nZX0yxT-kX_eIBjNFydP_EwjxTMo8Q";

fn account() -> ServiceAccount {
    let key = PrivateKey::from_pem(KEY).unwrap();
    ServiceAccount::new("sync@p.iam.gserviceaccount.com", &key)
        .unwrap()
        .with_key_id("k1")
}

#[test]
fn the_assertion_says_what_google_asks_for() {
    let call = account()
        .acting_for("ann@example.com")
        .exchange(&scopes(CALENDAR), now())
        .unwrap();
    let request = call.request();
    let form = Pairs::parse(body(&request)).unwrap();
    assert_eq!(
        form.first("grant_type"),
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer")
    );
    let assertion = form.first("assertion").unwrap();
    let header = URL_SAFE_NO_PAD
        .decode(assertion.split('.').next().unwrap())
        .unwrap();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&header).unwrap(),
        json!({"alg": "RS256", "typ": "JWT", "kid": "k1"})
    );
    let claims = Jwt::parse(assertion).unwrap();
    assert_eq!(
        serde_json::Value::Object(claims.unverified_claims().clone()),
        json!({
            "iss": "sync@p.iam.gserviceaccount.com", "sub": "ann@example.com", "scope": CALENDAR,
            "aud": "https://oauth2.googleapis.com/token", "iat": 1_700_000_000, "exp": 1_700_003_600,
        })
    );
    assert!(form.first("client_id").is_none());
}

/// OpenSSL checks what is signed here; without the program there is nothing to check with.
#[test]
fn openssl_verifies_the_signature() {
    let token = account()
        .self_signed("https://pubsub.googleapis.com/", now())
        .unwrap();
    let text = token.secret().expose();
    let (input, signature) = text.rsplit_once('.').unwrap();
    let file = std::env::temp_dir().join(format!("gdata-auth-{}.sig", std::process::id()));
    std::fs::write(&file, URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let child = Command::new("openssl")
        .args(["dgst", "-sha256", "-verify", PUBLIC, "-signature"])
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: openssl is not installed");
        return;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Verified OK\n");
}

#[test]
fn a_token_that_the_account_signs_itself_needs_no_call() {
    let token = account()
        .self_signed("https://pubsub.googleapis.com/", now())
        .unwrap();
    let key = PublicKey::read(&std::fs::read(PUBLIC).unwrap()).unwrap();
    let jwt = Jwt::parse(token.secret().expose()).unwrap();
    let claims = jwt.verify(&key).unwrap();
    assert_eq!(claims["aud"], "https://pubsub.googleapis.com/");
    assert_eq!(claims["sub"], claims["iss"]);
    assert_eq!(
        token.expires_at(),
        Some(Timestamp::from_unix_seconds(1_700_003_600))
    );
}

#[test]
fn what_pyjwt_signs_says_the_same() {
    let key = PublicKey::read(&std::fs::read(PUBLIC).unwrap()).unwrap();
    let own = account()
        .self_signed("https://pubsub.googleapis.com/", now())
        .unwrap();
    let own = Jwt::parse(own.secret().expose()).unwrap();
    let theirs = Jwt::parse(BY_PYJWT).unwrap();
    assert_eq!(theirs.verify(&key).unwrap(), own.verify(&key).unwrap());
    assert_eq!(theirs.key_id(), own.key_id());
    let changed = BY_PYJWT.replacen("eyJpc3Mi", "eyJpc3Nz", 1);
    assert!(Jwt::parse(&changed).map_or(true, |token| token.verify(&key).is_err()));
}

#[test]
fn youtube_is_refused_before_google_says_youtube_signup_required() {
    let youtube = scopes("https://www.googleapis.com/auth/youtube.readonly");
    let error = account().exchange(&youtube, now()).unwrap_err();
    assert_eq!(error.kind(), Kind::Scope);
    assert!(
        error
            .to_string()
            .contains("YouTube does not take service accounts")
    );
    // With delegation it is the user's channel.
    assert!(
        account()
            .acting_for("ann@example.com")
            .exchange(&youtube, now())
            .is_ok()
    );
    let own = AccessToken::new("a").unwrap();
    let other = Impersonation::of("x@p.iam.gserviceaccount.com").unwrap();
    assert_eq!(
        other.exchange(&own, &youtube).unwrap_err().kind(),
        Kind::Scope
    );
}

fn external(source: &serde_json::Value) -> Result<CredentialFile, gdata_auth::Error> {
    let file = json!({
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "service_account_impersonation_url":
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/x@p.iam.gserviceaccount.com:generateAccessToken",
        "service_account_impersonation": {"token_lifetime_seconds": 1800},
        "credential_source": source,
    });
    CredentialFile::read(file.to_string().as_bytes(), &AllowedHosts::google())
}

#[test]
fn workload_identity_exchanges_a_files_token_and_impersonates() {
    let file = external(&json!({
        "file": "/var/run/token", "format": {"type": "json", "subject_token_field_name": "access_token"},
    }));
    let CredentialFile::ExternalAccount(account) = file.unwrap() else {
        panic!("another file");
    };
    assert_eq!(
        account.source(),
        &SubjectSource::File("/var/run/token".into())
    );
    let subject = account
        .read_subject(br#"{"access_token":"eyJsub"}"#)
        .unwrap();
    assert_eq!(subject.expose(), "eyJsub");
    assert!(account.read_subject(br#"{"other":"eyJsub"}"#).is_err());
    let call = account.exchange(subject, &scopes(CALENDAR)).unwrap();
    let request = call.request();
    assert_eq!(request.uri(), "https://sts.googleapis.com/v1/token");
    let form = Pairs::parse(body(&request)).unwrap();
    assert_eq!(
        form.first("grant_type"),
        Some("urn:ietf:params:oauth:grant-type:token-exchange")
    );
    assert_eq!(
        form.first("scope"),
        Some("https://www.googleapis.com/auth/cloud-platform")
    );
    assert_eq!(form.first("subject_token"), Some("eyJsub"));
    let federated = r#"{"access_token":"ya29.f","issued_token_type":"urn:ietf:params:oauth:token-type:access_token","token_type":"Bearer","expires_in":3600}"#;
    let own = call
        .parse(&answer(200, federated))
        .unwrap()
        .received_at(now());
    let call = account
        .impersonation()
        .unwrap()
        .exchange(&own, &scopes(CALENDAR))
        .unwrap();
    let request = call.request();
    assert_eq!(request.headers()["authorization"], "Bearer ya29.f");
    let asked: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(
        asked,
        json!({"delegates": [], "scope": [CALENDAR], "lifetime": "1800s"})
    );
    let granted = r#"{"accessToken":"ya29.i","expireTime":"2023-11-14T22:43:20Z"}"#;
    let token = call.parse(&answer(200, granted)).unwrap();
    assert_eq!(
        token.expires_at(),
        Some(Timestamp::from_unix_seconds(1_700_001_800))
    );
}

#[test]
fn sources_that_would_run_or_reach_something_else_are_refused() {
    for (source, kind) in [
        (
            json!({"executable": {"command": "/bin/sh -c x"}}),
            Kind::Unsupported,
        ),
        (json!({"environment_id": "aws1"}), Kind::Unsupported),
        (json!({"certificate": {}}), Kind::Unsupported),
        (
            json!({"url": "http://169.254.169.254/token"}),
            Kind::Refused,
        ),
        (json!({"url": "https://evil.test/token"}), Kind::Refused),
        (json!({}), Kind::Input),
    ] {
        assert_eq!(external(&source).unwrap_err().kind(), kind, "{source}");
    }
}

#[test]
fn a_subject_token_from_an_address_is_fetched_with_its_headers() {
    let file = json!({
        "type": "external_account", "audience": "a", "subject_token_type": "t",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"url": "https://ci.example.com/token", "headers": {"X-Job": "secret-job"}},
    });
    let hosts = AllowedHosts::google().and("ci.example.com");
    let file = CredentialFile::read(file.to_string().as_bytes(), &hosts).unwrap();
    let CredentialFile::ExternalAccount(account) = file else {
        panic!("another file");
    };
    assert!(!format!("{account:?}").contains("secret-job"));
    let call = account.fetch_subject().unwrap();
    let request = call.request();
    assert_eq!(request.uri(), "https://ci.example.com/token");
    assert_eq!(request.headers()["x-job"], "secret-job");
    assert_eq!(
        call.parse(&answer(200, " eyJ \n")).unwrap(),
        Secret::new("eyJ")
    );
}

#[test]
fn the_metadata_server_is_known_by_its_flavor() {
    let metadata = Metadata::at("127.0.0.1:8080").unwrap();
    let call = metadata.token(&scopes("a b"));
    let request = call.request();
    assert_eq!(
        request.uri(),
        "http://127.0.0.1:8080/computeMetadata/v1/instance/service-accounts/default/token?scopes=a%2Cb"
    );
    assert_eq!(request.headers()["metadata-flavor"], "Google");
    let json = r#"{"access_token":"ya29.m","expires_in":3598,"token_type":"Bearer"}"#;
    let mut reply = answer(200, json);
    assert_eq!(call.parse(&reply).unwrap_err().kind(), Kind::Refused);
    let google = http::HeaderValue::from_static("Google");
    reply
        .headers_mut()
        .insert("metadata-flavor", google.clone());
    assert!(call.parse(&reply).is_ok());
    let mut none = answer(404, "");
    none.headers_mut().insert("metadata-flavor", google);
    assert_eq!(call.parse(&none).unwrap_err().kind(), Kind::Input);
    for host in ["", "me@host", "a b"] {
        assert!(Metadata::at(host).is_err(), "{host}");
    }
}
