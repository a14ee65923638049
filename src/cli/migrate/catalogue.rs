//! `migrate catalogue`: what became of a service.

use std::{fmt::Write as _, process::ExitCode};

use serde::Serialize;

use crate::{
    cli::{
        args::{CatalogueFormat, LookUp},
        paint::{self, NOTICE, styled},
        put,
    },
    error::{Error, Kind},
    migrate::catalogue::{Call, Catalogue, Missing, Service},
};

#[derive(Serialize)]
struct Found<'c> {
    services: Vec<&'c Service>,
    #[serde(rename = "youtubeCalls")]
    calls: Vec<&'c Call>,
}

pub(super) fn run(options: &LookUp) -> Result<ExitCode, Error> {
    let catalogue = Catalogue::built_in()?;
    let found = match options.query.as_deref() {
        None => Ok(Found {
            services: catalogue.services().iter().collect(),
            calls: catalogue.youtube_calls().iter().collect(),
        }),
        Some(query) => look_up(catalogue, query.trim()),
    };
    let found = match found {
        Ok(found) => found,
        Err(missing) => {
            paint::talk(format_args!("{} {missing}", styled(NOTICE, "not there:")));
            return Ok(ExitCode::FAILURE);
        }
    };
    let text = match options.format {
        CatalogueFormat::Json => {
            let text = serde_json::to_string_pretty(&found).map_err(|cause| {
                Error::new(Kind::Input, "cannot print the catalogue as JSON").caused_by(cause)
            })?;
            text + "\n"
        }
        CatalogueFormat::Text if options.query.is_none() => list(&found),
        CatalogueFormat::Text => at_length(&found),
    };
    put(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn look_up<'c>(catalogue: &'c Catalogue, query: &str) -> Result<Found<'c>, Missing> {
    if let Some((method, address)) = query.split_once(' ')
        && method.bytes().all(|byte| byte.is_ascii_uppercase())
    {
        let call = catalogue.youtube_call(method, address.trim())?;
        return Ok(Found {
            services: Vec::new(),
            calls: vec![call],
        });
    }
    let services = catalogue.find(query)?;
    Ok(Found {
        services,
        calls: Vec::new(),
    })
}

/// A line a service.
fn list(found: &Found<'_>) -> String {
    let mut out = String::new();
    for service in &found.services {
        let codes: Vec<&str> = service.codes().collect();
        let mark = if service.is_verified("state") {
            ""
        } else {
            " (UNVERIFIED)"
        };
        let _ = writeln!(
            out,
            "{:<19} {:<14} {:<20} {}",
            service.id(),
            codes.join(" "),
            format!("{}{mark}", service.state()),
            service.successor().unwrap_or("no successor"),
        );
    }
    let _ = writeln!(out, "\nYouTube v2 calls:");
    for call in &found.calls {
        let _ = writeln!(out, "{}", line(call));
    }
    out
}

fn line(call: &Call) -> String {
    let v3: Vec<&str> = call.v3().collect();
    let v3 = if v3.is_empty() {
        "none".to_owned()
    } else {
        v3.join(" + ")
    };
    format!("{:<7} {:<46} {v3}", call.method(), call.path())
}

/// Everything about a few.
fn at_length(found: &Found<'_>) -> String {
    let mut out = String::new();
    for (at, service) in found.services.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "{} ({})", service.name(), service.id());
        let codes: Vec<&str> = service.codes().collect();
        row(&mut out, service, "ClientLogin", "", &codes.join(" "));
        let ended = service
            .ended()
            .map_or(String::new(), |ended| format!(", since {ended}"));
        row(
            &mut out,
            service,
            "in 2026",
            "state",
            &format!("{}{ended}", service.state()),
        );
        row(&mut out, service, "feeds", "feeds", &words(service.feeds()));
        row(
            &mut out,
            service,
            "old scopes",
            "",
            &words(service.scopes()),
        );
        row(
            &mut out,
            service,
            "successor",
            "",
            service.successor().unwrap_or("none"),
        );
        row(
            &mut out,
            service,
            "to read",
            "read",
            &words(service.read_scopes()),
        );
        row(
            &mut out,
            service,
            "to write",
            "write",
            &words(service.write_scopes()),
        );
        let class = service
            .class()
            .map_or(String::new(), |class| class.to_string());
        row(&mut out, service, "class", "class", &class);
        row(
            &mut out,
            service,
            "note",
            "",
            service.note().unwrap_or_default(),
        );
        row(&mut out, service, "source", "", service.source());
    }
    for call in &found.calls {
        let _ = writeln!(out, "{}", line(call));
        for (name, text) in [("quota", call.quota()), ("note", call.note())] {
            if let Some(text) = text {
                let _ = writeln!(out, "  {name:<12} {text}");
            }
        }
        let _ = writeln!(out, "  {:<12} {}", "fit", call.fit());
    }
    out
}

fn words<'s>(words: impl Iterator<Item = &'s str>) -> String {
    words.collect::<Vec<_>>().join("\n               ")
}

/// A row that has something to say, marked where nobody confirmed it.
fn row(out: &mut String, service: &Service, name: &str, column: &str, text: &str) {
    if !text.is_empty() {
        let mark = if service.is_verified(column) {
            ""
        } else {
            "  UNVERIFIED"
        };
        let _ = writeln!(out, "  {name:<12} {text}{mark}");
    }
}
