//! `cassette`: recordings of exchanges, made, replayed, checked, converted and shown.

mod convert;

use std::process::ExitCode;

use super::args::Cassette;
use crate::error::Error;

pub(super) fn run(command: &Cassette) -> Result<ExitCode, Error> {
    match command {
        Cassette::Convert(options) => convert::run(options),
    }
}
