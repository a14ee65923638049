//! `migrate`: from the old protocols to OAuth 2.0.

mod catalogue;
mod dual;
mod explain;
mod export;
mod import;
mod legacy;
mod plan;
mod report;
mod retire;
mod rewrite;
mod scan;
mod table;
mod upgrade;

use std::process::ExitCode;

use super::args::Migrate;
use crate::error::Error;

pub(super) fn run(command: &Migrate) -> Result<ExitCode, Error> {
    match command {
        Migrate::Scan(options) => scan::run(options),
        Migrate::Catalogue(options) => catalogue::run(options),
        Migrate::Import(options) => import::run(options),
        Migrate::Plan(options) => plan::run(options),
        Migrate::Explain(options) => explain::run(options),
        Migrate::Export(options) => export::run(options),
        Migrate::Rewrite(options) => rewrite::run(options),
        Migrate::Upgrade(step) => upgrade::run(step),
        Migrate::Dual(step) => dual::run(step),
        Migrate::Retire(step) => retire::run(step),
        Migrate::Report(options) => report::run(options),
    }
}
