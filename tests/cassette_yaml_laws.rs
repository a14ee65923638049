//! What is written as Ruby VCR 6 and as vcrpy 1 is read again as it was.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a step that fails here fails the test, and what was read is told"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use gdata_auth::cassette::{
    Body, Cassette, Headers, Interaction, Limits, Outcome, Reading, RecordedRequest,
    RecordedResponse, Severity,
    format::{self, Format, Source},
    load,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

const WRITTEN: [Format; 2] = [Format::RubyVcr, Format::Vcrpy];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Recordings where they lie beside the crate, and the fixtures: what the six readers take.
fn readings() -> Vec<(PathBuf, Reading)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join("fixtures/cassettes"), &mut found);
    let recordings = root.join("../shared/recordings");
    if recordings.is_dir() {
        files(&recordings, &mut found);
    } else {
        println!("skipped: no recordings beside the crate");
    }
    found.sort();
    let family = [
        Format::RubyVcr,
        Format::Vcrpy,
        Format::Betamax,
        Format::GoVcr,
        Format::OkReplay,
        Format::PhpVcr,
    ];
    found
        .into_iter()
        .filter_map(|path| Some((path.clone(), load(&path, &Limits::default()).ok()?)))
        .filter(|(_, reading)| family.contains(&reading.format))
        .collect()
}

fn read_back(format: Format, bytes: Vec<u8>) -> Reading {
    let reading = format::read(&Source {
        bytes: bytes.into(),
        name: "written",
        folder: None,
        limits: &Limits::default(),
    })
    .unwrap();
    assert_eq!(reading.format, format);
    for problem in &reading.problems {
        assert_eq!(problem.severity, Severity::Note, "{problem}");
    }
    reading
}

#[test]
fn what_is_written_in_its_own_format_is_read_as_it_was() {
    let mut checked = 0;
    for (path, mut reading) in readings() {
        if !WRITTEN.contains(&reading.format) {
            continue;
        }
        let written = format::write(reading.format, &reading.cassette).unwrap();
        let again = read_back(reading.format, written.bytes.clone());
        // A lost one leaves no gap when it is written.
        for (index, interaction) in reading.cassette.interactions.iter_mut().enumerate() {
            interaction.provenance.index = index;
        }
        // VCR 1.x names no recorder; later ones, and their readers, want one.
        if reading.format == Format::RubyVcr && reading.cassette.recorded_with.is_none() {
            assert!(
                again
                    .cassette
                    .recorded_with
                    .as_ref()
                    .unwrap()
                    .starts_with("gdata-auth ")
            );
            reading.cassette.recorded_with = again.cassette.recorded_with.clone();
        }
        assert_eq!(again.cassette, reading.cassette, "{}", path.display());
        assert_eq!(written.losses, Vec::<String>::new(), "{}", path.display());
        let twice = format::write(reading.format, &again.cassette).unwrap();
        assert_eq!(twice.bytes, written.bytes, "{}", path.display());
        checked += 1;
    }
    println!("{checked} files are written and read again as they were");
    assert!(checked >= 10);
}

/// Headers by name, as a map of YAML holds them.
fn grouped(headers: &Headers) -> Vec<(Bytes, Vec<Bytes>)> {
    let mut groups: Vec<(Bytes, Vec<Bytes>)> = Vec::new();
    for (name, value) in headers.iter() {
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value.clone()),
            None => groups.push((name.clone(), vec![value.clone()])),
        }
    }
    groups
}

