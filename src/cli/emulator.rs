//! `emulator`: Google on a loopback port.

use std::{
    net::SocketAddr,
    path::Path,
    process::ExitCode,
    sync::mpsc::{SyncSender, sync_channel},
};

use super::{
    args::{self, ConsentArg},
    files, listen, paint, private_file, put, runtime, stop_signal,
};
use crate::{
    emulator::{Config, Consent, Emulator, Entry, Site},
    error::{Error, Kind},
    secret::Secret,
    serve::Server,
};

pub(super) fn run(options: &args::Emulator) -> Result<ExitCode, Error> {
    let config = config(options)?;
    let (port, quiet) = (options.port, options.quiet);
    let mut emulator = Emulator::with(config)?;
    let keeper = emulator.clone();
    let log = Log::start();
    if !quiet {
        let log = log.clone();
        emulator = emulator.observed(move |entry| log.line(shown(entry)));
    }
    runtime()?.block_on(async move {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let server = Server::builder()
            .observer(move |event| {
                if !quiet {
                    log.line(event.to_string());
                }
            })
            .bind(address, emulator)
            .map_err(|cause| listen::refused(cause, address, listen::PORT))?;
        if let Some(path) = &options.state {
            take_up(path, &keeper)?;
        }
        put(format!("listening on {}\n", server.origin()).as_bytes())?;
        if !quiet {
            paint::talk("Ctrl-C stops it");
        }
        match &options.state {
            None => server.run(stop_signal()).await?,
            Some(path) => {
                let running = server.spawn()?;
                let stop = stop_signal();
                tokio::pin!(stop);
                let mut kept = String::new();
                loop {
                    tokio::select! {
                        () = &mut stop => break,
                        () = tokio::time::sleep(KEEP_EVERY) => keep(path, &keeper, &mut kept)?,
                    }
                }
                running.stop().await?;
                keep(path, &keeper, &mut kept)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// How often the state file is brought up to date, and how much a killed emulator forgets at the most.
const KEEP_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// Takes up the state of an earlier run; a file that is not there yet is an empty one.
fn take_up(path: &Path, emulator: &Emulator) -> Result<(), Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => emulator.restore(&text),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(Error::new(
            Kind::Input,
            format!("state: cannot read {}: {cause}", path.display()),
        )),
    }
}

/// Writes the state where it changed.
fn keep(path: &Path, emulator: &Emulator, kept: &mut String) -> Result<(), Error> {
    let state = emulator.snapshot()?;
    if state != *kept {
        private_file::save("state", path, &Secret::new(state.as_str()), true)?;
        *kept = state;
    }
    Ok(())
}

fn config(options: &args::Emulator) -> Result<Config, Error> {
    let mut config = match &options.config {
        None => Config::default(),
        Some(path) => files::read_toml("config", path)?,
    };
    if let Some(consent) = options.consent {
        config.consent = match consent {
            ConsentArg::Ask => Consent::Ask,
            ConsentArg::Allow => Consent::Allow,
            ConsentArg::Deny => Consent::Deny,
        };
    }
    for site in &options.site {
        let (host, path) = site
            .split_once('=')
            .ok_or_else(|| Error::input("site", "expected HOST=PEM_FILE"))?;
        let certificate = files::read_text("site", path.as_ref())?;
        config = config.with_site(Site::new(host, certificate));
    }
    Ok(config)
}

/// Lines for stderr, written by a thread of their own: whoever does not read them stops no answer. What
/// does not fit is dropped.
#[derive(Clone)]
struct Log(SyncSender<String>);

impl Log {
    /// Lines that wait to be written.
    const WAITING: usize = 1_024;

    fn start() -> Self {
        let (sender, lines) = sync_channel::<String>(Self::WAITING);
        std::thread::spawn(move || lines.iter().for_each(paint::talk));
        Self(sender)
    }

    fn line(&self, line: String) {
        let _ = self.0.try_send(line);
    }
}

fn shown(entry: &Entry) -> String {
    let status = entry.status();
    let style = if status.is_client_error() || status.is_server_error() {
        paint::WRONG
    } else {
        paint::RECEIVED
    };
    let reason = entry
        .reason()
        .map_or_else(String::new, |reason| format!(": {reason}"));
    format!(
        "{} {}{} {}{reason}",
        entry.method(),
        entry.host(),
        entry.path(),
        paint::styled(style, status.as_u16()),
    )
}
