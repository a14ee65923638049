//! Traces, raw text, pickles and flows: any bytes are read or refused, and a written trace reads the same.
#![no_main]

use bytes::Bytes;
use gdata_auth::cassette::{
    Limits,
    format::{self, Format, Source},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    let limits = Limits {
        interactions: 1_000,
        ..Limits::default()
    };
    let source = |bytes: Bytes| Source {
        bytes,
        name: "fuzz",
        folder: None,
        limits: &limits,
    };
    let given = source(Bytes::copy_from_slice(document));
    let _any = format::tell(&given);
    for kind in [
        Format::GdataPickle,
        Format::Mitmproxy,
        Format::RawHttp,
        Format::Uhttpmock,
    ] {
        let Ok(reading) = format::read_as(kind, &given) else {
            continue;
        };
        let Ok(written) = format::write(Format::Uhttpmock, &reading.cassette) else {
            continue;
        };
        if !written.losses.is_empty() {
            continue;
        }
        let again = format::read_as(Format::Uhttpmock, &source(written.bytes.into()))
            .expect("a written trace reads");
        assert_eq!(
            again.cassette.interactions.len(),
            reading.cassette.interactions.len()
        );
        for (one, other) in again
            .cassette
            .interactions
            .iter()
            .zip(&reading.cassette.interactions)
        {
            assert_eq!(one.request.method, other.request.method);
            assert_eq!(one.response().map(|answer| answer.status), other.response().map(|answer| answer.status));
        }
    }
});
