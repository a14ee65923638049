//! `cassette inspect --secrets`: what stands in the clear in a cassette of any format.

use std::process::ExitCode;

use serde_json::json;

use crate::{
    cassette::{
        Limits, load,
        redact::{self, Certainty, Leak},
    },
    cli::{
        args::Inspect,
        paint::{NOTICE, RECEIVED, WRONG, styled},
        print,
    },
    error::{Error, Kind},
};

pub(super) fn run(options: &Inspect) -> Result<ExitCode, Error> {
    let mut found = Vec::new();
    for path in &options.cassettes {
        let reading = load(path, &Limits::default())?;
        let leaks = redact::inspect(&reading.cassette);
        found.push((path.display().to_string(), leaks));
    }
    let count: usize = found.iter().map(|(_, leaks)| leaks.len()).sum();
    if options.json {
        let leaks: Vec<_> = found
            .iter()
            .flat_map(|(name, leaks)| leaks.iter().map(move |leak| document(name, leak)))
            .collect();
        let text = serde_json::to_string_pretty(&leaks).map_err(|cause| {
            Error::new(Kind::Transport, "cannot print the secrets").caused_by(cause)
        })?;
        print(&text)?;
    } else {
        for (name, leaks) in &found {
            for leak in leaks {
                let style = match leak.certainty {
                    Certainty::Certain => WRONG,
                    _ => NOTICE,
                };
                print(&format!("{name}: {}", styled(style, leak)))?;
            }
        }
        print(&match count {
            0 => styled(RECEIVED, "no secret in the clear was found"),
            _ => {
                format!("{count} in the clear: gdata-auth cassette convert --redact replaces them")
            }
        })?;
    }
    Ok(ExitCode::from(u8::from(count > 0)))
}

fn document(name: &str, leak: &Leak) -> serde_json::Value {
    json!({
        "cassette": name,
        "interaction": leak.interaction,
        "place": leak.place,
        "field": leak.field,
        "what": leak.to_string(),
        "certain": leak.certainty == Certainty::Certain,
        "excerpt": leak.excerpt,
        "rule": leak.rule,
    })
}
