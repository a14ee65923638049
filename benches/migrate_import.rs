//! What an import costs: a million blobs through the reader, the doubles and the writer, none of them held.
//!
//! `cargo bench --bench migrate_import`. Allocations are counted beside the times; the greatest amount of memory in use
//! is what `max alloc` says.

#![expect(clippy::expect_used, reason = "a bench fails by panicking")]

use std::io::Read;

use gdata_auth::migrate::import::{Event, Import, InventoryWriter, Source};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

/// `dump_tokens` of so many users, made while it is read.
struct Blobs {
    next: u32,
    end: u32,
    rest: Vec<u8>,
}

impl Read for Blobs {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.rest.len() < into.len() && self.next < self.end {
            let n = self.next;
            let blob = match n % 3 {
                0 => format!("1a|1%2F{n:043}|http%3A%2F%2Fwww.google.com%2Fcalendar%2Ffeeds%2F,"),
                1 => format!("1h|www.example.com|secret|1%2F{n:043}|token-secret-{n}|3||,"),
                _ => format!(
                    "2o|1234.apps|GOCSPX-x|https%3A%2F%2Fwww.google.com%2Fm8%2Ffeeds|agent|||ya29.{n}|1%2F%2F{n:040},"
                ),
            };
            self.rest.extend_from_slice(blob.as_bytes());
            self.next += 1;
        }
        let count = self.rest.len().min(into.len());
        into[..count].copy_from_slice(&self.rest[..count]);
        self.rest.drain(..count);
        Ok(count)
    }
}

fn import(count: u32) -> u64 {
    let mut blobs = Blobs {
        next: 0,
        end: count,
        rest: Vec::new(),
    };
    let mut writer = InventoryWriter::new(std::io::sink()).expect("a sink takes everything");
    let mut import = Import::new();
    let mut sink = |event: Event<'_>| writer.write(event);
    import
        .read(&Source::new("tokens"), &mut blobs, &mut sink)
        .expect("blobs are read");
    writer
        .finish(import.summary())
        .expect("a sink takes everything");
    assert_eq!(import.summary().credentials, u64::from(count));
    import.finish().credentials
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn a_thousand_blobs() -> u64 {
    import(divan::black_box(1_000))
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_million_blobs() -> u64 {
    import(divan::black_box(1_000_000))
}
