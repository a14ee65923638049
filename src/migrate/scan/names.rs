//! What a name or a word stands for in its file: an alias, a constant that begins an address, a link in a saved feed.
//!
//! Nothing is parsed; each answer comes from the lines that give the name its meaning.

use super::{bounds, lex::Kind, view::View};

/// The name that begins at `from`.
fn name_at(text: &str, from: usize) -> &str {
    let rest = text.get(from..).unwrap_or_default();
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    &rest[..end.unwrap_or(rest.len())]
}

/// The names of a file that stand for something a rule asks for; found once, since a rule may ask at every hit.
#[derive(Debug)]
pub(super) struct Names<'t> {
    text: &'t str,
    gspread: Vec<&'t str>,
    authsub: Vec<&'t str>,
}

impl<'t> Names<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let import = "import gspread as ";
        let aliases = text.match_indices(import).take(MOST);
        let begun = text.match_indices("/AuthSub").take(MOST);
        Self {
            text,
            gspread: aliases
                .map(|(at, _)| name_at(text, at + import.len()))
                .collect(),
            authsub: begun
                .filter(|(at, word)| text[at + word.len()..].starts_with(['"', '\'', '`']))
                .filter_map(|(at, _)| given(text, at))
                .collect(),
        }
    }

    /// Whether the name that begins at `from` is what `import gspread as` gave.
    pub(super) fn is_gspread(&self, from: usize) -> bool {
        self.gspread.contains(&name_at(self.text, from))
    }

    /// Whether the name that begins at `from` holds a string that ends with `/AuthSub`.
    pub(super) fn holds_authsub(&self, from: usize) -> bool {
        self.authsub.contains(&name_at(self.text, from))
    }
}

/// The name that is given the string in which `at` is: the last word before it, or before the sign of an assignment.
fn given(text: &str, at: usize) -> Option<&str> {
    let from = bounds::ceil(text, at.saturating_sub(LINE));
    let line = text[from..at].rsplit('\n').next()?;
    // What stands before the string, without its type: `const A: string = "`, `#define A "`, `define('A', "`.
    let before = &line[..line.find(['"', '\'', '`']).unwrap_or(line.len())];
    let before = match line.trim_start().strip_prefix("define(") {
        Some(named) => named.split(',').next()?,
        None => before.split(['=', ':']).next()?,
    };
    before
        .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_')
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .filter(|name| !name.is_empty())
}

/// How long a line is looked at before an address.
const LINE: usize = 400;

/// How many places that give a meaning are looked at.
const MOST: usize = 64;

