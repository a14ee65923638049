//! The options of `migrate retire`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::KeyArgs;

/// The steps of an end.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Retire {
    /// End a legacy credential at a server that still knows it: AuthSub and OAuth 1.0.
    ///
    /// Exit 1 where it could not be ended by a call; then it says what to do by hand. Exit 3 where the server could not be
    /// reached, and nothing else was in the way.
    #[command(
        after_help = "Example:\n  gdata-auth migrate retire revoke --server http://127.0.0.1:8080 me.json"
    )]
    Revoke(RetireRevoke),
    /// List what users and administrators have to remove by hand, and where.
    ByHand(ByHandArgs),
    /// Watch an integration: it is done after so many days without a legacy call, from now on.
    ///
    /// Days before do not count, whatever a log tells of them.
    Watch(Watch),
    /// Take in what was seen: the counters of a dual run, or a log of calls.
    #[command(after_help = "A log has one JSON object a line:\n  \
        {\"at\":\"2026-11-22T05:00:00Z\",\"scheme\":\"AuthSub\",\"address\":\"http://gdata.youtube.com/feeds/\"}\n\
        or is an access log, as `migrate plan --log` reads them:\n  \
        JSON      the Authorization header, or its first word\n  \
        any form  old logins by their paths, OAuth 1.0 and access tokens in queries\n\
        A call that does not tell its credential is counted, told and left out.\n\n\
        Examples:\n  gdata-auth migrate retire observe retire.state tide-videos --counters counters.json\n  \
        gdata-auth migrate retire observe retire.state tide-videos --calls calls.jsonl")]
    Observe(Observe),
    /// Tell how far each integration is. Exit 1 while one is not done, or of a moment that has not come, and where none is
    /// watched.
    Status(RetireStatus),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RetireRevoke {
    /// What `login --save` wrote, or stores that `migrate import` reads: files, or folders of them; `-` is stdin.
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) path: Vec<PathBuf>,
    /// The server's address, such as http://127.0.0.1:8080; /accounts is added where it has no path.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "https://www.google.com/accounts"
    )]
    pub(in crate::cli) server: String,
    #[command(flatten)]
    pub(in crate::cli) key: KeyArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ByHandArgs {
    /// Print JSON in place of text.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Watch {
    /// The file of states; it is made where there is none.
    pub(in crate::cli) file: PathBuf,
    /// The name of the integration.
    pub(in crate::cli) name: String,
    /// How many days without a legacy call make it done.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub(in crate::cli) days: u32,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("source").args(["counters", "calls"]).required(true)))]
pub(in crate::cli) struct Observe {
    /// The file of states.
    pub(in crate::cli) file: PathBuf,
    /// The name of the integration.
    pub(in crate::cli) name: String,
    /// The counters of a dual run, as JSON, as they are now; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) counters: Option<PathBuf>,
    /// A log of calls: JSON lines, or an access log; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) calls: Option<PathBuf>,
    /// The log is complete until now, though its last call may be older.
    #[arg(long, requires = "calls")]
    pub(in crate::cli) until_now: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RetireStatus {
    /// The file of states.
    pub(in crate::cli) file: PathBuf,
    /// Print JSON in place of text.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}
