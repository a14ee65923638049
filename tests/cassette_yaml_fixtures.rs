//! One fixture for each dialect of Ruby VCR, vcrpy, Betamax, go-vcr, OkReplay and php-vcr, and what is read from it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use gdata_auth::cassette::{
    BodyForm, Headers, Interaction, Limits, Reading, RecordedResponse, Severity, format::Format,
    load,
};
use serde_json::json;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/cassettes")
        .join(name)
}

fn read(name: &str, format: Format, count: usize) -> Reading {
    let reading = load(fixture(name), &Limits::default()).unwrap();
    assert_eq!(reading.format, format, "{name}");
    assert_eq!(reading.cassette.interactions.len(), count, "{name}");
    reading
}

fn at(reading: &Reading, index: usize) -> (&Interaction, &RecordedResponse) {
    let interaction = &reading.cassette.interactions[index];
    (interaction, interaction.response().unwrap())
}

fn pairs(headers: &Headers) -> Vec<(&str, &str)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                std::str::from_utf8(name).unwrap(),
                std::str::from_utf8(value).unwrap(),
            )
        })
        .collect()
}

/// Field and severity of each problem, with the interaction.
fn told(reading: &Reading) -> Vec<(usize, &str, Severity)> {
    reading
        .problems
        .iter()
        .map(|problem| {
            let interaction = problem.interaction.unwrap_or_default();
            (interaction, problem.field.as_str(), problem.severity)
        })
        .collect()
}

#[test]
fn reads_ruby_vcr_6() {
    for (name, encoding) in [
        ("ruby-vcr/v6.yml", "yaml"),
        ("ruby-vcr/compressed.yml.z", "zlib"),
    ] {
        let reading = read(name, Format::RubyVcr, 2);
        assert_eq!(
            reading.cassette.recorded_with.as_deref(),
            Some("VCR 6.3.1"),
            "{encoding}"
        );
        let (login, answer) = at(&reading, 0);
        assert_eq!(login.request.method, "POST");
        assert_eq!(
            login.request.target,
            "https://www.google.com/accounts/ClientLogin"
        );
        assert_eq!(
            login.request.body.bytes,
            "accountType=HOSTED_OR_GOOGLE&Email=ann%40example.com&Passwd=%3CPASSWORD%3E&service=youtube"
        );
        assert_eq!(
            login.started_at,
            Some(UNIX_EPOCH + Duration::from_secs(1_351_797_652))
        );
        assert_eq!((answer.status, answer.reason.as_deref()), (200, Some("OK")));
        assert_eq!(answer.version.as_deref(), Some("HTTP/1.1"));
        assert_eq!(
            answer.body.bytes,
            "SID=DQAAA-one\nLSID=DQAAA-two\nAuth=DQAAA-three\n"
        );
        assert_eq!(answer.body.form, BodyForm::Unknown);
        assert_eq!(
            pairs(&answer.headers),
            [
                ("Content-Type", "text/plain"),
                ("Set-Cookie", "S=calendar=one; Path=/"),
                ("Set-Cookie", "T=two; Path=/"),
                ("Cache-Control", "no-cache, no-store"),
            ]
        );
        assert_eq!(
            json!(login.provenance.extra),
            json!({
                "request.body.encoding": "US-ASCII",
                "response.body.encoding": "ASCII-8BIT",
                "response.adapter_metadata": {
                    "effective_url": "https://www.google.com/accounts/ClientLogin",
                    "retries": 0,
                    "tag": "2",
                },
            })
        );
        let (asked, missing) = at(&reading, 1);
        assert_eq!(
            pairs(&asked.request.headers),
            [
                ("Authorization", "GoogleLogin auth=<TOKEN>"),
                ("Accept", "*/*"),
                ("X-Ratio", "1.50"),
                ("X-Day", "2012-11-01"),
            ]
        );
        assert_eq!((missing.status, &missing.reason), (404, &None));
        assert_eq!(missing.version, None);
        assert_eq!(missing.body.bytes, b"No such user: J\xfcrg\r\n".as_slice());
        assert_eq!(
            told(&reading),
            [
                (1, "request.body", Severity::Note),
                (2, "request.headers", Severity::Note),
            ]
        );
    }
}

