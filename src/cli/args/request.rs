//! The options of `request`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::{KeyArgs, NarrowArgs, Target};

#[derive(Debug, Args)]
#[command(group(
    ArgGroup::new("scheme")
        .args(["account", "credential", "credentials", "adc", "bearer_file", "api_key_file"])
))]
pub(in crate::cli) struct SendRequest {
    /// An account that `login` kept, by its name in `accounts`.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) account: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) narrow: NarrowArgs,
    /// A credential file of Google's: a service account's key, gcloud's, workload identity.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) credentials: Option<PathBuf>,
    /// Application Default Credentials: what GOOGLE_APPLICATION_CREDENTIALS, gcloud or this machine has.
    #[arg(long)]
    pub(in crate::cli) adc: bool,
    /// With --credentials and --adc: what the token is for. May be given more than once.
    #[arg(long, value_name = "S", conflicts_with_all = ["account", "credential", "bearer_file", "api_key_file"])]
    pub(in crate::cli) scope: Vec<String>,
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
    /// The body: the text itself, or behind @ the file that holds it; `@-` is stdin. With --upload: what describes
    /// the file, as JSON or Atom.
    #[arg(long, short, value_name = "TEXT|@FILE")]
    pub(in crate::cli) data: Option<String>,
    /// A file to upload.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) upload: Option<PathBuf>,
    /// With --upload: where the session is kept until the upload is done, so that the same command goes on after a
    /// crash.
    #[arg(long, value_name = "FILE", requires = "upload")]
    pub(in crate::cli) session: Option<PathBuf>,
    /// What the body, or with --upload the file, is; told by its start or name when absent.
    #[arg(long, value_name = "TYPE")]
    pub(in crate::cli) content_type: Option<String>,
    /// Write the body of the answer to this file.
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Print status and headers of the answer on stderr, and the body of a refusal on stdout.
    #[arg(long, short)]
    pub(in crate::cli) include: bool,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}
