//! Options that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// A private key and its passphrase.
#[derive(Debug, Args)]
pub(in crate::cli) struct KeyArgs {
    /// The private key that signs: PEM or PKCS#12.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
    /// A file that holds the passphrase of the key; `-` is stdin.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(in crate::cli) passphrase_file: Option<PathBuf>,
}

/// An application of OAuth 1.0.
#[derive(Debug, Args)]
pub(in crate::cli) struct ConsumerArgs {
    /// The consumer key: the domain that was registered.
    #[arg(long, value_name = "K", default_value = "anonymous")]
    pub(in crate::cli) consumer_key: String,
    /// The consumer secret; `anonymous` needs none. Other users of this machine can see it in the list of
    /// processes: --consumer-secret-file is safer.
    #[arg(long, value_name = "S", conflicts_with_all = ["consumer_secret_file", "key"])]
    pub(in crate::cli) consumer_secret: Option<String>,
    /// A file that holds the consumer secret; `-` is stdin.
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    pub(in crate::cli) consumer_secret_file: Option<PathBuf>,
    /// How requests are signed; RSA-SHA1 with --key, else HMAC-SHA1.
    #[arg(long, value_enum, value_name = "METHOD", ignore_case = true)]
    pub(in crate::cli) method_name: Option<MethodName>,
    /// Leave `oauth_version` out, as the Java client did.
    #[arg(long)]
    pub(in crate::cli) no_version: bool,
}

/// The wire names of signature methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum MethodName {
    /// Both secrets, hashed with the request.
    #[value(name = "HMAC-SHA1")]
    HmacSha1,
    /// The private key of the consumer.
    #[value(name = "RSA-SHA1")]
    RsaSha1,
    /// Both secrets as they are: over TLS only.
    #[value(name = "PLAINTEXT")]
    Plaintext,
}

/// The headers of gdata beside Authorization.
#[derive(Debug, Args)]
pub(in crate::cli) struct EnvelopeArgs {
    /// Adds `X-GData-Key: key=K`.
    #[arg(long, value_name = "K", conflicts_with = "developer_key_file")]
    pub(in crate::cli) developer_key: Option<String>,
    /// Adds `X-GData-Key` with the key in this file; `-` is stdin.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) developer_key_file: Option<PathBuf>,
    /// Adds `X-GData-Client`.
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) client: Option<String>,
    /// Adds `GData-Version`.
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) gdata_version: Option<String>,
}

/// What a signature is stamped with.
#[derive(Debug, Args)]
pub(in crate::cli) struct StampArgs {
    /// Seconds since 1970; the present moment when absent.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) timestamp: Option<i64>,
    /// The nonce; a random 64-bit number when absent.
    #[arg(long, value_name = "N")]
    pub(in crate::cli) nonce: Option<String>,
}

/// The request.
#[derive(Debug, Args)]
pub(in crate::cli) struct Target {
    /// The method, in capitals.
    pub(in crate::cli) method: String,
    /// The address, exactly as it goes on the wire.
    pub(in crate::cli) url: String,
}
