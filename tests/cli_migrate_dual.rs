//! `gdata-auth migrate dual`, as a user runs it, on an emulator.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::{fs, io::Write, net::TcpStream};

use cli_support::{
    Waiting, browse, file,
    grants::{Place, YOUTUBE},
    key, place, run,
};
use serde_json::Value;

const FEED: &str = "http://gdata.youtube.com/feeds/";

fn dual(args: &[&str]) -> (i32, String, String) {
    run(&[&["migrate", "dual"], args].concat())
}

/// An old credential, kept in a file.
fn old(place: &Place, name: &str, protocol: &[&str]) -> String {
    let saved = cli_support::place(name);
    let origin = place.google.origin();
    let common = ["--server", &origin, "--scope", FEED, "--save", &saved];
    let login = Waiting::start(&[protocol, &common[..]].concat());
    browse(&login.link);
    let (code, _, err) = login.end();
    assert_eq!(code, 0, "{err}");
    saved
}

fn uploads(place: &Place) -> String {
    format!("{}/feeds/api/users/default/uploads", place.google.origin())
}

/// Ends a grant at the server, behind the back of the program.
fn revoke(place: &Place) {
    let token = place.kept()["refresh_token"].as_str().unwrap().to_owned();
    let form = format!("token={}", token.replace('/', "%2F"));
    let host = &place.google.address;
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!(
        "POST /revoke HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let answer = std::io::read_to_string(stream).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

/// Everything that must not be printed.
fn secrets(place: &Place, saved: &str) -> Vec<String> {
    let kept = place.kept();
    let old: Value = serde_json::from_str(&fs::read_to_string(saved).unwrap()).unwrap();
    let token = |of: &Value, name: &str| of[name].as_str().map(str::to_owned);
    let found = [
        token(&kept, "refresh_token"),
        kept["access_token"]["token"].as_str().map(str::to_owned),
        token(&old, "token"),
        token(&old, "token_secret"),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    assert!(found.len() >= 3, "{}", found.len());
    found
}

#[test]
fn both_credentials_see_the_same_feed_until_the_new_one_is_revoked() {
    let at = Place::new("dual-compare", &["--consent", "allow"]);
    at.logged_in(&["--scope", YOUTUBE, "--account", "ann"]);
    let settings = file(
        "dual-compare.toml",
        &format!(
            "count = [\"{}/feeds/\"]\n[otherwise]\nprefer = \"old\"\n",
            at.google.origin()
        ),
    );
    let counters = place("dual-compare-counters.json");
    let url = uploads(&at);
    for (protocol, name) in [
        ("--authsub", "dual-old-authsub.json"),
        ("--oauth1", "dual-old-oauth1.json"),
    ] {
        let saved = old(&at, name, &[protocol]);
        let (code, out, err) = at.run(&[
            "migrate",
            "dual",
            "compare",
            "--new",
            "ann",
            "--old",
            &saved,
            "--settings",
            &settings,
            "--counters",
            &counters,
            "--gdata-version",
            "2",
            &url,
        ]);
        assert_eq!(code, 0, "{out}{err}");
        assert_eq!(out, format!("same        200 200  {url}\n"));
        assert_eq!(err, "same: 1, different: 0, refused: 0, unreachable: 0\n");
    }

    let saved = place_of("dual-old-authsub.json");
    let hidden = secrets(&at, &saved);
    revoke(&at);
    let with_key = format!("{url}?key=CANARY-key&alt=atom");
    let (code, out, err) = at.run(&[
        "migrate",
        "dual",
        "compare",
        "--new",
        "ann",
        "--old",
        &saved,
        "--settings",
        &settings,
        "--counters",
        &counters,
        "--json",
        &with_key,
    ]);
    assert_eq!(code, 1, "{out}{err}");
    let line: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&line["outcome"], &line["old"]),
        (&"different".into(), &200.into())
    );
    assert_eq!(line["address"], format!("{url}?key=(hidden)&alt=atom"));
    let differences = line["differences"].as_array().unwrap();
    assert_eq!(differences.len(), 1, "{out}");
    assert_eq!(
        (&differences[0]["field"], &differences[0]["old"]),
        (&"status".into(), &"200".into())
    );
    let (code, text, _) = at.run(&[
        "migrate", "dual", "compare", "--new", "ann", "--old", &saved, &url,
    ]);
    assert_eq!(code, 1, "{text}");
    assert!(text.starts_with("different "), "{text}");
    assert!(
        text.contains("\n  status: new ") && text.contains(", old 200\n"),
        "{text}"
    );
    for secret in hidden.iter().map(String::as_str).chain(["CANARY"]) {
        for printed in [&out, &err, &text] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }

    let counted: Value = serde_json::from_str(&fs::read_to_string(&counters).unwrap()).unwrap();
    let feed = &counted["feeds"][format!("{}/feeds/", at.google.origin())];
    assert_eq!((&feed["same"], &feed["different"]), (&2.into(), &1.into()));
    assert_eq!((&feed["new"], &feed["old"]), (&0.into(), &0.into()));
    // What it writes is what `retire` takes in.
    let book = place("dual-compare-retire");
    let _ = place("dual-compare-retire.lock");
    assert_eq!(run(&["migrate", "retire", "watch", &book, "tides"]).0, 0);
    let (code, _, err) = run(&[
        "migrate",
        "retire",
        "observe",
        &book,
        "tides",
        "--counters",
        &counters,
    ]);
    assert_eq!(code, 0, "{err}");
}

/// Where a file of this name is.
fn place_of(name: &str) -> String {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    folder.join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_secure_token_is_signed_and_an_old_feed_is_held_against_the_successor() {
    let site = format!("127.0.0.1={}", key("insecure-rsa2048-cert.pem"));
    let at = Place::new("dual-secure", &["--consent", "allow", "--site", &site]);
    at.logged_in(&["--scope", YOUTUBE, "--account", "ann"]);
    let private = key("insecure-rsa2048-pkcs8.pem");
    let saved = old(
        &at,
        "dual-old-secure.json",
        &["--authsub", "--secure", "--key", &private],
    );
    let pairs = file(
        "dual-pairs.toml",
        "[compare]\npair = [{ old = \"/feed/nothing\", new = \"/kind\" }]\n[otherwise]\nprefer = \"old\"\n",
    );
    let (feed, successor) = (uploads(&at), at.mine());
    let addresses = file(
        "dual-addresses",
        &format!("# the feed, and what came after it\n\n{feed} {successor}\n"),
    );
    let compare = [
        "migrate",
        "dual",
        "compare",
        "--new",
        "ann",
        "--old",
        &saved,
        "--addresses",
        &addresses,
        "--settings",
        &pairs,
    ];
    let (code, out, err) = at.run(&[&compare[..], &["--key", &private]].concat());
    assert_eq!(code, 1, "{err}");
    assert_eq!(
        out,
        format!(
            "different   200 200  {feed}  (new: {successor})\n  \
             /kind: new youtube#channelListResponse, old nothing\n"
        )
    );
    let (code, out, _) = at.run(&[&compare[..], &["--key", &private, "--without-values"]].concat());
    assert_eq!(code, 1);
    assert!(
        out.contains("/kind: new 27 characters, old 0 characters"),
        "{out}"
    );
    let (code, _, err) = at.run(&compare);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("key"), "{err}");
}

#[test]
fn two_refusals_prove_nothing_and_nobody_answers_at_a_closed_port() {
    let at = Place::new("dual-refused", &["--consent", "allow"]);
    at.logged_in(&["--scope", YOUTUBE, "--account", "ann"]);
    let saved = file(
        "dual-old-wrong.json",
        r#"{"version":1,"scheme":"clientlogin","token":"DQAAACANARY"}"#,
    );
    revoke(&at);
    let compare = [
        "migrate", "dual", "compare", "--new", "ann", "--old", &saved,
    ];
    let (code, out, err) = at.run(&[&compare[..], &[&uploads(&at)]].concat());
    assert_eq!(code, 1, "{err}");
    assert!(out.starts_with("refused "), "{out}");
    assert!(!format!("{out}{err}").contains("CANARY"), "{out}{err}");

    // What is not there is the same to both, and the grant lives.
    at.logged_in(&["--scope", YOUTUBE, "--account", "ann"]);
    let missing = format!("{}/nothing", at.google.origin());
    let (code, out, err) = at.run(&[&compare[..], &[&missing]].concat());
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.starts_with("refused     404 404 "), "{out}");

    // A port that was free a moment ago.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let nowhere = format!("http://{closed}/feeds/");
    let (code, out, err) = at.run(&[&compare[..], &[&nowhere]].concat());
    assert_eq!(code, 3, "{out}{err}");
    assert!(
        out.starts_with(&format!("unreachable   -   -  {nowhere}\n")),
        "{out}"
    );
}

