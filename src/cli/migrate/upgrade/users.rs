//! Users in, users out, and how many are how far.

use std::{
    fs::{File, OpenOptions},
    io::{BufWriter, Write},
    path::Path,
    process::ExitCode,
};

use serde_json::{Value, json};

use super::{opened, tell_torn};
use crate::{
    cli::{
        args::migrate::{AddUsers, ListUsers, Renew, Status},
        files,
        migrate::retire::counted,
        paint, private_file, put,
    },
    error::{Error, Kind},
    migrate::{
        campaign::{Campaign, csv},
        disk::failed,
    },
    system::{Clock, SystemClock},
};

/// Lines of one kind that are told one by one.
const TOLD: usize = 20;

pub(super) fn add(options: &AddUsers) -> Result<ExitCode, Error> {
    let mut campaign = opened(&options.campaign)?;
    let bytes = files::read_up_to("users", &options.users, csv::MAX_BYTES as u64)?;
    let list = csv::read(&bytes)?;
    let added = campaign.add(list.invitees, SystemClock.now())?;
    some(&list.faults, |(line, why)| {
        format!("line {line}: {why}; left out")
    });
    some(&added.twice, |email| {
        format!("{email}: twice in the list; invited once")
    });
    some(&added.already, |email| {
        format!("{email}: invited before; nothing was changed")
    });
    paint::talk(format_args!(
        "invited: {}, twice: {}, before: {}, left out: {}; users now: {}",
        added.added,
        added.twice.len(),
        added.already.len(),
        list.faults.len(),
        campaign.len()
    ));
    Ok(match list.faults.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn some<T>(all: &[T], shown: impl Fn(&T) -> String) {
    for one in all.iter().take(TOLD) {
        paint::talk(format_args!(
            "{} {}",
            paint::styled(paint::NOTICE, "notice:"),
            shown(one)
        ));
    }
    if all.len() > TOLD {
        paint::talk(format_args!("  and {} more like this", all.len() - TOLD));
    }
}

pub(super) fn status(options: &Status) -> Result<ExitCode, Error> {
    let campaign = Campaign::look(&options.campaign)?;
    tell_torn(&campaign);
    let now = SystemClock.now();
    let tally = campaign.tally(now)?;
    let ended = campaign.numbers(|standing| standing.needs_link(now))?.len();
    if options.json {
        let states: serde_json::Map<String, Value> = tally
            .iter()
            .map(|(state, count)| (state.word().to_owned(), count.into()))
            .collect();
        let settings = campaign.settings();
        let status = json!({
            "app": settings.app(),
            "origin": settings.origin(),
            "client_id": settings.client_id(),
            "scopes": settings.scopes().iter().collect::<Vec<_>>(),
            "users": tally.total(),
            "states": states,
            "links_ended": ended,
        });
        put(format!("{status}\n").as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let users = counted(tally.total(), "user");
    let mut table = format!("{}: {users}\n", campaign.settings().app());
    for (state, count) in tally.iter() {
        let part = match tally.total() {
            0 => 0.0,
            total => count as f64 * 100.0 / total as f64,
        };
        table.push_str(&format!("{count:>10}  {part:5.1} %  {}\n", state.words()));
    }
    put(table.as_bytes())?;
    tell_ended(ended, &options.campaign);
    Ok(ExitCode::SUCCESS)
}

/// Who can do nothing before they get another link.
pub(super) fn tell_ended(count: usize, campaign: &Path) {
    if count == 0 {
        return;
    }
    paint::talk(format_args!(
        "{} {} ended, so that mail would lead nowhere: gdata-auth migrate upgrade renew {} --expired",
        paint::styled(paint::NOTICE, "notice:"),
        match count {
            1 => "the link of 1 user has".to_owned(),
            many => format!("the links of {many} users have"),
        },
        campaign.display()
    ));
}

pub(super) fn list(options: &ListUsers) -> Result<ExitCode, Error> {
    if let Some(path) = &options.output {
        private_file::check("output", path, options.force)?;
    }
    let campaign = Campaign::look(&options.campaign)?;
    tell_torn(&campaign);
    let now = SystemClock.now();
    match &options.output {
        None => {
            let mut out = Vec::new();
            campaign.print_csv(options.links, now, |line| {
                out.extend_from_slice(line.as_bytes());
                match out.len() > 1 << 16 {
                    true => put(&std::mem::take(&mut out)),
                    false => Ok(()),
                }
            })?;
            put(&out)?;
        }
        Some(path) => {
            let mut problem = None;
            let saved = private_file::save_with("output", path, options.force, &mut |file| {
                let mut out = BufWriter::new(file);
                let printed = campaign.print_csv(options.links, now, |line| {
                    out.write_all(line.as_bytes())
                        .map_err(|cause| failed("write", path, cause))
                });
                printed.map_err(|error| {
                    problem = Some(error);
                    std::io::Error::other("the users could not be listed")
                })?;
                out.flush()
            });
            match problem {
                Some(problem) => return Err(problem),
                None => saved?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A file for its owner alone, where none is.
pub(super) fn fresh(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(super) fn renew(options: &Renew) -> Result<ExitCode, Error> {
    let mut campaign = opened(&options.campaign)?;
    let now = SystemClock.now();
    let numbers = match options.expired {
        true => {
            campaign.expire(now)?;
            campaign.numbers(|standing| standing.needs_link(now))?
        }
        false => {
            let mut numbers = Vec::with_capacity(options.email.len());
            for email in &options.email {
                let member = campaign.find(email)?.ok_or_else(|| {
                    Error::new(
                        Kind::Input,
                        format!("email: expected a user of the campaign, got {email:?}"),
                    )
                })?;
                numbers.push(member.number);
            }
            numbers
        }
    };
    let renewed = campaign.renew(&numbers, now)?;
    paint::talk(format_args!(
        "new links: {renewed}; who has consented keeps that: {}",
        numbers.len() - renewed
    ));
    Ok(ExitCode::SUCCESS)
}
