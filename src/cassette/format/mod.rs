//! The files of other tools, read into one model and written from it. The content tells the format, not the name.
//!
//! A reader takes data only: no tag of YAML makes an object, no ERB, JavaScript or pickle is executed, and
//! [`Limits`] bound size, depth and count.

mod beside;
mod betamax;
mod charset;
mod example;
mod gdata_pickle;
mod go_replayers;
mod go_vcr;
pub mod har;
mod hoverfly;
mod json;
mod losses;
mod mitmproxy;
mod nock;
mod okreplay;
mod php_vcr;
mod raw;
mod ruby_vcr;
mod uhttpmock;
mod vcrpy;
mod wiremock;
mod yaml;

use std::{fmt, path::Path};

use bytes::Bytes;

use super::{Cassette, Limits, Reading};
use crate::error::{Error, Kind};

/// A format of recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// HTTP Archive 1.2, our own form, and the dialects of browsers, Polly, Playwright, mitmproxy.
    Har,
    /// Ruby VCR 1.x to 6.x, YAML, JSON or compressed.
    RubyVcr,
    /// vcrpy: version 1, before 1.0, and its httpx dialect.
    Vcrpy,
    /// Traces of uhttpmock (libgdata).
    Uhttpmock,
    /// Betamax, JSON.
    Betamax,
    /// Mappings of WireMock.
    WireMock,
    /// go-vcr 1 to 4.
    GoVcr,
    /// go-replayers (Google's httpreplay).
    GoReplayers,
    /// Definitions of nock.
    Nock,
    /// Flows of mitmproxy, version 7 on.
    Mitmproxy,
    /// Tapes of OkReplay.
    OkReplay,
    /// Simulations of Hoverfly, version 5.
    Hoverfly,
    /// php-vcr.
    PhpVcr,
    /// Pickles of gdata-python's own recorder.
    GdataPickle,
    /// The text of one answer, or of requests and answers in turn.
    RawHttp,
}

/// A file to read.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "what a reader needs, no more")]
pub struct Source<'s> {
    /// All of it.
    pub bytes: Bytes,
    /// Its name, for messages.
    pub name: &'s str,
    /// The folder in which files that it names stand; without, it may name none.
    pub folder: Option<&'s Path>,
    /// The bounds.
    pub limits: &'s Limits,
}

/// A file as it is to be written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Written {
    /// All of it.
    pub bytes: Vec<u8>,
    /// What the format cannot hold, one line each, such as `interaction 2: the reason phrase`.
    pub losses: Vec<String>,
}

/// How one format is told, read and written.
struct Dialect {
    format: Format,
    name: &'static str,
    /// Whether these bytes are of the format, by their content.
    is: fn(&Source<'_>) -> bool,
    read: fn(&Source<'_>) -> Result<Reading, Error>,
    write: Option<Writer>,
}

type Writer = fn(&Cassette) -> Result<Written, Error>;

/// In the order in which they are asked: the surest marks first.
const DIALECTS: &[Dialect] = &[
    Dialect {
        format: Format::Har,
        name: "har",
        is: har::is,
        read: har::read,
        write: Some(har::write),
    },
    Dialect {
        format: Format::WireMock,
        name: "wiremock",
        is: wiremock::is,
        read: wiremock::read,
        write: Some(wiremock::write),
    },
    Dialect {
        format: Format::Hoverfly,
        name: "hoverfly",
        is: hoverfly::is,
        read: hoverfly::read,
        write: None,
    },
    Dialect {
        format: Format::Nock,
        name: "nock",
        is: nock::is,
        read: nock::read,
        write: None,
    },
    Dialect {
        format: Format::GoReplayers,
        name: "go-replayers",
        is: go_replayers::is,
        read: go_replayers::read,
        write: None,
    },
    Dialect {
        format: Format::GdataPickle,
        name: "gdata-pickle",
        is: gdata_pickle::is,
        read: gdata_pickle::read,
        write: None,
    },
    Dialect {
        format: Format::Mitmproxy,
        name: "mitmproxy",
        is: mitmproxy::is,
        read: mitmproxy::read,
        write: None,
    },
    Dialect {
        format: Format::Uhttpmock,
        name: "uhttpmock",
        is: uhttpmock::is,
        read: uhttpmock::read,
        write: Some(uhttpmock::write),
    },
    Dialect {
        format: Format::RubyVcr,
        name: "ruby-vcr",
        is: ruby_vcr::is,
        read: ruby_vcr::read,
        write: Some(ruby_vcr::write),
    },
    Dialect {
        format: Format::Betamax,
        name: "betamax",
        is: betamax::is,
        read: betamax::read,
        write: None,
    },
    Dialect {
        format: Format::Vcrpy,
        name: "vcrpy",
        is: vcrpy::is,
        read: vcrpy::read,
        write: Some(vcrpy::write),
    },
    Dialect {
        format: Format::GoVcr,
        name: "go-vcr",
        is: go_vcr::is,
        read: go_vcr::read,
        write: None,
    },
    Dialect {
        format: Format::OkReplay,
        name: "okreplay",
        is: okreplay::is,
        read: okreplay::read,
        write: None,
    },
    Dialect {
        format: Format::PhpVcr,
        name: "php-vcr",
        is: php_vcr::is,
        read: php_vcr::read,
        write: None,
    },
    // A bare body looks like many things: it is asked last.
    Dialect {
        format: Format::RawHttp,
        name: "raw-http",
        is: raw::is,
        read: raw::read,
        write: None,
    },
];

impl Format {
    /// Its name on the command line: `har`, `ruby-vcr`, …
    #[must_use]
    pub fn name(self) -> &'static str {
        dialect(self).map_or("", |dialect| dialect.name)
    }

    /// The format of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        DIALECTS
            .iter()
            .find(|dialect| dialect.name == name)
            .map(|dialect| dialect.format)
    }

