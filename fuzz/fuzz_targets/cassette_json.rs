//! Recordings in JSON: none makes a reader panic, and what was read comes back from HAR the same.
#![no_main]

use gdata_auth::cassette::{
    Cassette, Limits,
    format::{self, Format, Source},
};
use libfuzzer_sys::fuzz_target;

const FORMATS: &[Format] = &[
    Format::Har,
    Format::WireMock,
    Format::Hoverfly,
    Format::Nock,
    Format::GoReplayers,
];

fuzz_target!(|document: &[u8]| {
    let limits = Limits {
        body: 1 << 20,
        ..Limits::default()
    };
    let read = |format: Format, bytes: Vec<u8>| {
        let source = Source {
            bytes: bytes.into(),
            name: "fuzz",
            folder: None,
            limits: &limits,
        };
        let _told = format::tell(&source);
        format::read_as(format, &source)
    };
    for format in FORMATS {
        let Ok(reading) = read(*format, document.to_vec()) else {
            continue;
        };
        let written = format::write(Format::Har, &reading.cassette).expect("HAR holds everything");
        let again = read(Format::Har, written.bytes).expect("what was written is read");
        assert_eq!(again.into_whole().expect("it is whole"), reading.cassette);
        let stubs = format::write(Format::WireMock, &Cassette::new(reading.cassette.interactions));
        stubs.expect("mappings can always be written");
    }
});
