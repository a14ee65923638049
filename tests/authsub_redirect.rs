//! What the browser brings back.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gdata_auth::{
    Kind,
    authsub::{AuthSubRequest, Redirect},
};
use proptest::prelude::*;

fn link(next: &str) -> AuthSubRequest {
    AuthSubRequest::new(next)
        .unwrap()
        .scope("http://gdata.youtube.com")
        .unwrap()
}

fn token(redirect: Redirect) -> String {
    redirect.into_token().secret().expose().to_owned()
}

#[test]
fn reads_the_tokens_of_the_fact_sheet() {
    // legacy-protocol.md 8.3.
    let cases = [
        (
            "http://www.yourwebapp.com/showcalendar.html?token=CKF50YzIH",
            "CKF50YzIH",
        ),
        (
            "http://www.yourwebapp.com/showcalendar.html?token==tokenCKF50YzIH=",
            "=tokenCKF50YzIH=",
        ),
        (
            "http://www.example.com/upload.html?token=CKF50YzIHxCT85KMAg",
            "CKF50YzIHxCT85KMAg",
        ),
        (
            "http://example.com/?auth_sub_scopes=http%3A%2F%2Fwww.blogger.com%2Ffeeds%2F+http%3A%2F%2Fwww.google.com%2Fbase%2Ffeeds%2F&token=my_nifty_token",
            "my_nifty_token",
        ),
        ("/cb?x=1&token=1%2Fabc#part", "1/abc"),
    ];
    for (address, expected) in cases {
        assert_eq!(
            token(Redirect::parse(address).unwrap()),
            expected,
            "{address}"
        );
    }
}

#[test]
fn decodes_the_token_exactly_once() {
    let next = "http://a.test/";
    let once = link(next)
        .read_redirect("http://a.test/?token=1%2Fa%252Fb")
        .unwrap();
    assert_eq!(token(once), "1/a%2Fb");
}

#[test]
fn reads_the_scopes_that_next_carried_under_both_names() {
    for name in ["auth_sub_scopes", "authsub_token_scope"] {
        let address =
            format!("http://a.test/?{name}=http%3A%2F%2Fb.test%2F+http%3A%2F%2Fc.test%2F&token=t");
        let redirect = Redirect::parse(&address).unwrap();
        assert_eq!(
            redirect.scopes().to_string(),
            "http://b.test/ http://c.test/"
        );
    }
}

#[test]
fn falls_back_to_the_scopes_that_were_asked_for() {
    let redirect = link("http://a.test/")
        .read_redirect("http://a.test/?token=t")
        .unwrap();
    assert_eq!(redirect.scopes().to_string(), "http://gdata.youtube.com");
}

#[test]
fn keeps_the_query_that_next_had() {
    let redirect = link("http://a.test/?x=1&x=2&y=a%20b#f")
        .read_redirect("http://a.test/?x=1&x=2&y=a%20b&token=t#f")
        .unwrap();
    assert_eq!(redirect.own_query().to_string(), "x=1&x=2&y=a%20b");
    assert_eq!(token(redirect), "t");
}

#[test]
fn tells_a_refusal_from_a_malformed_reply() {
    let link = link("http://a.test/cb?x=1");
    let declined = link.read_redirect("http://a.test/cb?x=1").unwrap_err();
    assert_eq!(declined.kind(), Kind::Denied);
    assert!(declined.needs_user());

    let malformed = [
        ("http://a.test/cb?x=1&token=", "token: "),
        ("http://a.test/cb?x=1&token=a&token=b", "token: "),
        ("http://a.test/cb?x=1&token=%zz", "token: "),
        ("http://a.test/cb?x=1&token=%ff", "token: "),
        ("http://a.test/cb?x=1&token=a%0d%0ab", "token: "),
        ("http://a.test/cb?x=1&token=a%00b", "token: "),
        ("http://a.test/cb?x=1&token=a%22b", "token: "),
        ("http://a.test/cb?x=1\r\n&token=a", "redirect: "),
        ("http://evil.test/cb?x=1&token=a", "redirect: "),
        ("https://a.test/cb?x=1&token=a", "redirect: "),
        ("http://a.test:81/cb?x=1&token=a", "redirect: "),
        ("http://a.test/other?x=1&token=a", "redirect: "),
    ];
    for (address, start) in malformed {
        let error = link.read_redirect(address).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{address:?}: {error}");
        assert!(error.to_string().starts_with(start), "{address:?}: {error}");
    }
}

#[test]
fn a_token_parameter_of_next_itself_is_not_taken_for_googles() {
    let link = link("http://a.test/?token=mine");
    assert_eq!(
        link.read_redirect("http://a.test/?token=mine")
            .unwrap_err()
            .kind(),
        Kind::Denied
    );
    let redirect = link
        .read_redirect("http://a.test/?token=mine&token=1%2Fg")
        .unwrap();
    assert_eq!(redirect.own_query().first("token"), Some("mine"));
    assert_eq!(token(redirect), "1/g");
}

#[test]
fn an_address_beyond_the_cap_is_refused() {
    let huge = format!(
        "http://a.test/?x={}&token=t",
        "y".repeat(Redirect::MAX_ADDRESS)
    );
    assert_eq!(Redirect::parse(&huge).unwrap_err().kind(), Kind::Reply);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// What the emulator prints, the client reads, whatever `next` holds.
    #[test]
    fn a_granted_address_reads_back(
        query in proptest::option::of("[a-z]{1,4}=[a-zA-Z0-9%20.~-]{0,8}(&[a-z]{1,4}=[a-zA-Z0-9.~-]{0,8}){0,3}"),
        fragment in proptest::option::of("[a-z]{0,6}"),
        text in "[!#-\\[\\]-~]{1,60}",
    ) {
        let query = query.map_or_else(String::new, |q| format!("?{}", q.replace('%', "%25")));
        let fragment = fragment.map_or_else(String::new, |f| format!("#{f}"));
        let link = link(&format!("http://a.test/cb{query}{fragment}"));
        let back = link.granted_address(&text);
        prop_assert_eq!(token(link.read_redirect(&back).unwrap()), text);
    }

    #[test]
    fn no_address_makes_the_reader_panic(
        address in prop_oneof![
            ".{0,200}",
            "(http://a\\.test)?/cb\\?[tokenTOKEN=&%0-9a-f+#]{0,100}",
            "[htp:/\\\\.?#@a-c%0-9\u{fc}]{0,60}(token|auth_sub_scopes)=[%0-9a-f&=+]{0,40}",
        ],
    ) {
        let _ = Redirect::parse(&address);
        let _ = link("http://a.test/cb").read_redirect(&address);
    }
}
