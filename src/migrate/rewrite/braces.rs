//! What Java and C# have in common: statements that end in `;`, blocks in braces, names with types before them.

use super::{
    edits::Edits,
    lexer::{Kind, Source},
};

/// Whether a statement begins at `first`: something that ends one stands before it.
pub(super) fn begins_statement(source: &Source<'_>, first: usize) -> bool {
    first == 0
        || [";", "{", "}"]
            .iter()
            .any(|mark| source.is(first - 1, mark))
}

/// Names the calls of helpers that belong to a consent of an old protocol.
pub(super) fn helpers(source: &Source<'_>, helpers: &[(&str, &str)], edits: &mut Edits) {
    for at in 0..source.tokens.len() {
        let Some((_, protocol)) = helpers.iter().find(|(name, _)| source.is(at, name)) else {
            continue;
        };
        // `AuthSubUtil.exchangeForSessionToken(`, or an instance that is made.
        let called = source.is(at + 1, ".") && source.is(at + 3, "(");
        let made = source.is(at + 1, "(") && at > 0 && source.is(at - 1, "new");
        if (called || made) && edits.has_room(source.line_of(at)) {
            edits.refuse(
                source.line_of(at),
                format!(
                    "it belongs to a consent of {protocol}: move the users by `gdata-auth migrate upgrade`, then take it out \
                     by hand"
                ),
            );
        }
    }
}

/// Where a name gets its value: the token behind `=`, or `None` where it comes from elsewhere.
pub(super) fn assignments(source: &Source<'_>, name: &str) -> Vec<Option<usize>> {
    let plain = name.strip_prefix("this.").unwrap_or(name);
    let mut found = Vec::new();
    for at in 0..source.tokens.len() {
        let Some((first, dotted)) = source.dotted_before(at) else {
            continue;
        };
        if dotted.strip_prefix("this.").unwrap_or(&dotted) != plain || source.is(at + 1, ".") {
            continue;
        }
        let typed =
            first > 0 && (source.kind(first - 1) == Some(Kind::Name) || source.is(first - 1, ">"));
        let word = ["return", "new", "throw", "out", "ref", "await", "in"]
            .iter()
            .any(|word| first > 0 && source.is(first - 1, word));
        if source.is(at + 1, "=") && !source.is(at + 2, "=") {
            found.push(Some(at + 2));
        } else if (typed && !word && [",", ")", ":"].iter().any(|mark| source.is(at + 1, mark)))
            || (first > 0 && (source.is(first - 1, "out") || source.is(first - 1, "ref")))
        {
            found.push(None);
        }
    }
    found
}

/// The class of `new Class(…)` at `at`: its name, the bracket that opens its arguments, and the one that closes them.
pub(super) fn made(source: &Source<'_>, at: usize) -> Option<(String, usize, usize)> {
    if !source.is(at, "new") {
        return None;
    }
    let mut last = at + 1;
    while source.is(last + 1, ".") && source.kind(last + 2) == Some(Kind::Name) {
        last += 2;
    }
    let class = source.name(last)?;
    let open = source.is(last + 1, "(").then_some(last + 1)?;
    Some((class, open, source.closing(open)?))
}

/// The class of what a receiver was made of.
///
/// # Errors
/// Why it cannot be proven.
pub(super) fn class_of(
    source: &Source<'_>,
    receiver: &str,
) -> Result<(String, usize, usize), String> {
    let at = match assignments(source, receiver)[..] {
        [Some(at)] => at,
        [] => {
            return Err(format!(
                "{receiver} is made elsewhere, so what it is cannot be proven"
            ));
        }
        [None] => {
            return Err(format!(
                "{receiver} is given from elsewhere, so what it is cannot be proven"
            ));
        }
        _ => {
            return Err(format!(
                "{receiver} is assigned more than once, so which one this is cannot be proven"
            ));
        }
    };
    let made = made(source, at).filter(|(_, _, close)| source.is(close + 1, ";"));
    made.ok_or_else(|| {
        format!("{receiver} is not made by `new` in this file, so what it is cannot be proven")
    })
}

/// The braces that a token stands in, the innermost first.
pub(super) fn enclosing(source: &Source<'_>, token: usize) -> Vec<usize> {
    let mut closed = 0_usize;
    let mut found = Vec::new();
    for at in (0..token).rev() {
        match source.text(at) {
            b"}" if source.kind(at) == Some(Kind::Mark) => closed += 1,
            b"{" if source.kind(at) == Some(Kind::Mark) => match closed.checked_sub(1) {
                Some(left) => closed = left,
                None => found.push(at),
            },
            _ => {}
        }
    }
    found
}

/// The tokens before an opening brace that belong to it.
pub(super) fn header(source: &Source<'_>, brace: usize) -> (usize, usize) {
    let mut depth = 0_usize;
    for at in (0..brace).rev() {
        match source.text(at) {
            b")" if source.kind(at) == Some(Kind::Mark) => depth += 1,
            b"(" if source.kind(at) == Some(Kind::Mark) => depth = depth.saturating_sub(1),
            b";" | b"{" | b"}" if depth == 0 && source.kind(at) == Some(Kind::Mark) => {
                return (at + 1, brace);
            }
            _ => {}
        }
    }
    (0, brace)
}

/// Whether a dotted name stands somewhere.
pub(super) fn names(source: &Source<'_>, dotted: &[&str]) -> bool {
    (0..source.tokens.len()).any(|at| {
        dotted.iter().enumerate().all(|(step, name)| {
            source.is(at + 2 * step, name) && (step == 0 || source.is(at + 2 * step - 1, "."))
        })
    })
}
