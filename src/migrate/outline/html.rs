//! The outline as one page, in the style of the scan's.

use std::fmt::Write;

use super::{Outline, text::clean};
use crate::wire::html;

const STYLE: &str = include_str!("../scan/report/page.css");

/// Names beside their texts, or above them on a phone.
const FACTS: &str = "ol, ul.items { counter-reset: step; }
ol > li { counter-increment: step; }
ol > li > .where::before { content: counter(step) \".\"; font-weight: 600; color: var(--soft); }
ol > li > .where { flex-wrap: nowrap; }
dl { display: grid; grid-template-columns: 9em minmax(0, 1fr); gap: 2px 12px; margin: 6px 0 0; font-size: 15px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
dd code, .head code { background: var(--code); border-radius: 4px; padding: 1px 5px; overflow-wrap: anywhere; }
.head { font-weight: 600; overflow-wrap: anywhere; min-width: 0; }
.plainly { font-weight: 400; }
ol { list-style: none; margin: 0; padding: 0; }
@media (max-width: 600px) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: 6px; } }
";

/// Tags and how they look.
const TAGS: &[(&str, &str)] = &[
    ("header swap is enough", "swap"),
    ("port", "port"),
    ("no successor", "none"),
    ("ended", "none"),
    ("in part", "port"),
];

pub(super) fn print(outline: &Outline) -> String {
    let title = escape(&outline.title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}{FACTS}</style>\n</head>\n\
         <body>\n<main>\n<header>\n<p class=\"eyebrow\">{}</p>\n<h1>{title}</h1>\n",
        outline.maker
    );
    for (at, lead) in outline.lead.iter().enumerate() {
        let class = if at == 0 { "lead" } else { "warn" };
        let _ = writeln!(page, "<p class=\"{class}\">{}</p>", escape(lead));
    }
    page.push_str("</header>\n<section aria-label=\"Figures\" class=\"cards\">\n");
    for card in &outline.cards {
        let _ = writeln!(
            page,
            "<article class=\"card {}\"><p class=\"count\">{}</p><p>{}</p></article>",
            card.look, card.count, card.what
        );
    }
    page.push_str("</section>\n");
    for part in &outline.parts {
        let list = match part.numbered {
            true => "ol",
            false => "ul",
        };
        let _ = writeln!(page, "<section>\n<h2>{}</h2>", escape(part.heading));
        if let Some(text) = &part.text {
            let _ = writeln!(page, "<p class=\"small\">{}</p>", escape(text));
        }
        let _ = writeln!(page, "<{list}>");
        for item in &part.items {
            let head = match item.code {
                true => format!("<code>{}</code>", breakable(&escape(&item.head))),
                false => escape(&item.head),
            };
            let plainly = if item.facts.is_empty() {
                " plainly"
            } else {
                ""
            };
            let _ = write!(
                page,
                "<li><div class=\"where\"><span class=\"head{plainly}\">{head}</span>"
            );
            if let Some(tag) = item.tag {
                let look = TAGS.iter().find(|(own, _)| *own == tag);
                let look = look.map_or("like", |(_, look)| look);
                let _ = write!(page, "<span class=\"tag {look}\">{tag}</span>");
            }
            page.push_str("</div>");
            if !item.facts.is_empty() {
                page.push_str("<dl>");
                for (name, text, typed) in &item.facts {
                    let text = breakable(&escape(text));
                    let text = match typed {
                        true => format!("<code>{text}</code>"),
                        false => text,
                    };
                    let _ = write!(page, "<dt>{name}</dt><dd>{text}</dd>");
                }
                page.push_str("</dl>");
            }
            page.push_str("</li>\n");
        }
        let _ = writeln!(page, "</{list}>\n</section>");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// Addresses break at their marks, and not within words, where a phone is too narrow for them.
fn breakable(escaped: &str) -> String {
    let words = escaped.split(' ').map(|word| match word.split_once("://") {
        Some((scheme, rest)) => {
            let rest = rest.replace('/', "/<wbr>").replace('.', "<wbr>.");
            format!("{scheme}://{rest}")
        }
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Nothing in a text is markup, or steers.
pub(in crate::migrate) fn escape(text: &str) -> String {
    html::escape(&clean(text))
}
