//! The options of OAuth 2.0: of `login`, and of the commands on what it kept.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

/// Where grants are kept.
#[derive(Debug, Args)]
pub(in crate::cli) struct StoreArgs {
    /// The folder of kept grants; else GDATA_AUTH_STORE, else a folder among this user's data.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) store: Option<PathBuf>,
}

/// Which of several grants of the same account.
#[derive(Debug, Args)]
pub(in crate::cli) struct NarrowArgs {
    /// Of this client, where an account has grants of several.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) client_id: Option<String>,
    /// Of this issuer, where an account has grants of several.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) issuer: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
}

/// What `login` does without an old protocol.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "With OAuth 2.0, the default",
    group(ArgGroup::new("flow").args(["loopback", "paste", "device"]).conflicts_with("protocol"))
)]
pub(in crate::cli) struct OAuth2Args {
    /// The client, as Google's console hands it out: client_secret.json; `-` is stdin.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present_any = ["client_id", "clientlogin", "oauth1", "authsub"],
        conflicts_with_all = ["protocol", "client_id"]
    )]
    pub(in crate::cli) client_secrets: Option<PathBuf>,
    /// The client by its id, in place of a file.
    #[arg(long, value_name = "ID", conflicts_with = "protocol")]
    pub(in crate::cli) client_id: Option<String>,
    /// A file that holds the secret of --client-id, if it has one; `-` is stdin.
    #[arg(long, value_name = "FILE", requires = "client_id")]
    pub(in crate::cli) client_secret_file: Option<PathBuf>,
    /// Prove the client by `Authorization: Basic`, in place of fields of the form.
    #[arg(long, conflicts_with = "protocol")]
    pub(in crate::cli) basic: bool,
    /// Another server than Google, by its issuer; its metadata are read there.
    #[arg(long, value_name = "URL", conflicts_with_all = ["protocol", "client_secrets"])]
    pub(in crate::cli) issuer: Option<String>,
    /// An emulator of Google, such as http://127.0.0.1:8080.
    #[arg(long, value_name = "URL", conflicts_with_all = ["protocol", "issuer"])]
    pub(in crate::cli) emulator: Option<String>,
    /// Wait on a loopback port for the browser to come back (the default).
    #[arg(long)]
    pub(in crate::cli) loopback: bool,
    /// Read the whole address that the browser ends up at from stdin: for a browser on another machine.
    #[arg(long)]
    pub(in crate::cli) paste: bool,
    /// Show a code that the user types in on another device.
    #[arg(long)]
    pub(in crate::cli) device: bool,
    /// Open the link in the browser of this machine.
    #[arg(long, conflicts_with_all = ["paste", "device", "protocol"])]
    pub(in crate::cli) open: bool,
    /// With --paste: the address that is registered for a web client; else the first in its file.
    #[arg(long, value_name = "URL", requires = "paste")]
    pub(in crate::cli) redirect_uri: Option<String>,
    /// Propose this account to the user, by its address.
    #[arg(long, value_name = "EMAIL", conflicts_with_all = ["protocol", "device"])]
    pub(in crate::cli) login_hint: Option<String>,
    /// What the page shall ask of the user, although it would not have to. May be given more than once.
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with_all = ["protocol", "device"])]
    pub(in crate::cli) prompt: Vec<PromptArg>,
    /// The name to keep the grant under; else the user's address, where `openid email` is asked for, else `default`.
    #[arg(long, value_name = "NAME", conflicts_with = "protocol")]
    pub(in crate::cli) account: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(in crate::cli) enum PromptArg {
    /// Consent, even when it was given before; a web client gets a new refresh token then.
    Consent,
    /// The account.
    SelectAccount,
    /// The password.
    Login,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Accounts {
    /// Print JSON in place of a table.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Logout {
    /// The account, as `accounts` lists it.
    pub(in crate::cli) account: String,
    #[command(flatten)]
    pub(in crate::cli) narrow: NarrowArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Revoke {
    /// The account, as `accounts` lists it.
    pub(in crate::cli) account: String,
    /// Do it without asking at the terminal.
    #[arg(long)]
    pub(in crate::cli) yes: bool,
    #[command(flatten)]
    pub(in crate::cli) narrow: NarrowArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Token {
    /// The account, as `accounts` lists it; may be left out where there is only one.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) account: Option<String>,
    /// For how many seconds the token has to be good at the least.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(in crate::cli) min_lifetime: u64,
    #[command(flatten)]
    pub(in crate::cli) narrow: NarrowArgs,
}