#[test]
fn reads_ruby_vcr_2_with_binary_names_and_aliases() {
    let reading = read("ruby-vcr/v2-binary-keys.yml", Format::RubyVcr, 2);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(
        asked.request.target,
        "http://gdata.youtube.com/feeds/api/videos?q=<%= query %>"
    );
    assert_eq!(pairs(&asked.request.headers), [("Accept", "*/*")]);
    assert_eq!(answer.reason.as_deref(), Some("OK"));
    assert_eq!(answer.version.as_deref(), Some("HTTP/1.1"));
    assert_eq!(
        pairs(&answer.headers),
        [
            ("Server", "GSE"),
            ("Content-Encoding", "gzip"),
            ("Vary", "*")
        ]
    );
    assert_eq!(answer.body.bytes, b"\xff\0bytes".as_slice());
    let (asked, answer) = at(&reading, 1);
    assert_eq!(
        asked.request.body.bytes,
        "<entry>\n<title>a\nb</title></entry>\n"
    );
    assert_eq!(asked.request.headers, answer.headers);
    assert_eq!(answer.body.bytes, "plain under a header that tells nothing");
    assert_eq!(
        told(&reading),
        [
            (1, "request.uri", Severity::Note),
            (1, "response.body", Severity::Note),
        ]
    );
    assert!(reading.problems[0].message.contains("ERB"));
}

#[test]
fn reads_the_structs_of_ruby_vcr_1() {
    let reading = read("ruby-vcr/v1.yml", Format::RubyVcr, 2);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(asked.request.method, "GET");
    assert_eq!(
        asked.request.target,
        "http://gdata.youtube.com:80/feeds/api/users/ann"
    );
    assert!(asked.request.headers.is_empty() && asked.request.body.bytes.is_empty());
    assert_eq!(
        pairs(&answer.headers),
        [
            ("content-type", "application/atom+xml; charset=UTF-8"),
            ("vary", "*"),
            ("set-cookie", "A=1"),
            ("set-cookie", "B=2"),
            ("content-length", "7"),
        ]
    );
    assert_eq!(answer.body.bytes, "<feed/>");
    assert_eq!(answer.version.as_deref(), Some("HTTP/1.1"));
    let (asked, answer) = at(&reading, 1);
    assert_eq!(asked.request.method, "POST");
    assert_eq!(asked.started_at, None);
    assert_eq!(answer.body.bytes, "Error=BadAuthentication\n");
    assert_eq!(told(&reading), []);
    assert_eq!(reading.cassette.recorded_with, None);
}

#[test]
fn reads_ruby_vcr_in_json() {
    let reading = read("ruby-vcr/v6.json", Format::RubyVcr, 1);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(
        asked.request.headers.text("authorization").unwrap(),
        "AuthSub token=\"1/one\""
    );
    assert_eq!(answer.status, 302);
    assert_eq!(answer.body.bytes, "moved 🚚");
    assert_eq!(told(&reading), []);
}

