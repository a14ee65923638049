//! What a person at a terminal sees of a large body: nothing elsewhere.
//!
//! The transport carries whole bodies, so an upload shows how long it takes and not how far it is; what is
//! written to stdout is counted.

use std::{
    io::{IsTerminal, Write},
    time::Duration,
};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::{
    cli::put,
    error::{Error, Kind},
};

/// Bodies of more bytes than this are shown.
const LARGE: usize = 1024 * 1024;
const PIECE: usize = 64 * 1024;

/// A large upload on its way.
pub(super) struct Waiting(Option<ProgressBar>);

impl Waiting {
    pub(super) fn start(body: usize) -> Self {
        if body <= LARGE || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new_spinner();
        bar.set_message(format!("sending {}", HumanBytes(body as u64)));
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(Some(bar))
    }

    pub(super) fn end(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Writes a body to stdout, with a bar when it is large. A reader that went away is no failure.
pub(super) fn put_with_bar(body: &[u8]) -> Result<(), Error> {
    let (out, err) = (std::io::stdout(), std::io::stderr());
    // A terminal shows the body itself.
    if body.len() <= LARGE || out.is_terminal() || !err.is_terminal() {
        return put(body);
    }
    let bar = ProgressBar::new(body.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}") {
        bar.set_style(style);
    }
    let mut out = out.lock();
    for piece in body.chunks(PIECE) {
        match out.write_all(piece) {
            Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => break,
            Err(cause) => {
                return Err(Error::new(Kind::Transport, "stdout: cannot write").caused_by(cause));
            }
            Ok(()) => bar.inc(piece.len() as u64),
        }
    }
    bar.finish_and_clear();
    match out.flush() {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Transport, "stdout: cannot write").caused_by(cause))
        }
        _ => Ok(()),
    }
}
