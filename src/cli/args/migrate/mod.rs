//! The options of `migrate`.

mod dual;
mod explain;
mod export;
mod import;
mod plan;
mod report;
mod retire;
mod rewrite;
mod scan;
mod upgrade;

pub(in crate::cli) use dual::{Dual, DualCheck, DualCompare, DualFile, DualInit};
pub(in crate::cli) use explain::MigrateExplain;
pub(in crate::cli) use export::{ExportFormArg, MigrateExport};
pub(in crate::cli) use import::MigrateImport;
pub(in crate::cli) use plan::{ClientKindArg, DrawPlan, PlanFormat};
pub(in crate::cli) use report::TellReport;
pub(in crate::cli) use retire::{ByHandArgs, Observe, Retire, RetireRevoke, RetireStatus, Watch};
pub(in crate::cli) use rewrite::{Language, MigrateRewrite};
pub(in crate::cli) use scan::{CatalogueFormat, LookUp, ScanFormat, ScanTree};

pub(in crate::cli) use upgrade::{
    AddUsers, ClientArgs, ListUsers, MoveTokens, NewCampaign, Remind, Renew, ServeCampaign,
    StateArg, Status, Upgrade,
};

use clap::Subcommand;

/// Carry an integration from the old protocols to OAuth 2.0.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Migrate {
    /// Look through source for calls of the old logins, their feeds, libraries and secrets.
    ///
    /// Each finding has a verdict: header swap is enough, port (to which API, with which scopes), no successor, already
    /// OAuth 2.0, replace the secret, check by hand. The same words for something else (servers for feed readers, Android, pages called
    /// clientlogin) are told apart. Files that .gitignore and .ignore name are left out, and so are hidden ones but
    /// .env. Secrets are blotted out. Nothing is changed.
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
    /// Read token stores that old clients left, and keep what can be kept.
    ///
    /// Stores are told by what they hold: blobs of gdata-python, pickles, PHP sessions, Moodle's preferences,
    /// cookies, properties and INI, JSON of the libraries of OAuth 2.0, gcloud, rclone. Nothing is written to them.
    #[command(after_help = "Examples:\n  gdata-auth migrate import old-server/\n  \
        gdata-auth migrate import --json tokens.txt > inventory.json\n  \
        gdata-auth migrate import old-server/ --with-secrets inventory.json\n  \
        gdata-auth migrate import token.json --into-store --client-secrets client_secret.json\n\n\
        Exit codes: 0 all was read, 1 something could not be read or nothing could be kept, 2 nothing was read.")]
    Import(MigrateImport),
    /// Draw a plan from findings, an inventory and a log of calls: scopes, client, verification, quota, order of work.
    ///
    /// Any one of the three will do; what is missing is said. What nobody confirmed is marked UNVERIFIED.
    #[command(after_help = "Examples:\n  \
        gdata-auth migrate plan src --log access.log\n  \
        gdata-auth migrate plan --scan findings.json --inventory inventory.json --log access.log \\\n    \
        --app 'Tide Videos' --format html --output plan.html\n  \
        gdata-auth migrate plan src --inventory inventory.json --format json --users users.csv | jq .campaign")]
    Plan(Box<DrawPlan>),
    /// Tell in words why an old integration stopped, from a log line, a response or a stack trace.
    #[command(after_help = "Examples:\n  gdata-auth migrate explain error.log\n  \
        gdata-auth migrate explain 'Token invalid - AuthSub token has wrong scope'\n  \
        curl -si https://www.google.com/accounts/ClientLogin | gdata-auth migrate explain -\n\n\
        Secrets in the text are not shown. Exit 1 when nothing in it is known.")]
    Explain(MigrateExplain),
    /// Hand an account to a program that keeps its credential in a file of its own, as rewritten code does.
    #[command(after_help = "Examples:\n  \
        gdata-auth migrate export ann@example.com oauth2.json --form oauth2client\n  \
        gdata-auth migrate export ann@example.com roster.env --form environment\n\n\
        The file holds the refresh token in the clear, and its owner alone reads it.")]
    Export(MigrateExport),
    /// Swap the credential in code that keeps its gdata library: Python, Java, C#.
    ///
    /// Prints a diff, and what it refuses to touch and why. With --write the files are changed.
    #[command(after_help = "Examples:\n  gdata-auth migrate rewrite src/\n  \
        gdata-auth migrate rewrite --write src/audit.py\n\n\
        Only the Email Audit and Domain Shared Contacts APIs still answer to the gdata libraries. \
        Exit 1 when something was refused.")]
    Rewrite(MigrateRewrite),
    /// Move tokens where a server offers it, and ask everybody else once more.
    #[command(subcommand)]
    Upgrade(Box<Upgrade>),
    /// Both credentials for a while: who is asked stands in a file, which a running program follows.
    ///
    /// Rules by feed, user and percentage say who is asked first, and whether the answers are compared. One setting above
    /// them rolls everything back.
    #[command(subcommand)]
    Dual(Dual),
    /// End what is legacy: revoke, list what users remove by hand, watch until nothing comes any more.
    #[command(subcommand)]
    Retire(Retire),
    /// Tell how far the migration is, and what is left to do, from what the other commands printed and keep.
    ///
    /// A migration is complete when nothing is left and everything was looked at: code, users, the end.
    #[command(
        after_help = "Exit codes: 0 it is complete, 1 something is left or was not looked at, 2 evidence cannot be \
        read.\n\nExample:\n  gdata-auth migrate report src --grants grants.csv --campaign upgrade.campaign \\\n    \
        --counters counters.json --revoked revoked.csv --retire retire.state --app 'Tide Videos' \\\n    \
        --format html --output report.html"
    )]
    Report(Box<TellReport>),
}
