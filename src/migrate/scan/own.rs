//! Reports of this program, told by what they hold: a scan says nothing about what a scan, a plan or an import wrote.
//!
//! A shape is told only where nothing else has it, so that no source can pass for one: JSON with the first keys of a
//! report in their order, or a page or text with the words that this program puts first.

use super::tally::Why;

/// How much of a file tells.
const HEAD: usize = 32 * 1024;

/// How it begins and what else is near, all of it without white space.
const SHAPES: &[(&str, &[&str])] = &[
    // migrate scan, its baseline, SARIF.
    (
        r#"{"version":1,"findings":[{"file":""#,
        &[r#""verdict":""#, r#""fingerprint":""#],
    ),
    (
        r#"{"version":1,"findings":[{"fingerprint":""#,
        &[r#""count":"#, r#""rule":""#],
    ),
    (
        r#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"automationDetails":{"id":"gdata-authmigratescan/"#,
        &[],
    ),
    // migrate import, plan, report, rewrite, catalogue.
    (
        r#"{"version":1,"credentials":[{"#,
        &[r#""protocol":""#, r#""form":""#],
    ),
    (
        r#"{"version":1,"name":"#,
        &[r#""services":[{"id":""#, r#""certainty":""#],
    ),
    (
        r#"{"version":1,"at":""#,
        &[r#""complete":"#, r#""totals":{"#],
    ),
    (
        r#"{"version":1,"name":"#,
        &[r#""complete":"#, r#""totals":{"#],
    ),
    (
        r#"{"version":1,"written":"#,
        &[r#""files":[{"file":""#, r#""changes":["#],
    ),
    (r#"{"services":[{"id":""#, &[r#""codes":["#, r#""feeds":["#]),
    // Pages and texts.
    (
        r#"<!doctypehtml><htmllang="en">"#,
        &[r#"<pclass="eyebrow">gdata-authmigrate"#],
    ),
    ("LeavingtheoldGooglelogins:", &["OldGoogleAPIsinuse:"]),
    ("#LeavingtheoldGooglelogins:", &["OldGoogleAPIsinuse:"]),
    ("Howfarthemigrationis:", &["Asof"]),
    ("#Howfarthemigrationis:", &["Asof"]),
];

/// Whether a file that begins so is one, and the word for it.
pub(super) fn of(bytes: &[u8]) -> Option<Why> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let bare = || {
        let head = bytes.iter().take(HEAD).copied();
        head.filter(|byte| !byte.is_ascii_whitespace())
    };
    let begins = |begin: &str| bare().take(begin.len()).eq(begin.bytes());
    // Most files begin with something else, and cost no more than that.
    let mut begun = SHAPES.iter().filter(|(begin, _)| begins(begin)).peekable();
    begun.peek()?;
    let head: Vec<u8> = bare().collect();
    let has = |word: &&str| memchr::memmem::find(&head, word.as_bytes()).is_some();
    begun
        .any(|(_, near)| near.iter().all(&has))
        .then_some(Why::OwnReport)
}
