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

use gdata_auth::cassette::{
    Limits, Reading, Severity,
    format::{self, Format, Source},
    load,
};

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
