//! `cassette`: recorded at the emulator, replayed without it, checked, compared, shown and converted.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::{fs, path::Path};

use cli_support::{Running, file, folder, gdata_auth, place, run, secret_file, texts};

/// A login by ClientLogin, twice: the binary itself is the client.
fn story(name: &str) -> String {
    let password = secret_file(&format!("{name}-password"), "secret");
    let me = env!("CARGO_BIN_EXE_gdata-auth");
    let login = format!(
        "'{me}' login --clientlogin --server \"$GDATA_AUTH_ORIGIN\" --email ann@example.com \
         --password-file '{password}' --service youtube"
    );
    format!("{login} >/dev/null && {login}")
}

fn emulator() -> Running {
    Running::start(&["--consent", "allow", "--quiet"])
}

/// Records the story; the emulator is gone afterwards.
fn recorded(name: &str) -> String {
    let cassette = place(&format!("{name}.har"));
    let upstream = emulator();
    let (code, out, talk) = run(&[
        "cassette",
        "record",
        &cassette,
        "--upstream",
        &upstream.origin(),
        "--",
        "sh",
        "-c",
        &story(name),
    ]);
    assert_eq!(code, 0, "{talk}");
    assert!(out.starts_with("DQAA"), "the client gets the real token");
    assert!(!talk.contains(out.trim()), "{talk}");
    assert!(
        talk.contains("saved:") && talk.contains("2 interactions"),
        "{talk}"
    );
    let text = fs::read_to_string(&cassette).unwrap();
    assert!(!text.contains(out.trim()), "the token is on the disk");
    cassette
}

#[test]
fn what_was_recorded_replays_without_the_server() {
    let cassette = recorded("cli-replayed");
    let arguments = |name: &str| {
        [
            "cassette",
            "replay",
            &cassette,
            "--all",
            "--",
            "sh",
            "-c",
            &story(name),
        ]
        .map(str::to_owned)
    };
    let arguments = arguments("cli-replayed");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, out, talk) = run(&arguments);
    assert_eq!((code, talk.as_str()), (0, ""));
    assert!(out.starts_with("DQAA") && out.contains("StandIn"), "{out}");
}

#[test]
fn what_is_not_asked_for_is_told_and_counts_where_all_is_wanted() {
    let cassette = recorded("cli-unasked");
    let (code, _, talk) = run(&["cassette", "replay", &cassette, "--", "true"]);
    assert_eq!(code, 0);
    assert_eq!(
        talk,
        "not asked for: interaction 1: POST /accounts/ClientLogin\n\
         not asked for: interaction 2: POST /accounts/ClientLogin\n"
    );
    let (code, ..) = run(&["cassette", "replay", &cassette, "--all", "--", "true"]);
    assert_eq!(code, 1);
    let (code, ..) = run(&["cassette", "replay", &cassette, "--", "sh", "-c", "exit 7"]);
    assert_eq!(code, 7, "the code of the command");
}

#[test]
fn what_nothing_matches_is_explained_to_the_client() {
    let cassette = recorded("cli-unmatched");
    let ask = "curl -sS -i \"$GDATA_AUTH_ORIGIN/accounts/ClientLogin\" \
               -d Email=ben@example.com -d Passwd=secret -d service=youtube";
    let output = gdata_auth(&[
        "cassette", "replay", &cassette, "--quiet", "--", "sh", "-c", ask,
    ])
    .output()
    .unwrap();
    let (_, answer, _) = texts(&output);
    assert!(
        answer.starts_with("HTTP/1.1 502 Bad Gateway\r\n"),
        "{answer}"
    );
    assert!(
        answer.contains("x-gdata-auth-cassette: unmatched\r\n"),
        "{answer}"
    );
    assert!(
        answer.contains("ann@example.com") && answer.contains("ben@example.com"),
        "{answer}"
    );
    assert!(!answer.contains("=secret"), "{answer}");
}

#[test]
fn check_compares_in_shape_and_finds_a_change() {
    let cassette = recorded("cli-checked");
    let upstream = emulator();
    let arguments = [
        "cassette",
        "check",
        &cassette,
        "--upstream",
        &upstream.origin(),
        "--",
        "sh",
        "-c",
    ];
    let same = story("cli-checked");
    let (code, _, talk) = run(&[&arguments[..], &[&same]].concat());
    assert_eq!(
        (code, talk.as_str()),
        (0, "2 requests compared, 0 breaking drifts\n")
    );
    let other = "curl -sS -o /dev/null \"$GDATA_AUTH_ORIGIN/nobody/recorded/this\"";
    let (code, _, talk) = run(&[&arguments[..], &[other]].concat());
    assert_eq!(code, 1, "{talk}");
    assert!(
        talk.contains("breaking: request: expected a recorded request like it, got none"),
        "{talk}"
    );
}

#[test]
fn once_records_first_and_replays_then_and_new_adds() {
    let cassette = place("cli-once.har");
    let upstream = emulator();
    let origin = upstream.origin();
    let serve = |mode: &'static str, script: &str| {
        run(&[
            "cassette",
            "serve",
            &cassette,
            "--mode",
            mode,
            "--upstream",
            &origin,
            "--json",
            "--",
            "sh",
            "-c",
            script,
        ])
    };
    let quiet = format!("({}) >/dev/null", story("cli-once"));
    let summary = |out: &str| serde_json::from_str::<serde_json::Value>(out).unwrap();
    let (code, out, talk) = serve("once", &quiet);
    assert_eq!(code, 0, "{talk}");
    assert_eq!(summary(&out)["recorded"], 2);
    let (_, out, _) = serve("once", &quiet);
    assert_eq!(
        (&summary(&out)["mode"], &summary(&out)["recorded"]),
        (&"replay".into(), &0.into())
    );
    let more = "curl -sS -o /dev/null \"$GDATA_AUTH_ORIGIN/feeds/api/videos?v=2\"";
    let (code, out, talk) = serve("new", more);
    assert_eq!(code, 0, "{talk}");
    assert_eq!(summary(&out)["recorded"], 1);
    let (_, page, _) = run(&["cassette", "inspect", "--json", &cassette]);
    assert_eq!(summary(&page)["interactions"].as_array().unwrap().len(), 3);
}

