//! `demo --migrate`: a whole migration of three users, told and written down.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod cli_support;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use cli_support::{folder, gdata_auth, run};
use serde_json::Value;

/// The titles of the steps, by a word of each.
const STEPS: &[&str] = &[
    "An integration of 2008",
    "migrate scan",
    "migrate import",
    "migrate plan",
    "migrate upgrade grant",
    "migrate upgrade new, add, serve",
    "Ben opens his link",
    "Cleo opens hers",
    "in shadow",
    "migrate rewrite",
    "looks again",
    "Switched",
    "Rolled back by one setting",
    "migrate retire revoke",
    "Cleo's token is refused",
    "migrate retire watch, observe",
    "migrate report",
];

/// Every text in a folder of files, by its path.
fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => texts(&path, found),
            false => {
                // Tokens stand in some of them, and the folder may be open to others.
                #[cfg(unix)]
                {
                    use std::os::unix::fs::PermissionsExt;
                    let mode = fs::metadata(&path).unwrap().permissions().mode();
                    assert_eq!(mode & 0o077, 0, "{path:?}");
                }
                let bytes = fs::read(&path).unwrap();
                found.push((
                    path.display().to_string(),
                    String::from_utf8_lossy(&bytes).into_owned(),
                ));
            }
        }
    }
}

fn told(browser: &str, name: &str) -> (Value, Vec<(String, String)>) {
    let into = folder(name);
    let (code, out, err) = run(&[
        "demo",
        "--migrate",
        "--json",
        "--browser",
        browser,
        "--into",
        &into,
    ]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let mut files = Vec::new();
    texts(Path::new(&into), &mut files);
    (serde_json::from_str(&out).unwrap(), files)
}

fn check(story: &Value, files: &[(String, String)]) {
    let steps = story["steps"].as_array().unwrap();
    assert_eq!(steps.len(), STEPS.len());
    for (step, words) in steps.iter().zip(STEPS) {
        assert!(
            step["title"].as_str().unwrap().contains(words),
            "{words}: {step}"
        );
        assert_eq!(step["ok"], true, "{step}");
    }
    let file = |name: &str| {
        &files
            .iter()
            .find(|(path, _)| path.ends_with(name))
            .unwrap()
            .1
    };
    let report: Value = serde_json::from_str(file("report.json")).unwrap();
    let users: Vec<(&str, &str)> = report["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["user"].as_str().unwrap(),
                one["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        users,
        [
            ("ann@example.com", "moved"),
            ("ben@example.com", "consented"),
            ("cleo@example.com", "declined")
        ]
    );
    assert_eq!(report["complete"], true);
    assert_eq!(report["left"], Value::Array(Vec::new()));
    // Three feeds by the old credential in shadow, one before and three while it was rolled back; then two by the new.
    let calls = &report["calls"];
    let count = |name: &str| calls[name].as_u64().unwrap();
    assert_eq!((count("old"), count("new"), count("failed")), (7, 4, 1));
    assert_eq!(
        (count("same"), count("different"), count("fallback")),
        (2, 0, 0)
    );
    let ended: Vec<&str> = report["legacy"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(ended, ["revoked"; 3]);
    assert_eq!(report["integrations"]["roster"]["stage"], "done");
    assert!(file("report.md").contains("Complete: nothing is left to do."));

    let rewritten = story["steps"][9]["outcome"].as_str().unwrap();
    let is_named = rewritten.contains("roster.py: ")
        && rewritten.ends_with("sign_up.py, line 11, is left to us");
    assert!(is_named, "{rewritten}");

    // The new programs ask with the new credential; the tokens stand in the stores and nowhere else.
    assert!(file("src/roster.py").contains("OAuth2TokenFromCredentials"));
    let old = file("old/tokens");
    let tokens: Vec<&str> = old
        .split(['|', '\t', '\n'])
        .filter(|it| it.starts_with("1%2F"))
        .collect();
    assert_eq!(tokens.len(), 3, "{old}");
    for (path, text) in files
        .iter()
        .filter(|(path, _)| !path.ends_with("old/tokens"))
    {
        for token in &tokens {
            let plain = token.replace("%2F", "/");
            assert!(!text.contains(token) && !text.contains(&plain), "{path}");
        }
    }
}

#[test]
fn one_is_moved_one_consents_one_declines_and_the_report_says_so() {
    let (story, files) = told("none", "demo-migrate-forms");
    check(&story, &files);
}

#[test]
fn the_same_in_headless_chromium() {
    let there = |name: &str| Command::new(name).arg("--version").output().is_ok();
    if !there("chromium") || !there("chromedriver") {
        eprintln!("skipped: chromium and chromedriver are not installed");
        return;
    }
    let (story, files) = told("chromium", "demo-migrate-chromium");
    check(&story, &files);
    let consent = story["steps"][6]["notice"].as_str().unwrap();
    assert!(consent.contains("headless Chromium"), "{consent}");
}

#[test]
fn a_folder_with_files_in_it_is_left_alone() {
    let into = folder("demo-migrate-full");
    fs::create_dir_all(&into).unwrap();
    fs::write(Path::new(&into).join("mine"), "x").unwrap();
    let (code, _, err) = run(&["demo", "--migrate", "--browser", "none", "--into", &into]);
    assert_eq!(code, 2);
    assert!(err.contains("expected an empty folder"), "{err}");
}

/// Whether any process has these words among its arguments.
#[cfg(target_os = "linux")]
fn runs_with(words: &str) -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut arguments = processes.filter_map(|one| fs::read(one.path().join("cmdline")).ok());
    arguments.any(|line| String::from_utf8_lossy(&line).contains(words))
}

#[cfg(target_os = "linux")]
#[test]
fn stopped_it_takes_the_browser_with_it() {
    let there = |name: &str| Command::new(name).arg("--version").output().is_ok();
    if !there("chromium") || !there("chromedriver") {
        eprintln!("skipped: chromium and chromedriver are not installed");
        return;
    }
    let into = folder("demo-migrate-stopped");
    let profile = format!("{into}/chromium");
    let arguments = ["demo", "--migrate", "--browser", "chromium", "--json"];
    let mut told = gdata_auth(&arguments)
        .args(["--into", &into])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !runs_with(&profile) {
        assert!(told.try_wait().unwrap().is_none(), "it ended before");
        std::thread::yield_now();
    }
    let id = told.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(told.wait().unwrap().code(), Some(130));
    // What the browser had started itself may need a moment more than the browser.
    let is_left = (0..5_000).all(|_| runs_with(&profile));
    assert!(!is_left, "a browser is left");
    assert!(!Path::new(&profile).exists());
}
