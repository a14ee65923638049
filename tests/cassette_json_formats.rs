//! Hoverfly, nock and go-replayers; and that each file is told by its content alone.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use std::path::{Path, PathBuf};

use bytes::Bytes;
use gdata_auth::{
    Kind,
    cassette::{
        Body, BodyForm, Criterion, Limits, Outcome, Reading, Severity, Subject, Test,
        format::{self, Format, Source},
        load,
    },
};
use serde_json::json;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/cassettes")
        .join(name)
}

fn read(format: Format, text: &str) -> Reading {
    let limits = Limits::default();
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    format::read_as(
        format,
        &Source {
            bytes,
            name: "x.json",
            folder: None,
            limits: &limits,
        },
    )
    .unwrap()
}

fn told(reading: &Reading) -> Vec<String> {
    reading
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.field, problem.message))
        .collect()
}

fn criterion(subject: Subject, test: Test) -> Criterion {
    Criterion { subject, test }
}

fn equals(text: &str) -> Test {
    Test::Equals {
        text: text.into(),
        ignore_case: false,
    }
}

#[test]
fn reads_a_simulation_of_hoverfly() {
    let reading = load(fixture("hoverfly/simulation.json"), &Limits::default()).unwrap();
    assert_eq!(reading.format, Format::Hoverfly);
    assert_eq!(
        reading.cassette.recorded_with.as_deref(),
        Some("Hoverfly v1.9.1")
    );
    let [token, calendar, film] = &reading.cassette.interactions[..] else {
        panic!("three pairs")
    };
    assert_eq!(
        token.pattern.as_ref().unwrap().criteria,
        [
            criterion(Subject::Method, equals("POST")),
            criterion(Subject::Scheme, equals("https")),
            criterion(Subject::Host, equals("accounts.google.com")),
            criterion(Subject::Path, equals("/o/oauth2/token")),
            criterion(Subject::Form("grant_type".into()), equals("refresh_token")),
            criterion(
                Subject::Header("Content-Type".into()),
                Test::Glob("application/*".into())
            ),
        ]
    );
    let scenario = token.pattern.as_ref().unwrap().scenario.as_ref().unwrap();
    assert_eq!(
        (
            &*scenario.name,
            scenario.required.as_deref(),
            scenario.then.as_deref()
        ),
        ("sequence:1", Some("Started"), Some("2"))
    );
    assert_eq!(
        token.request.url(),
        "https://accounts.google.com/o/oauth2/token"
    );
    assert_eq!(token.request.body.bytes, "grant_type=refresh_token");
    let answer = token.response().unwrap();
    assert_eq!(
        answer.body,
        Body::unknown("{\"access_token\":\"not-a-token\"}")
    );
    assert_eq!(
        answer.headers.all("set-cookie").collect::<Vec<_>>(),
        ["a=1", "b=2"]
    );
    assert_eq!(token.took.unwrap().as_millis(), 250);
    assert_eq!(token.provenance.extra["labels"], json!(["token"]));

    let criteria = &calendar.pattern.as_ref().unwrap().criteria;
    let whole = "(?s:.*)(?:^/calendar/v3/)(?s:.*)";
    assert!(
        criteria.contains(&criterion(Subject::Path, Test::Matches(whole.into()))),
        "found anywhere, as Go does"
    );
    assert!(
        regex::Regex::new(&format!("^(?:{whole})$"))
            .unwrap()
            .is_match("/calendar/v3/events")
    );
    assert!(criteria.contains(&criterion(Subject::Body, Test::Foreign("jsonpath".into()))));
    assert!(criteria.contains(&criterion(Subject::Query("alt".into()), equals("json"))));
    let json = Test::Json {
        value: json!({"a": 1}),
        extra_members: true,
        ordered: true,
    };
    assert_eq!(
        film.pattern.as_ref().unwrap().criteria[1],
        criterion(Subject::Body, json)
    );
    assert_eq!(film.response().unwrap().body.bytes, "a film\n");
    assert_eq!(
        told(&reading),
        [
            "response.body: expected a text, got a template, which is not filled in",
            "request: expected matchers that are known here, got jsonpath: it matches nothing",
        ]
    );
}

