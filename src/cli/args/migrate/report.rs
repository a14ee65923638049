//! The options of `migrate report`.

use std::path::PathBuf;

use clap::Args;

use super::PlanFormat;

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("evidence")
    .args(["path", "scan", "inventory", "grants", "campaign", "counters", "revoked", "retire"]).required(true).multiple(true)))]
pub(in crate::cli) struct TellReport {
    /// Files and folders of source, to be scanned now.
    #[arg(value_name = "PATH", conflicts_with = "scan")]
    pub(in crate::cli) path: Vec<PathBuf>,
    /// What `migrate scan --format json` printed; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) scan: Option<PathBuf>,
    /// What `migrate import --json` printed: everybody who had a credential; `-` is stdin. Who has a grant is looked up
    /// in the store.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) inventory: Vec<PathBuf>,
    /// The folder of kept grants; else GDATA_AUTH_STORE, else a folder among this user's data.
    #[arg(long, value_name = "DIR", requires = "inventory")]
    pub(in crate::cli) store: Option<PathBuf>,
    /// What `migrate upgrade grant` printed; of several runs the newest word counts where it is better.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) grants: Vec<PathBuf>,
    /// The file of a campaign; it may be in use.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) campaign: Option<PathBuf>,
    /// The counters of dual running, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) counters: Option<PathBuf>,
    /// What `migrate retire revoke` printed.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) revoked: Vec<PathBuf>,
    /// The file of `migrate retire watch`.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) retire: Option<PathBuf>,
    /// The name that users know.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) app: Option<String>,
    /// How the report is told.
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub(in crate::cli) format: PlanFormat,
    /// Write it to a file in place of stdout, for its owner alone, since it names the users.
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}
