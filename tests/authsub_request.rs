//! The link to the consent page, both ways.

use gdata_auth::{
    Kind,
    authsub::{Accounts, AuthSubRequest, ScopesInNext},
};
use proptest::prelude::*;

#[test]
fn prints_the_link_of_the_youtube_page() {
    // SEED-A, but for the order, in which most clients send the last two.
    let link = AuthSubRequest::new("http://www.example.com/upload.html")
        .unwrap()
        .scope("http://gdata.youtube.com")
        .unwrap();
    assert_eq!(
        link.to_string(),
        "https://www.google.com/accounts/AuthSubRequest?\
         next=http%3A%2F%2Fwww.example.com%2Fupload.html&scope=http%3A%2F%2Fgdata.youtube.com\
         &secure=0&session=0"
    );
}

#[test]
fn escapes_every_part_of_next_and_parts_scopes_by_one_space() {
    let link = AuthSubRequest::new("http://example.com/a b".replace(' ', "%20") + "?x=5&y=ü#top")
        .unwrap()
        .scope("https://www.google.com/m8/feeds/")
        .unwrap()
        .scope("http://picasaweb.google.com/data/")
        .unwrap()
        .secure(true)
        .session(true)
        .hd("example.com")
        .unwrap()
        .at(&Accounts::at("http://127.0.0.1:8080/accounts").unwrap());
    assert_eq!(
        link.to_string(),
        "http://127.0.0.1:8080/accounts/AuthSubRequest?\
         next=http%3A%2F%2Fexample.com%2Fa%2520b%3Fx%3D5%26y%3D%25C3%25BC%23top\
         &scope=https%3A%2F%2Fwww.google.com%2Fm8%2Ffeeds%2F%20http%3A%2F%2Fpicasaweb.google.com%2Fdata%2F\
         &secure=1&session=1&hd=example.com"
    );
}

#[test]
fn carries_the_scopes_inside_next_as_the_python_client_does() {
    // The inner text is that of gdata-python3's request in shared/captures, with %20 for its +.
    let link = AuthSubRequest::new("http://127.0.0.1:9/cb")
        .unwrap()
        .scope("http://gdata.youtube.com/feeds/")
        .unwrap()
        .carry_scopes(ScopesInNext::AuthSubScopes);
    assert_eq!(
        link.next(),
        "http://127.0.0.1:9/cb?auth_sub_scopes=http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F"
    );
    assert!(link.query().starts_with(
        "next=http%3A%2F%2F127.0.0.1%3A9%2Fcb%3Fauth_sub_scopes%3Dhttp%253A%252F%252F\
         gdata.youtube.com%252Ffeeds%252F&scope="
    ));

    let older = AuthSubRequest::new("http://example.com/?x=5#f")
        .unwrap()
        .scope("http://www.blogger.com/feeds/ http://www.google.com/base/feeds/")
        .unwrap()
        .carry_scopes(ScopesInNext::AuthsubTokenScope);
    assert_eq!(
        older.next(),
        "http://example.com/?x=5&authsub_token_scope=http%3A%2F%2Fwww.blogger.com%2Ffeeds%2F%20\
         http%3A%2F%2Fwww.google.com%2Fbase%2Ffeeds%2F#f"
    );
}

#[test]
fn reads_the_links_of_every_client() {
    // Orders and escapes of legacy-protocol.md 1.2 and 8.3; Zend leaves the scope raw.
    let queries = [
        "next=http%3A%2F%2Fwww.example.com%2Ffoo.php&scope=http://www.google.com/calendar/feeds&secure=0&session=1",
        "next=http%3A%2F%2Fwww.example.com%2Ffoo.php&scope=http%3A%2F%2Fwww.google.com%2Fcalendar%2Ffeeds&session=1&secure=0&hd=default",
        "scope=http%3A%2F%2Fwww.google.com%2Fcalendar%2Ffeeds&session=1&secure=0&hd=default&next=http%3A%2F%2Fwww.example.com%2Ffoo.php",
        "session=1&scope=http%3A%2F%2Fwww.google.com%2Fcalendar%2Ffeeds&next=http%3A%2F%2Fwww.example.com%2Ffoo.php",
    ];
    for query in queries {
        let link = AuthSubRequest::parse(query).unwrap();
        assert_eq!(link.next(), "http://www.example.com/foo.php", "{query}");
        assert_eq!(
            link.scopes().to_string(),
            "http://www.google.com/calendar/feeds",
            "{query}"
        );
        assert!(link.is_session(), "{query}");
        assert!(!link.is_secure(), "{query}");
    }
}

