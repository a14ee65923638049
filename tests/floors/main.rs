//! Who may import whom: reads `src/` and refuses an import that goes up (`docs/architecture.md`).
//!
//! Every `crate::…` path counts, in a `use`, in a group of one over several lines, or in the middle
//! of a function. Comments, strings and `#[cfg(test)]` items do not. `super::…` stays inside a
//! directory by custom and is not followed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

use crate::reader::{code, imports, words};

mod reader;

/// Module, floor, and step within the floor: an import goes to a lower floor or to a lower step.
const FLOORS: &[(&str, u8, u8)] = &[
    ("error", 0, 0),
    ("secret", 0, 0),
    ("time", 0, 1),
    ("wire", 0, 2),
    ("crypto", 1, 0),
    ("exchange", 2, 0),
    ("scope", 2, 0),
    ("gdata", 2, 1),
    ("scheme", 2, 2),
    ("system", 3, 0),
    ("transport", 3, 0),
    // Leases run out, so it has to know the clock.
    ("store", 3, 1),
    // It puts a Transport on a socket, so it has to know the trait.
    ("serve", 3, 1),
    ("trace", 3, 2),
    ("trace_off", 3, 2),
    ("cassette", 4, 0),
    ("client", 4, 0),
    ("emulator", 4, 0),
    // It waits for what the client does.
    ("blocking", 4, 1),
    ("gateway", 5, 0),
    ("migrate", 5, 0),
    ("cli", 6, 0),
    ("main", 6, 1),
];

/// What would make `lib.rs` more than an index.
const LOGIC: &[&str] = &["fn", "impl", "struct", "enum", "trait", "macro_rules"];

#[test]
fn no_import_goes_up() {
    let mut files = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        "",
        &mut files,
    );
    let paths: usize = files.iter().map(|(_, source)| imports(source).len()).sum();
    assert!(
        files.len() > 10 && paths > 10,
        "the reader has lost the sources"
    );
    let problems: Vec<String> = files
        .iter()
        .flat_map(|(name, source)| problems(name, source))
        .collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn refuses_what_goes_up() {
    for (file, source, problem) in [
        (
            "wire/lines.rs",
            "use crate::client::Client;",
            "src/wire/lines.rs: crate::client::Client goes from floor 0.2 to 4.0",
        ),
        (
            "wire/mod.rs",
            "use crate::{\n    error::{Error, Kind},\n    transport::{\n        self as port,\n        reqwest::{Reqwest},\n    },\n};",
            "src/wire/mod.rs: crate::transport::self goes from floor 0.2 to 3.0\n\
             src/wire/mod.rs: crate::transport::reqwest::Reqwest goes from floor 0.2 to 3.0",
        ),
        (
            "exchange.rs",
            "fn f<'a>(x: &'a str) -> char { if x == \"\\\"\" { '\"' } else { crate :: cli::run('\\'') } }",
            "src/exchange.rs: crate::cli::run goes from floor 2.0 to 6.0",
        ),
        (
            "client/mod.rs",
            "pub use crate::emulator::*;",
            "src/client/mod.rs: crate::emulator::* goes from floor 4.0 to 4.0",
        ),
        (
            "transport/mod.rs",
            "use crate::serve::Server;",
            "src/transport/mod.rs: crate::serve::Server goes from floor 3.0 to 3.1",
        ),
        (
            "scheme/oauth1/sign.rs",
            "use crate::scheme::{oauth1::Consumer, oauth2::Token, AuthScheme};",
            "src/scheme/oauth1/sign.rs: crate::scheme::oauth2::Token is another protocol",
        ),
        (
            "client/mod.rs",
            "use crate::{Error, util::x};",
            "src/client/mod.rs: crate::Error names no listed module\n\
             src/client/mod.rs: crate::util::x names no listed module",
        ),
        ("util.rs", "", "src/util.rs: module util is on no floor"),
        (
            "lib.rs",
            "pub mod time;\npub fn now() {}",
            "src/lib.rs: expected an index, got fn",
        ),
        (
            "lib.rs",
            "mod time;\npub(crate) mod helper;",
            "src/lib.rs: module helper is on no floor",
        ),
    ] {
        assert_eq!(problems(file, source).join("\n"), problem);
    }
}

