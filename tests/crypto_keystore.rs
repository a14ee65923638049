//! Encrypted key files are opened with their passphrase, and say plainly why they are not.
#![cfg(feature = "keystore")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its own world is broken"
)]

use gdata_auth::{
    Kind, Secret,
    crypto::{PrivateKey, PublicKey},
};

/// Encrypted files of the one 2048-bit key, all under `changeit`.
const ENCRYPTED: [&str; 8] = [
    "insecure-rsa2048-pbes2-aes256.pem",
    "insecure-rsa2048-pbes2-3des-sha1.pem",
    "insecure-rsa2048-scrypt.pem",
    "insecure-rsa2048-pbe-sha1-3des.pem",
    "insecure-rsa2048-pbe-sha1-rc2.pem",
    "insecure-rsa2048.p12",
    "insecure-rsa2048-keytool.p12",
    "insecure-rsa2048-legacy.pfx",
];

const SCRYPT: &str = "insecure-rsa2048-scrypt.pem";

#[test]
fn opens_every_encrypted_file_with_its_passphrase() {
    let expected = PublicKey::read(&file("insecure-rsa2048-cert.pem")).unwrap();
    for name in ENCRYPTED {
        let key = PrivateKey::read(&file(name), Some(&Secret::new("changeit"))).expect(name);
        assert_eq!(key.public_key(), &expected, "{name}");
    }
}

#[test]
fn refuses_every_encrypted_file_under_another_passphrase() {
    for name in ENCRYPTED {
        for wrong in ["changeIt", "", "ключ"] {
            let refusal = PrivateKey::read(&file(name), Some(&Secret::new(wrong))).expect_err(name);
            assert_eq!(refusal.kind(), Kind::Key, "{name}");
            assert_eq!(
                refusal.to_string(),
                "private key: expected the passphrase of the key, got another",
                "{name} under {wrong:?}"
            );
        }
    }
}

#[test]
fn names_the_characters_that_a_passphrase_of_pkcs12_cannot_have() {
    let emoji = Secret::new("\u{1F511}");
    let refusal = PrivateKey::read(&file("insecure-rsa2048.p12"), Some(&emoji)).unwrap_err();
    assert_eq!(refusal.kind(), Kind::Unsupported);
    assert_eq!(
        refusal.to_string(),
        "private key: expected a passphrase of characters up to U+FFFF for PKCS#12, got one beyond"
    );
}

#[test]
fn says_that_a_pkcs12_file_needs_a_passphrase() {
    let refusal = PrivateKey::read(&file("insecure-rsa2048-legacy.pfx"), None).unwrap_err();
    assert_eq!(refusal.kind(), Kind::Key);
    assert_eq!(
        refusal.to_string(),
        "private key: expected the passphrase of the key, got none"
    );
}

#[test]
fn opens_a_pkcs12_file_of_the_empty_passphrase_without_one() {
    let name = "insecure-rsa2048-no-passphrase.p12";
    assert_eq!(PrivateKey::read(&file(name), None).unwrap().bits(), 2048);
    let empty = Secret::new("");
    assert_eq!(
        PrivateKey::from_pkcs12(&file(name), &empty).unwrap().bits(),
        2048
    );
}

#[test]
fn refuses_other_keys_in_pkcs12_by_name() {
    let passphrase = Secret::new("changeit");
    for (name, kind, message) in [
        (
            "insecure-ec256.p12",
            Kind::Unsupported,
            "private key: expected an RSA key, got an EC key",
        ),
        (
            "insecure-certificate-only.p12",
            Kind::Key,
            "private key: expected one RSA key in the PKCS#12 file, got none",
        ),
        (
            "insecure-two-keys.p12",
            Kind::Key,
            "private key: expected one RSA key in the PKCS#12 file, got 2",
        ),
    ] {
        let refusal = PrivateKey::from_pkcs12(&file(name), &passphrase).expect_err(name);
        assert_eq!(
            (refusal.kind(), refusal.to_string().as_str()),
            (kind, message),
            "{name}"
        );
    }
}

#[test]
fn refuses_the_cipher_of_old_openssl_with_the_command_that_converts_it() {
    let passphrase = Secret::new("changeit");
    let file = file("insecure-rsa2048-pbe-md5-des.pem");
    let refusal = PrivateKey::read(&file, Some(&passphrase)).unwrap_err();
    assert_eq!(refusal.kind(), Kind::Unsupported);
    assert_eq!(
        refusal.to_string(),
        "private key: expected PBES2 with AES or 3DES, or PBE-SHA1-3DES, got another encryption: \
         convert it with `openssl pkcs8 -provider legacy -provider default \
         -in FILE -topk8 -v2 aes-256-cbc -out key.pem`"
    );
}

#[test]
fn refuses_absurd_rounds_of_key_derivation_before_the_first() {
    for name in [
        "insecure-absurd-pbkdf2.pem",
        "insecure-absurd-scrypt.pem",
        "insecure-absurd-rounds.p12",
    ] {
        assert_refused_for_its_rounds(name, &file(name));
    }
}

/// Zero and negative counts: some ciphers below would panic on them.
#[test]
fn refuses_counts_that_are_none() {
    let edits: [(&str, &[u8], &[u8]); 4] = [
        ("insecure-rsa2048.p12", &[2, 2, 8, 0], &[2, 2, 0xF8, 0]),
        (
            "insecure-rsa2048-legacy.pfx",
            &[2, 2, 8, 0],
            &[2, 2, 0x80, 0],
        ),
        // scrypt: N = 16,384, r = 8, p = 1
        (SCRYPT, &[2, 2, 64, 0, 2, 1, 8], &[2, 2, 64, 0, 2, 1, 0]),
        (SCRYPT, &[2, 2, 64, 0, 2, 1, 8], &[2, 2, 0xC0, 0, 2, 1, 8]),
    ];
    for (name, sane, edited) in edits {
        let mut der = der(name);
        let place = find(&der, sane);
        der[place..place + sane.len()].copy_from_slice(edited);
        assert_refused_for_its_rounds(name, &der);
    }
}

/// N = 0 is a byte shorter, so the salt before it grows by one.
#[test]
fn refuses_scrypt_without_a_cost() {
    let mut der = der(SCRYPT);
    let n = find(&der, &[2, 2, 64, 0, 2, 1, 8]);
    assert_eq!(&der[n - 10..n - 8], [4, 8]);
    der[n - 9] = 9;
    der[n..n + 4].copy_from_slice(&[0x55, 2, 1, 0]);
    assert_refused_for_its_rounds(SCRYPT, &der);
}

fn assert_refused_for_its_rounds(name: &str, bytes: &[u8]) {
    let refusal = PrivateKey::read(bytes, Some(&Secret::new("changeit"))).expect_err(name);
    assert_eq!(
        (refusal.kind(), refusal.to_string().as_str()),
        (
            Kind::Key,
            "private key: expected 1 to 4000000 rounds of key derivation, got others"
        ),
        "{name}"
    );
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    let place = bytes.windows(wanted.len()).position(|run| run == wanted);
    place.expect("the bytes to edit are in the file")
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
