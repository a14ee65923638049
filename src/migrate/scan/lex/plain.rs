//! The lexer of every language that is not a page: one walk, told by a [`Syntax`] what to look for.

use std::cell::Cell;

use super::{
    Kind, Tokens, heredoc, lisp,
    syntax::{Heredocs, Quote, Regexes, Syntax},
};

/// Takes `text[start..end]` apart, up to `stop` outside strings, and returns where it stopped.
pub(super) fn lex(
    text: &str,
    start: usize,
    end: usize,
    syntax: &Syntax,
    stop: Option<&str>,
    out: &mut Tokens,
) -> usize {
    let walk = Walk {
        text,
        bytes: text.as_bytes(),
        end,
        syntax,
        stop,
        vain: Cell::new(4 * (end - start) + VAIN),
    };
    let (mut at, mut code) = (start, start);
    let mut pending = Vec::new();
    while at < end {
        if stop.is_some_and(|stop| walk.is(at, stop)) {
            break;
        }
        let Some((kind, to, open, close)) = walk.special(at, code, &mut pending, out) else {
            at += 1;
            continue;
        };
        if kind != Kind::Code {
            out.push(Kind::Code, code, at);
            out.quoted(kind, at, to, open, close);
            code = to;
        }
        at = to.max(at + 1);
    }
    let at = at.min(end);
    out.push(Kind::Code, code, at);
    at
}

/// Short texts may look ahead as they like.
const VAIN: usize = 64 * 1024;

struct Walk<'t> {
    text: &'t str,
    bytes: &'t [u8],
    end: usize,
    syntax: &'t Syntax,
    stop: Option<&'t str>,
    /// How many bytes may yet be looked at in vain: what keeps the time linear.
    vain: Cell<usize>,
}

/// Kind, end, and the lengths of the quotes.
type Special = Option<(Kind, usize, usize, usize)>;