#[test]
fn passes_what_goes_down_or_does_not_count() {
    for (file, source) in [
        (
            "wire/mod.rs",
            "use crate::{error::Error, time::Stamp, wire::query};",
        ),
        (
            "serve/answer.rs",
            "pub(crate) use crate::transport::Transport;",
        ),
        (
            "scheme/mod.rs",
            "use crate::scheme::{oauth1::Consumer, oauth2::Token};",
        ),
        (
            "scheme/oauth1.rs",
            "use crate::scheme::{AuthScheme, oauth1::Consumer};",
        ),
        (
            "cli/mod.rs",
            "use crate::{client::Client, emulator::Emulator, migrate, gateway};",
        ),
        (
            "lib.rs",
            "//! fn\n/// impl\npub mod time;\npub use crate::error::Error;",
        ),
        (
            "time.rs",
            "/// See [`Client`](crate::client::Client).\nconst A: u8 = 0; // crate::cli::x",
        ),
        (
            "time.rs",
            "/* crate::cli::x /* crate::cli::y */ crate::cli::z */ const A: u8 = 0;",
        ),
        (
            "time.rs",
            "const A: &str = \"crate::cli::x\"; const B: &str = r#\"\"crate::cli::y\"#;",
        ),
        (
            "time.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::client::Client;\n    fn f() {}\n}\n",
        ),
        (
            "time.rs",
            "#[cfg(test)]\nuse crate::client::Client;\nconst A: u8 = 0;",
        ),
    ] {
        assert_eq!(problems(file, source), Vec::<String>::new(), "{source}");
    }
}

/// What is wrong with the file `name`, a path below `src/`.
fn problems(name: &str, source: &str) -> Vec<String> {
    let module: Vec<&str> = name
        .trim_end_matches(".rs")
        .trim_end_matches("/mod")
        .split('/')
        .collect();
    let complaints = if module == ["lib"] {
        index(source)
    } else {
        match floor(module[0]) {
            None => vec![format!("module {} is on no floor", module[0])],
            Some(own) => imports(source)
                .iter()
                .filter_map(|path| complaint(&module, own, path))
                .collect(),
        }
    };
    complaints
        .into_iter()
        .map(|complaint| format!("src/{name}: {complaint}"))
        .collect()
}

fn complaint(module: &[&str], own: (u8, u8), path: &[String]) -> Option<String> {
    let shown = path.join("::");
    let Some(target) = floor(&path[0]) else {
        return Some(format!("crate::{shown} names no listed module"));
    };
    if module[0] == path[0] {
        let (Some(ours), Some(theirs)) = (module.get(1), path.get(1)) else {
            return None;
        };
        // A name in capitals is an item of scheme/mod.rs, not a protocol.
        let protocol = theirs.starts_with(|first: char| first.is_ascii_lowercase());
        return (path[0] == "scheme" && protocol && ours != theirs)
            .then(|| format!("crate::{shown} is another protocol"));
    }
    (target >= own).then(|| {
        let ((from, step), (to, above)) = (own, target);
        format!("crate::{shown} goes from floor {from}.{step} to {to}.{above}")
    })
}

/// What is wrong with `lib.rs`.
fn index(source: &str) -> Vec<String> {
    let words = words(&code(source));
    let logic = words
        .iter()
        .filter(|word| LOGIC.contains(&word.as_str()))
        .map(|word| format!("expected an index, got {word}"));
    let unlisted = words
        .windows(2)
        .filter(|pair| pair[0] == "mod" && floor(&pair[1]).is_none())
        .map(|pair| format!("module {} is on no floor", pair[1]));
    logic.chain(unlisted).collect()
}

fn floor(module: &str) -> Option<(u8, u8)> {
    FLOORS
        .iter()
        .find(|(name, ..)| *name == module)
        .map(|&(_, floor, step)| (floor, step))
}

/// Every `.rs` below `directory`, with its path from `src/`.
fn collect(directory: &Path, below: &str, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else if name.ends_with(".rs") {
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}
