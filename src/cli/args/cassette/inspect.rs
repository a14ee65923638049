//! The options of `cassette inspect` and `cassette diff`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Inspect {
    /// Files of any format that is read.
    #[arg(required = true, value_name = "CASSETTE")]
    pub(in crate::cli) cassettes: Vec<PathBuf>,
    /// Print JSON in place of the page.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// A TOML file whose [keys] signatures are checked with.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Look for secrets in the clear; exit 1 when there are any.
    #[arg(long)]
    pub(in crate::cli) secrets: bool,
    /// Print each piece of what a request says.
    #[arg(long, short)]
    pub(in crate::cli) verbose: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Diff {
    /// The cassette that is held against.
    pub(in crate::cli) before: PathBuf,
    /// The one that is looked at.
    pub(in crate::cli) after: PathBuf,
    /// Print JSON in place of text.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// A TOML file whose [drift] says what counts.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
}
