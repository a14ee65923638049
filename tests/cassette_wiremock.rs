//! Mappings of WireMock, read and written.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use std::path::{Path, PathBuf};

use bytes::Bytes;
use gdata_auth::cassette::{
    Body, Cassette, Criterion, Interaction, Limits, Outcome, Reading, RecordedRequest,
    RecordedResponse, Severity, Subject, Test,
    format::{self, Format, Source},
    load,
};
use serde_json::{Value, json};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/cassettes/wiremock")
        .join(name)
}

fn read(text: impl Into<Bytes>) -> Reading {
    let limits = Limits::default();
    let source = Source {
        bytes: text.into(),
        name: "stubs.json",
        folder: None,
        limits: &limits,
    };
    format::read_as(Format::WireMock, &source).unwrap()
}

fn written(cassette: &Cassette) -> (Value, Vec<String>) {
    let written = format::write(Format::WireMock, cassette).unwrap();
    (
        serde_json::from_slice(&written.bytes).unwrap(),
        written.losses,
    )
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
fn reads_stubs_as_patterns_with_an_example() {
    let reading = load(fixture("mappings/login.json"), &Limits::default()).unwrap();
    assert_eq!(reading.format, Format::WireMock);
    let [login, again, json, albums, gone] = &reading.cassette.interactions[..] else {
        panic!("five stubs")
    };

    let pattern = login.pattern.as_ref().unwrap();
    assert_eq!(pattern.priority, 2);
    let scenario = pattern.scenario.as_ref().unwrap();
    assert_eq!(
        (
            &*scenario.name,
            scenario.required.as_deref(),
            scenario.then.as_deref()
        ),
        ("login", Some("Started"), Some("asked"))
    );
    assert_eq!(
        pattern.criteria,
        [
            criterion(Subject::Method, equals("POST")),
            criterion(Subject::Path, equals("/accounts/ClientLogin")),
            criterion(
                Subject::Header("Content-Type".into()),
                Test::Contains("form-urlencoded".into())
            ),
            criterion(Subject::Cookie("S".into()), Test::Absent),
            criterion(Subject::Form("Passwd".into()), Test::Present),
            criterion(Subject::Form("service".into()), equals("cl")),
        ]
    );
    assert_eq!(login.request.target, "/accounts/ClientLogin");
    assert_eq!(login.request.body.bytes, "Passwd=&service=cl");
    let answer = login.response().unwrap();
    assert_eq!(
        (answer.status, answer.reason.as_deref()),
        (403, Some("Forbidden"))
    );
    assert_eq!(
        answer.headers.all("set-cookie").collect::<Vec<_>>(),
        ["S=1; Path=/", "T=2"]
    );
    assert_eq!(answer.body, Body::unknown("Error=CaptchaRequired\n"));
    assert_eq!(login.took.unwrap().as_millis(), 120);
    assert_eq!(login.provenance.extra["metadata"], json!({"ticket": 17}));
    assert_eq!(
        again.response().unwrap().body.bytes,
        "{\"Auth\":\"not-a-token\"}"
    );

    let criteria = &json.pattern.as_ref().unwrap().criteria;
    assert_eq!(
        criteria[0],
        criterion(
            Subject::Url,
            Test::Matches("/calendar/feeds/.*\\?alt=json".into())
        )
    );
    assert_eq!(
        criteria[1],
        criterion(
            Subject::Header("Authorization".into()),
            equals("Basic YW5uOm5vdC1hLXBhc3N3b3Jk")
        )
    );
    assert_eq!(
        criteria[2],
        criterion(
            Subject::Body,
            Test::Json {
                value: json!({"a": [1, 2]}),
                extra_members: true,
                ordered: false
            }
        )
    );
    assert_eq!(
        criteria[3],
        criterion(Subject::Body, Test::Foreign("matchesJsonPath".into()))
    );
    assert_eq!(
        json.request.target, "/calendar/feeds/?alt=json",
        "the expression takes it"
    );
    assert_eq!(
        json.response().unwrap().body.bytes,
        &b"\x89PNG\r\n\x1a\n"[..]
    );

    assert_eq!(
        albums.response().unwrap().body.bytes,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"/>\n"
    );
    let criteria = &albums.pattern.as_ref().unwrap().criteria;
    assert_eq!(
        criteria[1],
        criterion(Subject::Path, Test::Matches("/users/[^/]+/albums".into()))
    );
    assert_eq!(
        criteria[2],
        criterion(Subject::Query("max".into()), Test::Matches("[0-9]+".into()))
    );
    assert_eq!(
        criteria[3],
        criterion(Subject::Query("max".into()), Test::DoesNotMatch("0".into()))
    );
    assert_eq!(gone.outcome, Outcome::Failed("EMPTY_RESPONSE".into()));
    assert_eq!(gone.request.url(), "https://www.google.com/gone/x");

    let told: Vec<(&str, Severity)> = reading
        .problems
        .iter()
        .map(|problem| (&*problem.message, problem.severity))
        .collect();
    assert_eq!(
        told,
        [
            (
                "expected matchers that are known here, got matchesJsonPath: they match nothing",
                Severity::Note
            ),
            (
                "expected matchers that are known here, got hasExactly: they match nothing",
                Severity::Note
            ),
        ]
    );
}

#[test]
fn a_stub_comes_back_as_it_was() {
    for file in ["mappings/login.json", "stub.json"] {
        let first = load(fixture(file), &Limits::default()).unwrap();
        let (printed, losses) = written(&first.cassette);
        assert_eq!(losses, Vec::<String>::new());
        assert_eq!(read(printed.to_string()).cassette, first.cassette, "{file}");
    }
    // To the member, but for bodies, which stand in one place, and JSON, which stands as a text.
    let given: Value =
        serde_json::from_slice(&std::fs::read(fixture("mappings/login.json")).unwrap()).unwrap();
    let (printed, _) = written(
        &load(fixture("mappings/login.json"), &Limits::default())
            .unwrap()
            .cassette,
    );
    for (given, printed) in given["mappings"]
        .as_array()
        .unwrap()
        .iter()
        .zip(printed["mappings"].as_array().unwrap())
    {
        for (name, value) in given.as_object().unwrap() {
            match name.as_str() {
                "request" | "response" => {}
                _ => assert_eq!(value, &printed[name], "{name}"),
            }
        }
        for name in [
            "method",
            "urlPath",
            "urlPattern",
            "urlPathTemplate",
            "urlPathPattern",
            "queryParameters",
            "formParameters",
            "scheme",
            "host",
        ] {
            assert_eq!(given["request"][name], printed["request"][name], "{name}");
        }
        assert_eq!(
            given["response"]["fixedDelayMilliseconds"],
            printed["response"]["fixedDelayMilliseconds"]
        );
    }
}

#[test]
fn reads_a_single_stub() {
    let reading = load(fixture("stub.json"), &Limits::default()).unwrap();
    let stub = &reading.cassette.interactions[0];
    assert_eq!(stub.request.method, "PUT");
    assert_eq!(stub.request.target, "/feeds/1?v=2");
    assert_eq!(stub.request.body.bytes, "<entry/>");
    assert_eq!(
        stub.provenance.extra["response.transformers"],
        json!(["response-template"])
    );
    assert_eq!(stub.pattern.as_ref().unwrap().priority, 5);
}

fn recorded(method: &str, target: &str, media: &str, body: &str) -> Interaction {
    let mut request = RecordedRequest::new(method, target);
    request.headers.push("Host", "www.google.com");
    request.headers.push("Content-Type", media.to_owned());
    request.body = Body::wire(body.to_owned());
    Interaction::new(request, RecordedResponse::new(200))
}

#[test]
fn asks_for_what_a_request_means() {
    let body = |media: &str, body: &str| {
        let interaction = recorded("POST", "https://www.google.com/x", media, body);
        let (printed, losses) = written(&Cassette::new(vec![interaction]));
        (printed["mappings"][0]["request"].clone(), losses)
    };
    let (json, losses) = body("application/json; charset=utf-8", "{\"a\": [1]}");
    assert_eq!(
        json["bodyPatterns"],
        json!([{"equalToJson": "{\"a\":[1]}"}])
    );
    assert_eq!(
        losses,
        ["interaction 1: the origin https://www.google.com: a stub answers at any"]
    );
    assert_eq!(
        body("application/atom+xml", "<entry/>").0["bodyPatterns"],
        json!([{"equalToXml": "<entry/>"}])
    );
    assert_eq!(
        body("text/plain", "a").0["bodyPatterns"],
        json!([{"equalTo": "a"}])
    );
    let (multipart, losses) = body("multipart/related; boundary=x", "--x\r\n\r\na\r\n--x--\r\n");
    assert_eq!(multipart["bodyPatterns"], Value::Null);
    assert_eq!(
        multipart["headers"],
        json!({"Content-Type": {"contains": "multipart/"}})
    );
    assert!(losses.contains(
        &"interaction 1: the multipart body of the request, which is not asked for".to_owned()
    ));
    let (form, _) = body(
        "application/x-www-form-urlencoded",
        "Email=ann%40example.com&Passwd=x&service=cl&oauth_nonce=1&oauth_timestamp=2&oauth_signature=3&scope=a&scope=b",
    );
    assert_eq!(
        form["formParameters"],
        json!({
            "Email": {"equalTo": "ann@example.com"},
            "Passwd": {"matches": "(?s).*"},
            "service": {"equalTo": "cl"},
            "scope": {"hasExactly": [{"equalTo": "a"}, {"equalTo": "b"}]},
        }),
        "nothing is asked of a timestamp, a nonce and a signature"
    );
}

#[test]
fn writes_what_somebody_sent() {
    let mut request = RecordedRequest::new(
        "GET",
        "https://www.google.com/calendar/feeds?alt=json&oauth_nonce=7&key=secret",
    );
    request.version = Some("HTTP/1.1".into());
    request
        .headers
        .push("Authorization", "OAuth oauth_signature=\"x\"");
    request.headers.push("If-None-Match", "W/\"1\"");
    request.headers.push("User-Agent", "a");
    let mut response = RecordedResponse::new(200);
    response.reason = Some("OK".into());
    response.headers.push("Set-Cookie", "a=1");
    response.headers.push("Content-Encoding", "gzip");
    response.headers.push("Vary", "Origin");
    response.headers.push("set-cookie", "b=2");
    response.headers.push("Transfer-Encoding", "chunked");
    response.headers.push("Content-Length", "5");
    response.body = Body::decoded("plain");
    let (printed, losses) = written(&Cassette::new(vec![Interaction::new(request, response)]));
    assert_eq!(
        printed,
        json!({
            "mappings": [{
                "name": "get-calendar-feeds",
                "request": {
                    "method": "GET",
                    "urlPath": "/calendar/feeds",
                    "queryParameters": {"alt": {"equalTo": "json"}, "key": {"matches": "(?s).*"}},
                    "headers": {
                        "Authorization": {"matches": "(?is)OAuth(\\s.*)?"},
                        "If-None-Match": {"equalTo": "W/\"1\""},
                    },
                },
                "response": {
                    "status": 200,
                    "statusMessage": "OK",
                    "headers": {"Set-Cookie": ["a=1", "b=2"], "Vary": "Origin"},
                    "body": "plain",
                },
            }],
            "meta": {"total": 1},
        })
    );
    assert_eq!(
        losses,
        [
            "interaction 1: request headers that are not asked for: user-agent",
            "interaction 1: the origin https://www.google.com: a stub answers at any",
            "interaction 1: the versions of HTTP",
            "interaction 1: that the headers set-cookie did not stand together",
        ]
    );
}

#[test]
fn answers_the_same_request_in_turn() {
    let ask = || recorded("GET", "https://www.google.com/a?b=c", "text/plain", "");
    let other = recorded("GET", "https://www.google.com/other", "text/plain", "");
    let (printed, _) = written(&Cassette::new(vec![ask(), other, ask(), ask()]));
    let states: Vec<Vec<Option<&str>>> = printed["mappings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stub| {
            ["scenarioName", "requiredScenarioState", "newScenarioState"]
                .map(|name| stub[name].as_str())
                .to_vec()
        })
        .collect();
    assert_eq!(
        states,
        [
            [Some("1-get-a"), Some("Started"), Some("1-get-a-2")],
            [None, None, None],
            [Some("1-get-a"), Some("1-get-a-2"), Some("1-get-a-3")],
            [Some("1-get-a"), Some("1-get-a-3"), None],
        ]
    );
}

