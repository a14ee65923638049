//! Many tokens by the migration grant.

use std::{io::IsTerminal, io::Write as _, path::Path, process::ExitCode, time::Duration};

use indicatif::ProgressBar;

use super::{client, users::fresh};
use crate::{
    cli::{
        accounts::{CLIENT, Registered, folder},
        args::migrate::MoveTokens,
        given,
        migrate::legacy,
        paint, put, runtime,
    },
    client::{Retry, grant_key},
    error::Error,
    migrate::{
        campaign::csv,
        grant::{Candidates, GrantReport, GrantRun},
    },
    scheme::oauth2::Client,
    store::{FileStore, update},
    system::{Clock, SystemClock},
    transport::Reqwest,
};

pub(super) fn run(options: &MoveTokens) -> Result<ExitCode, Error> {
    let (credentials, problems) = legacy::read(&options.path)?;
    let key = given::private_key(&options.key)?;
    let candidates = Candidates::of(&credentials, key.as_ref());
    let tokens = &candidates.tokens;
    let store = FileStore::open(folder(&options.store)?)?;
    let bar = match std::io::stderr().is_terminal() {
        true => ProgressBar::new(tokens.len() as u64),
        false => ProgressBar::hidden(),
    };
    let (report, client) = runtime()?.block_on(async {
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
        let report = run
            .retrying(options.tries, pause)
            .on_progress(|progress| bar.set_position(progress.done as u64))
            .run(tokens, &transport)
            .await?;
        Ok::<_, Error>((report, client))
    })?;
    bar.finish_and_clear();
    keep_client(&store, &client, &report)?;
    put(table(&candidates, &report).as_bytes())?;
    if let Some(why) = &report.stopped {
        paint::talk(format_args!(
            "{} the run ended early: {why}",
            paint::styled(paint::NOTICE, "notice:")
        ));
    }
    let moved = report.count("moved") + report.count("already");
    paint::talk(format_args!("moved: {moved} of {}", report.outcomes.len()));
    let asked = candidates.to_invite(&report);
    if let Some(path) = &options.invite {
        invite(path, &asked)?;
    } else if !asked.is_empty() {
        paint::talk(format_args!(
            "to be asked: {}; --invite FILE writes them down for `migrate upgrade add`",
            asked.len()
        ));
    }
    let whole = moved == report.outcomes.len() && asked.is_empty() && problems == 0;
    Ok(match whole {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Writes the list that a campaign is given. Who has no address can get no mail, and is told.
fn invite(path: &Path, asked: &[String]) -> Result<(), Error> {
    let (with, without): (Vec<&String>, Vec<&String>) =
        asked.iter().partition(|account| account.contains('@'));
    let write = || {
        let mut file = fresh(path)?;
        file.write_all(b"email\r\n")?;
        for account in &with {
            file.write_all(format!("{}\r\n", csv::quoted(account)).as_bytes())?;
        }
        file.sync_all()
    };
    write().map_err(|cause| {
        let problem = format_args!("cannot write {}: {cause}", path.display());
        Error::input("invite", problem).caused_by(cause)
    })?;
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

/// What a refresh needs later, as `login` keeps it.
fn keep_client(store: &FileStore, client: &Client, report: &GrantReport) -> Result<(), Error> {
    let registered = Registered::new(client.clone(), false).to_value()?;
    for (account, outcome) in &report.outcomes {
        if outcome.word() == "moved" {
            let key = grant_key(client, account)?;
            update(store, &key, |kept| {
                let grant =
                    kept.unwrap_or_else(|| crate::store::StoredGrant::new(SystemClock.now()));
                grant
                    .clone()
                    .with_extra(CLIENT, registered.clone())
                    .unwrap_or(grant)
            })?;
        }
    }
    Ok(())
}

fn table(candidates: &Candidates, report: &GrantReport) -> String {
    let mut table = "email,outcome,why\r\n".to_owned();
    let mut row = |account: &str, word: &str, why: Option<&Error>| {
        let why = why.map(ToString::to_string).unwrap_or_default();
        let (account, why) = (csv::quoted(account), csv::quoted(&why));
        table.push_str(&format!("{account},{word},{why}\r\n"));
    };
    for (account, outcome) in &report.outcomes {
        row(account, outcome.word(), outcome.why());
    }
    for other in &candidates.others {
        row(&other.account, "not_moved", Some(&other.why));
    }
    table
}
