//! How fast a HAR of 100 MB is read, next to `serde_json` on the same bytes.
//!
//! The log is made here, as Chrome lays one out: API calls, pages, scripts and pictures, with the headers of each.
//! Run with `cargo bench --bench cassette --features cassette`.

#![expect(clippy::unwrap_used, reason = "a step that fails here stops the bench")]

use std::{fs, path::PathBuf, sync::OnceLock};

use bytes::Bytes;
use divan::{Bencher, counter::BytesCount};
use gdata_auth::cassette::{
    Limits, Reading,
    format::{self, Format, Source},
    load,
};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

const SIZE: usize = 100_000_000;

fn main() {
    // A second allocation of this size would be another page fault each: what is measured is the warm case.
    divan::Divan::from_args()
        .sample_count(7)
        .sample_size(1)
        .main();
}

/// As a browser exports it.
fn exported() -> Bytes {
    static LOG: OnceLock<Bytes> = OnceLock::new();
    LOG.get_or_init(|| {
        let mut log = String::from("{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"creator\": {\"name\": \"WebInspector\", \"version\": \"537.36\"},\n    \"pages\": [],\n    \"entries\": [\n");
        let mut number = 0;
        while log.len() < SIZE {
            if number > 0 {
                log.push_str(",\n");
            }
            log.push_str(&serde_json::to_string_pretty(&entry(number)).unwrap());
            number += 1;
        }
        log.push_str("\n    ]\n  }\n}\n");
        log.into()
    })
    .clone()
}

/// As it is written here.
fn native() -> Bytes {
    static LOG: OnceLock<Bytes> = OnceLock::new();
    LOG.get_or_init(|| {
        format::write(Format::Har, &read(exported()).cassette)
            .unwrap()
            .bytes
            .into()
    })
    .clone()
}

fn read(bytes: Bytes) -> Reading {
    let limits = Limits::default();
    let reading = format::read(&Source {
        bytes,
        name: "bench.har",
        folder: None,
        limits: &limits,
    })
    .unwrap();
    assert_eq!(reading.problems, []);
    reading
}

/// One of four kinds in turn.
fn entry(number: usize) -> Value {
    let word = |at: usize| {
        [
            "calendar", "entry", "title", "updated", "author", "link", "feed", "kind",
        ][(number * 7 + at) % 8]
    };
    let (kind, content) = match number % 4 {
        0 => {
            let items: Vec<Value> = (0..60)
                .map(|at| json!({"id": number * 100 + at, "kind": word(at), "title": format!("A {} of {}", word(at + 1), word(at + 2)), "updated": "2012-11-01T19:20:52.000Z"}))
                .collect();
            (
                "application/json; charset=UTF-8",
                json!({"text": json!({"items": items}).to_string()}),
            )
        }
        1 => {
            let lines: String = (0..600)
                .map(|at| {
                    format!(
                        "    <li class=\"{}\"><a href=\"/feeds/{at}\">{} of {}</a></li>\n",
                        word(at),
                        word(at + 3),
                        word(at + 5)
                    )
                })
                .collect();
            (
                "text/html; charset=UTF-8",
                json!({"text": format!("<!DOCTYPE html>\n<ul>\n{lines}</ul>\n")}),
            )
        }
        2 => {
            let lines: String = (0..1_500)
                .map(|at| format!("function {}{at}(a,b){{if(a.{}>b){{return a.{}[b+{at}]}}var c='{}';return c}}", word(at), word(at + 1), word(at + 2), word(at + 3)))
                .collect();
            ("text/javascript", json!({"text": lines}))
        }
        _ => {
            let mut state = number as u64 | 1;
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            let picture: String = (0..60_000)
                .map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    char::from(alphabet[(state >> 58) as usize])
                })
                .collect();
            ("image/png", json!({"text": picture, "encoding": "base64"}))
        }
    };
    let headers = |own: &str| -> Vec<Value> {
        let value = |at: usize| format!("{} {}; {}={number}", word(at), word(at * 3), word(at + 1));
        let mut headers: Vec<Value> = (0..14)
            .map(|at| json!({"name": format!("x-{own}-{at}"), "value": value(at)}))
            .collect();
        headers.push(json!({"name": "content-type", "value": kind}));
        headers
    };
    let mut content = content;
    content["mimeType"] = kind.into();
    content["size"] = content["text"].as_str().unwrap().len().into();
    json!({
        "startedDateTime": "2026-01-02T03:04:05.678Z", "time": 12.25, "_priority": "High", "_resourceType": "fetch",
        "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "f", "scriptId": "7", "url": "https://www.example.com/a.js", "lineNumber": 1, "columnNumber": 2}]}},
        "request": {"method": "GET", "url": format!("https://www.example.com/{}/{number}?alt=json", word(2)), "httpVersion": "h2",
            "headers": headers("request"), "queryString": [{"name": "alt", "value": "json"}], "cookies": [], "headersSize": -1, "bodySize": 0},
        "response": {"status": 200, "statusText": "", "httpVersion": "h2", "headers": headers("response"), "cookies": [],
            "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1, "_transferSize": 1234},
        "cache": {}, "serverIPAddress": "192.0.2.1", "connection": "52",
        "timings": {"blocked": 1.5, "dns": -1, "ssl": -1, "connect": -1, "send": 0.1, "wait": 10, "receive": 0.65},
    })
}

#[divan::bench]
fn read_exported(bencher: Bencher<'_, '_>) {
    let log = exported();
    bencher
        .counter(BytesCount::new(log.len()))
        .bench(|| read(log.clone()));
}

#[divan::bench]
fn read_native(bencher: Bencher<'_, '_>) {
    let log = native();
    bencher
        .counter(BytesCount::new(log.len()))
        .bench(|| read(log.clone()));
}

/// From a file, which is in the page cache.
#[divan::bench]
fn load_exported(bencher: Bencher<'_, '_>) {
    from_file(bencher, "exported", &exported());
}

#[divan::bench]
fn load_native(bencher: Bencher<'_, '_>) {
    from_file(bencher, "native", &native());
}

fn from_file(bencher: Bencher<'_, '_>, name: &str, log: &[u8]) {
    let path: PathBuf = std::env::temp_dir().join(format!(
        "gdata-auth-bench-{}-{name}.har",
        std::process::id()
    ));
    fs::write(&path, log).unwrap();
    bencher
        .counter(BytesCount::new(log.len()))
        .bench_local(|| load(&path, &Limits::default()).unwrap());
    fs::remove_file(path).unwrap();
}

#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    let cassette = read(native()).cassette;
    bencher
        .counter(BytesCount::new(native().len()))
        .bench(|| format::write(Format::Har, &cassette).unwrap().bytes);
}

/// The neighbour: the whole tree.
#[divan::bench]
fn serde_json_value(bencher: Bencher<'_, '_>) {
    let log = exported();
    bencher
        .counter(BytesCount::new(log.len()))
        .bench(|| serde_json::from_slice::<Value>(&log).unwrap());
}

/// The floor of the neighbour: nothing is kept.
#[divan::bench]
fn serde_json_ignored(bencher: Bencher<'_, '_>) {
    let log = exported();
    bencher
        .counter(BytesCount::new(log.len()))
        .bench(|| serde_json::from_slice::<IgnoredAny>(&log).unwrap());
}
