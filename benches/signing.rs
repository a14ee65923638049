//! What a signature costs: pure Rust, OpenSSL through this crate, and OpenSSL by itself as the baseline.
//!
//! `cargo bench --bench signing --features openssl`
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark stops where its own world is broken"
)]

use divan::{Bencher, black_box};
use gdata_auth::crypto::{Algorithm, OpensslSigner, PrivateKey, RsaSigner, Sign};

/// AuthSub and OAuth 1.0 with two sizes of key, and RS256 as service accounts sign.
const CASES: [Case; 3] = [
    Case(Algorithm::RsaSha1, 1024),
    Case(Algorithm::RsaSha1, 2048),
    Case(Algorithm::RsaSha256, 2048),
];

#[derive(Clone, Copy)]
struct Case(Algorithm, usize);

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

const DATA: &[u8] =
    b"GET https://www.google.com/calendar/feeds/default/allcalendars/full 1300000000 123456789012345";

fn main() {
    divan::main();
}

#[divan::bench(args = CASES)]
fn rust(bencher: Bencher<'_, '_>, Case(algorithm, bits): Case) {
    let signer = RsaSigner::new(&key(bits));
    bencher.bench(|| signer.sign(algorithm, black_box(DATA)).unwrap());
}

#[divan::bench(args = CASES)]
fn openssl_behind_sign(bencher: Bencher<'_, '_>, Case(algorithm, bits): Case) {
    let signer = OpensslSigner::new(&key(bits)).unwrap();
    bencher.bench(|| signer.sign(algorithm, black_box(DATA)).unwrap());
}

#[divan::bench(args = CASES)]
fn openssl_alone(bencher: Bencher<'_, '_>, Case(algorithm, bits): Case) {
    let key = openssl::pkey::PKey::private_key_from_pem(file(bits)).unwrap();
    bencher.bench(|| {
        let digest = match algorithm {
            Algorithm::RsaSha256 => openssl::hash::MessageDigest::sha256(),
            _ => openssl::hash::MessageDigest::sha1(),
        };
        let mut signer = openssl::sign::Signer::new(digest, &key).unwrap();
        signer.sign_oneshot_to_vec(black_box(DATA)).unwrap()
    });
}

#[divan::bench(args = CASES)]
fn verify(bencher: Bencher<'_, '_>, Case(algorithm, bits): Case) {
    let key = key(bits);
    let signature = key.signer().sign(algorithm, DATA).unwrap();
    bencher.bench(|| {
        let message = black_box(DATA);
        key.public_key().verify(algorithm, message, &signature)
    });
}

fn key(bits: usize) -> PrivateKey {
    PrivateKey::read(file(bits), None).unwrap()
}

fn file(bits: usize) -> &'static [u8] {
    match bits {
        1024 => include_bytes!("../fixtures/keys/insecure-rsa1024-pkcs8.pem"),
        _ => include_bytes!("../fixtures/keys/insecure-rsa2048-pkcs8.pem"),
    }
}
