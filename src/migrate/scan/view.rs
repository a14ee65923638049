//! The text as the machine sees it: no comments, and strings that are put together already put together.
//!
//! ```text
//! text   url = '/accounts/AuthSub' +   # the page
//!              'Request'
//! view   url = '/accounts/AuthSubRequest'
//! ```
//!
//! Rules look at the view; what they find is told by its place in the text.

use super::{
    language::Language,
    lex::{Kind, Token, syntax_of},
};

/// What joins two strings, without spaces and line breaks.
const JOINTS: &[&str] = &[
    "+", ".", "..", "&", "<<", "++", "~", "^", "\\", "+\\", ".\\", "&_", "_", ")+(",
];

/// A text without what does nothing.
#[derive(Debug)]
pub(super) struct View {
    text: String,
    pieces: Vec<Piece>,
    joints: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    view: usize,
    origin: usize,
    kind: Kind,
}

impl View {
    pub(super) fn of(language: Language, text: &str, tokens: &[Token]) -> Self {
        let adjacent = syntax_of(language).adjacent;
        let mut view = Self {
            text: String::with_capacity(text.len()),
            pieces: Vec::new(),
            joints: Vec::new(),
        };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token.kind {
                Kind::Code => view.push(Kind::Code, token.start, &text[token.start..token.end]),
                Kind::Str => at = view.strings(text, tokens, at, adjacent),
                Kind::Comment | Kind::Prose => {
                    let lines = text[token.start..token.end]
                        .bytes()
                        .filter(|byte| *byte == b'\n');
                    // One line feed keeps rules that look at whole lines apart; more would only be searched.
                    let blank = if lines.take(1).count() == 1 {
                        "\n"
                    } else {
                        " "
                    };
                    view.push(Kind::Code, token.start, blank);
                }
            }
            at += 1;
        }
        view
    }

    fn push(&mut self, kind: Kind, origin: usize, text: &str) {
        self.pieces.push(Piece {
            view: self.text.len(),
            origin,
            kind,
        });
        self.text.push_str(text);
    }

    /// The string at `first` and all that are joined to it; returns the last.
    fn strings(&mut self, text: &str, tokens: &[Token], first: usize, adjacent: bool) -> usize {
        let (mut at, mut begun) = (first, false);
        loop {
            let token = tokens[at];
            let next = joined(text, tokens, at, adjacent);
            let open = if begun { usize::from(token.open) } else { 0 };
            let close = if next.is_some() {
                usize::from(token.close)
            } else {
                0
            };
            let (start, end) = (token.start + open, token.end - close);
            if begun {
                self.joints.push(self.text.len());
            }
            if start < end {
                self.content(start, &text[start..end]);
            }
            match next {
                Some(next) => (at, begun) = (next, true),
                None => return at,
            }
        }
    }

    /// A string's text; a backslash at the end of a line continues it.
    fn content(&mut self, origin: usize, text: &str) {
        let mut done = 0;
        for (at, _) in text.match_indices("\\\n") {
            self.push(Kind::Str, origin + done, &text[done..at]);
            done = at + 2;
        }
        self.push(Kind::Str, origin + done, &text[done..]);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte of the view stands in the text.
    pub(super) fn origin(&self, at: usize) -> usize {
        let piece = self.piece(at);
        piece.map_or(at, |piece| piece.origin + (at - piece.view))
    }

    /// Where a byte of the text stands in the view, or what is left of it.
    pub(super) fn place(&self, origin: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.origin <= origin);
        let piece = after.checked_sub(1).and_then(|at| self.pieces.get(at));
        let at = piece.map_or(0, |piece| piece.view + (origin - piece.origin));
        at.min(self.text.len())
    }

    /// What stands at a byte of the view.
    pub(super) fn kind(&self, at: usize) -> Kind {
        self.piece(at).map_or(Kind::Code, |piece| piece.kind)
    }

    /// Whether a stretch of the view was put together.
    pub(super) fn is_joined(&self, start: usize, end: usize) -> bool {
        let first = self.joints.partition_point(|joint| *joint <= start);
        self.joints.get(first).is_some_and(|joint| *joint < end)
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.view <= at);
        self.pieces.get(after.checked_sub(1)?)
    }
}

/// The next string, if this one is put together with it.
fn joined(text: &str, tokens: &[Token], at: usize, adjacent: bool) -> Option<usize> {
    let mut between = String::new();
    for (next, token) in tokens.iter().enumerate().skip(at + 1).take(6) {
        match token.kind {
            Kind::Comment => {}
            Kind::Code if token.end - token.start <= 400 => {
                between.extend(
                    text[token.start..token.end]
                        .chars()
                        .filter(|c| !c.is_whitespace()),
                );
                if between.len() > 12 {
                    return None;
                }
            }
            Kind::Str => {
                let touching = adjacent && between.is_empty();
                return (touching || JOINTS.contains(&between.as_str())).then_some(next);
            }
            _ => return None,
        }
    }
    None
}
