//! The options of `request`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::{KeyArgs, Target};

#[derive(Debug, Args)]
#[command(group(
    ArgGroup::new("scheme")
        .args(["credential", "bearer_file", "api_key_file"])
))]
pub(in crate::cli) struct SendRequest {
    /// A credential of any scheme, as `login --save` writes it; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) credential: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) key: KeyArgs,
    /// A file that holds an access token of OAuth 2.0; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) bearer_file: Option<PathBuf>,
    /// A file that holds an API key, for `x-goog-api-key`; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) api_key_file: Option<PathBuf>,
    /// A file that holds a developer key, for `X-GData-Key`, beside a credential or alone; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) developer_key_file: Option<PathBuf>,
    /// Adds `GData-Version`.
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) gdata_version: Option<String>,
    /// A header. May be given more than once. Other users of this machine can see it in the list of
    /// processes.
    #[arg(long, short = 'H', value_name = "NAME: VALUE")]
    pub(in crate::cli) header: Vec<String>,
    /// The body: the text itself, or behind @ the file that holds it; `@-` is stdin.
    #[arg(long, short, value_name = "TEXT|@FILE")]
    pub(in crate::cli) data: Option<String>,
    /// What the body is; application/atom+xml when absent.
    #[arg(long, value_name = "TYPE", requires = "data")]
    pub(in crate::cli) content_type: Option<String>,
    /// Print status and headers of the answer on stderr, and the body of a refusal on stdout.
    #[arg(long, short)]
    pub(in crate::cli) include: bool,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}
