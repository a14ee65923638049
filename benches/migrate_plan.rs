//! What reading a log of calls costs: 100 MB of the combined format, of JSON, and of both, generated while it is read.
//!
//! `cargo bench --bench migrate_plan`. Allocations are counted beside the times; `a_gigabyte` shows that memory is flat.

#![expect(clippy::expect_used, reason = "a bench fails by panicking")]

use std::io::{BufRead, Read};

use divan::{Bencher, counter::BytesCount};
use gdata_auth::migrate::{catalogue::Catalogue, plan::CallLog};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

const HOSTS: &[(&str, &str)] = &[
    ("gdata.youtube.com", "/feeds/api/videos/"),
    ("www.google.com", "/calendar/feeds/default/private/full/"),
    ("www.google.com", "/m8/feeds/contacts/example.com/full/"),
    ("docs.google.com", "/feeds/default/private/full/document%3A"),
    ("www.googleapis.com", "/youtube/v3/videos/"),
    ("gdata.youtube.com", "/feeds/api/users/default/uploads/"),
    ("apps-apis.google.com", "/a/feeds/user/2.0/example.com/"),
    ("www.example.com", "/catalogue/items/"),
    ("spreadsheets.google.com", "/feeds/list/"),
    ("picasaweb.google.com", "/data/feed/api/user/"),
];
const METHODS: &[&str] = &["GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD"];

/// How lines are written.
#[derive(Clone, Copy)]
enum Form {
    Combined,
    Json,
    Mixed,
}

/// A hundred thousand lines, every path another one, to be given out again and again.
fn lines(form: Form) -> Vec<u8> {
    let mut log = Vec::new();
    for n in 0..100_000_usize {
        let (host, path) = HOSTS[n % HOSTS.len()];
        let method = METHODS[n % METHODS.len()];
        let (day, second) = (1 + n / 4_000, n % 60);
        let json = match form {
            Form::Combined => false,
            Form::Json => true,
            Form::Mixed => n % 2 == 1,
        };
        let line = match json {
            false => format!(
                "203.0.113.{} - user{} [{day:02}/Nov/2026:05:00:{second:02} +0000] \"{method} http://{host}{path}{n:012x}?alt=json&start-index={n} \
                 HTTP/1.1\" 200 {} \"-\" \"Zend_Framework_Gdata/1.12 (gdata client; host {n})\"\n",
                n % 256,
                n % 1_000,
                n * 7 % 90_000,
            ),
            true => format!(
                "{{\"time\":\"2026-11-{day:02}T05:00:{second:02}Z\",\"remote\":\"203.0.113.{}\",\"request\":{{\"method\":\"{method}\",\"host\":\"{host}\",\
                 \"uri\":\"{path}{n:012x}?alt=json\"}},\"status\":200,\"size\":{},\"agent\":\"Zend_Framework_Gdata/1.12\"}}\n",
                n % 256,
                n * 7 % 90_000,
            ),
        };
        log.extend_from_slice(line.as_bytes());
    }
    log
}

/// The same lines until so many bytes are read.
struct Log<'l> {
    lines: &'l [u8],
    at: usize,
    left: usize,
}

impl Read for Log<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Log<'_> {
    /// As much as a reader of files gives.
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        let end = (self.at + (64 << 10).min(self.left)).min(self.lines.len());
        Ok(&self.lines[self.at..end])
    }

    fn consume(&mut self, count: usize) {
        self.left -= count;
        self.at = (self.at + count) % self.lines.len();
    }
}

fn read(lines: &[u8], bytes: usize) -> u64 {
    let mut log = CallLog::default();
    let mut from = Log {
        lines,
        at: 0,
        left: bytes,
    };
    let catalogue = Catalogue::built_in().expect("the table is whole");
    log.read(&mut from, None, catalogue)
        .expect("bytes are read");
    assert!(log.calls() > 0 && log.unknown <= 1);
    log.lines
}

fn measure(bencher: Bencher<'_, '_>, form: Form, bytes: usize) {
    let lines = lines(form);
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| read(&lines, divan::black_box(bytes)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn combined_100_mb(bencher: Bencher<'_, '_>) {
    measure(bencher, Form::Combined, 100_000_000);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn json_100_mb(bencher: Bencher<'_, '_>) {
    measure(bencher, Form::Json, 100_000_000);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn both_100_mb(bencher: Bencher<'_, '_>) {
    measure(bencher, Form::Mixed, 100_000_000);
}

#[divan::bench(sample_count = 2, sample_size = 1)]
fn a_gigabyte(bencher: Bencher<'_, '_>) {
    measure(bencher, Form::Mixed, 1_000_000_000);
}
