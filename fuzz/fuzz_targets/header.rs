//! `Authorization: AuthSub` and `WWW-Authenticate`: print, then parse, is the same.
#![no_main]

use gdata_auth::{
    authsub::{Header, SignedData},
    wire::challenge::Challenge,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(header) = Header::parse(text)
        && let Ok(value) = header.to_header_value()
        && let Ok(printed) = value.to_str()
    {
        assert_eq!(
            Header::parse(printed).expect("a printed header parses"),
            header
        );
    }
    if let Ok(data) = SignedData::parse(text) {
        assert_eq!(
            SignedData::parse(&data.to_string()).expect("printed data parses"),
            data
        );
    }
    if let Ok(challenges) = Challenge::parse(text) {
        for challenge in challenges {
            let printed = challenge.to_string();
            if printed.len() <= gdata_auth::wire::challenge::MAX_HEADER {
                let again = Challenge::parse(&printed).expect("a printed challenge parses");
                assert_eq!(again, [challenge]);
            }
        }
    }
});
