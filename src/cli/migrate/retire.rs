//! `migrate retire`: the end of what is legacy.

use std::process::ExitCode;

use serde_json::json;

use crate::{
    cli::{
        args::migrate::{ByHandArgs, Observe, Retire, RetireRevoke, RetireStatus, Watch},
        files, given, login,
        migrate::legacy,
        paint, put, runtime,
    },
    error::Error,
    migrate::{
        campaign::csv,
        dual::Snapshot,
        import::Protocol,
        retire::{BY_HAND, ObservedLog, RetireBook, Revoked, Stage, Turn, revoke_legacy},
    },
    system::{Clock, Stamps, SystemClock},
    transport::Reqwest,
};

/// The most bytes of a log.
const MAX_LOG: u64 = 1 << 30;

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
        all &= matches!(
            outcome,
            Revoked::Done | Revoked::Gone | Revoked::SwitchedOff(_)
        );
        let (account, protocol) = (credential.account(), credential.protocol.name());
        let fields = [&*account, protocol, outcome.word(), &*place].map(csv::quoted);
        put(format!("{}\r\n", fields.join(",")).as_bytes())?;
        match &outcome {
            Revoked::SwitchedOff(why) => paint::talk(why),
            Revoked::Failed(why) => paint::error(why),
            Revoked::ByHand(row) => {
                paint::talk(format_args!("{}: {}\n  {}", row.who, row.what, row.place));
            }
            _ => {}
        }
    }
    Ok(match all {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
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
    book.watch(&options.name, options.days, SystemClock.now())?;
    paint::talk(format_args!(
        "{} is done after {} days without a legacy call",
        options.name, options.days
    ));
    Ok(ExitCode::SUCCESS)
}

fn observe(options: &Observe) -> Result<ExitCode, Error> {
    let mut book = opened(&options.file)?;
    let now = SystemClock.now();
    let turn = match (&options.counters, &options.calls) {
        (Some(path), _) => {
            let counters = Snapshot::from_json(&files::read_text("counters", path)?)?;
            book.observe_counters(&options.name, &counters, now)?
        }
        (None, Some(path)) => {
            let bytes = files::read_up_to("calls", path, MAX_LOG)?;
            let log = ObservedLog::read(&String::from_utf8_lossy(&bytes));
            if let Some(first) = log.faults.first() {
                paint::talk(format_args!(
                    "{} {} lines are no calls, the first is line {first}; they were left out",
                    paint::styled(paint::NOTICE, "notice:"),
                    log.faults.len()
                ));
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
        Turn::Reopened => paint::talk(format_args!(
            "{} {name} was done, and a legacy call has come: it is open again",
            paint::styled(paint::NOTICE, "notice:")
        )),
        Turn::Stays => match book.due_at(name) {
            Some(due) => paint::talk(format_args!(
                "{name} is done on {due}, if no legacy call comes"
            )),
            None => paint::talk(format_args!("{name} stays done")),
        },
    }
    Ok(ExitCode::SUCCESS)
}

fn status(options: &RetireStatus) -> Result<ExitCode, Error> {
    let book = RetireBook::look(&options.file)?;
    tell_torn(&book);
    let mut all = true;
    let mut rows = Vec::new();
    let mut out = String::new();
    for (name, it) in book.iter() {
        all &= it.stage == Stage::Done;
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
            "{word}  {name}: {} of {} days without a legacy call, last {last}, counted {}, opened again {}\n",
            it.quiet_days(),
            it.days,
            it.legacy_calls,
            it.reopened
        ));
    }
    if options.json {
        out = format!("{}\n", json!(rows));
    }
    put(out.as_bytes())?;
    Ok(match all {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn opened(path: &std::path::Path) -> Result<RetireBook, Error> {
    let book = RetireBook::open(path)?;
    tell_torn(&book);
    Ok(book)
}

fn tell_torn(book: &RetireBook) {
    if book.torn_bytes() > 0 {
        paint::talk(format_args!(
            "{} the last change was torn by a crash, and did not happen ({} bytes)",
            paint::styled(paint::NOTICE, "notice:"),
            book.torn_bytes()
        ));
    }
}
