//! The options of `cassette`.

mod convert;

use clap::Subcommand;

pub(in crate::cli) use convert::Convert;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Cassette {
    /// Write recordings of one tool in the format of another, with a report of what is lost.
    ///
    /// The content of a file tells its format, not its name. What a format cannot hold is told on stderr, one line each;
    /// nothing in a file is executed. A damaged file is refused, unless --good-part takes what of it is whole.
    #[command(after_help = "Examples:\n  \
        gdata-auth cassette convert login.yml --to har -o login.har\n  \
        gdata-auth cassette convert tests/cassettes --to vcrpy -o converted\n  \
        gdata-auth cassette convert old.har --to wiremock > mappings.json\n\n\
        Read: har ruby-vcr vcrpy uhttpmock betamax wiremock go-vcr go-replayers nock mitmproxy okreplay hoverfly \
        php-vcr gdata-pickle raw-http. Written: har ruby-vcr vcrpy uhttpmock wiremock.\n\n\
        Exit codes: 0 all was written, 1 a file was refused or is damaged, 2 as everywhere.")]
    Convert(Convert),
}
