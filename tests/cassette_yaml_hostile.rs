//! Files that are cut, damaged or meant to harm: clear problems, within bounds, and never a panic.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{fmt::Write as _, fs, path::Path};

use bytes::Bytes;
use gdata_auth::{
    Error, Kind,
    cassette::{
        Limits, Reading, Severity,
        format::{self, Format, Source},
    },
};

fn read_within(text: impl Into<Bytes>, limits: &Limits) -> Result<Reading, Error> {
    format::read(&source(&text.into(), limits))
}

fn source<'s>(bytes: &Bytes, limits: &'s Limits) -> Source<'s> {
    Source {
        bytes: bytes.clone(),
        name: "hostile",
        folder: None,
        limits,
    }
}

fn read(text: impl Into<Bytes>) -> Result<Reading, Error> {
    read_within(text, &Limits::default())
}

const FIXTURES: &[(&str, Format)] = &[
    ("ruby-vcr/v6.yml", Format::RubyVcr),
    ("ruby-vcr/v2-binary-keys.yml", Format::RubyVcr),
    ("ruby-vcr/v1.yml", Format::RubyVcr),
    ("ruby-vcr/v6.json", Format::RubyVcr),
    ("ruby-vcr/compressed.yml.z", Format::RubyVcr),
    ("vcrpy/v1.yaml", Format::Vcrpy),
    ("vcrpy/v1.json", Format::Vcrpy),
    ("vcrpy/httpx.yaml", Format::Vcrpy),
    ("vcrpy/before-1.0.yaml", Format::Vcrpy),
    ("vcrpy/before-1.0.json", Format::Vcrpy),
    ("betamax/v0.9.json", Format::Betamax),
    ("betamax/old.json", Format::Betamax),
    ("go-vcr/v1.yaml", Format::GoVcr),
    ("go-vcr/v4.yaml", Format::GoVcr),
    ("okreplay/tape.yaml", Format::OkReplay),
    ("php-vcr/new.yml", Format::PhpVcr),
    ("php-vcr/old.json", Format::PhpVcr),
];

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cassettes");
    fs::read(folder.join(name)).unwrap()
}

#[test]
fn a_file_cut_at_any_byte_keeps_its_good_part() {
    for (name, format) in FIXTURES {
        let whole = fixture(name);
        let limits = Limits::default();
        let all = format::read_as(*format, &source(&whole.clone().into(), &limits)).unwrap();
        for cut in (0..whole.len()).step_by(if whole.len() > 400 { 3 } else { 1 }) {
            let part = Bytes::copy_from_slice(&whole[..cut]);
            if let Some(told) = format::tell(&source(&part, &limits)) {
                // Until an item of it is there, Betamax looks like VCR, whose form it took.
                let likely = *format == Format::Betamax && told == Format::RubyVcr;
                assert!(told == *format || likely, "{name} cut at {cut}: {told}");
            }
            let Ok(reading) = format::read_as(*format, &source(&part, &limits)) else {
                continue;
            };
            // What is there is what was there before, but for the last one, of which the end may be missing
            // where the form does not show it.
            let good = &reading.cassette.interactions;
            let sure = good.len().saturating_sub(1);
            let provenance = |index: usize| good[index].provenance.index;
            for (at, interaction) in good.iter().enumerate().take(sure) {
                let before = all
                    .cassette
                    .interactions
                    .iter()
                    .find(|one| one.provenance.index == provenance(at));
                assert_eq!(Some(interaction), before, "{name} cut at {cut}");
            }
        }
    }
}