#[test]
fn takes_a_plus_between_scopes_for_a_space() {
    let link = AuthSubRequest::parse(
        "next=http://a.test/&scope=https://www.google.com/m8/feeds/+http://picasaweb.google.com/data/",
    )
    .unwrap();
    assert_eq!(
        link.scopes().to_string(),
        "https://www.google.com/m8/feeds/ http://picasaweb.google.com/data/"
    );
}

#[test]
fn names_the_field_that_cannot_be_sent() {
    let long = format!("http://a.test/{}", "x".repeat(AuthSubRequest::MAX_NEXT));
    for next in [
        "",
        "upload.html",
        "/upload.html",
        "javascript:alert(1)",
        "ftp://a.test/",
        "http://",
        "http://a.test/\r\nSet-Cookie: x",
        "http://a.test/\0",
        "http://a.test/ b",
        "http://user@a.test/",
        long.as_str(),
    ] {
        let error = AuthSubRequest::new(next).unwrap_err();
        assert_eq!(error.kind(), Kind::Input, "{next:?}");
        assert!(error.to_string().starts_with("next: "), "{error}");
    }
    let link = AuthSubRequest::new("http://a.test/").unwrap();
    for scope in ["", "youtube", "http://", "http://a.test/\nb"] {
        let error = link.clone().scope(scope).unwrap_err();
        assert!(error.to_string().starts_with("scope"), "{scope:?}: {error}");
    }
    for domain in ["", "a b", "a/b", "a\r\n", &"x".repeat(254)] {
        let error = link.clone().hd(domain).unwrap_err();
        assert!(error.to_string().starts_with("hd: "), "{domain:?}: {error}");
    }
}

#[test]
fn names_the_parameter_of_a_link_that_is_missing_doubled_or_wrong() {
    let cases = [
        ("", "next: "),
        ("scope=http://a.test/", "next: "),
        ("next=http://a.test/", "scope: "),
        ("next=http://a.test/&scope=", "scope: "),
        (
            "next=http://a.test/&scope=http://b.test/&secure=yes",
            "secure: ",
        ),
        (
            "next=http://a.test/&scope=http://b.test/&session=2",
            "session: ",
        ),
        (
            "next=http://a.test/&next=http://c.test/&scope=http://b.test/",
            "next: ",
        ),
        ("next=http://a.test/%zz&scope=http://b.test/", "next: "),
        ("next=http://a.test/%ff&scope=http://b.test/", "next: "),
    ];
    for (query, start) in cases {
        let error = AuthSubRequest::parse(query).unwrap_err();
        assert!(error.to_string().starts_with(start), "{query}: {error}");
    }
}

#[test]
fn plain_http_to_another_machine_is_refused_unless_allowed_loudly() {
    let error = Accounts::at("http://accounts.test/accounts").unwrap_err();
    assert_eq!(
        error.to_string(),
        "accounts: expected https, or http on loopback, got plain http to another machine"
    );
    assert!(Accounts::allow_plain_http("http://accounts.test/accounts").is_ok());
    assert!(Accounts::at("http://[::1]:8080/accounts").is_ok());
    assert!(Accounts::at("https://accounts.test/accounts?x").is_err());
    assert!(Accounts::at("accounts.test").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Print, then parse: the same request.
    #[test]
    fn a_printed_link_reads_back(
        path in "[a-zA-Z0-9/._~%&=?+;:@!$'()*,-]{0,40}",
        fragment in proptest::option::of("[a-zA-Z0-9/?]{0,10}"),
        scopes in proptest::collection::vec("https?://[a-z]{1,8}\\.test/[a-zA-Z0-9/._-]{0,20}", 1..4),
        secure: bool,
        session: bool,
        hd in proptest::option::of("[a-z0-9.-]{1,20}"),
    ) {
        let fragment = fragment.map_or_else(String::new, |f| format!("#{f}"));
        let mut link = AuthSubRequest::new(format!("http://site.test/{path}{fragment}")).unwrap()
            .secure(secure)
            .session(session);
        for scope in &scopes {
            link = link.scope(scope).unwrap();
        }
        if let Some(hd) = hd {
            link = link.hd(hd).unwrap();
        }
        prop_assert_eq!(AuthSubRequest::parse(&link.query()).unwrap(), link);
    }

    #[test]
    fn no_query_makes_the_reader_panic(
        query in prop_oneof![
            ".{0,200}",
            "(next|scope|secure|session|hd)=[a-z:/%0-9&=+?#@.\u{fc}]{0,60}(&(next|scope|hd)=[h:/%&=]{0,30}){0,3}",
            "next=https?%3A//[a-z\u{fc}.:@%\\[\\]-]{0,20}/[ -~]{0,20}&scope=http://a.test/",
        ],
    ) {
        let _ = AuthSubRequest::parse(&query);
    }
}
