//! What Google's OAuth 2.0 server answered from 2014 to 2021, and what Google's own clients send today: public
//! recordings and captures, read in place.
//!
//! Skipped where they are not beside the project.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use gdata_auth::{
    Advice, Error, Kind, Secret, Timestamp,
    oauth2::{
        AuthorizationQuery, ErrorCode, Grant, Refusal, TokenReply, explain_refusal, is_out_of_band,
        read_basic,
    },
    scope::ScopeNames,
    wire::query::Pairs,
};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");

/// A request with its answer; the body as it is behind its content coding.
struct Call {
    target: String,
    form: String,
    answer: http::Response<Bytes>,
}

#[test]
fn every_token_reply_and_refusal_that_libgdata_got_is_read() {
    let Some(folder) = folder("recordings/libgdata-oauth2") else {
        return;
    };
    let calls: Vec<Call> = files(&folder)
        .iter()
        .flat_map(|file| libgdata(file))
        .collect();
    let (mut replies, mut refused) = (0, 0);
    for call in calls.iter().filter(|call| call.target == "/o/oauth2/token") {
        let form = Pairs::parse(&call.form).unwrap();
        let grant = Grant::read(&form).unwrap().unwrap();
        assert_eq!(Grant::read(&grant.to_pairs()).unwrap(), Some(grant.clone()));
        let Grant::AuthorizationCode {
            redirect_uri,
            verifier,
            ..
        } = grant
        else {
            panic!("{grant:?}");
        };
        assert!(is_out_of_band(&redirect_uri.unwrap()) && verifier.is_none());
        match TokenReply::parse(&call.answer) {
            Ok(reply) => {
                assert_eq!(reply.lifetime(), Some(Duration::from_secs(3_600)));
                assert_eq!(reply.scope(), None, "all that was asked for, then");
                assert!(reply.refresh_token().unwrap().expose().starts_with("1/"));
                assert_eq!(reply.refresh_lifetime(), None);
                assert_eq!(reply.id_token(), None);
                let answered = reply.date().unwrap();
                let end = answered.after(Duration::from_secs(3_600));
                assert_eq!(reply.received_at(answered).expires_at(), Some(end));
                assert!(answered > Timestamp::from_unix_seconds(1_400_000_000));
                replies += 1;
            }
            Err(error) => {
                assert_eq!(call.answer.status(), 400);
                let refusal = Refusal::read(&call.answer).unwrap();
                assert_eq!(refusal.code(), Some(&ErrorCode::InvalidGrant));
                assert_eq!(error.kind(), Kind::Revoked);
                assert_eq!(Error::from(refusal).to_string(), error.to_string());
                refused += 1;
            }
        }
    }
    assert_eq!((replies, refused), (5, 1));

    // What an API said of requests without a token it knows.
    let mut statuses = BTreeMap::new();
    for call in &calls {
        let told = explain_refusal("https://www.googleapis.com/", &call.answer);
        assert_eq!(told.is_some(), call.answer.status().as_u16() >= 400);
        if let Some(error) = told.filter(|_| call.answer.status() == 401) {
            let scopes = Vec::new();
            assert_eq!(error.kind(), Kind::Revoked, "{error}");
            assert_eq!(error.advice(), Advice::AskConsent { scopes });
        }
        *statuses.entry(call.answer.status().as_u16()).or_insert(0) += 1;
    }
    assert_eq!(statuses.get(&400), Some(&1));
    assert_eq!(statuses.get(&401), Some(&1));
}

