//! The options of `migrate scan` and `migrate catalogue`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

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
    /// Look into all hidden files and folders; never into .git.
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
