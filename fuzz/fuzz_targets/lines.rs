//! Bodies of `key=value` lines: print, then parse, is the same.
#![no_main]

use gdata_auth::{authsub::TokenInfo, wire::lines::Lines};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    if let Ok(lines) = Lines::parse(body) {
        let printed = lines.to_string();
        if printed.len() <= gdata_auth::wire::lines::MAX_BODY {
            assert_eq!(
                Lines::parse(printed.as_bytes()).expect("printed lines parse"),
                lines
            );
        }
    }
    if let Ok(info) = TokenInfo::parse(body) {
        let again = TokenInfo::parse(info.to_string().as_bytes()).expect("a printed answer parses");
        assert_eq!(again, info);
    }
});
