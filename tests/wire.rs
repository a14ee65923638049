//! The forms that protocols share: bounded, ordered, and named when they are wrong.

use gdata_auth::{
    Kind, Stamp, Timestamp,
    wire::{
        challenge::{self, Challenge},
        lines::{self, Lines},
        origin::{Origin, is_loopback},
        percent,
        query::Pairs,
    },
};
use proptest::prelude::*;

#[test]
fn encodes_all_but_unreserved_characters() {
    assert_eq!(percent::encode("AZaz09-._~"), "AZaz09-._~");
    assert_eq!(
        percent::encode(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}\u{fc}"),
        "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D%C3%BC"
    );
}

#[test]
fn decodes_once_and_refuses_broken_percent_signs() {
    assert_eq!(percent::decode("x", "a+b%2Bc").unwrap(), "a+b+c");
    assert_eq!(percent::decode_form("x", "a+b%2Bc").unwrap(), "a b+c");
    for broken in ["%", "%2", "%zz", "a%2", "%%20", "%C3", "%ff"] {
        let error = percent::decode("next", broken).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{broken}");
        assert!(error.to_string().starts_with("next: "), "{error}");
    }
}

#[test]
fn keeps_order_repeats_and_empty_values_of_a_query() {
    let pairs = Pairs::parse("b=2&a=1&b=&c&&d=%26").unwrap();
    let all: Vec<_> = pairs.iter().collect();
    assert_eq!(
        all,
        [("b", "2"), ("a", "1"), ("b", ""), ("c", ""), ("d", "&")]
    );
    assert_eq!(pairs.to_string(), "b=2&a=1&b=&c=&d=%26");
    assert!(pairs.only("b").is_err());
    assert_eq!(pairs.only("a").unwrap(), Some("1"));
    assert_eq!(pairs.only("z").unwrap(), None);
}

#[test]
fn a_query_has_a_bound() {
    let many = "a=1&".repeat(Pairs::MAX);
    assert_eq!(Pairs::parse(&many).unwrap().len(), Pairs::MAX);
    assert!(Pairs::parse(&format!("{many}a=1")).is_err());
}

#[test]
fn lines_end_in_every_way_and_part_at_the_first_equals_sign() {
    let parsed = Lines::parse(b"A=1\nb = x=y \r\nnothing\rC=3").unwrap();
    let all: Vec<_> = parsed.iter().collect();
    assert_eq!(all, [("A", "1"), ("b", "x=y"), ("C", "3")]);
    assert_eq!(parsed.first("B"), Some("x=y"));
    assert!(Lines::parse(&vec![b'a'; lines::MAX_BODY + 1]).is_err());
    assert_eq!(
        Lines::parse(b"a=\xff").unwrap().first("a"),
        Some("\u{fffd}")
    );
    assert_eq!(
        Lines::parse(b"\xef\xbb\xbfa=1").unwrap().first("a"),
        Some("1")
    );
}

#[test]
fn reads_every_realm_and_several_challenges() {
    // legacy-protocol.md 1.8 and 3.4.
    let all = Challenge::parse(
        "AuthSub realm=\"https://www.google.com/accounts/AuthSubRequest\", \
         GoogleLogin realm=\"http://www.google.com/accounts/ClientLogin\", service=\"cl\", Bearer",
    )
    .unwrap();
    let schemes: Vec<_> = all.iter().map(Challenge::scheme).collect();
    assert_eq!(schemes, ["AuthSub", "GoogleLogin", "Bearer"]);
    assert_eq!(all[1].param("SERVICE"), Some("cl"));
    assert!(Challenge::parse("").unwrap().is_empty());
    for broken in ["AuthSub realm=\"x", "realm=x", "AuthSub =x"] {
        assert!(Challenge::parse(broken).is_err(), "{broken}");
    }
    let huge = "x".repeat(challenge::MAX_HEADER + 1);
    assert!(Challenge::parse(&huge).is_err());
}

#[test]
fn an_origin_is_scheme_host_and_port() {
    let same = |a: &str, b: &str| Origin::of(a).unwrap() == Origin::of(b).unwrap();
    assert!(same("http://a.test", "http://A.test:80/x?y"));
    assert!(!same("http://a.test", "https://a.test"));
    assert!(!same("http://a.test", "http://a.test:8080"));
    assert!(!same("http://a.test", "http://b.a.test"));
    assert_eq!(
        Origin::of("http://[::1]:80/").unwrap().to_string(),
        "http://[::1]"
    );
    assert_eq!(
        Origin::of("http://a.test:8080/").unwrap().host_header(),
        "a.test:8080"
    );
    for address in [
        "",
        "/x",
        "a.test",
        "//a.test/",
        "ftp://a.test/",
        "http://",
        "http:///x",
        "http://u@a.test/",
        "http://u:p@a.test/",
        "http://a.test:99999/",
        "http://a.test:x/",
        "http://a.test:-1/",
    ] {
        assert_eq!(
            Origin::of(address).unwrap_err().kind(),
            Kind::Input,
            "{address}"
        );
    }
}

