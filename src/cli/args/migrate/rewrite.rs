//! The options of `migrate rewrite`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(in crate::cli) struct MigrateRewrite {
    /// Files, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) path: Vec<PathBuf>,
    /// Change the files; without it a diff is printed.
    #[arg(long)]
    pub(in crate::cli) write: bool,
    /// Print JSON: the edits and the refusals.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// The file of OAuth 2.0 credentials that the rewritten code reads [default: oauth2.json in Python,
    /// `authorized_user.json` in Java; C# reads the environment].
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) credentials: Option<String>,
    /// Only this language, told by the ends of names in folders; a file that is named is taken for it.
    #[arg(long, value_enum)]
    pub(in crate::cli) language: Option<Language>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Language {
    Python,
    Java,
    Csharp,
}
