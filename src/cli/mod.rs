//! The command line: data on stdout, talk on stderr, colours only on a terminal.
//!
//! Exit codes, the same for every command:
//!
//! | code | means |
//! |---|---|
//! | 0 | it worked; for `verify`, the signature holds; for `demo`, every step behaved |
//! | 1 | a clear no: the signature does not hold, a step of the demo misbehaved, the doctor found something wrong, the scan found something |
//! | 2 | the command cannot be carried out as it was given: an option, a path, an address |
//! | 3 | the medium failed: a port that is taken, a broken connection, a file that this user may not read or write |

mod accounts;
mod args;
mod cassette;
mod demo;
mod doctor;
mod emulator;
mod files;
mod given;
mod help;
mod listen;
mod login;
mod migrate;
mod paint;
mod private_file;
mod request;
mod sign;
mod verify;

use std::{io::Write, process::ExitCode};

use clap::{CommandFactory, FromArgMatches};

use self::args::{Cli, Command};
use crate::error::{Error, Fault, Kind};

/// Runs the command line that this process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let given = help::fitted(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            paint::error(&error);
            ExitCode::from(code_of(&error))
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Demo(options) => demo::run(&options),
        Command::Cassette(command) => cassette::run(&command),
        Command::Emulator(options) => emulator::run(&options),
        Command::Sign(scheme) => sign::run(&scheme),
        Command::Verify(verify) => verify::run(&verify),
        Command::Login(options) => login::run(&options),
        Command::Accounts(options) => accounts::list(&options),
        Command::Logout(options) => accounts::logout(&options),
        Command::Revoke(options) => accounts::revoke(&options),
        Command::Token(options) => accounts::token(&options),
        Command::Doctor(options) => doctor::run(&options),
        Command::Request(options) => request::run(&options),
        Command::Migrate(command) => migrate::run(&command),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "gdata-auth", &mut script);
            put(&script)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A failure to do what was asked; a clear no is no failure.
fn code_of(error: &Error) -> u8 {
    match (error.kind(), error.fault()) {
        (Kind::Transport, _) => 3,
        (_, Fault::Caller) => 2,
        _ => 1,
    }
}

/// Data goes to stdout; a reader that went away is no failure.
fn put(bytes: &[u8]) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Transport, "stdout: cannot write").caused_by(cause))
        }
        _ => Ok(()),
    }
}

/// A text for a person or a program on stdout, with its line break; colours only on a terminal.
fn print(text: &str) -> Result<(), Error> {
    let mut out = anstream::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Transport, "stdout: cannot write").caused_by(cause))
        }
        _ => Ok(()),
    }
}

/// The runtime that commands with a network use.
fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|cause| Error::new(Kind::Transport, "cannot start the runtime").caused_by(cause))
}

/// Ctrl-C, or the polite signal of whoever manages processes.
pub(in crate::cli) async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
