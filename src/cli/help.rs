//! Help as it can be copied: an example that is longer than a narrow terminal goes on behind a backslash, where the
//! shell goes on too. Left to itself it would be broken anywhere.

use std::borrow::Cow;

use clap::Command;

/// The narrowest terminal that is thought of.
const WIDTH: usize = 80;

/// How the rest of an example begins.
const INDENT: &str = "    ";

/// Words by which a typed line begins.
const TYPED: &[&str] = &["gdata-auth ", "curl "];

/// The command and all below it, with examples that fit.
pub(super) fn fitted(command: Command) -> Command {
    let after = command.get_after_help().map(|text| fit(&text.to_string()));
    let command = match after {
        Some(text) => command.after_help(text),
        None => command,
    };
    command.mut_subcommands(fitted)
}

/// Breaks typed lines that are too long.
fn fit(text: &str) -> String {
    let mut typed = false;
    let lines: Vec<Cow<'_, str>> = text
        .lines()
        .map(|line| {
            let bare = line.trim_start();
            let begins = line.len() > bare.len() && TYPED.iter().any(|word| bare.starts_with(word));
            let is_typed = begins || typed;
            typed = is_typed && line.ends_with(['\\', '|']);
            match is_typed {
                true => broken(line),
                false => Cow::Borrowed(line),
            }
        })
        .collect();
    lines.join("\n")
}

/// One typed line, as several where it is too long.
fn broken(line: &str) -> Cow<'_, str> {
    if line.chars().count() <= WIDTH {
        return Cow::Borrowed(line);
    }
    // Room for the backslash.
    let Some(at) = gap(line, WIDTH - 2) else {
        return Cow::Borrowed(line);
    };
    let rest = format!("{INDENT}{}", line[at..].trim_start());
    Cow::Owned(format!("{} \\\n{}", line[..at].trim_end(), broken(&rest)))
}

/// The last space that no quotes hold and that lets the line fit; rather one before a pipe or, next, an option.
fn gap(line: &str, most: usize) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    let mut quote = None;
    let (mut any, mut option, mut pipe) = (None, None, None);
    for (count, (at, c)) in line.char_indices().enumerate() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            (' ', None) if at >= indent && count <= most => {
                any = Some(at);
                if line[at..].starts_with(" -") {
                    option = Some(at);
                }
                if line[at..].starts_with(" | ") {
                    pipe = Some(at);
                }
            }
            _ => {}
        }
    }
    pipe.or(option).or(any)
}
