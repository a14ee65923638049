//! Finds what is left of AuthSub, ClientLogin and OAuth 1.0 in a tree of source, and tells what to do about each.
//!
//! ```text
//! walk ─▶ read ─▶ prefilter ─▶ decode ─▶ tokens ─▶ view ─▶ rules ─▶ findings ─▶ Report
//! files   pieces   64 literals            comments   strings  + evidence
//!                  most end here          gone       joined   of the file
//! ```
//!
//! A call site counts beside evidence only: an address of Google's, or one of the libraries. The same words elsewhere
//! (servers for feed readers, Android, pages called clientlogin) are look-alikes (migration.md 1.3).
//!
//! Memory does not grow with the tree: a file is read in pieces, and the report is bounded.

mod apps;
mod arguments;
mod baseline;
mod bounds;
mod calls;
mod evidence;
mod examine;
mod file;
mod finding;
mod harmless;
mod language;
pub mod lex;
mod lines;
mod mask;
mod names;
mod own;
mod prefilter;
mod read;
pub mod report;
mod roots;
mod rules;
mod settle;
mod tally;
mod verdict;
mod view;
mod walk;

pub use self::{
    baseline::Baseline,
    finding::{Finding, Target, Verdict},
    language::Language,
    prefilter::LITERALS,
    rules::{Kind, Rule, check_patterns, rules},
    tally::{Report, Skipped, Why},
    walk::Scan,
};

/// Looks through one text as if it were a file of that name.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::scan::{Verdict, text};
///
/// let found = text("login.php", "<?php $c = Zend_Gdata_ClientLogin::getHttpClient($u, $p, 'cl');");
/// assert_eq!((found[0].rule, found[0].verdict), ("H1", Verdict::Port));
/// ```
#[must_use]
pub fn text(name: &str, text: &str) -> Vec<Finding> {
    let language = Language::of(name.as_ref(), text);
    examine::examine(name, language, text).findings
}
