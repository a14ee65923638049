//! The options of `migrate dual`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::{KeyArgs, NarrowArgs};

/// The steps of dual running.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Dual {
    /// Make a settings file: everything by the old credential, and the new one asked beside it.
    ///
    /// With a plan it has a rule for each feed of the plan's services; those of an API that is dead are written as comments,
    /// since the old credential opens nothing there, and those of a domain's own feeds where no --domain is given.
    #[command(after_help = "Examples:\n  \
        gdata-auth migrate plan src --log access.log --format json --output plan.json\n  \
        gdata-auth migrate dual init dual.toml --plan plan.json --domain example.com")]
    Init(DualInit),
    /// Tell what a settings file comes to: its rules in words, and which of them takes a call.
    #[command(
        after_help = "Exit codes: 0 it can be used, 2 it cannot; the line, table and key are told.\n\nExamples:\n  \
        gdata-auth migrate dual check dual.toml\n  \
        gdata-auth migrate dual check dual.toml --user ann@example.com \\\n    \
        --address https://www.google.com/m8/feeds/contacts/default/full"
    )]
    Check(DualCheck),
    /// Everything by the old credential, from the next call on.
    ///
    /// Sets `override = "old"` in the file, and changes nothing else of it. A program that follows the file needs no
    /// restart.
    RollBack(DualFile),
    /// Everything by the new credential, without a fall-back.
    ///
    /// Sets `override = "new"` in the file, and changes nothing else of it.
    Switch(DualFile),
    /// The rules hold again.
    ///
    /// Sets `override = "none"` in the file, and changes nothing else of it.
    Rules(DualFile),
    /// Ask for feeds with both credentials, and tell how the answers differ.
    ///
    /// Each address is asked for once with each credential, by GET. Only Google and this machine are asked. Secrets are
    /// not shown.
    #[command(
        after_help = "Each line is `same`, `different`, `refused` (both alike: it proves nothing) or `unreachable`, the \
        status for the new and for the old credential, and the address; fields that differ follow.\n\n\
        Exit codes: 0 all are the same, 1 one is not, 2 the command cannot be carried out as given, 3 an address cannot be \
        reached.\n\nExamples:\n  \
        gdata-auth migrate dual compare --new ann@example.com --old ann.json \\\n    \
        http://127.0.0.1:8080/feeds/api/users/default/uploads\n  \
        gdata-auth migrate dual compare --new ann@example.com --old ann.json --settings dual.toml \\\n    \
        --addresses feeds.txt --counters counters.json --json\n  \
        gdata-auth migrate dual compare --new ann@example.com --old ann.json --settings dual.toml \\\n    \
        \"https://www.google.com/calendar/feeds/default/private/full \\\n    \
        https://www.googleapis.com/calendar/v3/calendars/primary/events\""
    )]
    Compare(Box<DualCompare>),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DualInit {
    /// The file to make; `-` is stdout.
    pub(in crate::cli) file: PathBuf,
    /// What `migrate plan --format json` printed; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) plan: Option<PathBuf>,
    /// A domain whose own feeds get rules, for APIs such as Domain Shared Contacts. May be given more than once.
    #[arg(long, value_name = "DOMAIN", requires = "plan")]
    pub(in crate::cli) domain: Vec<String>,
    /// Overwrite a file that is there.
    #[arg(long)]
    pub(in crate::cli) force: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DualCheck {
    /// The settings.
    pub(in crate::cli) file: PathBuf,
    /// Whose call it is, to tell which side takes it.
    #[arg(long, requires = "address")]
    pub(in crate::cli) user: Option<String>,
    /// Where the call goes.
    #[arg(long, value_name = "URL", requires = "user")]
    pub(in crate::cli) address: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DualFile {
    /// The settings.
    pub(in crate::cli) file: PathBuf,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").args(["address", "addresses"]).required(true)))]
pub(in crate::cli) struct DualCompare {
    /// The account of the new credential, by its name in `accounts`.
    #[arg(long, value_name = "ACCOUNT")]
    pub(in crate::cli) new: String,
    #[command(flatten)]
    pub(in crate::cli) narrow: NarrowArgs,
    /// The old credential, as `login --save` writes it; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) old: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) key: KeyArgs,
    /// What to compare and which feeds to count: the settings of a dual run.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) settings: Option<PathBuf>,
    /// Tell which fields differ, and not what stands in them.
    #[arg(long)]
    pub(in crate::cli) without_values: bool,
    /// Adds `GData-Version`.
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) gdata_version: Option<String>,
    /// A file that holds a developer key, for `X-GData-Key`; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) developer_key_file: Option<PathBuf>,
    /// Print a JSON object a line in place of text.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// How many addresses are asked for at a time, 1 to 32, each with both credentials; answers are told in the order
    /// given.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(in crate::cli) parallel: u8,
    /// Add how many were the same and different to the counters in this file; it is made where there is none.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) counters: Option<PathBuf>,
    /// Addresses, one a line; `-` is stdin. A second one on a line is where the new credential asks. Lines that begin
    /// with # are left out.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) addresses: Option<PathBuf>,
    /// Addresses; a second one in the same argument, behind a space, is where the new credential asks.
    #[arg(value_name = "ADDRESS")]
    pub(in crate::cli) address: Vec<String>,
}
