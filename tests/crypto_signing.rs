//! Signatures are those that OpenSSL makes, bit for bit, and nothing else is taken for one.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where its own world is broken"
)]

use std::{path::PathBuf, process::Command, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use gdata_auth::{
    Kind,
    crypto::{Algorithm, PrivateKey, PublicKey, RsaSigner, Sign},
};

const SIZES: [usize; 3] = [1024, 2048, 4096];
const DATA: &[u8] = b"GET https://www.google.com/calendar/feeds/default 1300000000 008657953609015";

#[test]
fn reproduces_and_verifies_every_vector_bit_for_bit() {
    let key = key("insecure-rsa2048-pkcs1.pem");
    let certificate = PublicKey::read(&file("insecure-rsa2048-cert.pem")).unwrap();
    let vectors = vectors();
    assert_eq!(vectors.len(), 4);
    for (name, data, sig) in vectors {
        for signer in signers(&key) {
            let signature = signer.sign(Algorithm::RsaSha1, data.as_bytes()).unwrap();
            assert_eq!(STANDARD.encode(signature), sig, "{name}");
        }
        let signature = STANDARD.decode(sig).unwrap();
        certificate
            .verify(Algorithm::RsaSha1, data.as_bytes(), &signature)
            .expect(&name);
    }
}

#[test]
fn openssl_verifies_what_we_sign() {
    if !openssl_is_there() {
        return;
    }
    for bits in SIZES {
        let key = key(&format!("insecure-rsa{bits}-pkcs8.pem"));
        for (index, signer) in signers(&key).into_iter().enumerate() {
            let name = format!("ours-{bits}-{index}");
            let public = scratch(&name, "pem", key.public_key().to_pem().as_bytes());
            let message = scratch(&name, "txt", DATA);
            let signature = signer.sign(Algorithm::RsaSha1, DATA).unwrap();
            let signature = scratch(&name, "sig", &signature);
            let run = Command::new("openssl")
                .args(["dgst", "-sha1", "-verify"])
                .arg(&public)
                .arg("-signature")
                .args([&signature, &message])
                .output()
                .unwrap();
            assert_eq!(run.stdout, b"Verified OK\n", "{bits} bits: {run:?}");
        }
    }
}

#[test]
fn verifies_what_openssl_signs() {
    if !openssl_is_there() {
        return;
    }
    for bits in SIZES {
        let file = format!("insecure-rsa{bits}-pkcs8.pem");
        let message = scratch(&format!("theirs-{bits}"), "txt", DATA);
        let run = Command::new("openssl")
            .args(["dgst", "-sha1", "-sign"])
            .arg(format!("fixtures/keys/{file}"))
            .arg(&message)
            .output()
            .unwrap();
        assert_eq!(run.stdout.len(), bits / 8, "{run:?}");
        key(&file)
            .public_key()
            .verify(Algorithm::RsaSha1, DATA, &run.stdout)
            .expect(&file);
    }
}

#[test]
fn signs_and_verifies_with_the_largest_key() {
    let key = key("insecure-rsa8192-pkcs8.pem");
    let signature = key.signer().sign(Algorithm::RsaSha1, DATA).unwrap();
    assert_eq!(signature.len(), 1024);
    key.public_key()
        .verify(Algorithm::RsaSha1, DATA, &signature)
        .unwrap();
}

#[test]
fn refuses_every_flipped_bit_of_the_signature() {
    let key = key("insecure-rsa1024-pkcs8.pem");
    let signature = key.signer().sign(Algorithm::RsaSha1, DATA).unwrap();
    for bit in 0..signature.len() * 8 {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_refused(key.public_key(), DATA, &flipped, "bit of the signature");
    }
}

#[test]
fn refuses_every_flipped_bit_of_the_message() {
    let key = key("insecure-rsa1024-pkcs8.pem");
    let signature = key.signer().sign(Algorithm::RsaSha1, DATA).unwrap();
    for bit in 0..DATA.len() * 8 {
        let mut flipped = DATA.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_refused(key.public_key(), &flipped, &signature, "bit of the message");
    }
}

#[test]
fn refuses_a_signature_by_another_key_or_of_another_length() {
    let key = key("insecure-rsa2048-pkcs8.pem");
    let signature = key.signer().sign(Algorithm::RsaSha1, DATA).unwrap();
    let shorter = self::key("insecure-rsa1024-pkcs8.pem");
    assert_refused(shorter.public_key(), DATA, &signature, "another key");
    let padded = [&[0], signature.as_slice()].concat();
    for wrong in [&[][..], &signature[1..], &padded, &[0; 256], &[0xFF; 256]] {
        assert_refused(key.public_key(), DATA, wrong, "another length or value");
    }
    let dsa = file("insecure-dsa.sig");
    assert_refused(key.public_key(), DATA, &dsa, "a DSA signature");
}

#[test]
fn names_the_length_that_a_signature_must_have() {
    let key = key("insecure-rsa1024-pkcs8.pem");
    let refusal = key
        .public_key()
        .verify(Algorithm::RsaSha1, DATA, &[7; 40])
        .unwrap_err();
    assert_eq!(refusal.to_string(), "signature: expected 128 bytes, got 40");
}

/// Old Ruby code encrypted the SHA-1 digest with the private key, in hex, and left the `DigestInfo` out
/// (legacy-protocol.md 1.9, "classic wrong implementation").
#[test]
fn refuses_a_private_encryption_of_the_bare_digest() {
    if !openssl_is_there() {
        return;
    }
    let key = key("insecure-rsa2048-pkcs8.pem");
    let message = scratch("bare", "txt", DATA);
    let hex = openssl(&["dgst", "-sha1", "-r", &message]);
    let hex = hex.get(..40).unwrap();
    let raw = openssl(&["dgst", "-sha1", "-binary", &message]);
    for (how, digest) in [("hex", hex), ("raw", &raw)] {
        let digest = scratch(&format!("bare-{how}"), "dgst", digest);
        let inkey = "fixtures/keys/insecure-rsa2048-pkcs8.pem";
        let wrong = openssl(&["pkeyutl", "-sign", "-inkey", inkey, "-in", &digest]);
        assert_eq!(wrong.len(), 256, "{how}");
        assert_refused(key.public_key(), DATA, &wrong, how);
    }
}

#[test]
fn signs_behind_a_closure_and_an_arc() {
    let canned = |_: Algorithm, message: &[u8]| Ok(message.to_vec());
    let shared: Arc<dyn Sign> = Arc::new(canned);
    let twice: &dyn Sign = &Arc::new(shared);
    assert_eq!(
        twice.sign(Algorithm::RsaSha1, b"as it is").unwrap(),
        b"as it is"
    );
}

#[test]
fn shows_no_key_in_the_debug_of_a_signer() {
    let key = key("insecure-rsa1024-pkcs8.pem");
    let shown = format!("{:?}", RsaSigner::new(&key));
    assert_eq!(shown, "RsaSigner(PrivateKey(1024 bits))");
}

#[test]
fn knows_one_algorithm_and_refuses_the_other_by_name() {
    assert_eq!(Algorithm::RsaSha1.as_str(), "rsa-sha1");
    assert_eq!("rsa-sha1".parse::<Algorithm>().unwrap(), Algorithm::RsaSha1);
    let refusal = "dsa-sha1".parse::<Algorithm>().unwrap_err();
    assert_eq!(refusal.kind(), Kind::Unsupported);
    assert_eq!(
        refusal.to_string(),
        "sigalg: expected rsa-sha1, got dsa-sha1"
    );
}

fn assert_refused(key: &PublicKey, message: &[u8], signature: &[u8], what: &str) {
    let refusal = key
        .verify(Algorithm::RsaSha1, message, signature)
        .expect_err(what);
    assert_eq!(refusal.kind(), Kind::Signature, "{what}");
}

/// Every back-end that this build has.
fn signers(key: &PrivateKey) -> Vec<Arc<dyn Sign>> {
    vec![
        Arc::new(RsaSigner::new(key)),
        key.signer(),
        #[cfg(feature = "openssl")]
        Arc::new(gdata_auth::crypto::OpensslSigner::new(key).unwrap()),
    ]
}

/// Name, data and signature of each recorded case.
fn vectors() -> Vec<(String, String, String)> {
    let text = std::fs::read("fixtures/vectors/authsub/authsub_vectors.json").unwrap();
    let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let field = |case: &serde_json::Value, name: &str| case[name].as_str().unwrap().to_owned();
    let cases = json["cases"].as_object().unwrap().iter();
    cases
        .map(|(name, case)| (name.clone(), field(case, "data"), field(case, "sig")))
        .collect()
}

#[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
fn openssl_is_there() -> bool {
    let there = Command::new("openssl").arg("version").output().is_ok();
    if !there {
        eprintln!("skipped: the program openssl is missing");
    }
    there
}

fn openssl(arguments: &[&str]) -> Vec<u8> {
    let run = Command::new("openssl").args(arguments).output().unwrap();
    assert!(run.status.success(), "{arguments:?}: {run:?}");
    run.stdout
}

fn scratch(name: &str, extension: &str, content: &[u8]) -> String {
    let mut path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    path.push(format!(
        "crypto-signing-{}-{name}.{extension}",
        std::process::id()
    ));
    std::fs::write(&path, content).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn key(name: &str) -> PrivateKey {
    PrivateKey::read(&file(name), None).expect(name)
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("fixtures/keys/{name}")).expect(name)
}
