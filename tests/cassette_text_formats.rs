//! Traces of uhttpmock, HTTP as text, pickles of gdata-python and flows of mitmproxy, as cassettes.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a step that fails here fails the test, and what was read is told"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use gdata_auth::{
    Kind,
    cassette::{
        self, BodyForm, Interaction, Limits, Outcome, Pattern, Reading, RecordedResponse, Severity,
        format::{self, Format, Source},
    },
};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/cassettes")
        .join(name)
}

fn load(name: &str) -> Reading {
    cassette::load(fixture(name), &Limits::default()).unwrap()
}

fn read_as(format: Format, bytes: &[u8], limits: &Limits) -> Result<Reading, gdata_auth::Error> {
    format::read_as(
        format,
        &Source {
            bytes: Bytes::copy_from_slice(bytes),
            name: "given",
            folder: None,
            limits,
        },
    )
}

fn answer(interaction: &Interaction) -> &RecordedResponse {
    interaction.response().unwrap()
}

fn at(seconds: u64) -> Option<SystemTime> {
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

#[test]
fn a_trace_keeps_headers_times_and_bytes() {
    let reading = load("uhttpmock/calendar");
    assert_eq!(reading.format, Format::Uhttpmock);
    let [cancelled, login, feed] = reading.cassette.interactions.as_slice() else {
        panic!("{} interactions", reading.cassette.interactions.len());
    };
    assert_eq!(cancelled.outcome, Outcome::Failed("1 Cancelled".to_owned()));
    assert_eq!(cancelled.started_at, at(1_375_193_174));
    assert_eq!(
        login.request.url(),
        "https://www.google.com/accounts/ClientLogin"
    );
    assert_eq!(
        login.request.body.bytes,
        "Email=a%40example%2Ecom&Passwd=insecure&service=cl"
    );
    assert_eq!(
        answer(login).body.bytes,
        "SID=insecure\nLSID=insecure\nAuth=insecure-token\n",
        "the last line feed is counted by the length"
    );
    let cookies: Vec<_> = answer(login).headers.all("set-cookie").collect();
    assert_eq!(cookies, ["S=calendar=one", "T=two"]);
    assert!(answer(login).headers.text("soup-debug-timestamp").is_none());
    assert_eq!(
        answer(feed).body.bytes,
        "<?xml version=\"1.0\"?>\n\n<feed xmlns=\"http://www.w3.org/2005/Atom\"/>"
    );
    assert_eq!(answer(feed).body.form, BodyForm::Decoded);
    let notes: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].ends_with(
            "calendar: interaction 3: response.body: told as compressed, kept in the clear"
        ),
        "{notes:?}"
    );
    let replayed = answer(feed).to_http().unwrap();
    for name in ["content-encoding", "transfer-encoding"] {
        assert!(
            !replayed.headers().contains_key(name),
            "{name} is not true of the body"
        );
    }
}

#[test]
fn a_written_trace_reads_the_same() {
    let reading = load("uhttpmock/calendar");
    let written = format::write(Format::Uhttpmock, &reading.cassette).unwrap();
    assert_eq!(written.losses, Vec::<String>::new());
    let again = read_as(Format::Uhttpmock, &written.bytes, &Limits::default()).unwrap();
    assert_eq!(again.cassette, reading.cassette);
    let text = String::from_utf8(written.bytes).unwrap();
    assert!(
        text.starts_with(
            "> POST /accounts/ClientLogin HTTP/1.1\n> Soup-Debug-Timestamp: 1375193174\n> Host: www.google.com\n"
        ),
        "{text}"
    );
}

#[test]
fn a_trace_says_what_it_cannot_hold() {
    let mut cassette = load("uhttpmock/calendar").cassette;
    let login = &mut cassette.interactions[1];
    login.pattern = Some(Pattern::default());
    login.took = Some(Duration::from_millis(3));
    login.response_mut().unwrap().body = gdata_auth::cassette::Body::wire("a\0b\n");
    let written = format::write(Format::Uhttpmock, &cassette).unwrap();
    assert_eq!(
        written.losses,
        [
            "interaction 2: a pattern; a trace holds requests, so the example of it was written",
            "interaction 2: how long the answer took",
            "interaction 2: the body of the response after a NUL",
        ]
    );
}

