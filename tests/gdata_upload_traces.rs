//! Uploads and batches that Google's servers really answered, where recordings lie beside the crate.

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
    Exchange,
    gdata::{
        batch::{Batch, BatchReply},
        upload::{ContentRange, CreateSession, DirectUpload, Progress, Session, Slug, Uploaded},
    },
};

/// One request and its answer. Bodies of uploads are not in the traces.
struct Recorded {
    method: String,
    address: String,
    request: http::HeaderMap,
    asked: String,
    answer: http::Response<Bytes>,
}

#[test]
fn sessions_and_chunks_are_asked_for_as_they_were_then() {
    let Some(root) = recordings() else { return };
    let (mut sessions, mut chunks, mut direct) = (0, 0, 0);
    for call in calls(&root.join("documents")).chain(calls(&root.join("youtube"))) {
        let header = |name: &str| call.request.get(name).map(|value| value.to_str().unwrap());
        if call.answer.status().as_u16() >= 300
            || call.answer.body().is_empty() && header("x-upload-content-type").is_none()
        {
            continue;
        }
        if let Some(media_type) = header("x-upload-content-type") {
            let total = header("x-upload-content-length").unwrap().parse().unwrap();
            let mut create = CreateSession::new(&call.address, media_type, total).unwrap();
            if let Some(slug) = Slug::read(&call.request) {
                create = create.with_slug(slug.as_str()).unwrap();
            }
            if call.method == "PUT" {
                let etag =
                    header("if-match").map(|etag| gdata_auth::gdata::Etag::new(etag).unwrap());
                create = create.replacing(etag);
            }
            let ours = create.request();
            assert_eq!(ours.method().as_str(), call.method);
            for name in [
                "slug",
                "x-upload-content-type",
                "x-upload-content-length",
                "if-match",
            ] {
                assert_eq!(ours.headers().get(name), call.request.get(name), "{name}");
            }
            let session = create.parse(&call.answer).unwrap();
            let location = call.answer.headers()["location"].to_str().unwrap();
            assert_eq!(session.address().expose(), location);
            assert!(!format!("{session:?}").contains("upload_id"));
            sessions += 1;
        } else if let Some(range) = header("content-range") {
            let read: ContentRange = range.parse().unwrap();
            assert_eq!(read.to_string(), range);
            Session::new(
                call.address.as_str(),
                header("content-type").unwrap(),
                read.total(),
            )
            .unwrap();
            let progress = Progress::read(&call.answer, read.total()).unwrap();
            let Progress::Complete(uploaded) = progress else {
                panic!("{}", call.address);
            };
            assert!(uploaded.entry().id().is_some() && uploaded.etag().is_some());
            chunks += 1;
        } else if header("slug").is_some() {
            let sent = http::Request::builder()
                .method(call.method.as_str())
                .uri(&call.address)
                .header("slug", header("slug").unwrap())
                .header("content-type", "video/ogg")
                .body(Bytes::from_static(b"not in the trace"))
                .unwrap();
            let upload = DirectUpload::read(&sent).unwrap();
            assert_eq!(upload.request().headers()["slug"], header("slug").unwrap());
            assert!(Uploaded::read(&call.answer).unwrap().entry().id().is_some());
            direct += 1;
        }
    }
    println!("read {sessions} sessions, {chunks} chunks, {direct} direct uploads");
    assert!(sessions > 0 && chunks > 0 && direct > 0);
}

#[test]
fn batches_are_read_with_what_became_of_every_operation() {
    let Some(root) = recordings() else { return };
    let (mut batches, mut operations, mut failures) = (0, 0, 0);
    for call in calls(&root) {
        let path = call.address.split('?').next().unwrap();
        if !path.ends_with("/batch") || call.answer.status() != 200 {
            continue;
        }
        let asked = Batch::parse(call.asked.as_bytes()).unwrap();
        assert_eq!(
            Batch::parse(asked.to_xml().unwrap().as_bytes()).unwrap(),
            asked
        );
        let reply = asked
            .exchange(&call.address)
            .unwrap()
            .parse(&call.answer)
            .unwrap();
        assert!(reply.unanswered().is_empty(), "{}", call.address);
        assert_eq!(reply.outcomes().len(), asked.items().len());
        let printed = reply.to_xml().unwrap();
        assert_eq!(BatchReply::parse(printed.as_bytes()).unwrap(), reply);
        for item in asked.items() {
            let outcome = reply.outcome(item.id().unwrap()).unwrap();
            assert_eq!(outcome.operation(), Some(item.operation()));
            assert!(outcome.status().is_some());
        }
        batches += 1;
        operations += reply.outcomes().len();
        failures += reply.failures().count();
        assert_eq!(reply.is_success(), reply.failures().next().is_none());
    }
    println!("read {batches} batches, {operations} operations, {failures} failures inside a 200");
    assert!(batches > 0 && failures > 0);
}

fn recordings() -> Option<PathBuf> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recordings/libgdata-2013-gdata");
    if root.is_dir() {
        return Some(root);
    }
    println!("skipped: no recorded traces beside the crate");
    None
}

/// Every call of every trace below a folder.
fn calls(folder: &Path) -> impl Iterator<Item = Recorded> {
    files(folder)
        .into_iter()
        .flat_map(|file| recorded(&String::from_utf8_lossy(&fs::read(file).unwrap())))
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

fn recorded(trace: &str) -> Vec<Recorded> {
    let mut sides: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in trace.lines() {
        let (side, text) = line.split_at_checked(2).unwrap_or((line, ""));
        match sides.last_mut() {
            Some((last, lines)) if *last == side => lines.push(text),
            _ => sides.push((side, vec![text])),
        }
    }
    sides.retain(|(side, _)| matches!(side.trim(), ">" | "<"));
    let pairs = sides
        .windows(2)
        .filter(|pair| pair[0].0 == "> " && pair[1].0 == "< ");
    pairs
        .filter_map(|pair| call(&pair[0].1, &pair[1].1))
        .collect()
}

fn call(asked: &[&str], answered: &[&str]) -> Option<Recorded> {
    let (line, request, asked) = message(asked);
    let mut words = line.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let host = request.get("host")?.to_str().ok()?;
    let (status, headers, body) = message(answered);
    let mut answer = http::Response::new(Bytes::from(body));
    *answer.status_mut() = status.split(' ').nth(1)?.parse().ok()?;
    *answer.headers_mut() = headers;
    Some(Recorded {
        method: method.to_owned(),
        address: format!("https://{host}{path}"),
        request,
        asked,
        answer,
    })
}

/// The first line, the headers and the body.
fn message(lines: &[&str]) -> (String, http::HeaderMap, String) {
    let mut headers = http::HeaderMap::new();
    let mut rest = lines.iter();
    let first = rest.next().copied().unwrap_or_default().to_owned();
    for line in rest.by_ref().take_while(|line| !line.trim().is_empty()) {
        if let Some((name, value)) = line.split_once(':') {
            let name: http::HeaderName = name.parse().unwrap();
            headers.append(name, value.trim().parse().unwrap());
        }
    }
    let body: Vec<&str> = rest.copied().collect();
    (first, headers, body.join("\n"))
}
