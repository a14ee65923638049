//! What one replayed request costs, from one interaction to a hundred thousand.
//!
//! `cargo bench --features cassette --bench cassette_player`. Allocations are counted beside the times.

use bytes::Bytes;
use gdata_auth::cassette::{
    Body, Cassette, Interaction, MatchRules, Player, RecordedRequest, RecordedResponse,
};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const SIZES: &[usize] = &[1, 1_000, 100_000];

fn main() {
    divan::main();
}

fn get(at: usize) -> http::Request<Bytes> {
    let request = http::Request::get(format!(
        "https://gdata.youtube.com/feeds/api/videos/{at}?v=2&max-results=25"
    ))
    .header("accept", "*/*")
    .header("user-agent", "bench");
    request.body(Bytes::new()).unwrap_or_default()
}

fn bearer(at: usize) -> http::Request<Bytes> {
    let mut request = get(at);
    let token =
        http::HeaderValue::from_static("Bearer ya29.a0AfH6SMBx0000000000000000000000000000");
    request.headers_mut().insert("authorization", token);
    request
}

fn player(size: usize, request: fn(usize) -> http::Request<Bytes>) -> Player {
    let pair = |at| {
        let mut answer = RecordedResponse::new(200);
        for (name, value) in [
            ("content-type", "application/atom+xml; charset=UTF-8"),
            ("gdata-version", "2.1"),
            ("content-length", "1024"),
        ] {
            answer.headers.push(name, value);
        }
        answer.body = Body::wire(vec![b'x'; 1024]);
        Interaction::new(RecordedRequest::of(&request(at)), answer)
    };
    let mut rules = MatchRules::default();
    rules.repeat = true;
    let cassette = Cassette::new((0..size).map(pair).collect());
    match Player::builder(cassette).rules(rules).build() {
        Ok(player) => player,
        Err(error) => panic!("{error}"),
    }
}

#[divan::bench(args = SIZES)]
fn get_of_a_feed(bencher: divan::Bencher<'_, '_>, size: usize) {
    let (player, request) = (player(size, get), get(size / 2));
    bencher.bench_local(|| player.play(divan::black_box(&request)));
}

#[divan::bench(args = SIZES)]
fn get_with_a_token(bencher: divan::Bencher<'_, '_>, size: usize) {
    let (player, request) = (player(size, bearer), bearer(size / 2));
    bencher.bench_local(|| player.play(divan::black_box(&request)));
}

#[divan::bench(args = SIZES, sample_count = 3, sample_size = 1)]
fn build(bencher: divan::Bencher<'_, '_>, size: usize) {
    bencher.bench_local(|| player(size, get));
}
