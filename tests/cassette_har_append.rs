//! Interactions put at the end of a cassette, and a crash at any byte of that.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use gdata_auth::{
    Kind,
    cassette::{
        Body, Cassette, Interaction, Limits, Reading, RecordedRequest, RecordedResponse,
        SecretKind, Severity, StandIn,
        format::{self, Format, Source, har},
        load,
    },
};

/// A folder that goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("gdata-auth-append-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("login.har")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn interaction(number: usize) -> Interaction {
    let mut request = RecordedRequest::new("GET", format!("https://www.example.com/{number}?a=b"));
    request
        .headers
        .push("Authorization", "Bearer ya29.stand-in");
    request.body = Body::wire(vec![0xff, u8::try_from(number).unwrap()]);
    let mut response = RecordedResponse::new(200);
    response.headers.push("Content-Type", "text/plain");
    response.body = Body::wire("closing brackets \n      }\n    ]\n  }\n}\n in a text");
    Interaction::new(request, response)
}

fn read(bytes: &[u8]) -> Option<Reading> {
    let limits = Limits::default();
    let bytes = Bytes::copy_from_slice(bytes);
    format::read_as(
        Format::Har,
        &Source {
            bytes,
            name: "login.har",
            folder: None,
            limits: &limits,
        },
    )
    .ok()
}

#[test]
fn an_appended_cassette_is_the_one_that_is_written_at_once() {
    let folder = Folder::new();
    let all: Vec<Interaction> = (0..5).map(interaction).collect();
    har::append(folder.file(), &[], &[]).unwrap();
    har::append(folder.file(), &all[..1], &[]).unwrap();
    har::append(folder.file(), &all[1..4], &[]).unwrap();
    har::append(folder.file(), &[], &[]).unwrap();
    har::append(folder.file(), &all[4..], &[]).unwrap();
    let at_once = format::write(Format::Har, &Cassette::new(all))
        .unwrap()
        .bytes;
    assert_eq!(
        String::from_utf8(fs::read(folder.file()).unwrap()).unwrap(),
        String::from_utf8(at_once).unwrap()
    );
}

#[test]
fn stand_ins_come_with_the_interactions_in_which_they_appear() {
    let folder = Folder::new();
    let first = StandIn::new("ya29.stand-in", SecretKind::AccessToken, true);
    let second = StandIn::new("1/stand-in", SecretKind::RefreshToken, false);
    har::append(
        folder.file(),
        &[interaction(0)],
        std::slice::from_ref(&first),
    )
    .unwrap();
    har::append(
        folder.file(),
        &[interaction(1)],
        &[first.clone(), second.clone()],
    )
    .unwrap();
    let cassette = load(folder.file(), &Limits::default())
        .unwrap()
        .into_whole()
        .unwrap();
    assert_eq!(cassette.stand_ins, [first, second.clone()]);
    assert_eq!(cassette.interactions, [interaction(0), interaction(1)]);
    let refused = har::append(folder.file(), &[], &[second]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "stand-ins: expected an interaction in which they appear, got none"
    );
}

#[test]
fn a_crash_at_any_byte_leaves_what_was_there_before() {
    let folder = Folder::new();
    let all: Vec<Interaction> = (0..4).map(interaction).collect();
    har::append(folder.file(), &all[..2], &[]).unwrap();
    let before = fs::read(folder.file()).unwrap();
    har::append(folder.file(), &all[2..], &[]).unwrap();
    let after = fs::read(folder.file()).unwrap();
    let same = before
        .iter()
        .zip(&after)
        .take_while(|(old, new)| old == new)
        .count();
    assert!(
        before.len() - same <= 15,
        "only the closing brackets are written over"
    );
    for written in same..=after.len() {
        // What had been written, then what was there before.
        let mut torn = after[..written].to_vec();
        torn.extend(before.get(written..).unwrap_or_default());
        let reading = read(&torn).unwrap();
        let good = &reading.cassette.interactions;
        assert!(
            good.len() >= 2,
            "after {written} bytes {} are good",
            good.len()
        );
        assert_eq!(good[..], all[..good.len()]);
        let is_whole = [same, after.len() - 1, after.len()].contains(&written);
        assert_eq!(
            reading.problems.is_empty(),
            is_whole,
            "after {written} bytes: {:?}",
            reading.problems
        );
        // A file system may also lengthen the file first.
        if written > before.len() && written < after.len() - 1 {
            torn.resize(after.len(), 0);
            assert!(read(&torn).unwrap().cassette.interactions.len() >= 2);
        }
    }
}

#[test]
fn a_cut_at_any_byte_is_told_with_how_much_is_good() {
    let cassette = Cassette::new((0..40).map(interaction).collect());
    let whole = format::write(Format::Har, &cassette).unwrap().bytes;
    let text = std::str::from_utf8(&whole).unwrap();
    // Where each entry ends: a bracket in a text has its line end escaped.
    let ends: Vec<usize> = text
        .match_indices("\n      }")
        .map(|(at, end)| at + end.len())
        .collect();
    assert_eq!(ends.len(), 40);
    let tail = ends[37]..whole.len() - 1;
    for cut in tail.chain((0..ends[37]).step_by(7)) {
        let expected = ends.iter().filter(|end| **end <= cut).count();
        let Some(reading) = read(&whole[..cut]) else {
            assert!(cut < 20, "at {cut}");
            continue;
        };
        assert_eq!(
            reading.cassette.interactions[..],
            cassette.interactions[..expected],
            "at {cut}"
        );
        let [problem] = &reading.problems[..] else {
            panic!("one problem at {cut}")
        };
        assert_eq!(problem.severity, Severity::Torn);
        let good = match expected {
            0 => "nothing before it is whole".to_owned(),
            1 => "1 interaction before it is good".to_owned(),
            many => format!("{many} interactions before it are good"),
        };
        assert!(
            problem
                .to_string()
                .ends_with(&format!("got the end of the file at byte {cut}; {good}")),
            "at {cut}: {problem}"
        );
    }
    assert_eq!(
        read(&whole[..whole.len() - 1]).unwrap().problems,
        [],
        "the last line end is no loss"
    );
}

#[test]
fn adds_to_nothing_but_its_own_form() {
    let folder = Folder::new();
    let whole = format::write(Format::Har, &Cassette::new(vec![interaction(0)]))
        .unwrap()
        .bytes;
    let foreign = String::from_utf8(whole.clone())
        .unwrap()
        .replace("\"gdata-auth\"", "\"Polly.JS\"");
    for bytes in [
        &whole[..whole.len() - 1],
        b"{}",
        foreign.as_bytes(),
        &[b' '; 1000],
    ] {
        fs::write(folder.file(), bytes).unwrap();
        let refused = har::append(folder.file(), &[interaction(1)], &[]).unwrap_err();
        assert_eq!(refused.kind(), Kind::Input);
        assert!(refused.to_string().ends_with(
            "expected the end of a cassette that was written here, got another; read it and save what is good"
        ));
        assert_eq!(
            fs::read(folder.file()).unwrap(),
            bytes,
            "nothing was touched"
        );
    }
    let missing = har::append(folder.0.join("login.har/x"), &[interaction(1)], &[]).unwrap_err();
    assert_eq!(missing.kind(), Kind::Transport);
}
