//! What a person at a terminal sees of a large body: nothing elsewhere.
//!
//! The body of `--data` goes as a whole, so it shows how long it takes and not how far it is; files, and what is written
//! to stdout, are counted.

use std::{
    fs::File,
    io::{IsTerminal, Write},
    time::Duration,
};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::{
    cli::{args::SendRequest, put},
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

/// An upload whose bytes are counted.
pub(super) struct Counting(Option<ProgressBar>);

impl Counting {
    pub(super) fn start(total: u64) -> Self {
        Self(std::io::stderr().is_terminal().then(|| counted(total)))
    }

    /// As [`start`](Self::start), where it is worth a bar.
    pub(super) fn when_large(total: u64) -> Self {
        match total > LARGE as u64 {
            true => Self::start(total),
            false => Self(None),
        }
    }

    pub(super) fn at(&self, sent: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(sent);
        }
    }

    pub(super) fn end(self) {}
}

/// A bar does not outlive what it counts.
impl Drop for Counting {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Writes a body to stdout or to the file of `--output`, with a bar when it is large.
pub(super) fn save(options: &SendRequest, body: &[u8]) -> Result<(), Error> {
    match &options.output {
        None => put_with_bar(body),
        Some(path) => {
            let failed = |cause: std::io::Error| {
                let text = format!("output: cannot write {}: {cause}", path.display());
                Error::new(Kind::Input, text).caused_by(cause)
            };
            let mut file = File::create(path).map_err(failed)?;
            let large = body.len() > LARGE && std::io::stderr().is_terminal();
            let bar = large.then(|| counted(body.len() as u64));
            let written = pieces(&mut file, body, bar.as_ref());
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
            written.map_err(failed)
        }
    }
}

/// A reader that went away is no failure.
fn put_with_bar(body: &[u8]) -> Result<(), Error> {
    let (out, err) = (std::io::stdout(), std::io::stderr());
    // A terminal shows the body itself.
    if body.len() <= LARGE || out.is_terminal() || !err.is_terminal() {
        return put(body);
    }
    let bar = counted(body.len() as u64);
    let written = pieces(&mut out.lock(), body, Some(&bar));
    bar.finish_and_clear();
    match written {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Transport, "stdout: cannot write").caused_by(cause))
        }
        _ => Ok(()),
    }
}

fn pieces(out: &mut impl Write, body: &[u8], bar: Option<&ProgressBar>) -> std::io::Result<()> {
    for piece in body.chunks(PIECE) {
        out.write_all(piece)?;
        if let Some(bar) = bar {
            bar.inc(piece.len() as u64);
        }
    }
    out.flush()
}

fn counted(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    match ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
