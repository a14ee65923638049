//! What OAuth 1.0 adds to a request, beside two other crates, and what a server pays to check it.
//!
//! `cargo bench --bench oauth1`. Allocations are counted beside the times. The others' calls start from the
//! address without its query, and `reqwest-oauth1` builds a request of reqwest's on the way: it offers no less.

use std::{fmt::Display, num::NonZeroU64, sync::Arc};

use bytes::Bytes;
use gdata_auth::{
    BodyHint, Secret, Stamp, Timestamp,
    crypto::{Algorithm, Sign},
    oauth1::{AccessToken, Consumer, Credential, Keys, Placement, SignedRequest},
};
use http::request::Parts;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const BARE: &str = "http://gdata.youtube.com/feeds/api/users/default/uploads";
const URL: &str = "http://gdata.youtube.com/feeds/api/users/default/uploads?v=2&max-results=25";
const TOKEN: &str = "1/17nuamcqEOCaMMCg9Oc9ekcfGEzkepP5_5ANtDkuwks";
const SECRET: &str = "wUozdZTGrBPaGKTEB9lfK61J";
const NONCE: &str = "10501117494053078552";

fn main() {
    divan::main();
}

fn stamp() -> Stamp {
    Stamp::numbered(
        Timestamp::from_unix_seconds(1_300_000_000),
        10_501_117_494_053_078_552,
    )
}

fn parts(url: &str) -> Parts {
    let request = http::Request::get(url)
        .header("gdata-version", "2")
        .header("x-gdata-key", "key=AI39si-dev")
        .body(Bytes::new());
    request.unwrap_or_default().into_parts().0
}

fn credential(consumer: Consumer) -> Credential {
    match AccessToken::new(consumer, TOKEN, SECRET) {
        Ok(token) => Credential::from(token),
        Err(error) => panic!("{error}"),
    }
}

/// In place of RSA: a signature of the right length that costs its allocation and no more.
fn rsa() -> Consumer {
    let signer: Arc<dyn Sign> = Arc::new(|_: Algorithm, _: &[u8]| Ok(vec![0x5a; 256]));
    match Consumer::rsa("www.example.com", signer) {
        Ok(consumer) => consumer,
        Err(error) => panic!("{error}"),
    }
}

fn authorize(bencher: divan::Bencher<'_, '_>, credential: &Credential, url: &str) {
    let (stamp, mut parts) = (stamp(), parts(url));
    // Once outside of the measure: the map has its room.
    let _ = credential.authorize(&mut parts, BodyHint::Empty, &stamp);
    bencher.bench_local(|| {
        credential.authorize(divan::black_box(&mut parts), BodyHint::Empty, &stamp)
    });
}

#[divan::bench]
fn hmac_header(bencher: divan::Bencher<'_, '_>) {
    authorize(bencher, &credential(Consumer::anonymous()), BARE);
}

#[divan::bench]
fn hmac_header_with_a_query(bencher: divan::Bencher<'_, '_>) {
    authorize(bencher, &credential(Consumer::anonymous()), URL);
}

#[divan::bench]
fn hmac_in_the_query(bencher: divan::Bencher<'_, '_>) {
    let consumer = Consumer::anonymous().placed_in(Placement::Query);
    authorize(bencher, &credential(consumer), URL);
}

#[divan::bench]
fn rsa_header_without_rsa(bencher: divan::Bencher<'_, '_>) {
    authorize(bencher, &credential(rsa()), URL);
}

#[divan::bench]
fn hmac_header_by_oauth1_request(bencher: divan::Bencher<'_, '_>) {
    by_oauth1_request(bencher, &[]);
}

#[divan::bench]
fn hmac_header_with_a_query_by_oauth1_request(bencher: divan::Bencher<'_, '_>) {
    by_oauth1_request(bencher, &[("max-results", &25), ("v", &2)]);
}

fn by_oauth1_request(bencher: divan::Bencher<'_, '_>, query: &[(&str, &dyn Display)]) {
    let token = oauth1_request::Token::from_parts("anonymous", "anonymous", TOKEN, SECRET);
    let mut builder = oauth1_request::Builder::with_token(token, oauth1_request::HMAC_SHA1);
    builder
        .nonce(NONCE)
        .timestamp(NonZeroU64::new(1_300_000_000))
        .version(true);
    let query = oauth1_request::ParameterList::new(query.to_vec());
    bencher.bench_local(|| builder.get(divan::black_box(BARE), &query));
}

#[divan::bench]
fn hmac_header_with_a_query_by_reqwest_oauth1(bencher: divan::Bencher<'_, '_>) {
    let client = reqwest_oauth1::Client::new();
    let secrets = reqwest_oauth1::Secrets::new("anonymous", "anonymous").token(TOKEN, SECRET);
    bencher.bench_local(|| {
        let parameters = reqwest_oauth1::OAuthParameters::new()
            .nonce(NONCE)
            .timestamp(1_300_000_000_u64)
            .version(true);
        client
            .get(divan::black_box(URL))
            .sign_with_params(secrets.clone(), parameters)
            .generate_signature()
    });
}

#[divan::bench]
fn base_string_of_50_parameters(bencher: divan::Bencher<'_, '_>) {
    let query: Vec<String> = (0..50)
        .map(|at| format!("name-{}=value+{at}%2F", at * 7919 % 50))
        .collect();
    let parts = parts(&format!("{BARE}?{}", query.join("&")));
    let (credential, stamp) = (credential(Consumer::anonymous()), stamp());
    bencher
        .bench_local(|| credential.base_string(divan::black_box(&parts), BodyHint::Empty, &stamp));
}

#[divan::bench]
fn read_a_signed_request(bencher: divan::Bencher<'_, '_>) {
    let parts = signed();
    bencher.bench_local(|| {
        SignedRequest::read(
            &divan::black_box(&parts).headers,
            "v=2&max-results=25",
            BodyHint::Empty,
        )
    });
}

#[divan::bench]
fn verify_a_signed_request(bencher: divan::Bencher<'_, '_>) {
    let parts = signed();
    let (consumer, token) = (Secret::new("anonymous"), Secret::new(SECRET));
    let Ok(Some(request)) =
        SignedRequest::read(&parts.headers, "v=2&max-results=25", BodyHint::Empty)
    else {
        panic!("the request is signed");
    };
    let keys = Keys::shared(&consumer).and_token(&token);
    bencher.bench_local(|| divan::black_box(&request).verify("GET", URL, &keys));
}

fn signed() -> Parts {
    let mut parts = parts(URL);
    let _ = credential(Consumer::anonymous()).authorize(&mut parts, BodyHint::Empty, &stamp());
    parts
}