impl Walk<'_> {
    fn is(&self, at: usize, what: &str) -> bool {
        self.bytes[at..self.end].starts_with(what.as_bytes())
    }

    /// The byte before, a line feed at the beginning.
    fn before(&self, at: usize) -> u8 {
        if at == 0 { b'\n' } else { self.bytes[at - 1] }
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at..self.end]).map_or(self.end, |length| at + length)
    }

    fn find(&self, at: usize, what: &str) -> Option<usize> {
        let at = at.min(self.end);
        memchr::memmem::find(&self.bytes[at..self.end], what.as_bytes()).map(|length| at + length)
    }

    /// What begins at this byte, if it is not plain code.
    fn special(
        &self,
        at: usize,
        code: usize,
        pending: &mut Vec<heredoc::Pending>,
        out: &Tokens,
    ) -> Special {
        let byte = self.bytes[at];
        if byte == b'\n' && !pending.is_empty() {
            let to = heredoc::body(self.text, at + 1, self.end, pending);
            return Some((Kind::Str, to, 0, 0));
        }
        if byte.is_ascii_alphanumeric()
            && !matches!(byte, b'q' | b'm' | b's' | b't' | b'y' | b'R' | b'r' | b'_')
        {
            return None;
        }
        if self.syntax.documents
            && self.before(at) == b'\n'
            && let Some(to) = self.document(at)
        {
            return Some((Kind::Comment, to, 0, 0));
        }
        if byte >= 128 || byte == b' ' {
            return None;
        }
        self.comment(at)
            .or_else(|| self.string(at, code, out))
            .or_else(|| self.regex(at, code))
            .or_else(|| {
                let opened = match self.syntax.heredocs {
                    Heredocs::None => None,
                    Heredocs::Php => heredoc::php(&self.text[..self.end], at),
                    Heredocs::Shell => heredoc::shell(&self.text[..self.end], at),
                };
                let (to, heredoc) = opened?;
                pending.push(heredoc);
                Some((Kind::Code, to, 0, 0))
            })
    }

    /// Documentation between the lines of a program.
    fn document(&self, at: usize) -> Option<usize> {
        let ends = ["__END__", "__DATA__"];
        if ends.iter().any(|word| self.is(at, word)) {
            return Some(self.end);
        }
        if self.bytes[at] != b'=' || !self.bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) {
            return None;
        }
        let over = ["\n=cut", "\n=end"];
        let last = over.iter().filter_map(|word| self.find(at, word)).min();
        Some(last.map_or(self.end, |last| self.line_end(last + 1)))
    }

    fn comment(&self, at: usize) -> Special {
        for (open, close) in self.syntax.block {
            if self.is(at, open) {
                let to = self.find(at + open.len(), close);
                return Some((
                    Kind::Comment,
                    to.map_or(self.end, |to| to + close.len()),
                    0,
                    0,
                ));
            }
        }
        let open = self.syntax.line.iter().find(|open| self.is(at, open))?;
        let before = self.before(at);
        let begins = match *open {
            // A number sign, and what else is used for other things, begins a word.
            "#" => {
                let part = before.is_ascii_alphanumeric() || b"$&\\?'\"/:%{=.".contains(&before);
                !(part || self.is(at, "#["))
            }
            ";" if !self.syntax.quotes.iter().any(|quote| quote.long) => self.begins_line(at),
            "!" => self.begins_line(at),
            "//" => before != b':',
            "'" => true,
            _ => true,
        };
        if !begins {
            return None;
        }
        let mut to = self.line_end(at);
        // `?>` ends a comment of one line too.
        if let Some(stop) = self.stop {
            to = self.text[at..to]
                .find(stop)
                .map_or(to, |length| at + length);
        }
        Some((Kind::Comment, to, 0, 0))
    }

    fn waste(&self, length: usize) {
        self.vain.set(self.vain.get().saturating_sub(length));
    }

    fn begins_line(&self, at: usize) -> bool {
        let line = self.bytes[..at]
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n');
        line.take(200).all(u8::is_ascii_whitespace)
    }

    fn string(&self, at: usize, code: usize, out: &Tokens) -> Special {
        if self.syntax.chars && self.bytes[at] == b'\'' {
            return self.character(at).map(|to| (Kind::Code, to, 0, 0));
        }
        // The character `?"` of Lisp.
        let lisp = self.syntax.line == [";"];
        if lisp && (self.text[..at].ends_with("?\\") || self.text[..at].ends_with(" ?")) {
            return None;
        }
        let quote = self
            .syntax
            .quotes
            .iter()
            .find(|quote| self.is(at, quote.open))?;
        if quote.open.starts_with(['R', 'r']) && self.before(at).is_ascii_alphanumeric() {
            return None;
        }
        let body = at + quote.open.len();
        let (to, closed) = self.closing(body, quote);
        let documents =
            self.syntax.docstrings && quote.open.len() == 3 && self.stands_alone(at, code, out)
                || lisp && lisp::documents(&self.text[..self.end], code, at, to, &out.all);
        let kind = match documents {
            true => Kind::Comment,
            false => Kind::Str,
        };
        Some((kind, to, quote.open.len(), closed))
    }

    /// Where a string ends, and how long its closing quote is: 0 where it has none.
    fn closing(&self, mut at: usize, quote: &Quote) -> (usize, usize) {
        let first = quote.close.as_bytes()[0];
        while at < self.end {
            let Some(next) = memchr::memchr3(first, b'\\', b'\n', &self.bytes[at..self.end]) else {
                return (self.end, 0);
            };
            at += next;
            match self.bytes[at] {
                b'\\' if quote.escapes && first != b'\\' => at = (at + 2).min(self.end),
                b'\n' if !quote.long && first != b'\n' => return (at, 0),
                byte if byte == first && self.is(at, quote.close) => {
                    let to = at + quote.close.len();
                    if quote.doubles && self.bytes.get(to) == Some(&first) && to < self.end {
                        at = to + 1;
                        continue;
                    }
                    return (to, quote.close.len());
                }
                _ => at += 1,
            }
        }
        (self.end, 0)
    }

    /// Where a character between two `'` ends; a lone `'` is something else.
    fn character(&self, at: usize) -> Option<usize> {
        let rest = &self.bytes[at + 1..self.end.min(at + 14)];
        let from = match rest.first()? {
            b'\\' => 2,
            b'\'' | b'\n' => return None,
            _ => 1,
        };
        let length = rest.iter().skip(from).position(|byte| *byte == b'\'')?;
        let inside = &rest[..from + length];
        let one = rest[0] == b'\\'
            || std::str::from_utf8(inside).is_ok_and(|text| text.chars().count() <= 2);
        one.then_some(at + 1 + from + length + 1)
    }

    /// Whether nothing uses the string that begins here.
    fn stands_alone(&self, at: usize, code: usize, out: &Tokens) -> bool {
        let before = self.text[code..at]
            .trim_end_matches(['r', 'u', 'b', 'R', 'U', 'B', ' ', '\t', '\r', '\n']);
        match before.chars().next_back() {
            Some(':') => true,
            Some(last) => {
                let line = self.text[code..at]
                    .rfind('\n')
                    .map(|line| &self.text[code + line..at]);
                !"=([{,+%.".contains(last)
                    && !before.ends_with("return")
                    && line.is_some_and(|line| {
                        line.trim_matches(|c: char| c.is_whitespace() || "rubRUB".contains(c))
                            .is_empty()
                    })
            }
            None => out
                .all
                .last()
                .is_none_or(|token| token.kind == Kind::Comment),
        }
    }

    fn regex(&self, at: usize, code: usize) -> Special {
        if self.syntax.regexes == Regexes::None {
            return None;
        }
        let before = self.text[code..at].trim_end_matches([' ', '\t']);
        if self.bytes[at] == b'/' {
            let operand = match before.chars().next_back() {
                None | Some('\n') => code == at || self.syntax.regexes != Regexes::Slashes,
                Some(last) => {
                    "(,=:[!&|?{};~+".contains(last)
                        || ["return", "if", "and", "or", "when", "unless", "split"]
                            .iter()
                            .any(|word| before.ends_with(word))
                }
            };
            return match operand {
                true => self
                    .regex_end(at + 1, b'/')
                    .map(|to| (Kind::Code, to, 0, 0)),
                false => None,
            };
        }
        match self.syntax.regexes {
            Regexes::Perl => self.perl(at),
            Regexes::Ruby => self.ruby(at),
            _ => None,
        }
    }

    /// One past the end of a regular expression, which keeps to its line.
    fn regex_end(&self, mut at: usize, close: u8) -> Option<usize> {
        let (from, mut class) = (at, false);
        let end = self.end.min(at + self.vain.get());
        while at < end {
            match self.bytes[at] {
                b'\n' => break,
                b'\\' => at += 1,
                b'[' if close == b'/' => class = true,
                b']' => class = false,
                byte if byte == close && !class => return Some(at + 1),
                _ => {}
            }
            at += 1;
        }
        self.waste(at - from);
        None
    }

    /// `q(…)`, `qq{…}`, `qw[…]` are strings; `m`, `qr`, `s`, `tr` and `y` are code.
    fn perl(&self, at: usize) -> Special {
        const WORDS: &[(&str, bool, usize)] = &[
            ("qq", true, 1),
            ("qw", true, 1),
            ("qr", false, 1),
            ("q", true, 1),
            ("tr", false, 2),
            ("m", false, 1),
            ("s", false, 2),
            ("y", false, 2),
        ];
        let before = self.before(at);
        if before.is_ascii_alphanumeric() || b"_$@%&>{-".contains(&before) {
            return None;
        }
        let (word, string, parts) = WORDS.iter().find(|(word, ..)| self.is(at, word))?;
        let open = at + word.len();
        let first = *self.bytes.get(open).filter(|_| open < self.end)?;
        if first.is_ascii_alphanumeric()
            || first.is_ascii_whitespace()
            || b"_,;=)>-'".contains(&first)
            || first >= 128
        {
            return None;
        }
        let mut to = self.delimited(open)?;
        if *parts == 2 {
            let paired = close_of(first) != first;
            to = match paired {
                true => self.delimited(to)?,
                false => self.regex_end(to, first)?,
            };
        }
        match string {
            true => Some((Kind::Str, to, word.len() + 1, 1)),
            false => Some((Kind::Code, to, 0, 0)),
        }
    }

    /// `%q(…)`, `%w[…]`, `%(…)`; `%r{…}` too, which as often holds an address.
    fn ruby(&self, at: usize) -> Special {
        if self.bytes[at] != b'%' {
            return None;
        }
        let letter = self
            .bytes
            .get(at + 1)
            .filter(|byte| b"qQwWir".contains(byte));
        let open = at + 1 + usize::from(letter.is_some());
        let first = *self.bytes.get(open).filter(|_| open < self.end)?;
        let plain = letter.is_none() && self.before(at) != b'(' && self.before(at) != b' ';
        if !b"([{<|!".contains(&first) || plain {
            return None;
        }
        let to = self.delimited(open)?;
        Some((Kind::Str, to, open + 1 - at, 1))
    }

    /// One past the delimiter that closes the one at `open`; pairs nest.
    fn delimited(&self, open: usize) -> Option<usize> {
        let first = *self.bytes.get(open)?;
        let close = close_of(first);
        let (mut depth, mut at) = (0_usize, open);
        // Longer ones exist, but a lone letter before a bracket is more often a name.
        let end = self.end.min(open + self.vain.get().min(65_536));
        while at < end {
            let byte = self.bytes[at];
            if byte == b'\\' {
                at += 2;
                continue;
            }
            if byte == first && (close != first || at == open) {
                depth += 1;
            } else if byte == close {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            at += 1;
        }
        self.waste(at - open);
        None
    }
}

fn close_of(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    }
}
