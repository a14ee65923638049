//! The options of `cassette serve`, `record`, `replay` and `check`.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(in crate::cli) struct Serve {
    /// What is done with the network and with the disk.
    #[arg(long, value_enum, default_value_t = ModeArg::Replay)]
    pub(in crate::cli) mode: ModeArg,
    #[command(flatten)]
    pub(in crate::cli) run: Run,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Run {
    /// The cassette: a HAR file, or to replay any format that is read.
    #[arg(value_name = "CASSETTE")]
    pub(in crate::cli) cassette: PathBuf,
    /// The loopback port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(in crate::cli) port: u16,
    /// The server behind the port, such as `https://www.google.com`: clients ask this port in its place.
    #[arg(long, value_name = "ORIGIN")]
    pub(in crate::cli) upstream: Option<String>,
    /// Let the upstream hear this port's own name as Host, as an emulator has to for which clients sign.
    #[arg(long, requires = "upstream")]
    pub(in crate::cli) keep_host: bool,
    /// A host that clients may ask for through this port as their proxy, such as www.google.com, *.googleapis.com or
    /// http://127.0.0.1:8080. May be given more than once.
    #[arg(long, value_name = "HOST")]
    pub(in crate::cli) host: Vec<String>,
    /// Where the certificate is written that clients of the proxy trust for those hosts, for this run.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ca_file: Option<PathBuf>,
    /// Sign as old clients need it: RSA in place of ECDSA.
    #[arg(long, requires = "ca_file")]
    pub(in crate::cli) ca_rsa: bool,
    /// A TOML file with settings (see below).
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Make signatures and assertions anew with the published test keys, so that the cassette verifies.
    #[arg(long)]
    pub(in crate::cli) resign: bool,
    /// Mask fields that would stop the saving as suspect, and tell them.
    #[arg(long)]
    pub(in crate::cli) mask_suspects: bool,
    /// In which order interactions are played.
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(in crate::cli) order: Option<OrderArg>,
    /// Let the last of several identical interactions go on answering.
    #[arg(long)]
    pub(in crate::cli) repeat: bool,
    /// What happens to the moments in answers.
    #[arg(long, value_enum, value_name = "RULE")]
    pub(in crate::cli) time: Option<TimeArg>,
    /// Exit with 1 when something recorded was not asked for.
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// Print what came of it as JSON, at the end.
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// Say nothing but errors on stderr.
    #[arg(long, short)]
    pub(in crate::cli) quiet: bool,
    /// Run this, with the port in its environment, and end with it; its exit code is the exit code.
    #[arg(last = true, value_name = "COMMAND")]
    pub(in crate::cli) command: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ModeArg {
    /// Every request goes live; the recording takes the place of an old cassette.
    Record,
    /// Every answer comes from the cassette; the network is never touched.
    Replay,
    /// Record where there is no cassette yet, replay where there is one.
    Once,
    /// Replay what matches; the rest goes live and is added.
    New,
    /// Every request goes live; answers are compared with the recorded ones in shape.
    Check,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OrderArg {
    /// In any; identical requests get their answers in turn.
    Any,
    /// Forward only; some may be passed over.
    Sequential,
    /// Exactly as recorded.
    Strict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TimeArg {
    /// They stay as they were recorded.
    Keep,
    /// They move by the distance from the recording to now.
    Shift,
    /// They move, and tokens run out.
    Strict,
}
