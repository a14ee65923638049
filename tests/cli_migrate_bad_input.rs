//! Bad input to `gdata-auth migrate`, as it lies about: named, skipped where that is safe, and never in silence.
//!
//! Encodings, minified lines, circles of links and damaged stores by themselves are tried in `migrate_scan_hostile.rs` and
//! `migrate_import.rs`; here is what the commands say of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use std::{fs, fs::File, path::Path};

use cli_support::{folder, run};
use serde_json::{Value, json};

const CALL: &str = "url = \"https://www.google.com/accounts/ClientLogin\"\n";

/// A folder with these files.
fn tree(name: &str, files: &[(&str, &[u8])]) -> String {
    let root = folder(name);
    fs::create_dir(&root).unwrap();
    for (name, bytes) in files {
        fs::write(format!("{root}/{name}"), bytes).unwrap();
    }
    root
}

/// A file of 2 GiB and a few bytes, which takes no room: `begin`, then zeros.
fn sparse(path: &str, begin: &[u8]) {
    fs::write(path, begin).unwrap();
    let file = File::options().write(true).open(path).unwrap();
    file.set_len((2 << 30) + 17).unwrap();
}

fn utf32(text: &str, unit: fn(u32) -> [u8; 4]) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    marked.chars().flat_map(|c| unit(u32::from(c))).collect()
}

