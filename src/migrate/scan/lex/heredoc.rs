//! Texts that end with a word: `<<<EOT` of PHP, `<<EOT` of the shell, of Perl and of Ruby.

/// A text that was announced and begins with the next line.
pub(super) struct Pending {
    word: String,
    /// The word may be indented.
    indented: bool,
}

/// The longest word.
const WORD: usize = 64;

/// A heredoc of PHP announced at `at`: where its announcement ends.
pub(super) fn php(text: &str, at: usize) -> Option<(usize, Pending)> {
    let rest = text[at..].strip_prefix("<<<")?;
    let quoted = rest.trim_start_matches([' ', '\t']);
    let (word, quote) = unquoted(quoted);
    let skipped = 3 + rest.len() - word.len();
    announced(word, at + skipped, quote, true)
}

/// A heredoc of the shell, of Perl or of Ruby.
pub(super) fn shell(text: &str, at: usize) -> Option<(usize, Pending)> {
    let rest = text[at..]
        .strip_prefix("<<")
        .filter(|rest| !rest.starts_with('<'))?;
    let after = rest.strip_prefix(['-', '~']);
    let (word, quote) = unquoted(after.unwrap_or(rest));
    // `1 << BITS` is arithmetic and `@list << Name` adds.
    let capital = word.starts_with(|first: char| first.is_ascii_uppercase() || first == '_');
    if quote.is_none() && !capital {
        return None;
    }
    let skipped = 2 + rest.len() - word.len();
    announced(word, at + skipped, quote, after.is_some())
}

/// The word without the quote before it, and that quote.
fn unquoted(word: &str) -> (&str, Option<char>) {
    match word.chars().next() {
        Some(quote @ ('\'' | '"')) => (&word[1..], Some(quote)),
        _ => (word, None),
    }
}

fn announced(
    word: &str,
    at: usize,
    quote: Option<char>,
    indented: bool,
) -> Option<(usize, Pending)> {
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let length = word.find(|c| !name(c)).unwrap_or(word.len());
    if length == 0 || length > WORD {
        return None;
    }
    // The quote behind the word belongs to it: left alone it would open a string over everything up to the next one.
    let closed = quote.is_some_and(|quote| word[length..].starts_with(quote));
    let (end, word) = (at + length + usize::from(closed), word[..length].to_owned());
    Some((end, Pending { word, indented }))
}

/// One past the bodies of all that were announced, which begin at `at`.
pub(super) fn body(text: &str, mut at: usize, end: usize, pending: &mut Vec<Pending>) -> usize {
    for heredoc in pending.drain(..) {
        loop {
            if at >= end {
                return end;
            }
            let rest = &text[at..end];
            let length = rest.find('\n').map_or(rest.len(), |length| length + 1);
            let line = rest[..length].trim_end();
            let line = if heredoc.indented {
                line.trim_start()
            } else {
                line
            };
            let behind = line.strip_prefix(heredoc.word.as_str());
            // PHP lets an operator follow the word.
            if behind.is_some_and(|behind| {
                !behind.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            }) {
                at += line_start(rest, &heredoc.word);
                break;
            }
            at += length;
        }
    }
    at
}

/// One past the closing word in its line.
fn line_start(rest: &str, word: &str) -> usize {
    rest.find(word).map_or(rest.len(), |at| at + word.len())
}
