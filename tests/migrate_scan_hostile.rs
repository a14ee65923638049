//! The scanner on what no one should have in a tree: it says so, and goes on.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

use std::{fs, path::PathBuf};

use gdata_auth::{
    Kind,
    migrate::scan::{Baseline, Language, Report, Scan, Why, lex, text},
};
use proptest::prelude::*;

const CALL: &str = "url = 'https://www.google.com/accounts/AuthSubRequest'\n";

const LANGUAGES: &[Language] = &[
    Language::Python,
    Language::Php,
    Language::Java,
    Language::CSharp,
    Language::Ruby,
    Language::Perl,
    Language::JavaScript,
    Language::CoffeeScript,
    Language::C,
    Language::Go,
    Language::Shell,
    Language::Elisp,
    Language::Haskell,
    Language::Html,
    Language::Xml,
    Language::Json,
    Language::Yaml,
    Language::Ini,
    Language::VisualBasic,
    Language::Pascal,
    Language::Groovy,
    Language::PowerShell,
    Language::Rust,
    Language::Prose,
    Language::Unknown,
    Language::Dependencies,
];

/// A folder of this name with these files.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn scan(folder: PathBuf) -> Report {
    Scan::new().run(&[folder], |_, _| {}).unwrap()
}

fn lines(report: &Report) -> Vec<(&str, usize)> {
    let found = report.findings.iter();
    found
        .map(|finding| (finding.file.rsplit('/').next().unwrap(), finding.line))
        .collect()
}