#[test]
fn every_recording_goes_into_both_formats_with_its_bytes() {
    let mut checked = 0;
    for (path, reading) in readings() {
        for format in WRITTEN {
            let written = format::write(format, &reading.cassette).unwrap();
            let again = read_back(format, written.bytes);
            assert_eq!(
                again.cassette.interactions.len(),
                reading.cassette.interactions.len()
            );
            let both = again.cassette.interactions.iter();
            for (index, (new, old)) in both.zip(&reading.cassette.interactions).enumerate() {
                let place = format!("{} {index} as {format}", path.display());
                let (answer, kept) = (new.response().unwrap(), old.response().unwrap());
                assert_eq!(new.request.method, old.request.method, "{place}");
                assert_eq!(new.request.url(), old.request.url(), "{place}");
                assert_eq!(new.request.body.bytes, old.request.body.bytes, "{place}");
                assert_eq!(
                    grouped(&new.request.headers),
                    grouped(&old.request.headers),
                    "{place}"
                );
                assert_eq!(answer.status, kept.status, "{place}");
                assert_eq!(answer.reason, kept.reason, "{place}");
                assert_eq!(answer.body.bytes, kept.body.bytes, "{place}");
                let told = |what: &str| {
                    let line = format!("interaction {}: {what}", index + 1);
                    written.losses.contains(&line)
                };
                if told("the response's content-encoding, which its body no longer has") {
                    assert!(!answer.headers.all("content-encoding").any(|_| true));
                } else {
                    assert_eq!(grouped(&answer.headers), grouped(&kept.headers), "{place}");
                }
                checked += 1;
            }
        }
    }
    println!("{checked} interactions are written and read again");
}

#[test]
fn tells_what_is_lost() {
    let mut failed = Interaction::of(
        RecordedRequest::new("GET", "https://www.google.com/"),
        Outcome::Failed("reset".to_owned()),
    );
    failed.started_at = Some(UNIX_EPOCH + Duration::from_secs(1_300_000_000));
    let mut request = RecordedRequest::new("GET", "/accounts/ClientLogin");
    request.base = Some("https://www.google.com".to_owned());
    request.version = Some("HTTP/1.0".to_owned());
    request.headers.push("A", "1");
    request.headers.push("B", "2");
    request.headers.push("A", "3");
    let mut response = RecordedResponse::new(200);
    response.version = Some("HTTP/1.1".to_owned());
    response.headers.push("Content-Encoding", "gzip");
    response.headers.push("Content-Length", "99");
    response.trailers.push("X-Sum", "1");
    response.body = Body::decoded("plain");
    let mut odd = Interaction::new(request, response);
    odd.took = Some(Duration::from_millis(5));
    odd.started_at = Some(UNIX_EPOCH + Duration::from_millis(1_300_000_000_250));
    let cassette = Cassette::new(vec![failed, odd]);

    let ruby = format::write(Format::RubyVcr, &cassette).unwrap();
    let common = [
        "interaction 1: it failed without an answer, and is left out",
        "interaction 2: that the request's target was a path",
        "interaction 2: the request's version of HTTP",
        "interaction 2: the order of the request's headers, which are grouped by name",
    ];
    let rest = [
        "interaction 2: the response's content-encoding, which its body no longer has",
        "interaction 2: the response's trailers",
    ];
    let took = "interaction 2: how long the answer took";
    let expected = [
        &common[..],
        &rest[..],
        &["interaction 2: the fraction of the second", took],
    ]
    .concat();
    assert_eq!(ruby.losses, expected);
    let expected = [
        &common[..],
        &[
            "interaction 2: a repeated request header, of which the tool reads one value",
            "interaction 2: the response's version of HTTP",
        ],
        &rest[..],
        &["interaction 2: the moment", took],
    ]
    .concat();
    let vcrpy = format::write(Format::Vcrpy, &cassette).unwrap();
    assert_eq!(vcrpy.losses, expected);
    assert_eq!(
        String::from_utf8(vcrpy.bytes).unwrap(),
        "interactions:
- request:
    body: null
    headers:
      A:
      - '1'
      - '3'
      B:
      - '2'
    method: GET
    uri: https://www.google.com/accounts/ClientLogin
  response:
    body:
      string: plain
    headers:
      Content-Length:
      - '5'
    status:
      code: 200
      message: null
version: 1
"
    );
    assert_eq!(
        String::from_utf8(ruby.bytes).unwrap(),
        format!(
            "---
http_interactions:
- request:
    method: get
    uri: https://www.google.com/accounts/ClientLogin
    body:
      encoding: UTF-8
      string: ''
    headers:
      A:
      - '1'
      - '3'
      B:
      - '2'
  response:
    status:
      code: 200
      message:
    headers:
      Content-Length:
      - '5'
    body:
      encoding: UTF-8
      string: plain
    http_version: '1.1'
  recorded_at: Sun, 13 Mar 2011 07:06:40 GMT
recorded_with: gdata-auth {}
",
            env!("CARGO_PKG_VERSION")
        )
    );
}

