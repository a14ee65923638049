//! ID tokens, keys, and who a token belongs to.

use std::time::Duration;

use base64::Engine;
use gdata_auth::{
    Advice, Exchange, Kind, Secret,
    crypto::{Algorithm, PrivateKey, PublicKey, Sign},
    oauth2::{AccessToken, Client, Discovery, IdTokenVerifier, Jwks, Jwt, Provider, sign_jwt},
};
use serde_json::{Value, json};

use super::{answer, app, body, later, now};

const KEY: &str = include_str!("../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const CERTIFICATE: &str = include_str!("../../fixtures/keys/insecure-rsa2048-cert.pem");

fn key() -> PrivateKey {
    PrivateKey::from_pem(KEY).unwrap()
}

fn keys() -> Jwks {
    Jwks::new().with("k1", PublicKey::from_pem(CERTIFICATE).unwrap())
}

fn claims() -> Value {
    json!({
        "iss": "https://accounts.google.com", "aud": "1234.apps.googleusercontent.com",
        "azp": "1234.apps.googleusercontent.com", "sub": "10769150350006150715113082367",
        "email": "ann@example.com", "email_verified": true, "nonce": "n-0S6_WzA2Mj",
        "iat": 1_700_000_000, "exp": 1_700_003_600,
    })
}

fn token(change: impl FnOnce(&mut Value)) -> Secret {
    let mut claims = claims();
    change(&mut claims);
    sign_jwt(claims.as_object().unwrap(), Some("k1"), &*key().signer()).unwrap()
}

fn refused(change: impl FnOnce(&mut Value)) -> gdata_auth::Error {
    let app = app();
    IdTokenVerifier::new(&app)
        .with_nonce(Secret::new("n-0S6_WzA2Mj"))
        .verify(token(change).expose(), &keys(), now())
        .unwrap_err()
}

#[test]
fn a_good_token_tells_who_it_is() {
    let app = app();
    let verifier = IdTokenVerifier::new(&app).with_nonce(Secret::new("n-0S6_WzA2Mj"));
    let id = verifier
        .verify(token(|_| ()).expose(), &keys(), now())
        .unwrap();
    assert_eq!(id.subject(), "10769150350006150715113082367");
    assert_eq!(id.email(), Some("ann@example.com"));
    assert!(id.email_verified());
    for iss in ["accounts.google.com", "https://accounts.google.com"] {
        let token = token(|claims| claims["iss"] = iss.into());
        assert!(
            verifier.verify(token.expose(), &keys(), now()).is_ok(),
            "{iss}"
        );
    }
}

#[test]
fn every_claim_that_is_not_as_it_must_be_is_named() {
    let id = "1234.apps.googleusercontent.com";
    assert!(
        refused(|c| c["iss"] = "https://evil.test".into())
            .to_string()
            .starts_with("iss:")
    );
    assert!(
        refused(|c| c["aud"] = "another".into())
            .to_string()
            .starts_with("aud:")
    );
    assert!(
        refused(|c| c["aud"] = json!([]))
            .to_string()
            .starts_with("aud:")
    );
    assert!(
        refused(|c| c["azp"] = "another".into())
            .to_string()
            .starts_with("azp:")
    );
    let two = refused(|c| {
        c["aud"] = json!([id, "another"]);
        c.as_object_mut().unwrap().remove("azp");
    });
    assert!(
        two.to_string()
            .starts_with("azp: expected it beside more than one aud")
    );
    assert!(
        refused(|c| c["nonce"] = "another".into())
            .to_string()
            .starts_with("nonce:")
    );
    assert!(
        refused(|c| c["sub"] = "".into())
            .to_string()
            .starts_with("sub:")
    );
    assert!(
        refused(|c| c["exp"] = Value::Null)
            .to_string()
            .starts_with("exp:")
    );
    assert_eq!(
        refused(|c| c["exp"] = 1_699_999_990.into()).kind(),
        Kind::Expired
    );
    let future = refused(|c| c["iat"] = 1_700_000_011.into());
    assert_eq!(future.advice(), Advice::FixClock);
    assert!(
        refused(|c| c["nbf"] = 1_700_000_011.into())
            .to_string()
            .starts_with("nbf:")
    );
    assert!(
        refused(|c| c["iat"] = 1_699_913_500.into())
            .to_string()
            .starts_with("iat:")
    );
}

#[test]
fn clocks_may_be_ten_seconds_apart_and_no_more_unless_it_is_said() {
    let app = app();
    let verifier = IdTokenVerifier::new(&app);
    let token = token(|_| ());
    let at = |seconds| verifier.verify(token.expose(), &keys(), later(seconds));
    assert!(at(3_609).is_ok());
    assert_eq!(at(3_610).unwrap_err().kind(), Kind::Expired);
    assert!(at(-10).is_ok());
    assert!(at(-11).is_err());
    let patient = verifier.clone().with_skew(Duration::from_secs(300));
    assert!(
        patient
            .verify(token.expose(), &keys(), later(3_899))
            .is_ok()
    );
}

#[test]
fn a_domain_is_checked_in_the_token_and_not_in_the_link() {
    let app = app();
    let verifier = IdTokenVerifier::new(&app).hosted_domain("example.com");
    let error = verifier
        .verify(token(|_| ()).expose(), &keys(), now())
        .unwrap_err();
    assert!(error.to_string().starts_with("hd:"));
    let own = token(|c| c["hd"] = "example.com".into());
    assert!(verifier.verify(own.expose(), &keys(), now()).is_ok());
}

#[test]
fn only_rs256_of_a_known_key_is_a_signature() {
    let app = app();
    let verifier = IdTokenVerifier::new(&app);
    let good = token(|_| ());
    let parts: Vec<&str> = good.expose().split('.').collect();
    let verify = |token: String| verifier.verify(&token, &keys(), now()).unwrap_err();
    // {"alg":"none","kid":"k1"}, {"alg":"HS256","kid":"k1"}, {"alg":"RS256","kid":"k1","crit":["x"]}
    let none = "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ";
    let hmac = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0";
    let crit = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIiwiY3JpdCI6WyJ4Il19";
    assert_eq!(
        verify(format!("{none}.{}.", parts[1])).kind(),
        Kind::Unsupported
    );
    assert_eq!(
        verify(format!("{hmac}.{}.{}", parts[1], parts[2])).kind(),
        Kind::Unsupported
    );
    assert_eq!(
        verify(format!("{crit}.{}.{}", parts[1], parts[2])).kind(),
        Kind::Unsupported
    );
    let other = token(|c| c["sub"] = "x".into());
    let mixed = format!(
        "{}.{}.{}",
        parts[0],
        other.expose().split('.').nth(1).unwrap(),
        parts[2]
    );
    assert_eq!(verify(mixed).kind(), Kind::Signature);
    let error = verifier
        .verify(good.expose(), &Jwks::new(), now())
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Signature);
    assert_eq!(error.advice(), Advice::Retry { after: None });
}

