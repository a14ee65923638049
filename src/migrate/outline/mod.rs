//! A report for people, without how it looks: printed as text, as Markdown, or as one HTML page that loads nothing and
//! runs nothing.

mod html;
mod markdown;
mod text;

pub(super) use html::escape;

/// A report.
#[derive(Debug, Default)]
pub(in crate::migrate) struct Outline {
    /// The command that made it.
    pub(in crate::migrate) maker: &'static str,
    pub(in crate::migrate) title: String,
    pub(in crate::migrate) lead: Vec<String>,
    pub(in crate::migrate) cards: Vec<Card>,
    pub(in crate::migrate) parts: Vec<Part>,
}

/// A figure that stands out.
#[derive(Debug)]
pub(in crate::migrate) struct Card {
    pub(in crate::migrate) count: u64,
    pub(in crate::migrate) what: &'static str,
    /// A word of the style sheet.
    pub(in crate::migrate) look: &'static str,
}

/// A chapter.
#[derive(Debug)]
pub(in crate::migrate) struct Part {
    pub(in crate::migrate) heading: &'static str,
    pub(in crate::migrate) text: Option<String>,
    pub(in crate::migrate) items: Vec<Item>,
    pub(in crate::migrate) numbered: bool,
}

/// One thing in a chapter: a line, and what is to say of it.
#[derive(Debug)]
pub(in crate::migrate) struct Item {
    pub(in crate::migrate) head: String,
    /// The head is a name that is typed, such as a scope.
    pub(in crate::migrate) code: bool,
    pub(in crate::migrate) tag: Option<&'static str>,
    /// Each with a name and a text; a text that is typed.
    pub(in crate::migrate) facts: Vec<(&'static str, String, bool)>,
}

impl Item {
    pub(in crate::migrate) fn new(head: impl Into<String>) -> Self {
        Self {
            head: head.into(),
            code: false,
            tag: None,
            facts: Vec::new(),
        }
    }

    pub(in crate::migrate) fn fact(mut self, name: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.facts.push((name, text, false));
        }
        self
    }

    pub(in crate::migrate) fn typed(mut self, name: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.facts.push((name, text, true));
        }
        self
    }
}

impl Outline {
    /// For a terminal.
    pub(in crate::migrate) fn to_text(&self) -> String {
        text::print(self)
    }

    /// As Markdown (CommonMark, with tables as GitHub has them).
    pub(in crate::migrate) fn to_markdown(&self) -> String {
        markdown::print(self)
    }

    /// As one HTML page.
    pub(in crate::migrate) fn to_html(&self) -> String {
        html::print(self)
    }
}
