//! Flows that were really driven, redacted: nothing of them is left, and they still hold together.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use gdata_auth::{
    cassette::{
        Cassette, SecretKind,
        redact::{Redacted, Redaction, inspect},
    },
    oauth2::{CodeVerifier, Jwt},
    wire::query::Pairs,
};
use serde_json::Value;
use support::{
    flows::{self, CONSUMER_SECRET, PASSWORD, VERIFIER},
    tape::{remains, texts},
};

fn redact(cassette: &Cassette) -> Redacted {
    Redaction::default()
        .apply(cassette.clone())
        .unwrap_or_else(|leaks| panic!("{leaks}"))
}

fn body(cassette: &Cassette, at: usize) -> String {
    let response = cassette.interactions[at].response().unwrap();
    String::from_utf8(response.body.bytes.to_vec()).unwrap()
}

fn form(cassette: &Cassette, at: usize) -> Pairs {
    let body = &cassette.interactions[at].request.body.bytes;
    Pairs::parse(std::str::from_utf8(body).unwrap()).unwrap()
}

fn header(cassette: &Cassette, at: usize) -> String {
    let headers = &cassette.interactions[at].request.headers;
    headers.text("authorization").unwrap().into_owned()
}

fn query(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    Pairs::parse(query).unwrap().first(name).unwrap().to_owned()
}

fn location(cassette: &Cassette, at: usize) -> String {
    let response = cassette.interactions[at].response().unwrap();
    response.headers.text("location").unwrap().into_owned()
}

/// What a second look and a second redaction say.
fn is_settled(redacted: &Cassette) {
    assert_eq!(inspect(redacted), []);
    assert_eq!(&redact(redacted).cassette, redacted);
}

fn lengths(cassette: &Cassette) -> Vec<usize> {
    let bare = Cassette::new(cassette.interactions.clone());
    texts(&bare).iter().map(Vec::len).collect()
}

#[tokio::test]
async fn auth_sub() {
    let world = flows::world();
    let real = flows::auth_sub(&world).await;
    let redacted = redact(&real).cassette;
    assert_eq!(lengths(&real), lengths(&redacted));
    let single = query(&location(&real, 0), "token");
    let session = body(&real, 1)
        .lines()
        .find_map(|line| line.strip_prefix("Token=").map(str::to_owned))
        .unwrap();
    for secret in [&single, &session, "AI39si-dev-key-0123456789"] {
        assert!(remains(&redacted, secret).is_empty(), "{secret}");
    }
    // The single-use token of the redirect is the one that is exchanged, and the session token the one that is sent.
    let single = query(&location(&redacted, 0), "token");
    assert!(header(&redacted, 1).contains(&format!("token=\"{single}\"")));
    let session = body(&redacted, 1)
        .lines()
        .find_map(|line| line.strip_prefix("Token=").map(str::to_owned))
        .unwrap();
    assert!(header(&redacted, 2).contains(&format!("token=\"{session}\"")));
    assert!(header(&redacted, 3).contains(&format!("token=\"{session}\"")));
    // The address that was signed is the one that is asked for.
    let target = &redacted.interactions[2].request.target;
    assert!(
        header(&redacted, 2).contains(&format!("data=\"GET {target} ")),
        "{target}"
    );
    let issued = |text: &str| {
        redacted
            .stand_ins
            .iter()
            .find(|one| one.text == text)
            .unwrap()
            .issued
    };
    assert!(issued(&single) && issued(&session));
    assert!(
        redacted
            .stand_ins
            .iter()
            .any(|one| one.kind == SecretKind::ApiKey && !one.issued)
    );
    is_settled(&redacted);
}

#[tokio::test]
async fn client_login() {
    let world = flows::world();
    let real = flows::client_login(&world).await;
    let redacted = redact(&real).cassette;
    let mut secrets = vec![PASSWORD.to_owned()];
    secrets.extend(
        body(&real, 0)
            .lines()
            .take(3)
            .map(|line| line.split_once('=').unwrap().1.to_owned()),
    );
    for secret in &secrets {
        assert!(remains(&redacted, secret).is_empty(), "{secret}");
    }
    let token = body(&redacted, 0)
        .lines()
        .find_map(|line| line.strip_prefix("Auth=").map(str::to_owned))
        .unwrap();
    assert!(token.starts_with("DQAAA") && token.len() == 299, "{token}");
    assert_eq!(header(&redacted, 1), format!("GoogleLogin auth={token}"));
    assert_eq!(
        form(&redacted, 0).first("Passwd").unwrap().len(),
        PASSWORD.len()
    );
    assert_eq!(form(&redacted, 0).first("Email"), Some("user@gmail.com"));
    assert_eq!(body(&redacted, 0).len(), body(&real, 0).len());
    is_settled(&redacted);
}

