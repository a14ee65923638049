//! The options of `doctor`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::StoreArgs;

#[derive(Debug, Args)]
pub(in crate::cli) struct Doctor {
    /// A client_secret.json.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) client_secrets: Option<PathBuf>,
    /// A credential file: of a service account, of gcloud, of workload identity.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) credentials: Option<PathBuf>,
    /// A scope that is to be asked for. May be given more than once.
    #[arg(long, value_name = "S")]
    pub(in crate::cli) scope: Vec<String>,
    /// The flow that is to be used.
    #[arg(long, value_enum, value_name = "FLOW")]
    pub(in crate::cli) flow: Option<FlowArg>,
    /// An address that the browser is to come back to. May be given more than once.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) redirect_uri: Vec<String>,
    /// Print JSON in place of text.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
}

/// How a user's consent comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FlowArg {
    /// To a loopback port of this machine.
    Loopback,
    /// By a code that is typed in elsewhere.
    Device,
    /// To an address of a website.
    Web,
    /// By hand, as the address of a page that does not load.
    Paste,
}
