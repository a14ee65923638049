//! `gdata-auth migrate retire`, as a user runs it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::{fs, net::TcpListener, path::Path};

use cli_support::{file, place, run};
use gdata_auth::{Timestamp, migrate::retire::RetireBook};
use serde_json::Value;

fn retire(args: &[&str]) -> (i32, String, String) {
    run(&[&["migrate", "retire"], args].concat())
}

fn state(name: &str) -> String {
    let _ = place(&format!("{name}.lock"));
    place(name)
}

/// One that has been watched since 2020.
fn watched(name: &str, days: u32) -> String {
    let path = state(name);
    let mut book = RetireBook::create(Path::new(&path)).unwrap();
    let since: Timestamp = "2020-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(book.watch("tides", days, since).unwrap(), None);
    path
}

#[test]
fn an_integration_is_watched_to_its_end() {
    let path = watched("cli-retire", 10);
    let (code, out, _) = retire(&["status", &path]);
    assert_eq!(code, 1, "{out}");
    assert!(out.starts_with("open  tides: 0 of 10 days"), "{out}");
    let calls = file(
        "cli-retire-calls",
        "{\"at\":\"2021-01-01T00:00:00Z\",\"scheme\":\"AuthSub\"}\n{\"at\":\"2021-01-11T00:00:00Z\",\"scheme\":\"Bearer\"}\n",
    );
    let (code, _, told) = retire(&["observe", &path, "tides", "--calls", &calls]);
    assert_eq!((code, told.as_str()), (0, "tides is done\n"));
    let (code, out, _) = retire(&["status", &path, "--json"]);
    let rows: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &rows[0]["stage"], &rows[0]["quiet_days"]),
        (0, &Value::from("done"), &Value::from(10))
    );
    let again = file(
        "cli-retire-again",
        "{\"at\":\"2021-02-01T00:00:00Z\",\"scheme\":\"GoogleLogin\"}\n",
    );
    let (_, _, told) = retire(&["observe", &path, "tides", "--calls", &again]);
    assert!(told.contains("it is open again"), "{told}");
    let (code, out, _) = retire(&["by-hand"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("https://myaccount.google.com/permissions"),
        "{out}"
    );
}

#[test]
fn a_file_in_which_nothing_is_watched_is_not_at_its_end() {
    let whole = state("cli-retire-torn");
    let (code, _, told) = retire(&["watch", &whole, "tide-videos"]);
    assert_eq!(
        (code, told.as_str()),
        (
            0,
            "tide-videos will be done after 30 days without a legacy call\n"
        )
    );
    let bytes = fs::read(&whole).unwrap();
    fs::write(&whole, &bytes[..100]).unwrap();
    let (code, out, told) = retire(&["status", &whole]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        told.contains("the last change was torn by a crash"),
        "{told}"
    );
    assert!(
        told.contains(&format!(
            "nothing is watched: gdata-auth migrate retire watch {whole} NAME\n"
        )),
        "{told}"
    );
    let (code, out, _) = retire(&["status", &whole, "--json"]);
    assert_eq!((code, out.as_str()), (1, "[]\n"));
}

#[test]
fn other_days_are_told() {
    let path = state("cli-retire-days");
    assert_eq!(retire(&["watch", &path, "tide", "--days", "7"]).0, 0);
    let (code, _, told) = retire(&["watch", &path, "tide", "--days", "7"]);
    assert_eq!(
        (code, told.as_str()),
        (0, "tide will be done after 7 days without a legacy call\n")
    );
    let (code, _, told) = retire(&["watch", &path, "tide", "--days", "9"]);
    assert_eq!(
        (code, told.as_str()),
        (
            0,
            "notice: tide was watched for 7 days, and is for 9 now\n\
             tide will be done after 9 days without a legacy call\n"
        )
    );
    assert_eq!(retire(&["watch", &path, "tide", "--days", "0"]).0, 2);
}

#[test]
fn a_call_of_tomorrow_makes_no_days_of_silence() {
    let path = watched("cli-retire-future", 10);
    let calls = file(
        "cli-retire-future-calls",
        "{\"at\":\"2020-01-02T00:00:00Z\",\"scheme\":\"AuthSub\"}\n{\"at\":\"2999-01-01T00:00:00Z\",\"scheme\":\"Bearer\"}\n",
    );
    let (code, _, told) = retire(&["observe", &path, "tides", "--calls", &calls]);
    assert_eq!(code, 0, "{told}");
    assert!(
        told.starts_with("notice: 1 call is dated in the future and left out: it is 20"),
        "{told}"
    );
    assert!(told.contains("tides will be done on 2020-01-12"), "{told}");
    let (code, out, _) = retire(&["status", &path]);
    assert_eq!(code, 1);
    assert!(out.starts_with("open  tides: 0 of 10 days"), "{out}");
}

