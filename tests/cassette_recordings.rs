//! Every recording beside the crate, of every tool: read, written, read again; signatures of 2013 verify.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a step that fails here fails the test, and what was read is told"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use gdata_auth::{
    Secret,
    cassette::{
        self, Cassette, Keys, Limits, MatchRules, Meaning, Player, Reading, Scheme, Severity,
        format::{self, Format, Source},
        verify::{self, Finding},
    },
};

/// The files of the manifest, or one line that says what is missing.
fn recordings() -> Option<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recordings");
    let Ok(manifest) = fs::read_to_string(folder.join("manifest.tsv")) else {
        println!("skipped: no recordings beside the crate");
        return None;
    };
    let names = manifest
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next());
    Some(names.map(|name| folder.join(name)).collect())
}

fn load(path: &Path) -> Reading {
    cassette::load(path, &Limits::default()).unwrap()
}

fn again(format: Format, bytes: Vec<u8>) -> Reading {
    let source = Source {
        bytes: Bytes::from(bytes),
        name: "again",
        folder: None,
        limits: &Limits::default(),
    };
    assert_eq!(format::tell(&source), Some(format));
    format::read_as(format, &source).unwrap()
}

#[test]
fn every_file_reads_and_our_own_form_holds_all_of_it() {
    let Some(paths) = recordings() else { return };
    let mut read: BTreeMap<Format, (usize, usize)> = BTreeMap::new();
    let (mut repeated, mut inflated, mut encoded) = (0, 0, 0);
    for path in &paths {
        let reading = load(path);
        let bad: Vec<_> = reading
            .problems
            .iter()
            .filter(|problem| problem.severity > Severity::Note)
            .collect();
        assert!(bad.is_empty(), "{bad:?}");
        let (files, interactions) = read.entry(reading.format).or_default();
        *files += 1;
        *interactions += reading.cassette.interactions.len();
        for response in reading
            .cassette
            .interactions
            .iter()
            .filter_map(|one| one.response())
        {
            repeated += usize::from(response.headers.all("set-cookie").count() > 1);
            let plain = response
                .body
                .plain(&response.headers, &Limits::default())
                .unwrap();
            inflated += usize::from(plain.as_ref() != response.body.bytes.as_ref());
            let text = String::from_utf8_lossy(&plain);
            let digits = text.trim_end().trim_end_matches('=');
            let looks = text.len() > 40
                && text.lines().all(|line| line.len() <= 76)
                && digits
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+/\n".contains(&byte));
            if looks && !text.contains("AAAAAAAA") {
                println!("looks like base64: {}", path.display());
                encoded += 1;
            }
        }
        let written = format::write(Format::Har, &reading.cassette).unwrap();
        assert!(
            written.losses.is_empty(),
            "{}: {:?}",
            path.display(),
            written.losses
        );
        let back = again(Format::Har, written.bytes);
        assert_eq!(back.cassette, reading.cassette, "{}", path.display());
    }
    for (format, (files, interactions)) in &read {
        println!("{format}: {files} files, {interactions} interactions");
    }
    println!(
        "{repeated} answers with repeated cookies, {inflated} inflated, {encoded} that look like base64"
    );
    assert_eq!(paths.len(), 287);
    assert!(repeated > 100 && inflated >= 40, "{repeated} {inflated}");
    assert_eq!(encoded, 0, "a body that is still base64");
}

#[test]
fn what_a_format_says_it_holds_comes_back() {
    let Some(paths) = recordings() else { return };
    for format in [
        Format::RubyVcr,
        Format::Vcrpy,
        Format::Uhttpmock,
        Format::WireMock,
    ] {
        let (mut whole, mut bodies) = (0, 0);
        for path in &paths {
            let cassette = load(path).cassette;
            let written = format::write(format, &cassette).unwrap();
            if written.losses.is_empty() {
                whole += 1;
            }
            if cassette.interactions.is_empty() || format == Format::WireMock {
                continue;
            }
            let back = again(format, written.bytes).cassette;
            let answered = |cassette: &Cassette| -> Vec<(u16, Bytes)> {
                let answers = cassette
                    .interactions
                    .iter()
                    .filter_map(|one| one.response());
                answers
                    .map(|answer| (answer.status, answer.body.bytes.clone()))
                    .collect()
            };
            let (before, after) = (answered(&cassette), answered(&back));
            assert_eq!(before.len(), after.len(), "{}", path.display());
            bodies += before
                .iter()
                .zip(&after)
                .filter(|(one, other)| one == other)
                .count();
        }
        println!(
            "{format}: {whole} of {} files without a loss, {bodies} answers the same to the byte",
            paths.len()
        );
    }
}

#[test]
fn seven_signatures_of_oauth_1_verify_from_the_traces() {
    let Some(paths) = recordings() else { return };
    let keys = Keys::new().with_consumer_secret("anonymous", Secret::new("anonymous"));
    // Secrets of tokens that one trace hands out are used in another.
    let mut all = Cassette::default();
    for path in paths
        .iter()
        .filter(|path| path.to_string_lossy().contains("libgdata-oauth1"))
    {
        all.interactions.extend(load(path).cassette.interactions);
    }
    let (mut verified, mut without_key, mut wrong) = (0, 0, 0);
    let checked: Vec<_> = verify::check_all(&all, &keys).collect();
    for (interaction, verdicts) in all.interactions.iter().zip(checked) {
        let meaning = Meaning::of(&interaction.request, &MatchRules::default()).unwrap();
        assert_eq!(meaning.scheme, Scheme::OAuth1);
        assert_eq!(verdicts, verify::check(interaction, &keys, &all));
        for verdict in verdicts {
            match verdict.finding {
                Finding::Verified => verified += 1,
                Finding::NoKey(_) => without_key += 1,
                Finding::Wrong(_) => wrong += 1,
                _ => {}
            }
        }
    }
    println!("{verified} verified, {without_key} whose token secret is in no trace, {wrong} wrong");
    assert_eq!((verified, wrong), (7, 0));
}

#[test]
fn every_recorded_request_finds_its_own_answer() {
    let Some(paths) = recordings() else { return };
    let (mut played, mut failed) = (0, 0);
    for path in &paths {
        let cassette = load(path).cassette;
        if cassette
            .interactions
            .iter()
            .any(|one| one.pattern.is_some())
        {
            continue;
        }
        let player = Player::new(cassette.clone()).unwrap();
        for (at, interaction) in cassette.interactions.iter().enumerate() {
            let request = &interaction.request;
            let mut live = http::Request::builder()
                .method(request.method.as_str())
                .uri(request.url());
            *live.headers_mut().unwrap() = request.headers.to_map().unwrap();
            let Ok(live) = live.body(request.body.bytes.clone()) else {
                continue;
            };
            match (player.play(&live), interaction.response()) {
                (Ok(answer), Some(recorded)) => {
                    assert_eq!(
                        answer.status().as_u16(),
                        recorded.status,
                        "{} {at}",
                        path.display()
                    );
                    played += 1;
                }
                (Err(_), None) => failed += 1,
                (Ok(_), None) => panic!("{} {at}: answered", path.display()),
                (Err(cause), Some(_)) => panic!("{} {at}: {cause}", path.display()),
            }
        }
    }
    println!("{played} played, {failed} that failed when they were recorded");
    assert!(played > 500, "{played}");
}
