//! What was signed could not be read back: timestamps before 1970 or of 13 digits, and addresses that fill
//! more than is read.

use gdata_auth::{
    Kind, Stamp, Timestamp,
    authsub::{SessionToken, SignedData},
    crypto::PrivateKey,
};
use proptest::prelude::*;

use crate::KEY;

#[test]
fn the_printer_refuses_what_the_parser_refuses() {
    let token = SessionToken::new("T")
        .unwrap()
        .secured_by(PrivateKey::from_pem(KEY).unwrap().signer());
    let long = format!("http://a.test/{}", "x".repeat(SignedData::MAX));
    for (seconds, url, field) in [
        (-1, "http://a.test/", "timestamp: "),
        (1_000_000_000_000, "http://a.test/", "timestamp: "),
        (i64::MIN, "http://a.test/", "timestamp: "),
        (i64::MAX, "http://a.test/", "timestamp: "),
        (1, long.as_str(), "address: "),
    ] {
        let stamp = Stamp::numbered(Timestamp::from_unix_seconds(seconds), 7);
        let (mut parts, ()) = http::Request::get(url).body(()).unwrap().into_parts();
        let made = SignedData::new(&parts.method, &parts.uri, &stamp).unwrap_err();
        let signed = token.authorize(&mut parts, &stamp).unwrap_err();
        for error in [made, signed] {
            assert_eq!(error.kind(), Kind::Input);
            assert!(error.to_string().starts_with(field), "{seconds}: {error}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_printed_reads_back(
        method in "(GET|POST|[A-Z]{1,12})",
        path in "[!$-\\[\\]-~]{0,40}",
        seconds in prop_oneof![any::<i64>(), -5i64..5, 999_999_999_990i64..1_000_000_000_010],
        nonce in "[0-9A-Za-z._~-]{1,40}",
    ) {
        let Ok(uri) = format!("http://a.test/{path}").parse::<http::Uri>() else {
            return Ok(());
        };
        let stamp = Stamp::new(Timestamp::from_unix_seconds(seconds), nonce).unwrap();
        if let Ok(data) = SignedData::new(&method.parse().unwrap(), &uri, &stamp) {
            prop_assert_eq!(SignedData::parse(&data.to_string()).unwrap(), data);
        }
    }
}
