//! `gdata-auth migrate plan`: a tree, an inventory and a log in; a report or JSON out.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

mod cli_support;

use std::fs;

use serde_json::Value;

use crate::cli_support::{file, folder, place, run, run_with_input};

const CODE: &str =
    "import gdata.calendar.service\nc.ClientLogin('me@example.com', 'hunter2canary')\n";
const LOG: &str = "h - - [20/Nov/2026:05:00:00 +0000] \"GET http://www.google.com/calendar/feeds/default/private/full HTTP/1.1\" 404 1\n";
const COOKIES: &str = "# Netscape HTTP Cookie File\n";

#[test]
fn what_scan_and_import_print_is_what_plan_reads() {
    let tree = folder("plan-tree");
    fs::create_dir_all(&tree).unwrap();
    fs::write(format!("{tree}/a.py"), CODE).unwrap();
    let findings = place("plan-findings.json");
    let (code, _, _) = run(&[
        "migrate", "scan", "--format", "json", "--output", &findings, &tree,
    ]);
    assert_eq!(code, 1);
    let stores = file("plan-cookies.txt", COOKIES);
    let (_, inventory, _) = run(&["migrate", "import", "--json", &stores]);
    let inventory = file("plan-inventory.json", &inventory);
    let log = file("plan-access.log", LOG);
    let users = place("plan-users.csv");
    let _ = fs::remove_file(&users);
    let given = [
        "--inventory",
        &inventory,
        "--log",
        &log,
        "--format",
        "json",
        "--users",
        &users,
    ];
    let (code, from_report, err) =
        run(&[&["migrate", "plan", "--scan", &findings][..], &given].concat());
    assert_eq!(code, 0, "{err}");
    fs::remove_file(&users).unwrap();
    let (code, from_tree, _) = run(&[&["migrate", "plan", &tree][..], &given].concat());
    assert_eq!((code, &from_tree), (0, &from_report));
    let plan: Value = serde_json::from_str(&from_report).unwrap();
    assert_eq!(plan["services"][0]["id"], "calendar");
    assert_eq!(
        plan["scopes"][0]["scope"],
        "https://www.googleapis.com/auth/calendar.events.readonly"
    );
    assert_eq!(plan["clients"][0]["kind"], "installed");
    assert!(!from_report.contains("hunter2canary"));
    assert_eq!(fs::read_to_string(users).unwrap(), "email\r\n");
}

#[test]
fn prints_reports_for_people_and_takes_a_log_from_stdin() {
    for (format, begin) in [
        ("text", "Leaving the old Google logins: Tide Videos\n"),
        ("markdown", "# Leaving the old Google logins: Tide Videos\n"),
        ("html", "<!doctype html>"),
    ] {
        let args = [
            "migrate",
            "plan",
            "--log",
            "-",
            "--app",
            "Tide Videos",
            "--format",
            format,
        ];
        let (code, out, err) = run_with_input(&args, LOG);
        assert_eq!(code, 0, "{err}");
        assert!(
            out.starts_with(begin) && out.contains("Calendar API v3"),
            "{out}"
        );
        assert!(err.contains("no inventory was given"), "{err}");
    }
}

#[test]
fn the_list_of_users_is_for_its_owner_and_overwrites_nothing() {
    let inventory = file(
        "plan-people.json",
        r#"{"version":1,"credentials":[{"number":1,"protocol":"auth-sub","form":"php-session","user":"ann@example.com","scopes":["http://gdata.youtube.com"],"found":{"file":"s","at":"t"},"use":"consent-again","secrets":[]}]}"#,
    );
    let users = place("plan-people.csv");
    let _ = fs::remove_file(&users);
    let plan = [
        "migrate",
        "plan",
        "--inventory",
        &inventory,
        "--users",
        &users,
    ];
    assert_eq!(run(&plan).0, 0);
    let list = "email\r\nann@example.com\r\n";
    assert_eq!(fs::read_to_string(&users).unwrap(), list);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&users).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    fs::write(&users, "mine").unwrap();
    let (code, out, err) = run(&plan);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("is there already; --force overwrites it"),
        "{err}"
    );
    assert_eq!(fs::read_to_string(&users).unwrap(), "mine");
    assert_eq!(run(&[&plan[..], &["--force"]].concat()).0, 0);
    assert_eq!(fs::read_to_string(&users).unwrap(), list);
}

