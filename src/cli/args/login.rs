//! The options of `login`.

use std::{path::PathBuf, time::Duration};

use clap::{ArgGroup, Args};

use super::{ConsumerArgs, KeyArgs, OAuth2Args};

#[derive(Debug, Args)]
#[command(group(
    ArgGroup::new("protocol")
        .args(["clientlogin", "oauth1", "authsub"])
        .requires("server")
))]
pub(in crate::cli) struct Login {
    /// With a name and a password.
    #[arg(long)]
    pub(in crate::cli) clientlogin: bool,
    /// By the user's consent, under OAuth 1.0.
    #[arg(long)]
    pub(in crate::cli) oauth1: bool,
    /// By the user's consent, under AuthSub.
    #[arg(long)]
    pub(in crate::cli) authsub: bool,
    /// Under an old protocol: the server's address, such as http://127.0.0.1:8080; /accounts is added where it
    /// has no path.
    #[arg(long, value_name = "ADDRESS", requires = "protocol")]
    pub(in crate::cli) server: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) oauth2: OAuth2Args,
    #[command(flatten)]
    pub(in crate::cli) clientlogin_options: ClientLoginArgs,
    #[command(flatten)]
    pub(in crate::cli) consent: ConsentArgs,
    #[command(flatten)]
    pub(in crate::cli) consumer: ConsumerArgs,
    #[command(flatten)]
    pub(in crate::cli) key: KeyArgs,
    /// Under an old protocol: keep the credential in this file, for its owner's eyes, in place of printing it.
    #[arg(long, value_name = "FILE", requires = "protocol")]
    pub(in crate::cli) save: Option<PathBuf>,
    /// Overwrite the file of --save.
    #[arg(long, requires = "save")]
    pub(in crate::cli) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "With --clientlogin")]
pub(in crate::cli) struct ClientLoginArgs {
    /// The account.
    #[arg(long, value_name = "E", required_if_eq("clientlogin", "true"), conflicts_with_all = ["authsub", "oauth1"])]
    pub(in crate::cli) email: Option<String>,
    /// A file that holds the password; `-`, or none, is stdin.
    #[arg(long, value_name = "FILE", requires = "email")]
    pub(in crate::cli) password_file: Option<PathBuf>,
    /// The code of the service, such as youtube, cl or reader.
    #[arg(long, value_name = "S", requires = "email")]
    pub(in crate::cli) service: Option<String>,
    /// The program, as company-app-version.
    #[arg(long, value_name = "S", requires = "email")]
    pub(in crate::cli) source: Option<String>,
    /// The CAPTCHA that is answered.
    #[arg(long, value_name = "T", requires = "captcha_answer")]
    pub(in crate::cli) captcha_token: Option<String>,
    /// What the picture says.
    #[arg(long, value_name = "W", requires_all = ["captcha_token", "email"])]
    pub(in crate::cli) captcha_answer: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "With OAuth 2.0, --authsub and --oauth1")]
pub(in crate::cli) struct ConsentArgs {
    /// What to ask for. May be given more than once.
    #[arg(
        long,
        value_name = "S",
        required_if_eq_any([("authsub", "true"), ("oauth1", "true")]),
        conflicts_with = "clientlogin"
    )]
    pub(in crate::cli) scope: Vec<String>,
    /// AuthSub: ask for a secure token, for which every request is signed with --key.
    #[arg(long, requires_all = ["key", "authsub"])]
    pub(in crate::cli) secure: bool,
    /// OAuth 1.0: type the verifier that the page shows, in place of coming back to this machine.
    #[arg(long, requires = "oauth1")]
    pub(in crate::cli) oob: bool,
    /// The loopback port that the browser comes back to; 0 takes a free one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(in crate::cli) port: u16,
    /// How long to wait for the user, in seconds; 300 when absent, and with --device as long as its code lives.
    #[arg(long, value_name = "SECONDS")]
    pub(in crate::cli) timeout: Option<u64>,
}

impl Login {
    /// The server of an old protocol; the command line was refused where there is none.
    pub(in crate::cli) fn server(&self) -> &str {
        self.server.as_deref().unwrap_or_default()
    }
}

impl ConsentArgs {
    /// How long to wait for the user.
    pub(in crate::cli) fn limit(&self) -> Duration {
        self.timeout.map_or(WAIT, Duration::from_secs)
    }
}

const WAIT: Duration = Duration::from_secs(300);
