//! Cassettes of Ruby VCR, vcrpy, Betamax, go-vcr, OkReplay and php-vcr: recordings of other people, where they
//! lie beside the crate, and fixtures of our own in every dialect.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a step that fails here fails the test, and what was read is told"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use gdata_auth::cassette::{Limits, Reading, Severity, format::Format, load};

/// A folder beside the crate, or one line that says what is missing.
fn recordings() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recordings");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no recordings beside the crate");
    None
}

/// The folders, and the format that all their files are of.
const FOLDERS: &[(&str, Format, usize)] = &[
    ("picasa-vcr", Format::RubyVcr, 19),
    ("picasa-vcr-clientlogin", Format::RubyVcr, 2),
    ("youtube_it-vcr-clientlogin", Format::RubyVcr, 22),
    ("gspread-betamax-json", Format::Betamax, 20),
    ("gcsfs-vcrpy-oauth2", Format::Vcrpy, 13),
    ("vcrpy-dialects", Format::Vcrpy, 7),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn in_folder(folder: &Path) -> Vec<(PathBuf, Reading)> {
    let mut found = Vec::new();
    files(folder, &mut found);
    found
        .into_iter()
        .map(|path| {
            let reading = load(&path, &Limits::default())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path, reading)
        })
        .collect()
}

#[test]
fn every_recording_is_read_whole() {
    let Some(root) = recordings() else { return };
    for (folder, expected, count) in FOLDERS {
        let readings = in_folder(&root.join(folder));
        let mut interactions = 0;
        let mut notes: BTreeMap<String, usize> = BTreeMap::new();
        for (path, reading) in &readings {
            assert_eq!(reading.format, *expected, "{}", path.display());
            for problem in &reading.problems {
                assert_eq!(problem.severity, Severity::Note, "{problem}");
                *notes
                    .entry(format!("{}: {}", problem.field, problem.message))
                    .or_default() += 1;
            }
            interactions += reading.cassette.interactions.len();
        }
        println!(
            "{folder}: {} files, {interactions} interactions",
            readings.len()
        );
        for (note, times) in notes {
            println!("    {times} x {note}");
        }
        assert_eq!(readings.len(), *count, "{folder}");
    }
}

#[test]
fn repeated_cookies_are_kept_apart() {
    let Some(root) = recordings() else { return };
    let mut repeated = BTreeMap::new();
    for (folder, ..) in FOLDERS {
        for (_, reading) in in_folder(&root.join(folder)) {
            for interaction in &reading.cassette.interactions {
                let headers = &interaction.response().unwrap().headers;
                if headers.all("set-cookie").count() > 1 {
                    *repeated.entry(*folder).or_insert(0) += 1;
                }
            }
        }
    }
    println!("answers that set more than one cookie: {repeated:?}");
    // Counted by PyYAML too: lists of more than one item under Set-Cookie, in any case, plain or binary.
    assert_eq!(repeated, BTreeMap::from([("picasa-vcr", 35)]));
}

#[test]
fn bodies_that_say_gzip_inflate_and_none_is_still_base64() {
    let Some(root) = recordings() else { return };
    let mut inflated = BTreeMap::new();
    let (mut bodies, mut packed) = (0, 0);
    for (folder, ..) in FOLDERS {
        for (path, reading) in in_folder(&root.join(folder)) {
            for interaction in &reading.cassette.interactions {
                let response = interaction.response().unwrap();
                let plain = response
                    .body
                    .plain(&response.headers, &Limits::default())
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                if plain.len() != response.body.bytes.len() {
                    *inflated.entry(*folder).or_insert(0) += 1;
                }
                bodies += usize::from(!plain.is_empty());
                for body in [plain.as_ref(), &interaction.request.body.bytes] {
                    let expected = path.ends_with(ONE_LETTER.0) && body == ONE_LETTER.1;
                    packed += usize::from(is_base64(body) && !expected);
                }
            }
        }
    }
    println!("{bodies} bodies, {packed} of them base64; inflated: {inflated:?}");
    assert_eq!(packed, 0);
    // Counted by PyYAML too: bodies that begin with the mark of gzip.
    assert_eq!(
        inflated,
        BTreeMap::from([
            ("gcsfs-vcrpy-oauth2", 14),
            ("picasa-vcr", 25),
            ("picasa-vcr-clientlogin", 2),
            ("vcrpy-dialects", 2),
        ])
    );
}

/// A file of one letter, which its test wrote: letters of base64, and no base64.
const ONE_LETTER: (&str, &[u8]) = ("test_map_array.yaml", &[b'A'; 1000]);

/// Long, of the letters of base64 alone, and of markup or text once undone.
fn is_base64(body: &[u8]) -> bool {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let packed: Vec<u8> = body
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    packed.len() >= 24 && STANDARD.decode(packed).is_ok()
}