#[test]
fn credentials_go_to_google_and_this_machine_alone() {
    let saved = file(
        "dual-old-elsewhere.json",
        r#"{"version":1,"scheme":"clientlogin","token":"DQAAACANARY"}"#,
    );
    for (addresses, told) in [
        (
            "https://google.com.example.net/feeds/",
            "expected one of Google's or of this machine",
        ),
        (
            "http://127.0.0.1:1/ http://feeds.example.org/",
            "expected one of Google's or of this machine",
        ),
        ("feeds/api", "expected an absolute"),
        (
            "http://127.0.0.1:1/a http://127.0.0.1:1/b http://127.0.0.1:1/c",
            "got more",
        ),
    ] {
        let (code, out, err) = dual(&["compare", "--new", "ann", "--old", &saved, addresses]);
        assert_eq!((code, out.as_str()), (2, ""), "{addresses}");
        assert!(err.contains(told), "{err}");
    }
    // And no account is no account.
    let (code, _, err) = dual(&[
        "compare",
        "--new",
        "ann",
        "--old",
        &saved,
        "http://127.0.0.1:1/",
    ]);
    assert_eq!(code, 2);
    assert!(err.contains("account: expected one that is kept"), "{err}");
}

#[test]
fn one_setting_is_changed_and_the_rest_of_the_file_stays() {
    let text = "# for the night shift\noverride = \"none\" # see the runbook\n\n[otherwise] # all\nprefer = 'old'\n";
    let path = file("dual-roll-back.toml", text);
    for (step, word, told) in [
        (
            "roll-back",
            "old",
            "override was none, and is old: everything by the old credential",
        ),
        (
            "roll-back",
            "old",
            "override is old already: everything by the old credential",
        ),
        (
            "switch",
            "new",
            "override was old, and is new: everything by the new credential, without a fall-back",
        ),
        (
            "rules",
            "none",
            "override was new, and is none: the rules hold",
        ),
    ] {
        let (code, out, err) = dual(&[step, &path]);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        assert_eq!(err, format!("{path}: {told}\n"));
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            text.replace("\"none\"", &format!("\"{word}\""))
        );
    }
    let broken = file(
        "dual-roll-back-broken.toml",
        "[otherwise]\nprefer = 'both'\n",
    );
    let (code, _, err) = dual(&["roll-back", &broken]);
    assert_eq!(code, 2);
    assert!(
        err.contains(&format!("{broken}, line 2, [otherwise], prefer: ")),
        "{err}"
    );
    assert_eq!(
        fs::read_to_string(&broken).unwrap(),
        "[otherwise]\nprefer = 'both'\n"
    );
    assert_eq!(dual(&["switch", &place("dual-roll-back-none.toml")]).0, 2);
}

#[test]
fn rules_that_decide_nothing_are_told() {
    let path = file(
        "dual-never.toml",
        "[[rule]]\nprefer = 'new'\nusers = ['a', 'b', 'c', 'd']\nfall_back = 'when-refused'\n[[rule]]\nprefer = 'old'\nusers = ['b']\npercent = 5\n[otherwise]\nprefer = 'old'\n",
    );
    let (code, out, err) = dual(&["check", &path]);
    assert_eq!(code, 0);
    assert_eq!(
        err,
        "notice: rule 2 decides nothing: rule 1 takes all its calls\n"
    );
    assert!(
        out.contains(
            "1     all   4 users  all      the new credential; the old one when it is refused\n"
        ),
        "{out}"
    );
}
