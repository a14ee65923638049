//! ClientLogin's form, replies, refusals and header: print, then parse, is the same.
#![no_main]

use bytes::Bytes;
use gdata_auth::{
    Exchange,
    clientlogin::{Endpoint, ErrorBody, Header, Login, LoginForm, LoginRequest, TokenShape},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u16, &[u8])| {
    let (status, body) = data;
    if let Ok(form) = LoginForm::parse(body) {
        let printed = form.body();
        if printed.len() <= LoginForm::MAX {
            assert_eq!(
                LoginForm::parse(&printed).expect("a printed form parses"),
                form
            );
        }
    }
    if let Ok(login) = Login::parse(body) {
        assert_eq!(
            Login::parse(&login.body()).expect("a printed login parses"),
            login
        );
    }
    if let Ok(error) = ErrorBody::parse(body) {
        // Printing ends a value at its first control character, so the second print is the law.
        let printed = error.to_string();
        let again = ErrorBody::parse(printed.as_bytes()).expect("a printed error parses");
        assert_eq!(again.to_string(), printed);
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let _ = TokenShape::of(text);
        if let Ok(header) = Header::parse(text) {
            let value = header
                .to_header_value()
                .expect("a token fits into a header");
            let printed = value.to_str().expect("a token is ASCII");
            assert_eq!(
                Header::parse(printed).expect("a printed header parses"),
                header
            );
        }
    }
    if let Ok(reply) = http::Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body))
        && let Ok(login) = LoginRequest::new("user")
        && let Ok(exchange) = login.exchange("password", &Endpoint::google())
    {
        let _ = exchange.parse(&reply);
    }
});
