//! `migrate`: the steps of a migration.

mod retire;
mod upgrade;

use std::process::ExitCode;

use super::args::migrate::Migrate;
use crate::error::Error;

pub(super) fn run(options: &Migrate) -> Result<ExitCode, Error> {
    match options {
        Migrate::Upgrade(step) => upgrade::run(step),
        Migrate::Retire(step) => retire::run(step),
    }
}