#[test]
fn every_refresh_that_gcsfs_recorded_is_read() {
    let Some(folder) = folder("recordings/gcsfs-vcrpy-oauth2") else {
        return;
    };
    let mut replies = 0;
    for file in files(&folder) {
        for (form, packed) in vcrpy_token_calls(&fs::read_to_string(&file).unwrap()) {
            let grant = Grant::read(&Pairs::parse(&form).unwrap()).unwrap();
            let token = Secret::new("xxx");
            assert_eq!(grant, Some(Grant::RefreshToken { token, scope: None }));

            let packed_answer = http::Response::builder()
                .header("content-encoding", "gzip")
                .body(Bytes::from(packed.clone()))
                .unwrap();
            let error = TokenReply::parse(&packed_answer).unwrap_err();
            assert!(error.to_string().contains("compressed"), "{error}");

            let Some(body) = unpacked(&packed) else {
                skip("every_refresh_that_gcsfs_recorded_is_read: no gzip");
                return;
            };
            let reply = TokenReply::parse(&http::Response::new(body)).unwrap();
            // Whoever recorded it took expires_in out.
            assert_eq!(reply.lifetime(), None);
            assert_eq!(reply.refresh_token(), None, "a refresh yields none");
            assert_eq!(reply.id_token(), Some(&Secret::new("xxx")));
            let asked = ScopeNames::parse(
                "email https://www.googleapis.com/auth/cloud-platform openid \
                 https://www.googleapis.com/auth/accounts.reauth",
            )
            .unwrap();
            let consent = reply.consent(&asked);
            assert_eq!(consent.granted.iter().count(), 4);
            assert!(
                consent.missing.is_empty(),
                "whatever the order and the names"
            );
            replies += 1;
        }
    }
    assert_eq!(replies, 14);
}

#[test]
fn every_request_of_googles_own_python_clients_is_read() {
    let Some(folder) = folder("captures") else {
        return;
    };
    let mut seen = BTreeMap::new();
    for name in ["google-py.txt", "oauth2client.txt"] {
        let capture = fs::read_to_string(folder.join(name)).unwrap();
        for request in capture.split("\n===== end =====") {
            let Some((_, request)) = request.split_once(" bytes =====\n") else {
                continue;
            };
            let (head, form) = request
                .split_once("\r\n\r\n")
                .or_else(|| request.split_once("\n\n"))
                .unwrap_or((request, ""));
            let target = head.split(' ').nth(1).unwrap();
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let what = match path {
                "/o/oauth2/auth" => {
                    let query = AuthorizationQuery::read(&Pairs::parse(query).unwrap()).unwrap();
                    assert_eq!(AuthorizationQuery::read(&query.to_pairs()).unwrap(), query);
                    assert_eq!(query.response_type, "code");
                    assert_eq!(query.code_challenge_method.as_deref(), Some("S256"));
                    assert_eq!(query.code_challenge.unwrap().len(), 43);
                    assert_eq!(query.access_type.as_deref(), Some("offline"));
                    "link"
                }
                "/token" | "/o/oauth2/token" => {
                    let form = Pairs::parse(form.trim()).unwrap();
                    let grant = Grant::read(&form).unwrap().unwrap();
                    assert_eq!(Grant::read(&grant.to_pairs()).unwrap(), Some(grant.clone()));
                    proves_itself(head, &form, &grant);
                    grant.grant_type()
                }
                _ => continue,
            };
            *seen.entry((name, what)).or_insert(0) += 1;
        }
    }
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let assertion = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let expected = BTreeMap::from([
        (("google-py.txt", "link"), 1),
        (("google-py.txt", "authorization_code"), 2),
        (("google-py.txt", "refresh_token"), 2),
        (("google-py.txt", assertion), 1),
        (("oauth2client.txt", "authorization_code"), 1),
        (("oauth2client.txt", "refresh_token"), 1),
        (("oauth2client.txt", device), 3),
    ]);
    assert_eq!(seen, expected);
}

