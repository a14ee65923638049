//! AuthSub scopes: what they cover, and what is said when they do not.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use gdata_auth::{
    Advice, Kind,
    scope::{Coverage, Scope, ScopeSet},
};
use proptest::prelude::*;

const CALENDAR: &str = "http://www.google.com/calendar/feeds/";

fn covers(scope: &str, url: &str) -> Coverage {
    Scope::new(scope).unwrap().covers(url)
}

#[test]
fn covers_by_prefix_host_without_case_and_default_port() {
    let rows = [
        (
            CALENDAR,
            "http://www.google.com/calendar/feeds/",
            Coverage::Inside,
        ),
        (
            CALENDAR,
            "http://www.google.com/calendar/feeds/default/full?alt=json",
            Coverage::Inside,
        ),
        (
            CALENDAR,
            "http://WWW.Google.COM:80/calendar/feeds/x",
            Coverage::Inside,
        ),
        (
            CALENDAR,
            "http://www.google.com/calendar/feed",
            Coverage::Outside,
        ),
        (
            CALENDAR,
            "http://www.google.com/Calendar/feeds/",
            Coverage::Outside,
        ),
        (
            CALENDAR,
            "http://www.google.com:8080/calendar/feeds/",
            Coverage::Outside,
        ),
        (
            CALENDAR,
            "http://google.com/calendar/feeds/",
            Coverage::Outside,
        ),
        (
            CALENDAR,
            "https://www.google.com/calendar/feeds/x",
            Coverage::SchemeDiffers,
        ),
        (
            CALENDAR,
            "https://www.google.com:443/calendar/feeds/x",
            Coverage::SchemeDiffers,
        ),
        (
            CALENDAR,
            "https://www.google.com/m8/feeds/",
            Coverage::Outside,
        ),
        (CALENDAR, "/calendar/feeds/", Coverage::Outside),
        (CALENDAR, "", Coverage::Outside),
        (
            "http://h.test:8080/",
            "http://h.test:8080/x",
            Coverage::Inside,
        ),
        (
            "http://h.test:8080/",
            "https://h.test:8080/x",
            Coverage::SchemeDiffers,
        ),
        ("http://h.test:443/", "https://h.test/x", Coverage::Outside),
    ];
    for (scope, url, expected) in rows {
        assert_eq!(covers(scope, url), expected, "{scope} {url}");
    }
}

#[test]
fn a_scope_without_a_path_covers_its_host_and_no_longer_one() {
    let scope = "http://gdata.youtube.com";
    assert_eq!(covers(scope, "http://gdata.youtube.com"), Coverage::Inside);
    assert_eq!(
        covers(scope, "http://gdata.youtube.com?v=2"),
        Coverage::Inside
    );
    assert_eq!(
        covers(scope, "http://gdata.youtube.com/feeds/api"),
        Coverage::Inside
    );
    assert_eq!(
        covers(scope, "http://gdata.youtube.com.evil.test/"),
        Coverage::Outside
    );
    assert_eq!(
        covers(scope, "http://gdata.youtube.com@evil.test/"),
        Coverage::Outside
    );
    assert_eq!(
        covers(scope, "http://evil.test/gdata.youtube.com"),
        Coverage::Outside
    );
}

#[test]
fn only_a_final_slash_keeps_a_scope_to_its_folder() {
    assert_eq!(
        covers("http://h.test/feeds", "http://h.test/feedsX"),
        Coverage::Inside
    );
    assert_eq!(
        covers("http://h.test/feeds/", "http://h.test/feedsX"),
        Coverage::Outside
    );
    assert_eq!(
        covers("http://h.test/feeds/", "http://h.test/feeds"),
        Coverage::Outside
    );
}

#[test]
fn dot_segments_lead_outside() {
    for path in [
        "../admin",
        "x/../../admin",
        "%2e%2E/admin",
        ".%2e/x",
        "./x",
        "..",
    ] {
        let url = format!("http://h.test/feeds/{path}");
        assert_eq!(
            covers("http://h.test/feeds/", &url),
            Coverage::Outside,
            "{url}"
        );
    }
    assert_eq!(
        covers("http://h.test/feeds/", "http://h.test/feeds/..x?q=/../"),
        Coverage::Inside
    );
}

