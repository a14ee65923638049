//! The outline as plain text.

use std::fmt::Write;

use super::Outline;

pub(super) fn print(outline: &Outline) -> String {
    let mut out = format!("{}\n\n", clean(&outline.title));
    for lead in &outline.lead {
        let _ = writeln!(out, "{}", clean(lead));
    }
    for part in &outline.parts {
        let _ = writeln!(out, "\n{}", part.heading.to_uppercase());
        if let Some(text) = &part.text {
            let _ = writeln!(out, "  {}", clean(text));
        }
        for (number, item) in (1..).zip(&part.items) {
            let mark = match part.numbered {
                true => format!("{number}."),
                false => "-".to_owned(),
            };
            let tag = item.tag.map_or(String::new(), |tag| format!(" [{tag}]"));
            let _ = writeln!(out, "{mark:>4} {}{tag}", clean(&item.head));
            for (name, text, _) in &item.facts {
                let _ = writeln!(
                    out,
                    "       {}: {}",
                    name.to_lowercase().replace("unverified", "UNVERIFIED"),
                    clean(text)
                );
            }
        }
    }
    out
}

/// No control characters: names of files are others' work.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}
