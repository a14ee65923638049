//! What a definition of Lisp says of itself: a string that is neither its value nor an argument.

use super::{Kind, Token};

/// Words that define a name and its value, behind which a string documents.
const VALUES: &[&str] = &["(defvar", "(defconst", "(defcustom"];
/// The beginnings of words that define what has a body.
const BODIES: &[&str] = &["(def", "(cl-def", "(ns"];

/// Whether the string `text[at..to]` is documentation; `code` is where the code before it begins, after `tokens`.
///
/// It has to begin its line, behind the head of a definition, and is not its last form, which would be its value.
pub(super) fn documents(text: &str, code: usize, at: usize, to: usize, tokens: &[Token]) -> bool {
    let before = &text[code..at];
    if !before.trim_end_matches([' ', '\t']).ends_with('\n') {
        return false;
    }
    let before = before.trim_end();
    if before.is_empty() {
        // `(defvar name "value"` comes before, and then this may be last.
        let mut tokens = tokens.iter().rev();
        let value = tokens.next().is_some_and(|token| token.kind == Kind::Str);
        let head = tokens
            .next()
            .map(|token| text[token.start..token.end].trim_end());
        return value && head.is_some_and(|head| defines(head, VALUES));
    }
    let mut rest = text.as_bytes()[to..].iter();
    let next = rest.find(|byte| !byte.is_ascii_whitespace());
    if next.is_none_or(|byte| *byte == b')') {
        return false;
    }
    let arguments = before
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('));
    let head = arguments.map_or(before, |(head, _)| head.trim_end());
    defines(head, BODIES)
}

/// Whether a text ends with a word that begins like one of these, and a name.
fn defines(text: &str, starts: &[&str]) -> bool {
    let mut words = text
        .rsplit(char::is_whitespace)
        .filter(|word| !word.is_empty());
    let _name = words.next();
    let word = words.next();
    word.is_some_and(|word| starts.iter().any(|start| word.starts_with(start)))
}
