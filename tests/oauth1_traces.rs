//! What libgdata said to Google in 2013 and what Google answered: public traces, read in place.
//!
//! Skipped where the recordings are not beside the project.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashMap, fs, path::Path};

use bytes::Bytes;
use gdata_auth::{
    Kind, Secret,
    oauth1::{Keys, SignedRequest, TokenReply},
};

const TRACES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../shared/recordings/libgdata-oauth1/oauth1-authorizer"
);

/// A request with the answer that it got.
struct Call {
    request: http::Request<Bytes>,
    status: u16,
    answer: String,
}

#[test]
fn every_recorded_request_parses_and_seven_verify() {
    if !Path::new(TRACES).is_dir() {
        skip("every_recorded_request_parses_and_seven_verify: no recordings beside the project");
        return;
    }
    let calls = calls();
    assert_eq!(calls.len(), 10);
    let mut secrets = HashMap::new();
    for call in &calls {
        if let Ok(reply) = TokenReply::parse(call.answer.as_bytes()) {
            assert_eq!(call.status, 200);
            assert_eq!(reply.to_body(), call.answer);
            secrets.insert(reply.token().expose().to_owned(), reply.secret().clone());
        } else {
            assert_eq!(
                (call.status, call.answer.trim_end()),
                (400, "The token is invalid.")
            );
        }
    }
    let consumer = Secret::new("anonymous");
    let mut verified = 0;
    for call in &calls {
        let signed = SignedRequest::of(&call.request).unwrap().unwrap();
        assert_eq!(signed.consumer_key(), "anonymous");
        let url = call.request.uri().to_string();
        let keys = Keys::shared(&consumer);
        let answer = match signed.token().map(Secret::expose) {
            None => signed.verify("POST", &url, &keys),
            Some(token) => match secrets.get(token) {
                Some(secret) => signed.verify("POST", &url, &keys.and_token(secret)),
                None => {
                    // The trace does not have the secret.
                    let error = signed.verify("POST", &url, &keys).unwrap_err();
                    assert_eq!(error.kind(), Kind::Signature);
                    continue;
                }
            },
        };
        answer.unwrap();
        verified += 1;
    }
    assert_eq!(verified, 7);
}

fn calls() -> Vec<Call> {
    let mut files: Vec<_> = fs::read_dir(TRACES)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            let mut calls = Vec::new();
            let mut rest = lines(&text);
            while let Some(request) = take(&mut rest, "> ") {
                let answer = take(&mut rest, "< ").unwrap();
                calls.push(call(&request, &answer));
            }
            calls
        })
        .collect()
}

fn lines(text: &str) -> std::iter::Peekable<impl Iterator<Item = &str>> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .peekable()
}

/// The lines of one side, without their mark.
fn take<'a>(
    lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>,
    mark: &str,
) -> Option<Vec<&'a str>> {
    let mut taken = Vec::new();
    while let Some(line) = lines.next_if(|line| line.starts_with(mark.trim_end())) {
        taken.push(line.strip_prefix(mark).unwrap_or_default());
    }
    (!taken.is_empty()).then_some(taken)
}

fn call(request: &[&str], answer: &[&str]) -> Call {
    let (head, body) = split(request);
    let path = head[0].split(' ').nth(1).unwrap();
    let mut builder = http::Request::post(format!("https://www.google.com{path}"));
    for line in &head[1..] {
        let (name, value) = line.split_once(": ").unwrap();
        builder = builder.header(name, value);
    }
    let (status, answer) = split(answer);
    Call {
        request: builder.body(Bytes::from(body)).unwrap(),
        status: status[0].split(' ').nth(1).unwrap().parse().unwrap(),
        answer,
    }
}

fn split<'a>(lines: &'a [&'a str]) -> (&'a [&'a str], String) {
    let empty = lines.iter().position(|line| line.is_empty()).unwrap();
    (&lines[..empty], lines[empty + 1..].join("\n"))
}

#[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
fn skip(what: &str) {
    eprintln!("skip - {what}");
}
