//! The catalogue: what it knows, what it does not, and scopes old and new.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use gdata_auth::{
    Kind,
    migrate::catalogue::{Access, Catalogue, Class, Fit, State, aliases, narrower},
    scope::{ScopeNames, ScopeSet},
};

fn catalogue() -> &'static Catalogue {
    Catalogue::built_in().unwrap()
}

#[test]
fn finds_a_service_by_feed_scope_and_code() {
    for (feed, id) in [
        (
            "https://www.google.com/calendar/feeds/default/private/full?alt=json",
            "calendar",
        ),
        (
            "HTTP://WWW.GOOGLE.COM:80/m8/feeds/contacts/default/full",
            "contacts",
        ),
        (
            "https://www.google.com/m8/feeds/contacts/ann%40example.com/full",
            "contacts",
        ),
        (
            "https://www.google.com/m8/feeds/contacts/example.com/full",
            "domain-contacts",
        ),
        (
            "https://apps-apis.google.com/a/feeds/compliance/audit/mail/monitor/example.com",
            "email-audit",
        ),
        (
            "https://apps-apis.google.com/a/feeds/example.com/user/2.0",
            "provisioning",
        ),
        (
            "https://apps-apis.google.com/a/feeds/emailsettings/2.0/example.com/ann/label",
            "email-settings",
        ),
        ("gdata.youtube.com/feeds/api/videos", "youtube"),
        (
            "http://uploads.gdata.youtube.com/feeds/api/users/default/uploads",
            "youtube",
        ),
    ] {
        assert_eq!(catalogue().by_feed(feed).unwrap().id(), id, "{feed}");
    }
    for (scope, id) in [
        ("http://www.google.com/calendar/feeds/", "calendar"),
        ("https://www.google.com/calendar/feeds", "calendar"),
        ("https://docs.googleusercontent.com/", "documents"),
        ("https://mail.google.com/", "mail"),
    ] {
        assert_eq!(catalogue().by_scope(scope).unwrap().id(), id, "{scope}");
    }
    let codes = |code| -> Vec<&str> {
        let found = catalogue().by_service(code).unwrap();
        found.iter().map(|service| service.id()).collect()
    };
    assert_eq!(codes("wise"), ["spreadsheets"]);
    assert_eq!(codes("cp"), ["domain-contacts", "contacts"]);
    assert_eq!(codes("print"), ["books"]);
}

#[test]
fn has_a_row_for_every_code_of_the_old_clients() {
    for code in [
        "cl",
        "cp",
        "lh2",
        "wise",
        "writely",
        "youtube",
        "blogger",
        "analytics",
        "sitemaps",
        "apps",
        "jotspot",
        "local",
        "books",
        "print",
        "health",
        "weaver",
        "finance",
        "codesearch",
        "gbase",
        "code",
        "gtrans",
        "annotateweb",
        "xapi",
        "mail",
        "reader",
        "ac2dm",
        "ah",
        "cloudprint",
    ] {
        assert!(catalogue().by_service(code).is_ok(), "{code}");
    }
}

#[test]
fn tells_who_survived_and_marks_what_nobody_confirmed() {
    let alive: Vec<&str> = catalogue()
        .services()
        .iter()
        .filter(|service| service.state() == State::Alive)
        .map(|service| service.id())
        .collect();
    assert_eq!(alive, ["domain-contacts", "email-audit", "mail"]);
    let sheets = catalogue().service("spreadsheets").unwrap();
    assert_eq!(
        (sheets.ended(), sheets.class()),
        (Some("2021-08-02"), Some(Class::Sensitive))
    );
    assert!(!sheets.is_verified("class") && sheets.is_verified("read"));
    for service in catalogue().services() {
        assert!(!service.source().is_empty(), "{}", service.id());
        for column in service.unverified() {
            assert!(
                ["state", "since", "feeds", "read", "write", "class"].contains(&column),
                "{}: {column}",
                service.id()
            );
        }
        for scope in service.read_scopes().chain(service.write_scopes()) {
            assert!(ScopeNames::new([scope]).is_ok(), "{scope}");
        }
    }
}

#[test]
fn says_that_a_row_is_missing_and_guesses_nothing() {
    let missing = catalogue()
        .by_feed("https://example.com/feeds/x?token=1/secret")
        .unwrap_err();
    assert!(
        missing.to_string().contains("https://example.com/feeds/x"),
        "{missing}"
    );
    assert!(!missing.to_string().contains("secret"), "{missing}");
    assert!(!missing.advice().is_empty());
    assert!(
        catalogue()
            .by_feed("https://www.google.com/calendars/feeds/")
            .is_err()
    );
    assert!(
        catalogue()
            .by_feed("https://www.google.com.evil.test/calendar/feeds/")
            .is_err()
    );
    assert!(catalogue().by_service("nosuch").is_err());
    assert!(
        catalogue()
            .youtube_call("GET", "/feeds/api/nothing")
            .is_err()
    );
    assert!(catalogue().find("tides").is_err());
}

