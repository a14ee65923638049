//! The options of `sign`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ConsumerArgs, EnvelopeArgs, KeyArgs, StampArgs, Target};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Scheme {
    /// `Authorization: AuthSub …`, signed when a key is given.
    #[command(after_help = "The lines go straight into curl:\n  \
        gdata-auth sign authsub --token-file t --key key.pem GET \"$URL\" | curl -H @- \"$URL\"\n\n\
        A key may be PEM (PKCS#1, PKCS#8, encrypted PKCS#8) or PKCS#12; a Java keystore is refused with \
        the command that converts it. The passphrase is read from a file, so that it is in no list of \
        processes.")]
    Authsub(SignAuthsub),
    /// `Authorization: GoogleLogin auth=…`.
    #[command(
        name = "clientlogin",
        after_help = "Examples:\n  \
        gdata-auth sign clientlogin --token-file t GET \"$URL\" | curl -H @- \"$URL\"\n  \
        gdata-auth login --clientlogin --server \"$SERVER\" --email ann --password-file p |\n    \
        gdata-auth sign clientlogin --token-file - GET \"$URL\" | curl -H @- \"$URL\"\n\n\
        Nothing is signed: whoever reads the header has the token."
    )]
    ClientLogin(SignClientLogin),
    /// `Authorization: OAuth …`, three-legged with a token, two-legged without.
    #[command(
        name = "oauth1",
        after_help = "Examples:\n  \
        gdata-auth sign oauth1 --consumer-key www.example.com --consumer-secret-file c \\\n    \
        --token-file t --token-secret-file s GET \"$URL\" | curl -H @- \"$URL\"\n  \
        gdata-auth sign oauth1 --consumer-key www.example.com --key key.pem \\\n    \
        --form 'title=a b' POST \"$URL\" | curl -H @- --data-urlencode 'title=a b' \"$URL\"\n\n\
        The query is signed with the address. Fields of --form are given as plain text; how the client \
        escapes them does not matter to the signature. --show-base-string prints what is signed on stderr, \
        whole: the token stands in it, and whatever else the request holds. Two-legged, --requestor goes \
        into the query; the address to call is then printed on stderr."
    )]
    OAuth1(Box<SignOAuth1>),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SignAuthsub {
    /// The token. Other users of this machine can see it in the list of processes: --token-file is safer.
    #[arg(
        long,
        value_name = "T",
        required_unless_present = "token_file",
        conflicts_with = "token_file"
    )]
    pub(in crate::cli) token: Option<String>,
    /// A file that holds the token; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) token_file: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) key: KeyArgs,
    #[command(flatten)]
    pub(in crate::cli) envelope: EnvelopeArgs,
    #[command(flatten)]
    pub(in crate::cli) stamp: StampArgs,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SignClientLogin {
    /// The token. Other users of this machine can see it in the list of processes: --token-file is safer.
    #[arg(
        long,
        value_name = "T",
        required_unless_present = "token_file",
        conflicts_with = "token_file"
    )]
    pub(in crate::cli) token: Option<String>,
    /// A file that holds the token; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) token_file: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) envelope: EnvelopeArgs,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SignOAuth1 {
    #[command(flatten)]
    pub(in crate::cli) consumer: ConsumerArgs,
    #[command(flatten)]
    pub(in crate::cli) key: KeyArgs,
    /// The token. Other users of this machine can see it in the list of processes: --token-file is safer.
    #[arg(long, value_name = "T", conflicts_with = "token_file")]
    pub(in crate::cli) token: Option<String>,
    /// A file that holds the token; `-` is stdin. Without a token the request is two-legged.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) token_file: Option<PathBuf>,
    /// The token's secret. Other users of this machine can see it in the list of processes:
    /// --token-secret-file is safer.
    #[arg(long, value_name = "S", conflicts_with = "token_secret_file")]
    pub(in crate::cli) token_secret: Option<String>,
    /// A file that holds the token's secret; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) token_secret_file: Option<PathBuf>,
    /// Two-legged: the user that the consumer acts for.
    #[arg(long, value_name = "EMAIL", conflicts_with_all = ["token", "token_file"])]
    pub(in crate::cli) requestor: Option<String>,
    /// A field of the form in the body, as plain text. May be given more than once.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(in crate::cli) form: Vec<String>,
    /// Print what is signed on stderr. It holds the token.
    #[arg(long)]
    pub(in crate::cli) show_base_string: bool,
    #[command(flatten)]
    pub(in crate::cli) envelope: EnvelopeArgs,
    #[command(flatten)]
    pub(in crate::cli) stamp: StampArgs,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}
