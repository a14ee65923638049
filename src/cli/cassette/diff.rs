//! `cassette diff`: how two cassettes differ in shape, values unseen.

use std::process::ExitCode;

use super::settings;
use crate::{
    cassette::{
        Limits, Settings,
        drift::{self, Level},
        load,
    },
    cli::{
        args::Diff,
        paint::{NOTICE, WRONG, styled},
        print,
    },
    error::{Error, Kind},
};

pub(super) fn run(options: &Diff) -> Result<ExitCode, Error> {
    let settings = match &options.config {
        None => Settings::default(),
        Some(path) => settings::read(path)?,
    };
    let read = |path| load(path, &Limits::default())?.into_whole();
    let (before, after) = (read(&options.before)?, read(&options.after)?);
    let report = drift::cassettes(&before, &after, &settings.drift);
    if options.json {
        let text = serde_json::to_string_pretty(&report).map_err(|cause| {
            Error::new(Kind::Transport, "cannot print the differences").caused_by(cause)
        })?;
        print(&text)?;
    } else {
        let mut same = 0;
        for pair in &report.pairs {
            same += usize::from(pair.drifts.is_empty());
            for drift in &pair.drifts {
                let style = match drift.level {
                    Level::Breaking => WRONG,
                    _ => NOTICE,
                };
                print(&format!("{} {}", pair.request, styled(style, drift)))?;
            }
        }
        print(&format!(
            "{same} of {} interactions are the same in shape",
            report.pairs.len()
        ))?;
    }
    let differs = report.worst().is_some_and(|worst| worst > Level::Harmless);
    Ok(ExitCode::from(u8::from(differs)))
}
