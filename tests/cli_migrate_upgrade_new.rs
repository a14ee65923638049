//! What a campaign is not started with, as a user runs it: before anybody is invited to what the server refuses.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::{fs, net::TcpListener};

use cli_support::{file, place, run};

const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";

fn upgrade(args: &[&str]) -> (i32, String, String) {
    run(&[&["migrate", "upgrade"], args].concat())
}

fn campaign(name: &str) -> String {
    let _ = place(&format!("{name}.lock"));
    place(name)
}

fn new(path: &str, options: &[&str]) -> (i32, String, String) {
    upgrade(&[&["new", path, "--app", "Tides"], options].concat())
}

#[test]
fn a_redirect_address_that_the_web_client_does_not_list_is_refused() {
    let client = file(
        "upgrade-web.json",
        r#"{"web":{"client_id":"1234.apps.googleusercontent.com","client_secret":"canary",
            "auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token",
            "redirect_uris":["https://upgrade.example.com/back"]}}"#,
    );
    let path = campaign("upgrade-web");
    let common = ["--scope", YOUTUBE, "--client-secrets", &client];
    let at = |origin: &str| new(&path, &[&common[..], &["--origin", origin]].concat());
    let (code, _, told) = at("https://upgrade.example.com");
    assert_eq!(code, 2, "{told}");
    assert!(
        told.contains(
            "expected https://upgrade.example.com/ among the addresses that the file of the web client lists, got \
             https://upgrade.example.com/back; register it in the console and download the file again, or give \
             --origin https://upgrade.example.com --redirect-path /back\n"
        ),
        "{told}"
    );
    assert!(!told.contains("canary"), "{told}");
    assert_eq!(new(&path, &common).0, 2, "the origin that nobody gave");
    assert!(fs::metadata(&path).is_err(), "nothing was made");
    let fitting = [
        &common[..],
        &[
            "--origin",
            "https://upgrade.example.com",
            "--redirect-path",
            "/back",
        ],
    ];
    let (code, _, told) = new(&path, &fitting.concat());
    assert_eq!(code, 0, "{told}");
    assert!(
        told.ends_with("send browsers back to: https://upgrade.example.com/back\n"),
        "{told}"
    );
}

#[test]
fn a_desktop_client_has_its_users_come_back_to_this_machine() {
    let path = campaign("upgrade-desktop");
    let common = ["--scope", YOUTUBE, "--client-id", "app"];
    let away = [&common[..], &["--origin", "https://upgrade.example.com"]];
    let (code, _, told) = new(&path, &away.concat());
    assert_eq!(code, 2, "{told}");
    assert!(
        told.contains("users come back to https://upgrade.example.com/: expected http://127.0.0.1"),
        "{told}"
    );
    assert_eq!(new(&path, &[&away.concat()[..], &["--web"]].concat()).0, 0);
}

#[test]
fn a_scope_that_google_cannot_know_is_refused() {
    let path = campaign("upgrade-scope");
    for wrong in ["nonsense", "youtube", "openid nonsense"] {
        let (code, _, told) = new(&path, &["--scope", wrong, "--client-id", "app"]);
        assert_eq!(code, 2, "{wrong}: {told}");
        assert!(
            told.contains("scope: expected an address such as https://www.googleapis.com/auth/youtube, or one of openid"),
            "{told}"
        );
    }
    let words = format!("openid email profile {YOUTUBE}");
    let (code, _, told) = new(&path, &["--scope", &words, "--client-id", "app"]);
    assert_eq!(code, 0, "{told}");
}

#[test]
fn links_are_good_for_a_day_to_a_year() {
    let path = campaign("upgrade-days");
    for (days, expected) in [("0", 2), ("367", 2), ("-1", 2), ("366", 0)] {
        let (code, _, told) = new(
            &path,
            &["--scope", YOUTUBE, "--client-id", "app", "--days", days],
        );
        assert_eq!(code, expected, "{days}: {told}");
    }
}

#[test]
fn what_is_missing_is_named_with_its_maker() {
    let users = file("upgrade-users.csv", "email\nann@example.com\n");
    let none = campaign("upgrade-none");
    let (code, _, told) = upgrade(&["add", &none, &users]);
    assert_eq!(code, 2);
    assert!(
        told.contains("there is none; `gdata-auth migrate upgrade new` makes one\n"),
        "{told}"
    );
    let (code, _, told) = upgrade(&["renew", &none]);
    assert_eq!(code, 2);
    assert!(told.contains("--expired"), "{told}");
    let (code, _, told) = upgrade(&["renew", &none, "ann@example.com", "--expired"]);
    assert_eq!(code, 2);
    assert!(told.contains("cannot be used with"), "{told}");
    let deep = format!("{none}-folder/upgrade.campaign");
    let (code, _, told) = new(&deep, &["--scope", YOUTUBE, "--client-id", "app"]);
    assert_eq!(code, 3);
    assert!(told.ends_with("; make its folder first\n"), "{told}");
}

#[test]
fn a_port_that_is_taken_says_what_helps() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let path = campaign("upgrade-port");
    let origin = format!("http://{address}");
    let client = ["--client-id", "app"];
    let (code, _, told) = new(
        &path,
        &[&["--scope", YOUTUBE, "--origin", &origin], &client[..]].concat(),
    );
    assert_eq!(code, 0, "{told}");
    let store = place("upgrade-port-store");
    let serve = ["serve", &path, "--store", &store];
    for (more, words) in [
        (&[][..], "make the campaign for another port"),
        (&["--listen", &address], "give another address to --listen"),
    ] {
        let (code, out, told) = upgrade(&[&serve[..], &client, more].concat());
        assert_eq!((code, out.as_str()), (3, ""), "{told}");
        assert!(
            told.contains(&format!("cannot listen at {address}: ")) && told.contains(words),
            "{told}"
        );
        assert!(!told.contains("try again later"), "{told}");
    }
}