#[test]
fn a_damaged_trace_keeps_its_good_part() {
    for (text, good, problem) in [
        (
            "> GET /a HTTP/1.1\n> Host: h\n  \n> GET /b HTTP/1.1\n> Host: h\n  \n< HTTP/1.1 200 OK\n  \n",
            2,
            "given: interaction 1: response: expected an answer, got none: the call did not end",
        ),
        (
            "> GET /a HTTP/1.1\n> Host: h\n> GET /b HTTP/1.1\n> Host: h\n  \n< HTTP/1.1 200 OK\n  \n",
            2,
            "given: interaction 1: response: expected an answer, got none: the call did not end",
        ),
        (
            "> GET /a HTTP/1.1\n  \n< HTTP/1.1 200 OK\n< A: b",
            1,
            "given: interaction 1: expected two spaces after the last half, got the end of the file",
        ),
        (
            "> GET /a HTTP/1.1\n  \n< nothing\n  \n",
            0,
            "given: interaction 1: response.status: expected a status line, got another",
        ),
        (
            "< HTTP/1.1 200 OK\n  \n",
            0,
            "given: request: expected a request before the answer, got none",
        ),
    ] {
        let reading = read_as(Format::Uhttpmock, text.as_bytes(), &Limits::default()).unwrap();
        let problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(reading.cassette.interactions.len(), good, "{text}");
        assert!(problems.iter().any(|one| one == problem), "{problems:#?}");
    }
}

#[test]
fn an_answer_without_its_last_line_feed_is_read_and_told() {
    let reading = load("raw-http/answer-without-last-line-feed.txt");
    assert_eq!(reading.format, Format::RawHttp);
    let interaction = &reading.cassette.interactions[0];
    assert_eq!(
        interaction.pattern,
        Some(Pattern::default()),
        "it answers any request"
    );
    assert_eq!(answer(interaction).status, 403);
    assert_eq!(answer(interaction).body.bytes, "Error=BadAuthentication");
    assert_eq!(answer(interaction).body.truncated_from, Some(24));
    assert_eq!(reading.problems[0].severity, Severity::Note);
}

#[test]
fn requests_and_answers_in_turn_are_read() {
    let reading = load("raw-http/login-and-feed.txt");
    let [login, feed] = reading.cassette.interactions.as_slice() else {
        panic!("{:?}", reading.problems);
    };
    assert_eq!(
        login.request.body.bytes,
        "Email=a%40example.com&Passwd=insecure&service=cl"
    );
    assert_eq!(answer(login).body.bytes, "Auth=insecure\n");
    assert_eq!(answer(login).headers.all("set-cookie").count(), 2);
    assert_eq!(feed.request.method, "HEAD");
    assert_eq!(answer(feed).status, 204);
    assert_eq!(reading.problems, []);
}

#[test]
fn a_bare_body_answers_any_request() {
    let reading = load("raw-http/bare-login.txt");
    assert_eq!(reading.format, Format::RawHttp);
    let interaction = &reading.cassette.interactions[0];
    assert_eq!(interaction.pattern, Some(Pattern::default()));
    assert_eq!(
        answer(interaction).body.bytes,
        "SID=insecure-sid\nLSID=insecure-lsid\nAuth=insecure-auth\n"
    );
}

#[test]
fn pickles_of_both_protocols_say_the_same() {
    let text = load("gdata-pickle/calendar.pickle");
    let binary = load("gdata-pickle/calendar-protocol-2.pickle");
    assert_eq!(text.format, Format::GdataPickle);
    assert_eq!(text.problems, []);
    assert_eq!(text.cassette, binary.cassette);
    let [login, redirect] = text.cassette.interactions.as_slice() else {
        panic!("{} interactions", text.cassette.interactions.len());
    };
    assert_eq!(
        login.request.target,
        "https://www.google.com/accounts/ClientLogin"
    );
    assert_eq!(
        answer(login).body.bytes,
        "SID=insecure\nLSID=insecure\nAuth=insecure-auth\n"
    );
    assert_eq!(
        redirect.request.target,
        "https://www.google.com/calendar/feeds/default/private/full?max-results=2&q=t%C3%A9a%20%26%20cake"
    );
    assert_eq!(
        redirect.request.headers.text("authorization").as_deref(),
        Some("GoogleLogin auth=insecure-auth")
    );
    assert_eq!(answer(redirect).status, 302);
}

