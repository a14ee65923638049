//! Many tokens by the migration grant.

use std::{collections::BTreeSet, io::IsTerminal, path::Path, process::ExitCode, time::Duration};

use indicatif::ProgressBar;

use super::{
    client,
    lists::{INVITED, OUTCOMES},
};
use crate::{
    cli::{
        accounts::{CLIENT, Registered, folder},
        args::migrate::MoveTokens,
        given,
        migrate::legacy,
        paint, put, runtime,
    },
    client::Retry,
    error::Error,
    migrate::{
        campaign::csv,
        grant::{Candidates, GrantRun, LegacyToken},
    },
    store::FileStore,
    transport::Reqwest,
};

pub(super) fn run(options: &MoveTokens) -> Result<ExitCode, Error> {
    let (credentials, problems) = legacy::read(&options.path, legacy::Wanted::Newest)?;
    let key = given::private_key(&options.key)?;
    let candidates = Candidates::of(&credentials, key.as_ref());
    let tokens = &candidates.tokens;
    let store = FileStore::open(folder(&options.store)?)?;
    let bar = match std::io::stderr().is_terminal() {
        true => ProgressBar::new(tokens.len() as u64),
        false => ProgressBar::hidden(),
    };
    // Before a token is exchanged.
    let known = known(&candidates);
    for (list, path) in [(INVITED, &options.invite), (OUTCOMES, &options.output)] {
        if let Some(path) = path {
            list.check(path, &known, options.force)?;
        }
    }
    let mut out = match options.output {
        None => Rows::Told,
        Some(_) => Rows::Kept(String::new()),
    };
    let mut told = Ok(());
    let report = runtime()?.block_on(async {
        let transport = Reqwest::new()?;
        let client = client::given(&options.client, &transport).await?;
        let run = match &options.endpoint {
            Some(endpoint) => GrantRun::at(&client, &store, endpoint)?,
            None => GrantRun::new(&client, &store)?,
        };
        let pause = |retry: Retry| {
            let delay = Duration::from_secs(1 << retry.attempt.min(6));
            tokio::time::sleep(retry.after.unwrap_or(delay))
        };
        // What a refresh needs later stands with each grant, as `login` keeps it; each line is told at once, so that
        // a run that is broken off has said what it did.
        let registered = Registered::new(client.clone(), false).to_value()?;
        out.put(&OUTCOMES.first_line())?;
        run.retrying(options.tries, pause)
            .replacing(options.replace)
            .keeping(CLIENT, registered)
            .on_progress(|progress| {
                bar.set_position(progress.done as u64);
                let (word, why) = (progress.outcome.word(), progress.outcome.why());
                let line = bar.suspend(|| out.put(&row(progress.account, word, why)));
                if told.is_ok() {
                    told = line;
                }
            })
            .run(tokens, &transport)
            .await
    })?;
    bar.finish_and_clear();
    told?;
    for other in &candidates.others {
        out.put(&row(&other.account, "not_moved", Some(&other.why)))?;
    }
    if let (Some(path), Rows::Kept(text)) = (&options.output, &out) {
        OUTCOMES.save(path, text)?;
    }
    if let Some(why) = &report.stopped {
        paint::talk(format_args!(
            "{} the run ended early: {why}",
            paint::styled(paint::NOTICE, "notice:")
        ));
    }
    let kept = report.count("kept");
    let (moved, already) = (report.count("moved"), report.count("already"));
    paint::talk(format_args!(
        "moved: {moved} of {}{}{}",
        report.outcomes.len(),
        match already {
            0 => String::new(),
            already => format!(", before this run: {already}"),
        },
        match kept {
            0 => String::new(),
            kept => format!(", with another grant that covers it: {kept}"),
        }
    ));
    let importable = candidates.to_import(&report).len();
    if importable > 0 {
        paint::talk(format_args!(
            "with a refresh token of OAuth 2.0 in the same stores, and not asked: {importable}; \
             `gdata-auth migrate import --into-store PATH` keeps it"
        ));
    }
    let asked = candidates.to_invite(&report);
    if let Some(path) = &options.invite {
        invite(path, &asked)?;
    } else if !asked.is_empty() {
        paint::talk(format_args!(
            "to be asked: {}; --invite FILE writes them down for `migrate upgrade add`",
            asked.len()
        ));
    }
    let unreachable = report.count("unreachable");
    if unreachable > 0 {
        paint::talk(format_args!(
            "not reached: {unreachable}; run the same command again, it goes on where it was"
        ));
    }
    let done = moved + already + kept;
    Ok(match () {
        () if done == report.outcomes.len() && asked.is_empty() && problems == 0 => {
            ExitCode::SUCCESS
        }
        // Nothing but the medium failed.
        () if unreachable > 0
            && done + unreachable == report.outcomes.len()
            && asked.is_empty()
            && problems == 0 =>
        {
            ExitCode::from(3)
        }
        () => ExitCode::FAILURE,
    })
}

/// Writes the list that a campaign is given. Who has no address can get no mail, and is told.
fn invite(path: &Path, asked: &[String]) -> Result<(), Error> {
    let (with, without): (Vec<&String>, Vec<&String>) =
        asked.iter().partition(|account| account.contains('@'));
    let mut text = INVITED.first_line();
    for account in &with {
        text.push_str(&csv::quoted(account));
        text.push_str("\r\n");
    }
    INVITED.save(path, &text)?;
    paint::talk(format_args!(
        "to be asked: {}, written to {}",
        with.len(),
        path.display()
    ));
    for account in without {
        paint::talk(format_args!(
            "{} {account}: no store gives an address to invite; find out whose it is",
            paint::styled(paint::NOTICE, "notice:")
        ));
    }
    Ok(())
}

/// Whom this run tells of.
fn known(candidates: &Candidates) -> BTreeSet<&str> {
    let tokens = candidates.tokens.iter().map(LegacyToken::account);
    let others = candidates.others.iter();
    tokens
        .chain(others.map(|other| other.account.as_str()))
        .collect()
}

/// Where lines go: out at once, or into a list that is whole when it is written.
enum Rows {
    Told,
    Kept(String),
}

impl Rows {
    fn put(&mut self, line: &str) -> Result<(), Error> {
        match self {
            Self::Told => put(line.as_bytes()),
            Self::Kept(text) => {
                text.push_str(line);
                Ok(())
            }
        }
    }
}

/// One line of the list.
fn row(account: &str, word: &str, why: Option<&Error>) -> String {
    let why = why.map(ToString::to_string).unwrap_or_default();
    let (account, why) = (csv::quoted(account), csv::quoted(&why));
    format!("{account},{word},{why}\r\n")
}
