//! Mail and hooks. What was made is written down when it is on the disk, so that nobody is reminded twice in a row.

use std::{
    fs,
    io::{self, BufWriter, IsTerminal, Write},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use indicatif::ProgressBar;

use super::{
    opened,
    users::{fresh, tell_ended},
};
use crate::{
    cli::{
        args::migrate::{Remind, StateArg},
        files,
        migrate::retire::counted,
        paint, runtime,
    },
    error::Error,
    migrate::{
        campaign::{Campaign, MailText, Member, ReminderHook, State},
        disk::refused,
    },
    system::{Clock, SystemClock},
    time::Timestamp,
    transport::{Reqwest, run as exchange},
};

/// Users whose mail is made before it is written down.
const AT_ONCE: usize = 500;

pub(super) fn run(options: &Remind) -> Result<ExitCode, Error> {
    let text = text(options)?;
    let mut campaign = opened(&options.campaign)?;
    let now = SystemClock.now();
    let states: Vec<State> = options.state.iter().map(|state| state_of(*state)).collect();
    let span = i64::try_from(options.every.saturating_mul(86_400)).unwrap_or(i64::MAX);
    let before = Timestamp::from_unix_seconds(now.unix_seconds().saturating_sub(span));
    let numbers = campaign.to_remind(now, before, &states)?;
    let bar = match io::stderr().is_terminal() {
        true => ProgressBar::new(numbers.len() as u64),
        false => ProgressBar::hidden(),
    };
    let mut sink = Sink::open(options, text, now)?;
    for some in numbers.chunks(AT_ONCE) {
        let members = some
            .iter()
            .map(|number| campaign.member(*number))
            .collect::<Result<Vec<_>, _>>()?;
        sink.put(&campaign, &members)?;
        campaign.note_reminders(some, now)?;
        bar.inc(some.len() as u64);
    }
    bar.finish_and_clear();
    paint::talk(sink.told(numbers.len() as u64));
    let ended = campaign.numbers(|standing| standing.needs_link(now))?;
    tell_ended(ended.len(), &options.campaign);
    Ok(ExitCode::SUCCESS)
}

fn text(options: &Remind) -> Result<Option<MailText>, Error> {
    let Some(from) = &options.from else {
        return Ok(None);
    };
    let text = MailText::new(from)?;
    match &options.template {
        Some(path) => text
            .with_template(&files::read_text("template", path)?)
            .map(Some),
        None => Ok(Some(text)),
    }
}

fn state_of(state: StateArg) -> State {
    match state {
        StateArg::Invited => State::Invited,
        StateArg::Opened => State::Opened,
        StateArg::Partial => State::Partial,
        StateArg::Nothing => State::Nothing,
        StateArg::WrongAccount => State::WrongAccount,
    }
}

/// Where reminders go.
enum Sink<'o> {
    Eml(&'o Path, MailText, Timestamp),
    Mbox(BufWriter<fs::File>, &'o Path, MailText, Timestamp),
    Hook(&'o str, tokio::runtime::Runtime, Reqwest, Timestamp),
}

impl<'o> Sink<'o> {
    fn open(options: &'o Remind, text: Option<MailText>, now: Timestamp) -> Result<Self, Error> {
        match (&options.eml, &options.mbox, &options.webhook, text) {
            (Some(folder), _, _, Some(text)) => {
                let mut builder = fs::DirBuilder::new();
                builder.recursive(true);
                #[cfg(unix)]
                std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
                builder
                    .create(folder)
                    .map_err(|cause| refused("eml", "write", folder, cause))?;
                Ok(Self::Eml(folder, text, now))
            }
            (_, Some(path), _, Some(text)) => {
                let file = fresh(path).map_err(|cause| match cause.kind() {
                    // Nobody gets a message twice, so that one in a file that was overwritten would be lost.
                    io::ErrorKind::AlreadyExists => Error::input(
                        "mbox",
                        format_args!(
                            "{} is there already, with messages that are not made again: send them, and name another \
                             file",
                            path.display()
                        ),
                    ),
                    _ => refused("mbox", "write", path, cause),
                })?;
                Ok(Self::Mbox(BufWriter::new(file), path, text, now))
            }
            (_, _, Some(address), _) => Ok(Self::Hook(address, runtime()?, Reqwest::new()?, now)),
            _ => Err(Error::input("from", "expected who the mail is from")),
        }
    }

    fn told(&self, count: u64) -> String {
        match self {
            Self::Eml(..) | Self::Mbox(..) => {
                format!("{} made; nothing was sent", counted(count, "message"))
            }
            Self::Hook(..) => format!("{} told to the hook", counted(count, "user")),
        }
    }

    /// On the disk, or taken by the hook, when it returns.
    fn put(&mut self, campaign: &Campaign, members: &[Member]) -> Result<(), Error> {
        match self {
            Self::Eml(folder, text, now) => {
                for member in members {
                    let standing = &member.standing;
                    let name = format!(
                        "{:07}-{}-{}.eml",
                        member.serial, standing.round, standing.mails
                    );
                    let path = folder.join(name);
                    let message = text.message(campaign, member, *now)?;
                    // One that a broken run left is the same message.
                    let _ = fs::remove_file(&path);
                    fresh(&path)
                        .and_then(|mut file| {
                            file.write_all(message.as_bytes())?;
                            file.sync_all()
                        })
                        .map_err(|cause| refused("eml", "write", &path, cause))?;
                }
                Ok(())
            }
            Self::Mbox(out, path, text, now) => {
                for member in members {
                    let message = text.message(campaign, member, *now)?;
                    out.write_all(text.in_mbox(&message, *now).as_bytes())
                        .map_err(|cause| refused("mbox", "write", path, cause))?;
                }
                out.flush()
                    .and_then(|()| out.get_ref().sync_all())
                    .map_err(|cause| refused("mbox", "write", path, cause))
            }
            Self::Hook(address, runtime, transport, now) => {
                let call = ReminderHook::new(address, campaign.settings(), members, *now)?;
                runtime.block_on(async {
                    let mut tries = 0_u32;
                    loop {
                        match exchange(&call, transport).await {
                            Err(error) if error.is_transient() && tries < 3 => {
                                tries += 1;
                                tokio::time::sleep(Duration::from_secs(1 << tries)).await;
                            }
                            done => return done,
                        }
                    }
                })
            }
        }
    }
}
