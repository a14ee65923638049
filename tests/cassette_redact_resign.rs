//! Redacted recordings whose signatures were made anew: checked by our verifier, and by OpenSSL where it is there.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a skipped step is told"
)]

mod support;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use gdata_auth::{
    Kind, Secret,
    authsub::Header,
    cassette::{
        Cassette, RecordedRequest,
        redact::{Redacted, Redaction, TestKeys},
    },
    crypto::{PrivateKey, PublicKey},
    oauth1::{Keys, SignatureMethod, SignedRequest, TokenReply},
    oauth2::Jwt,
    wire::query::Pairs,
};
use sha2::{Digest, Sha256};
use support::{flows, tape::remains, world::KEY};

fn resigned(cassette: &Cassette) -> Redacted {
    Redaction::default()
        .resign_with(TestKeys::published().unwrap())
        .apply(cassette.clone())
        .unwrap_or_else(|leaks| panic!("{leaks}"))
}

fn published() -> PublicKey {
    PublicKey::read(TestKeys::CERTIFICATE.as_bytes()).unwrap()
}

fn sent(request: &RecordedRequest) -> http::Request<Bytes> {
    let mut sent = http::Request::new(request.body.bytes.clone());
    *sent.uri_mut() = request.url().parse().unwrap();
    *sent.headers_mut() = request.headers.to_map().unwrap();
    sent
}

/// OpenSSL's own opinion of a signature.
fn openssl_verifies(digest: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
    let folder = std::env::temp_dir().join(format!(
        "gdata-auth-resign-{}-{digest}-{}",
        std::process::id(),
        message.len()
    ));
    fs::create_dir_all(&folder).unwrap();
    let (key, sig) = (folder.join("key.pem"), folder.join("sig"));
    fs::write(&key, published().to_pem()).unwrap();
    fs::write(&sig, signature).unwrap();
    let child = Command::new("openssl")
        .args(["dgst", digest, "-verify"])
        .arg(&key)
        .arg("-signature")
        .arg(&sig)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: no openssl");
        return None;
    };
    child.stdin.take().unwrap().write_all(message).unwrap();
    let verified = child.wait().unwrap().success();
    fs::remove_dir_all(&folder).unwrap();
    Some(verified)
}

/// The code that OpenSSL makes of a text.
fn openssl_hmac(key: &str, message: &str) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha1", "-binary", "-hmac", key])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(message.as_bytes())
        .unwrap();
    Some(child.wait_with_output().unwrap().stdout)
}