#[tokio::test]
async fn oauth1() {
    for consumer in flows::consumers() {
        let world = flows::world();
        let name = consumer.method().to_string();
        let real = flows::oauth1(&world, consumer).await;
        let redacted = redact(&real).cassette;
        assert_eq!(lengths(&real), lengths(&redacted), "{name}");
        let mut secrets = vec![CONSUMER_SECRET.to_owned()];
        for at in [0, 2] {
            let reply = Pairs::parse(&body(&real, at)).unwrap();
            secrets.push(reply.first("oauth_token").unwrap().to_owned());
            secrets.push(reply.first("oauth_token_secret").unwrap().to_owned());
        }
        secrets.push(query(&location(&real, 1), "oauth_verifier"));
        for secret in &secrets {
            assert!(remains(&redacted, secret).is_empty(), "{name}: {secret}");
        }
        let request = Pairs::parse(&body(&redacted, 0)).unwrap();
        assert_eq!(
            query(&redacted.interactions[1].request.target, "oauth_token"),
            request.first("oauth_token").unwrap()
        );
        assert_eq!(
            query(&location(&redacted, 1), "oauth_token"),
            request.first("oauth_token").unwrap()
        );
        is_settled(&redacted);
    }
}

#[tokio::test]
async fn oauth2_with_pkce_and_an_id_token() {
    let world = flows::world();
    let real = flows::oauth2(&world).await;
    let redacted = redact(&real).cassette;
    assert_eq!(lengths(&real), lengths(&redacted));
    let tokens: Value = serde_json::from_str(&body(&real, 1)).unwrap();
    let signature = tokens["id_token"]
        .as_str()
        .unwrap()
        .rsplit('.')
        .next()
        .unwrap()
        .to_owned();
    let mut secrets = vec![
        VERIFIER.to_owned(),
        signature,
        query(&location(&real, 0), "code"),
    ];
    for name in ["access_token", "refresh_token", "id_token"] {
        secrets.push(tokens[name].as_str().unwrap().to_owned());
    }
    for secret in &secrets {
        assert!(remains(&redacted, secret).is_empty(), "{secret}");
    }
    let tokens: Value = serde_json::from_str(&body(&redacted, 1)).unwrap();
    assert_eq!(
        form(&redacted, 1).first("code"),
        Some(&*query(&location(&redacted, 0), "code"))
    );
    assert_eq!(
        form(&redacted, 2).first("refresh_token"),
        tokens["refresh_token"].as_str()
    );
    let fresh: Value = serde_json::from_str(&body(&redacted, 2)).unwrap();
    assert_eq!(
        header(&redacted, 3),
        format!("Bearer {}", fresh["access_token"].as_str().unwrap())
    );
    // The challenge answers the verifier that stands there now.
    let verifier = CodeVerifier::new(form(&redacted, 1).first("code_verifier").unwrap()).unwrap();
    let challenge = query(&redacted.interactions[0].request.target, "code_challenge");
    assert!(verifier.answers(&challenge));
    // The claims stay readable.
    let token = Jwt::parse(tokens["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(token.unverified_claims()["nonce"], "n0nce");
    is_settled(&redacted);
}

#[tokio::test]
async fn a_service_account() {
    let world = flows::world();
    let real = flows::service_account(&world).await;
    let redacted = redact(&real).cassette;
    assert_eq!(lengths(&real), lengths(&redacted));
    let assertion = form(&real, 0).first("assertion").unwrap().to_owned();
    assert!(remains(&redacted, &assertion).is_empty());
    assert!(remains(&redacted, assertion.rsplit('.').next().unwrap()).is_empty());
    let claims = Jwt::parse(form(&redacted, 0).first("assertion").unwrap()).unwrap();
    assert_eq!(claims.unverified_claims()["iss"], flows::ROBOT);
    is_settled(&redacted);
}

#[tokio::test]
async fn all_of_them_on_one_tape() {
    let world = flows::world();
    let mut all = flows::auth_sub(&world).await;
    all.interactions
        .extend(flows::client_login(&world).await.interactions);
    all.interactions
        .extend(flows::oauth2(&world).await.interactions);
    let redacted = redact(&all).cassette;
    let texts: std::collections::HashSet<&str> = redacted
        .stand_ins
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert_eq!(texts.len(), redacted.stand_ins.len(), "each stands for one");
    is_settled(&redacted);
}