#[test]
fn a_log_without_a_call_is_refused_with_what_is_expected() {
    let path = watched("cli-retire-log", 10);
    let calls = file(
        "cli-retire-access-log",
        "h - - [20/Nov/2026:05:00:00 +0000] \"GET http://gdata.youtube.com/feeds/ HTTP/1.1\" 404 1\n",
    );
    let (code, out, told) = retire(&["observe", &path, "tides", "--calls", &calls]);
    assert_eq!((code, out.as_str()), (2, ""));
    for words in [
        "calls: expected calls that tell their moment and credential in ",
        "got none: line 1 is left out (a call that does not tell its credential); a server can log",
        r#"{"at":"2026-11-22T05:00:00Z","scheme":"AuthSub"}"#,
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
    // An empty log may be whole, and says nothing of the time behind its last call.
    let empty = file("cli-retire-empty-log", "");
    let (code, _, told) = retire(&["observe", &path, "tides", "--calls", &empty]);
    assert_eq!(code, 0);
    assert!(told.starts_with("notice: no call proves nothing"), "{told}");
    let (code, _, told) = retire(&["observe", &path, "tides", "--calls", &empty, "--until-now"]);
    assert_eq!((code, told.as_str()), (0, "tides is done\n"));
}

#[test]
fn a_server_that_is_down_is_told_once_and_is_the_medium() {
    // Bound and let go: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let server = format!("http://{port}");
    let tokens = file(
        "cli-retire-tokens.jsonl",
        &(1..=4)
            .map(|number| {
                format!("{{\"account\":\"u{number}@example.com\",\"credential\":{{\"version\":1,\"scheme\":\"authsub\",\"token\":\"1/canary{number}\"}}}}\n")
            })
            .collect::<String>(),
    );
    let (code, out, told) = retire(&["revoke", "--server", &server, &tokens]);
    assert_eq!(code, 3, "{out}{told}");
    assert_eq!(out.matches(",AuthSub,failed,").count(), 4, "{out}");
    assert_eq!(told.matches("error: ").count(), 1, "{told}");
    assert!(told.contains("4 times: "), "{told}");
    assert!(!told.contains("canary"), "{told}");

    // What no call ends is a no, whatever else could not be reached.
    let password = file(
        "cli-retire-token",
        r#"{"version":1,"scheme":"clientlogin","token":"DQAAcanary"}"#,
    );
    let (code, out, told) = retire(&["revoke", "--server", &server, &tokens, &password]);
    assert_eq!(code, 1, "{out}{told}");
    let (code, out, told) = retire(&["revoke", &password]);
    assert_eq!(code, 1);
    assert!(out.contains(",ClientLogin,by_hand,"), "{out}");
    assert!(
        told.contains("change the password") && !told.contains("canary"),
        "{told}"
    );
}

#[test]
fn a_file_of_another_command_is_called_by_its_name() {
    let path = watched("cli-retire-other", 10);
    let (code, _, told) = run(&["migrate", "upgrade", "status", &path]);
    assert_eq!(code, 2);
    assert!(
        told.ends_with("expected a campaign, got a state file of `migrate retire`\n"),
        "{told}"
    );
    for (name, text, words) in [
        (
            "cli-retire-short",
            "short",
            "expected a state file of `migrate retire`, got 5 bytes, fewer than any has; restore a copy of it",
        ),
        (
            "cli-retire-foreign",
            "something that is longer than the thirty-two bytes",
            "expected a state file of `migrate retire`, got a file that this program did not make; `gdata-auth migrate \
             retire watch` makes one",
        ),
    ] {
        let (code, _, told) = retire(&["status", &file(name, text)]);
        assert_eq!(code, 2);
        assert!(told.contains(words), "{told}");
    }
    let (code, _, told) = retire(&["status", &state("cli-retire-none")]);
    assert_eq!(code, 2);
    assert!(
        told.contains("there is none; `gdata-auth migrate retire watch` makes one"),
        "{told}"
    );
}

#[test]
fn an_access_log_is_taken_in_and_what_it_does_not_tell_is_told() {
    let path = watched("cli-retire-access", 10);
    let at = |day: &str, request: &str| {
        format!("h - - [{day}/2021:05:00:00 +0000] \"{request} HTTP/1.1\" 200 1\n")
    };
    let log = [
        at("01/Jan", "POST https://www.google.com/accounts/ClientLogin?Passwd=secret"),
        at("02/Jan", "GET https://www.google.com/m8/feeds/"),
        "what is this\n".to_owned(),
        r#"{"time":"2021-01-11T05:00:00Z","request":"GET /x HTTP/1.1","http_authorization":"Bearer ya29.secret"}"#
            .to_owned()
            + "\n",
        at("31/Jan", "GET https://www.google.com/m8/feeds/"),
        "h - - [long ago] \"POST /accounts/ClientLogin HTTP/1.1\" 200 1\n".to_owned(),
    ]
    .concat();
    let (code, out, told) = cli_support::run_with_input(
        &[
            "migrate", "retire", "observe", &path, "tides", "--calls", "-",
        ],
        &log,
    );
    assert_eq!(
        (code, out.as_str(), told.as_str()),
        (
            0,
            "",
            "notice: left out: 1 line (in no form of a log), the first is line 3\n\
             notice: left out: 2 lines (a call that does not tell its credential), the first is line 2\n\
             notice: left out: 1 line (a call without a moment), the first is line 6\n\
             tides is done\n"
        )
    );
    // The call of the last of January does not say by which credential, and so the log ends with the eleventh.
    let (_, out, _) = retire(&["status", &path, "--json"]);
    let rows: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&rows[0]["quiet_days"], &rows[0]["legacy_calls"]),
        (&Value::from(10), &Value::from(1))
    );
    let state = std::fs::read(&path).unwrap();
    assert!(!String::from_utf8_lossy(&state).contains("secret"));
}

