//! Tokens of any language cover any text without a gap; no text makes the scanner panic.
#![no_main]

use gdata_auth::migrate::scan::{Language, lex::tokens, text};
use libfuzzer_sys::fuzz_target;

const NAMES: &[&str] = &[
    "x.py", "x.php", "x.java", "x.cs", "x.rb", "x.pl", "x.js", "x.coffee", "x.c", "x.m", "x.go", "x.sh", "x.el", "x.hs",
    "x.html", "x.jsp", "x.aspx", "x.xml", "x.json", "x.yml", "x.ini", "x.vb", "x.pas", "x.groovy", "x.ps1", "x.rs", "x.txt", "x",
];

fuzz_target!(|input: (u8, &str)| {
    let (which, source) = input;
    let name = NAMES[usize::from(which) % NAMES.len()];
    let mut end = 0;
    for token in tokens(Language::of(name.as_ref(), source), source) {
        assert_eq!(token.start, end);
        assert!(token.end > token.start && source.is_char_boundary(token.end));
        end = token.end;
    }
    assert_eq!(end, source.len());
    // Evidence makes every rule search.
    let _ = text(name, &format!("{source} gdata.auth www.google.com/accounts/ClientLogin {source}"));
});
