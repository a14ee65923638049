//! `migrate retire`: the end of what is legacy.

use std::{collections::BTreeMap, fmt::Display, path::Path, process::ExitCode};

use serde_json::json;

use crate::{
    cli::{
        args::migrate::{ByHandArgs, Observe, Retire, RetireRevoke, RetireStatus, Watch},
        files, given, login,
        migrate::legacy,
        paint, put, runtime,
    },
    error::{Error, Kind},
    migrate::{
        campaign::csv,
        dual::Snapshot,
        import::Protocol,
        retire::{BY_HAND, Lines, ObservedLog, RetireBook, Revoked, Stage, Turn, revoke_legacy},
    },
    system::{Clock, Stamps, SystemClock},
    time::Timestamp,
    transport::Reqwest,
};

/// A line of one.
const EXAMPLE: &str = r#"{"at":"2026-11-22T05:00:00Z","scheme":"AuthSub"}"#;

pub(super) fn run(step: &Retire) -> Result<ExitCode, Error> {
    match step {
        Retire::Revoke(options) => revoke(options),
        Retire::ByHand(options) => by_hand(options),
        Retire::Watch(options) => watch(options),
        Retire::Observe(options) => observe(options),
        Retire::Status(options) => status(options),
    }
}

fn revoke(options: &RetireRevoke) -> Result<ExitCode, Error> {
    let accounts = login::accounts(&options.server);
    let key = given::private_key(&options.key)?;
    let stamps = Stamps::system();
    let runtime = runtime()?;
    let transport = Reqwest::new()?;
    let (credentials, problems) = legacy::read(&options.path, legacy::Wanted::All)?;
    let mut all = problems == 0;
    let (mut failures, mut open) = (Failures::default(), 0);
    put(b"account,protocol,outcome,place\r\n")?;
    for credential in &credentials {
        if is_no_legacy(credential.protocol) {
            continue;
        }
        let place = format!("{}, {}", credential.found.file, credential.found.at);
        let outcome = match credential.to_scheme(key.as_ref()) {
            Ok(scheme) => {
                let stamp = stamps.next();
                runtime.block_on(revoke_legacy(&scheme, &accounts, &stamp, &transport))?
            }
            Err(why) => Revoked::Failed(why),
        };
        let ended = matches!(
            outcome,
            Revoked::Done | Revoked::Gone | Revoked::SwitchedOff(_)
        );
        all &= ended;
        open += usize::from(!ended);
        let (account, protocol) = (credential.account(), credential.protocol.name());
        let fields = [&*account, protocol, outcome.word(), &*place].map(csv::quoted);
        put(format!("{}\r\n", fields.join(",")).as_bytes())?;
        match &outcome {
            Revoked::SwitchedOff(why) => paint::talk(why),
            Revoked::Failed(why) => failures.tell(why),
            Revoked::ByHand(row) => {
                paint::talk(format_args!("{}: {}\n  {}", row.who, row.what, row.place));
            }
            _ => {}
        }
    }
    failures.sum_up();
    Ok(match all {
        true => ExitCode::SUCCESS,
        false if problems == 0 && failures.all_of_medium(open) => ExitCode::from(3),
        false => ExitCode::FAILURE,
    })
}

/// What did not work, each cause told once: a server that is down is down for all.
#[derive(Default)]
struct Failures {
    told: BTreeMap<String, usize>,
    of_medium: usize,
}

impl Failures {
    fn tell(&mut self, why: &Error) {
        self.of_medium += usize::from(why.kind() == Kind::Transport);
        let count = self.told.entry(why.to_string()).or_default();
        if *count == 0 {
            paint::error(why);
        }
        *count += 1;
    }

    fn sum_up(&self) {
        for (why, count) in self.told.iter().filter(|(_, count)| **count > 1) {
            paint::talk(format_args!("{count} times: {why}"));
        }
    }

