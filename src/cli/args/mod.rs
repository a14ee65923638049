//! What the command line understands, and its help.

mod cassette;
mod common;
mod doctor;
mod login;
pub(super) mod migrate;
mod oauth2;
mod request;
mod sign;
mod verify;

pub(super) use cassette::{Cassette, Convert, Diff, Inspect, ModeArg, OrderArg, Run, TimeArg};
pub(super) use common::{ConsumerArgs, EnvelopeArgs, KeyArgs, MethodName, StampArgs, Target};
pub(super) use doctor::{Doctor, FlowArg};
pub(super) use login::Login;
pub(super) use migrate::{
    CatalogueFormat, Language, LookUp, Migrate, MigrateExplain, MigrateImport, MigrateRewrite,
    ScanFormat, ScanTree,
};
pub(super) use oauth2::{
    Accounts, Logout, NarrowArgs, OAuth2Args, PromptArg, Revoke, StoreArgs, Token,
};
pub(super) use request::SendRequest;
pub(super) use sign::{Scheme, SignAuthsub, SignClientLogin, SignOAuth1};
pub(super) use verify::{PublicArgs, Verify, VerifyAuthsub, VerifyOAuth1};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// AuthSub and its successors at Google: sign, verify, and play Google offline.
#[derive(Debug, Parser)]
#[command(
    name = "gdata-auth",
    version,
    propagate_version = true,
    after_help = "Exit codes: 0 it worked, 1 a clear no, 2 the command cannot be carried out as given, \
                  3 the medium failed.\n\nStart here: gdata-auth demo"
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Walk the whole life of a credential on an emulator, showing each exchange as it is on the wire.
    ///
    /// Starts the emulator on a free loopback port; AuthSub's story goes from the consent link to a signed
    /// upload, a replay that is refused, and revocation. Exits with 0 only if every step behaved.
    #[command(
        after_help = "Examples:\n  gdata-auth demo\n  gdata-auth demo --plain\n  \
                            gdata-auth demo --scheme oauth2\n  \
                            gdata-auth demo --scheme all\n  \
                            gdata-auth demo --migrate --into migration\n  \
                            gdata-auth demo --json | jq '.steps[].title'\n  \
                            gdata-auth demo --scheme all --json | jq '.stories[].scheme'"
    )]
    Demo(Demo),
    /// Play Google on a loopback port, for clients in any language.
    ///
    /// Prints `listening on http://127.0.0.1:PORT` on stdout when it is ready; every answer, and why,
    /// goes to stderr. Ctrl-C stops it.
    #[command(
        after_help = "The file of --config is TOML; every field is optional:\n\n  \
        era = \"2013\"                # 2009, 2013, after-shutdown\n  \
        consent = \"allow\"            # ask (a page), allow, deny\n  \
        max_skew_seconds = 600        # how far a signed timestamp may be off\n  \
        require_developer_key = true  # writes to YouTube need X-GData-Key\n  \
        developer_keys = []           # the ones that are accepted; none means any\n  \
        classic_tokens = false        # tokens of 2006 in place of 1/…\n  \
        session_seconds = 3600        # session tokens end; default never\n  \
        login_seconds = 3600          # ClientLogin tokens end; default never\n  \
        update_client_auth = true     # Calendar renews ClientLogin tokens\n  \
        scope_scheme_matters = true   # http and https scopes differ\n  \
        etags = false                 # YouTube answers If-Match with 412\n  \
        upload_session_seconds = 604800  # resumable uploads end\n  \
        break_uploads_after_bytes = 1000000  # once a session, to test resuming\n  \
        calendar_redirects = true     # Calendar asks for a gsessionid\n  \
        access_token_seconds = 3599   # access tokens of OAuth 2.0 end\n  \
        refresh_token_cap = 100       # of one user and client; the oldest dies\n  \
        testing = false               # refresh tokens live seven days\n  \
        rotate_refresh_tokens = \"off\"  # off, overlap, strict\n  \
        project_wide_revoke = true    # revoking reaches all clients of the project\n  \
        rapt = false                  # refreshing answers invalid_rapt\n  \
        alias_scopes = true           # scopes come back by Google's names\n  \
        send_iss = false              # redirects carry iss\n  \
        out_of_band = false           # urn:ietf:wg:oauth:2.0:oob is taken\n  \
        client_credentials = false    # a grant that Google has not\n  \
        device_rate_limit = false     # no further device codes\n\n  \
        [[user]]\n  email = \"ann@example.com\"\n  name = \"Ann\"\n  \
        password = \"secret\"           # for ClientLogin; this is the default\n  \
        login_refusal = \"CaptchaRequired\"  # or another of its error codes\n  \
        admin_policy = false          # OAuth 2.0 clients get admin_policy_enforced\n\n  \
        [[oauth_client]]              # may use OAuth 2.0; without any, anyone may\n  \
        id = \"1234-abc.apps.googleusercontent.com\"\n  secret = \"…\"\n  \
        type = \"web\"                  # installed, web, limited-input\n  \
        redirect_uris = [\"https://www.example.com/back\"]\n  \
        project = \"1234\"\n  deleted = false\n  internal = \"example.com\"  # others get org_internal\n\n  \
        [[service_account]]           # may send assertions\n  \
        email = \"robot@project.iam.gserviceaccount.com\"\n  \
        key = \"\"\"-----BEGIN CERTIFICATE-----…\"\"\"\n  \
        delegation_scopes = \"https://www.googleapis.com/auth/calendar\"\n  \
        delegation_subjects = [\"ann@example.com\"]\n\n  \
        [[consumer]]                  # may use OAuth 1.0, as anonymous always may\n  \
        key = \"www.example.com\"\n  secret = \"…\"\n\n  \
        [[site]]                      # may ask for secure tokens\n  \
        host = \"www.example.com\"\n  certificate = \"\"\"-----BEGIN CERTIFICATE-----…\"\"\"\n\n\
        Examples:\n  gdata-auth emulator --port 8080\n  \
        gdata-auth emulator --consent allow --site 127.0.0.1=cert.pem"
    )]
    Emulator(Emulator),
    /// Record exchanges, replay them by what they mean, and convert the recordings of other tools.
    #[command(subcommand)]
    Cassette(Cassette),
    /// Print the header lines that authorise a request, ready for curl.
    #[command(subcommand)]
    Sign(Scheme),
    /// Check the signature of a request.
    #[command(subcommand)]
    Verify(Verify),
    /// Ask a user for consent by OAuth 2.0, and keep the grant; or sign in by an old protocol.
    ///
    /// Prints a link, and waits on a loopback port for the browser to come back; --paste and --device are for a
    /// browser on another machine. The tokens are kept, never printed: `token` and `request --account` use them. On
    /// stdout comes the name of the account.
    ///
    /// With --clientlogin, --oauth1 or --authsub it gets a credential from a server that still speaks that protocol,
    /// and prints it, or keeps it with --save. Google's own hosts are refused there: they have switched it off.
    #[command(after_help = "Examples:\n  \
        gdata-auth login --client-secrets client_secret.json --scope 'openid email' \\\n    \
        --scope https://www.googleapis.com/auth/youtube --open\n  \
        gdata-auth login --client-secrets client_secret.json --scope … --paste --account work\n  \
        gdata-auth login --client-id TV --client-secret-file s --scope … --device\n  \
        gdata-auth login --issuer https://id.example.com --client-id app --scope openid\n  \
        gdata-auth login --emulator http://127.0.0.1:8080 --client-id app --scope openid\n\n\
        Old protocols:\n  gdata-auth emulator --port 8080 &\n  \
        gdata-auth login --clientlogin --server http://127.0.0.1:8080 --email ann@example.com \\\n    \
        --password-file p --service youtube --save me.json\n  \
        gdata-auth login --authsub --server http://127.0.0.1:8080 --scope http://gdata.youtube.com/feeds/\n  \
        gdata-auth login --oauth1 --server http://127.0.0.1:8080 --scope http://gdata.youtube.com/feeds/ --oob\n\n\
        --oauth1 prints two lines, oauth_token=… and oauth_token_secret=…. A file of --save holds the \
        credential in the clear, is readable by its owner only, and never holds a private key.")]
    Login(Box<Login>),
    /// List the accounts that `login` kept, alive or dead; without any token.
    #[command(
        after_help = "Examples:\n  gdata-auth accounts\n  gdata-auth accounts --json | jq -r '.[].account'"
    )]
    Accounts(Accounts),
    /// Forget an account on this machine; the server goes on knowing the grant.
    #[command(after_help = "Example:\n  gdata-auth logout ann@example.com\n\n\
        To end the grant itself: gdata-auth revoke, or https://myaccount.google.com/permissions.")]
    Logout(Logout),
    /// End a grant at the server, and forget it here.
    ///
    /// At Google this takes back every scope that the user ever granted to the project, for all of its clients on all
    /// machines.
    #[command(after_help = "Examples:\n  gdata-auth revoke ann@example.com\n  \
        gdata-auth revoke ann@example.com --yes")]
    Revoke(Revoke),
    /// Print a fresh access token of an account.
    #[command(
        after_help = "Examples:\n  gdata-auth token > t && gdata-auth request --bearer-file t GET \"$URL\"\n  \
        gdata-auth token --account ann@example.com --min-lifetime 1800\n\n\
        Refreshes where it has to, as all processes on this machine do, one at a time. Whoever has the token is \
        the user until it ends: keep it out of command lines and logs."
    )]
    Token(Token),
    /// Look for what will not work: client, redirects, scopes, files, clock. Offline.
    ///
    /// Exit 1 when something is wrong; notices alone are exit 0.
    #[command(after_help = "Examples:\n  gdata-auth doctor\n  \
        gdata-auth doctor --client-secrets client_secret.json --flow device \\\n    \
        --scope https://www.googleapis.com/auth/youtube.upload\n  \
        gdata-auth doctor --credentials key.json --scope https://www.googleapis.com/auth/youtube\n  \
        gdata-auth doctor --json | jq -r '.findings[].code'")]
    Doctor(Doctor),
    /// Send one request under any scheme; the body of the answer goes to stdout.
    ///
    /// Follows redirects within the origin, signed anew for each address. A refusal is exit 1, with what the
    /// server said, what to make of it, and the next step.
    #[command(
        after_help = "Examples:\n  gdata-auth request --credential me.json --gdata-version 2 GET \"$URL\"\n  \
        gdata-auth request --credential me.json --key key.pem --developer-key-file d \\\n    \
        --data @entry.xml POST \"$URL\"\n  \
        gdata-auth request --account ann@example.com GET \\\n    \
        'https://www.googleapis.com/youtube/v3/channels?part=id&mine=true'\n  \
        gdata-auth request --account ann@example.com --data '{\"snippet\":{\"title\":\"Tides\"}}' \\\n    \
        --upload tides.mp4 POST 'https://www.googleapis.com/upload/youtube/v3/videos?part=snippet'\n  \
        gdata-auth request --credentials key.json --scope … GET \"$URL\"\n  \
        gdata-auth request --adc --scope … -o out.json GET \"$URL\"\n\n\
        --upload goes chunk by chunk, by Google's resumable protocol, where the address has /upload/ or \
        /resumable/ in it, and goes on after a break; elsewhere the file is the body."
    )]
    Request(Box<SendRequest>),
    /// Carry an integration from the old protocols to OAuth 2.0.
    #[command(subcommand)]
    Migrate(Migrate),
    /// Print a completion script for a shell.
    #[command(after_help = "Example:\n  gdata-auth completions bash > \
                            ~/.local/share/bash-completion/completions/gdata-auth")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Print one JSON document in place of the story.
    #[arg(long)]
    pub(super) json: bool,
    /// Whose story is told.
    #[arg(long, value_enum, default_value_t = DemoScheme::Authsub)]
    pub(super) scheme: DemoScheme,
    /// A whole migration: three users of an old integration, and what becomes of each.
    #[arg(long, conflicts_with_all = ["scheme", "plain", "secure"])]
    pub(super) migrate: bool,
    /// Leave the files of the migration here: findings, plan, campaign, report.
    #[arg(long, value_name = "DIR", requires = "migrate")]
    pub(super) into: Option<PathBuf>,
    /// What the users of the migration sit in front of.
    #[arg(long, value_enum, requires = "migrate", default_value_t = BrowserArg::Auto)]
    pub(super) browser: BrowserArg,
    /// AuthSub with an ordinary token, which anyone who has it can use.
    #[arg(long, conflicts_with = "secure")]
    pub(super) plain: bool,
    /// AuthSub with a secure token, for which every request is signed (the default).
    #[arg(long)]
    pub(super) secure: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BrowserArg {
    /// Chromium without a window, where it and ChromeDriver are installed.
    Auto,
    /// Chromium, or an error.
    Chromium,
    /// None: forms are sent as a browser sends them.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DemoScheme {
    /// From the consent link to a signed upload and revocation.
    Authsub,
    /// A password, a CAPTCHA, and a token that ends.
    Clientlogin,
    /// Three tokens, signatures that hold and one that does not, and the way to OAuth 2.0.
    Oauth1,
    /// A search with an API key, a user's consent, a like, a token that ends, its refresh, and revocation.
    Oauth2,
    /// Developer keys on an upload.
    ApiKey,
    /// Each of them in turn.
    All,
}

#[derive(Debug, Args)]
pub(super) struct Emulator {
    /// The loopback port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,
    /// A TOML file with users, sites and switches (see below).
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// What the consent page does.
    #[arg(long, value_enum)]
    pub(super) consent: Option<ConsentArg>,
    /// A website that may ask for secure tokens, with its certificate or public key in PEM. May be given
    /// more than once.
    #[arg(long, value_name = "HOST=PEM_FILE")]
    pub(super) site: Vec<String>,
    /// A file that keeps issued tokens and used nonces over a restart, with mode 0600.
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// Do not log answers to stderr.
    #[arg(long, short)]
    pub(super) quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ConsentArg {
    /// Show a page with Allow and Deny.
    Ask,
    /// Send the browser back at once, with a token.
    Allow,
    /// Send the browser back at once, without a token.
    Deny,
}
