//! The options of `migrate explain`.

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct MigrateExplain {
    /// A file, the text itself, or `-` for stdin, which is the default.
    #[arg(value_name = "FILE|-|TEXT")]
    pub(in crate::cli) text: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}
