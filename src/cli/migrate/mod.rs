//! `migrate`: what is left of the old ways, and where it leads.

mod catalogue;
mod scan;
mod table;

use std::process::ExitCode;

use super::args::Migrate;
use crate::error::Error;

pub(super) fn run(task: &Migrate) -> Result<ExitCode, Error> {
    match task {
        Migrate::Scan(options) => scan::run(options),
        Migrate::Catalogue(options) => catalogue::run(options),
    }
}
