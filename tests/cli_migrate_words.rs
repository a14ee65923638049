//! What `scan`, `plan` and `report` say of the same code: sums that agree, and nothing of what was not given.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

mod cli_support;

use std::fs;

use crate::cli_support::{file, folder, gdata_auth, place, run, texts};

/// A folder of files.
fn tree(name: &str, files: &[(&str, &str)]) -> String {
    let folder = folder(name);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(format!("{folder}/{name}"), text).unwrap();
    }
    folder
}

fn scan(args: &[&str]) -> (i32, String, String) {
    run(&[&["migrate", "scan"], args].concat())
}

/// The numbers under a heading of the summary.
fn rows(out: &str, heading: &str) -> Vec<(u64, String)> {
    let lines = out.lines().skip_while(|line| *line != heading).skip(1);
    lines
        .map_while(|line| {
            let (count, what) = line.trim().split_once("  ")?;
            Some((count.parse().ok()?, what.to_owned()))
        })
        .collect()
}

const DONE: &str = "t = gdata.gauth.OAuth2Token(client_id=a)\n\
    u = 'https://apps-apis.google.com/a/feeds/compliance/audit/mail'\n";
const LOGIN: &str = "import gdata.docs.service\ns.ClientLogin(u, p)\n";

#[test]
fn what_is_left_by_api_adds_up_to_what_is_left() {
    let tree = tree("words-sums", &[("a.py", DONE), ("b.py", LOGIN)]);
    let (code, out, _) = scan(&[&tree]);
    assert_eq!(code, 1);
    assert!(out.contains("2 left to do, in 2 files"), "{out}");
    let apis = rows(&out, "by API:");
    assert_eq!(
        apis,
        [
            (2, "Documents List API v3".to_owned()),
            (0, "Email Audit API: all 2 done".to_owned())
        ]
    );
}

#[test]
fn a_secret_is_a_thing_to_do_of_its_own_and_no_port() {
    let text = format!("{DONE}import gdata.service\nCONSUMER_SECRET = 's3cr3tcanary'\n");
    let tree = tree("words-secret", &[("a.py", &text)]);
    let (code, out, _) = scan(&[&tree]);
    assert_eq!(code, 1);
    let todo = rows(&out, "what to do:");
    assert!(
        todo.contains(&(1, "replace the secret".to_owned()))
            && todo.iter().all(|(_, what)| what != "port"),
        "{out}"
    );
    let (code, out, _) = run(&["migrate", "report", &tree]);
    assert_eq!(code, 1);
    assert!(
        out.contains("1 secret in the code: replace it, and take it out")
            && !out.contains("port to another API"),
        "{out}"
    );
}

#[test]
fn places_without_an_api_are_as_many_for_the_plan_as_for_the_scan() {
    let text = "<?php\n$u = Zend_Gdata_AuthSub::getAuthSubTokenUri($n, $s);\n\
        error_log('t ' . $_SESSION['sessionToken']);\nZend_Loader::loadClass('Zend_Gdata_AuthSub');\n";
    let tree = tree("words-unnamed", &[("a.php", text)]);
    let (_, out, _) = scan(&[&tree]);
    assert_eq!(rows(&out, "by API:"), [(3, "API not told".to_owned())]);
    let (_, out, _) = run(&["migrate", "plan", &tree]);
    assert!(
        out.contains("1 secret in the code")
            && out.contains("1 place does not say to whom it speaks")
            && out.contains("(libraries, answers): 1\n"),
        "{out}"
    );
}

