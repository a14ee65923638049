//! HAR 1.2: our own form and the dialects of others.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a step that fails here fails the test, and what was read is told"
)]

use std::{
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use gdata_auth::cassette::{
    Body, BodyForm, Cassette, Criterion, Headers, Interaction, Limits, Outcome, Pattern, Reading,
    RecordedRequest, RecordedResponse, Scenario, SecretKind, Severity, StandIn, Subject, Test,
    format::{self, Format, Source},
    load,
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Map, Value, json};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/cassettes/har")
        .join(name)
}

fn read(bytes: impl Into<Bytes>) -> Reading {
    read_within(bytes, &Limits::default())
}

fn read_within(bytes: impl Into<Bytes>, limits: &Limits) -> Reading {
    format::read_as(
        Format::Har,
        &Source {
            bytes: bytes.into(),
            name: "test.har",
            folder: None,
            limits,
        },
    )
    .unwrap()
}

fn written(cassette: &Cassette) -> String {
    let written = format::write(Format::Har, cassette).unwrap();
    assert_eq!(written.losses, Vec::<String>::new());
    String::from_utf8(written.bytes).unwrap()
}

fn at(moment: &str) -> Option<SystemTime> {
    Some(moment.parse::<jiff::Timestamp>().unwrap().into())
}

fn answer(interaction: &Interaction) -> &RecordedResponse {
    interaction.response().unwrap()
}

// The native form.

#[test]
fn writes_a_strict_log_with_a_header_a_line() {
    let mut request =
        RecordedRequest::new("POST", "https://www.google.com/accounts/ClientLogin?hl=en");
    request.version = Some("HTTP/1.1".into());
    request
        .headers
        .push("Content-Type", "application/x-www-form-urlencoded");
    request.headers.push("Cookie", "S=1; T=2");
    request.body = Body::wire("Email=ann%40example.com");
    let mut response = RecordedResponse::new(302);
    response.reason = Some("Found".into());
    response.version = Some("HTTP/1.1".into());
    response.headers.push("Set-Cookie", "S=1; Path=/; HttpOnly");
    response.headers.push("Set-Cookie", "T=2");
    response.headers.push("Location", "/next");
    response.body = Body::wire("Auth=DQAA\n");
    let mut interaction = Interaction::new(request, response);
    interaction.started_at = at("2012-11-01T19:20:52Z");
    interaction.took = Some(Duration::from_micros(41_500));
    let mut cassette = Cassette::new(vec![interaction]);
    cassette
        .stand_ins
        .push(StandIn::new("DQAA", SecretKind::ClientLoginToken, true));

    let expected = r#"{
  "log": {
    "version": "1.2",
    "creator": {"name": "gdata-auth", "version": "VERSION"},
    "_gdataAuth": {
      "version": 1,
      "standIns": [
        {"issued":true,"kind":"client-login-token","text":"DQAA"}
      ]
    },
    "entries": [
      {
        "startedDateTime": "2012-11-01T19:20:52.000Z",
        "time": 41.5,
        "request": {
          "method": "POST",
          "url": "https://www.google.com/accounts/ClientLogin?hl=en",
          "httpVersion": "HTTP/1.1",
          "cookies": [
            {"name": "S", "value": "1"},
            {"name": "T", "value": "2"}
          ],
          "headers": [
            {"name": "Content-Type", "value": "application/x-www-form-urlencoded"},
            {"name": "Cookie", "value": "S=1; T=2"}
          ],
          "queryString": [
            {"name": "hl", "value": "en"}
          ],
          "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "Email=ann%40example.com"},
          "headersSize": -1,
          "bodySize": 23
        },
        "response": {
          "status": 302,
          "statusText": "Found",
          "httpVersion": "HTTP/1.1",
          "cookies": [
            {"name": "S", "value": "1", "path": "/", "httpOnly": true},
            {"name": "T", "value": "2"}
          ],
          "headers": [
            {"name": "Set-Cookie", "value": "S=1; Path=/; HttpOnly"},
            {"name": "Set-Cookie", "value": "T=2"},
            {"name": "Location", "value": "/next"}
          ],
          "content": {"size": 10, "mimeType": "x-unknown", "text": "Auth=DQAA\n"},
          "redirectURL": "/next",
          "headersSize": -1,
          "bodySize": 10
        },
        "cache": {},
        "timings": {"send": 0, "wait": 41.5, "receive": 0}
      }
    ]
  }
}
"#;
    assert_eq!(
        written(&cassette),
        expected.replace("VERSION", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn keeps_what_har_cannot_hold_beside_it() {
    let mut request = RecordedRequest::new("PUT", "/upload");
    request.base = Some("https://uploads.gdata.youtube.com".into());
    request.headers.push("X-Raw", &b"\xff\x00"[..]);
    request.body = Body::wire(&b"\xff\xfe"[..]);
    request.trailers.push("Digest", "x");
    let mut response = RecordedResponse::new(200);
    response.headers.push("content-encoding", "gzip");
    // `printf hello | gzip -n`
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0";
    response.body = Body::wire(&gzip[..]);
    response.body.redacted = true;
    let mut cassette = Cassette::new(vec![Interaction::new(request, response)]);
    cassette.interactions[0].took = Some(Duration::ZERO);
    cassette.recorded_with = Some("VCR 6.3.1".into());

    let text = written(&cassette);
    let log: Value = serde_json::from_str(&text).unwrap();
    let entry = &log["log"]["entries"][0];
    assert_eq!(
        entry["request"]["url"],
        "https://uploads.gdata.youtube.com/upload"
    );
    assert_eq!(
        entry["response"]["content"]["text"], "hello",
        "a browser shows it without its coding"
    );
    assert_eq!(
        entry["_gdataAuth"],
        json!({
            "request": {
                "target": "/upload",
                "base": "https://uploads.gdata.youtube.com",
                "base64": "//4=",
                "headers": [{"at": 0, "nameBase64": "WC1SYXc=", "valueBase64": "/wA="}],
                "trailers": [{"name": "Digest", "value": "x"}],
            },
            "response": {"redacted": true, "wire": "H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA=="},
            "started": null,
            "took": 0,
        })
    );
    assert_eq!(read(text).into_whole().unwrap(), cassette);
}

#[test]
fn takes_a_content_that_was_edited_by_hand() {
    let mut response = RecordedResponse::new(200);
    response.headers.push("content-encoding", "gzip");
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0";
    response.body = Body::wire(&gzip[..]);
    let cassette = Cassette::new(vec![Interaction::new(
        RecordedRequest::new("GET", "https://a.example/"),
        response,
    )]);
    let reading = read(written(&cassette).replace("\"hello\"", "\"Hello\""));
    assert_eq!(
        answer(&reading.cassette.interactions[0]).body,
        Body::decoded("Hello")
    );
    assert_eq!(
        reading.problems[0].to_string(),
        "test.har: interaction 1: response.content.text: expected what the bytes of the wire hold, got another text, \
         which is taken"
    );
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        any::<String>(),
        Just("\u{0}\"\\\u{7f}\u{2028}\r\n\t🙂".to_owned()),
        Just(String::new()),
    ]
}

fn bytes() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        text().prop_map(Bytes::from),
        vec(any::<u8>(), 0..20).prop_map(Bytes::from)
    ]
}