    /// All formats.
    pub fn all() -> impl Iterator<Item = Self> {
        DIALECTS.iter().map(|dialect| dialect.format)
    }

    /// Whether it can be written.
    #[must_use]
    pub fn is_written(self) -> bool {
        dialect(self).is_some_and(|dialect| dialect.write.is_some())
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The format of a file, by its content.
#[must_use]
pub fn tell(source: &Source<'_>) -> Option<Format> {
    DIALECTS
        .iter()
        .find(|dialect| (dialect.is)(source))
        .map(|dialect| dialect.format)
}

/// Reads a file; its content tells the format.
///
/// # Errors
/// [`Kind::Reply`] when no format takes it, or nothing in it could be read. What is wrong inside is a
/// [`Problem`](super::Problem) of the reading.
pub fn read(source: &Source<'_>) -> Result<Reading, Error> {
    match tell(source) {
        Some(format) => read_as(format, source),
        None => Err(Error::new(
            Kind::Reply,
            format!(
                "{}: expected a recording of a known format, got another file",
                source.name
            ),
        )),
    }
}

/// Reads a file as `format`, whatever its content looks like.
///
/// # Errors
/// [`Kind::Reply`] when nothing in it could be read.
pub fn read_as(format: Format, source: &Source<'_>) -> Result<Reading, Error> {
    match dialect(format) {
        Some(dialect) => (dialect.read)(source),
        None => Err(unsupported(format)),
    }
}

/// Writes a cassette in `format`.
///
/// # Errors
/// [`Kind::Unsupported`] for a format that is only read.
pub fn write(format: Format, cassette: &Cassette) -> Result<Written, Error> {
    match dialect(format).and_then(|dialect| dialect.write) {
        Some(write) => write(cassette),
        None => Err(unsupported(format)),
    }
}

fn dialect(format: Format) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|dialect| dialect.format == format)
}

fn unsupported(format: Format) -> Error {
    let written: Vec<&str> = DIALECTS
        .iter()
        .filter(|dialect| dialect.write.is_some())
        .map(|dialect| dialect.name)
        .collect();
    Error::new(
        Kind::Unsupported,
        format!("{format}: expected one of {}", written.join(", ")),
    )
}

/// `HTTP/1.1`, `HTTP/2` and the like.
fn is_version(text: &str) -> bool {
    text.strip_prefix("HTTP/").is_some_and(|number| {
        matches!(
            number.as_bytes(),
            [b'0'..=b'9'] | [b'0'..=b'9', b'.', b'0'..=b'9']
        )
    })
}
