//! The options of `migrate import`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::StoreArgs;

#[derive(Debug, Args)]
pub(in crate::cli) struct MigrateImport {
    /// Files, or folders of them; `-` is stdin.
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) path: Vec<PathBuf>,
    /// Print the inventory as JSON, without secrets.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// Write the inventory as JSON with every secret in the clear, into a file for its owner alone.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) with_secrets: Option<PathBuf>,
    /// Overwrite the file of --with-secrets.
    #[arg(long, requires = "with_secrets")]
    pub(in crate::cli) force: bool,
    /// Keep refresh tokens as accounts, for `token`, `request --account` and the others.
    #[arg(long)]
    pub(in crate::cli) into_store: bool,
    /// The client of refresh tokens that stand without one; `-` is stdin.
    #[arg(long, value_name = "FILE", requires = "into_store")]
    pub(in crate::cli) client_secrets: Option<PathBuf>,
    /// A token endpoint, beside Google's and this machine's, that refresh tokens may be sent to where their store names it;
    /// the whole address, letter by letter. May be given more than once.
    #[arg(long, value_name = "URL", requires = "into_store")]
    pub(in crate::cli) token_uri: Vec<String>,
    /// Replace an account that is kept already with another token.
    #[arg(long, requires = "into_store")]
    pub(in crate::cli) replace: bool,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
}
