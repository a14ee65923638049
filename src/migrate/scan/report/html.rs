//! The report as one page: plain words first, pictures of the inventory, then every finding.
//!
//! Nothing is loaded from anywhere, nothing runs; light and dark follow the reader's system.

use std::{collections::BTreeMap, fmt::Write};

use super::View;
use crate::migrate::{
    outline::escape,
    scan::{Finding, Kind, Report, Verdict},
};

const STYLE: &str = include_str!("page.css");

/// What each verdict means, for someone who does not know the protocols.
const MEANING: &[(Verdict, &str, &str)] = &[
    (
        Verdict::ReplaceSecret,
        "none",
        "A password, a key or a token that whoever reads the code or its logs has. Take it out, and replace it first.",
    ),
    (
        Verdict::HeaderSwap,
        "swap",
        "The service still answers. Only the login changes: a token of OAuth 2.0 in the header.",
    ),
    (
        Verdict::Port,
        "port",
        "The service is gone, and another one does its work. The calls have to be rewritten for it.",
    ),
    (
        Verdict::NoSuccessor,
        "none",
        "The service is gone, and nothing took its place. The feature can only be dropped or built anew.",
    ),
    (
        Verdict::CheckByHand,
        "hand",
        "It looks like an old login, but the file does not say to whom it speaks. Somebody has to look.",
    ),
    (
        Verdict::AlreadyOauth2,
        "done",
        "The login is one of OAuth 2.0 already.",
    ),
    (
        Verdict::LookAlike,
        "like",
        "The same words for something else. Nothing to do.",
    ),
];

/// The report as one HTML page.
#[must_use]
pub fn html(report: &Report, view: &View<'_>) -> String {
    let mut page = String::with_capacity(16 * 1024 + 1024 * view.findings.len());
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n<title>Old Google logins in this code</title>\n<style>\n");
    page.push_str(STYLE);
    page.push_str("</style>\n</head>\n<body>\n<main>\n");
    summary(&mut page, report, view);
    pictures(&mut page, report);
    findings(&mut page, view);
    skipped(&mut page, report);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn summary(page: &mut String, report: &Report, view: &View<'_>) {
    let open = report
        .findings
        .iter()
        .filter(|finding| finding.verdict.is_open())
        .count();
    let mut by_file: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| finding.file.as_str())
        .collect();
    by_file.dedup();
    let leaks = report
        .findings
        .iter()
        .filter(|finding| finding.kind == Kind::Leak)
        .count();
    page.push_str("<header>\n<p class=\"eyebrow\">gdata-auth migrate scan</p>\n<h1>Old Google logins in this code</h1>\n");
    let _ = writeln!(
        page,
        "<p class=\"lead\">{} {} in {}, of {} that {} read. AuthSub, ClientLogin and OAuth 1.0 are switched off at Google: code \
         that uses them does not work any more.</p>",
        number(open),
        if open == 1 {
            "place has to change"
        } else {
            "places have to change"
        },
        files(by_file.len() as u64),
        files(report.files),
        if report.files == 1 { "was" } else { "were" },
    );
    if leaks > 0 {
        let _ = writeln!(
            page,
            "<p class=\"warn\"><strong>{}</strong> of them {} a password, a key or a token to whoever reads the code or its logs. \
             Replace those first.</p>",
            number(leaks),
            if leaks == 1 { "shows" } else { "show" },
        );
    }
    if view.baseline {
        let _ = writeln!(
            page,
            "<p>Against the baseline, <strong>{}</strong> {} new.</p>",
            number(view.failing()),
            if view.failing() == 1 { "is" } else { "are" }
        );
    }
    page.push_str("</header>\n<section aria-label=\"Verdicts\" class=\"cards\">\n");
    for (verdict, class, meaning) in MEANING {
        let count = view.with(*verdict);
        if count > 0 {
            let _ = writeln!(
                page,
                "<article class=\"card {class}\"><p class=\"count\">{}</p><h2>{}</h2><p>{meaning}</p></article>",
                number(count),
                capital(verdict.words()),
            );
        }
    }
    page.push_str("</section>\n");
}

fn pictures(page: &mut String, report: &Report) {
    if report.findings.is_empty() {
        return;
    }
    page.push_str("<section>\n<h2>What is there</h2>\n<div class=\"pictures\">\n");
    bars(page, "By service", &named(report.by_service()));
    bars(
        page,
        "By what it is",
        &named(
            report
                .by_kind()
                .into_iter()
                .map(|(kind, count)| (kind.words(), count))
                .collect(),
        ),
    );
    bars(page, "By language", &named(report.by_language()));
    let mut by_file = BTreeMap::new();
    for finding in &report.findings {
        *by_file.entry(finding.file.as_str()).or_insert(0) += 1;
    }
    bars(page, "Files with the most", &named(by_file));
    page.push_str("</div>\n</section>\n");
}