#[test]
fn a_server_may_leave_the_scheme_aside() {
    let scope = Scope::new("https://www.google.com/m8/feeds/").unwrap();
    assert!(scope.covers_ignoring_scheme("http://www.google.com/m8/feeds/contacts"));
    assert!(scope.covers_ignoring_scheme("http://www.google.com:443/m8/feeds/contacts"));
    assert!(!scope.covers_ignoring_scheme("http://www.google.com:8443/m8/feeds/contacts"));
    assert!(!scope.covers_ignoring_scheme("http://www.google.com/calendar/"));
}

#[test]
fn refuses_what_is_no_address_prefix() {
    let long = format!("http://h.test/{}", "x".repeat(Scope::MAX_BYTES));
    for bad in [
        "",
        "openid",
        "/feeds/",
        "ftp://h.test/",
        "http://",
        "http:///x",
        "http://u@h.test/",
        "http://h.test/a b",
        "http://h.test/#x",
        "http://h.test/\u{0}",
        "http://h.test/ü",
        "http://h.test:x/",
        "http://h.test:99999/",
        long.as_str(),
    ] {
        let error = Scope::new(bad).unwrap_err();
        assert_eq!(error.kind(), Kind::Input, "{bad}");
        assert!(error.to_string().starts_with("scope: expected "), "{error}");
    }
}

#[test]
fn prints_and_parses_the_space_separated_form_as_written() {
    let wire = "http://www.google.com/calendar/feeds/ HTTP://GData.YouTube.com";
    let set = ScopeSet::parse(wire).unwrap();
    assert_eq!(set.len(), 2);
    assert_eq!(set.to_string(), wire);
    assert_eq!(ScopeSet::parse("  \n").unwrap().to_string(), "");
    let many = "http://h.test/ ".repeat(ScopeSet::MAX + 1);
    let error = ScopeSet::parse(&many).unwrap_err();
    assert_eq!(
        error.to_string(),
        "scope: expected at most 100 scopes, got more"
    );
}

#[test]
fn tells_the_scheme_trap_in_words_and_names_the_scope_to_ask_for() {
    let set =
        ScopeSet::parse("http://docs.google.com/feeds/ http://www.google.com/calendar/feeds/")
            .unwrap();
    let error = set
        .check("https://www.google.com/calendar/feeds/default/private/full?key=hidden")
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Scope);
    assert_eq!(
        error.to_string(),
        "the scope http://www.google.com/calendar/feeds/ covers this address but for its scheme: it asks for \
         https, the scope for http; ask for both, as Google's own lists do"
    );
    let needed = "https://www.google.com/calendar/feeds/".to_owned();
    assert_eq!(error.advice(), Advice::FixScope { needed });
    assert!(error.needs_user());
}

#[test]
fn names_a_scope_for_an_address_outside_without_its_query() {
    let set = ScopeSet::parse(CALENDAR).unwrap();
    let error = set
        .check("https://www.google.com/m8/feeds/contacts/default/full?key=hidden")
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected an address that the scopes http://www.google.com/calendar/feeds/ cover, got \
         https://www.google.com/m8/feeds/contacts/default/full"
    );
    let needed = "https://www.google.com/m8/feeds/".to_owned();
    assert_eq!(error.advice(), Advice::FixScope { needed });

    let error = ScopeSet::default().check("http://h.test/x/y").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a scope that covers http://h.test/x/y, got none"
    );
    assert_eq!(
        error.advice(),
        Advice::FixScope {
            needed: "http://h.test/".to_owned()
        }
    );

    assert_eq!(set.check("calendar").unwrap_err().kind(), Kind::Input);
    assert!(set.check("http://www.google.com/calendar/feeds/x").is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused_and_what_is_read_covers_itself(text in ".{0,60}", tail in "[a-z/]{0,8}") {
        let text = format!("http://h{text}");
        if let Ok(scope) = Scope::new(text.clone()) {
            prop_assert_eq!(scope.as_str(), text.as_str());
            let set = ScopeSet::parse(&text).unwrap();
            prop_assert_eq!(ScopeSet::parse(&set.to_string()).unwrap(), set);
            prop_assert!(scope.covers(&scope.other_scheme()) != Coverage::Inside);
        }
        let url = format!("http://h.test/feeds/{tail}");
        prop_assert_eq!(covers("http://h.test/feeds/", &url), Coverage::Inside);
    }
}
