//! `cassette serve` and its short forms: a port between clients in any language and a cassette.

use std::{net::SocketAddr, path::Path, process::ExitCode, sync::Arc, time::Duration};

use serde_json::json;

use super::{
    child,
    progress::Line,
    settings::{self, Ready},
};
use crate::{
    cassette::{Mode, OnSocket, Session, Settings, Summary, drift::Level},
    cli::{
        args::Run,
        listen,
        paint::{NOTICE, RECEIVED, WRONG, styled, talk},
        put, runtime, stop_signal,
    },
    error::{Error, Kind},
    serve::{CertificateAuthority, Hosts, Interception, KeyType, Server},
    system::{Clock, SystemClock, SystemRandomness},
    transport::Reqwest,
};

pub(super) fn run(mode: Mode, options: &Run) -> Result<ExitCode, Error> {
    let Ready { join, settings } = settings::ready(options)?;
    let line = Line::start(options.quiet || options.json);
    let session = Session::builder(&options.cassette, join)
        .mode(mode)
        .upstreams(settings.record.upstreams()?)
        .bounds(settings.record.bounds())
        .drift(settings.drift.clone())
        .observer(line.observer());
    let session = match mode {
        Mode::Replay => session,
        _ => session.live(Reqwest::builder().build()?),
    };
    let session = Arc::new(session.open()?);
    needs_a_way(&session, &settings)?;
    let code = runtime()?.block_on(serve(&session, &settings, options, &line))?;
    line.end();
    let summary = session.finish()?;
    let verdict = tell(&session, &settings, &summary, options)?;
    Ok(match code {
        Some(code) if code != 0 => ExitCode::from(code),
        _ => verdict,
    })
}

/// Without a word on where requests may go, a port would be an open proxy.
fn needs_a_way(session: &Session, settings: &Settings) -> Result<(), Error> {
    let live = session.mode() != Mode::Replay;
    if live && settings.record.upstream.is_none() && settings.record.hosts.is_empty() {
        return Err(Error::input(
            "upstream",
            "expected --upstream ORIGIN for clients that ask this port, or --host HOST for clients that use it as their proxy",
        ));
    }
    Ok(())
}

async fn serve(
    session: &Arc<Session>,
    settings: &Settings,
    options: &Run,
    line: &Line,
) -> Result<Option<u8>, Error> {
    let hosts = &settings.record.hosts;
    let quiet = options.quiet;
    let events = line.clone();
    let mut server = Server::builder().observer(move |event| {
        if !quiet {
            events.above(event);
        }
    });
    if let Some(path) = &options.ca_file {
        server = server.intercept(interception(path, hosts, options)?);
    }
    let address = SocketAddr::from(([127, 0, 0, 1], options.port));
    let server = server
        .bind(address, OnSocket::new(Arc::clone(session)))
        .map_err(|cause| listen::refused(cause, address, listen::PORT))?;
    let origin = server.origin();
    let running = server.spawn()?;
    let code = if options.command.is_empty() {
        put(format!("listening on {origin}\n").as_bytes())?;
        if !quiet {
            line.above("Ctrl-C stops it");
        }
        stop_signal().await;
        None
    } else {
        Some(
            child::run(
                &options.command,
                &origin,
                options.ca_file.as_deref(),
                !hosts.is_empty(),
            )
            .await?,
        )
    };
    // Answers under way are waited for, so that they are in the recording.
    tokio::time::timeout(GRACE, running.stop())
        .await
        .unwrap_or(Ok(()))?;
    Ok(code)
}

fn interception(path: &Path, hosts: &[String], options: &Run) -> Result<Interception, Error> {
    let names = hosts
        .iter()
        .filter(|host| !host.contains("://"))
        .map(String::as_str);
    let kind = match options.ca_rsa {
        true => KeyType::Rsa2048,
        false => KeyType::EcdsaP256,
    };
    let authority = CertificateAuthority::new(
        Hosts::new(names)?,
        kind,
        SystemClock.now(),
        &SystemRandomness,
    )?;
    authority.save(path)?;
    Ok(Interception::new(authority))
}

/// What came of it, for a person on stderr or as JSON on stdout, and whether it is well.
fn tell(
    session: &Session,
    settings: &Settings,
    summary: &Summary,
    options: &Run,
) -> Result<ExitCode, Error> {
    let drifted = |level: Level| {
        summary
            .checked
            .iter()
            .flat_map(|checked| &checked.drifts)
            .filter(|drift| drift.level >= level)
            .count()
    };
    let all = options.all || settings.matching.must_play_all;
    let bad = (all && !summary.unused.is_empty()) || drifted(Level::Breaking) > 0;
    if options.json {
        let checked: Vec<_> = summary
            .checked
            .iter()
            .map(|checked| json!({"request": checked.request, "drifts": checked.drifts}))
            .collect();
        let document = json!({
            "mode": session.mode().name(),
            "cassette": session.path(),
            "saved": summary.saved,
            "recorded": summary.recorded,
            "bytes": summary.bytes,
            "refused": summary.refused,
            "unused": summary.unused,
            "notes": summary.notes,
            "checked": checked,
        });
        let text = serde_json::to_string_pretty(&document).map_err(|cause| {
            Error::new(Kind::Transport, "cannot print the summary").caused_by(cause)
        })?;
        put(format!("{text}\n").as_bytes())?;
    } else if !options.quiet {
        if let Some(path) = &summary.saved {
            talk(format_args!(
                "{} {}: {} interactions, {} bytes",
                styled(RECEIVED, "saved:"),
                path.display(),
                summary.recorded,
                summary.bytes,
            ));
        }
        for note in &summary.notes {
            talk(format_args!("{} {note}", styled(NOTICE, "note:")));
        }
        for unused in &summary.unused {
            talk(format_args!(
                "{} {unused}",
                styled(NOTICE, "not asked for:")
            ));
        }
        for checked in &summary.checked {
            for drift in &checked.drifts {
                let style = match drift.level {
                    Level::Breaking => WRONG,
                    _ => NOTICE,
                };
                talk(format_args!("{} {}", styled(style, drift), checked.request));
            }
        }
        if session.mode() == Mode::Check {
            talk(format_args!(
                "{} requests compared, {} breaking drifts",
                summary.checked.len(),
                drifted(Level::Breaking)
            ));
        }
    }
    Ok(ExitCode::from(u8::from(bad)))
}

/// How long answers under way are waited for at the end.
const GRACE: Duration = Duration::from_secs(10);