#[test]
fn reads_vcrpy_1() {
    let reading = read("vcrpy/v1.yaml", Format::Vcrpy, 3);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(asked.request.method, "POST");
    assert_eq!(
        pairs(&asked.request.headers),
        [
            ("Accept", "*/*"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("User-Agent", "python-requests/2.28.0"),
        ]
    );
    assert_eq!(
        answer.body.bytes,
        "{\n  \"access_token\": \"ya29.one\",\n  \"expires_in\": 3599,\n  \"token_type\": \"Bearer\"\n}"
    );
    assert_eq!(answer.headers.all("set-cookie").count(), 2);
    let (asked, answer) = at(&reading, 1);
    assert_eq!(asked.request.body.bytes, b"\xff\0bytes".as_slice());
    assert_eq!(
        answer
            .body
            .plain(&answer.headers, &Limits::default())
            .unwrap()
            .as_ref(),
        b"packed body\n"
    );
    // As http.client has it: a byte is the character of its number.
    assert_eq!(answer.headers.first("x-author").unwrap(), b"J\xfcrg");
    assert_eq!(
        json!(asked.provenance.extra),
        json!({"response.url": "http://127.0.0.1:8080/upload"})
    );
    let (_, answer) = at(&reading, 2);
    assert_eq!(answer.body.bytes, "null");
    assert_eq!(answer.reason, None);
    assert_eq!(pairs(&answer.headers), [("X-Number", "017")]);
    assert_eq!(told(&reading), [(3, "response.headers", Severity::Note)]);

    let reading = read("vcrpy/v1.json", Format::Vcrpy, 1);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(asked.request.body.bytes, "");
    assert_eq!(answer.status, 401);
    assert_eq!(answer.body.bytes, "{\"error\": {\"code\": 401}}");
}

#[test]
fn reads_the_httpx_dialect_of_vcrpy() {
    let reading = read("vcrpy/httpx.yaml", Format::Vcrpy, 2);
    let (_, answer) = at(&reading, 0);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.version.as_deref(), Some("HTTP/1.1"));
    assert_eq!(answer.body.bytes, "{\n  \"keys\": []\n}\n");
    assert!(answer.body.is_decoded(&answer.headers));
    // What the length tells is base64 that nobody announced.
    let (_, answer) = at(&reading, 1);
    assert_eq!(answer.body.bytes, b"\xff\0bytes".as_slice());
    assert_eq!(
        told(&reading),
        [
            (1, "response.body", Severity::Note),
            (2, "response.content", Severity::Note),
        ]
    );
}

#[test]
fn reads_vcrpy_from_before_1_and_makes_no_object() {
    let reading = read("vcrpy/before-1.0.yaml", Format::Vcrpy, 2);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(
        asked.request.target,
        "https://www.google.com/accounts/ClientLogin"
    );
    assert_eq!(asked.request.body.bytes, "Email=ann%40example.com");
    assert_eq!(
        pairs(&asked.request.headers),
        [
            ("accept-encoding", "gzip, deflate, compress"),
            ("accept", "*/*")
        ]
    );
    assert_eq!(
        pairs(&answer.headers),
        [
            ("content-type", "text/plain"),
            ("set-cookie", "A=1"),
            ("set-cookie", "B=2")
        ]
    );
    assert_eq!(answer.body.bytes, "Auth=DQAAA-one\n");
    let (asked, _) = at(&reading, 1);
    assert_eq!(asked.request.target, "https://www.google.com:8443/upload");
    assert_eq!(asked.request.body.bytes, "streamed");
    assert_eq!(asked.provenance.index, 2);
    assert_eq!(
        told(&reading),
        [(2, "request.body", Severity::Lost), (0, "", Severity::Note)]
    );
    let lost = reading.problems[0].to_string();
    assert!(
        lost.ends_with(
            "before-1.0.yaml: interaction 2: request.body: expected text or bytes, got an object of \
             Python, which is not made"
        ),
        "{lost}"
    );

    let reading = read("vcrpy/before-1.0.json", Format::Vcrpy, 1);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(
        asked.request.target,
        "http://gdata.youtube.com/feeds/api/videos"
    );
    assert_eq!(
        pairs(&answer.headers),
        [("content-type", "application/atom+xml")]
    );
}

#[test]
fn reads_betamax_and_its_old_form() {
    let reading = read("betamax/v0.9.json", Format::Betamax, 1);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(
        asked.started_at,
        Some(UNIX_EPOCH + Duration::from_secs(1_539_029_750))
    );
    assert_eq!(
        answer
            .body
            .plain(&answer.headers, &Limits::default())
            .unwrap()
            .as_ref(),
        b"abc"
    );
    assert_eq!(answer.headers.all("set-cookie").count(), 2);
    assert_eq!(
        asked.provenance.extra["response.url"],
        "https://www.googleapis.com/drive/v3/files"
    );
    let reading = read("betamax/old.json", Format::Betamax, 1);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(asked.request.body.bytes, "user=ann");
    assert_eq!(pairs(&asked.request.headers), [("Accept", "*/*")]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body.bytes, b"J\xfcrg".as_slice());
}

