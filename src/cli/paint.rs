//! Colours where a person reads, none where a program does; `NO_COLOR` is heeded.

use std::{error::Error as _, io::Write};

use anstyle::{AnsiColor, Style};

use crate::error::{Advice, Error};

pub(super) const HEAD: Style = Style::new().bold();
pub(super) const SENT: Style = AnsiColor::Cyan.on_default();
pub(super) const RECEIVED: Style = AnsiColor::Green.on_default();
pub(super) const NOTICE: Style = AnsiColor::Yellow.on_default();
pub(super) const WRONG: Style = AnsiColor::Red.on_default().bold();

/// `text` in a style; the stream strips it where no terminal is.
pub(super) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A line for a person, on stderr. Whoever closed stderr does not want it.
pub(super) fn talk(line: impl std::fmt::Display) {
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// A failure, its causes, and what to do next, on stderr.
pub(super) fn error(error: &Error) {
    talk(format_args!("{} {error}", styled(WRONG, "error:")));
    let mut cause = error.source();
    let mut shown = error.to_string();
    while let Some(source) = cause {
        let text = source.to_string();
        if !shown.contains(&text) {
            talk(format_args!("  because {text}"));
        }
        shown = text;
        cause = source.source();
    }
    if let Some(next) = next_step(&error.advice()) {
        talk(format_args!("  {} {next}", styled(NOTICE, "next:")));
    }
}

fn next_step(advice: &Advice) -> Option<String> {
    match advice {
        Advice::Retry { after: Some(delay) } => Some(format!("try again in {} s", delay.as_secs())),
        Advice::Retry { after: None } => Some("try again later".to_owned()),
        Advice::AskConsent { .. } => Some("send the user through consent again".to_owned()),
        Advice::Reauthenticate => Some("let the user sign in again".to_owned()),
        Advice::FixScope { needed } => Some(format!("ask for the scope {needed}")),
        Advice::FixClock => Some("set this machine's clock".to_owned()),
        Advice::AskAdmin => Some("ask the account's administrator".to_owned()),
        Advice::Migrate { to } => Some(format!("move to {to}")),
        Advice::FixClient => None,
    }
}