#[cfg(unix)]
#[test]
fn what_names_users_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &str| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let inventory = file(
        "plan-modes.json",
        r#"{"version":1,"credentials":[{"number":1,"protocol":"auth-sub","form":"php-session","user":"ann@example.com","scopes":["http://gdata.youtube.com"],"found":{"file":"s","at":"t"},"use":"consent-again","secrets":[]}]}"#,
    );
    let fresh = place("plan-modes-out.json");
    let open = file("plan-modes-before.json", "a plan of last week");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).unwrap();
    for out in [&fresh, &open] {
        let words = [
            "migrate",
            "plan",
            "--inventory",
            &inventory,
            "--format",
            "json",
            "-o",
            out,
        ];
        let (code, _, err) = run(&words);
        assert_eq!(code, 0, "{err}");
        let text = fs::read_to_string(out).unwrap();
        assert!(
            text.starts_with('{') && text.contains("ann@example.com"),
            "{text}"
        );
        assert_eq!(mode(out), 0o600, "{out}");
    }
    let grants = file(
        "plan-modes-grants",
        "email,outcome,why\r\nann@example.com,moved,\r\n",
    );
    let report = place("plan-modes-report");
    let (code, _, err) = run(&["migrate", "report", "--grants", &grants, "-o", &report]);
    assert_eq!((code, mode(&report)), (1, 0o600), "{err}");
    // What is no file stays what it is.
    let words = [
        "migrate",
        "plan",
        "--inventory",
        &inventory,
        "--format",
        "json",
        "-o",
        "/dev/null",
    ];
    assert_eq!(run(&words).0, 0);
    assert_eq!(mode("/dev/null"), 0o666);
}

#[test]
fn inputs_that_tell_nothing_make_no_plan() {
    let empty = folder("plan-empty");
    fs::create_dir_all(&empty).unwrap();
    let prose = file("plan-prose.log", "nothing\nof a log\n");
    let hollow = file("plan-hollow.log", "");
    let nobody = file("plan-nobody.json", "{\"version\":1,\"credentials\":[]}");
    for (args, told) in [
        (
            &[empty.as_str()][..],
            "path: expected source that can be read",
        ),
        (&["--log", &prose], "got none in 2"),
        (&["--log", &hollow], "got an empty log"),
        (&["--inventory", &nobody], "got one without"),
        (
            &["--inventory", &nobody, "--origin", "nonsense"],
            "inventory: ",
        ),
    ] {
        let (code, out, err) = run(&[&["migrate", "plan"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(told), "{args:?}: {err}");
    }
}

#[test]
fn what_cannot_be_read_is_exit_2() {
    let nothing = place("plan-nothing");
    let wrong = file("plan-wrong.json", "{\"version\":9}");
    for args in [
        &[][..],
        &["--scan", &nothing],
        &["--scan", &wrong],
        &["--inventory", &wrong],
        &["--log", &nothing],
        &["--host", "h"],
    ] {
        let (code, out, err) = run(&[&["migrate", "plan"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
    }
}

#[test]
fn each_place_of_a_scan_counts_once() {
    let tree = folder("plan-once");
    fs::create_dir_all(&tree).unwrap();
    let leak = "c.ClientLogin('me@example.com', 'hunter2canary')\n";
    let more = "feed = c.GetCalendarListFeed('http://www.google.com/calendar/feeds/default')\nkey = 'http://www.google.com/calendar/feeds/me/private-0123456789abcdef0123456789abcdef/full'\n";
    fs::write(
        format!("{tree}/a.py"),
        format!("import gdata.calendar.service\n{leak}{more}"),
    )
    .unwrap();
    let (_, scan, _) = run(&["migrate", "scan", "--format", "json", &tree]);
    let scan: Value = serde_json::from_str(&scan).unwrap();
    let findings = scan["findings"].as_array().unwrap();
    let leaks = findings.iter().filter(|one| one["kind"] == "leak").count();
    let (_, plan, _) = run(&["migrate", "plan", "--format", "json", &tree]);
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let places = plan["services"].as_array().unwrap().iter();
    let places: u64 = places.map(|one| one["places"].as_u64().unwrap()).sum();
    let notes = plan["notes"].as_array().unwrap().iter();
    let other = notes
        .filter_map(|note| note.as_str()?.strip_prefix("other places in the code"))
        .filter_map(|note| note.rsplit(": ").next()?.parse::<u64>().ok())
        .sum::<u64>();
    assert!(leaks > 0 && places > 0, "{scan:#}");
    assert_eq!(
        places + other + leaks as u64,
        findings.len() as u64,
        "{scan:#} {plan:#}"
    );
    let what = plan["steps"][0]["what"].as_str().unwrap();
    assert!(what.starts_with(&format!("{leaks} secret")), "{what}");
}
