//! `gdata-auth migrate`: formats, exit codes, the baseline, the catalogue.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

mod cli_support;

use std::fs;

use serde_json::Value;

use crate::cli_support::{folder, gdata_auth, place, run, texts};

const LOGIN: &str = "import gdata.docs.service\ns.ClientLogin('me@example.com', 'hunter2canary')\n";

/// A folder with one file.
fn tree(name: &str, file: &str, text: &str) -> String {
    let folder = folder(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(format!("{folder}/{file}"), text).unwrap();
    folder
}

fn scan(args: &[&str]) -> (i32, String, String) {
    run(&[&["migrate", "scan"], args].concat())
}

#[test]
fn tells_findings_in_a_table_and_by_the_exit_code() {
    let place = tree("migrate-table", "a.py", LOGIN);
    let (code, out, err) = scan(&[&place]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(
        out.contains("a.py") && out.contains("P1") && out.contains("port to Drive API v3"),
        "{out}"
    );
    assert!(
        out.contains("3 left to do, in 1 file that was read\nwhat to do:\n"),
        "{out}"
    );
    assert!(
        !out.contains("hunter2canary") && !out.contains('\u{1b}'),
        "{out}"
    );
    let clean = tree("migrate-clean", "a.py", "print('nothing')\n");
    let (code, out, _) = scan(&[&clean]);
    assert_eq!(code, 0);
    assert!(out.starts_with("0 left to do"), "{out}");
}

#[test]
fn no_format_shows_a_secret_that_stands_where_a_call_takes_one() {
    let consumer = "C = OAuth::Consumer.new('www.tides.example', 'hdhd0244k9j7ao03', :site => 'https://www.google.com', :request_token_path => '/accounts/OAuthGetRequestToken')\n\
                    t = OAuth::AccessToken.new(C, '1/shortcanary', 'opencanary'); u = 'https://www.google.com/accounts/OAuthGetAccessToken'\n";
    let place = tree("migrate-places", "a.rb", consumer);
    for format in ["text", "json", "sarif", "html"] {
        let (code, out, err) = scan(&["--format", format, &place]);
        assert_eq!(code, 1, "{err}");
        assert!(
            out.contains("****") && out.contains("www.tides.example"),
            "{out}"
        );
        let is_shown = |text: &String| text.contains("hdhd02") || text.contains("canary");
        assert!(!is_shown(&out) && !is_shown(&err), "{out}");
    }
}

#[test]
fn a_look_alike_fails_nothing_and_is_shown_when_asked() {
    let place = tree(
        "migrate-alike",
        "a.py",
        "post('https://rss.example.com/accounts/ClientLogin', form)\n",
    );
    let (code, out, _) = scan(&[&place]);
    assert_eq!(code, 0);
    assert!(
        out.contains("not counted:\n       1  look-alike (--look-alikes shows them)"),
        "{out}"
    );
    let (code, out, _) = scan(&["--look-alikes", &place]);
    assert_eq!(code, 0);
    assert!(out.contains("an address of another server"), "{out}");
}

#[test]
fn prints_json_with_what_programs_need() {
    let place = tree("migrate-json", "a.py", LOGIN);
    let (code, out, err) = scan(&["--format", "json", &place]);
    assert_eq!(code, 1);
    assert!(err.contains("3 left to do"), "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let first = &report["findings"][1];
    assert_eq!(first["file"], format!("{place}/a.py"));
    assert_eq!(
        (
            &first["line"],
            &first["column"],
            &first["rule"],
            &first["kind"],
            &first["verdict"]
        ),
        (
            &2.into(),
            &2.into(),
            &"P1".into(),
            &"auth".into(),
            &"port".into()
        )
    );
    assert_eq!(first["service"]["id"], "documents");
    assert_eq!(
        first["service"]["read"][0],
        "https://www.googleapis.com/auth/drive.file"
    );
    assert_eq!(first["excerpt"], "s.ClientLogin('****', '****')");
    assert_eq!(
        (&report["summary"]["files"], &report["summary"]["failing"]),
        (&1.into(), &3.into())
    );
}

#[test]
fn prints_sarif_with_places_and_fingerprints() {
    let place = tree("migrate-sarif", "a b.py", LOGIN);
    let file = cli_support::place("migrate.sarif");
    let (code, out, _) = scan(&["--format", "sarif", "--output", &file, &place]);
    assert_eq!((code, out.as_str()), (1, ""));
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains("hunter2canary"), "{text}");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["version"], "2.1.0");
    let run = &report["runs"][0];
    let result = &run["results"][1];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(
        run["tool"]["driver"]["rules"][index]["id"],
        result["ruleId"]
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert!(
        place["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .ends_with("/a%20b.py")
    );
    assert_eq!(place["region"]["startLine"], 2);
    assert_eq!(
        result["partialFingerprints"]["gdataAuth/v1"]
            .as_str()
            .unwrap()
            .len(),
        20
    );
}

#[test]
fn prints_a_page_that_loads_nothing() {
    let place = tree(
        "migrate-html",
        "<b>.py",
        "import gdata.docs.service\ns.ClientLogin('</pre><script>alert(1)</script>', p)\n",
    );
    let (code, page, _) = scan(&["--format", "html", &place]);
    assert_eq!(code, 1);
    assert!(
        page.starts_with("<!doctype html>") && page.contains("&lt;b&gt;.py"),
        "{page}"
    );
    for bad in ["<script", "src=", "href=", "url(", "@import", "<b>"] {
        assert!(!page.contains(bad), "{bad}");
    }
}

#[test]
fn a_baseline_lets_known_findings_pass_and_new_ones_fail() {
    let folder = tree("migrate-ratchet", "a.py", LOGIN);
    let known = place("migrate-known.json");
    let (code, out, err) = scan(&["--baseline", &known, "--write-baseline", &folder]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("3 findings are known from now on"), "{err}");
    let (code, out, _) = scan(&["--baseline", &known, &folder]);
    assert_eq!(code, 0);
    assert!(out.contains("3 left to do, 0 of them new"), "{out}");
    fs::write(format!("{folder}/b.py"), "s.ProgrammaticLogin()\n").unwrap();
    let (code, out, _) = scan(&["--baseline", &known, &folder]);
    assert_eq!(code, 1);
    assert!(
        out.contains("b.py") && !out.contains("a.py") && out.contains("1 of them new"),
        "{out}"
    );
    fs::remove_file(format!("{folder}/a.py")).unwrap();
    let (_, _, err) = scan(&["--baseline", &known, &folder]);
    assert!(err.contains("3 known findings are gone"), "{err}");
}

/// Runs in the folder, as a build does.
fn scan_in(folder: &str, args: &[&str]) -> (i32, String, String) {
    let output = gdata_auth(&[&["migrate"], args].concat())
        .current_dir(folder)
        .output()
        .unwrap();
    let (code, out, err) = texts(&output);
    (code, out, err)
}

#[test]
fn the_recipe_for_a_build_passes_as_often_as_it_runs() {
    let folder = tree("migrate-recipe", "a.py", LOGIN);
    let once = ["scan", "--baseline", "legacy.json", "--write-baseline", "."];
    assert_eq!(scan_in(&folder, &once).0, 0);
    let each = [
        "scan",
        "--baseline",
        "legacy.json",
        "--format",
        "sarif",
        "--output",
        "legacy.sarif",
        ".",
    ];
    for round in 0..3 {
        let (code, _, err) = scan_in(&folder, &each);
        assert_eq!(code, 0, "{round}: {err}");
        assert!(err.contains("3 left to do, 0 of them new"), "{err}");
    }
    let (_, _, err) = scan_in(&folder, &each);
    assert!(
        err.contains("not read: legacy.json: a report of gdata-auth, not searched")
            && err.contains("not read: legacy.sarif: what this scan writes, not searched"),
        "{err}"
    );
}

#[test]
fn what_the_other_commands_write_is_told_by_its_content() {
    let folder = tree("migrate-own", "a.py", LOGIN);
    let tokens = folder.clone() + "/token.json";
    let store = r#"{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"1/canary","scopes":["https://www.google.com/m8/feeds"]}"#;
    fs::write(&tokens, store).unwrap();
    for (name, format) in [("a", "json"), ("b.blob", "sarif"), ("c.php", "html")] {
        let args = ["scan", "--format", format, "--output", name, "a.py"];
        assert_eq!(scan_in(&folder, &args).0, 1);
    }
    for (name, format) in [
        ("p1", "json"),
        ("p2.md", "markdown"),
        ("p3", "html"),
        ("p4", "text"),
    ] {
        let args = ["plan", "a.py", "--format", format, "--output", name];
        assert_eq!(scan_in(&folder, &args).0, 0);
    }
    for (name, format) in [
        ("r1", "json"),
        ("r2", "markdown"),
        ("r3", "html"),
        ("r4", "text"),
    ] {
        let args = ["report", "a.py", "--format", format, "--output", name];
        assert_eq!(scan_in(&folder, &args).0, 1);
    }
    for (name, args) in [
        ("i.json", &["import", "--json", "token.json"][..]),
        ("k.json", &["catalogue", "--format", "json"]),
        ("w.json", &["rewrite", "--json", "a.py"]),
    ] {
        let (_, out, _) = scan_in(&folder, args);
        fs::write(format!("{folder}/{name}"), out).unwrap();
    }
    fs::remove_file(tokens).unwrap();
    let (_, out, _) = scan_in(&folder, &["scan", "--format", "json", "."]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["summary"]["skipped"]["own-report"], 14, "{out}");
    let files: Vec<&Value> = report["findings"].as_array().unwrap().iter().collect();
    assert!(files.iter().all(|one| one["file"] == "a.py"), "{files:?}");
}

#[test]
fn a_word_of_ours_makes_no_report_of_a_source() {
    let page = "<!doctype html>\n<html lang=\"en\">\n<!-- gdata-auth migrate scan -->\n<script>\nfetch('https://www.google.com/accounts/ClientLogin')\n</script>\n";
    let place = tree("migrate-pass-for", "a.html", page);
    fs::write(
        format!("{place}/b.json"),
        "{\"version\": 1, \"findings\": [], \"feed\": \"https://www.google.com/m8/feeds/\"}",
    )
    .unwrap();
    let (code, out, _) = scan(&["--format", "json", &place]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &report["summary"]["skipped"]),
        (1, &serde_json::json!({}))
    );
    assert_eq!(report["findings"].as_array().unwrap().len(), 2, "{out}");
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_file_is_named_and_proves_nothing() {
    let (code, out, _) = scan(&["/dev/null"]);
    assert_eq!(code, 2);
    assert!(
        out.contains("not read: /dev/null: no regular file, not read"),
        "{out}"
    );
    let empty = folder("migrate-empty");
    fs::create_dir_all(&empty).unwrap();
    let (code, _, err) = scan(&[&empty]);
    assert_eq!(code, 2);
    assert!(err.contains("no file was read"), "{err}");
}

#[test]
fn what_cannot_be_carried_out_is_exit_2() {
    let nothing = place("migrate-nothing");
    for args in [
        &["--format", "json", &nothing][..],
        &["--write-baseline", "."],
        &["--baseline", &nothing, "."],
        &["--format", "xml", "."],
        &[],
    ] {
        let (code, out, err) = scan(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(!err.is_empty());
    }
}

#[test]
fn paths_are_told_without_the_dot_that_was_given() {
    let folder = tree("migrate-dot", "a.py", LOGIN);
    let output = gdata_auth(&["migrate", "scan", "--format", "json", "."])
        .current_dir(folder)
        .output()
        .unwrap();
    let report: Value = serde_json::from_str(&texts(&output).1).unwrap();
    assert_eq!(report["findings"][0]["file"], "a.py");
}

#[test]
fn the_catalogue_answers_and_says_what_it_does_not_know() {
    let (code, out, _) = run(&["migrate", "catalogue"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("spreadsheets")
            && out.contains("Sheets API v4")
            && out.contains("YouTube v2 calls:"),
        "{out}"
    );
    let (code, out, _) = run(&["migrate", "catalogue", "https://www.google.com/m8/feeds/"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("People API v1") && out.contains("UNVERIFIED"),
        "{out}"
    );
    let (_, out, _) = run(&["migrate", "catalogue", "GET /feeds/api/videos/x/related"]);
    assert!(out.contains("none"), "{out}");
    let (_, out, _) = run(&["migrate", "catalogue", "wise", "--format", "json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["services"][0]["state"], "dead");
    let (code, out, err) = run(&["migrate", "catalogue", "tides"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.contains("the catalogue has no service tides: try"),
        "{err}"
    );
}