    /// Whether nothing else kept a credential from its end, of so many that still live.
    fn all_of_medium(&self, open: usize) -> bool {
        open > 0 && self.of_medium == open
    }
}

/// Grants of OAuth 2.0 are what the users were moved to.
fn is_no_legacy(protocol: Protocol) -> bool {
    matches!(
        protocol,
        Protocol::OAuth2 | Protocol::OAuth2Client | Protocol::ServiceAccount
    )
}

fn by_hand(options: &ByHandArgs) -> Result<ExitCode, Error> {
    let mut out = String::new();
    if options.json {
        let rows: Vec<_> = BY_HAND
            .iter()
            .map(|row| {
                json!({"scheme": row.scheme, "who": row.who, "what": row.what, "place": row.place})
            })
            .collect();
        out = format!("{}\n", json!(rows));
    } else {
        for row in BY_HAND {
            out.push_str(&format!(
                "{} · {}\n  {}\n  {}\n",
                row.scheme, row.who, row.what, row.place
            ));
        }
    }
    put(out.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn watch(options: &Watch) -> Result<ExitCode, Error> {
    let mut book = match options.file.symlink_metadata() {
        Ok(_) => opened(options.file.as_path())?,
        Err(_) => RetireBook::create(&options.file)?,
    };
    let (name, days) = (&options.name, options.days);
    let before = book.watch(name, days, SystemClock.now())?;
    if let Some(before) = before.filter(|before| *before != days) {
        notice(format_args!(
            "{name} was watched for {}, and is for {days} now",
            counted(u64::from(before), "day")
        ));
    }
    paint::talk(match book.find(name).map(|it| it.stage) {
        Some(Stage::Done) => format!("{name} is done already"),
        _ => format!(
            "{name} will be done after {} without a legacy call",
            counted(u64::from(days), "day")
        ),
    });
    Ok(ExitCode::SUCCESS)
}

fn observe(options: &Observe) -> Result<ExitCode, Error> {
    let mut book = opened(&options.file)?;
    let now = SystemClock.now();
    let before = book.find(&options.name).cloned();
    let turn = match (&options.counters, &options.calls) {
        (Some(path), _) => {
            let counters = Snapshot::from_json(&files::read_text("counters", path)?)?;
            book.observe_counters(&options.name, &counters, now)?
        }
        (None, Some(path)) => {
            let mut log = ObservedLog::read(&mut *files::stream("calls", path)?)?;
            if log.calls.is_empty() && log.faults.count + log.untold.count + log.undated.count > 0 {
                return Err(no_log(path, &log));
            }
            for (lines, what) in leavings(&log) {
                if lines.count > 0 {
                    notice(format_args!(
                        "left out: {} ({what}), the first is line {}",
                        counted(lines.count, "line"),
                        lines.first
                    ));
                }
            }
            let future = log.take_future(now);
            if future > 0 {
                notice(format_args!(
                    "{} dated in the future and left out: it is {now} here; look at the clock of who wrote the log",
                    match future {
                        1 => "1 call is".to_owned(),
                        many => format!("{many} calls are"),
                    }
                ));
            }
            let watched = before.as_ref().map(|it| it.watched_at);
            let early = |watched: &Timestamp| log.calls.iter().any(|call| call.at < *watched);
            if let Some(watched) = watched.filter(early) {
                notice(format_args!(
                    "the log begins before `watch`: days before {watched} do not count"
                ));
            }
            if log.calls.is_empty() && !options.until_now {
                notice(
                    "no call proves nothing: --until-now says that the log is complete until now",
                );
            }
            book.observe_calls(&options.name, &log.calls, options.until_now.then_some(now))?
        }
        (None, None) => {
            return Err(Error::input("counters", "expected --counters or --calls"));
        }
    };
    let name = &options.name;
    match turn {
        Turn::Done => paint::talk(format_args!("{name} is done")),
        Turn::Reopened => notice(format_args!(
            "{name} was done, and a legacy call has come: it is open again"
        )),
        Turn::Stays => match book.due_at(name) {
            Some(due) => paint::talk(format_args!(
                "{name} will be done on {due}, if no legacy call comes"
            )),
            None => {
                let counted_before = before.map_or(0, |it| it.legacy_calls);
                let now = book.find(name).map_or(0, |it| it.legacy_calls);
                if now > counted_before {
                    notice(format_args!(
                        "{} of before the quiet days: counted, and nothing else changes",
                        counted(now - counted_before, "legacy call")
                    ));
                }
                paint::talk(format_args!("{name} stays done"));
            }
        },
    }
    Ok(ExitCode::SUCCESS)
}

fn status(options: &RetireStatus) -> Result<ExitCode, Error> {
    let book = RetireBook::look(&options.file)?;
    tell_torn(&book);
    let now = SystemClock.now();
    let (mut all, mut none) = (true, true);
    let mut rows = Vec::new();
    let mut out = String::new();
    for (name, it) in book.iter() {
        all &= it.stage == Stage::Done && !it.is_ahead(now);
        none = false;
        if it.is_ahead(now) {
            ahead(name, now);
        }
        if options.json {
            let mut row = json!(it);
            row["name"] = name.into();
            row["quiet_days"] = it.quiet_days().into();
            rows.push(row);
            continue;
        }
        let word = match it.stage {
            Stage::Done => "done",
            _ => "open",
        };
        let last = it.legacy_at.map_or("never".to_owned(), |at| at.to_string());
        out.push_str(&format!(
            "{word}  {name}: {} of {} days without a legacy call since `watch` on {}, last {last}, counted {}, opened again {}\n",
            it.quiet_days(),
            it.days,
            it.watched_at,
            it.legacy_calls,
            it.reopened
        ));
    }
    if options.json {
        out = format!("{}\n", json!(rows));
    }
    put(out.as_bytes())?;
    if none {
        // What nobody watches is not at its end.
        notice(format_args!(
            "nothing is watched: gdata-auth migrate retire watch {} NAME",
            options.file.display()
        ));
    }
    Ok(match all && !none {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Lines that count for nothing, and what they are.
fn leavings(log: &ObservedLog) -> [(Lines, &'static str); 3] {
    [
        (log.faults, "in no form of a log"),
        (log.untold, "a call that does not tell its credential"),
        (log.undated, "a call without a moment"),
    ]
}

fn no_log(path: &Path, log: &ObservedLog) -> Error {
    let all = leavings(log).into_iter();
    let first = all
        .filter(|(lines, _)| lines.count > 0)
        .min_by_key(|(lines, _)| lines.first);
    let (line, what) = first.map_or((0, ""), |(lines, what)| (lines.first, what));
    Error::input(
        "calls",
        format_args!(
            "expected calls that tell their moment and credential in {}, got none: line {line} is left out ({what}); a server can log \
             the word of Authorization as JSON, such as {EXAMPLE}",
            path.display()
        ),
    )
}

/// `1 day`, `2 days`.
pub(super) fn counted(number: u64, thing: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{end}")
}

/// A state that this clock says is still to come.
pub(super) fn ahead(name: &str, now: Timestamp) {
    notice(format_args!(
        "{name}: its state is of a moment that has not come; it is {now} here: a clock is wrong, or was"
    ));
}

fn notice(text: impl Display) {
    paint::talk(format_args!(
        "{} {text}",
        paint::styled(paint::NOTICE, "notice:")
    ));
}

fn opened(path: &Path) -> Result<RetireBook, Error> {
    let book = RetireBook::open(path)?;
    tell_torn(&book);
    Ok(book)
}

fn tell_torn(book: &RetireBook) {
    if book.torn_bytes() > 0 {
        notice(format_args!(
            "the last change was torn by a crash, and did not happen ({} bytes)",
            book.torn_bytes()
        ));
    }
}