fn headers() -> impl Strategy<Value = Headers> {
    let name = prop_oneof![
        Just(Bytes::from("Content-Type")),
        Just(Bytes::from("set-cookie")),
        Just(Bytes::from("COOKIE")),
        Just(Bytes::from("content-encoding")),
        bytes(),
    ];
    let value = prop_oneof![
        Just(Bytes::from("gzip")),
        Just(Bytes::from("deflate, gzip")),
        Just(Bytes::from("a=b; Path=/; secure;;x")),
        bytes(),
    ];
    vec((name, value), 0..4).prop_map(|pairs| pairs.into_iter().collect())
}

fn body() -> impl Strategy<Value = Body> {
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0";
    let bytes = prop_oneof![
        bytes(),
        Just(Bytes::from_static(gzip)),
        Just(Bytes::from("[\"1f8b\"]"))
    ];
    let form = prop_oneof![
        Just(BodyForm::Wire),
        Just(BodyForm::Decoded),
        Just(BodyForm::Unknown)
    ];
    (bytes, form, option::of(any::<u64>()), any::<bool>()).prop_map(
        |(bytes, form, truncated_from, redacted)| {
            let mut body = Body::wire(bytes);
            (body.form, body.truncated_from, body.redacted) = (form, truncated_from, redacted);
            body
        },
    )
}

