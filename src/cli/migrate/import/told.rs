//! What an import prints: lines for a person, or the inventory as JSON; alarms go to stderr as well.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use super::keep;
use crate::{
    cli::paint,
    error::{Error, Kind},
    migrate::import::{Alarm, Credential, Event, InventoryWriter, Summary},
};

pub(super) enum Printer<W: Write> {
    Text {
        out: W,
        alarms: HashMap<(String, Alarm), u64>,
    },
    Json {
        writer: InventoryWriter<W>,
        alarms: HashMap<(String, Alarm), u64>,
    },
}

impl<W: Write> Printer<W> {
    pub(super) fn new(json: bool, out: W) -> Result<Self, Error> {
        let alarms = HashMap::new();
        Ok(match json {
            true => Self::Json {
                writer: InventoryWriter::new(out)?,
                alarms,
            },
            false => Self::Text { out, alarms },
        })
    }

    pub(super) fn write(&mut self, event: Event<'_>) -> Result<(), Error> {
        let (Self::Text { alarms, .. } | Self::Json { alarms, .. }) = self;
        if let Event::Found(credential) = event {
            for alarm in &credential.alarms {
                *alarms
                    .entry((credential.found.file.clone(), *alarm))
                    .or_default() += 1;
            }
        }
        if let Event::Problem(problem) = event {
            paint::talk(format_args!(
                "{} {}, {}: {}",
                paint::styled(paint::WRONG, "problem:"),
                problem.found.file,
                problem.found.at,
                problem.what
            ));
        }
        match self {
            Self::Json { writer, .. } => writer.write(event),
            Self::Text { out, .. } => printed(text(out, event)),
        }
    }

    pub(super) fn finish(self, summary: &Summary) -> Result<(), Error> {
        let alarms = match self {
            Self::Text { mut out, alarms } => {
                printed(out.flush())?;
                alarms
            }
            Self::Json { writer, alarms } => {
                writer.finish(summary)?;
                alarms
            }
        };
        let mut alarms: Vec<_> = alarms.into_iter().collect();
        alarms.sort_by(|(one, _), (other, _)| one.0.cmp(&other.0));
        for ((file, alarm), times) in alarms {
            paint::talk(format_args!(
                "{} {file}: {} ({})",
                paint::styled(paint::WRONG, "ALARM:"),
                alarm.sentence(),
                match times {
                    1 => "once".to_owned(),
                    times => format!("{times} times"),
                },
            ));
        }
        Ok(())
    }
}

fn text(out: &mut impl Write, event: Event<'_>) -> io::Result<()> {
    match event {
        Event::Found(credential) => line(out, credential),
        Event::Double(double) if double.same_token => writeln!(
            out,
            "   the same token twice: {} and {}; {} counts",
            double.number, double.by, double.by
        ),
        Event::Double(double) => writeln!(
            out,
            "   the same user twice: {} is older than {}; {} counts",
            double.number, double.by, double.by
        ),
        _ => Ok(()),
    }
}

fn line(out: &mut impl Write, credential: &Credential) -> io::Result<()> {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let protocol = serde_json::to_value(credential.protocol).unwrap_or_default();
    let secrets: Vec<String> = credential
        .masks
        .iter()
        .map(|mask| format!("{} {}", mask.name, mask.mask))
        .collect();
    writeln!(
        out,
        "{:>4}  {}  user {}  client {}  {}",
        credential.number,
        protocol.as_str().unwrap_or_default(),
        dash(&credential.user),
        dash(&credential.client),
        match (&credential.service, credential.scopes.is_empty()) {
            (Some(service), _) => format!("service {service}"),
            (None, false) => format!("scopes {}", credential.scopes.join(" ")),
            (None, true) => "scopes not known".to_owned(),
        }
    )?;
    writeln!(
        out,
        "      in {}, {}: {}",
        credential.found.file,
        credential.found.at,
        secrets.join(", ")
    )?;
    if let Some(end) = credential.expires_at {
        writeln!(out, "      its access token ends {end}")?;
    }
    let elsewhere = credential.token_uri.as_deref();
    if let Some(address) = elsewhere.filter(|address| keep::is_elsewhere(address)) {
        writeln!(
            out,
            "      its server is not Google: {}; --into-store takes it with --token-uri",
            keep::told(address)
        )?;
    }
    if credential.dead {
        writeln!(out, "      the store marks it as dead")?;
    }
    for alarm in &credential.alarms {
        writeln!(out, "      ALARM: {}", alarm.sentence())?;
    }
    writeln!(out, "      next: {}", credential.usable.sentence())
}

/// Names files in which nothing is that is known here: a store that somebody misspelt is one of them.
pub(super) fn without(names: &[String], all: u64) {
    for name in names.iter().take(super::NAMED) {
        paint::talk(format_args!(
            "{} {name}: nothing in it is a credential that is known here",
            paint::styled(paint::NOTICE, "notice:")
        ));
    }
    let more = all.saturating_sub(super::NAMED as u64);
    if more > 0 && names.len() > super::NAMED {
        paint::talk(format_args!("  and more such files: {more}"));
    }
}

pub(super) fn summary(summary: &Summary) {
    paint::talk(format_args!(
        "credentials: {}, in files: {}, files without any: {}, doubles: {}, alarms: {}, problems: {}",
        summary.credentials,
        summary.files,
        summary.skipped,
        summary.doubles,
        summary.alarms,
        summary.problems
    ));
    for (usable, times) in &summary.uses {
        paint::talk(format_args!("  {times}: {}", usable.sentence()));
    }
}

fn printed(outcome: io::Result<()>) -> Result<(), Error> {
    outcome.map_err(|cause| Error::new(Kind::Transport, "stdout: cannot write").caused_by(cause))
}