/// Text that some version of YAML could take for something else, and any other.
fn text() -> impl Strategy<Value = String> {
    let traps = select(vec![
        "",
        " ",
        "*",
        "&a",
        "!",
        "!!binary",
        "null",
        "~",
        "true",
        "Yes",
        "no",
        "y",
        "N",
        "on",
        "0x1F",
        "017",
        "1e3",
        "1_000",
        "12:30:45",
        "2012-11-01",
        ".inf",
        ".nan",
        "=",
        "<<",
        "- a",
        "? a",
        "a: b",
        "a #b",
        "a:",
        "#",
        "'",
        "\"",
        "\\",
        "%",
        "@",
        "`",
        "|",
        ">",
        "[",
        "{",
        "}",
        ",",
        "---",
        "...",
        ":sym",
        "a\nb",
        "a\r\nb",
        "\n",
        "a\n",
        "\t",
        "\0",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{feff}",
        "\u{fffe}",
        "🚚",
        "é",
        "<%= a %>",
        "<NAME>",
        " a ",
        "a  b",
    ])
    .prop_map(str::to_owned);
    prop_oneof![traps, ".{0,200}", "[ -~]{0,300}", "(?s).{0,60}"]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        text().prop_map(String::into_bytes),
        vec(any::<u8>(), 0..400),
        vec(any::<u8>(), 0..4).prop_map(|few| few.repeat(60)),
    ]
}

fn headers() -> impl Strategy<Value = Headers> {
    // Names that no map would reorder: each once, with one to three values.
    vec((text(), vec(body(), 1..4)), 0..5).prop_map(|groups| {
        let mut headers = Headers::default();
        for (index, (name, values)) in groups.into_iter().enumerate() {
            for value in values {
                headers.push(format!("{name}{index}"), value);
            }
        }
        headers
    })
}

fn interaction() -> impl Strategy<Value = Interaction> {
    (
        ("[A-Z]{1,8}", text(), headers(), body()),
        (100_u16..1000, option::of(text()), headers(), body()),
        option::of(1_u64..4_000_000_000),
    )
        .prop_map(
            |((method, target, asked, sent), (status, reason, told, came), at)| {
                let mut request =
                    RecordedRequest::new(method, format!("https://a.example/{target}"));
                request.headers = asked;
                request.body = Body::unknown(sent);
                let mut response = RecordedResponse::new(status);
                response.reason = reason;
                response.headers = told;
                response.body = Body::unknown(came);
                let mut interaction = Interaction::new(request, response);
                interaction.started_at = at.map(|at| UNIX_EPOCH + Duration::from_secs(at));
                interaction
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_written_and_read_again(interactions in vec(interaction(), 0..4)) {
        let cassette = Cassette::new(interactions);
        for format in WRITTEN {
            let written = format::write(format, &cassette).unwrap();
            let again = read_back(format, written.bytes);
            prop_assert_eq!(again.cassette.interactions.len(), cassette.interactions.len());
            for (new, old) in again.cassette.interactions.iter().zip(&cassette.interactions) {
                prop_assert_eq!(&new.request, &old.request);
                prop_assert_eq!(new.response(), old.response());
                if format == Format::RubyVcr && old.started_at.is_some() {
                    prop_assert_eq!(new.started_at, old.started_at);
                }
            }
        }
    }
}
