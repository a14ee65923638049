//! Feeds and entries that Google's servers really sent, where recordings lie beside the crate.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a step that fails here fails the test, and what was read is told"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use gdata_auth::gdata::{Entry, Errors, Feed};

#[test]
fn reads_every_gdata_body_of_the_recorded_traces() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recordings/libgdata-2013-gdata");
    if !root.is_dir() {
        println!("skipped: no recorded traces beside the crate");
        return;
    }
    let (mut feeds, mut entries, mut errors) = (0, 0, 0);
    for file in files(&root) {
        let trace = fs::read(&file).unwrap();
        for body in bodies(&String::from_utf8_lossy(&trace)) {
            let context = || format!("{}: {:.80}", file.display(), body);
            match root_name(&body) {
                Some("feed") => {
                    let feed = Feed::parse(body.as_bytes())
                        .unwrap_or_else(|error| panic!("{error} {}", context()));
                    assert_eq!(
                        Feed::parse(feed.to_xml().unwrap().as_bytes()).unwrap(),
                        feed,
                        "{}",
                        context()
                    );
                    feeds += 1;
                }
                Some("entry") => {
                    let entry = Entry::parse(body.as_bytes())
                        .unwrap_or_else(|error| panic!("{error} {}", context()));
                    assert_eq!(
                        Entry::parse(entry.to_xml().unwrap().as_bytes()).unwrap(),
                        entry,
                        "{}",
                        context()
                    );
                    entries += 1;
                }
                Some("errors") => {
                    Errors::parse(body.as_bytes()).unwrap();
                    errors += 1;
                }
                _ => {}
            }
        }
    }
    println!("read {feeds} feeds, {entries} entries, {errors} error documents");
    assert!(feeds > 0 && entries > 0);
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
    found
}

/// The bodies of a trace: what stands behind the empty line of each run of `> ` or `< ` lines.
fn bodies(trace: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut body: Option<String> = None;
    let mut side = "";
    for line in trace.split('\n').chain([""]) {
        let (next, text) = line.split_at_checked(2).unwrap_or(("", ""));
        if next != side {
            found.extend(body.take());
            side = next;
        }
        match &mut body {
            Some(body) => *body = format!("{body}{text}\n"),
            None if text.trim().is_empty() && side != "  " => body = Some(String::new()),
            None => {}
        }
    }
    found.retain(|body| !body.trim().is_empty());
    found
}

fn root_name(body: &str) -> Option<&str> {
    let start = body
        .strip_prefix("<?xml")
        .and_then(|rest| Some(&rest[rest.find("?>")? + 2..]));
    let tag = start.unwrap_or(body).trim_start().strip_prefix('<')?;
    let name = &tag[..tag.find([' ', '>', '/'])?];
    Some(name.rsplit(':').next().unwrap_or(name))
}