fn wide(text: &str, mark: bool, big: bool) -> Vec<u8> {
    let units = mark
        .then_some(0xFEFF)
        .into_iter()
        .chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn reads_every_encoding_and_names_it() {
    let text = format!("# Gezeiten\n# \u{e9}t\u{e9}\n{CALL}");
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let report = scan(folder(
        "scan-encodings",
        &[
            ("a.py", text.as_bytes()),
            ("b.py", &latin),
            ("c.py", &wide(&text, true, false)),
            ("d.py", &wide(&text, true, true)),
            ("e.py", &wide(&text, false, false)),
            ("f.py", format!("\u{feff}{text}").as_bytes()),
        ],
    ));
    assert_eq!(
        lines(&report),
        [
            ("a.py", 3),
            ("b.py", 3),
            ("c.py", 3),
            ("d.py", 3),
            ("e.py", 3),
            ("f.py", 3)
        ]
    );
    assert_eq!(report.skipped_counts[&Why::Latin1], 1);
    assert_eq!(report.skipped_counts[&Why::Utf16], 3);
    assert!(!report.any_trouble());
}

#[test]
fn leaves_binaries_alone_and_says_so() {
    let mut object = b"\x7fELF\x02\x01\x01\0\0\0".to_vec();
    object.extend(CALL.as_bytes());
    let report = scan(folder(
        "scan-binary",
        &[("a.o", &object), ("empty.py", b""), ("one.py", b"A")],
    ));
    assert_eq!((report.findings.len(), report.files), (0, 2));
    assert_eq!(report.skipped[0].why, Why::Binary);
    assert!(report.skipped[0].file.ends_with("a.o"));
}

#[test]
fn reads_large_files_in_windows_with_the_right_lines() {
    let filler = "x = 'nothing to see here, only a line among many others'\n";
    let count = 20 * 1024 * 1024 / filler.len();
    let mut large = filler.repeat(count);
    large.push_str(CALL);
    large.push_str(&filler.repeat(10));
    large.insert_str(0, CALL);
    let flat = format!(
        "var a={};var u='https://www.google.com/accounts/AuthSubRequest';",
        "1+".repeat(9 * 1024 * 1024) + "1"
    );
    let report = scan(folder(
        "scan-large",
        &[("a.py", large.as_bytes()), ("b.min.js", flat.as_bytes())],
    ));
    assert_eq!(
        lines(&report),
        [("a.py", 1), ("a.py", count + 2), ("b.min.js", 1)]
    );
    assert_eq!(report.skipped_counts[&Why::Windows], 2);
    assert!(
        report
            .findings
            .iter()
            .all(|finding| finding.excerpt.len() < 600)
    );
}

#[test]
fn finds_what_lies_across_two_pieces_once() {
    for shift in 0..40 {
        let mut text = "#".repeat(256 * 1024 - 60 + shift);
        text.push('\n');
        text.push_str(CALL);
        text.push_str(&"# tail\n".repeat(60_000));
        let report = scan(folder("scan-pieces", &[("a.py", text.as_bytes())]));
        assert_eq!(lines(&report), [("a.py", 2)], "{shift}");
    }
}

#[test]
fn a_minified_line_has_a_column_and_a_short_excerpt() {
    let source = format!(
        "{}var u=\"https://www.google.com/accounts/AuthSubRequest\";{}",
        "a();".repeat(50_000),
        "b();".repeat(50_000)
    );
    let found = text("a.min.js", &source);
    assert_eq!((found.len(), found[0].line), (1, 1));
    assert!(
        (200_000..200_100).contains(&found[0].column),
        "{}",
        found[0].column
    );
    assert!(
        found[0].excerpt.contains("AuthSubRequest") && found[0].excerpt.chars().count() <= 170,
        "{}",
        found[0].excerpt
    );
}

#[test]
fn honours_ignore_files_unless_told_not_to() {
    let place = folder(
        "scan-ignored",
        &[
            (".ignore", b"ignored.py\nvendor/\n"),
            ("ignored.py", CALL.as_bytes()),
            ("vendor/a.py", CALL.as_bytes()),
            (".hidden.py", CALL.as_bytes()),
            (".git/config.py", CALL.as_bytes()),
            ("seen.py", CALL.as_bytes()),
        ],
    );
    let names = |scan: Scan| -> Vec<String> {
        let report = scan.run(std::slice::from_ref(&place), |_, _| {}).unwrap();
        lines(&report)
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect()
    };
    assert_eq!(names(Scan::new()), ["seen.py"]);
    assert_eq!(
        names(Scan::new().no_ignore(true)),
        ["ignored.py", "seen.py", "a.py"]
    );
    assert_eq!(
        names(Scan::new().no_ignore(true).hidden(true)),
        [".hidden.py", "ignored.py", "seen.py", "a.py"]
    );
    assert_eq!(names(Scan::new().threads(1)), ["seen.py"]);
}

#[cfg(unix)]
#[test]
fn goes_in_no_circle_and_names_what_it_cannot_read() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let place = folder(
        "scan-links",
        &[("a/a.py", CALL.as_bytes()), ("b.py", CALL.as_bytes())],
    );
    symlink(&place, place.join("a/loop")).unwrap();
    symlink("nowhere", place.join("dangling.py")).unwrap();
    symlink("b.py", place.join("again.py")).unwrap();
    fs::set_permissions(place.join("b.py"), fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::read(place.join("b.py")).is_ok();
    let report = scan(place.clone());
    fs::set_permissions(place.join("b.py"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(report.skipped_counts[&Why::Link], 3);
    // Root reads everything.
    if readable {
        assert_eq!(lines(&report), [("a.py", 1), ("b.py", 1)]);
    } else {
        assert_eq!(lines(&report), [("a.py", 1)]);
        assert!(report.any_trouble());
        assert!(
            report
                .skipped
                .iter()
                .any(|skipped| skipped.file.ends_with("b.py") && skipped.why == Why::Unreadable)
        );
    }
}

#[test]
fn refuses_no_path_and_a_path_to_nothing() {
    for paths in [
        vec![],
        vec![PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("scan-nothing-here")],
    ] {
        let error = Scan::new().run(&paths, |_, _| {}).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
    }
}

#[test]
fn refuses_a_damaged_baseline() {
    for (text, problem) in [
        ("", "expected a file of --write-baseline"),
        ("[]", "expected a file of --write-baseline"),
        (
            "{\"version\":2,\"findings\":[]}",
            "expected version 1, got 2",
        ),
        (
            "{\"version\":1,\"findings\":[{\"fingerprint\":1}]}",
            "expected a file of --write-baseline",
        ),
    ] {
        let error = Baseline::parse(text).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
    assert!(
        Baseline::parse("{\"version\":1,\"findings\":[]}")
            .unwrap()
            .is_empty()
    );
}

#[test]
fn bounds_the_findings_of_one_file() {
    let report = scan(folder(
        "scan-many",
        &[("a.py", CALL.repeat(3_000).as_bytes())],
    ));
    assert_eq!((report.findings.len(), report.left_out), (2_000, 1_000));
    assert!(report.any_open());
}

#[test]
fn a_lexer_in_trouble_is_linear() {
    for piece in [
        "\"", "'", "/*", "<<EOT\n", "<?php ", "<%", "q{", "%q(", "'''", "R\"(", "\\", "=pod\n",
        "<script>", "{-", "/", "[(",
    ] {
        let text = piece.repeat(40_000);
        for language in LANGUAGES {
            let tokens = lex::tokens(*language, &text);
            assert_eq!(
                tokens.last().map(|token| token.end),
                Some(text.len()),
                "{piece} {language:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn tokens_cover_any_text_without_a_gap(
        text in "[a-z\"'`#/*<>?%=\\\\\\n\\[\\](){}$@+.;:_ éAuthSubq-]{0,200}",
        at in 0..LANGUAGES.len(),
    ) {
        let mut end = 0;
        for token in lex::tokens(LANGUAGES[at], &text) {
            prop_assert_eq!(token.start, end);
            prop_assert!(token.end > token.start && text.is_char_boundary(token.end));
            prop_assert!(usize::from(token.open) + usize::from(token.close) <= token.end - token.start);
            end = token.end;
        }
        prop_assert_eq!(end, text.len());
    }

    #[test]
    fn no_text_makes_the_scanner_panic(
        before in "[\"'`#/<>?%=\\\\\\n (){}é€]{0,40}",
        after in "[\"'`#/<>?%=\\\\\\n (){}é€]{0,40}",
        ending in "(py|php|java|cs|rb|pl|js|html|jsp|aspx|c|m|sh|el|xml|yml|ini|txt|zzz)",
    ) {
        let source = format!("{before}https://www.google.com/accounts/ClientLogin?Passwd={after}&service=cl AuthSub token={before}gdata.auth");
        for finding in text(&format!("x.{ending}"), &source) {
            prop_assert!(finding.line >= 1 && finding.column >= 1);
            prop_assert!(finding.line <= source.lines().count().max(1) + 1);
        }
    }
}
