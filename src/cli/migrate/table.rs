//! Findings as a person reads them in a terminal.

use std::fmt::{Display, Write};

use anstyle::{AnsiColor, Style};

use crate::{
    cli::paint::{HEAD, NOTICE, WRONG, styled},
    migrate::scan::{Report, Verdict, report::View},
};

const SOFT: Style = Style::new().dimmed();

/// How each verdict looks.
const LOOKS: &[(Verdict, Style)] = &[
    (Verdict::ReplaceSecret, AnsiColor::Red.on_default()),
    (Verdict::HeaderSwap, AnsiColor::Green.on_default()),
    (Verdict::Port, AnsiColor::Yellow.on_default()),
    (Verdict::NoSuccessor, AnsiColor::Red.on_default()),
    (Verdict::CheckByHand, AnsiColor::Magenta.on_default()),
    (Verdict::AlreadyOauth2, AnsiColor::Cyan.on_default()),
    (Verdict::LookAlike, SOFT),
];

/// Every finding, by file, and the summary.
pub(super) fn text(report: &Report, view: &View<'_>) -> String {
    let mut out = String::new();
    let shown = view
        .findings
        .iter()
        .filter(|(_, new)| *new || !view.baseline || view.look_alikes);
    let mut file = "";
    for (finding, _) in shown {
        if finding.file != file {
            file = &finding.file;
            let _ = writeln!(out, "{}", styled(HEAD, file));
        }
        let look = LOOKS
            .iter()
            .find(|(verdict, _)| *verdict == finding.verdict);
        let style = look.map_or(Style::new(), |(_, style)| *style);
        let _ = writeln!(
            out,
            "  {:>5}:{:<4} {} {}  {}",
            finding.line,
            finding.column,
            styled(SOFT, format_args!("{:<4}", finding.rule)),
            styled(style, format_args!("{:<22}", finding.verdict.words())),
            finding.excerpt,
        );
        let _ = writeln!(out, "             {}", styled(SOFT, &finding.message));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "{}", summary(report, view));
    out
}

/// A few lines of numbers.
pub(super) fn summary(report: &Report, view: &View<'_>) -> String {
    let mut out = String::new();
    let open = report
        .findings
        .iter()
        .filter(|finding| finding.verdict.is_open())
        .count();
    let style = if view.failing() > 0 { WRONG } else { HEAD };
    let new = match view.baseline {
        true => format!(", {} of them new", view.failing()),
        false => String::new(),
    };
    let _ = write!(
        out,
        "{} left to do{new}, in {} that {} read",
        styled(style, format_args!("{open}")),
        counted(report.files, "file", "files"),
        if report.files == 1 { "was" } else { "were" },
    );
    part(&mut out, "what to do", report.by_verdict());
    part(&mut out, "by API", by_api(report));
    let mut others: Vec<(String, u64)> = Vec::new();
    let alikes = report.look_alikes.len() as u64;
    others.push((
        format!(
            "{} (--look-alikes shows them)",
            one(alikes, "look-alike", "look-alikes")
        ),
        alikes,
    ));
    others.push((
        format!(
            "{} of it in comments or prose only",
            one(report.only_comments, "file that speaks", "files that speak")
        ),
        report.only_comments,
    ));
    for (why, count) in &report.skipped_counts {
        others.push((
            format!("{}: {}", one(*count, "file", "files"), why.words()),
            *count,
        ));
    }
    others.retain(|(_, count)| *count > 0);
    part(&mut out, "not counted", others);
    for skipped in report
        .skipped
        .iter()
        .filter(|skipped| skipped.why.is_told())
        .take(20)
    {
        let _ = write!(
            out,
            "\n  {} {}: {}",
            styled(NOTICE, "not read:"),
            skipped.file,
            skipped.why.words()
        );
        if let Some(detail) = &skipped.detail {
            let _ = write!(out, " ({detail})");
        }
    }
    if report.left_out > 0 {
        let _ = write!(
            out,
            "\n  {:>6}  {} had no room in the report",
            report.left_out,
            one(report.left_out, "finding", "findings"),
        );
    }
    out
}

/// What is left to do by API, so that the rows add up to the whole; what is done is told beside it.
fn by_api(report: &Report) -> Vec<(String, usize)> {
    let left = report.open_by_service();
    let all = report.by_service().into_iter();
    all.map(|(api, all)| {
        let left = left.get(api).copied().unwrap_or_default();
        match (left, all - left) {
            (left, 0) => (api.to_owned(), left),
            (0, done) => (format!("{api}: all {done} done"), 0),
            (left, done) => (format!("{api}, and {done} done"), left),
        }
    })
    .collect()
}

/// Rows of numbers under a line that says what they count.
fn part<W: Display, N: Display>(
    out: &mut String,
    heading: &str,
    rows: impl IntoIterator<Item = (W, N)>,
) {
    for (at, (what, count)) in rows.into_iter().enumerate() {
        if at == 0 {
            let _ = write!(out, "\n{heading}:");
        }
        let _ = write!(out, "\n  {count:>6}  {what}");
    }
}

fn one(count: u64, one: &'static str, more: &'static str) -> &'static str {
    match count {
        1 => one,
        _ => more,
    }
}

fn counted(count: u64, single: &'static str, more: &'static str) -> String {
    format!("{count} {}", one(count, single, more))
}
