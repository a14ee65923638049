//! The options of `migrate export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::args::NarrowArgs;

#[derive(Debug, Args)]
pub(in crate::cli) struct MigrateExport {
    /// The account, as `accounts` lists it.
    pub(in crate::cli) account: String,
    /// The file, which its owner alone reads.
    pub(in crate::cli) file: PathBuf,
    /// What reads it.
    #[arg(long, value_enum)]
    pub(in crate::cli) form: ExportFormArg,
    /// Overwrite the file.
    #[arg(long)]
    pub(in crate::cli) force: bool,
    #[command(flatten)]
    pub(in crate::cli) narrow: NarrowArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExportFormArg {
    /// oauth2client's Storage: Python that `rewrite` changed.
    Oauth2client,
    /// An authorized user: Google's libraries, and Java that `rewrite` changed.
    AuthorizedUser,
    /// Lines of NAME=value: C# that `rewrite` changed, in its environment.
    Environment,
}