#[test]
fn a_source_that_is_no_text_is_named_and_proves_nothing() {
    let root = tree(
        "bad-binary",
        &[("picture.bin", b"\x01\0\x02\0\0\0\0\0\0\0\0\0")],
    );
    sparse(&format!("{root}/big.py"), CALL.as_bytes());
    let (code, out, told) = run(&["migrate", "scan", &root]);
    assert_eq!(code, 2, "{out}{told}");
    assert!(out.contains("in 0 files that were read"), "{out}");
    assert!(
        out.contains("big.py: a source by its name and no text, not read"),
        "{out}"
    );
    assert!(out.contains("1  file: binary, not read"), "{out}");
    assert!(
        told.contains("no file was read: nothing found is no proof"),
        "{told}"
    );
    // A plan out of such a folder would look like one with nothing to do.
    let (code, _, told) = run(&["migrate", "plan", &root]);
    assert_eq!(code, 2, "{told}");
    assert!(
        told.contains("expected source that can be read, got no such file"),
        "{told}"
    );

    fs::write(format!("{root}/good.py"), CALL).unwrap();
    let (code, out, _) = run(&["migrate", "scan", &root, "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["summary"]["files"]), (1, &json!(1)));
    let skipped = report["skipped"].as_array().unwrap();
    let whys: Vec<&str> = skipped
        .iter()
        .map(|one| one["why"].as_str().unwrap())
        .collect();
    assert_eq!(whys, ["no-text", "binary"]);

    // The same size as a token store: without a beginning that is known, and with one.
    let (code, _, told) = run(&["migrate", "import", &format!("{root}/big.py")]);
    assert_eq!(code, 0);
    assert!(
        told.contains("big.py: nothing in it is a credential that is known here"),
        "{told}"
    );
    let store = format!("{root}/big.json");
    let begin = format!(
        "{{\"refresh_token\":\"1//secret\",\"x\":\"{}",
        "a".repeat(1 << 20)
    );
    sparse(&store, begin.as_bytes());
    let (code, out, told) = run(&["migrate", "import", &store]);
    assert_eq!((code, out.as_str()), (2, ""), "{told}");
    assert!(
        told.contains("problem: ") && told.contains("big.json"),
        "{told}"
    );
    assert!(!told.contains("secret"), "{told}");
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn encodings_that_few_have_are_decoded_or_named() {
    let shift_jis = [CALL.as_bytes(), b"# \x93\xfa\x96\x7b\x8c\xea\n"].concat();
    let root = tree(
        "bad-encodings",
        &[
            ("little.py", &utf32(CALL, u32::to_le_bytes)),
            ("big.py", &utf32(CALL, u32::to_be_bytes)),
            ("japan.py", &shift_jis),
        ],
    );
    let (code, out, told) = run(&["migrate", "scan", &root, "--format", "json"]);
    assert_eq!(code, 1, "{told}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let files: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["file"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(files, ["big.py", "japan.py", "little.py"]);
    let skipped = report["skipped"].as_array().unwrap();
    let mut whys: Vec<&str> = skipped
        .iter()
        .map(|one| one["why"].as_str().unwrap())
        .collect();
    whys.sort_unstable();
    assert_eq!(whys, ["latin1", "utf32", "utf32"]);

    let store = utf32(
        "{\"refresh_token\":\"1//secret\",\"client_id\":\"a\"}",
        u32::to_le_bytes,
    );
    let root = tree("bad-encodings-store", &[("token.json", &store)]);
    let (code, _, told) = run(&["migrate", "import", &root]);
    assert_eq!(code, 2, "{told}");
    assert!(
        told.contains("token.json") && told.contains("iconv -f UTF-32 -t UTF-8"),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_of_stores_are_named_and_followed_when_they_are() {
    let token =
        br#"{"token":"ya29.x","refresh_token":"1//r","client_id":"app","client_secret":"s"}"#;
    let other = tree(
        "bad-links-other",
        &[("token.json", token), ("code.py", b"import gdata\n")],
    );
    let root = tree("bad-links", &[("own.json", token)]);
    let link =
        |to: &str, name: &str| std::os::unix::fs::symlink(to, format!("{root}/{name}")).unwrap();
    link(&format!("{other}/token.json"), "away.json");
    link(&format!("{other}/code.py"), "away.py");
    link(".", "circle");
    link("nowhere", "dangling");
    let (code, out, told) = run(&["migrate", "import", "--json", &root]);
    let inventory: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &inventory["summary"]["credentials"]), (0, &json!(1)));
    for name in ["away.json", "away.py", "circle", "dangling"] {
        let words = format!("/{name}: a symbolic link, not followed; name it to have it read\n");
        assert!(told.contains(&words), "{told}");
    }
    assert!(!told.contains("own.json: a symbolic"), "{told}");
    let (code, out, _) = run(&["migrate", "import", &format!("{root}/away.json")]);
    assert_eq!(code, 0);
    assert!(out.contains("away.json"), "{out}");
    // Code that may have to be changed as well; of what is no code nothing is said.
    let (_, _, told) = run(&["migrate", "rewrite", &root]);
    assert!(
        told.contains("/away.py: a symbolic link, not followed"),
        "{told}"
    );
    assert!(!told.contains("circle"), "{told}");
}

fn storage(user: &str, token: &str) -> String {
    json!({"_class": "OAuth2Credentials", "client_id": "app", "client_secret": "s", "refresh_token": token,
           "token_uri": "https://oauth2.googleapis.com/token", "scopes": ["email"], "id_token": {"email": user}})
    .to_string()
}

/// The file of an account.
fn file_of(store: &str, account: &str) -> String {
    let files = fs::read_dir(store)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut grants = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let found = grants.find(|path| fs::read_to_string(path).unwrap().contains(account));
    found.unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_store_that_was_half_imported_takes_the_rest_the_second_time() {
    let users = ["ann@example.com", "ben@example.org", "cleo@example.net"];
    let stores = tree("bad-half", &[]);
    for (number, user) in users.iter().enumerate() {
        fs::write(
            format!("{stores}/{number}.json"),
            storage(user, &format!("1//{number}")),
        )
        .unwrap();
    }
    let kept = folder("bad-half-kept");
    let import = |more: &[&str]| {
        let words = [
            "migrate",
            "import",
            "--into-store",
            &stores,
            "--store",
            &kept,
        ];
        run(&[&words[..], more].concat())
    };
    let (code, _, told) = import(&[]);
    assert_eq!(code, 0, "{told}");

    // One grant was torn by a crash, one never came, one is there.
    let torn = file_of(&kept, users[0]);
    let half = fs::read(&torn).unwrap();
    fs::write(&torn, &half[..half.len() / 2]).unwrap();
    fs::remove_file(file_of(&kept, users[1])).unwrap();
    let (code, _, told) = import(&[]);
    assert_eq!(code, 1, "{told}");
    for words in [
        "number 1 was not kept: ",
        &torn,
        "or --replace puts this one in its place",
        "kept: ben@example.org at https://accounts.google.com",
        "accounts kept: 1, there already: 1;",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("1//"), "{told}");
    assert_eq!(fs::read(&torn).unwrap(), &half[..half.len() / 2]);

    let (code, _, told) = import(&["--replace"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("kept: ann@example.com"), "{told}");
    let (code, out, told) = run(&["accounts", "--json", "--store", &kept]);
    assert_eq!(code, 0, "{told}");
    let accounts: Value = serde_json::from_str(&out).unwrap();
    let names: Vec<&str> = accounts
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["account"].as_str().unwrap())
        .collect();
    assert_eq!(names, users);
    assert!(Path::new(&torn).exists());
}
