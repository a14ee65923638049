//! What `migrate upgrade` says when a place is taken, an interface is open, and how it counts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod support;

use cli_support::{place, run};
use gdata_auth::system::{Clock, SystemClock};
use support::campaign::{ANN, campaign, invitees};

fn upgrade(args: &[&str]) -> (i32, String, String) {
    run(&[&["migrate", "upgrade"], args].concat())
}

/// A campaign with one user, as of now.
fn one(name: &str) -> String {
    let mut campaign = campaign(name);
    campaign.add(invitees(&[ANN]), SystemClock.now()).unwrap();
    campaign.path().to_str().unwrap().to_owned()
}

#[test]
fn a_place_that_is_taken_says_what_to_do() {
    let path = one("camp-taken");
    let list = place("camp-taken-links.csv");
    let listed = ["list", &path, "--links", "--output", &list];
    assert_eq!(upgrade(&listed).0, 0);
    let first = std::fs::read_to_string(&list).unwrap();
    let (code, _, told) = upgrade(&listed);
    assert_eq!(
        (code, told),
        (
            2,
            format!("error: output: {list} is there already; --force overwrites it\n")
        )
    );
    assert_eq!(upgrade(&["renew", &path, ANN]).0, 0);
    let (code, _, told) = upgrade(&[&listed[..], &["--force"]].concat());
    assert_eq!(code, 0, "{told}");
    let second = std::fs::read_to_string(&list).unwrap();
    assert!(first != second && second.lines().count() == 2, "{second}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&list).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let mailbox = place("camp-taken.mbox");
    let from = ["--from", "team@example.com", "--mbox", &mailbox];
    let remind = [&["remind", &path, "--every", "0"], &from[..]].concat();
    let (code, _, told) = upgrade(&remind);
    assert_eq!(
        (code, told.as_str()),
        (0, "1 message made; nothing was sent\n")
    );
    let made = std::fs::read_to_string(&mailbox).unwrap();
    let (code, _, told) = upgrade(&remind);
    assert_eq!(
        (code, told),
        (
            2,
            format!(
                "error: mbox: {mailbox} is there already, with messages that are not made again: send them, and name \
                 another file\n"
            )
        )
    );
    assert_eq!(std::fs::read_to_string(&mailbox).unwrap(), made);
}

#[test]
fn the_invitation_is_a_mail_and_no_reminder() {
    let path = one("camp-mails");
    let mails = || {
        let (_, list, _) = upgrade(&["list", &path]);
        let column = list
            .lines()
            .next()
            .unwrap()
            .split(',')
            .position(|name| name == "mails");
        let line = list.lines().nth(1).unwrap().to_owned();
        line.split(',').nth(column.unwrap()).unwrap().to_owned()
    };
    assert_eq!(mails(), "0");
    for (count, subject) in [("1", "Subject: Tide"), ("2", "Subject: Reminder: Tide")] {
        let mailbox = place("camp-mails.mbox");
        let from = ["--from", "team@example.com", "--mbox", &mailbox];
        let (code, _, told) = upgrade(&[&["remind", &path, "--every", "0"], &from[..]].concat());
        assert_eq!(code, 0, "{told}");
        let text = std::fs::read_to_string(&mailbox).unwrap();
        assert!(text.contains(subject), "{text}");
        assert_eq!(mails(), count);
    }
}

#[test]
fn counts_are_told_as_people_count() {
    let path = one("camp-counts");
    let (_, out, _) = upgrade(&["status", &path]);
    assert!(out.starts_with("Tide <Videos>: 1 user\n"), "{out}");
    let settings = place("camp-counts.toml");
    assert_eq!(run(&["migrate", "dual", "init", &settings]).0, 0);
    let text = std::fs::read_to_string(&settings).unwrap();
    let one = text.replace(
        "count = []",
        "count = [\"https://mail.google.com/mail/feed/\"]",
    );
    std::fs::write(&settings, one).unwrap();
    let (_, out, told) = run(&["migrate", "dual", "check", &settings]);
    assert!(
        out.ends_with("counted: 1 feed, and all others as one\n"),
        "{out}{told}"
    );
}

#[test]
fn an_open_interface_is_asked_for_by_an_option() {
    let path = one("camp-open");
    let store = cli_support::folder("camp-open-store");
    let client = ["--client-id", support::oauth2::DESKTOP, "--store", &store];
    for address in ["0.0.0.0:0", "[::]:0"] {
        let words = [&["serve", &path, "--listen", address], &client[..]].concat();
        let (code, _, told) = upgrade(&words);
        assert_eq!(code, 2, "{told}");
        assert!(
            told.contains(&format!("got {address}, where links and codes come in plain text; --allow-any-interface permits it")),
            "{told}"
        );
        assert!(!told.contains("allow_any_interface"), "{told}");
    }
}