/// Whether lines are split at `=` here.
pub(super) fn is_split(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    [".split", ".Split", ".partition", "explode", "split"]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// Whether a login of the old kind stands so near that what is split is its answer.
pub(super) fn near_login(text: &str, at: usize) -> bool {
    const WORDS: &[&str] = &[
        "Passwd",
        "ClientLogin",
        "GoogleLogin",
        "SessionToken",
        "\"Auth\"",
        "'Auth'",
    ];
    let from = bounds::ceil(text, at.saturating_sub(NEAR));
    let to = bounds::floor(text, at.saturating_add(NEAR).min(text.len()));
    let near = text.get(from..to).unwrap_or_default();
    WORDS.iter().any(|word| near.contains(word))
}

/// How many bytes near is.
const NEAR: usize = 500;

/// Whether this parameter of ClientLogin has names that others use too.
pub(super) fn is_beside(text: &str, start: usize, end: usize) -> bool {
    let hit = text.get(start..end).unwrap_or_default();
    !["Passwd", "GOOGLE", "HOSTED"]
        .iter()
        .any(|word| hit.contains(word))
}

/// Whether the password parameter stands on one of the lines beside it.
pub(super) fn near_password(text: &str, at: usize) -> bool {
    let from = bounds::ceil(text, at.saturating_sub(BESIDE));
    let to = bounds::floor(text, at.saturating_add(BESIDE).min(text.len()));
    text.get(from..to)
        .is_some_and(|near| near.contains("Passwd"))
}

/// How many bytes a few lines of parameters have.
const BESIDE: usize = 160;

/// Whether an address is the value of an element of Atom that stands in a string: an answer that was kept, as tests do.
pub(super) fn in_saved_feed(view: &View, at: usize) -> bool {
    const ELEMENTS: &[&str] = &[
        "id>",
        "uri>",
        "atom:id>",
        "link ",
        "atom:link ",
        "category ",
        "content ",
        "generator ",
        "icon>",
        "logo>",
    ];
    let text = view.text();
    let from = bounds::ceil(text, at.saturating_sub(TAG));
    let before = text.get(from..at).unwrap_or_default();
    let Some(tag) = before.rfind('<') else {
        return false;
    };
    let element = &before[tag + 1..];
    let known = ELEMENTS.iter().any(|name| element.starts_with(name))
        || element.split_once(':').is_some_and(|(space, _)| {
            [
                "gd", "media", "yt", "gphoto", "docs", "gAcl", "batch", "app",
            ]
            .contains(&space)
        });
    known && view.kind(from + tag) == Kind::Str && !is_completed(text.get(at..).unwrap_or_default())
}

/// Whether the address that begins here is put together with something: then it is sent, not kept.
fn is_completed(text: &str) -> bool {
    let text = &text[..bounds::floor(text, LINE)];
    let end = text
        .find(['"', '\'', '<', '>', ' ', '\n'])
        .unwrap_or(text.len());
    let (address, rest) = text.split_at(end);
    let mut rest = rest.chars();
    let closed = matches!(rest.next(), Some('"' | '\''));
    let next = rest.find(|c| !c.is_whitespace());
    ["%s", "#{", "${", "{$", "{0}"]
        .iter()
        .any(|mark| address.contains(mark))
        || closed && matches!(next, Some('+' | '.' | '%' | '&'))
}

/// How long a tag is up to its address.
const TAG: usize = 200;

/// Whether a word in a string is what a value is kept under, and the value is taken: `session['token']`, `get("token")`.
pub(super) fn is_key(view: &View, start: usize, end: usize) -> bool {
    const GETTERS: &[&str] = &[
        "get",
        "fetch",
        "getAttribute",
        "getItem",
        "getParameter",
        "getProperty",
        "getenv",
        "param",
    ];
    let text = view.text();
    let (before, after) = (
        text.get(..start).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    let Some(before) = before.strip_suffix(['"', '\'']) else {
        return false;
    };
    let closed = |bracket: char| {
        after
            .strip_prefix(['"', '\''])
            .is_some_and(|rest| rest.starts_with(bracket))
    };
    if let Some(of) = before.strip_suffix('[') {
        let of_a_name = of.ends_with(|c: char| c.is_alphanumeric() || "_])".contains(c));
        return of_a_name && closed(']') && view.kind(of.len()) == Kind::Code;
    }
    let Some(call) = before.strip_suffix('(') else {
        return false;
    };
    closed(')')
        && GETTERS.iter().any(|word| call.ends_with(word))
        && view.kind(call.len()) == Kind::Code
}

/// Whether a word stands in the braces by which a string has a value put into it: `#{params[:token]}`, `{$a['token']}`.
pub(super) fn is_put_in(text: &str, at: usize) -> bool {
    let from = bounds::ceil(text, at.saturating_sub(TAG));
    let before = text.get(from..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let Some((outside, inside)) = line.rsplit_once('{') else {
        return false;
    };
    let begun = outside.ends_with(['#', '$']) || inside.starts_with('$') || inside.contains('[');
    begun && !inside.contains(['}', ' '])
}

/// Whether the name of a place in a page stands here: `<a name="…">`, `href="#…"`.
pub(super) fn is_anchor(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    ["href=\"#", "<a name=", "<a name=\""]
        .iter()
        .any(|start| before.ends_with(start))
}

/// Whether a function or class of that name begins here, which nobody has called yet.
pub(super) fn is_definition(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    [
        "def ",
        "def self.",
        "def self",
        "class ",
        "function ",
        "sub ",
        "package ",
        "void ",
        "(void)",
    ]
    .iter()
    .any(|word| before.ends_with(word))
}
