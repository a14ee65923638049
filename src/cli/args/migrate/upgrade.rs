//! The options of `migrate upgrade`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::{
    cli::args::{KeyArgs, StoreArgs},
    migrate::campaign::Settings,
};

/// The longest that links are good.
const MAX_DAYS: u64 = Settings::MAX_LIFETIME.as_secs() / 86_400;

/// The steps of an upgrade.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Upgrade {
    /// Move access tokens of OAuth 1.0 by the migration grant, where a server offers it; nobody is asked.
    ///
    /// Prints a list of what became of each. The same command may be run again: what was moved is not asked for twice.
    /// Google's own endpoint is gone, and refused before anything is sent.
    #[command(
        after_help = "Stores are those that `migrate import` reads, what its --with-secrets wrote, and what `login \
        --oauth1 --save` wrote. A line of JSON may say whose a credential is:\n  \
        {\"account\":\"ann@example.com\",\"credential\":{\"version\":1,\"scheme\":\"oauth1\",…}}\n\n\
        Example:\n  gdata-auth migrate upgrade grant --emulator http://127.0.0.1:8080 --client-id app \\\n    \
        --invite users.csv --output grants.csv old-server/tokens\n  gdata-auth migrate upgrade add upgrade.campaign users.csv"
    )]
    Grant(MoveTokens),
    /// Start a campaign of consent, in a file.
    #[command(
        after_help = "Example:\n  gdata-auth migrate upgrade new upgrade.campaign --app 'Tide Videos' \\\n    \
        --client-secrets client_secret.json --scope https://www.googleapis.com/auth/youtube \\\n    \
        --origin https://upgrade.example.com --contact team@example.com"
    )]
    New(NewCampaign),
    /// Invite the users of a list: comma-separated values with a column `email`.
    ///
    /// Who has been invited before, or stands in the list twice, is told and not invited again.
    #[command(after_help = "Example:\n  gdata-auth migrate upgrade add upgrade.campaign users.csv")]
    Add(AddUsers),
    /// Receive the users: the page that invitations lead to.
    ///
    /// Prints `listening on http://…` on stdout when it is ready. Ctrl-C stops it; nothing is lost.
    #[command(
        after_help = "Examples:\n  gdata-auth migrate upgrade serve upgrade.campaign \\\n    \
        --client-secrets client_secret.json\n  \
        gdata-auth migrate upgrade serve upgrade.campaign --emulator http://127.0.0.1:8080 --client-id app"
    )]
    Serve(ServeCampaign),
    /// Count how far the users are.
    Status(Status),
    /// Print all users and how far each is, as comma-separated values.
    ///
    /// `mails` counts the invitation and the reminders that were made.
    List(ListUsers),
    /// Make invitations and reminders as mail, or call a hook; nothing is sent from here.
    ///
    /// Those are reminded of whom nothing has come yet, and who had no mail within --every days. The first mail is the
    /// invitation.
    #[command(
        after_help = "Examples:\n  gdata-auth migrate upgrade remind upgrade.campaign \\\n    \
        --from 'Tide Videos <team@example.com>' --eml outbox\n  \
        gdata-auth migrate upgrade remind upgrade.campaign --webhook https://hooks.example.com/upgrade"
    )]
    Remind(Remind),
    /// Give users a new link, which ends the one they had; then `remind` makes the mail.
    Renew(Renew),
}