fn request() -> impl Strategy<Value = RecordedRequest> {
    let target = prop_oneof![
        Just("https://www.google.com/a?b=%20&b=c#d".to_owned()),
        Just("/feeds/api?x=1".to_owned()),
        Just("*".to_owned()),
        text(),
    ];
    let base = option::of(prop_oneof![Just("https://a.example".to_owned()), text()]);
    (
        text(),
        target,
        base,
        option::of(text()),
        headers(),
        body(),
        headers(),
    )
        .prop_map(|(method, target, base, version, headers, body, trailers)| {
            let mut request = RecordedRequest::new(method, target);
            (request.base, request.version) = (base, version);
            (request.headers, request.body, request.trailers) = (headers, body, trailers);
            request
        })
}

fn response() -> impl Strategy<Value = RecordedResponse> {
    let status = prop_oneof![Just(200), Just(0), any::<u16>()];
    (
        status,
        option::of(text()),
        option::of(text()),
        headers(),
        body(),
        headers(),
    )
        .prop_map(|(status, reason, version, headers, body, trailers)| {
            let mut response = RecordedResponse::new(status);
            (response.reason, response.version) = (reason, version);
            (response.headers, response.body, response.trailers) = (headers, body, trailers);
            response
        })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let subject = prop_oneof![
        Just(Subject::Method),
        Just(Subject::Scheme),
        Just(Subject::Host),
        Just(Subject::Url),
        Just(Subject::Path),
        Just(Subject::Body),
        text().prop_map(Subject::Query),
        text().prop_map(Subject::Header),
        text().prop_map(Subject::Cookie),
        text().prop_map(Subject::Form),
    ];
    let test = prop_oneof![
        (text(), any::<bool>()).prop_map(|(text, ignore_case)| Test::Equals { text, ignore_case }),
        text().prop_map(Test::Contains),
        text().prop_map(Test::Lacks),
        text().prop_map(Test::Matches),
        text().prop_map(Test::DoesNotMatch),
        text().prop_map(Test::Glob),
        text().prop_map(Test::Xml),
        text().prop_map(Test::Foreign),
        (value(), any::<bool>(), any::<bool>()).prop_map(|(value, extra_members, ordered)| {
            Test::Json {
                value,
                extra_members,
                ordered,
            }
        }),
        Just(Test::Present),
        Just(Test::Absent),
    ];
    let criterion = (subject, test).prop_map(|(subject, test)| Criterion { subject, test });
    let scenario =
        (text(), option::of(text()), option::of(text())).prop_map(|(name, required, then)| {
            let mut scenario = Scenario::default();
            (scenario.name, scenario.required, scenario.then) = (name, required, then);
            scenario
        });
    (vec(criterion, 0..4), option::of(scenario), any::<i64>()).prop_map(
        |(criteria, scenario, priority)| {
            let mut pattern = Pattern::default();
            (pattern.criteria, pattern.scenario, pattern.priority) = (criteria, scenario, priority);
            pattern
        },
    )
}

fn moment() -> impl Strategy<Value = SystemTime> {
    let epoch = SystemTime::UNIX_EPOCH;
    prop_oneof![
        (0..4_000_000_000_u64, 0..1_000_000_000_u32)
            .prop_map(move |(s, n)| epoch + Duration::new(s, n)),
        (0..4_000_000_000_u64).prop_map(move |s| epoch + Duration::from_secs(s)),
        (0..100_000_000_000_000_u64, 0..1_000_000_000_u32)
            .prop_map(move |(s, n)| epoch - Duration::new(s, n)),
        (0..100_000_000_000_000_u64, 0..1_000_000_000_u32)
            .prop_map(move |(s, n)| epoch + Duration::new(s, n)),
    ]
}

fn interaction() -> impl Strategy<Value = Interaction> {
    let outcome = prop_oneof![
        4 => response().prop_map(Outcome::Answered),
        1 => text().prop_map(Outcome::Failed),
    ];
    let took = option::of(prop_oneof![
        (any::<u64>(), 0..1_000_000_000_u32)
            .prop_map(|(seconds, nanos)| Duration::new(seconds, nanos)),
        (0..60_000_u64).prop_map(Duration::from_millis),
        Just(Duration::ZERO),
    ]);
    let formats: Vec<Option<Format>> = Format::all().map(Some).chain([None]).collect();
    let name = prop_oneof![
        text(),
        Just("_priority".to_owned()),
        Just("_gdataAuth".to_owned()),
        Just("timings".to_owned())
    ];
    let extra =
        vec((name, value()), 0..4).prop_map(|pairs| pairs.into_iter().collect::<Map<_, _>>());
    (
        request(),
        outcome,
        option::of(moment()),
        took,
        option::weighted(0.2, pattern()),
        (prop::sample::select(formats), any::<u32>(), extra),
    )
        .prop_map(
            |(request, outcome, started_at, took, pattern, (format, index, extra))| {
                let mut interaction = Interaction::of(request, outcome);
                (
                    interaction.started_at,
                    interaction.took,
                    interaction.pattern,
                ) = (started_at, took, pattern);
                interaction.provenance.format = format;
                interaction.provenance.index = index as usize;
                interaction.provenance.extra = extra;
                interaction
            },
        )
}

