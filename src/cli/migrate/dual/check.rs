//! `migrate dual check`: the rules in words, and which of them takes a call.

use std::{fmt::Write, process::ExitCode};

use super::{address, means};
use crate::{
    cli::{
        args::migrate::DualCheck,
        migrate::retire::counted,
        paint::{self, HEAD, NOTICE, styled},
        print,
    },
    error::Error,
    migrate::dual::{Compare, Override, Rule, Settings, Side},
    wire::origin::Origin,
};

/// More users than these are counted.
const FEW: usize = 3;

pub(super) fn run(options: &DualCheck) -> Result<ExitCode, Error> {
    let settings = Settings::read(&options.file)?;
    match (&options.user, &options.address) {
        (Some(user), Some(address)) => {
            Origin::of(address)?;
            print(&call(&settings, user, address))?;
        }
        _ => print(&table(&settings))?,
    }
    for (rule, taker) in settings.rules().never_reached() {
        paint::talk(format_args!(
            "{} rule {} decides nothing: rule {} takes all its calls",
            styled(NOTICE, "notice:"),
            rule + 1,
            taker + 1
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Who is asked for one call, and why.
fn call(settings: &Settings, user: &str, address: &str) -> String {
    let rules = settings.rules();
    let (rule, name) = match rules.which(user, address) {
        Some(number) => (rules.iter().nth(number), format!("rule {}", number + 1)),
        None => (None, "no rule, so [otherwise]".to_owned()),
    };
    let rule = rule.unwrap_or_else(|| rules.where_none_fits());
    let asked = address::shown(address);
    match settings.override_now() {
        Override::None => format!("{user} at {asked}: {rule}\n  by {name}{}", conditions(rule)),
        setting => format!(
            "{user} at {asked}: {}\n  by override = \"{}\"; without it {rule}, by {name}",
            side(setting),
            setting.word()
        ),
    }
}

fn side(setting: Override) -> String {
    match setting {
        Override::Old => Rule::new(Side::Old).to_string(),
        _ => Rule::new(Side::New).to_string(),
    }
}

fn conditions(rule: &Rule) -> String {
    let mut all = Vec::new();
    all.extend(rule.feed().map(|feed| format!("feed {feed}")));
    if rule.users().len() > 0 {
        all.push(format!("users {}", users(rule)));
    }
    all.extend(rule.percent().map(|percent| format!("percent {percent}")));
    match all.is_empty() {
        true => String::new(),
        false => format!(" ({})", all.join(", ")),
    }
}

fn table(settings: &Settings) -> String {
    let setting = settings.override_now();
    let mut out = format!("override: {}, {}\n\n", setting.word(), means(setting));
    let mut rows = vec![["RULE", "FEED", "USERS", "PERCENT", "WHO IS ASKED"].map(str::to_owned)];
    for (number, rule) in (1..).zip(settings.rules().iter()) {
        rows.push([
            number.to_string(),
            rule.feed().unwrap_or("all").to_owned(),
            users(rule),
            rule.percent()
                .map_or("all".to_owned(), |part| part.to_string()),
            rule.to_string(),
        ]);
    }
    let last = settings.rules().where_none_fits();
    rows.push(["else", "", "", "", &last.to_string()].map(str::to_owned));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..4).map(|column| width(column).unwrap_or(0)).collect();
    for (number, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        line.push_str(&row[4]);
        match number {
            0 => out.push_str(&styled(HEAD, &line)),
            _ => out.push_str(&line),
        }
        out.push('\n');
    }
    out.push('\n');
    out.push_str(&compared(settings.compare()));
    let feeds: std::collections::BTreeSet<&str> = settings.feeds().collect();
    let feeds = counted(feeds.len() as u64, "feed");
    let _ = writeln!(out, "counted: {feeds}, and all others as one");
    out
}

fn users(rule: &Rule) -> String {
    match rule.users().len() {
        0 => "all".to_owned(),
        few if few <= FEW => rule.users().collect::<Vec<_>>().join(", "),
        many => format!("{many} users"),
    }
}

fn compared(compare: &Compare) -> String {
    let mut out = "compared: status".to_owned();
    for header in compare.headers() {
        let _ = write!(out, ", {header}");
    }
    match compare.pairs().len() {
        0 => {
            let ignored: Vec<&str> = compare.ignored().collect();
            let _ = write!(out, ", all fields but {}", ignored.join(", "));
        }
        _ => {
            for (old, new) in compare.pairs() {
                let _ = write!(out, ", {old} with {new}");
            }
        }
    }
    if !compare.tells_values() {
        out.push_str("; without their values");
    }
    out.push('\n');
    out
}
