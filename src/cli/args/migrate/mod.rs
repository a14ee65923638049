//! The options of `migrate`.

mod explain;
mod import;
mod rewrite;

pub(in crate::cli) use explain::MigrateExplain;
pub(in crate::cli) use import::MigrateImport;
pub(in crate::cli) use rewrite::{Language, MigrateRewrite};

use clap::Subcommand;

/// Carry an integration from the old protocols to OAuth 2.0.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Migrate {
    /// Read token stores that old clients left, and keep what can be kept.
    ///
    /// Stores are told by what they hold: blobs of gdata-python, pickles, PHP sessions, Moodle's preferences,
    /// cookies, properties and INI, JSON of the libraries of OAuth 2.0, gcloud, rclone. Nothing is written to them.
    #[command(after_help = "Examples:\n  gdata-auth migrate import old-server/\n  \
        gdata-auth migrate import --json tokens.txt > inventory.json\n  \
        gdata-auth migrate import old-server/ --with-secrets inventory.json\n  \
        gdata-auth migrate import token.json --into-store --client-secrets client_secret.json\n\n\
        Exit 1 when something could not be read.")]
    Import(MigrateImport),
    /// Tell in words why an old integration stopped, from a log line, a response or a stack trace.
    #[command(after_help = "Examples:\n  gdata-auth migrate explain error.log\n  \
        gdata-auth migrate explain 'Token invalid - AuthSub token has wrong scope'\n  \
        curl -si https://www.google.com/accounts/ClientLogin | gdata-auth migrate explain -\n\n\
        Secrets in the text are not shown. Exit 1 when nothing in it is known.")]
    Explain(MigrateExplain),
    /// Swap the credential in code that keeps its gdata library: Python, Java, C#.
    ///
    /// Prints a diff, and what it refuses to touch and why. With --write the files are changed.
    #[command(after_help = "Examples:\n  gdata-auth migrate rewrite src/\n  \
        gdata-auth migrate rewrite --write src/audit.py\n\n\
        Only the Email Audit and Domain Shared Contacts APIs still answer to the gdata libraries. \
        Exit 1 when something was refused.")]
    Rewrite(MigrateRewrite),
}
