//! The options of `verify`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Target;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Verify {
    /// A secure AuthSub request: exit 0 if the signature holds, 1 with the reason if not.
    #[command(
        after_help = "Examples:\n  gdata-auth sign authsub --token-file t --key key.pem GET \"$URL\" |\n    \
        gdata-auth verify authsub --certificate cert.pem --header-file - GET \"$URL\"\n  \
        gdata-auth verify authsub --certificate cert.pem \\\n    \
        --header 'AuthSub token=\"…\" sigalg=\"rsa-sha1\" data=\"GET …\" sig=\"…\"' GET \"$URL\"\n\n\
        Of a certificate only the key counts: dates, names and chain are not checked. Age and replay are \
        a server's to judge; the timestamp and the nonce are printed."
    )]
    Authsub(VerifyAuthsub),
    /// An OAuth 1.0 request: exit 0 if the signature holds, 1 with what was signed instead if not.
    #[command(
        name = "oauth1",
        after_help = "Examples:\n  gdata-auth verify oauth1 --consumer-secret-file c --token-secret-file s \\\n    \
        --header-file headers GET \"$URL\"\n  \
        gdata-auth verify oauth1 --certificate cert.pem --form 'title=a b' \\\n    \
        --header 'OAuth oauth_consumer_key=\"…\", …' POST \"$URL\"\n\n\
        When the signature does not hold, the ways in which clients are known to sign wrongly are tried \
        one by one, and the one that fits is told piece by piece, without secrets. The OAuth parameters may \
        also stand in the address or in --form, without a header. Age and replay are a server's to judge."
    )]
    OAuth1(VerifyOAuth1),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyAuthsub {
    #[command(flatten)]
    pub(in crate::cli) public: PublicArgs,
    /// The value of Authorization, with or without the header's name. Other users of this machine can see
    /// it in the list of processes: --header-file is safer.
    #[arg(
        long,
        value_name = "VALUE",
        required_unless_present = "header_file",
        conflicts_with = "header_file"
    )]
    pub(in crate::cli) header: Option<String>,
    /// A file that holds the value, or header lines as `sign` prints them; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) header_file: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}

/// The other half of the key that signs.
#[derive(Debug, Args)]
pub(in crate::cli) struct PublicArgs {
    /// The public key, in PEM or DER.
    #[arg(long, value_name = "FILE", conflicts_with = "certificate")]
    pub(in crate::cli) public_key: Option<PathBuf>,
    /// The X.509 certificate that the site registered, in PEM or DER.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) certificate: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyOAuth1 {
    /// A file that holds the consumer secret, for HMAC-SHA1 and PLAINTEXT; `-` is stdin.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present_any = ["public_key", "certificate"],
        conflicts_with_all = ["public_key", "certificate"]
    )]
    pub(in crate::cli) consumer_secret_file: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) public: PublicArgs,
    /// A file that holds the secret of the token that the request names; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) token_secret_file: Option<PathBuf>,
    /// The value of Authorization, with or without the header's name. Other users of this machine can see
    /// it in the list of processes: --header-file is safer.
    #[arg(long, value_name = "VALUE", conflicts_with = "header_file")]
    pub(in crate::cli) header: Option<String>,
    /// A file that holds the value, or header lines as `sign` prints them; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) header_file: Option<PathBuf>,
    /// A field of the form in the body, as plain text. May be given more than once.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(in crate::cli) form: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
}