#[test]
fn reads_definitions_of_nock() {
    let reading = load(fixture("nock/definitions.json"), &Limits::default()).unwrap();
    assert_eq!(reading.format, Format::Nock);
    let [events, form, picture, plain] = &reading.cassette.interactions[..] else {
        panic!("four calls")
    };
    assert_eq!(
        events.request.target,
        "https://www.googleapis.com/calendar/v3/events?alt=json"
    );
    assert_eq!(
        events.request.headers.all("accept").collect::<Vec<_>>(),
        ["a/b", "c/d"]
    );
    assert_eq!(
        events.request.headers.text("content-length").as_deref(),
        Some("0")
    );
    let answer = events.response().unwrap();
    assert_eq!(answer.body.form, BodyForm::Wire);
    assert_eq!(
        *answer
            .body
            .plain(&answer.headers, &Limits::default())
            .unwrap(),
        *b"{\"id\":1}"
    );
    assert_eq!(
        answer.headers.all("set-cookie").collect::<Vec<_>>(),
        ["a=1", "b=2"]
    );
    assert_eq!(form.request.target, "http://www.example.com/base/form");
    assert_eq!(form.request.body.bytes, "{\"a\":[1,{\"b\":null}]}");
    assert_eq!(form.response().unwrap().body.bytes, "{\"made\":true}");
    assert_eq!(
        form.response()
            .unwrap()
            .headers
            .all("x-many")
            .collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert_eq!(
        picture.request.target,
        "https://www.example.com:8443/picture"
    );
    assert_eq!(
        picture.response().unwrap().body,
        Body::wire(&b"\x89PNG"[..])
    );
    assert_eq!(picture.provenance.extra["badheaders"], json!(["x-other"]));
    assert_eq!(
        plain.response().unwrap().body,
        Body::unknown("beef"),
        "a text that looks like digits is a text"
    );
    assert_eq!(
        told(&reading),
        ["response: expected chunks of the coding that the headers tell, got a body without it"]
    );
}

#[test]
fn does_not_execute_what_nock_prints() {
    let refused = load(fixture("nock/calls.js"), &Limits::default()).unwrap_err();
    assert_eq!(refused.kind(), Kind::Unsupported);
    assert!(refused.to_string().ends_with(
        "calls.js: expected definitions of nock in JSON, got JavaScript, which is not executed; record with \
         `nock.recorder.rec({ output_objects: true })`, or print `JSON.stringify(nock.recorder.play())`"
    ));
}

#[test]
fn reads_a_log_of_go_replayers() {
    let reading = load(fixture("go-replayers/log.replay"), &Limits::default()).unwrap();
    assert_eq!(reading.format, Format::GoReplayers);
    assert_eq!(
        reading.cassette.recorded_with.as_deref(),
        Some("go-replayers 0.2")
    );
    let [upload, object, last] = &reading.cassette.interactions[..] else {
        panic!("three entries")
    };
    let kind = upload
        .request
        .headers
        .text("content-type")
        .unwrap()
        .into_owned();
    let boundary = kind.strip_prefix("multipart/related; boundary=").unwrap();
    let mut body =
        format!("--{boundary}\r\n\r\n{{\"name\":\"x\"}}\n\r\n--{boundary}\r\n\r\n").into_bytes();
    body.extend(b"\xff\0film\r\n");
    body.extend(format!("--{boundary}--\r\n").bytes());
    assert_eq!(upload.request.body, Body::unknown(body));
    let answer = upload.response().unwrap();
    assert_eq!(answer.body, Body::wire("{\"ok\":true}"));
    assert_eq!(
        answer.headers.all("vary").collect::<Vec<_>>(),
        ["Origin", "X-Origin"]
    );
    assert_eq!(answer.trailers.text("digest").as_deref(), Some("x"));
    assert_eq!(upload.provenance.extra["ID"], "0d3bd8b0");
    let answer = object.response().unwrap();
    assert_eq!(answer.version.as_deref(), Some("HTTP/2.0"));
    assert_eq!(
        *answer
            .body
            .plain(&answer.headers, &Limits::default())
            .unwrap(),
        *b"{\"id\":1}"
    );
    assert_eq!(
        last.outcome,
        Outcome::Failed("no answer was recorded".into())
    );
    assert_eq!(
        told(&reading),
        [
            "Converter.ClearHeaders: expected all that was sent, got it without the values of headers that match \
             ^X-Goog-.*Encryption-Key$",
            "Converter.ClearParams: expected all that was sent, got it without the values of query parameters that \
             match ^key$",
            "Converter.RemoveRequestHeaders: expected all that was sent, got it without request headers that match \
             ^Authorization$ ^Content-Type$",
            "Converter.RemoveResponseHeaders: expected all that was sent, got it without response headers that match \
             ^X-Google-.*$",
            "Request.BodyParts: expected a multipart body, got its parts without headers and boundary; a body was made \
             of them",
            "Request: expected what was sent, got CLEARED in its place: match it by other fields",
            "Request: expected what was sent, got CLEARED in its place: match it by other fields",
        ]
    );
}

#[test]
fn tells_each_wrong_field() {
    for (format, text, problem) in [
        (
            Format::Hoverfly,
            r#"{"data":{"pairs":[{}]}}"#,
            "request: expected it, got none",
        ),
        (
            Format::Hoverfly,
            r#"{"data":{"pairs":[{"request":{"path":"x"},"response":{}}]}}"#,
            "request.path: expected an array, got a text",
        ),
        (
            Format::Hoverfly,
            r#"{"data":{"pairs":[{"request":{"body":[{"matcher":"json","value":"{"}]},"response":{}}]}}"#,
            "request.body.value: expected JSON, got other text",
        ),
        (
            Format::Hoverfly,
            r#"{"data":{"pairs":[{"request":{},"response":{"status":0}}]}}"#,
            "response.status: expected 100 to 999, got another number",
        ),
        (
            Format::Hoverfly,
            r#"{"data":{"pairs":[{"request":{},"response":{"body":"?","encodedBody":true}}]}}"#,
            "response.body: expected base64, got other text",
        ),
        (
            Format::Hoverfly,
            r#"{"data":{"pairs":[{"request":{},"response":{"bodyFile":"/etc/hostname"}}]}}"#,
            "response.bodyFile: expected a file beside this one, got none that can be read",
        ),
        (
            Format::Nock,
            r#"[{"path":"/"}]"#,
            "scope: expected it, got none",
        ),
        (
            Format::Nock,
            r#"[{"scope":"https://a","path":"/","rawHeaders":["a"]}]"#,
            "rawHeaders: expected names and values in turn, got a name without a value",
        ),
        (
            Format::Nock,
            r#"[{"scope":"https://a","path":"/","status":"200"}]"#,
            "status: expected a whole number, got a text",
        ),
        (
            Format::Nock,
            r#"[{"scope":"https://a","path":"/","response":"xyz","responseIsBinary":true}]"#,
            "response: expected hexadecimal digits, got other text",
        ),
        (
            Format::Nock,
            r#"[{"scope":"https://a","path":"/","response":["1f","8"],"rawHeaders":["content-encoding","gzip"]}]"#,
            "response: expected hexadecimal digits, got other text",
        ),
        (
            Format::GoReplayers,
            r#"{"Entries":[{"Request":{"URL":7}}]}"#,
            "Request.URL: expected a text, got a number",
        ),
        (
            Format::GoReplayers,
            r#"{"Entries":[{"Request":{"URL":"/","BodyParts":["?"]}}]}"#,
            "Request.BodyParts: expected base64, got other text",
        ),
        (
            Format::GoReplayers,
            r#"{"Entries":[{"Request":{"URL":"/"},"Response":{}}]}"#,
            "Response.StatusCode: expected it, got none",
        ),
        (
            Format::GoReplayers,
            r#"{"Entries":[{"Request":{"URL":"/","Header":{"a":"b"}}}]}"#,
            "Request.Header: expected an array for each name, got a text",
        ),
    ] {
        let reading = read(format, text);
        assert_eq!(reading.cassette.interactions.len(), 0, "{text}");
        assert_eq!(told(&reading), [problem], "{text}");
        assert_eq!(reading.problems[0].severity, Severity::Lost);
    }
}

#[test]
fn tells_each_format_by_its_content() {
    let limits = Limits::default();
    for (file, format) in [
        ("har/plain.har", Format::Har),
        ("har/chrome.har", Format::Har),
        ("har/firefox.har", Format::Har),
        ("har/polly.har", Format::Har),
        ("har/playwright-attach/login.har", Format::Har),
        ("har/mitmproxy.har", Format::Har),
        ("wiremock/mappings/login.json", Format::WireMock),
        ("wiremock/stub.json", Format::WireMock),
        ("hoverfly/simulation.json", Format::Hoverfly),
        ("nock/definitions.json", Format::Nock),
        ("nock/calls.js", Format::Nock),
        ("go-replayers/log.replay", Format::GoReplayers),
    ] {
        let bytes = Bytes::from(std::fs::read(fixture(file)).unwrap());
        let source = Source {
            bytes,
            name: "x",
            folder: None,
            limits: &limits,
        };
        assert_eq!(format::tell(&source), Some(format), "{file}");
    }
    // JSON of other recorders, and of none.
    let mine = [
        Format::Har,
        Format::WireMock,
        Format::Hoverfly,
        Format::Nock,
        Format::GoReplayers,
    ];
    for other in [
        r#"{"http_interactions":[{"request":{"method":"get","uri":"http://a/"},"response":{}}],"recorded_with":"VCR 6.3.1"}"#,
        r#"{"http_interactions":[],"recorded_with":"betamax/0.8.1"}"#,
        r#"{"version":1,"interactions":[{"request":{"method":"GET","uri":"http://a/"},"response":{"status":{"code":200}}}]}"#,
        r#"[{"request":{"method":"GET","url":"http://a/"},"response":{"status":{"code":"200"}}}]"#,
        r#"{"request":{"method":"get","uri":"http://a/"},"response":{}}"#,
        "[]",
        "{}",
        "7",
        "",
        "null",
        "---\nhttp_interactions: []\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "{\"log\":\"x\"}",
    ] {
        let source = Source {
            bytes: other.into(),
            name: "x",
            folder: None,
            limits: &limits,
        };
        assert!(
            format::tell(&source).is_none_or(|format| !mine.contains(&format)),
            "{other}"
        );
    }
}

#[test]
fn what_nests_as_deep_as_it_may_comes_back_from_our_own_form() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let extra = format!(
        r#"[{{"scope":"https://a.example","path":"/","x":{}}}]"#,
        deep(62)
    );
    let json = format!(
        r#"{{"mappings":[{{"request":{{"bodyPatterns":[{{"equalToJson":"{}"}}]}}}}]}}"#,
        deep(120)
    );
    for (format, text) in [(Format::Nock, extra), (Format::WireMock, json)] {
        let cassette = read(format, &text).into_whole().unwrap();
        let written =
            String::from_utf8(format::write(Format::Har, &cassette).unwrap().bytes).unwrap();
        assert_eq!(read(Format::Har, &written).into_whole().unwrap(), cassette);
    }
}
