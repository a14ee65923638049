//! `gdata-auth migrate dual init` and the one setting that is changed, as users run them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::fs;

use cli_support::{file, place, run, run_with_input};

fn dual(args: &[&str]) -> (i32, String, String) {
    run(&[&["migrate", "dual"], args].concat())
}

/// A plan for programs that call these addresses.
fn plan_for(addresses: &[&str]) -> String {
    let line = |address: &&str| {
        format!("h - - [20/Nov/2026:05:00:00 +0000] \"GET {address} HTTP/1.1\" 404 1\n")
    };
    let log: String = addresses.iter().map(line).collect();
    let (code, plan, err) =
        run_with_input(&["migrate", "plan", "--log", "-", "--format", "json"], &log);
    assert_eq!(code, 0, "{err}");
    plan
}

#[test]
fn a_plan_becomes_a_file_that_check_tells_in_words() {
    let log = "h - - [20/Nov/2026:05:00:00 +0000] \"GET http://www.blogger.com/feeds/default/blogs HTTP/1.1\" 404 1\n";
    let (code, plan, err) =
        run_with_input(&["migrate", "plan", "--log", "-", "--format", "json"], log);
    assert_eq!(code, 0, "{err}");
    let (code, text, err) = run_with_input(&["migrate", "dual", "init", "-", "--plan", "-"], &plan);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        text.contains("\nfeed = \"https://www.blogger.com/feeds\"\n"),
        "{text}"
    );
    let path = place("dual-init.toml");
    let plan = file("dual-plan.json", &plan);
    let (code, _, err) = dual(&["init", &path, "--plan", &plan]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("with 1 rule; everything goes by the old credential until"),
        "{err}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let (code, _, err) = dual(&["init", &path]);
    assert_eq!(
        (code, err),
        (
            2,
            format!("error: file: {path} is there already; --force overwrites it\n")
        )
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    let (code, out, err) = dual(&["check", &path]);
    assert_eq!((code, err.as_str()), (0, ""));
    for line in [
        "override: none, the rules hold\n",
        "\nRULE  FEED                           USERS  PERCENT  WHO IS ASKED\n",
        "\n1     https://www.blogger.com/feeds  all    all      both asked, the old one answers\n",
        "\nelse                                                 both asked, the old one answers\n",
        "; without their values\n",
    ] {
        assert!(out.contains(line), "{line} in {out}");
    }
    let asked = |address: &str| {
        let (code, out, err) = dual(&[
            "check",
            &path,
            "--user",
            "ann@example.com",
            "--address",
            address,
        ]);
        assert_eq!((code, err.as_str()), (0, ""));
        out
    };
    let feed = "http://www.blogger.com/feeds/default?key=CANARY";
    let told = asked(feed);
    assert!(!told.contains("CANARY"), "{told}");
    assert!(
        told.contains(
            "both asked, the old one answers\n  by rule 1 (feed https://www.blogger.com/feeds)\n"
        ),
        "{told}"
    );
    assert!(asked("https://a.example/").contains("\n  by no rule, so [otherwise]\n"));
    assert_eq!(dual(&["switch", &path]).0, 0);
    let told = asked(feed);
    assert!(
        told.contains("the new credential\n  by override = \"new\"; without it both asked"),
        "{told}"
    );

    let (code, _, _) = dual(&["init", &path, "--force"]);
    assert_eq!(code, 0);
    let (_, out, _) = dual(&["check", &path]);
    assert!(
        out.starts_with("override: none") && !out.contains("blogger"),
        "{out}"
    );
}

#[test]
fn an_api_that_is_dead_has_its_rule_off_and_is_told() {
    let contacts = "http://www.google.com/m8/feeds/contacts/default/full";
    let videos = "http://gdata.youtube.com/feeds/api/users/default/uploads";
    let plan = file("dual-dead-plan.json", &plan_for(&[contacts, videos]));
    let path = place("dual-dead.toml");
    let (code, _, err) = dual(&["init", &path, "--plan", &plan]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("notice: dead, so that the old credential opens nothing there"),
        "{err}"
    );
    assert!(
        err.contains("YouTube Data API v2") && err.contains("Contacts API v3"),
        "{err}"
    );
    assert!(
        err.contains("notice: no API of this plan still answers"),
        "{err}"
    );
    assert!(err.contains("with 0 rules"), "{err}");
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("# YouTube Data API v2: dead since 2015; to YouTube Data API v3\n# Neither credential opens anything"),
        "{text}"
    );
    assert!(
        text.contains("\n# [[rule]]\n# feed = \"https://gdata.youtube.com\"\n# prefer = \"old\""),
        "{text}"
    );
    assert!(!text.contains("\n[[rule]]"), "{text}");

    let plan = file(
        "dual-mixed-plan.json",
        &plan_for(&[contacts, "http://www.blogger.com/feeds/default/blogs"]),
    );
    let path = place("dual-mixed.toml");
    let (code, _, err) = dual(&["init", &path, "--plan", &plan]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("the rules are off: Contacts API v3\n"),
        "{err}"
    );
    assert!(!err.contains("no API of this plan"), "{err}");
    assert!(err.contains("with 1 rule;"), "{err}");
}

