//! Many tokens by the migration grant.

use std::{io::IsTerminal, path::Path, process::ExitCode, time::Duration};

use indicatif::ProgressBar;
use serde::Deserialize;

use super::client;
use crate::{
    cli::{
        accounts::{CLIENT, Registered, folder},
        args::migrate::MoveTokens,
        files, given, paint, put, runtime,
    },
    client::{Retry, grant_key},
    error::Error,
    migrate::{
        campaign::csv,
        grant::{GrantReport, GrantRun, LegacyToken},
    },
    scheme::{AuthScheme, oauth2::Client},
    store::{FileStore, Sealed, update},
    system::{Clock, SystemClock},
    transport::Reqwest,
};

/// The most bytes of a list of tokens.
const MAX: u64 = 256 << 20;

#[derive(Deserialize)]
struct Line {
    account: String,
    credential: Sealed,
}

pub(super) fn run(options: &MoveTokens) -> Result<ExitCode, Error> {
    let tokens = tokens(options, &options.tokens)?;
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
            .run(&tokens, &transport)
            .await?;
        Ok::<_, Error>((report, client))
    })?;
    bar.finish_and_clear();
    keep_client(&store, &client, &report)?;
    put(table(&report).as_bytes())?;
    if let Some(why) = &report.stopped {
        paint::talk(format_args!(
            "{} the run ended early: {why}",
            paint::styled(paint::NOTICE, "notice:")
        ));
    }
    let moved = report.count("moved") + report.count("already");
    paint::talk(format_args!("moved: {moved} of {}", report.outcomes.len()));
    Ok(match moved == report.outcomes.len() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn tokens(options: &MoveTokens, path: &Path) -> Result<Vec<LegacyToken>, Error> {
    let bytes = files::read_up_to("tokens", path, MAX)?;
    let key = given::private_key(&options.key)?;
    let mut tokens = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let wrong =
            |problem: &str| Error::input("tokens", format_args!("line {number}: {problem}"));
        // serde's message may quote a token.
        let line: Line = serde_json::from_slice(line)
            .map_err(|_| wrong("expected an account and a credential, got something else"))?;
        let signer = key.as_ref().map(crate::crypto::PrivateKey::signer);
        match line.credential.open(signer)? {
            AuthScheme::OAuth1(credential) => match credential.access_token() {
                Some(token) => tokens.push(LegacyToken::new(line.account, token.clone())),
                None => {
                    return Err(wrong(
                        "expected an access token, got a two-legged consumer: a service account takes its place",
                    ));
                }
            },
            other => {
                let name = other.name();
                return Err(wrong(&format!(
                    "expected OAuth 1.0, got {name}, for which there never was a grant: invite the user"
                )));
            }
        }
    }
    Ok(tokens)
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

fn table(report: &GrantReport) -> String {
    let mut table = "email,outcome,why\r\n".to_owned();
    for (account, outcome) in &report.outcomes {
        let why = outcome.why().map(ToString::to_string).unwrap_or_default();
        table.push_str(&format!(
            "{},{},{}\r\n",
            csv::quoted(account),
            outcome.word(),
            csv::quoted(&why)
        ));
    }
    table
}
