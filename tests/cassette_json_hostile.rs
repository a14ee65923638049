//! Damaged files of each JSON format: a clear problem, and what is good stays.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use std::{fs, path::Path};

use bytes::Bytes;
use gdata_auth::{
    Kind,
    cassette::{
        Limits, Reading, Severity,
        format::{self, Format, Source},
    },
};
use serde_json::{Value, json};

/// Each file, its format, and where its interactions are.
const FILES: &[(&str, Format, &str)] = &[
    ("har/plain.har", Format::Har, "/log/entries"),
    ("har/chrome.har", Format::Har, "/log/entries"),
    ("har/firefox.har", Format::Har, "/log/entries"),
    ("har/polly.har", Format::Har, "/log/entries"),
    ("har/mitmproxy.har", Format::Har, "/log/entries"),
    (
        "har/playwright-attach/login.har",
        Format::Har,
        "/log/entries",
    ),
    (
        "wiremock/mappings/login.json",
        Format::WireMock,
        "/mappings",
    ),
    ("hoverfly/simulation.json", Format::Hoverfly, "/data/pairs"),
    ("nock/definitions.json", Format::Nock, ""),
    ("go-replayers/log.replay", Format::GoReplayers, "/Entries"),
];

fn read(
    file: &str,
    format: Format,
    bytes: impl Into<Bytes>,
    limits: &Limits,
) -> Result<Reading, gdata_auth::Error> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/cassettes")
        .join(file);
    format::read_as(
        format,
        &Source {
            bytes: bytes.into(),
            name: file,
            folder: path.parent(),
            limits,
        },
    )
}

fn text(file: &str) -> String {
    fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/cassettes")
            .join(file),
    )
    .unwrap()
}

fn is_bad(reading: &Reading) -> bool {
    reading
        .problems
        .iter()
        .any(|problem| problem.severity > Severity::Note)
}

#[test]
fn a_file_cut_at_any_byte_gives_what_came_before() {
    let limits = Limits::default();
    for (file, format, _) in FILES {
        let text = text(file);
        let whole = read(file, *format, text.clone(), &limits).unwrap();
        assert!(!is_bad(&whole), "{file}: {:?}", whole.problems);
        let mut before = 0;
        for cut in 0..text.trim_end().len() {
            let Ok(reading) = read(
                file,
                *format,
                Bytes::copy_from_slice(&text.as_bytes()[..cut]),
                &limits,
            ) else {
                assert_eq!(before, 0, "{file}, {cut} bytes");
                continue;
            };
            let good = &reading.cassette.interactions;
            assert!(good.len() >= before, "{file}, {cut} bytes");
            before = good.len();
            assert_eq!(
                good[..],
                whole.cassette.interactions[..good.len()],
                "{file}, {cut} bytes"
            );
            let last = reading.problems.last().unwrap();
            assert_eq!(last.severity, Severity::Torn, "{file}, {cut} bytes");
            assert!(
                last.message.contains("got the end of the file at byte "),
                "{file}: {last}"
            );
        }
        assert_eq!(
            before,
            whole.cassette.interactions.len(),
            "{file}: all of them, but for the last brackets"
        );
    }
}

/// Every place in a value, as a pointer.
fn places(value: &Value, above: &str, places: &mut Vec<String>) {
    places.push(above.to_owned());
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                self::places(
                    value,
                    &format!("{above}/{}", name.replace('~', "~0").replace('/', "~1")),
                    places,
                );
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                self::places(value, &format!("{above}/{index}"), places);
            }
        }
        _ => {}
    }
}