/// The most bars of one picture.
const BARS: usize = 10;

fn named(counts: BTreeMap<&str, usize>) -> Vec<(&str, usize)> {
    let mut rows: Vec<(&str, usize)> = counts.into_iter().collect();
    rows.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    rows
}

/// A bar for each row: names above, so that long ones fit a phone.
fn bars(page: &mut String, title: &str, rows: &[(&str, usize)]) {
    let most = rows
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(1)
        .max(1);
    let shown = rows.len().min(BARS);
    let _ = writeln!(
        page,
        "<figure><figcaption>{title}</figcaption>\n<svg viewBox=\"0 0 320 {}\" role=\"img\" aria-label=\"{title}\">",
        shown * 34 + 2,
    );
    for (at, (name, count)) in rows.iter().take(BARS).enumerate() {
        let (y, width) = (at * 34, (count * 270 / most).max(3));
        let _ = writeln!(
            page,
            "<text class=\"name\" x=\"0\" y=\"{}\">{}</text><rect x=\"0\" y=\"{}\" width=\"{width}\" height=\"11\" rx=\"3\"/>\
             <text class=\"value\" x=\"{}\" y=\"{}\">{}</text>",
            y + 12,
            escape(&shortened(name)),
            y + 17,
            width + 6,
            y + 26,
            number(*count),
        );
    }
    page.push_str("</svg>");
    if rows.len() > BARS {
        let _ = write!(
            page,
            "<p class=\"more\">and {} more</p>",
            number(rows.len() - BARS)
        );
    }
    page.push_str("</figure>\n");
}

fn findings(page: &mut String, view: &View<'_>) {
    page.push_str("<section>\n<h2>Every place</h2>\n");
    if view.findings.is_empty() {
        page.push_str("<p>Nothing was found.</p>\n</section>\n");
        return;
    }
    let mut file = "";
    for (finding, new) in &view.findings {
        if finding.file != file {
            if !file.is_empty() {
                page.push_str("</ul>\n");
            }
            file = &finding.file;
            let _ = writeln!(page, "<h3>{}</h3>\n<ul>", escape(file));
        }
        one(page, finding, view.baseline && *new);
    }
    page.push_str("</ul>\n</section>\n");
}

fn one(page: &mut String, finding: &Finding, new: bool) {
    let row = MEANING
        .iter()
        .find(|(verdict, ..)| *verdict == finding.verdict);
    let class = row.map_or("", |(_, class, _)| class);
    let new = if new {
        " <span class=\"new\">new</span>"
    } else {
        ""
    };
    let _ = writeln!(
        page,
        "<li><p class=\"where\"><span class=\"line\">line {}</span> <span class=\"tag {class}\">{}</span>{new} \
         <span class=\"rule\">{} · {}</span></p>\n<pre><code>{}</code></pre>\n<p>{}</p></li>",
        finding.line,
        finding.verdict.words(),
        finding.rule,
        finding.kind.words(),
        escape(&finding.excerpt),
        escape(&finding.message),
    );
}

fn skipped(page: &mut String, report: &Report) {
    let alikes = report.look_alikes.len();
    page.push_str(
        "<section class=\"small\">\n<h2>What was not counted</h2>\n<ul class=\"plain\">\n",
    );
    let _ = writeln!(
        page,
        "<li>{} {} the same words for something else.</li>",
        number(alikes),
        if alikes == 1 {
            "place has"
        } else {
            "places have"
        }
    );
    let _ = writeln!(
        page,
        "<li>{} {} the old logins in comments or prose only.</li>",
        files(report.only_comments),
        if report.only_comments == 1 {
            "mentions"
        } else {
            "mention"
        }
    );
    for (why, count) in &report.skipped_counts {
        let _ = writeln!(page, "<li>{}: {}.</li>", files(*count), why.words());
    }
    if report.left_out > 0 {
        let _ = writeln!(
            page,
            "<li>{} findings had no room in this report.</li>",
            report.left_out
        );
    }
    page.push_str("</ul>\n");
    if !report.skipped.is_empty() {
        page.push_str("<details><summary>Their names</summary><ul class=\"plain\">\n");
        for skipped in &report.skipped {
            let _ = writeln!(
                page,
                "<li><code>{}</code> {}</li>",
                escape(&skipped.file),
                skipped.why.words()
            );
        }
        page.push_str("</ul></details>\n");
    }
    page.push_str("</section>\n");
}

fn files(count: u64) -> String {
    match count {
        1 => "1 file".to_owned(),
        count => format!(
            "{} files",
            number(usize::try_from(count).unwrap_or(usize::MAX))
        ),
    }
}

/// With a comma at each thousand.
fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The end of a long path says more than its beginning.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    match count > 46 {
        true => std::iter::once('…')
            .chain(name.chars().skip(count - 45))
            .collect(),
        false => name.to_owned(),
    }
}
