//! The options of `cassette convert`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cassette::format::Format;

#[derive(Debug, Args)]
pub(in crate::cli) struct Convert {
    /// Files, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// The format to write.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(in crate::cli) to: FormatArg,
    /// The file to write, or the folder for more than one; stdout for one file without it.
    #[arg(long, short, value_name = "PATH")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// The format of the files, whatever their content looks like.
    #[arg(long, value_name = "FORMAT", value_parser = format_named)]
    pub(in crate::cli) from: Option<Format>,
    /// Take what is whole of a damaged file.
    #[arg(long)]
    pub(in crate::cli) good_part: bool,
    /// Replace secrets by stand-ins, as a recording does.
    #[arg(long)]
    pub(in crate::cli) redact: bool,
    /// A TOML file whose [redact] says what else is secret, and what is not.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Make signatures and assertions anew with the published test keys, so that the cassette verifies.
    #[arg(long, requires = "redact")]
    pub(in crate::cli) resign: bool,
    /// Overwrite files that are there.
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Say nothing of what is lost.
    #[arg(long, short)]
    pub(in crate::cli) quiet: bool,
}

/// A format that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FormatArg {
    /// HTTP Archive 1.2, with what it cannot hold in `_gdataAuth`.
    Har,
    /// Ruby VCR 6, YAML.
    RubyVcr,
    /// vcrpy version 1, YAML.
    Vcrpy,
    /// Traces of uhttpmock.
    Uhttpmock,
    /// Mappings of WireMock.
    Wiremock,
}

impl FormatArg {
    pub(in crate::cli) fn format(self) -> Format {
        match self {
            Self::Har => Format::Har,
            Self::RubyVcr => Format::RubyVcr,
            Self::Vcrpy => Format::Vcrpy,
            Self::Uhttpmock => Format::Uhttpmock,
            Self::Wiremock => Format::WireMock,
        }
    }

    /// How the names of its files end.
    pub(in crate::cli) fn extension(self) -> &'static str {
        match self {
            Self::Har => "har",
            Self::RubyVcr => "yml",
            Self::Vcrpy => "yaml",
            Self::Uhttpmock => "trace",
            Self::Wiremock => "json",
        }
    }
}

fn format_named(name: &str) -> Result<Format, String> {
    Format::named(name).ok_or_else(|| {
        let names: Vec<&str> = Format::all().map(Format::name).collect();
        format!("expected one of {}", names.join(", "))
    })
}