#[tokio::test]
async fn auth_sub_verifies_with_the_published_key() {
    let world = flows::world();
    let real = flows::auth_sub(&world).await;
    // The emulator's site has the published key, so the real signatures have to go for the test to mean anything.
    let redacted = resigned(&real);
    assert_eq!(redacted.notes, [""; 0]);
    let mut verified = 0;
    for (new, old) in redacted
        .cassette
        .interactions
        .iter()
        .zip(&real.interactions)
    {
        let Some(value) = new.request.headers.text("authorization") else {
            continue;
        };
        let header = Header::parse(&value).unwrap();
        header
            .verify(&published(), &new.request.method, &new.request.url())
            .unwrap();
        let old = old.request.headers.text("authorization").unwrap();
        let sig = |value: &str| {
            value
                .split("sig=\"")
                .nth(1)
                .unwrap()
                .trim_end_matches('"')
                .to_owned()
        };
        assert!(
            remains(
                &redacted.cassette,
                Header::parse(&old).unwrap().token().expose()
            )
            .is_empty()
        );
        let data = value
            .split("data=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let bytes = STANDARD.decode(sig(&value)).unwrap();
        assert_ne!(
            openssl_verifies("-sha1", data.as_bytes(), &bytes),
            Some(false)
        );
        verified += 1;
    }
    assert_eq!(verified, 3);
}

#[tokio::test]
async fn without_resigning_no_signature_verifies() {
    let world = flows::world();
    let real = flows::auth_sub(&world).await;
    let redacted = Redaction::default().apply(real).unwrap().cassette;
    let request = &redacted.interactions[1].request;
    let header = Header::parse(&request.headers.text("authorization").unwrap()).unwrap();
    let wrong = header
        .verify(&published(), &request.method, &request.url())
        .unwrap_err();
    assert_eq!(wrong.kind(), Kind::Signature);
}

#[tokio::test]
async fn oauth1_verifies_with_the_published_secrets_and_key() {
    for consumer in flows::consumers() {
        let method = consumer.method();
        let world = flows::world();
        let redacted = resigned(&flows::oauth1(&world, consumer).await);
        assert_eq!(redacted.notes, [""; 0], "{method}");
        assert!(remains(&redacted.cassette, flows::CONSUMER_SECRET).is_empty());
        let (mut verified, mut token) = (0, None);
        for interaction in &redacted.cassette.interactions {
            let request = &interaction.request;
            if let Some(signed) = SignedRequest::of(&sent(request)).unwrap() {
                let consumer = Secret::new(TestKeys::CONSUMER_SECRET);
                let certificate = published();
                let mut keys = Keys::shared(&consumer).and_certificate(&certificate);
                if let Some(token) = &token {
                    keys = keys.and_token(token);
                }
                match method {
                    // Both secrets stand in it: they are stand-ins.
                    SignatureMethod::Plaintext => {
                        assert!(signed.verify("GET", &request.url(), &keys).is_err());
                    }
                    _ => signed
                        .verify(&request.method, &request.url(), &keys)
                        .unwrap(),
                }
                if method == SignatureMethod::HmacSha1 {
                    let base = signed.base_string(&request.method, &request.url()).unwrap();
                    let secret = token.as_ref().map_or("", Secret::expose);
                    let encoded = gdata_auth::wire::percent::encode(secret);
                    let key = format!("{}&{encoded}", TestKeys::CONSUMER_SECRET);
                    let code = signed.parameters().first("oauth_signature").unwrap();
                    if let Some(expected) = openssl_hmac(&key, base.as_str()) {
                        assert_eq!(STANDARD.decode(code.as_bytes()).unwrap(), expected);
                    }
                }
                verified += 1;
            }
            let answer = interaction.response().unwrap();
            if let Ok(reply) = TokenReply::parse(&answer.body.bytes) {
                token = Some(reply.secret().clone());
            }
        }
        assert_eq!(verified, 3, "{method}");
    }
}

#[tokio::test]
async fn assertions_and_id_tokens_verify_with_the_published_key() {
    let world = flows::world();
    let other =
        PrivateKey::from_pem(include_str!("../fixtures/keys/insecure-rsa1024-pkcs8.pem")).unwrap();
    let mut real = flows::service_account(&world).await;
    real.interactions
        .extend(flows::oauth2(&world).await.interactions);
    let form = |cassette: &Cassette| {
        Pairs::parse(std::str::from_utf8(&cassette.interactions[0].request.body.bytes).unwrap())
            .unwrap()
    };
    let redacted = resigned(&real).cassette;
    let assertion = form(&redacted).first("assertion").unwrap().to_owned();
    let old = form(&real).first("assertion").unwrap().to_owned();
    let token = Jwt::parse(&assertion).unwrap();
    assert_eq!(token.verify(&published()).unwrap()["iss"], flows::ROBOT);
    assert!(token.verify(other.public_key()).is_err());
    let (input, signature) = assertion.rsplit_once('.').unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    assert_ne!(
        openssl_verifies("-sha256", input.as_bytes(), &bytes),
        Some(false)
    );
    assert_eq!(assertion.len(), old.len());

    let body = &redacted.interactions[2].response().unwrap().body.bytes;
    let tokens: serde_json::Value = serde_json::from_slice(body).unwrap();
    let id_token = Jwt::parse(tokens["id_token"].as_str().unwrap()).unwrap();
    let claims = id_token.verify(&published()).unwrap();
    let hash = Sha256::digest(tokens["access_token"].as_str().unwrap());
    if let Some(at_hash) = claims.get("at_hash") {
        assert_eq!(at_hash, &URL_SAFE_NO_PAD.encode(&hash[..16]));
    } else {
        println!("skipped: the emulator sends no at_hash");
    }
}

#[tokio::test]
async fn a_key_of_your_own_signs_too() {
    let world = flows::world();
    let key =
        PrivateKey::from_pem(include_str!("../fixtures/keys/insecure-rsa1024-pkcs8.pem")).unwrap();
    let redaction = Redaction::default().resign_with(TestKeys::new(key.signer()));
    let redacted = redaction
        .apply(flows::auth_sub(&world).await)
        .unwrap()
        .cassette;
    let request = &redacted.interactions[1].request;
    let header = Header::parse(&request.headers.text("authorization").unwrap()).unwrap();
    header
        .verify(key.public_key(), &request.method, &request.url())
        .unwrap();
    let published = PrivateKey::from_pem(KEY).unwrap();
    assert!(
        header
            .verify(published.public_key(), &request.method, &request.url())
            .is_err()
    );
}
