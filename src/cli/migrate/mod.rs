//! `migrate`: from the old protocols to OAuth 2.0.

mod explain;
mod import;
mod rewrite;

use std::process::ExitCode;

use super::args::Migrate;
use crate::error::Error;

pub(super) fn run(command: &Migrate) -> Result<ExitCode, Error> {
    match command {
        Migrate::Explain(options) => explain::run(options),
        Migrate::Import(options) => import::run(options),
        Migrate::Rewrite(options) => rewrite::run(options),
    }
}
