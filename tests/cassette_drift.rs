//! How answers drift: pairs of a recorded and a live answer, with every drift written out.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::cassette::{
    Body, Cassette, Headers, Interaction, Outcome, RecordedRequest, RecordedResponse,
    drift::{self, DriftSettings, Level, between},
};

fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> RecordedResponse {
    let mut answer = RecordedResponse::new(status);
    answer.headers = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect::<Headers>();
    answer.body = Body::unknown(body);
    answer
}

fn drifts(recorded: &RecordedResponse, live: &RecordedResponse) -> Vec<String> {
    between(recorded, live, &DriftSettings::default())
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[track_caller]
fn check_bodies(media: &str, rows: &[(&str, &str, &[&str])]) {
    for (recorded, live, expected) in rows {
        let headers = [("Content-Type", media)];
        let found = drifts(
            &answer(200, &headers, (*recorded).to_owned()),
            &answer(200, &headers, (*live).to_owned()),
        );
        assert_eq!(&found, expected, "{recorded} -> {live}");
    }
}

#[test]
fn compares_status_and_headers() {
    type Side = (u16, &'static [(&'static str, &'static str)]);
    let rows: &[(Side, Side, &[&str])] = &[
        ((200, &[]), (200, &[]), &[]),
        (
            (200, &[]),
            (201, &[]),
            &["notable: status: expected 200, got 201"],
        ),
        (
            (200, &[]),
            (403, &[]),
            &["breaking: status: expected 200, got 403"],
        ),
        (
            (302, &[("Location", "https://a.example/1")]),
            (302, &[("location", "https://b.example/2")]),
            &[],
        ),
        (
            (302, &[("Location", "https://a.example/1")]),
            (302, &[]),
            &["breaking: header location: expected it, got none"],
        ),
        (
            (
                200,
                &[
                    ("GData-Version", "2.1"),
                    ("Date", "x"),
                    ("ETag", "x"),
                    ("Server", "GSE"),
                ],
            ),
            (
                200,
                &[("X-New", "1"), ("Expires", "x"), ("Content-Length", "0")],
            ),
            &[
                "notable: header gdata-version: expected it, got none",
                "harmless: header x-new: expected none, got one",
            ],
        ),
        (
            (
                200,
                &[
                    ("Set-Cookie", "S=calendar=secret; Path=/"),
                    ("Set-Cookie", "T=2"),
                ],
            ),
            (
                200,
                &[
                    ("Set-Cookie", "S=other-secret; Path=/"),
                    ("Set-Cookie", "NID=3"),
                ],
            ),
            &[
                "notable: cookie T: expected it, got none",
                "harmless: cookie NID: expected none, got one",
            ],
        ),
        (
            (401, &[("WWW-Authenticate", "AuthSub realm=\"x\"")]),
            (401, &[("WWW-Authenticate", "Bearer realm=\"y\"")]),
            &["breaking: header www-authenticate: expected the scheme authsub, got bearer"],
        ),
        (
            (200, &[("Content-Type", "text/plain; charset=UTF-8")]),
            (200, &[("Content-Type", "TEXT/plain;charset=\"utf-8\"")]),
            &[],
        ),
        (
            (200, &[("Content-Type", "text/plain; charset=UTF-8")]),
            (200, &[("Content-Type", "text/plain; charset=iso-8859-1")]),
            &["notable: header content-type: expected the charset utf-8, got iso-8859-1"],
        ),
        (
            (200, &[("Content-Type", "application/atom+xml")]),
            (200, &[("Content-Type", "text/html")]),
            &["breaking: header content-type: expected application/atom+xml, got text/html"],
        ),
        (
            (200, &[("Content-Type", "text/html")]),
            (200, &[]),
            &["notable: header content-type: expected text/html, got none"],
        ),
    ];
    for (recorded, live, expected) in rows {
        let found = drifts(
            &answer(recorded.0, recorded.1, ""),
            &answer(live.0, live.1, ""),
        );
        assert_eq!(&found, expected, "{recorded:?} -> {live:?}");
    }
}

#[test]
fn compares_json_by_path_and_type() {
    check_bodies(
        "application/json; charset=utf-8",
        &[
            (
                r#"{"a": "secret", "b": 1}"#,
                r#"{"b": 2, "a": "longer secret"}"#,
                &[],
            ),
            (
                r#"{"a": 1, "b": {"c": 1, "d": 2}}"#,
                r#"{"a": 1, "e": {"f": 1}}"#,
                &[
                    "breaking: body $.b: expected it, got none",
                    "harmless: body $.e: expected none, got an object",
                ],
            ),
            (
                r#"{"a": "x", "b": 1, "c": true, "d": [], "e": {}}"#,
                r#"{"a": 1, "b": "12", "c": "true", "d": {}, "e": [1]}"#,
                &[
                    "breaking: body $.a: expected a string of 1, got an integer",
                    "breaking: body $.b: expected an integer, got a string of 2",
                    "breaking: body $.c: expected a boolean, got a string of 4",
                    "breaking: body $.d: expected an array of 0, got an object",
                    "breaking: body $.e: expected an object, got an array of 1",
                ],
            ),
            (
                r#"{"a": 1, "b": 1.5, "c": "x", "d": null}"#,
                r#"{"a": 1.5, "b": 1, "c": null, "d": "x"}"#,
                &[
                    "notable: body $.a: expected an integer, got a number",
                    "notable: body $.c: expected a string of 1, got null",
                    "notable: body $.d: expected null, got a string of 1",
                ],
            ),
            // Elements are taken together: what only some have is not missed in others.
            (
                r#"{"items": [{"id": 1, "x": 1}, {"id": 2}]}"#,
                r#"{"items": [{"id": 1}]}"#,
                &["notable: body $.items[].x: expected it now and then, got none"],
            ),
            (
                r#"{"items": [{"id": 1}, {"id": 2}]}"#,
                r#"{"items": [{"id": 1}, {}]}"#,
                &["notable: body $.items[].id: expected it always, got it now and then"],
            ),
            (
                r#"{"items": [{"id": 1}]}"#,
                r#"{"items": [{"id": "x"}]}"#,
                &["breaking: body $.items[].id: expected an integer, got a string of 1"],
            ),
            (
                r#"[{"id": "x"}, {"id": "y"}]"#,
                r#"[{"id": null}, {"id": "y"}]"#,
                &["notable: body $[].id: expected a string of 1, got null now and then"],
            ),
            (
                r#"[{"id": "x"}]"#,
                r#"[{"id": "x"}, {"id": 1}]"#,
                &["breaking: body $[].id: expected a string of 1, got an integer now and then"],
            ),
            (
                r#"{"items": [{"id": 1}, {"id": "x"}]}"#,
                r#"{"items": [{"id": "x"}]}"#,
                &[],
            ),
            (
                r#"{"items": [{"id": 1}]}"#,
                r#"{"items": []}"#,
                &["notable: body $.items[]: expected elements, got none"],
            ),
            (r#"{"items": []}"#, r#"{"items": [{"id": 1}]}"#, &[]),
            (
                "[[1], [2]]",
                r#"[["x"]]"#,
                &["breaking: body $[][]: expected an integer, got a string of 1"],
            ),
            (
                r#"{"a.b": 1, "c\n": 2}"#,
                "{}",
                &[
                    "breaking: body $[\"a.b\"]: expected it, got none",
                    "breaking: body $[\"c\\n\"]: expected it, got none",
                ],
            ),
            (")]}'\n{\"a\": 1}", r#"{"a": 1}"#, &[]),
            (
                r#"{"a": 1}"#,
                "<html>",
                &["breaking: body: expected JSON, got something else"],
            ),
            ("no JSON", "<html>", &[]),
            (
                r#"{"a": 1}"#,
                "",
                &["breaking: body: expected one, got none"],
            ),
            (
                "",
                r#"{"a": 1}"#,
                &["notable: body: expected none, got one"],
            ),
        ],
    );
}

#[test]
fn compares_xml_by_element_and_namespace() {
    check_bodies(
        "application/atom+xml",
        &[
            (
                r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>secret</title></feed>"#,
                r#"<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>other</a:title></a:feed>"#,
                &[],
            ),
            (
                r#"<feed xmlns="http://www.w3.org/2005/Atom"/>"#,
                r#"<feed xmlns="http://purl.org/atom/ns#"/>"#,
                &[
                    "breaking: body /feed: expected an element of http://www.w3.org/2005/Atom, \
                   got an element of http://purl.org/atom/ns#",
                ],
            ),
            (
                r#"<f><e id="1" n="2"><t>x</t></e></f>"#,
                r#"<f v="1"><e id="3"><u>x</u></e></f>"#,
                &[
                    "breaking: body /f/e/@n: expected it, got none",
                    "breaking: body /f/e/t: expected it, got none",
                    "harmless: body /f/@v: expected none, got an attribute of 1 bytes",
                    "harmless: body /f/e/u: expected none, got an element without a namespace",
                ],
            ),
            (
                "<f><e><t>x</t></e><e/></f>",
                "<f><e/></f>",
                &["notable: body /f/e/t: expected it now and then, got none"],
            ),
            (
                "<f><e><t>x</t></e><e><t>y</t></e></f>",
                "<f><e><t>x</t></e><e/></f>",
                &["notable: body /f/e/t: expected it always, got it now and then"],
            ),
            (
                "<f><t>x</t></f>",
                "<f><t/></f>",
                &["breaking: body /f/t/text(): expected it, got none"],
            ),
            ("<f xmlns:m='urn:m'><t/><m:t/></f>", "<f><t/></f>", &[]),
            (
                "<f/>",
                "<f><g></f>",
                &["breaking: body: expected XML, got something else"],
            ),
            (
                "<f/>",
                "Token invalid",
                &["breaking: body: expected XML, got something else"],
            ),
        ],
    );
}

#[test]
fn compares_lines_and_forms_by_key() {
    check_bodies(
        "text/plain",
        &[
            (
                "Token=1/secret\nExpiration=20061004T123456Z\n",
                "Token=1/other\n",
                &["breaking: body Expiration: expected it, got none"],
            ),
            (
                "SID=DQAA\nLSID=DQAA\nAuth=DQAA\n",
                "SID=DQAB\nLSID=DQAB\nAuth=DQAB\nExtra=1\n",
                &["harmless: body Extra: expected none, got a text of 1"],
            ),
            (
                "oauth_token=1%2Fx&oauth_token_secret=y",
                "oauth_token=1%2Fz",
                &["breaking: body oauth_token_secret: expected it, got none"],
            ),
            (
                "Token=1/x\n",
                "Some words\n",
                &["breaking: body: expected lines of Name=value, got something else"],
            ),
            ("Some words\n", "Other words\n", &[]),
        ],
    );
    check_bodies(
        "application/x-www-form-urlencoded",
        &[(
            "oauth_token=a&oauth_token_secret=b",
            "oauth_token=c",
            &["breaking: body oauth_token_secret: expected it, got none"],
        )],
    );
    check_bodies(
        "text/html",
        &[
            ("<p>one", "<div>two</div>", &[]),
            ("<p>one", "", &["breaking: body: expected one, got none"]),
        ],
    );
}

#[test]
fn looks_inside_gzip_and_says_what_it_cannot_read() {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(br#"{"a": 1}"#).unwrap();
    let coded = answer(
        200,
        &[
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
        ],
        gzip.finish().unwrap(),
    );
    let plain = answer(
        200,
        &[("Content-Type", "application/json")],
        r#"{"a": "x"}"#,
    );
    assert_eq!(
        drifts(&coded, &plain),
        ["breaking: body $.a: expected an integer, got a string of 1"]
    );
    let brotli = answer(
        200,
        &[
            ("Content-Type", "application/json"),
            ("Content-Encoding", "br"),
        ],
        vec![0x0b, 0x80, 0xff],
    );
    assert_eq!(
        drifts(&plain, &brotli),
        ["notable: body: expected gzip, deflate or no coding, got another: not compared"]
    );
    let mut cut = plain.clone();
    cut.body.truncated_from = Some(99);
    assert_eq!(
        drifts(&cut, &plain),
        ["notable: body: expected a whole recording, got 10 of 99 bytes: not compared"]
    );
}

#[test]
fn leaves_out_what_the_settings_say() {
    let headers = [("Content-Type", "application/json"), ("X-Quota", "1")];
    let recorded = answer(200, &headers, r#"{"a": {"b": 1, "c": 1}, "d": 1}"#);
    let live = answer(200, &headers[..1], r#"{"a": {}, "e": 1}"#);
    let settings = DriftSettings {
        ignore_headers: vec!["x-QUOTA".into()],
        ignore_fields: vec!["body $.a*".into()],
        least: Level::Notable,
    };
    let found = between(&recorded, &live, &settings);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].to_string(),
        "breaking: body $.d: expected it, got none"
    );
    let settings: DriftSettings = toml_like(r#"{"ignore-headers": ["x"], "least": "breaking"}"#);
    assert_eq!(settings.least, Level::Breaking);
}

fn toml_like(json: &str) -> DriftSettings {
    serde_json::from_str(json).unwrap()
}

#[test]
fn survives_hostile_documents() {
    let deep_json = "[".repeat(100_000);
    let deep_xml = "<a>".repeat(100_000);
    let wide: String = (0..20_000).map(|at| format!("\"k{at}\": 1,")).collect();
    let wide = format!("{{{wide} \"end\": 1}}");
    let json = [("Content-Type", "application/json")];
    let xml = [("Content-Type", "text/xml")];
    let good = answer(200, &json, r#"{"a": 1}"#);
    assert_eq!(
        drifts(&good, &answer(200, &json, deep_json)),
        ["breaking: body: expected JSON, got something else"]
    );
    assert_eq!(
        drifts(&answer(200, &xml, "<a/>"), &answer(200, &xml, deep_xml)),
        ["breaking: body: expected XML, got something else"]
    );
    let wide = answer(200, &json, wide);
    assert_eq!(
        drifts(&wide, &wide),
        ["notable: body: expected at most 10000 fields, got more: the rest is not compared"]
    );
}

#[test]
fn shows_no_value() {
    let secret = "ya29.canary";
    let json = format!(r#"{{"access_token": "{secret}", "n": [{{"t": "{secret}"}}]}}"#);
    let xml = format!("<a t='{secret}'>{secret}</a>");
    let line = format!("Token={secret}\n");
    for (media, full, other) in [
        (
            "application/json",
            json.as_str(),
            r#"{"access_token": 1, "n": [{"t": null}]}"#,
        ),
        ("text/xml", xml.as_str(), "<a/>"),
        ("text/plain", line.as_str(), "Auth=x\n"),
    ] {
        let headers = [
            ("Content-Type", media),
            ("Set-Cookie", "S=ya29.canary"),
            ("Location", "https://x/?token=ya29.canary"),
        ];
        let full = answer(200, &headers, full.to_owned());
        let other = answer(200, &headers[..1], other.to_owned());
        for (recorded, live) in [(&full, &other), (&other, &full)] {
            let found = between(recorded, live, &DriftSettings::default());
            assert!(found.len() > 1);
            let shown = format!("{found:?}{}", serde_json::to_string(&found).unwrap());
            assert!(!shown.contains("canary"), "{shown}");
        }
        assert!(!format!("{full:?}").contains("canary"));
    }
}

#[test]
fn compares_two_cassettes() {
    let interaction = |method: &str, url: &str, status: u16| {
        Interaction::new(
            RecordedRequest::new(method, url),
            RecordedResponse::new(status),
        )
    };
    let failed = Interaction::of(
        RecordedRequest::new("GET", "https://a.example/f"),
        Outcome::Failed("torn".into()),
    );
    let recorded = Cassette::new(vec![
        interaction("GET", "https://a.example/x?token=canary", 200),
        interaction("GET", "https://a.example/x", 200),
        interaction("POST", "https://a.example/x", 201),
        interaction("GET", "https://a.example/f", 200),
    ]);
    let live = Cassette::new(vec![
        interaction("GET", "https://a.example/new", 200),
        interaction("GET", "https://a.example/x?token=other", 200),
        interaction("GET", "https://a.example/x", 404),
        failed,
    ]);
    let report = drift::cassettes(&recorded, &live, &DriftSettings::default());
    assert_eq!(
        report.to_string(),
        "GET https://a.example/x (2 and 3)\n  breaking: status: expected 200, got 404\n\
         POST https://a.example/x (3 and -)\n  breaking: interaction: expected it, got none\n\
         GET https://a.example/f (4 and 4)\n  breaking: answer: expected one, got a failure\n\
         GET https://a.example/new (- and 1)\n  notable: interaction: expected none, got one\n"
    );
    assert_eq!(report.worst(), Some(Level::Breaking));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        json["pairs"][1],
        serde_json::json!({
            "request": "GET https://a.example/x",
            "recorded": 2,
            "live": 3,
            "drifts": [{"level": "breaking", "field": "status", "message": "expected 200, got 404"}],
        })
    );
    let same = drift::cassettes(&recorded, &recorded, &DriftSettings::default());
    assert_eq!(same.worst(), None);
    assert_eq!(same.to_string(), "");
}
