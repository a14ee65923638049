//! How fast feeds are read and printed, next to the bare events of quick-xml on the same bytes.
//!
//! The document is a YouTube feed of 25 entries, made from the entries of
//! `fixtures/replies/youtube-uploads.xml`. Run with `cargo bench --bench feed`.

#![expect(clippy::unwrap_used, reason = "a step that fails here stops the bench")]

use divan::{Bencher, black_box, counter::BytesCount};
use gdata_auth::gdata::Feed;
use quick_xml::{Reader, events::Event};

const UPLOADS: &str = include_str!("../fixtures/replies/youtube-uploads.xml");
const ENTRIES: usize = 25;

fn main() {
    divan::main();
}

/// The fixture with its entries repeated.
fn document() -> String {
    let first = UPLOADS.find("<entry").unwrap();
    let last = UPLOADS.rfind("</entry>").unwrap() + "</entry>".len();
    let entries: Vec<&str> = UPLOADS[first..last].split_inclusive("</entry>").collect();
    let repeated: String = entries.iter().cycle().take(ENTRIES).copied().collect();
    format!("{}{repeated}{}", &UPLOADS[..first], &UPLOADS[last..])
}

/// The floor: events are pulled and dropped, attributes are not looked at.
#[divan::bench]
fn quick_xml_events(bencher: Bencher<'_, '_>) {
    let document = document();
    bencher
        .counter(BytesCount::of_str(&document))
        .bench(|| events(black_box(&document), false));
}

/// The fair neighbour: attributes are split, as anything that reads links has to.
#[divan::bench]
fn quick_xml_events_and_attributes(bencher: Bencher<'_, '_>) {
    let document = document();
    bencher
        .counter(BytesCount::of_str(&document))
        .bench(|| events(black_box(&document), true));
}

/// The whole tree, its release included.
#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let document = document();
    bencher.counter(BytesCount::of_str(&document)).bench(|| {
        Feed::parse(black_box(document.as_bytes()))
            .unwrap()
            .entries()
            .len()
    });
}

/// The whole tree, no longer tied to the document.
#[divan::bench]
fn parse_into_owned(bencher: Bencher<'_, '_>) {
    let document = document();
    bencher.counter(BytesCount::of_str(&document)).bench(|| {
        let feed = Feed::parse(black_box(document.as_bytes())).unwrap();
        feed.into_owned().entries().len()
    });
}

#[divan::bench]
fn to_xml(bencher: Bencher<'_, '_>) {
    let document = document();
    let feed = Feed::parse(document.as_bytes()).unwrap();
    bencher
        .counter(BytesCount::of_str(&document))
        .bench(|| black_box(&feed).to_xml().unwrap().len());
}

fn events(document: &str, attributes: bool) -> usize {
    let mut reader = Reader::from_str(document);
    let mut count = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return count,
            Event::Start(tag) | Event::Empty(tag) if attributes => {
                count += tag.attributes().with_checks(false).flatten().count();
            }
            other => count += black_box(other).len(),
        }
    }
}