fn cassette() -> impl Strategy<Value = Cassette> {
    let kind = prop_oneof![
        Just(SecretKind::AccessToken),
        Just(SecretKind::OAuth1Token),
        Just(SecretKind::Other)
    ];
    let stand_in = (text(), kind, any::<bool>())
        .prop_map(|(text, kind, issued)| StandIn::new(text, kind, issued));
    (
        vec(interaction(), 0..4),
        vec(stand_in, 0..3),
        option::of(text()),
    )
        .prop_map(|(interactions, stand_ins, tool)| {
            let mut cassette = Cassette::new(interactions);
            (cassette.stand_ins, cassette.recorded_with) = (stand_ins, tool);
            cassette
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_read_back_the_same(cassette in cassette()) {
        let text = written(&cassette);
        let reading = read(text.clone());
        prop_assert_eq!(&reading.problems, &Vec::new(), "{}", text);
        prop_assert_eq!(&reading.cassette, &cassette, "{}", text);
        prop_assert_eq!(written(&reading.cassette), text);
        // By another reader, it is JSON.
        prop_assert!(serde_json::from_str::<Value>(&written(&cassette)).is_ok());
    }
}

// The dialects.

#[test]
fn reads_a_plain_log() {
    let path = fixture("plain.har");
    let reading = load(&path, &Limits::default()).unwrap();
    assert_eq!(reading.format, Format::Har);
    let [login, form] = &reading.cassette.interactions[..] else {
        panic!("two entries")
    };
    assert_eq!(
        reading.cassette.recorded_with.as_deref(),
        Some("Example Recorder 1.0")
    );
    assert_eq!(login.started_at, at("2012-11-01T18:20:52.125Z"));
    assert_eq!(login.took, Some(Duration::from_micros(41_500)));
    assert_eq!(
        login.request.body,
        Body::wire("Email=ann%40example.com&Passwd=not-a-password&service=cl")
    );
    let cookies: Vec<&Bytes> = answer(login).headers.all("set-cookie").collect();
    assert_eq!(cookies, ["S=1; Path=/", "T=2; Path=/"]);
    assert_eq!(answer(login).body, Body::wire("SID=a\nLSID=b\nAuth=c\n€"));
    assert_eq!(form.request.body.bytes, "a+b=1%262&c=%E2%82%AC");
    assert_eq!(answer(form).body, Body::wire(&b"\x89PNG\r\n\x1a\n"[..]));
    assert_eq!(
        (form.provenance.format, form.provenance.index),
        (Some(Format::Har), 1)
    );
    let told: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [format!(
            "{}: interaction 2: request.postData.text: expected the text that was posted, got its parameters; a form \
             was made of them",
            path.display()
        )]
    );
}

#[test]
fn reads_what_chrome_exports() {
    let reading = load(fixture("chrome.har"), &Limits::default()).unwrap();
    let [page, aborted, film] = &reading.cassette.interactions[..] else {
        panic!("three entries")
    };
    assert_eq!(
        page.request.headers.first(":authority"),
        Some(&b"accounts.google.com"[..])
    );
    assert_eq!(
        page.request.headers.to_map().unwrap().len(),
        1,
        "pseudo headers stay in the recording"
    );
    assert_eq!(page.request.version.as_deref(), Some("h2"));
    assert_eq!(
        page.took,
        Some(Duration::from_nanos(12_345_000)),
        "to the nanosecond"
    );
    // Chrome shows Unicode; the wire had ISO-8859-1.
    assert_eq!(
        answer(page).body,
        Body::decoded(&b"<p title=\"caf\xe9\">Allow</p>"[..])
    );
    assert!(
        answer(page)
            .to_http()
            .unwrap()
            .headers()
            .get("content-encoding")
            .is_none()
    );
    let extra = &page.provenance.extra;
    assert_eq!(extra["_priority"], "VeryHigh");
    assert_eq!(extra["response._transferSize"], 311);
    assert_eq!(extra["timings"]["_blocked_queueing"], 1.1);
    assert_eq!(aborted.outcome, Outcome::Failed("net::ERR_ABORTED".into()));
    assert_eq!(answer(film).body.truncated_from, Some(5_000_000));
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.problems[0].severity, Severity::Note);
    assert_eq!(
        reading.problems[0].message,
        "expected a body, got its size only"
    );
}

