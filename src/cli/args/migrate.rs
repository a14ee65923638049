//! The options of `migrate`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Migrate {
    /// Look through source for calls of the old logins, their feeds, libraries and secrets.
    ///
    /// Each finding has a verdict: header swap is enough, port (to which API, with which scopes), no successor, already
    /// OAuth 2.0, check by hand. The same words for something else (servers for feed readers, Android, pages called
    /// clientlogin) are told apart. Files that .gitignore and .ignore name are left out, and so are hidden ones. Secrets
    /// are blotted out. Nothing is changed.
    #[command(
        after_help = "Exit codes: 0 nothing is left to do, 1 something is, 2 a file could not be read or the command \
        cannot be carried out as given.\n\nExamples:\n  \
        gdata-auth migrate scan .\n  \
        gdata-auth migrate scan --format html --output report.html src\n  \
        gdata-auth migrate scan --write-baseline --baseline legacy.json .   # once\n  \
        gdata-auth migrate scan --baseline legacy.json --format sarif --output legacy.sarif .   # in CI\n  \
        gdata-auth migrate scan --format json . | jq -r '.findings[] | \"\\(.file):\\(.line) \\(.verdict)\"'"
    )]
    Scan(ScanTree),
    /// Tell what became of a service, a scope or a feed; without a question, of all of them.
    ///
    /// `METHOD ADDRESS` asks for a call of YouTube v2. What nobody confirmed is marked UNVERIFIED.
    #[command(
        after_help = "Exit codes: 0 it is in the catalogue, 1 it is not.\n\nExamples:\n  \
        gdata-auth migrate catalogue\n  \
        gdata-auth migrate catalogue wise\n  \
        gdata-auth migrate catalogue https://www.google.com/m8/feeds/\n  \
        gdata-auth migrate catalogue 'GET http://gdata.youtube.com/feeds/api/videos/ID/related'\n  \
        gdata-auth migrate catalogue --format json | jq -r '.services[].name'"
    )]
    Catalogue(LookUp),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ScanTree {
    /// Files and folders.
    #[arg(value_name = "PATH", required = true)]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// How the findings are told.
    #[arg(long, value_enum, default_value_t = ScanFormat::Text)]
    pub(in crate::cli) format: ScanFormat,
    /// Write them to a file in place of stdout.
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// A file of known findings: only others count for the exit code.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Write what is found to the file of --baseline, as known from now on.
    #[arg(long, requires = "baseline")]
    pub(in crate::cli) write_baseline: bool,
    /// Show look-alikes too.
    #[arg(long)]
    pub(in crate::cli) look_alikes: bool,
    /// Take no notice of .gitignore and .ignore.
    #[arg(long)]
    pub(in crate::cli) no_ignore: bool,
    /// Look into hidden files and folders; never into .git.
    #[arg(long)]
    pub(in crate::cli) hidden: bool,
    /// How many threads; 0 is one a processor.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(in crate::cli) threads: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ScanFormat {
    /// A table for a terminal.
    Text,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// One page, for people.
    Html,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LookUp {
    /// An id, a ClientLogin code, a scope, an address, a word of a name, or `METHOD ADDRESS` of YouTube v2.
    #[arg(value_name = "QUERY")]
    pub(in crate::cli) query: Option<String>,
    /// How it is told.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Text)]
    pub(in crate::cli) format: CatalogueFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CatalogueFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}