#[test]
fn a_pickle_that_wants_to_run_something_is_only_looked_at() {
    // os.system('true'), as an attacker writes it.
    let bytes = b"(lp0\ncposix\nsystem\n(S'true'\ntR.";
    let reading = read_as(Format::GdataPickle, bytes, &Limits::default());
    let refused = reading.unwrap_err();
    assert_eq!(refused.kind(), Kind::Reply);
    assert_eq!(
        refused.to_string(),
        "given: expected a list of pairs, got another value"
    );
    let foreign = read_as(Format::GdataPickle, b"\x80\x02P1\n.", &Limits::default());
    assert_eq!(foreign.unwrap_err().kind(), Kind::Unsupported);
}

#[test]
fn a_pickle_of_itself_and_one_of_endless_copies_are_bounded() {
    // A list that holds itself, and a list doubled again and again.
    let itself = b"(lp0\ng0\na.";
    let reading = read_as(Format::GdataPickle, itself, &Limits::default()).unwrap();
    assert_eq!(reading.problems[0].severity, Severity::Lost);
    let mut many = b"(l".to_vec();
    many.extend(b"Na".repeat(1_000));
    many.push(b'.');
    let few = Limits {
        interactions: 10,
        ..Limits::default()
    };
    let refused = read_as(Format::GdataPickle, &many, &few).unwrap_err();
    assert_eq!(refused.kind(), Kind::Input);
}

#[test]
fn flows_that_mitmdump_wrote_are_read() {
    let reading = load("mitmproxy/loopback.mitm");
    assert_eq!(reading.format, Format::Mitmproxy);
    assert_eq!(reading.problems, []);
    let [login, feed, refused] = reading.cassette.interactions.as_slice() else {
        panic!("{} interactions", reading.cassette.interactions.len());
    };
    assert_eq!(
        login.request.url(),
        "http://127.0.0.1:18099/accounts/ClientLogin"
    );
    assert_eq!(
        login.request.body.bytes,
        "Email=a%40example.com&Passwd=insecure&service=youtube"
    );
    assert_eq!(
        answer(login).headers.all("set-cookie").collect::<Vec<_>>(),
        ["S=1", "T=2"]
    );
    assert!(login.took.is_some() && login.started_at.is_some());
    assert_eq!(feed.request.target, "/feeds/api/videos?q=a%20b");
    assert_eq!(answer(feed).body.form, BodyForm::Wire);
    let plain = answer(feed)
        .body
        .plain(&answer(feed).headers, &Limits::default())
        .unwrap();
    assert_eq!(
        plain.as_ref(),
        b"<feed xmlns=\"http://www.w3.org/2005/Atom\"/>\n"
    );
    assert!(
        matches!(&refused.outcome, Outcome::Failed(why) if why.contains("refused") || why.contains("Connect")),
        "{:?}",
        refused.outcome
    );
}

