//! Logins that Google really answered, and those that real clients really sent, where recordings lie beside
//! the crate.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a step that fails here fails the test, and what was read is told"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use gdata_auth::{
    Exchange, Kind,
    clientlogin::{
        AccountType, AuthToken, Endpoint, ErrorCode, Header, LoginForm, Refusal, TokenShape,
    },
};

/// A folder beside the crate, or one line that says what is missing.
fn beside(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no {folder} beside the crate");
    None
}

/// One half of a trace: its first line, its headers, its body as long as it says.
#[derive(Debug)]
struct Message {
    start: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Message {
    fn header(&self, name: &str) -> Option<&str> {
        let same = |(candidate, _): &&(String, String)| candidate.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(same)
            .map(|(_, value)| value.as_str())
    }
}

/// The halves of a trace: runs of lines that begin with `> ` or `< `.
fn messages(trace: &str) -> Vec<(char, Message)> {
    let mut halves: Vec<(char, Vec<&str>)> = Vec::new();
    let mut open = ' ';
    for line in trace.lines() {
        let side = line.chars().next().unwrap_or(' ');
        if side != open {
            open = side;
            if matches!(side, '>' | '<') {
                halves.push((side, Vec::new()));
            }
        }
        if let (Some((_, lines)), Some(text)) = (halves.last_mut(), line.get(2..))
            && matches!(side, '>' | '<')
        {
            lines.push(text);
        }
    }
    let message = |(side, lines): (char, Vec<&str>)| {
        let end = lines.iter().position(|line| line.is_empty());
        let (head, body) = lines.split_at(end.unwrap_or(lines.len()));
        let headers: Vec<(String, String)> = head[1..]
            .iter()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut message = Message {
            start: head[0].to_owned(),
            headers,
            body: body.get(1..).unwrap_or_default().join("\n"),
        };
        // The last line feed is the body's when the length says so.
        let length = message
            .header("content-length")
            .and_then(|n| n.parse().ok());
        if length == Some(message.body.len() + 1) {
            message.body.push('\n');
        }
        (side, message)
    };
    halves.into_iter().map(message).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// Reads every login of the traces in `folder` as a server, answers it as the trace did, and reads that as
/// a client. Yields the lengths of the answers.
fn replay(folder: &Path) -> Vec<usize> {
    let mut lengths = Vec::new();
    for file in files(folder) {
        let trace = fs::read(&file).unwrap();
        let halves = messages(&String::from_utf8_lossy(&trace));
        for pair in halves.windows(2) {
            let [('>', request), ('<', answer)] = pair else {
                continue;
            };
            if request.start != "POST /accounts/ClientLogin HTTP/1.1" {
                continue;
            }
            let name = file.display();
            let form = LoginForm::parse(request.body.as_bytes())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(
                form.request().wanted_account(),
                Some(AccountType::HostedOrGoogle)
            );
            assert!(form.request().program().is_some() && form.bug().is_none());
            assert_eq!(LoginForm::parse(&form.body()).unwrap(), form, "{name}");

            let length: usize = answer.header("content-length").unwrap().parse().unwrap();
            assert_eq!(answer.body.len(), length, "{name}");
            let status: u16 = answer.start[9..12].parse().unwrap();
            let reply = http::Response::builder()
                .status(status)
                .body(Bytes::from(answer.body.clone()))
                .unwrap();
            let exchange = form.exchange(&Endpoint::google()).unwrap();
            match exchange.parse(&reply) {
                Ok(login) => {
                    assert_eq!(status, 200);
                    assert_eq!(login.token().shape(), TokenShape::Google);
                    assert_eq!(login.body(), answer.body, "{name}");
                }
                Err(error) => {
                    assert_eq!((status, length, error.kind()), (403, 24, Kind::Refused));
                    let refusal = Refusal::of(&error).unwrap();
                    assert_eq!(*refusal.code(), ErrorCode::BadAuthentication);
                }
            }
            lengths.push(length);
        }
    }
    lengths
}

#[test]
fn reads_and_prints_the_logins_of_libgdatas_traces() {
    let Some(recordings) = beside("recordings") else {
        return;
    };
    let lengths = replay(&recordings.join("libgdata-clientlogin"));
    println!("read {} logins: {lengths:?} bytes", lengths.len());
    assert_eq!(lengths.iter().filter(|length| **length == 24).count(), 1);
    assert!(lengths.contains(&881), "{lengths:?}");
    // YouTube's authentication of the same year.
    let lengths = replay(&recordings.join("libgdata-2013-gdata/youtube"));
    assert!(lengths.contains(&947), "{lengths:?}");
}

#[test]
fn adopts_the_tokens_that_calendar_sent() {
    let Some(recordings) = beside("recordings") else {
        return;
    };
    let mut adopted = 0;
    for file in files(&recordings.join("libgdata-2013-gdata/calendar")) {
        let trace = fs::read(&file).unwrap();
        for pair in messages(&String::from_utf8_lossy(&trace)).windows(2) {
            let [('>', request), ('<', answer)] = pair else {
                continue;
            };
            let (Some(sent), Some(update)) = (
                request.header("authorization"),
                answer.header("update-client-auth"),
            ) else {
                continue;
            };
            let sent = Header::parse(sent).unwrap();
            let token = AuthToken::new(sent.token().clone()).unwrap();
            let status: u16 = answer.start[9..12].parse().unwrap();
            let reply = http::Response::builder()
                .status(status)
                .header("Update-Client-Auth", update)
                .body(Bytes::new())
                .unwrap();
            let fresh = token.adopt(&reply);
            let expected = (status < 400 && update != token.secret().expose()).then_some(update);
            assert_eq!(
                fresh.as_ref().map(|token| token.secret().expose()),
                expected
            );
            adopted += usize::from(fresh.is_some());
        }
    }
    println!("adopted {adopted} tokens");
    assert!(adopted > 10);
}

#[test]
fn reads_the_logins_of_every_captured_client_to_the_same_fields() {
    let Some(captures) = beside("captures") else {
        return;
    };
    let (mut logins, mut answered, mut headers) = (0, 0, 0);
    for file in files(&captures) {
        let text = fs::read_to_string(&file).unwrap();
        for request in text.split("===== request ").skip(1) {
            for line in request.lines().take_while(|line| !line.is_empty()) {
                if let Some(value) = line.strip_prefix("Authorization: GoogleLogin") {
                    let header = Header::parse(&format!("GoogleLogin{value}")).unwrap();
                    assert_eq!(
                        header.token().expose(),
                        "DQAAAGgAauth",
                        "{}",
                        file.display()
                    );
                    headers += 1;
                }
            }
            if !request
                .lines()
                .nth(1)
                .unwrap()
                .contains("/accounts/ClientLogin")
            {
                continue;
            }
            let mut lines = request.lines().skip_while(|line| !line.is_empty());
            let body = lines.nth(1).unwrap();
            let form = LoginForm::parse(body.as_bytes()).unwrap();
            let login = form.request();
            assert!(
                ["user@gmail.com", "user"].contains(&login.email()),
                "{body}"
            );
            assert_eq!(login.wanted_account(), Some(AccountType::HostedOrGoogle));
            assert_eq!(login.wanted_service(), Some("youtube"));
            assert!(login.extras().is_empty(), "{body}");
            let password = form.password().expose();
            assert!(
                ["p&ss w=rd", "captcha", "bad", "pw"].contains(&password),
                "{body}"
            );
            if let Some(answer) = login.captcha_answer() {
                assert_eq!(answer, ("DQAAAGgA...dkI1LK9", "brinmar"));
                answered += 1;
            }
            logins += 1;
        }
    }
    println!("read {logins} logins, {answered} answered CAPTCHAs, {headers} headers");
    assert!(logins > 10 && answered > 3 && headers > 3);
}
