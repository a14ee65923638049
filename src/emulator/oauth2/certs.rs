//! The key that ID tokens are signed with, and the two forms in which it is published (oauth2.md 5.1).
//!
//! # Security
//! The key is a public one: `fixtures/keys/insecure-rsa2048-pkcs8.pem` ships with the source, so that an emulator
//! starts at once and its tokens are the same every time. Anyone can sign with it. No production system may ever
//! trust what this emulator signs.

use std::sync::LazyLock;

use http::{StatusCode, header};

use crate::{
    crypto::PrivateKey,
    emulator::answer::Answer,
    error::{Error, Kind},
    scheme::oauth2::{Claims, Jwks, sign_jwt},
    secret::Secret,
};

/// The `kid` of the key; it says what the key is.
pub(super) const KEY_ID: &str = "insecure-public-emulator-key";
const KEY: &str = include_str!("../../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const CERTIFICATE: &str = include_str!("../../../fixtures/keys/insecure-rsa2048-cert.pem");
/// How long clients may keep the keys. [MEM] Google's last some hours.
const CACHE: &str = "public, max-age=19800, must-revalidate, no-transform";

static PAIR: LazyLock<Result<PrivateKey, Error>> = LazyLock::new(|| PrivateKey::from_pem(KEY));

fn pair() -> Result<&'static PrivateKey, Error> {
    PAIR.as_ref()
        .map_err(|cause| Error::new(Kind::Key, format!("the emulator's own key: {cause}")))
}

pub(super) fn sign(claims: &Claims) -> Result<Secret, Error> {
    sign_jwt(claims, Some(KEY_ID), &*pair()?.signer())
}

/// The published key.
pub(super) fn keys() -> Jwks {
    match pair() {
        Ok(pair) => Jwks::new().with(KEY_ID, pair.public_key().clone()),
        Err(_) => Jwks::new(),
    }
}

/// `/oauth2/v3/certs`: a JSON Web Key Set.
pub(super) fn jwks() -> Answer {
    published(&keys().to_json())
}

/// `/oauth2/v1/certs`: certificates in PEM, by `kid`.
pub(super) fn pem() -> Answer {
    published(&serde_json::json!({ KEY_ID: CERTIFICATE }).to_string())
}

fn published(text: &str) -> Answer {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    Answer::json(StatusCode::OK, &value).with(header::CACHE_CONTROL, CACHE)
}
