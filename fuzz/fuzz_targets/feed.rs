//! Feeds, entries and error documents: print, then parse, is the same.
#![no_main]

use gdata_auth::gdata::{Entry, Errors, Feed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    if let Ok(feed) = Feed::parse(document)
        && let Ok(printed) = feed.to_xml()
    {
        assert_eq!(
            Feed::parse(printed.as_bytes()).expect("a printed feed parses"),
            feed
        );
    }
    if let Ok(entry) = Entry::parse(document)
        && let Ok(printed) = entry.to_xml()
    {
        assert_eq!(
            Entry::parse(printed.as_bytes()).expect("a printed entry parses"),
            entry
        );
    }
    if let Ok(errors) = Errors::parse(document)
        && let Ok(printed) = errors.to_xml()
    {
        assert_eq!(
            Errors::parse(printed.as_bytes()).expect("a printed document parses"),
            errors
        );
    }
});