#[test]
fn what_is_no_token_is_told_by_its_part() {
    for (text, message) in [
        ("", "token: expected three parts with dots between them"),
        ("a.b", "token: expected three parts with dots between them"),
        (
            "a.b.c.d",
            "token: expected three parts with dots between them",
        ),
        ("!.e30.AA", "header: expected a JSON object in base64url"),
        ("e30.W10.AA", "claims: expected a JSON object in base64url"),
        ("e30.e30.!", "signature: expected base64url"),
    ] {
        assert_eq!(Jwt::parse(text).unwrap_err().to_string(), message);
    }
    let long = format!("e30.{}.AA", "A".repeat(Jwt::MAX_BYTES));
    assert!(Jwt::parse(&long).is_err());
}

#[test]
fn a_token_with_padding_is_read_as_yup_oauth2_sends_it() {
    // Its parts end in =, and the signature is made over them.
    let part = |text: &str| base64::engine::general_purpose::URL_SAFE.encode(text);
    let input = format!(
        "{}.{}",
        part(r#"{"alg":"RS256","typ":"J"}"#),
        part(r#"{"iss":"me@p"}"#)
    );
    assert!(input.contains('='));
    let signature = key()
        .signer()
        .sign(Algorithm::RsaSha256, input.as_bytes())
        .unwrap();
    let token = format!(
        "{input}.{}",
        base64::engine::general_purpose::URL_SAFE.encode(signature)
    );
    let jwt = Jwt::parse(&token).unwrap();
    assert_eq!(jwt.verify(key().public_key()).unwrap()["iss"], "me@p");
}

#[test]
fn keys_are_read_as_google_publishes_them_and_as_they_are_printed() {
    let set = keys();
    assert_eq!(Jwks::parse(set.to_json().as_bytes()).unwrap(), set);
    let mixed = format!(
        r#"{{"keys":[{{"kty":"EC","kid":"e"}},{{"kty":"RSA","use":"enc","n":"x","e":"y"}},{}"#,
        &set.to_json()[9..]
    );
    assert_eq!(Jwks::parse(mixed.as_bytes()).unwrap(), set);
    for broken in [
        "",
        "{}",
        r#"{"keys":{}}"#,
        r#"{"keys":[{"kty":"RSA","n":"!","e":"AQAB"}]}"#,
    ] {
        assert!(Jwks::parse(broken.as_bytes()).is_err(), "{broken}");
    }
    let even = r#"{"keys":[{"kty":"RSA","n":"AAAA","e":"AQAB"}]}"#;
    assert_eq!(Jwks::parse(even.as_bytes()).unwrap_err().kind(), Kind::Key);
}

#[test]
fn keys_come_with_the_time_for_which_they_may_be_kept() {
    let call = Provider::google().fetch_jwks().unwrap();
    assert_eq!(
        call.request().uri(),
        "https://www.googleapis.com/oauth2/v3/certs"
    );
    let mut reply = answer(200, &keys().to_json());
    let cache =
        http::HeaderValue::from_static("public, max-age=19845, must-revalidate, no-transform");
    reply.headers_mut().insert("cache-control", cache);
    let fetched = call.parse(&reply).unwrap();
    assert_eq!(fetched.max_age, Some(Duration::from_secs(19_845)));
}

#[test]
fn metadata_of_another_issuer_are_refused() {
    let call = Discovery::new("https://id.example.com").unwrap();
    let request = call.request();
    assert_eq!(
        request.uri(),
        "https://id.example.com/.well-known/openid-configuration"
    );
    let metadata = |issuer: &str, token: &str| {
        let json = json!({
            "issuer": issuer, "token_endpoint": token,
            "authorization_endpoint": "https://id.example.com/auth",
            "authorization_response_iss_parameter_supported": true,
        });
        call.parse(&answer(200, &json.to_string()))
    };
    let provider = metadata("https://id.example.com", "https://id.example.com/t").unwrap();
    assert_eq!(
        provider.authorization_endpoint().unwrap(),
        "https://id.example.com/auth"
    );
    assert!(provider.sends_issuer() && !provider.is_google());
    assert!(provider.revocation_endpoint().is_err());
    let other = metadata("https://id.example.com/", "https://id.example.com/t").unwrap_err();
    assert!(other.to_string().starts_with("issuer: "));
    assert!(metadata("https://id.example.com", "http://id.example.com/t").is_err());
    assert!(Discovery::new("http://id.example.com").is_err());
    assert!(Discovery::new("http://127.0.0.1:8080").is_ok());
}

#[test]
fn tokeninfo_is_posted_so_that_no_address_holds_a_token() {
    let token = AccessToken::new("ya29.a").unwrap();
    let call = Provider::google().tokeninfo(&token).unwrap();
    let request = call.request();
    assert_eq!(request.uri(), "https://oauth2.googleapis.com/tokeninfo");
    assert_eq!(body(&request), "access_token=ya29.a");
    let reply = r#"{"azp":"c","aud":"c","sub":"10","scope":"openid a","exp":"1","expires_in":"3593","email":"a@b.c","email_verified":"true","access_type":"offline"}"#;
    let info = call.parse(&answer(200, reply)).unwrap();
    assert_eq!(
        (info.audience.as_str(), info.lifetime),
        ("c", Some(Duration::from_secs(3_593)))
    );
    let gone = call
        .parse(&answer(400, r#"{"error":"invalid_token"}"#))
        .unwrap_err();
    assert_eq!(gone.kind(), Kind::Revoked);
}

#[test]
fn userinfo_sends_the_token_as_a_header() {
    let token = AccessToken::new("ya29.a").unwrap();
    let call = Provider::google().userinfo(&token).unwrap();
    let request = call.request();
    assert_eq!(
        request.uri(),
        "https://openidconnect.googleapis.com/v1/userinfo"
    );
    assert_eq!(request.headers()["authorization"], "Bearer ya29.a");
    let user = call
        .parse(&answer(200, r#"{"sub":"10","email":"a@b.c","name":"Ann"}"#))
        .unwrap();
    assert_eq!(
        (user.subject.as_str(), user.name.as_deref()),
        ("10", Some("Ann"))
    );
    assert!(call.parse(&answer(200, "{}")).is_err());
}

#[test]
fn revoking_says_its_reach_in_its_name() {
    let web = Client::web("w", "s").unwrap();
    let request = web.revoke_everywhere("1//r").unwrap().request();
    assert_eq!(
        body(&request),
        "token=1%2F%2Fr",
        "Google asks for no proof here"
    );
    let call = app().revoke_everywhere("1//r").unwrap();
    assert!(call.parse(&answer(200, "{}")).is_ok());
    let error = call
        .parse(&answer(
            400,
            r#"{"error":"invalid_token","error_description":"Token expired or revoked"}"#,
        ))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Revoked);
}
