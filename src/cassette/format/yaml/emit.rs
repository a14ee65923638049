//! YAML as psych and PyYAML write it, and as both of them, of YAML 1.1 and 1.2, read it.
//!
//! Text goes without quotes only where no version of YAML could take it for anything else. Bodies are one
//! double-quoted text, folded by `\` at the ends of lines, which keeps every character.

use base64::{Engine, engine::general_purpose::STANDARD};

/// What is to be written.
#[derive(Clone, Debug)]
pub(in crate::cassette::format) enum Out {
    Null,
    /// A number or a truth, as it stands.
    Bare(String),
    Text(String),
    /// Bytes under the tag of the dialect.
    Binary(Vec<u8>),
    /// Lines that are plain ASCII, as a block that keeps them.
    Block(String),
    List(Vec<Out>),
    Map(Vec<(String, Out)>),
}

/// What the dialects write differently.
#[derive(Clone, Copy, Debug)]
pub(in crate::cassette::format) struct Style {
    /// The first line.
    pub(in crate::cassette::format) head: &'static str,
    /// Nothing.
    pub(in crate::cassette::format) null: &'static str,
    /// The tag and the mark of a block of base64.
    pub(in crate::cassette::format) binary: &'static str,
    /// The length of a line of base64.
    pub(in crate::cassette::format) width: usize,
}

/// As psych writes.
pub(in crate::cassette::format) const PSYCH: Style = Style {
    head: "---\n",
    null: "",
    binary: "!binary |-",
    width: 60,
};

/// As PyYAML writes.
pub(in crate::cassette::format) const PYYAML: Style = Style {
    head: "",
    null: " null",
    binary: "!!binary |",
    width: 76,
};

/// Writes a document.
pub(in crate::cassette::format) fn emit(root: &[(String, Out)], style: Style) -> Vec<u8> {
    let mut printer = Printer {
        text: style.head.to_owned(),
        style,
    };
    printer.map(root, 0, true);
    printer.text.into_bytes()
}

/// Base64 in lines, each ended.
pub(in crate::cassette::format) fn base64_lines(bytes: &[u8], width: usize) -> String {
    let packed = STANDARD.encode(bytes);
    let mut lines = String::with_capacity(packed.len() + packed.len() / width + 1);
    for line in packed.as_bytes().chunks(width) {
        lines.extend(line.iter().map(|byte| char::from(*byte)));
        lines.push('\n');
    }
    lines
}

struct Printer {
    text: String,
    style: Style,
}

impl Printer {
    /// The pairs, each on a line of its own; the first goes on where the text stands when `inline`.
    fn map(&mut self, pairs: &[(String, Out)], indent: usize, inline: bool) {
        for (index, (key, value)) in pairs.iter().enumerate() {
            if index > 0 || !inline {
                self.indent(indent);
            }
            let key = key_text(key);
            if key.len() > LONGEST_KEY {
                // Loaders look for the colon in one line, and not far.
                self.text.push_str("? ");
                self.text.push_str(&key);
                self.text.push('\n');
                self.indent(indent);
            } else {
                self.text.push_str(&key);
            }
            self.text.push(':');
            self.value(value, indent);
        }
    }

    /// What stands behind `key:` or `-`, with the end of its line.
    fn value(&mut self, value: &Out, indent: usize) {
        match value {
            Out::Null => self.line(self.style.null),
            Out::Bare(text) => {
                self.text.push(' ');
                self.line(text);
            }
            Out::Text(text) => {
                self.text.push(' ');
                self.scalar(text, indent + 2);
                self.text.push('\n');
            }
            Out::Binary(bytes) if bytes.is_empty() => self.line(" ''"),
            Out::Binary(bytes) => {
                self.text.push(' ');
                self.line(self.style.binary);
                let lines = base64_lines(bytes, self.style.width);
                self.block(&lines, indent + 2);
            }
            Out::Block(text) if text.is_empty() => self.line(" ''"),
            Out::Block(text) => {
                self.line(" |");
                self.block(text, indent + 2);
            }
            Out::List(items) if items.is_empty() => self.line(" []"),
            Out::List(items) => {
                self.text.push('\n');
                self.list(items, indent);
            }
            Out::Map(pairs) if pairs.is_empty() => self.line(" {}"),
            Out::Map(pairs) => {
                self.text.push('\n');
                self.map(pairs, indent + 2, false);
            }
        }
    }

