//! Whatever bytes come in, every reader answers: no panic, no hang, and never a key out of noise.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its own world is broken"
)]

use gdata_auth::{
    Secret,
    crypto::{Algorithm, PrivateKey, PublicKey},
};
use proptest::prelude::*;

/// One file of every form, small sizes where there is a choice.
const FILES: [&str; 9] = [
    "insecure-rsa1024-pkcs8.pem",
    "insecure-rsa2048-pkcs1.pem",
    "insecure-rsa2048-cert.pem",
    "insecure-rsa2048-pub.pem",
    "insecure-rsa2048-pbes2-aes256.pem",
    "insecure-rsa2048-scrypt.pem",
    "insecure-rsa2048-pbe-sha1-3des.pem",
    "insecure-rsa2048-keytool.p12",
    "insecure-rsa2048-legacy.pfx",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn finds_no_key_in_noise(noise in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(!any_reader_takes(&noise));
    }

    #[test]
    fn finds_no_key_in_noise_behind_armour(noise in "[ -~\n]{0,300}", label in "[A-Z ]{0,20}") {
        let text = format!("-----BEGIN {label}-----\n{noise}\n-----END {label}-----\n");
        prop_assert!(!any_reader_takes(text.as_bytes()));
    }

    #[test]
    fn finds_no_key_in_noise_that_looks_like_der(noise in prop::collection::vec(any::<u8>(), 0..120)) {
        let length = u8::try_from(noise.len()).unwrap_or(0);
        let der = [&[0x30, length], noise.as_slice()].concat();
        prop_assert!(!any_reader_takes(&der));
    }

    #[test]
    fn refuses_signatures_of_any_bytes(signature in prop::collection::vec(any::<u8>(), 0..300)) {
        let key = PublicKey::read(&file("insecure-rsa2048-pub.pem")).unwrap();
        prop_assert!(key.verify(Algorithm::RsaSha1, b"message", &signature).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn survives_damage_to_real_files(
        name in prop::sample::select(&FILES),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        torn_at in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = der(name);
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(place) = torn_at {
            bytes.truncate(place.index(bytes.len()));
        }
        any_reader_takes(&bytes);
    }
}

/// Only the first bytes of a file tell its form and its ciphers: each of them is changed in turn.
#[test]
fn survives_every_changed_byte_at_the_head_of_real_files() {
    for name in FILES {
        let whole = der(name);
        for place in 0..80 {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x15;
            any_reader_takes(&bytes);
        }
    }
}

#[test]
fn survives_deep_nesting() {
    let mut der = vec![0x30, 0x00];
    for _ in 0..2000 {
        let length = u16::try_from(der.len()).unwrap().to_be_bytes();
        der = [&[0x30, 0x82], &length[..], &der].concat();
    }
    assert!(!any_reader_takes(&der));
}

fn any_reader_takes(bytes: &[u8]) -> bool {
    let passphrase = Secret::new("changeit");
    let mut taken = vec![
        PrivateKey::read(bytes, None).is_ok(),
        PrivateKey::read(bytes, Some(&passphrase)).is_ok(),
        PrivateKey::from_der(bytes).is_ok(),
        PublicKey::read(bytes).is_ok(),
        PublicKey::from_der(bytes).is_ok(),
    ];
    if let Ok(text) = std::str::from_utf8(bytes) {
        taken.push(PrivateKey::from_pem(text).is_ok());
        taken.push(PublicKey::from_pem(text).is_ok());
    }
    #[cfg(feature = "keystore")]
    taken.push(PrivateKey::from_pkcs12(bytes, &passphrase).is_ok());
    taken.contains(&true)
}

fn der(name: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let bytes = file(name);
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return bytes;
    };
    let base64: String = text.lines().filter(|line| !line.contains('-')).collect();
    STANDARD.decode(base64).unwrap()
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("fixtures/keys/{name}")).expect(name)
}