#[test]
fn says_how_a_failure_is_played() {
    let request = || RecordedRequest::new("GET", "/a");
    let failed = |why: &str| Interaction::of(request(), Outcome::Failed(why.into()));
    let (printed, losses) = written(&Cassette::new(vec![
        failed("RANDOM_DATA_THEN_CLOSE"),
        failed("timed out"),
    ]));
    assert_eq!(
        printed["mappings"][0]["response"],
        json!({"fault": "RANDOM_DATA_THEN_CLOSE"})
    );
    assert_eq!(
        printed["mappings"][1]["response"],
        json!({"fault": "CONNECTION_RESET_BY_PEER"})
    );
    assert_eq!(
        losses,
        ["interaction 2: why no answer came: the connection is reset instead"]
    );
}

#[test]
fn tells_each_wrong_field() {
    for (stub, problem) in [
        (
            r#"{"request":{"method":7},"response":{}}"#,
            "request.method: expected a text, got a number",
        ),
        (
            r#"{"request":{"headers":{"a":"b"}}}"#,
            "request.headers: expected a matcher, got a text",
        ),
        (
            r#"{"request":{"headers":[]}}"#,
            "request.headers: expected an object, got an array",
        ),
        (
            r#"{"request":{"bodyPatterns":[{"equalToJson":"{"}]}}"#,
            "request.bodyPatterns.equalToJson: expected JSON, got other text",
        ),
        (
            r#"{"response":{"status":9}}"#,
            "response.status: expected 100 to 999, got another number",
        ),
        (
            r#"{"response":{"status":"200"}}"#,
            "response.status: expected a whole number, got a text",
        ),
        (
            r#"{"response":{"base64Body":"?"}}"#,
            "response.base64Body: expected base64, got other text",
        ),
        (
            r#"{"response":{"bodyFileName":"../x"}}"#,
            "response.bodyFileName: expected a file beside this one, got none that can be read",
        ),
        (
            r#"{"response":{"headers":{"a":{}}}}"#,
            "response.headers: expected a text for each header, got an object",
        ),
        (
            r#"{"response":{"proxyBaseUrl":"http://a"}}"#,
            "response.proxyBaseUrl: expected an answer, got an address to fetch one from",
        ),
        (
            r#"{"scenarioName":[]}"#,
            "scenarioName: expected a text, got an array",
        ),
        ("7", "expected an object, got a number"),
    ] {
        let reading = read(format!("{{\"mappings\":[{stub},{{}}]}}"));
        assert_eq!(reading.cassette.interactions.len(), 1, "{stub}");
        assert_eq!(
            reading.problems[0].to_string(),
            format!("stubs.json: interaction 1: {problem}")
        );
        assert_eq!(reading.problems[0].severity, Severity::Lost);
    }
}

#[test]
fn leads_to_no_file_outside_its_folder() {
    let limits = Limits::default();
    let folder = fixture("mappings");
    for name in ["../mappings/login.json", "/etc/hostname", "", "."] {
        let stub = format!("{{\"mappings\":[{{\"response\":{{\"bodyFileName\":\"{name}\"}}}}]}}");
        let source = Source {
            bytes: stub.into(),
            name: "stubs.json",
            folder: Some(&folder),
            limits: &limits,
        };
        let reading = format::read(&source).unwrap();
        assert_eq!(reading.cassette.interactions.len(), 0);
        assert_eq!(reading.problems[0].field, "response.bodyFileName");
    }
}
