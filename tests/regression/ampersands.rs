//! Every `&` of a refusal's text was searched for its `;` to the end of the body, which is quadratic.

use gdata_auth::gdata::Refusal;

use crate::answer;

#[test]
fn a_body_of_ampersands_is_read() {
    let body = format!("<TITLE>{}</TITLE>", "&".repeat(1024 * 1024));
    let refusal = Refusal::read(&answer(403, &[], &body)).unwrap();
    assert!(refusal.message().starts_with("&&&&"), "{refusal}");
}

#[test]
fn an_entity_ends_within_a_few_bytes() {
    for (text, shown) in [
        ("a &amp; b &#65;&#x42; &#x10FFFF;", "a & b AB \u{10ffff}"),
        ("a &#x00000041; b", "a A b"),
        ("a &#x000000041; b", "a &#x000000041; b"),
        ("&&amp;", "&&"),
        ("&", "&"),
        (
            "&\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9};",
            "&\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9};",
        ),
    ] {
        let body = format!("<TITLE>{text}</TITLE>");
        let refusal = Refusal::read(&answer(403, &[], &body)).unwrap();
        assert_eq!(refusal.message(), shown, "{text}");
    }
}