#[test]
fn a_state_of_tomorrow_is_told_and_is_not_done() {
    let path = watched("cli-retire-ahead", 10);
    let mut book = RetireBook::open(Path::new(&path)).unwrap();
    book.observe("tides", None, 0, "2999-01-01T00:00:00Z".parse().unwrap())
        .unwrap();
    drop(book);
    let words = "notice: tides: its state is of a moment that has not come; it is 20";
    let (code, out, told) = retire(&["status", &path]);
    assert_eq!(code, 1, "{out}{told}");
    assert!(told.starts_with(words), "{told}");
    let (code, out, told) = run(&["migrate", "report", "--retire", &path]);
    assert_eq!(code, 1, "{out}{told}");
    assert!(told.starts_with(words), "{told}");
    assert!(out.contains("so its days prove nothing"), "{out}");
}

#[test]
fn days_before_watch_do_not_count_and_that_is_told() {
    let path = watched("cli-retire-since", 10);
    let calls = file(
        "cli-retire-since-calls",
        "{\"at\":\"2019-11-01T00:00:00Z\",\"scheme\":\"AuthSub\"}\n{\"at\":\"2020-01-01T10:00:00Z\",\"scheme\":\"Bearer\"}\n",
    );
    let (code, _, told) = retire(&["observe", &path, "tides", "--calls", &calls]);
    assert_eq!(code, 0, "{told}");
    assert!(
        told.starts_with(
            "notice: the log begins before `watch`: days before 2020-01-01T00:00:00Z do not count\n"
        ),
        "{told}"
    );
    let (_, out, _) = retire(&["status", &path]);
    assert!(
        out.starts_with("open  tides: 0 of 10 days without a legacy call since `watch` on 2020-01-01T00:00:00Z, "),
        "{out}"
    );
}

#[test]
fn a_call_from_before_the_quiet_days_opens_nothing_again() {
    let path = watched("cli-retire-old", 10);
    let calls = |name: &str, at: &str| {
        let line = format!("{{\"at\":\"{at}\",\"scheme\":\"AuthSub\"}}\n");
        file(name, &line)
    };
    let none = file("cli-retire-none", "");
    let (_, _, told) = retire(&["observe", &path, "tides", "--calls", &none, "--until-now"]);
    assert!(told.ends_with("tides is done\n"), "{told}");
    let old = calls("cli-retire-older", "2019-11-01T00:00:00Z");
    let (code, _, told) = retire(&["observe", &path, "tides", "--calls", &old]);
    assert_eq!(code, 0, "{told}");
    assert!(
        told.ends_with("notice: 1 legacy call of before the quiet days: counted, and nothing else changes\ntides stays done\n"),
        "{told}"
    );
    let (code, out, _) = retire(&["status", &path]);
    assert_eq!(code, 0, "{out}");
    assert!(out.ends_with("counted 1, opened again 0\n"), "{out}");
}