#[test]
fn a_plan_says_nothing_of_what_it_was_not_given() {
    let text = "import gdata.docs.service\nconsumer_secret = 's3cr3tcanary'\ns.ClientLogin(u, p)\n";
    let tree = tree("words-given", &[("a.py", text)]);
    let (code, out, _) = run(&["migrate", "plan", &tree]);
    assert_eq!(code, 0);
    assert!(
        out.contains("what: 1 secret in the code or its logs: whoever")
            && !out.contains("token stores"),
        "{out}"
    );
    let inventory = file(
        "words-inventory.json",
        r#"{"version":1,"credentials":[{"number":1,"protocol":"auth-sub","form":"gdata-python-blob","user":"ann@example.com","scopes":["http://gdata.youtube.com"],"found":{"file":"s","at":"t"},"use":"consent-again","alarms":["private-key"],"secrets":[]}]}"#,
    );
    let (code, out, err) = run(&["migrate", "plan", "--inventory", &inventory]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("what: 1 private key or password in token stores: whoever")
            && out.contains("rewrite its calls. 1 stored credential.")
            && !out.contains("secrets in the code")
            && !out.contains("0 place"),
        "{out}"
    );
    let log = file(
        "words.log",
        "nonsense\nh - - [20/Nov/2026:05:00:00 +0000] \"GET http://www.google.com/calendar/feeds/default HTTP/1.1\" 404 1\n",
    );
    let (_, out, _) = run(&["migrate", "plan", "--log", &log]);
    assert!(
        out.contains("in no known form, or too long: 1 (line 1)\n"),
        "{out}"
    );
}

#[test]
fn files_are_counted_that_were_read_and_paths_once() {
    let tree = tree(
        "words-files",
        &[("a.py", LOGIN), ("b.bin", "\0\0\0\u{1}gdata")],
    );
    let known = place("words-files/known.json");
    assert_eq!(
        scan(&["--baseline", &known, "--write-baseline", &tree]).0,
        0
    );
    let (_, out, _) = scan(&[&tree]);
    assert!(
        out.contains("2 left to do, in 1 file that was read")
            && out.contains("known.json: a report of gdata-auth, not searched\n"),
        "{out}"
    );
    let file = format!("{tree}/a.py");
    for paths in [
        &[tree.as_str(), &tree][..],
        &[&tree, &file],
        &[&file, &tree],
        &[&format!("{tree}/../words-files"), &tree],
    ] {
        let (_, out, _) = scan(paths);
        assert!(
            out.contains("2 left to do, in 1 file that was read"),
            "{paths:?}: {out}"
        );
    }
}

#[test]
fn a_baseline_knows_files_however_they_were_reached() {
    let folder = tree("words-reached", &[("a.py", LOGIN)]);
    let inside = |args: &[&str]| {
        let mut command =
            gdata_auth(&[&["migrate", "scan", "--baseline", "k.json"], args].concat());
        texts(&command.current_dir(&folder).output().unwrap())
    };
    let (code, _, err) = inside(&["--write-baseline", "."]);
    assert_eq!(code, 0, "{err}");
    for path in [".", "a.py", &folder, "../words-reached"] {
        let (code, out, err) = inside(&[path]);
        assert_eq!(code, 0, "{path}: {out}");
        assert!(!err.contains("gone"), "{path}: {err}");
    }
    // From elsewhere it is another name, and that is told.
    let known = format!("{folder}/k.json");
    let (code, _, err) = scan(&["--baseline", &known, &folder]);
    assert_eq!(code, 1);
    assert!(
        err.contains("paths differ: it has a.py, this scan") && !err.contains("gone"),
        "{err}"
    );
}

#[test]
fn one_is_said_as_one() {
    let tree = tree("words-one", &[("a.py", "s.ProgrammaticLogin()\n")]);
    let known = place("words-one.json");
    let (_, _, err) = scan(&["--baseline", &known, "--write-baseline", &tree]);
    assert!(err.contains("1 finding is known from now on"), "{err}");
    fs::write(format!("{tree}/a.py"), "print(1)\n").unwrap();
    let (code, _, err) = scan(&["--baseline", &known, &tree]);
    assert_eq!(code, 0);
    assert!(
        err.contains("1 known finding is gone: write the baseline anew, so that it cannot"),
        "{err}"
    );
}
