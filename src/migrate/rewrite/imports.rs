//! What a Python program imports from gdata.

use super::lexer::{Kind, Source};

/// The names that imports from gdata bind.
pub(super) fn imported(source: &Source<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for at in 0..source.tokens.len() {
        let from = source.is(at, "from");
        if !(from || source.is(at, "import")) || source.kind(at) != Some(Kind::Name) {
            continue;
        }
        if at > 0 && source.kind(at - 1) != Some(Kind::Line) {
            continue;
        }
        let end = (at..source.tokens.len())
            .find(|at| source.kind(*at) == Some(Kind::Line))
            .unwrap_or(source.tokens.len());
        if (at..end).any(|it| source.is(it, "gdata")) {
            let first = match from {
                true => (at..end).find(|it| source.is(*it, "import")).unwrap_or(end),
                false => at,
            };
            names.extend((first + 1..end).filter_map(|it| source.name(it)));
        }
    }
    names
}
