//! `cassette`: recordings of exchanges, made, replayed, checked, converted and shown.

mod child;
mod convert;
mod diff;
mod inspect;
mod progress;
mod secrets;
mod serve;
mod settings;

use std::process::ExitCode;

use super::args::{Cassette, ModeArg};
use crate::{cassette::Mode, error::Error};

pub(super) fn run(command: &Cassette) -> Result<ExitCode, Error> {
    match command {
        Cassette::Record(options) => serve::run(Mode::Record, options),
        Cassette::Replay(options) => serve::run(Mode::Replay, options),
        Cassette::Check(options) => serve::run(Mode::Check, options),
        Cassette::Serve(options) => serve::run(mode(options.mode), &options.run),
        Cassette::Convert(options) => convert::run(options),
        Cassette::Inspect(options) => inspect::run(options),
        Cassette::Diff(options) => diff::run(options),
    }
}

fn mode(mode: ModeArg) -> Mode {
    match mode {
        ModeArg::Record => Mode::Record,
        ModeArg::Replay => Mode::Replay,
        ModeArg::Once => Mode::Once,
        ModeArg::New => Mode::New,
        ModeArg::Check => Mode::Check,
    }
}