#[test]
fn reads_go_vcr_1_and_4() {
    let reading = read("go-vcr/v1.yaml", Format::GoVcr, 1);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(asked.request.target, "https://oauth2.googleapis.com/token");
    assert_eq!(asked.request.body.bytes, "assertion=one&grant_type=jwt");
    assert_eq!((answer.status, answer.reason.as_deref()), (200, Some("OK")));
    assert_eq!(answer.headers.all("set-cookie").count(), 2);
    assert_eq!(answer.body.form, BodyForm::Unknown);
    assert_eq!(asked.took, None);

    let reading = read("go-vcr/v4.yaml", Format::GoVcr, 2);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(asked.request.version.as_deref(), Some("HTTP/1.1"));
    assert_eq!(asked.took, Some(Duration::from_millis(62_500)));
    assert_eq!(answer.version.as_deref(), Some("HTTP/2.0"));
    assert_eq!(pairs(&answer.trailers), [("X-Checksum", "one")]);
    assert_eq!(answer.body.form, BodyForm::Decoded);
    assert_eq!(answer.body.bytes, "{\n  \"kind\": \"storage#buckets\"\n}\n");
    assert_eq!(asked.provenance.extra["id"], 0);
    assert_eq!(
        asked.provenance.extra["response.transfer_encoding"],
        json!(["chunked"])
    );
    let (asked, answer) = at(&reading, 1);
    assert_eq!(asked.request.method, "GET");
    assert_eq!(asked.request.body.bytes, b"\xff\0bytes".as_slice());
    assert_eq!(
        (answer.status, answer.reason.as_deref()),
        (204, Some("No Content"))
    );
    assert_eq!(told(&reading), []);
}

#[test]
fn reads_a_tape_of_okreplay_and_no_file_outside_its_folder() {
    let reading = read("okreplay/tape.yaml", Format::OkReplay, 2);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(
        asked.started_at,
        Some(UNIX_EPOCH + Duration::from_millis(1_314_131_073_250))
    );
    // One header with two values cannot be told from one with a comma.
    assert_eq!(
        pairs(&asked.request.headers),
        [
            ("Authorization", "AuthSub token=\"1/one\""),
            ("Accept", "text/html, image/gif"),
        ]
    );
    assert_eq!(
        answer.body.bytes,
        "Target=https://www.example.com\nScope=https://www.google.com/calendar/feeds/\n"
    );
    let (asked, answer) = at(&reading, 1);
    assert_eq!(asked.request.body.bytes, b"\xff\0bytes".as_slice());
    assert_eq!(answer.body.bytes, "created\n");
    assert_eq!(told(&reading)[0], (3, "response.body", Severity::Lost));
}

#[test]
fn reads_php_vcr_and_its_old_form() {
    let reading = read("php-vcr/new.yml", Format::PhpVcr, 2);
    let (asked, answer) = at(&reading, 0);
    assert_eq!(
        asked.request.target,
        "https://gdata.youtube.com/feeds/api/users/ann"
    );
    assert_eq!(answer.version.as_deref(), Some("HTTP/1.1"));
    assert_eq!(answer.body.bytes, "<feed/>");
    assert_eq!(answer.headers.all("set-cookie").count(), 2);
    assert_eq!(asked.provenance.extra["index"], 0);
    let (asked, answer) = at(&reading, 1);
    assert_eq!(
        asked.provenance.extra["request.post_fields"],
        json!({"Email": "ann@example.com", "service": "youtube"})
    );
    assert_eq!(answer.status, 403);
    assert_eq!(told(&reading), [(2, "request.body", Severity::Note)]);

    let reading = read("php-vcr/old.json", Format::PhpVcr, 2);
    // It looks like base64, but no header says that it is.
    assert_eq!(at(&reading, 0).1.body.bytes, "cGxhaW4=");
    let (_, answer) = at(&reading, 1);
    assert_eq!(
        (
            answer.status,
            answer.reason.as_deref(),
            answer.version.as_deref()
        ),
        (404, Some("Not Found"), Some("HTTP/1.1"))
    );
}

#[test]
fn every_dialect_has_a_name() {
    for name in [
        "ruby-vcr", "vcrpy", "betamax", "go-vcr", "okreplay", "php-vcr",
    ] {
        let format = Format::named(name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(format.name(), name);
        assert_eq!(
            format.is_written(),
            matches!(format, Format::RubyVcr | Format::Vcrpy),
            "{name}"
        );
    }
}