#[test]
fn loopback_is_this_machine_and_nothing_that_looks_like_it() {
    for host in [
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "[::1]",
    ] {
        assert!(is_loopback(host), "{host}");
    }
    for host in [
        "",
        "localhost.evil.test",
        "127.0.0.1.evil.test",
        "10.0.0.1",
        "0.0.0.0",
        "::",
    ] {
        assert!(!is_loopback(host), "{host}");
    }
}

#[test]
fn a_nonce_is_opaque_text_of_plain_characters() {
    let now = Timestamp::from_unix_seconds(0);
    for nonce in [
        "0",
        "00812",
        "68227821296244222232",
        "X4sZD_njIKcgSr6paHPVByY8LOjFA",
        "a-b.c~d",
    ] {
        assert_eq!(Stamp::new(now, nonce).unwrap().nonce(), nonce);
    }
    for nonce in [
        "",
        " ",
        "a b",
        "a\"b",
        "a\n",
        "\u{fc}",
        &"1".repeat(Stamp::MAX_NONCE + 1),
    ] {
        assert_eq!(
            Stamp::new(now, nonce).unwrap_err().kind(),
            Kind::Input,
            "{nonce:?}"
        );
    }
}

#[test]
fn moments_print_and_read_in_both_forms() {
    let moment: Timestamp = "20061004T123456Z".parse().unwrap();
    assert_eq!(moment.iso_basic(), "20061004T123456Z");
    assert_eq!(moment.to_string(), "2006-10-04T12:34:56Z");
    assert_eq!(moment.to_string().parse::<Timestamp>().unwrap(), moment);
    assert_eq!(
        "2006-10-04T14:34:56+02:00".parse::<Timestamp>().unwrap(),
        moment
    );
    for text in [
        "",
        "soon",
        "20061004",
        "2006-13-04T12:34:56Z",
        "20061004T123456",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}

#[test]
fn the_date_of_an_answer_has_one_form() {
    // RFC 9110, 5.6.7.
    let moment = Timestamp::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
    assert_eq!(moment.unix_seconds(), 784_111_777);
    assert_eq!(moment.http_date().unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(Timestamp::from_unix_seconds(i64::MAX).http_date(), None);
    for text in [
        "",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 09:49:37 +0100",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "06 Nov 1994 08:49:37 GMT",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
    ] {
        let error = Timestamp::parse_http_date(text).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{text}");
        assert!(error.to_string().starts_with("date: "), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn percent_encoding_reads_back(text in ".{0,80}") {
        let encoded = percent::encode(&text);
        prop_assert_eq!(percent::decode("x", &encoded).unwrap(), text.as_str());
        prop_assert_eq!(percent::decode_form("x", &encoded).unwrap(), text.as_str());
    }

    #[test]
    fn a_printed_query_reads_back(pairs in proptest::collection::vec(("[^\0]{1,8}", ".{0,8}"), 0..8)) {
        let pairs: Pairs = pairs.into_iter().collect();
        prop_assert_eq!(Pairs::parse(&pairs.to_string()).unwrap(), pairs);
    }

    #[test]
    fn a_printed_challenge_reads_back(
        scheme in "[A-Za-z]{1,12}",
        params in proptest::collection::vec(("[a-z]{1,8}", "[ -~]{0,20}"), 0..5),
    ) {
        let mut challenge = Challenge::new(scheme);
        for (name, value) in params {
            challenge = challenge.with(name, value);
        }
        prop_assert_eq!(Challenge::parse(&challenge.to_string()).unwrap(), [challenge]);
    }

    #[test]
    fn a_printed_date_reads_back(seconds in -60_000_000_000i64..250_000_000_000) {
        let moment = Timestamp::from_unix_seconds(seconds);
        let printed = moment.http_date().unwrap();
        prop_assert_eq!(Timestamp::parse_http_date(&printed).unwrap(), moment);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "[AuthSub realm=\"'\\\\,%0-9&+\r\n:/]{0,200}".prop_map(String::into_bytes),
        ],
    ) {
        let _ = Lines::parse(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = Timestamp::parse_http_date(&text);
        let _ = Pairs::parse(&text);
        let _ = Challenge::parse(&text);
        let _ = Origin::of(&text);
        let _ = text.parse::<Timestamp>();
    }
}
