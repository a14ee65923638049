//! Comments, strings and code told apart: enough to know whether a word does something.
//!
//! ```text
//! text ─▶ tokens    svc.login(   'ann'   )   # was: ClientLogin
//!                   Code         Str     Code Comment
//! ```
//!
//! # Shape
//! Tokens follow one another without a gap from the first byte to the last, each on character boundaries. Time is
//! linear in the text. No language is parsed: a lexer that is fooled loses one line, since most strings end there.

mod heredoc;
mod lisp;
mod markup;
mod plain;
mod syntax;

use super::language::Language;

pub(super) use markup::embedded;
pub(super) use syntax::of as syntax_of;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// What is carried out.
    Code,
    /// A string, with its quotes.
    Str,
    /// A comment, or documentation in the place of one.
    Comment,
    /// Text of a page.
    Prose,
}

/// A stretch of text of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// How many bytes its opening quote has.
    pub open: u8,
    /// How many bytes its closing quote has.
    pub close: u8,
}

/// Takes a text apart.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::scan::{Language, lex::{Kind, tokens}};
///
/// let text = "send('AuthSub') # AuthSub";
/// let kinds: Vec<Kind> = tokens(Language::Python, text).iter().map(|token| token.kind).collect();
/// assert_eq!(kinds, [Kind::Code, Kind::Str, Kind::Code, Kind::Comment]);
/// ```
#[must_use]
pub fn tokens(language: Language, text: &str) -> Vec<Token> {
    let mut out = Tokens::default();
    match language {
        Language::Prose | Language::Recorded => {
            out.push(Kind::Prose, 0, text.len());
        }
        Language::Html => markup::page(text, markup::embedded(text), &mut out),
        Language::Php => markup::page(text, Language::Php, &mut out),
        Language::Xml => markup::settings(text, &mut out),
        Language::Dependencies if text.trim_start().starts_with('<') => {
            markup::settings(text, &mut out);
        }
        _ => {
            plain::lex(text, 0, text.len(), syntax::of(language), None, &mut out);
        }
    }
    out.all
}

/// Tokens as they come; neighbours of one kind without quotes become one.
#[derive(Default)]
struct Tokens {
    all: Vec<Token>,
}

impl Tokens {
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.quoted(kind, start, end, 0, 0);
    }

    fn quoted(&mut self, kind: Kind, start: usize, end: usize, open: usize, close: usize) {
        if start >= end {
            return;
        }
        let short = |length: usize| u8::try_from(length).unwrap_or(0);
        if let Some(last) = self.all.last_mut()
            && kind != Kind::Str
            && last.kind == kind
            && last.end == start
        {
            last.end = end;
            return;
        }
        let (open, close) = (short(open), short(close));
        self.all.push(Token {
            kind,
            start,
            end,
            open,
            close,
        });
    }
}
