//! Cassettes in YAML and JSON: no bytes panic, and what is read is written and read again as it was.
#![no_main]

use gdata_auth::cassette::{
    Limits, Severity,
    format::{self, Format, Source},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        body: 1 << 20,
        ..Limits::default()
    };
    let source = |bytes: Vec<u8>| Source {
        bytes: bytes.into(),
        name: "fuzz",
        folder: None,
        limits: &limits,
    };
    let given = source(bytes.to_vec());
    let _told = format::tell(&given);
    for format in [Format::Betamax, Format::GoVcr, Format::OkReplay, Format::PhpVcr] {
        let _read = format::read_as(format, &given);
    }
    for format in [Format::RubyVcr, Format::Vcrpy] {
        let Ok(mut reading) = format::read_as(format, &given) else {
            continue;
        };
        for (index, interaction) in reading.cassette.interactions.iter_mut().enumerate() {
            interaction.provenance.index = index;
            // A date of HTTP has no fractions and four digits of a year.
            interaction.started_at = None;
            // Members of a map in a map are as they are read by name, which is not looked at here.
            interaction.provenance.extra.clear();
        }
        let written = format::write(format, &reading.cassette).expect("it is written");
        let again = format::read_as(format, &source(written.bytes)).expect("it is read");
        assert!(again.problems.iter().all(|problem| problem.severity == Severity::Note));
        for (new, old) in again.cassette.interactions.iter().zip(&reading.cassette.interactions) {
            assert_eq!(new.request.method, old.request.method);
            assert_eq!(new.request.target, old.request.target);
            assert_eq!(new.request.body.bytes, old.request.body.bytes);
            let (new, old) = (new.response().expect("answered"), old.response().expect("answered"));
            assert_eq!((new.status, &new.reason), (old.status, &old.reason));
            assert_eq!(new.body.bytes, old.body.bytes);
            assert_eq!(new.headers.len(), old.headers.len());
        }
        assert_eq!(again.cassette.interactions.len(), reading.cassette.interactions.len());
    }
});
