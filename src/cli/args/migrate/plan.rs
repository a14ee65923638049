//! The options of `migrate plan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("input").args(["path", "scan", "inventory", "log"]).required(true).multiple(true)))]
pub(in crate::cli) struct DrawPlan {
    /// Files and folders of source, to be scanned now.
    #[arg(value_name = "PATH", conflicts_with = "scan")]
    pub(in crate::cli) path: Vec<PathBuf>,
    /// What `migrate scan --format json` printed; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) scan: Option<PathBuf>,
    /// What `migrate import --json` printed; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) inventory: Option<PathBuf>,
    /// A log of calls: common or combined log format, or JSON lines; `-` is stdin. May be given more than once.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) log: Vec<PathBuf>,
    /// Where calls of the log went whose lines tell only a path, such as gdata.youtube.com.
    #[arg(long, value_name = "HOST", requires = "log")]
    pub(in crate::cli) host: Option<String>,
    /// The name that users know.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) app: Option<String>,
    /// It runs where nobody has a browser.
    #[arg(long)]
    pub(in crate::cli) headless: bool,
    /// The kind of client, where it is settled.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(in crate::cli) client: Option<ClientKindArg>,
    /// Where the page for consents will be, such as `https://upgrade.example.com`.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) origin: Option<String>,
    /// The server offers the migration grant for OAuth 1.0 tokens; Google no longer does.
    #[arg(long)]
    pub(in crate::cli) grant: bool,
    /// How the plan is told.
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub(in crate::cli) format: PlanFormat,
    /// Write it to a file in place of stdout; JSON, which names the users, for its owner alone.
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Write the users who have to consent to a file for its owner alone, as `migrate upgrade add` reads it.
    #[arg(long, value_name = "FILE", requires = "inventory")]
    pub(in crate::cli) users: Option<PathBuf>,
    /// Overwrite the file of --users.
    #[arg(long, requires = "users")]
    pub(in crate::cli) force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PlanFormat {
    /// For a terminal.
    Text,
    /// A report for people, in Markdown.
    Markdown,
    /// A report for people, as one page.
    Html,
    /// For programs; with the e-mail addresses of users.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ClientKindArg {
    /// A program on the user's machine.
    Installed,
    /// A website.
    Web,
    /// A service account with delegation.
    ServiceAccount,
    /// A device without a browser.
    Device,
}