/// Every client proves itself in one of two ways, but for an assertion, which is a proof.
fn proves_itself(head: &str, form: &Pairs, grant: &Grant) {
    let basic = head
        .lines()
        .find_map(|line| line.strip_prefix("Authorization: "))
        .map(read_basic)
        .unwrap_or_default();
    let by_form = form.first("client_id").is_some() && form.first("client_secret").is_some();
    match grant {
        Grant::JwtBearer { assertion } => {
            assert!(basic.is_empty() && !by_form);
            let token = gdata_auth::oauth2::Jwt::parse(assertion.expose()).unwrap();
            assert_eq!(token.key_id(), Some("k1"));
        }
        Grant::AuthorizationCode { verifier, .. } => {
            assert!(verifier.is_some());
            assert_ne!(basic.is_empty(), !by_form);
            let expected = ("cid.apps.googleusercontent.com".to_owned(), "csec".into());
            assert!(basic.iter().all(|pair| *pair == expected));
        }
        _ => assert!(basic.is_empty() && by_form),
    }
}

fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(SHARED).join(name);
    if !folder.is_dir() {
        skip(&format!("oauth2_recordings: no {name} beside the project"));
        return None;
    }
    Some(folder)
}

/// The files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// The calls of a trace of libsoup: lines of requests begin with `> `, of answers with `< `. Bodies were unpacked
/// before they were logged.
fn libgdata(file: &Path) -> Vec<Call> {
    let text = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
    let mut calls = Vec::new();
    let mut sides: Vec<(char, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        let (Some(mark @ ('>' | '<')), rest) = (line.chars().next(), line.get(2..)) else {
            continue;
        };
        let begins = line.starts_with("> ") && line.ends_with(" HTTP/1.1")
            || line.starts_with("< HTTP/1.1 ");
        match sides.last_mut() {
            Some((side, lines)) if *side == mark && !begins => lines.push(rest.unwrap_or_default()),
            _ => sides.push((mark, vec![rest.unwrap_or_default()])),
        }
    }
    for pair in sides.windows(2) {
        let [('>', request), ('<', answer)] = pair else {
            continue;
        };
        let (head, form) = split(request);
        let (status, body) = split(answer);
        let mut builder = http::Response::builder()
            .status(status[0].split(' ').nth(1).unwrap().parse::<u16>().unwrap());
        for line in &status[1..] {
            let (name, value) = line.split_once(": ").unwrap();
            if !name.eq_ignore_ascii_case("content-encoding") {
                builder = builder.header(name, value);
            }
        }
        calls.push(Call {
            target: head[0].split(' ').nth(1).unwrap().to_owned(),
            form,
            answer: builder.body(Bytes::from(body)).unwrap(),
        });
    }
    calls
}

fn split<'a>(lines: &'a [&'a str]) -> (&'a [&'a str], String) {
    let empty = lines.iter().position(|line| line.is_empty());
    let empty = empty.unwrap_or(lines.len());
    let body = lines.get(empty + 1..).unwrap_or_default();
    (&lines[..empty], body.join("\n"))
}

/// The forms that a cassette of vcrpy sent to the token endpoint, and the packed bodies that came back.
fn vcrpy_token_calls(cassette: &str) -> Vec<(String, Vec<u8>)> {
    let calls = cassette.split("\n- request:\n");
    calls
        .filter(|call| call.contains("    uri: https://oauth2.googleapis.com/token\n"))
        .map(|call| {
            let line = |mark: &str| call.split_once(mark).unwrap().1;
            let form = line("    body: ").lines().next().unwrap();
            let packed: String = line("      string: !!binary |\n")
                .lines()
                .take_while(|line| line.starts_with("        "))
                .map(str::trim)
                .collect();
            (form.to_owned(), STANDARD.decode(packed).unwrap())
        })
        .collect()
}

/// What gzip makes of it; `None` where there is none.
fn unpacked(packed: &[u8]) -> Option<Bytes> {
    let mut gzip = Command::new("gzip")
        .arg("-dc")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    gzip.stdin.take().unwrap().write_all(packed).unwrap();
    let done = gzip.wait_with_output().unwrap();
    assert!(done.status.success());
    Some(done.stdout.into())
}

#[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
fn skip(what: &str) {
    eprintln!("skip - {what}");
}
