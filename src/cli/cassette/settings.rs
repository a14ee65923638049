//! The settings of a run: the file of `--config`, and the options over it.

use std::path::Path;

use crate::{
    cassette::{Join, Order, Settings, TimeRule, TimeRules},
    cli::{
        args::{OrderArg, Run, TimeArg},
        files,
        paint::{NOTICE, styled, talk},
    },
    error::Error,
};

/// What a session is opened with.
pub(super) struct Ready {
    pub(super) join: Join,
    pub(super) settings: Settings,
}

pub(super) fn ready(options: &Run) -> Result<Ready, Error> {
    let mut settings = match &options.config {
        None => Settings::default(),
        Some(path) => read(path)?,
    };
    if let Some(order) = options.order {
        settings.matching.order = match order {
            OrderArg::Any => Order::Any,
            OrderArg::Sequential => Order::Sequential,
            OrderArg::Strict => Order::Strict,
        };
    }
    settings.matching.repeat |= options.repeat;
    if let Some(time) = options.time {
        settings.time = TimeRules::new(match time {
            TimeArg::Keep => TimeRule::Keep,
            TimeArg::Shift => TimeRule::Shift,
            TimeArg::Strict => TimeRule::Strict,
        });
    }
    if let Some(upstream) = &options.upstream {
        settings.record.upstream = Some(upstream.clone());
    }
    settings.record.keep_host |= options.keep_host;
    settings.record.resign |= options.resign;
    settings.redact.mask_suspects |= options.mask_suspects;
    settings.record.hosts.extend(options.host.iter().cloned());
    let folder = options.config.as_deref().and_then(Path::parent);
    let quiet = options.quiet;
    let told = move |note: &str| {
        if !quiet {
            talk(format_args!("{} {note}", styled(NOTICE, "note:")));
        }
    };
    let folder = folder.unwrap_or(Path::new(""));
    let join = settings.join(folder, |player| player.on_a_socket(), told)?;
    Ok(Ready { join, settings })
}

pub(super) fn read(path: &Path) -> Result<Settings, Error> {
    files::read_toml("config", path)
}