/// The client that users consent to.
#[derive(Debug, Args)]
pub(in crate::cli) struct ClientArgs {
    /// The client, as Google's console hands it out: client_secret.json; `-` is stdin.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "client_id",
        conflicts_with = "client_id"
    )]
    pub(in crate::cli) client_secrets: Option<PathBuf>,
    /// The client by its id, in place of a file.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) client_id: Option<String>,
    /// A file that holds the secret of --client-id, if it has one; `-` is stdin.
    #[arg(long, value_name = "FILE", requires = "client_id")]
    pub(in crate::cli) client_secret_file: Option<PathBuf>,
    /// The client of --client-id is one of a website, not of an installed program.
    #[arg(long, requires = "client_id")]
    pub(in crate::cli) web: bool,
    /// Another server than Google, by its issuer; its metadata are read there.
    #[arg(long, value_name = "URL", conflicts_with = "client_secrets")]
    pub(in crate::cli) issuer: Option<String>,
    /// An emulator of Google, such as http://127.0.0.1:8080.
    #[arg(long, value_name = "URL", conflicts_with = "issuer")]
    pub(in crate::cli) emulator: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct MoveTokens {
    /// Stores of old tokens: files, or folders of them; `-` is stdin.
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) path: Vec<PathBuf>,
    /// Write those who have to be asked, for `upgrade add`, into this file.
    ///
    /// The list of a run before is replaced, where it holds nobody whom these stores do not.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) invite: Option<PathBuf>,
    /// Write what became of each token into this file, for its owner alone, in place of stdout.
    ///
    /// The list of a run before is replaced, where it holds nobody whom these stores do not.
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Overwrite whatever stands in the places of --invite and --output.
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Where the grant is taken; else the client's token endpoint.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) endpoint: Option<String>,
    /// Exchange a token also where another grant is kept that does not cover what it did, and replace that one.
    #[arg(long)]
    pub(in crate::cli) replace: bool,
    /// How often a token is tried.
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub(in crate::cli) tries: u32,
    #[command(flatten)]
    pub(in crate::cli) client: ClientArgs,
    #[command(flatten)]
    pub(in crate::cli) key: KeyArgs,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct NewCampaign {
    /// The file, which is not there yet.
    pub(in crate::cli) campaign: PathBuf,
    /// The name that users know.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) app: String,
    /// What to ask for; `openid` and `email` are always asked for. May be given more than once.
    #[arg(long, value_name = "S", required = true)]
    pub(in crate::cli) scope: Vec<String>,
    /// Where the page is: https, or http on loopback; port 0 is a free one, which `serve` writes down.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8090")]
    pub(in crate::cli) origin: String,
    /// For a web client: the path of its registered redirect address.
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) redirect_path: Option<String>,
    /// Why users are asked, in a sentence or two.
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
    /// Whom users may ask.
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) contact: Option<String>,
    /// Accounts of this domain only.
    #[arg(long, value_name = "DOMAIN")]
    pub(in crate::cli) hosted_domain: Option<String>,
    /// How long links are good.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=MAX_DAYS))]
    pub(in crate::cli) days: u64,
    #[command(flatten)]
    pub(in crate::cli) client: ClientArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AddUsers {
    /// The file of the campaign.
    pub(in crate::cli) campaign: PathBuf,
    /// The list; `-` is stdin.
    pub(in crate::cli) users: PathBuf,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ServeCampaign {
    /// The file of the campaign.
    pub(in crate::cli) campaign: PathBuf,
    /// The address to listen on, where it is not the campaign's own: behind a proxy with TLS.
    #[arg(long, value_name = "IP:PORT")]
    pub(in crate::cli) listen: Option<std::net::SocketAddr>,
    /// Let other machines reach it, in plain text: only where the proxy is another machine.
    #[arg(long, requires = "listen")]
    pub(in crate::cli) allow_any_interface: bool,
    /// Say nothing of what happens.
    #[arg(long)]
    pub(in crate::cli) quiet: bool,
    #[command(flatten)]
    pub(in crate::cli) client: ClientArgs,
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Status {
    /// The file of the campaign.
    pub(in crate::cli) campaign: PathBuf,
    /// Print JSON in place of a table.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ListUsers {
    /// The file of the campaign.
    pub(in crate::cli) campaign: PathBuf,
    /// With the link of each user: keep the list as secret as the campaign file.
    #[arg(long)]
    pub(in crate::cli) links: bool,
    /// Into this file, for its owner alone, in place of stdout.
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Overwrite a file that is there.
    #[arg(long, requires = "output")]
    pub(in crate::cli) force: bool,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("way").args(["eml", "mbox", "webhook"]).required(true)))]
pub(in crate::cli) struct Remind {
    /// The file of the campaign.
    pub(in crate::cli) campaign: PathBuf,
    /// A file for each message, in this folder.
    #[arg(long, value_name = "DIR", requires = "from")]
    pub(in crate::cli) eml: Option<PathBuf>,
    /// A mailbox with all messages, which is not there yet.
    #[arg(long, value_name = "FILE", requires = "from")]
    pub(in crate::cli) mbox: Option<PathBuf>,
    /// POST who is to be reminded to this address, as JSON without links: https, or loopback.
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) webhook: Option<String>,
    /// Who the mail is from: `Tide Videos <team@example.com>`.
    #[arg(long, value_name = "ADDRESS")]
    pub(in crate::cli) from: Option<String>,
    /// Another text: the subject, an empty line, and a body with {link}, {email}, {app}, {ends}, {reason}, {contact}, and
    /// {again}, which says to whom gave a part or nothing, or used another account, what to do this time.
    #[arg(long, value_name = "FILE", requires = "from")]
    pub(in crate::cli) template: Option<PathBuf>,
    /// Not those who had mail within so many days.
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub(in crate::cli) every: u64,
    /// Only users in this state. May be given more than once.
    #[arg(long, value_enum, value_name = "STATE")]
    pub(in crate::cli) state: Vec<StateArg>,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("who").args(["email", "expired"]).required(true)))]
pub(in crate::cli) struct Renew {
    /// The file of the campaign.
    pub(in crate::cli) campaign: PathBuf,
    /// These users.
    pub(in crate::cli) email: Vec<String>,
    /// All whose links have ended, and who could still do something: not who consented, nor who said no.
    #[arg(long)]
    pub(in crate::cli) expired: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(in crate::cli) enum StateArg {
    /// Nobody has opened the link.
    Invited,
    /// The link was opened, and no more.
    Opened,
    /// A part was given.
    Partial,
    /// Signed in, and nothing was allowed.
    Nothing,
    /// Another account was used.
    WrongAccount,
}