#[test]
fn feeds_of_a_domain_have_rules_where_it_is_named() {
    let feed = "https://www.google.com/m8/feeds/contacts/example.com/full";
    let plan = file("dual-domain-plan.json", &plan_for(&[feed]));
    let path = place("dual-domain.toml");
    let (code, _, err) = dual(&["init", &path, "--plan", &plan]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains(
            "of a domain of yours, so that the rules are off until it is named (--domain example.com): Domain Shared Contacts API\n"
        ) && err.contains("with 0 rules"),
        "{err}"
    );

    let named = ["--domain", "example.com", "--domain", "example.org"];
    let again = [&["init", &path, "--plan", &plan, "--force"], &named[..]].concat();
    let (code, _, err) = dual(&again);
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("notice"), "{err}");
    for (address, rule) in [
        (feed, "by rule "),
        (
            "https://www.google.com/m8/feeds/gal/example.org/full",
            "by rule ",
        ),
        (
            "https://www.google.com/m8/feeds/contacts/example.net/full",
            "by no rule",
        ),
    ] {
        let call = ["--user", "ann@example.com", "--address", address];
        let (code, out, _) = dual(&[&["check", &path], &call[..]].concat());
        assert!(code == 0 && out.contains(rule), "{address}: {out}");
    }
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("{domain}"), "{text}");

    for strange in ["example.com/full", "nothing", "a..b", "\"]\n"] {
        let (code, _, err) = dual(&["init", "-", "--plan", &plan, "--domain", strange]);
        assert_eq!(code, 2, "{strange}");
        assert!(
            err.contains("domain: expected a name such as example.com"),
            "{err}"
        );
    }
    let plan = plan_for(&["http://www.blogger.com/feeds/default/blogs"]);
    let words = [
        "migrate",
        "dual",
        "init",
        "-",
        "--plan",
        "-",
        "--domain",
        "example.com",
    ];
    let (code, _, err) = run_with_input(&words, &plan);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("--domain changes nothing"), "{err}");
}

#[test]
fn a_text_without_an_end_says_what_to_write() {
    let path = file("dual-b4.toml", "override = 'none'\n");
    let (code, _, err) = dual(&["check", &path]);
    assert_eq!(code, 2);
    assert!(
        err.contains("expected a table [otherwise] at the end, for what no rule takes, with a line prefer = \"old\""),
        "{err}"
    );
    let path = file("dual-b5.toml", "[otherwise]\nshadow = true\n");
    let (code, _, err) = dual(&["check", &path]);
    assert_eq!(code, 2);
    assert!(
        err.contains("line 1, [otherwise]: expected a line prefer = \"old\" or prefer = \"new\""),
        "{err}"
    );
}

#[test]
fn whoever_keeps_the_file_to_itself_is_named() {
    let path = file("dual-kept.toml", "[otherwise]\nprefer = 'old'\n");
    let beside = format!("{path}.lock");
    fs::write(&beside, "4711").unwrap();
    let held = fs::File::open(&beside).unwrap();
    held.lock().unwrap();
    let (code, _, err) = dual(&["roll-back", &path]);
    assert_eq!(code, 1);
    assert!(
        err.contains(
            "expected nobody else at work with it, process 4711 has it; stop that first\n"
        ),
        "{err}"
    );
    assert!(!err.contains("try again later"), "{err}");
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "[otherwise]\nprefer = 'old'\n"
    );
    drop(held);
    let (code, _, err) = dual(&["roll-back", &path]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("override was none, and is old"), "{err}");
}
