//! Pages and settings in tags: text, attributes, scripts, and what a server runs between `<%` and `%>`.

use super::{Kind, Language, Tokens, plain, syntax};
use crate::migrate::scan::bounds;

/// What a page's server runs: the language between `<%` and `%>`.
pub(in crate::migrate::scan) fn embedded(text: &str) -> Language {
    let head = &text[..bounds::floor(text, 4_096)];
    let has = |words: &[&str]| words.iter().any(|word| head.contains(word));
    if has(&["Language=\"VB\"", "language=\"vb\"", "Language=\"vb\""]) {
        Language::VisualBasic
    } else if has(&[
        "Language=\"C#\"",
        "language=\"C#\"",
        "<%@ Page",
        "runat=\"server\"",
        "<%@ WebHandler",
        "<%@ Import Namespace",
    ]) {
        Language::CSharp
    } else if has(&["<%@ page", "<%@page", "<%@ taglib", "<jsp:", "<%!"]) {
        Language::Java
    } else if has(&["<% end", "<%= link_to", "<%= h ", " do |"]) {
        Language::Ruby
    } else {
        Language::JavaScript
    }
}

/// A page; `server` is what it has between `<%` and `%>`.
pub(super) fn page(text: &str, server: Language, out: &mut Tokens) {
    // A handler of ASP.NET is code from its second line on.
    if text.starts_with("<%@ WebHandler") || text.starts_with("<%@ WebService") {
        let line = text.find('\n').unwrap_or(text.len());
        out.push(Kind::Code, 0, line);
        plain::lex(text, line, text.len(), syntax::of(server), None, out);
        return;
    }
    Page {
        text,
        server,
        values: Kind::Prose,
    }
    .walk(out);
}

/// Settings: what stands between tags is a value.
pub(super) fn settings(text: &str, out: &mut Tokens) {
    Page {
        text,
        server: Language::Unknown,
        values: Kind::Str,
    }
    .walk(out);
}

struct Page<'t> {
    text: &'t str,
    server: Language,
    /// What stands between tags.
    values: Kind,
}

impl Page<'_> {
    fn walk(&self, out: &mut Tokens) {
        let text = self.text;
        let mut at = 0;
        while at < text.len() {
            let to = memchr::memchr(b'<', &text.as_bytes()[at..])
                .map_or(text.len(), |length| at + length);
            out.push(self.values, at, to);
            if to == text.len() {
                return;
            }
            at = self.tag(to, out);
        }
    }

    /// What begins with the `<` at `at`.
    fn tag(&self, at: usize, out: &mut Tokens) -> usize {
        let rest = &self.text[at..];
        for (open, close) in [("<!--", "-->"), ("<%--", "--%>"), ("<![CDATA[", "]]>")] {
            if rest.starts_with(open) {
                let to = rest
                    .find(close)
                    .map_or(self.text.len(), |length| at + length + close.len());
                let kind = if open == "<![CDATA[" {
                    self.values
                } else {
                    Kind::Comment
                };
                out.push(kind, at, to);
                return to;
            }
        }
        if self.values == Kind::Prose
            && let Some(to) = self.server_code(at, out)
        {
            return to;
        }
        let second = rest.as_bytes().get(1).copied().unwrap_or_default();
        if !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!' | b'?')) {
            out.push(self.values, at, at + 1);
            return at + 1;
        }
        let end = self.attributes(at, out);
        let script = starts_without_case(rest, "<script");
        let style = starts_without_case(rest, "<style");
        if self.values == Kind::Prose && (script || style) && !self.text[..end].ends_with("/>") {
            let close = if script { "</script" } else { "</style" };
            let to = find_without_case(&self.text[end..], close)
                .map_or(self.text.len(), |length| end + length);
            if style {
                out.push(Kind::Prose, end, to);
            } else {
                let server = rest[..(end - at)].contains("runat=\"server\"");
                let language = if server {
                    self.server
                } else {
                    Language::JavaScript
                };
                plain::lex(self.text, end, to, syntax::of(language), None, out);
            }
            return to;
        }
        end
    }

    /// `<?php … ?>`, `<? … ?>`, `<% … %>`.
    fn server_code(&self, at: usize, out: &mut Tokens) -> Option<usize> {
        let rest = &self.text[at..];
        let (open, close, language) = if rest.starts_with("<?xml") {
            return None;
        } else if rest.starts_with("<?") {
            (
                if starts_without_case(rest, "<?php") {
                    5
                } else {
                    2
                },
                "?>",
                Language::Php,
            )
        } else if rest.starts_with("<%") {
            (2, "%>", self.server)
        } else {
            return None;
        };
        out.push(Kind::Code, at, at + open);
        let stop = plain::lex(
            self.text,
            at + open,
            self.text.len(),
            syntax::of(language),
            Some(close),
            out,
        );
        let to = (stop + close.len()).min(self.text.len());
        out.push(Kind::Code, stop, to);
        Some(to)
    }

    /// A tag with its attributes, whose values are strings; server code may stand in them.
    fn attributes(&self, start: usize, out: &mut Tokens) -> usize {
        let bytes = self.text.as_bytes();
        let (mut at, mut code) = (start + 1, start);
        while at < bytes.len() {
            match bytes[at] {
                b'>' => {
                    out.push(Kind::Code, code, at + 1);
                    return at + 1;
                }
                quote @ (b'"' | b'\'')
                    if bytes[..at].ends_with(b"=") || bytes[..at].ends_with(b"= ") =>
                {
                    out.push(Kind::Code, code, at);
                    at = self.value(at, quote, out);
                    code = at;
                }
                b'<' if self.values == Kind::Prose
                    && matches!(bytes.get(at + 1), Some(b'?' | b'%')) =>
                {
                    out.push(Kind::Code, code, at);
                    // `<?xml` is nobody's code: it stays what it stands in.
                    (code, at) = match self.server_code(at, out) {
                        Some(to) => (to, to),
                        None => (at, at + 1),
                    };
                }
                // The tag never ended.
                b'<' => {
                    out.push(Kind::Code, code, at);
                    return at;
                }
                _ => at += 1,
            }
        }
        out.push(Kind::Code, code, bytes.len());
        bytes.len()
    }
}

impl Page<'_> {
    /// A quoted value, in which a server's code may stand, quotes and all.
    fn value(&self, start: usize, quote: u8, out: &mut Tokens) -> usize {
        let bytes = self.text.as_bytes();
        let (mut piece, mut at, mut open) = (start, start + 1, 1);
        while let Some(length) = memchr::memchr2(quote, b'<', &bytes[at..]) {
            at += length;
            if bytes[at] == quote {
                out.quoted(Kind::Str, piece, at + 1, open, 1);
                return at + 1;
            }
            let code = self.values == Kind::Prose && matches!(bytes.get(at + 1), Some(b'?' | b'%'));
            if code {
                out.quoted(Kind::Str, piece, at, open, 0);
                (piece, at) = match self.server_code(at, out) {
                    Some(to) => (to, to),
                    None => (at, at + 1),
                };
                open = 0;
            } else {
                at += 1;
            }
        }
        out.quoted(Kind::Str, piece, bytes.len(), open, 0);
        bytes.len()
    }
}

fn starts_without_case(text: &str, start: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= start.len() && bytes[..start.len()].eq_ignore_ascii_case(start.as_bytes())
}

/// Where `what`, which begins with `<`, stands first.
fn find_without_case(text: &str, what: &str) -> Option<usize> {
    memchr::memchr_iter(b'<', text.as_bytes()).find(|at| starts_without_case(&text[*at..], what))
}
