//! What ClientLogin costs: the reply of a login, the header on a request, the form on a server.
//!
//! `cargo bench --bench clientlogin`. Allocations are counted beside the times.

use bytes::Bytes;
use gdata_auth::{
    Stamp, Timestamp,
    clientlogin::{AuthToken, ErrorBody, Header, Login, LoginForm},
};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

/// 947 bytes, as long as Google's of 2013.
const LOGIN: &[u8] = include_bytes!("../fixtures/replies/clientlogin-200.txt");
const CAPTCHA: &[u8] = include_bytes!("../fixtures/replies/clientlogin-403-captcha.txt");
const READER: &[u8] = include_bytes!("../fixtures/replies/clientlogin-200-reader.txt");
const FORM: &[u8] =
    b"accountType=HOSTED%5FOR%5FGOOGLE&Email=user%40gmail%2Ecom&Passwd=p%26ss%20w%3Drd\
&service=youtube&source=acme%2Dapp%2D1";

fn main() {
    divan::main();
}

#[divan::bench]
fn parse_a_reply_of_947_bytes(bencher: divan::Bencher<'_, '_>) {
    bencher.bench_local(|| Login::parse(divan::black_box(LOGIN)));
}

#[divan::bench]
fn parse_a_reply_of_a_reader_server(bencher: divan::Bencher<'_, '_>) {
    bencher.bench_local(|| Login::parse(divan::black_box(READER)));
}

#[divan::bench]
fn parse_a_refusal(bencher: divan::Bencher<'_, '_>) {
    bencher.bench_local(|| ErrorBody::parse(divan::black_box(CAPTCHA)));
}

#[divan::bench]
fn parse_a_form(bencher: divan::Bencher<'_, '_>) {
    bencher.bench_local(|| LoginForm::parse(divan::black_box(FORM)));
}

#[divan::bench]
fn header_on_a_request(bencher: divan::Bencher<'_, '_>) {
    let Ok(token) = Login::parse(LOGIN).map(Login::into_token) else {
        panic!("the reply is a login");
    };
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
    let request = http::Request::get("http://gdata.youtube.com/").body(Bytes::new());
    let mut parts = request.unwrap_or_default().into_parts().0;
    // Once outside of the measure: the map has its room.
    let _ = token.authorize(&mut parts, &stamp);
    bencher.bench_local(|| AuthToken::authorize(&token, divan::black_box(&mut parts), &stamp));
}

#[divan::bench]
fn parse_a_header(bencher: divan::Bencher<'_, '_>) {
    bencher
        .bench_local(|| Header::parse(divan::black_box("GoogleLogin auth=alice/0123456789abcdef")));
}