#[test]
fn a_torn_file_says_where_and_how_much_is_good() {
    let json = r#"{"version": 1, "interactions": [
        {"request": {"method": "GET", "uri": "http://a.example/"}, "response": {"status": {"code": 200}}},
        {"request": {"method": "GET", "uri": "http://a.exam"#;
    let reading = read(json).unwrap();
    assert_eq!(reading.cassette.interactions.len(), 1);
    let error = reading.into_whole().unwrap_err();
    assert_eq!(error.kind(), Kind::Reply);
    assert_eq!(
        error.to_string(),
        "hostile: interaction 2: expected JSON, got EOF while parsing a string at line 3 column 59 \
         (1 interactions are good)"
    );

    let yaml = "interactions:\n- request: {method: GET, uri: http://a.example/}\n  response: {status: {code: 200}}\n\
                - request: {method: GET, uri: 'http://a.exa\n";
    let reading = read(yaml).unwrap();
    assert_eq!(reading.cassette.interactions.len(), 1);
    assert_eq!(reading.problems[0].severity, Severity::Torn);
    assert_eq!(reading.problems[0].interaction, Some(2));
    assert!(
        reading.problems[0].message.contains("line 4"),
        "{}",
        reading.problems[0]
    );

    // Half a pair at the end of a block, which YAML takes for whole.
    let yaml = "http_interactions:\n- request:\n    method: get\n    uri: http://a.example/\n  response:\n    \
                status:\n      code: 200\n      message: OK\n- request:\n    method: get\n    uri: http://a.example/\n";
    let reading = read(yaml).unwrap();
    assert_eq!(reading.cassette.interactions.len(), 1);
    assert_eq!(
        reading.problems[0].to_string(),
        "hostile: interaction 2: response: expected a map, got nothing"
    );
    assert_eq!(reading.problems[0].severity, Severity::Lost);

    // A compressed file that lost its end.
    let whole = fixture("ruby-vcr/compressed.yml.z");
    let limits = Limits::default();
    let torn: Bytes = whole[..whole.len() - 40].to_vec().into();
    let reading = format::read_as(Format::RubyVcr, &source(&torn, &limits)).unwrap();
    assert_eq!(reading.cassette.interactions.len(), 1);
    assert!(
        reading
            .problems
            .iter()
            .any(|problem| problem.severity == Severity::Torn)
    );
}

#[test]
fn bytes_that_are_no_text_end_the_good_part() {
    let mut bytes = fixture("ruby-vcr/v6.yml");
    let at = bytes.windows(5).rposition(|five| five == b"uri: ").unwrap();
    bytes[at + 8] = 0xff;
    let reading = read(bytes.clone()).unwrap();
    assert_eq!(reading.cassette.interactions.len(), 1);
    let last = reading.problems.last().unwrap();
    assert_eq!(last.severity, Severity::Torn);
    assert_eq!(
        last.to_string(),
        "hostile: interaction 2: expected UTF-8, got other bytes in line 38"
    );
    bytes[at + 8] = 0;
    let reading = read(bytes).unwrap();
    assert_eq!(reading.cassette.interactions.len(), 1);
    assert_eq!(reading.problems.last().unwrap().severity, Severity::Torn);
}

/// What stands in place of a value.
const WRONG: &[&str] = &[
    "[]",
    "{}",
    "-1",
    "'text'",
    "null",
    "[[1, 2], {a: b}]",
    "{a: [b]}",
    "99999999999999999999",
];

#[test]
fn a_wrong_type_at_any_key_loses_its_interaction_and_no_other() {
    let good = "- request: {method: GET, uri: 'http://b.example/', body: '', headers: {}}\n  \
                response: {status: {code: 204, message: No Content}, headers: {}, body: {string: ''}}\n";
    let keys: &[&[&str]] = &[
        &["request"],
        &["request", "method"],
        &["request", "uri"],
        &["request", "headers"],
        &["request", "headers", "A"],
        &["request", "body"],
        &["response"],
        &["response", "status"],
        &["response", "status", "code"],
        &["response", "status", "message"],
        &["response", "headers"],
        &["response", "headers", "B"],
        &["response", "body"],
        &["response", "body", "string"],
        &["response", "body", "encoding"],
        &["response", "body", "base64_string"],
        &["response", "http_version"],
        &["recorded_at"],
    ];
    let mut lost = 0;
    for list in ["interactions", "http_interactions"] {
        for key in keys {
            for wrong in WRONG {
                let mut text = format!("{list}:\n{good}- ");
                damaged(&mut text, key, wrong);
                writeln!(text, "{good}version: 1").unwrap();
                let reading = read(text.clone()).unwrap_or_else(|error| panic!("{text}: {error}"));
                let found = reading.cassette.interactions.len();
                assert!(found >= 2, "{text}");
                assert_eq!(
                    reading.cassette.interactions.last().unwrap().request.target,
                    "http://b.example/"
                );
                for problem in &reading.problems {
                    assert_ne!(problem.severity, Severity::Torn, "{text}{problem}");
                    if problem.severity == Severity::Lost {
                        assert_eq!(problem.interaction, Some(2), "{text}{problem}");
                        assert!(problem.field.starts_with(key[0]), "{text}{problem}");
                        assert!(!problem.message.contains("text'"), "{problem}");
                        lost += 1;
                    }
                }
                assert_eq!(found == 3, reading.clone().into_whole().is_ok(), "{text}");
            }
        }
    }
    assert!(lost > 100, "{lost}");
}

/// A pair with `wrong` at `key`.
fn damaged(text: &mut String, key: &[&str], wrong: &str) {
    let at = |path: &[&str], good: &str| {
        if path == key {
            wrong.to_owned()
        } else {
            good.to_owned()
        }
    };
    let request = format!(
        "{{method: {}, uri: {}, body: {}, headers: {}}}",
        at(&["request", "method"], "GET"),
        at(&["request", "uri"], "'http://a.example/'"),
        at(&["request", "body"], "''"),
        at(
            &["request", "headers"],
            &format!("{{A: {}}}", at(&["request", "headers", "A"], "[a]"))
        ),
    );
    let status = format!(
        "{{code: {}, message: {}}}",
        at(&["response", "status", "code"], "200"),
        at(&["response", "status", "message"], "OK"),
    );
    let mut body = format!(
        "{{string: {}, encoding: {}",
        at(&["response", "body", "string"], "b"),
        at(&["response", "body", "encoding"], "UTF-8"),
    );
    if key.contains(&"base64_string") {
        write!(body, ", base64_string: {wrong}").unwrap();
    }
    body.push('}');
    let response = format!(
        "{{status: {}, headers: {}, body: {}, http_version: {}}}",
        at(&["response", "status"], &status),
        at(
            &["response", "headers"],
            &format!("{{B: {}}}", at(&["response", "headers", "B"], "[b]"))
        ),
        at(&["response", "body"], &body),
        at(&["response", "http_version"], "'1.1'"),
    );
    writeln!(
        text,
        "request: {}\n  response: {}\n  recorded_at: {}",
        at(&["request"], &request),
        at(&["response"], &response),
        at(&["recorded_at"], "Thu, 01 Nov 2012 19:20:52 GMT"),
    )
    .unwrap();
}

const HEAD: &str = "http_interactions:\n- request: {method: get, uri: 'http://a.example/'}\n  response: \
                    {status: {code: 200}}\n";

#[test]
fn nesting_ends_where_the_limit_says() {
    for open in ["[", "{a: ", "- ", "? "] {
        let text = format!("{HEAD}- {}\n", open.repeat(100_000));
        let reading = read(text).unwrap();
        assert_eq!(reading.cassette.interactions.len(), 1, "{open}");
        assert!(reading.into_whole().is_err(), "{open}");
    }
    let json = format!("{{\"http_interactions\": [{}", "[".repeat(1_000_000));
    let reading = read(json).unwrap();
    assert!(
        reading.problems[0]
            .message
            .contains("expected at most 64 levels"),
        "{}",
        reading.problems[0]
    );
    let limits = Limits {
        depth: 2,
        ..Limits::default()
    };
    let reading = read_within(HEAD, &limits).unwrap();
    assert_eq!(reading.problems[0].severity, Severity::Torn);
}

#[test]
fn aliases_may_copy_only_so_much() {
    let mut bomb = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let copies = format!("*a{}, ", level - 1).repeat(9);
        writeln!(bomb, "a{level}: &a{level} [{copies}]").unwrap();
    }
    let text = format!("{HEAD}{bomb}");
    let reading = read(text).unwrap();
    let torn = reading.problems.last().unwrap();
    assert_eq!(torn.severity, Severity::Torn);
    assert!(torn.message.contains("aliases"), "{torn}");
    assert_eq!(reading.cassette.interactions.len(), 1);

    // One large text, many times.
    let large = "x".repeat(1 << 20);
    let text = format!("{HEAD}- &big '{large}'\n{}", "- *big\n".repeat(10_000));
    let reading = read(text).unwrap();
    assert_eq!(reading.problems.last().unwrap().severity, Severity::Torn);

    // An alias of what it stands in.
    let reading = read(format!("{HEAD}- &a [*a]\n")).unwrap();
    assert!(reading.into_whole().is_err());
}

#[test]
fn counts_and_sizes_end_where_the_limits_say() {
    let item = "- request: {method: get, uri: 'http://a.example/'}\n  response: {status: {code: 200}, body: \
                {string: 0123456789}, headers: {A: [1, 2, 3]}}\n";
    let text = format!("http_interactions:\n{}", item.repeat(5));
    let limits = Limits {
        interactions: 3,
        ..Limits::default()
    };
    let reading = read_within(text.clone(), &limits).unwrap();
    assert_eq!(reading.cassette.interactions.len(), 3);
    assert_eq!(reading.problems[0].severity, Severity::Torn);
    for (limits, field) in [
        (
            Limits {
                headers: 2,
                ..Limits::default()
            },
            "response.headers",
        ),
        (
            Limits {
                body: 9,
                ..Limits::default()
            },
            "response.body",
        ),
    ] {
        let reading = read_within(text.clone(), &limits).unwrap();
        assert_eq!(reading.cassette.interactions.len(), 0);
        assert_eq!(reading.problems.len(), 5);
        assert_eq!(reading.problems[0].field, field);
        assert_eq!(reading.problems[0].severity, Severity::Lost);
    }
}

#[test]
fn one_huge_line_takes_its_length_and_no_more() {
    let long = "x ".repeat(1 << 20);
    for value in [
        long.clone(),
        format!("'{long}'"),
        format!("\"{long}\""),
        format!("[{}]", "a, ".repeat(1 << 18)),
    ] {
        let text = format!(
            "{HEAD}- request: {{method: get, uri: 'http://a.example/'}}\n  response: {value}\n"
        );
        let reading = read(text).unwrap();
        assert_eq!(reading.cassette.interactions.len(), 1);
        assert_eq!(reading.problems[0].interaction, Some(2));
    }
    let text = format!("{HEAD}{}", "- ".repeat(1 << 20));
    assert!(read(text).unwrap().into_whole().is_err());
    let text = format!("{HEAD}{}", "#".repeat(2 << 20));
    assert!(read(text).unwrap().into_whole().is_ok());
    let text = format!("{HEAD}{}", "\n".repeat(2 << 20));
    assert!(read(text).unwrap().into_whole().is_ok());
}

#[test]
fn ends_of_lines_may_be_mixed() {
    for name in [
        "ruby-vcr/v6.yml",
        "vcrpy/v1.yaml",
        "go-vcr/v4.yaml",
        "ruby-vcr/v2-binary-keys.yml",
    ] {
        let text = String::from_utf8(fixture(name)).unwrap();
        let plain = read(text.clone()).unwrap();
        let crlf = read(text.replace('\n', "\r\n")).unwrap();
        assert_eq!(plain, crlf, "{name}");
        let mut odd = String::new();
        for (number, line) in text.lines().enumerate() {
            odd.push_str(line);
            odd.push_str(if number % 2 == 0 { "\n" } else { "\r\n" });
        }
        assert_eq!(plain, read(odd).unwrap(), "{name}");
        let marked = format!("\u{feff}{text}");
        assert_eq!(plain, read(marked).unwrap(), "{name}");
    }
}

#[test]
fn a_status_that_is_none_is_told() {
    for code in ["0", "7", "99", "1000", "-200", "2OO", "''"] {
        let text = HEAD.replace("code: 200", &format!("code: {code}"));
        let reading = read(text).unwrap();
        assert_eq!(reading.problems[0].field, "response.status.code", "{code}");
        assert_eq!(reading.problems[0].severity, Severity::Lost, "{code}");
    }
}

#[test]
fn messages_show_nothing_of_what_the_file_says() {
    let canary = "ya29.canary";
    for text in [
        format!("{HEAD}- request: {canary}\n"),
        format!("{HEAD}- request: {{method: get, uri: [{canary}]}}\n"),
        format!(
            "{HEAD}- request: {{method: get, uri: a}}\n  response: {{status: {{code: {canary}}}}}\n"
        ),
        format!("{HEAD}- request: {{method: get, uri: a, headers: [{canary}]}}\n"),
        format!("{HEAD}- request: {{method: get, uri: a, body: {{base64_string: '{canary}'}}}}\n"),
        format!("{HEAD}- *{canary}\n"),
        format!("{HEAD}- '{canary}\n"),
        format!("{{\"http_interactions\": [{{\"request\": {canary}"),
        format!("{{\"http_interactions\": [{{\"request\": \"{canary}"),
        format!("{HEAD}  recorded_at: {canary}\n"),
    ] {
        let reading = read(text.clone()).unwrap();
        assert!(!reading.problems.is_empty(), "{text}");
        for problem in &reading.problems {
            assert!(!problem.to_string().contains(canary), "{problem}");
        }
    }
}

#[test]
fn other_files_are_not_of_this_family() {
    for text in [
        "",
        "---\n",
        "[]",
        "{}",
        "HTTP/1.1 200 OK\r\n\r\n",
        "> GET / HTTP/1.1\n> \n  \n< HTTP/1.1 200 OK\n  \n",
        r#"{"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": "http://a.example/"}, "response": {}}]}}"#,
        r#"{"mappings": [{"request": {"method": "GET", "url": "/a"}, "response": {"status": 200}}]}"#,
        r#"{"request": {"method": "GET", "url": "/a"}, "response": {"status": 200}}"#,
        r#"[{"scope": "https://a.example:443", "method": "GET", "path": "/", "status": 200, "response": {}}]"#,
        r#"{"data": {"pairs": [{"request": {}, "response": {"status": 200}}]}, "meta": {"schemaVersion": "v5"}}"#,
        r#"{"Initial": "", "Version": "0.2", "Entries": [{"ID": "1", "Request": {}, "Response": {}}]}"#,
        r#"{"consumer": {}, "provider": {}, "interactions": [{"description": "a", "request": {"method": "GET", "path": "/"}, "response": {"status": 200}}]}"#,
        "openapi: 3.0.0\npaths: {/a: {get: {request: a}}}\n",
    ] {
        let limits = Limits::default();
        let told = format::tell(&source(&Bytes::from(text), &limits));
        let family = FIXTURES.iter().any(|(_, format)| told == Some(*format));
        assert!(!family, "{told:?}: {text}");
    }
}