#[test]
fn leads_calls_of_youtube_to_their_successors() {
    let v3 = |method, address| -> (Vec<&str>, Fit) {
        let call = catalogue().youtube_call(method, address).unwrap();
        (call.v3().collect(), call.fit())
    };
    assert_eq!(
        v3("GET", "http://gdata.youtube.com/feeds/api/videos/abc"),
        (vec!["videos.list"], Fit::Direct)
    );
    assert_eq!(
        v3("GET", "https://gdata.youtube.com/feeds/api/videos?q=tides"),
        (vec!["search.list", "videos.list"], Fit::Part)
    );
    assert_eq!(
        v3("get", "/feeds/api/standardfeeds/most_popular"),
        (vec!["videos.list"], Fit::Part)
    );
    assert_eq!(
        v3("GET", "/feeds/api/standardfeeds/top_rated"),
        (vec![], Fit::None)
    );
    assert_eq!(
        v3("DELETE", "feeds/api/users/default/uploads/abc"),
        (vec!["videos.delete"], Fit::Direct)
    );
    assert_eq!(
        v3("GET", "feeds/api/videos/abc/related"),
        (vec![], Fit::None)
    );
}

#[test]
fn asks_for_the_narrowest_new_scopes() {
    let old = ScopeSet::parse(
        "http://www.google.com/calendar/feeds/ https://www.google.com/calendar/feeds/ \
         https://apps-apis.google.com/a/feeds/compliance/audit/ http://sites.google.com/feeds/ http://example.com/",
    )
    .unwrap();
    let read = catalogue().successors(&old, Access::Read).unwrap();
    assert_eq!(
        read.names().to_string(),
        "https://www.googleapis.com/auth/calendar.events.readonly https://apps-apis.google.com/a/feeds/compliance/audit/"
    );
    assert_eq!(read.same_api()[0].id(), "email-audit");
    assert_eq!(read.no_successor()[0].id(), "sites");
    assert_eq!(read.unknown().len(), 1);
    let write = catalogue().successors(&old, Access::Write).unwrap();
    assert!(
        write
            .names()
            .contains("https://www.googleapis.com/auth/calendar.events")
    );
}

#[test]
fn knows_granted_names_that_differ_from_the_asked() {
    let asked = ScopeNames::parse("https://www.google.com/m8/feeds/ email openid").unwrap();
    let granted = ScopeNames::parse(
        "openid https://www.googleapis.com/auth/contacts https://www.googleapis.com/auth/userinfo.email",
    )
    .unwrap();
    let found: Vec<(&str, &str)> = aliases(&asked, &granted)
        .iter()
        .map(|alias| (alias.asked, alias.granted))
        .collect();
    assert_eq!(
        found,
        [
            (
                "https://www.google.com/m8/feeds/",
                "https://www.googleapis.com/auth/contacts"
            ),
            ("email", "https://www.googleapis.com/auth/userinfo.email"),
        ]
    );
    assert!(asked.missing_from(&granted).is_empty());
    assert_eq!(
        narrower("https://www.google.com/m8/feeds"),
        ["https://www.googleapis.com/auth/contacts.readonly"]
    );
    assert!(narrower("https://example.com/scope").is_empty());
}

#[test]
fn refuses_a_damaged_table() {
    let row = "x\tcl\tName\tdead\t-\t-\t-\t-\t-\t-\t-\t-\tsource\t-";
    assert!(Catalogue::parse(row, "").is_ok());
    for (services, problem) in [
        ("x\ty", "expected 14 columns, got 2"),
        (&*row.replace("dead", "asleep"), "expected a known state"),
        (&*row.replace("source", "-"), "expected an id and a source"),
        (
            &*format!("{row}\n{row}"),
            "expected each id once, got x twice",
        ),
    ] {
        let error = Catalogue::parse(services, "").unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert!(error.to_string().contains(problem), "{error}");
    }
    let many = "x\n".repeat(Catalogue::MAX_ROWS + 1);
    assert!(
        Catalogue::parse(&many, "")
            .unwrap_err()
            .to_string()
            .contains("at most 1000 rows")
    );
    assert!(Catalogue::parse("", "GET\tx\t-\t-\tmaybe\t-\t-").is_err());
}
