//! The gdata error document: read, printed and bounded.

use gdata_auth::{
    Kind,
    gdata::{ErrorEntry, Errors, Location},
};
use proptest::prelude::*;

const QUOTA: &str = include_str!("../fixtures/replies/403-too-many-recent-calls.xml");
const EXPIRED: &str = include_str!("../fixtures/replies/401-token-expired.xml");
const VALIDATION: &str = include_str!("../fixtures/replies/400-validation.xml");
const ETAGS: &str = include_str!("../fixtures/replies/412-etags-unsupported.xml");
const ETAGS_PREFIXED: &str = include_str!("../fixtures/replies/412-etags-unsupported-prefixed.xml");
const BATCH: &str = include_str!("../fixtures/replies/400-batch.xml");

#[test]
fn reads_errors_with_and_without_namespace_and_under_any_prefix() {
    let errors = Errors::parse(QUOTA.as_bytes()).unwrap();
    assert_eq!(
        errors.entries(),
        [ErrorEntry::new("yt:quota", "too_many_recent_calls")]
    );
    let plain = Errors::parse(ETAGS.as_bytes()).unwrap();
    let prefixed = Errors::parse(ETAGS_PREFIXED.as_bytes()).unwrap();
    assert_eq!(plain, prefixed);
    assert_eq!(
        plain.entries()[0].internal_reason.as_deref(),
        Some("Resource does not support Etags")
    );
    let errors = Errors::parse(VALIDATION.as_bytes()).unwrap();
    assert_eq!(errors.entries().len(), 2);
    let place = "media:group/media:keywords/text()".to_owned();
    assert_eq!(errors.entries()[1].location, Some(Location::XPath(place)));
    let errors = Errors::parse(BATCH.as_bytes()).unwrap();
    assert_eq!(errors.entries()[0].kind.as_deref(), Some("request"));
    assert_eq!(
        errors.entries()[0].reason.as_deref(),
        Some("entry 2 names no operation")
    );
}

#[test]
fn prints_errors_as_the_servers_did() {
    for document in [QUOTA, EXPIRED, BATCH] {
        assert_eq!(
            Errors::parse(document.as_bytes())
                .unwrap()
                .to_xml()
                .unwrap(),
            document
        );
    }
    let printed = Errors::parse(ETAGS_PREFIXED.as_bytes())
        .unwrap()
        .to_xml()
        .unwrap();
    assert_eq!(
        printed,
        format!("<?xml version='1.0' encoding='UTF-8'?>{ETAGS}")
    );
}

#[test]
fn refuses_documents_that_are_not_errors_in_utf_8() {
    let big = format!("<errors>{}</errors>", " ".repeat(Errors::MAX_BYTES));
    let deep = format!("<errors>{}", "<a>".repeat(5_000));
    let many = format!("<errors>{}</errors>", "<error/>".repeat(Errors::MAX + 1));
    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><errors><error><code>&b;</code></error></errors>";
    let rows: &[(&[u8], &str)] = &[
        (b"", "errors: expected a root element, got none"),
        (b"   ", "errors: expected a root element, got none"),
        (
            b"<feed/>",
            "errors: expected the element errors, got another",
        ),
        (
            b"<errors xmlns='http://other.test/'/>",
            "errors: expected the element errors, got another",
        ),
        (
            b"<errors>\xff</errors>",
            "errors: expected XML in UTF-8, got other bytes",
        ),
        (
            b"<?xml version='1.0' encoding='ISO-8859-1'?><errors/>",
            "errors: expected the encoding UTF-8, got another declared",
        ),
        (
            b"<errors>\0</errors>",
            "errors: expected XML, got a control character",
        ),
        (
            b"<errors>&#7;</errors>",
            "errors: expected XML, got a control character",
        ),
        (
            b"<errors><error>",
            "errors: expected an end tag, got the end of the document",
        ),
        (
            b"<errors><error></errors>",
            "errors: expected well-formed XML, got something else",
        ),
        (
            b"<errors/><errors/>",
            "errors: expected one root element, got a second",
        ),
        (
            b"<errors/>text",
            "errors: expected nothing outside the root element, got text",
        ),
        (
            b"<errors a='1' a='2'/>",
            "errors: expected every attribute once, got one twice",
        ),
        (
            b"<errors a=1/>",
            "errors: expected attributes like name=\"value\", got something else",
        ),
        (
            b"<gd:errors/>",
            "errors: expected every prefix to be declared, got one that is not",
        ),
        (
            b"<errors>&nbsp;</errors>",
            "errors: expected one of the five predefined entities or a character's number, got another",
        ),
        (
            bomb.as_bytes(),
            "errors: expected no document type, got <!DOCTYPE>",
        ),
        (
            deep.as_bytes(),
            "errors: expected at most 16 levels, got more",
        ),
        (
            many.as_bytes(),
            "errors: expected at most 100 errors, got more",
        ),
        (
            big.as_bytes(),
            "errors: expected at most 262144 bytes, got 262161",
        ),
    ];
    for (document, message) in rows {
        let error = Errors::parse(document).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (Kind::Reply, *message)
        );
    }
}

#[test]
fn any_cut_or_changed_document_is_read_or_refused() {
    for document in [QUOTA, EXPIRED, VALIDATION, ETAGS_PREFIXED, BATCH] {
        for end in 0..document.trim_end().len() {
            assert!(Errors::parse(&document.as_bytes()[..end]).is_err(), "{end}");
            let mut changed = document.as_bytes().to_vec();
            changed[end] ^= 0xA5;
            if let Ok(errors) = Errors::parse(&changed) {
                assert_eq!(
                    Errors::parse(errors.to_xml().unwrap().as_bytes()).unwrap(),
                    errors
                );
            }
        }
    }
}

fn entry() -> impl Strategy<Value = ErrorEntry> {
    let text = || proptest::option::of("[ -~\u{e9}\u{1f600}\n\t\r]{0,20}");
    let place = proptest::option::of(("xpath|header|other", "[ -~]{0,20}"));
    (text(), text(), place, text(), text(), text()).prop_map(
        |(domain, code, place, reason, help, kind)| {
            let mut entry = ErrorEntry::new("", "");
            entry.domain = domain;
            entry.code = code;
            entry.location = place.map(|(kind, text)| Location::new(&kind, text));
            entry.internal_reason = reason;
            entry.extended_help = help;
            entry.kind = kind;
            entry
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_back(entries in proptest::collection::vec(entry(), 0..4), bare: bool) {
        let mut errors = Errors::new(entries);
        if bare { errors = errors.without_namespace(); }
        prop_assert_eq!(Errors::parse(errors.to_xml().unwrap().as_bytes()).unwrap(), errors);
    }
}