#[test]
fn a_page_names_the_scheme_and_shows_no_secret() {
    let cassette = recorded("cli-inspected");
    let (code, page, _) = run(&["cassette", "inspect", &cassette]);
    assert_eq!(code, 0);
    assert!(page.contains("POST http://127.0.0.1:"), "{page}");
    assert!(page.contains("  ClientLogin\n"), "{page}");
    assert!(page.contains("form Email: ann@example.com\n"), "{page}");
    assert!(page.contains("(stand-in)\n"), "{page}");
    let (code, told, _) = run(&["cassette", "inspect", "--secrets", &cassette]);
    assert_eq!(
        (code, told.as_str()),
        (0, "no secret in the clear was found\n")
    );
}

#[test]
fn secrets_in_other_peoples_cassettes_are_found_and_replaced() {
    let leaky = file(
        "cli-leaky.yml",
        "---\nhttp_interactions:\n- request:\n    method: get\n    uri: https://www.googleapis.com/youtube/v3/channels?part=id&mine=true\n    body:\n      encoding: US-ASCII\n      string: ''\n    headers:\n      Authorization:\n      - Bearer ya29.a0AfH6SMBx3kq7PzXrealtoken\n  response:\n    status:\n      code: 200\n      message: OK\n    headers: {}\n    body:\n      encoding: UTF-8\n      string: '{}'\n  recorded_at: Thu, 01 Nov 2012 19:20:52 GMT\nrecorded_with: VCR 6.3.1\n",
    );
    let (code, told, _) = run(&["cassette", "inspect", "--secrets", &leaky]);
    assert_eq!(code, 1);
    assert!(
        told.contains("interaction 1") && told.contains("1 in the clear"),
        "{told}"
    );
    assert!(!told.contains("kq7PzXrealtoken"), "{told}");
    let clean = place("cli-clean.yml");
    let (code, _, talk) = run(&[
        "cassette", "convert", &leaky, "--to", "ruby-vcr", "--redact", "-o", &clean,
    ]);
    assert_eq!(code, 0, "{talk}");
    let text = fs::read_to_string(&clean).unwrap();
    assert!(
        !text.contains("realtoken") && text.contains("Bearer ya29."),
        "{text}"
    );
    let (code, ..) = run(&["cassette", "inspect", "--secrets", &clean]);
    assert_eq!(code, 0);
    let (code, told, _) = run(&["cassette", "diff", &leaky, &clean]);
    assert_eq!(
        (code, told.as_str()),
        (0, "1 of 1 interactions are the same in shape\n")
    );
}

#[test]
fn folders_are_converted_and_what_is_lost_is_told_once() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cassettes/uhttpmock");
    let into = folder("cli-converted");
    let (code, _, talk) = run(&[
        "cassette",
        "convert",
        fixtures.to_str().unwrap(),
        "--to",
        "vcrpy",
        "-o",
        &into,
    ]);
    assert_eq!(code, 0, "{talk}");
    assert!(
        talk.contains("1 of 1 files written as vcrpy: 3 interactions"),
        "{talk}"
    );
    assert!(Path::new(&into).join("calendar.yaml").exists());
    let again = run(&[
        "cassette",
        "convert",
        fixtures.to_str().unwrap(),
        "--to",
        "vcrpy",
        "-o",
        &into,
    ]);
    assert!(again.2.contains("--force overwrites it"), "{}", again.2);
    let notes = file("cli-notes.txt", "no recording\n");
    let (code, _, talk) = run(&["cassette", "convert", &notes, "--to", "har"]);
    assert_eq!(code, 1);
    assert!(
        talk.contains("expected a recording of a known format"),
        "{talk}"
    );
}

#[test]
fn a_port_is_no_open_proxy() {
    let (code, _, talk) = run(&["cassette", "record", &place("cli-open.har"), "--", "true"]);
    assert_eq!(code, 2);
    assert!(talk.contains("expected --upstream ORIGIN"), "{talk}");
    let config = file("cli-open.toml", "[match]\nrepeat = true\n");
    let open = place("cli-open.har");
    let (code, _, talk) = run(&[
        "cassette", "record", &open, "--config", &config, "--", "true",
    ]);
    assert_eq!(code, 2, "a file that names no host opens nothing");
    assert!(talk.contains("expected --upstream ORIGIN"), "{talk}");
}

#[test]
fn hosts_of_a_file_are_those_of_the_proxy() {
    let upstream = emulator();
    let text = format!("[record]\nhosts = [\"{}\"]\n", upstream.origin());
    let config = file("cli-hosts.toml", &text);
    let cassette = place("cli-hosts.har");
    let ask = format!(
        "curl -sS -o /dev/null -w '%{{http_code}} ' {0}/nothing/here; \
         curl -sS -o /dev/null -w '%{{http_code}}' http://127.0.0.1:9/",
        upstream.origin()
    );
    let arguments = [
        "cassette", "record", &cassette, "--config", &config, "--json", "--", "sh", "-c", &ask,
    ];
    let (code, out, talk) = run(&arguments);
    assert_eq!(code, 0, "{talk}");
    // The upstream has no such page, and says so itself.
    assert!(out.starts_with("404 502{"), "{out}");
    assert!(out.contains("\"recorded\": 1"), "{out}");
}
