//! Token stores: whatever stands in them, no panic, and a blob reads back as it is printed.
#![no_main]

use gdata_auth::migrate::import::{Blob, Import, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let inventory = Import::inventory(&Source::new("fuzz"), bytes).expect("damage is no failure");
    assert_eq!(inventory.summary.credentials, inventory.credentials.len() as u64);
    let text = String::from_utf8_lossy(bytes);
    if let Ok(blob) = Blob::parse(&text) {
        let again = Blob::parse(blob.to_text().expose()).expect("a printed blob is read");
        // Trailing fields that are empty are left out of lists of scopes.
        assert_eq!(again, blob);
    }
});
