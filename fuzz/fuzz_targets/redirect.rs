//! Redirects and links: what the emulator prints, a website reads.
#![no_main]

use gdata_auth::{
    authsub::{AuthSubRequest, Redirect},
    wire::query::Pairs,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Redirect::parse(text);
    if let Ok(pairs) = Pairs::parse(text) {
        let again = Pairs::parse(&pairs.to_string()).expect("printed pairs parse");
        let full = |(name, value): &(&str, &str)| !(name.is_empty() && value.is_empty());
        assert!(pairs.iter().filter(full).eq(again.iter().filter(full)));
    }
    if let Ok(request) = AuthSubRequest::parse(text) {
        assert_eq!(
            AuthSubRequest::parse(&request.query()).expect("a printed link parses"),
            request
        );
        let back = request.granted_address("1/token");
        if let Ok(redirect) = request.read_redirect(&back) {
            assert_eq!(redirect.into_token().secret().expose(), "1/token");
        }
    }
});
