//! The outline as Markdown.

use std::fmt::Write;

use super::{Outline, text::clean};

pub(super) fn print(outline: &Outline) -> String {
    let mut out = format!("# {}\n", escape(&outline.title));
    for lead in &outline.lead {
        let _ = write!(out, "\n{}\n", escape(lead));
    }
    if !outline.cards.is_empty() {
        out.push_str("\n| | |\n|--:|:--|\n");
        for card in &outline.cards {
            let _ = writeln!(out, "| **{}** | {} |", card.count, card.what);
        }
    }
    for part in &outline.parts {
        let _ = write!(out, "\n## {}\n\n", part.heading);
        if let Some(text) = &part.text {
            let _ = write!(out, "{}\n\n", escape(text));
        }
        for (number, item) in (1..).zip(&part.items) {
            let mark = match part.numbered {
                true => format!("{number}."),
                false => "-".to_owned(),
            };
            let head = match (item.code, item.facts.is_empty()) {
                (true, _) => code(&item.head),
                (false, true) => escape(&item.head),
                (false, false) => format!("**{}**", escape(&item.head)),
            };
            let tag = item.tag.map_or(String::new(), |tag| format!(" ({tag})"));
            let _ = writeln!(out, "{mark} {head}{tag}");
            let indent = " ".repeat(mark.len() + 1);
            for (name, text, typed) in &item.facts {
                let text = match typed {
                    true => code(text),
                    false => escape(text),
                };
                let _ = writeln!(out, "{indent}- {name}: {text}");
            }
        }
    }
    out
}

/// Nothing in a text is markup.
fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A fence that is longer than any in the text.
fn code(text: &str) -> String {
    let text = clean(text);
    let (mut run, mut most) = (0, 0);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        most = most.max(run);
    }
    let fence = "`".repeat(most + 1);
    match most {
        0 => format!("{fence}{text}{fence}"),
        _ => format!("{fence} {text} {fence}"),
    }
}
