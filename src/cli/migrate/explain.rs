//! `migrate explain`: a text in, what it means out.

use std::{
    io::{IsTerminal, Read},
    path::Path,
    process::ExitCode,
};

use crate::{
    cli::{args::MigrateExplain, files, paint, put},
    error::{Error, Kind},
    migrate::explain::{Explained, Sure, explain},
};

/// The most bytes of a file that are read: its end is what is looked at.
const MAX: u64 = 64 << 20;

pub(super) fn run(options: &MigrateExplain) -> Result<ExitCode, Error> {
    let explained = explain(&text(options.text.as_deref().unwrap_or("-"))?);
    let none = explained.explanations.is_empty();
    if options.json {
        let mut text = serde_json::to_string_pretty(&explained).map_err(|cause| {
            Error::new(Kind::Input, "cannot print the explanations as JSON").caused_by(cause)
        })?;
        text.push('\n');
        put(text.as_bytes())?;
    } else if none {
        let given = options.text.as_deref().unwrap_or("-");
        let like_a_file = !given.contains(char::is_whitespace) && given.contains(['.', '/']);
        match given != "-" && like_a_file && !Path::new(given).exists() {
            true => paint::talk(format_args!(
                "nothing in this text is known; if {given} is a file's name, there is no such file here"
            )),
            false => paint::talk(
                "nothing in this text is known; give the whole answer, with its status and body",
            ),
        }
    } else {
        put(told(&explained).as_bytes())?;
    }
    Ok(match none {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// A file where there is one of that name, else the argument itself.
fn text(given: &str) -> Result<String, Error> {
    if given == "-" {
        if std::io::stdin().is_terminal() {
            paint::talk("paste the text, then press Ctrl-D:");
        }
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(MAX)
            .read_to_end(&mut bytes)
            .map_err(|cause| Error::new(Kind::Input, "stdin: cannot read").caused_by(cause))?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    let path = Path::new(given);
    // A pasted trace may be longer than a name can be, which no system calls "not found".
    if given.len() < 4096 && !given.contains('\n') && path.is_file() {
        let bytes = files::read_up_to("text", path, MAX)?;
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(given.to_owned())
}

fn told(explained: &Explained) -> String {
    let mut out = String::new();
    for (at, one) in explained.explanations.iter().enumerate() {
        let sure = match one.sure {
            Sure::Certain => "certain",
            Sure::Likely => "likely",
            _ => "possible",
        };
        out.push_str(&format!(
            "{}. {} [{}, {sure}]\n",
            at + 1,
            one.meaning,
            one.id
        ));
        if let Some(since) = &one.since {
            out.push_str(&format!("   since: {since}\n"));
        }
        out.push_str(&format!("   next: {}\n", one.next));
        if let Some(link) = &one.link {
            out.push_str(&format!("   see: {link}\n"));
        }
    }
    out
}