#[test]
fn takes_content_for_decoded_whatever_the_coding() {
    let body = |coding: &str, content: &str| {
        let entry = format!(
            r#"{{"request":{{"method":"GET","url":"/"}},"response":{{"status":200,"headers":[{{"name":"content-encoding","value":"{coding}"}}],"content":{content}}}}}"#
        );
        let log = |creator: &str| {
            format!("{{\"log\":{{\"creator\":{{\"name\":\"{creator}\"}},\"entries\":[{entry}]}}}}")
        };
        let form = |creator: &str| {
            answer(&read(log(creator)).cassette.interactions[0])
                .body
                .form
        };
        (form("WebInspector"), form("Polly.JS"))
    };
    let both = |form: BodyForm| (form, form);
    let picture = r#"{"text":"iVBORw0KGgo=","encoding":"base64"}"#;
    for coding in ["br", "zstd", "gzip", "deflate", "gzip, br"] {
        assert_eq!(body(coding, picture), both(BodyForm::Decoded), "{coding}");
    }
    // Bytes that bear the mark of their coding still have it.
    assert_eq!(
        body(
            "gzip",
            r#"{"text":"H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==","encoding":"base64"}"#
        ),
        both(BodyForm::Wire)
    );
    assert_eq!(
        body("zstd", r#"{"text":"KLUv/QBY","encoding":"base64"}"#),
        both(BodyForm::Wire)
    );
    // Polly's chunks are those of the wire, also of codings without a mark; elsewhere such a list is a body.
    assert_eq!(
        body("br", r#"{"text":"[\"0b02\",\"80\"]"}"#),
        (BodyForm::Decoded, BodyForm::Wire)
    );
    assert_eq!(body("identity", picture), both(BodyForm::Wire));
    assert_eq!(
        body("gzip", "{}"),
        both(BodyForm::Wire),
        "nothing is under no coding"
    );
}

#[test]
fn gives_a_recorders_own_fields_back_in_their_place() {
    let reading = load(fixture("chrome.har"), &Limits::default()).unwrap();
    let text = written(&reading.cassette);
    let log: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log["log"]["entries"][0]["_priority"], "VeryHigh");
    assert_eq!(read(text).into_whole().unwrap(), reading.cassette);
}

#[test]
fn reads_what_firefox_exports() {
    let reading = load(fixture("firefox.har"), &Limits::default()).unwrap();
    let [login, blocked] = &reading.cassette.interactions[..] else {
        panic!("two entries")
    };
    assert_eq!(login.request.body, Body::wire("a=1"));
    assert_eq!(answer(login).status, 302);
    assert_eq!(
        answer(login).headers.text("location").as_deref(),
        Some("/home")
    );
    assert_eq!(blocked.outcome, Outcome::Failed(String::new()));
    assert_eq!(reading.problems, []);
}

#[test]
fn reads_the_chunks_of_polly_as_bytes_of_the_wire() {
    let reading = load(fixture("polly.har"), &Limits::default()).unwrap();
    let [hexadecimal, base64, names] = &reading.cassette.interactions[..] else {
        panic!("three entries")
    };
    for interaction in [hexadecimal, base64] {
        let response = answer(interaction);
        assert_eq!(response.body.form, BodyForm::Wire);
        assert_eq!(response.body.bytes[..2], [0x1f, 0x8b]);
        let plain = response
            .body
            .plain(&response.headers, &Limits::default())
            .unwrap();
        assert_eq!(*plain, *b"{\"id\":1,\"title\":\"wire\"}");
    }
    let cookies: Vec<&Bytes> = answer(hexadecimal).headers.all("set-cookie").collect();
    assert_eq!(cookies, ["a=1; path=/", "b=2; path=/"]);
    assert_eq!(hexadecimal.request.body, Body::wire(""));
    assert_eq!(hexadecimal.provenance.extra["_order"], 0);
    assert_eq!(
        answer(names).body,
        Body::wire("[\"cafe\",\"12\"]"),
        "a list of words is a body like any other"
    );
    assert_eq!(reading.problems, []);
}

#[test]
fn reads_the_files_that_playwright_puts_beside() {
    let reading = load(fixture("playwright-attach/login.har"), &Limits::default()).unwrap();
    check_playwright(&reading);
}

#[test]
fn reads_the_archive_that_playwright_packs() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for file in fs::read_dir(fixture("playwright-attach")).unwrap() {
        let path = file.unwrap().path();
        archive
            .start_file(
                path.file_name().unwrap().to_str().unwrap(),
                zip::write::SimpleFileOptions::default(),
            )
            .unwrap();
        archive.write_all(&fs::read(path).unwrap()).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let limits = Limits::default();
    let source = Source {
        bytes: bytes.clone().into(),
        name: "login.har.zip",
        folder: None,
        limits: &limits,
    };
    assert_eq!(format::tell(&source), Some(Format::Har));
    check_playwright(&format::read(&source).unwrap());
    for end in [5, bytes.len() / 2, bytes.len() - 1] {
        let bytes = Bytes::copy_from_slice(&bytes[..end]);
        let torn = format::read(&Source {
            bytes,
            ..source.clone()
        })
        .unwrap_err();
        assert_eq!(
            torn.to_string(),
            "login.har.zip: expected a zip archive with a log, got a damaged one"
        );
    }
    let small = Limits { file: 20, ..limits };
    assert_eq!(
        format::read(&Source {
            limits: &small,
            ..source
        })
        .unwrap_err()
        .to_string(),
        "login.har.zip: expected at most 20 bytes, got more"
    );
}

fn check_playwright(reading: &Reading) {
    let [token, closed] = &reading.cassette.interactions[..] else {
        panic!("two entries")
    };
    assert_eq!(
        token.request.body,
        Body::wire("grant_type=refresh_token&refresh_token=not-a-token")
    );
    assert_eq!(
        answer(token).body,
        Body::wire("{\"access_token\":\"not-a-token\",\"token_type\":\"Bearer\"}\n")
    );
    assert_eq!(
        closed.outcome,
        Outcome::Failed("net::ERR_CONNECTION_REFUSED".into())
    );
    assert_eq!(closed.took, None);
    assert_eq!(reading.problems, []);
}

#[test]
fn leads_to_no_file_outside_the_folder_of_the_log() {
    let log = fs::read_to_string(fixture("playwright-attach/login.har")).unwrap();
    let outside = fixture("plain.har");
    let folder = std::env::temp_dir().join(format!("gdata-auth-har-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, folder.join("link.json")).unwrap();
    for (name, message) in [
        (
            "../plain.har",
            "expected the name of a file beside this one, got another path",
        ),
        (
            outside.to_str().unwrap(),
            "expected the name of a file beside this one, got another path",
        ),
        (
            "link.json",
            "expected a file beside this one, got a link out of its folder",
        ),
        (
            "none.json",
            "expected a file beside this one, got none that can be read",
        ),
        (
            "",
            "expected the name of a file beside this one, got another path",
        ),
    ] {
        let file = "563be2bfe68ab4cabdcacd7c59fd7813662f28d2.json";
        let log = log
            .replace(file, name)
            .replace("93cfe016bff4f6914da9c78c4aeb4135b9dea191.txt", "post.txt");
        fs::write(folder.join("post.txt"), "a=1").unwrap();
        let limits = Limits::default();
        let source = Source {
            bytes: log.into(),
            name: "x.har",
            folder: Some(&folder),
            limits: &limits,
        };
        let reading = format::read(&source).unwrap();
        assert_eq!(
            reading.cassette.interactions.len(),
            1,
            "the other entry is good"
        );
        assert_eq!(
            reading.problems[0].to_string(),
            format!("x.har: interaction 1: response.content._file: {message}")
        );
        assert_eq!(reading.problems[0].severity, Severity::Lost);
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn reads_what_mitmproxy_dumps() {
    let reading = load(fixture("mitmproxy.har"), &Limits::default()).unwrap();
    let [made, closed] = &reading.cassette.interactions[..] else {
        panic!("two entries")
    };
    assert_eq!(made.request.body, Body::wire("{\"a\":1}"));
    assert_eq!(
        answer(made).body,
        Body::decoded("made"),
        "under a header that tells br"
    );
    assert_eq!(made.started_at, at("2026-01-02T03:04:05.678901Z"));
    assert_eq!(
        closed.outcome,
        Outcome::Failed("server closed connection".into())
    );
    assert_eq!(reading.problems, []);
}

#[test]
fn reads_every_polly_recording_byte_true() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recordings/polly-har");
    if !folder.is_dir() {
        println!("skipped: no recordings beside the crate");
        return;
    }
    let mut files = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    let mut inflated = 0;
    for file in &files {
        let reading = load(file, &Limits::default()).unwrap();
        assert_eq!(
            (reading.format, &reading.problems),
            (Format::Har, &Vec::new()),
            "{}",
            file.display()
        );
        let raw: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let entries = raw["log"]["entries"].as_array().unwrap();
        assert_eq!(reading.cassette.interactions.len(), entries.len());
        for (interaction, entry) in reading.cassette.interactions.iter().zip(entries) {
            let response = answer(interaction);
            // By another reader: a list of texts of hexadecimal digits, put together.
            let text = entry["response"]["content"]["text"].as_str().unwrap();
            if let Ok(chunks) = serde_json::from_str::<Vec<String>>(text) {
                let bytes = response.body.bytes.iter();
                assert_eq!(
                    bytes.map(|byte| format!("{byte:02x}")).collect::<String>(),
                    chunks.concat()
                );
            } else {
                assert_eq!(response.body.bytes, text);
            }
            assert_eq!(response.body.form, BodyForm::Wire);
            let plain = response
                .body
                .plain(&response.headers, &Limits::default())
                .unwrap();
            serde_json::from_slice::<Value>(&plain).unwrap();
            inflated += usize::from(*plain != *response.body.bytes);
        }
        assert_eq!(
            read(written(&reading.cassette)).into_whole().unwrap(),
            reading.cassette
        );
    }
    println!("{} files of Polly, {inflated} bodies inflated", files.len());
    assert!(files.len() >= 4 && inflated >= 4);
}

// Bad input.

#[test]
fn tells_each_wrong_field_and_keeps_the_rest() {
    let good = r#"{"request":{"method":"GET","url":"https://a.example/","headers":[]},"response":{"status":200,"headers":[]}}"#;
    for (bad, problem) in [
        (
            good.replace("\"GET\"", "7"),
            "request.method: expected a text, got a number",
        ),
        (
            good.replace("\"method\":\"GET\",", ""),
            "request.method: expected it, got none",
        ),
        (
            good.replace("200", "\"200\""),
            "response.status: expected a number, got a text",
        ),
        (
            good.replace("200", "200.5"),
            "response.status: expected a whole number, got another",
        ),
        (
            good.replace("200", "1000"),
            "response.status: expected 100 to 999, got more",
        ),
        (
            good.replacen("[]", "{}", 1),
            "request.headers: expected an array, got an object",
        ),
        (
            good.replacen("[]", "[7]", 1),
            "request.headers: expected an object for each header, got a number",
        ),
        (
            good.replacen("[]", "[{\"name\":\"a\",\"value\":{}}]", 1),
            "request.headers.value: expected a text, got an object",
        ),
        (
            good.replacen("[]", "[{\"value\":\"a\"}]", 1),
            "request.headers: expected a name for each header, got none",
        ),
        (
            good.replace(
                "200,",
                "200,\"content\":{\"text\":\"?\",\"encoding\":\"base64\"},",
            ),
            "response.content.text: expected base64, got other text",
        ),
        (
            good.replace(
                "200,",
                "200,\"content\":{\"text\":\"?\",\"encoding\":\"rot13\"},",
            ),
            "response.content.text: expected base64 or no encoding, got other text",
        ),
        (
            good.replace("200,", "200,\"content\":{\"_file\":\"x\"},"),
            "response.content._file: expected a file beside this one, got none that can be read",
        ),
        ("7".to_owned(), "expected an object, got a number"),
        (
            "{\"request\":[]}".to_owned(),
            "request: expected an object, got an array",
        ),
    ] {
        let reading = read(format!("{{\"log\":{{\"entries\":[{good},{bad},{good}]}}}}"));
        assert_eq!(reading.cassette.interactions.len(), 2, "{bad}");
        assert_eq!(reading.cassette.interactions[1].provenance.index, 2);
        let told: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, [format!("test.har: interaction 2: {problem}")]);
        assert_eq!(reading.problems[0].severity, Severity::Lost);
    }
}

#[test]
fn takes_a_status_below_100_for_no_answer() {
    for status in 0..10 {
        let entry = format!(
            r#"{{"request":{{"method":"GET","url":"/"}},"response":{{"status":{status}}}}}"#
        );
        let reading = read(format!("{{\"log\":{{\"entries\":[{entry}]}}}}"));
        let why = if status == 0 {
            String::new()
        } else {
            format!("status {status}")
        };
        assert_eq!(
            reading.cassette.interactions[0].outcome,
            Outcome::Failed(why)
        );
    }
}

#[test]
fn reads_odd_texts() {
    let entry = concat!(
        r#"{"request":{"method":"GET","url":"https://a.example/"},"response":{"status":200,"statusText":"a","statusText":"b","#,
        r#""content":{"text":"\ud800 \udc00\ud83d\ude42 \u0000 \/\b\f"}}}"#
    );
    let reading = read(format!("\u{feff}{{\"log\":{{\"entries\":[{entry}]}}}}"));
    let response = answer(&reading.cassette.interactions[0]);
    assert_eq!(response.body.bytes, "\u{fffd} \u{fffd}🙂 \0 /\u{8}\u{c}");
    assert_eq!(response.reason.as_deref(), Some("b"), "the last counts");
    assert_eq!(
        reading.problems[0].to_string(),
        "test.har: log: expected whole characters, got half a surrogate pair (2 times)"
    );
    // Bytes that are no UTF-8 are kept as they are.
    let mut raw = br#"{"log":{"entries":[{"request":{"method":"GET","url":"/"},"response":{"status":200,"content":{"text":""#.to_vec();
    raw.extend(b"\xff\xfe\n\"}}}]}}");
    assert_eq!(
        answer(&read(raw).cassette.interactions[0]).body,
        Body::wire(&b"\xff\xfe\n"[..])
    );
}

#[test]
fn stays_within_its_limits() {
    let entry = r#"{"request":{"method":"GET","url":"/","headers":[{"name":"a","value":"1"},{"name":"b","value":"2"}]},"response":{"status":200,"content":{"text":"12345"}}}"#;
    let log = format!("{{\"log\":{{\"entries\":[{entry},{entry},{entry}]}}}}");
    let limits = Limits::default();
    let problem = |limits: Limits| read_within(log.clone(), &limits).problems[0].to_string();
    assert_eq!(
        problem(Limits {
            headers: 1,
            ..limits
        }),
        "test.har: interaction 1: request.headers: expected at most 1 headers, got more"
    );
    assert_eq!(
        problem(Limits { body: 4, ..limits }),
        "test.har: interaction 1: response.content.text: expected at most 4 bytes, got more"
    );
    let few = read_within(
        log.clone(),
        &Limits {
            interactions: 2,
            ..limits
        },
    );
    assert_eq!(few.cassette.interactions.len(), 2);
    assert_eq!(few.problems[0].severity, Severity::Torn);
    assert_eq!(
        few.problems[0].message,
        "expected no more interactions than the bound on them, got something else at byte 327; 2 interactions before \
         it are good"
    );
    for deep in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
        let log = format!("{{\"log\":{{\"entries\":[{entry}],\"x\":{deep}");
        let reading = read_within(
            log,
            &Limits {
                depth: usize::MAX,
                ..limits
            },
        );
        assert_eq!(reading.cassette.interactions.len(), 1);
        assert!(
            reading.problems[0]
                .message
                .starts_with("expected less nesting, got something else at byte")
        );
    }
}

#[test]
fn refuses_what_is_no_log() {
    let limits = Limits::default();
    for (bytes, message) in [
        (
            "",
            "x.har: expected an object, got the end of the file at byte 0",
        ),
        (
            "7",
            "x.har: expected an object, got something else at byte 0",
        ),
        ("{}", "x.har: expected an object `log`, got none"),
        ("{\"log\":[]}", "x.har: expected an object `log`, got none"),
        (
            "{\"log",
            "x.har: expected the end of a text, got the end of the file at byte 5",
        ),
    ] {
        let source = Source {
            bytes: bytes.into(),
            name: "x.har",
            folder: None,
            limits: &limits,
        };
        assert_eq!(
            format::read_as(Format::Har, &source)
                .unwrap_err()
                .to_string(),
            message
        );
        assert_ne!(format::tell(&source), Some(Format::Har));
    }
}