    fn list(&mut self, items: &[Out], indent: usize) {
        for item in items {
            self.indent(indent);
            self.text.push('-');
            match item {
                Out::Map(pairs) if !pairs.is_empty() => {
                    self.text.push(' ');
                    self.map(pairs, indent + 2, true);
                }
                Out::List(inner) if !inner.is_empty() => {
                    self.text.push('\n');
                    self.list(inner, indent + 2);
                }
                other => self.value(other, indent),
            }
        }
    }

    fn scalar(&mut self, text: &str, indent: usize) {
        if is_plain(text) {
            self.text.push_str(text);
        } else if is_printed(text) {
            single(text, &mut self.text);
        } else {
            double(text, Some(indent), &mut self.text);
        }
    }

    fn block(&mut self, lines: &str, indent: usize) {
        for line in lines.lines() {
            self.indent(indent);
            self.line(line);
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }
}

fn key_text(key: &str) -> String {
    let mut text = String::new();
    if is_plain(key) && !key.contains(':') {
        text.push_str(key);
    } else if is_printed(key) {
        single(key, &mut text);
    } else {
        double(key, None, &mut text);
    }
    text
}

/// Whether no reader of YAML 1.1 or 1.2 takes it for anything but this text.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let safe = |byte: &u8| byte.is_ascii_alphanumeric() || b" _./%&+?=;()~*@$!,:-".contains(byte);
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().all(safe)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether it stands in one line as it is.
fn is_printed(text: &str) -> bool {
    text.chars().all(is_printable)
}

fn is_printable(letter: char) -> bool {
    match letter {
        ' '..='~' => true,
        // NEL, the separators of lines and paragraphs, and marks of byte order end lines or are none.
        '\u{a0}'..='\u{d7ff}' => !matches!(letter, '\u{2028}' | '\u{2029}'),
        '\u{e000}'..='\u{fffd}' => letter != '\u{feff}',
        '\u{10000}'..='\u{10ffff}' => true,
        _ => false,
    }
}

fn single(text: &str, out: &mut String) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

/// In double quotes; folded to lines of the indent, where one is given.
fn double(text: &str, fold: Option<usize>, out: &mut String) {
    out.push('"');
    let mut start = out.len();
    let mut after_line = false;
    for letter in text.chars() {
        let length = out.len() - start;
        // A text of lines reads best in lines; else between words, or anywhere when there is no space.
        let due = (after_line && length > FOLD / 2)
            || (letter == ' ' && length >= FOLD)
            || length >= 2 * FOLD;
        let folds = fold.filter(|_| due);
        if let Some(indent) = folds {
            out.push_str("\\\n");
            start = out.len();
            out.extend(std::iter::repeat_n(' ', indent));
        }
        after_line = letter == '\n';
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // A space at the start of a line would be taken for its indent.
            ' ' if folds.is_some() => out.push_str("\\ "),
            printable if is_printable(printable) => out.push(printable),
            other => out.push_str(&escape(u32::from(other))),
        }
    }
    out.push('"');
}

fn escape(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02X}"),
        0x100..=0xffff => format!("\\u{code:04X}"),
        _ => format!("\\U{code:08X}"),
    }
}

/// What some version of YAML reads as no text.
const WORDS: &[&str] = &[
    "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity",
];

const LONGEST_KEY: usize = 120;
const FOLD: usize = 76;