#[test]
fn a_torn_file_of_flows_keeps_the_whole_ones() {
    let bytes = fs::read(fixture("mitmproxy/loopback.mitm")).unwrap();
    let whole = [0, 2_135, bytes.len()];
    for length in (0..bytes.len()).step_by(37) {
        let reading = read_as(Format::Mitmproxy, &bytes[..length], &Limits::default()).unwrap();
        assert_eq!(
            reading.problems.is_empty(),
            whole.contains(&length),
            "at {length}"
        );
        if length > 2_135 {
            assert!(!reading.cassette.interactions.is_empty());
        }
    }
    let mut nested = "0:~".to_owned();
    for _ in 0..100 {
        nested = format!("{}:{nested}]", nested.len());
    }
    let reading = read_as(Format::Mitmproxy, nested.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(reading.problems[0].severity, Severity::Torn, "too deep");
    let old = b"14:7:version;1:6#}";
    let refused = read_as(Format::Mitmproxy, old, &Limits::default()).unwrap_err();
    assert_eq!(refused.kind(), Kind::Unsupported);
}

#[test]
fn an_empty_file_is_a_trace_of_nothing_where_it_is_said_to_be_one() {
    let limits = Limits::default();
    let reading = read_as(Format::Uhttpmock, b"", &limits).unwrap();
    assert_eq!(
        (reading.cassette.interactions.len(), reading.problems.len()),
        (0, 0)
    );
    let source = Source {
        bytes: Bytes::new(),
        name: "empty",
        folder: None,
        limits: &limits,
    };
    assert_eq!(format::tell(&source), None);
}

#[test]
fn what_is_no_recording_is_refused() {
    let limits = Limits::default();
    for bytes in [
        b"hello".as_slice(),
        b"\x89PNG\r\n",
        b"import os\n",
        b"# Changelog\n",
    ] {
        let refused = format::read(&Source {
            bytes: Bytes::copy_from_slice(bytes),
            name: "notes.md",
            folder: None,
            limits: &limits,
        });
        assert_eq!(
            refused.unwrap_err().to_string(),
            "notes.md: expected a recording of a known format, got another file"
        );
    }
}

/// The folder of recordings beside the crate, or one line that says what is missing.
fn recordings() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recordings");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no recordings beside the crate");
    None
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_recorded_trace_reads_and_is_written_without_a_change() {
    let Some(folder) = recordings() else { return };
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("libgdata") || name.starts_with("uhttpmock") {
            files(&path, &mut paths);
        }
    }
    paths.retain(|path| path.extension().is_none_or(|end| end != "hosts"));
    let (mut interactions, mut failed, mut repeated, mut plain) = (0, 0, 0, 0);
    for path in &paths {
        let reading = cassette::load(path, &Limits::default()).unwrap();
        assert_eq!(reading.format, Format::Uhttpmock, "{}", path.display());
        let lost: Vec<_> = reading
            .problems
            .iter()
            .filter(|problem| problem.severity > Severity::Note)
            .collect();
        assert!(lost.is_empty(), "{lost:?}");
        for interaction in &reading.cassette.interactions {
            interactions += 1;
            let Some(response) = interaction.response() else {
                failed += 1;
                continue;
            };
            repeated += usize::from(response.headers.all("set-cookie").count() > 1);
            plain += usize::from(response.body.form == BodyForm::Decoded);
        }
        let written = format::write(Format::Uhttpmock, &reading.cassette).unwrap();
        let again = read_as(Format::Uhttpmock, &written.bytes, &Limits::default()).unwrap();
        assert_eq!(
            again.cassette.interactions,
            reading.cassette.interactions,
            "{}",
            path.display()
        );
    }
    println!(
        "{} traces, {interactions} interactions, {failed} failed, {repeated} with repeated cookies, {plain} told as compressed and plain",
        paths.len()
    );
    assert!(paths.len() >= 189 && interactions >= 300, "{interactions}");
    assert!(repeated > 0 && plain > 0 && failed >= 3);
}

#[test]
fn the_recorded_pickle_and_bodies_read() {
    let Some(folder) = recordings() else { return };
    let (mut pickles, mut bodies) = (Vec::new(), Vec::new());
    files(&folder.join("gdata-python-pickle"), &mut pickles);
    files(&folder.join("google_calendar-bodies"), &mut bodies);
    for path in &pickles {
        let reading = cassette::load(path, &Limits::default()).unwrap();
        assert_eq!(reading.format, Format::GdataPickle);
        assert_eq!(reading.problems, []);
        let all = &reading.cassette.interactions;
        println!("{} interactions in a pickle", all.len());
        assert_eq!(
            answer(&all[0]).body.bytes,
            "SID=hogehoge\nLSID=hogehoge\nAuth=hogehoge\n"
        );
        assert!(all.iter().all(|one| answer(one).status == 200));
    }
    for path in &bodies {
        let reading = cassette::load(path, &Limits::default()).unwrap();
        assert_eq!(reading.format, Format::RawHttp, "{}", path.display());
        assert_eq!(
            answer(&reading.cassette.interactions[0]).body.bytes,
            fs::read(path).unwrap(),
            "byte for byte"
        );
    }
    assert_eq!((pickles.len(), bodies.len()), (1, 10));
}
