//! What AuthSub adds to a request: the plain header, and the secure one without its RSA operation.
//!
//! `cargo bench --bench authsub`. Allocations are counted beside the times.

use std::sync::Arc;

use bytes::Bytes;
use gdata_auth::{
    BodyHint, Stamp, Timestamp,
    authsub::{Header, SessionToken},
    crypto::{Algorithm, Sign},
    scheme::AuthScheme,
};
use http::request::Parts;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const URL: &str = "http://gdata.youtube.com/feeds/api/users/default/uploads?v=2&max-results=25";
const TOKEN: &str = "1/jl9na3GU8YCUk0pHRghr_WZBcTnq1EXPztEWGuExbcg";

fn main() {
    divan::main();
}

/// A request as it is before the credential: with the headers of an envelope.
fn prepared() -> Parts {
    let request = http::Request::get(URL)
        .header("gdata-version", "2")
        .header("x-gdata-key", "key=AI39si-dev")
        .body(Bytes::new());
    request.unwrap_or_default().into_parts().0
}

fn stamp() -> Stamp {
    Stamp::numbered(
        Timestamp::from_unix_seconds(1_300_000_000),
        10_501_117_494_053_078_552,
    )
}

fn plain() -> AuthScheme {
    match SessionToken::new(TOKEN) {
        Ok(token) => AuthScheme::from(token),
        Err(error) => panic!("{error}"),
    }
}

/// In place of RSA: a signature of the right length that costs its allocation and no more.
fn secure(bits: usize) -> AuthScheme {
    let signer: Arc<dyn Sign> = Arc::new(move |_: Algorithm, _: &[u8]| Ok(vec![0x5a; bits / 8]));
    match SessionToken::new(TOKEN) {
        Ok(token) => AuthScheme::from(token.secured_by(signer)),
        Err(error) => panic!("{error}"),
    }
}

#[divan::bench]
fn plain_header(bencher: divan::Bencher<'_, '_>) {
    let (scheme, stamp, mut parts) = (plain(), stamp(), prepared());
    // Once outside of the measure: the value is promoted to shared, the map has its room.
    let _ = scheme.authorize(&mut parts, BodyHint::Empty, &stamp);
    bencher.bench_local(|| scheme.authorize(divan::black_box(&mut parts), BodyHint::Empty, &stamp));
}

#[divan::bench(args = [1024, 2048])]
fn secure_header_without_rsa(bencher: divan::Bencher<'_, '_>, bits: usize) {
    let (scheme, stamp, mut parts) = (secure(bits), stamp(), prepared());
    let _ = scheme.authorize(&mut parts, BodyHint::Empty, &stamp);
    bencher.bench_local(|| scheme.authorize(divan::black_box(&mut parts), BodyHint::Empty, &stamp));
}

#[divan::bench]
fn parse_a_secure_header(bencher: divan::Bencher<'_, '_>) {
    let mut parts = prepared();
    let _ = secure(2048).authorize(&mut parts, BodyHint::Empty, &stamp());
    let text = parts.headers["authorization"]
        .to_str()
        .unwrap_or_default()
        .to_owned();
    bencher.bench_local(|| Header::parse(divan::black_box(&text)));
}