#[test]
fn a_wrong_type_anywhere_costs_its_interaction_at_most() {
    let limits = Limits::default();
    let wrong = [
        json!(null),
        json!(true),
        json!(-7),
        json!(1e300),
        json!("\u{0}"),
        json!([]),
        json!({}),
        json!([[{}]]),
    ];
    for (file, format, list) in FILES {
        let good: Value = serde_json::from_str(&text(file)).unwrap();
        let whole = read(file, *format, good.to_string(), &limits)
            .unwrap()
            .cassette
            .interactions;
        let mut all = Vec::new();
        places(&good, "", &mut all);
        let mut lost = 0;
        for place in all {
            for wrong in &wrong {
                let mut bad = good.clone();
                *bad.pointer_mut(&place).unwrap() = wrong.clone();
                let Ok(reading) = read(file, *format, bad.to_string(), &limits) else {
                    assert!(
                        list.starts_with(&place),
                        "{file}: {place} is no part of an interaction"
                    );
                    continue;
                };
                let Some(rest) = place.strip_prefix(&format!("{list}/")) else {
                    continue;
                };
                let index: usize = rest.split('/').next().unwrap().parse().unwrap();
                let read = &reading.cassette.interactions;
                for problem in reading
                    .problems
                    .iter()
                    .filter(|problem| problem.severity > Severity::Note)
                {
                    assert_eq!(
                        problem.interaction,
                        Some(index + 1),
                        "{file}: {place}: {problem}"
                    );
                    assert_eq!(problem.severity, Severity::Lost);
                }
                if read.len() < whole.len() {
                    lost += 1;
                    assert_eq!(read.len(), whole.len() - 1, "{file}: {place} = {wrong}");
                    assert!(
                        is_bad(&reading),
                        "{file}: {place} = {wrong}: nothing was told"
                    );
                }
                let others = whole
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != index)
                    .map(|(_, other)| other);
                for other in others {
                    assert!(
                        read.contains(other),
                        "{file}: {place} = {wrong} changed another interaction"
                    );
                }
            }
        }
        assert!(lost > 10, "{file}: {lost}");
    }
}

#[test]
fn stays_within_its_limits() {
    let limits = Limits::default();
    for (file, format, _) in FILES {
        let text = text(file);
        let one = read(
            file,
            *format,
            text.clone(),
            &Limits {
                interactions: 1,
                ..limits
            },
        )
        .unwrap();
        assert_eq!(one.cassette.interactions.len(), 1, "{file}");
        assert_eq!(
            one.problems.last().unwrap().severity,
            Severity::Torn,
            "{file}"
        );
        let flat = read(file, *format, text.clone(), &Limits { depth: 3, ..limits });
        assert!(flat.is_err() || is_bad(&flat.unwrap()), "{file}");
        let bare = read(
            file,
            *format,
            text,
            &Limits {
                headers: 0,
                ..limits
            },
        )
        .unwrap();
        assert!(is_bad(&bare), "{file}");
    }
    for (_, format, _) in FILES {
        for deep in ["[", "{\"a\":", "[{\"a\":"] {
            let refused = read(
                "deep.json",
                *format,
                deep.repeat(200_000),
                &Limits {
                    depth: usize::MAX,
                    ..limits
                },
            );
            assert!(refused.is_err() || is_bad(&refused.unwrap()));
        }
    }
}

#[test]
fn a_large_file_is_refused_before_it_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cassettes/har/plain.har");
    let refused = gdata_auth::cassette::load(
        &path,
        &Limits {
            file: 100,
            ..Limits::default()
        },
    )
    .unwrap_err();
    assert_eq!(refused.kind(), Kind::Input);
    assert_eq!(
        refused.to_string(),
        format!("{}: expected at most 100 bytes, got more", path.display())
    );
}

#[test]
fn odd_bytes_anywhere_do_no_harm() {
    let limits = Limits::default();
    for (file, format, _) in FILES {
        let text = text(file);
        for at in (0..text.len()).step_by(5) {
            for odd in [0, b'"', b'\\', b'{', b']', 0xff, b'9'] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = odd;
                if let Ok(reading) = read(file, *format, bytes, &limits) {
                    for problem in &reading.problems {
                        assert!(!problem.message.is_empty() && problem.file == *file);
                    }
                }
            }
        }
    }
}
