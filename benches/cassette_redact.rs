//! Redaction of a recording of 50 MB: learned, replaced, and looked at again.
//!
//! `cargo bench --bench cassette_redact`. Bytes are those of bodies.

use divan::{Bencher, counter::BytesCount};
use gdata_auth::cassette::{
    Body, Cassette, Interaction, RecordedRequest, RecordedResponse, redact::Redaction,
};

fn main() {
    divan::main();
}

/// A sign-in, then pages of results under its token, each of about 10 KB.
fn recording(megabytes: usize) -> Cassette {
    let token = "ya29.a0AfH6SMBx3kq7PzXrealtoken0123456789abcdefghij";
    let mut answer = RecordedResponse::new(200);
    answer.headers.push("content-type", "application/json");
    answer.body = Body::wire(format!(r#"{{"access_token":"{token}","expires_in":3600}}"#));
    let asked = RecordedRequest::new("POST", "https://oauth2.googleapis.com/token");
    let mut interactions = vec![Interaction::new(asked, answer)];
    let item = |number: usize| {
        format!(
            r#"{{"kind":"youtube#video","etag":"\"{number:08x}\"","id":"dQw4w9Wg{number:03}","snippet":{{"title":"Video {number}: a walk & a \"talk\"","description":"One of many\nlines of text https:\/\/www.example.com\/watch?v={number}"}}}}"#
        )
    };
    let mut page = 0;
    let mut size = 0;
    while size < megabytes << 20 {
        let items: Vec<String> = (0..40).map(|at| item(page * 40 + at)).collect();
        let body = format!(
            r#"{{"nextPageToken":"CAUQ{page:04}","items":[{}]}}"#,
            items.join(",\n")
        );
        size += body.len();
        let target = format!(
            "https://www.googleapis.com/youtube/v3/videos?part=snippet&pageToken=CAUQ{page:04}"
        );
        let mut asked = RecordedRequest::new("GET", target);
        asked
            .headers
            .push("authorization", format!("Bearer {token}"));
        let mut answer = RecordedResponse::new(200);
        answer
            .headers
            .push("content-type", "application/json; charset=UTF-8");
        answer.body = Body::wire(body);
        interactions.push(Interaction::new(asked, answer));
        page += 1;
    }
    Cassette::new(interactions)
}

#[divan::bench(args = [5, 50], sample_count = 3, sample_size = 1)]
fn redact(bencher: Bencher<'_, '_>, megabytes: usize) {
    let redaction = Redaction::default();
    bencher
        .counter(BytesCount::new(megabytes << 20))
        .with_inputs(|| recording(megabytes))
        .bench_values(|cassette| redaction.apply(cassette).is_ok());
}
