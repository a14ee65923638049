//! The parameters of a request, each with the place where it stood (RFC 5849, 3.4.1.3.1).

use std::{borrow::Cow, fmt};

use super::{
    base_string::lossy,
    escape::{self, ONCE, escaped, into_string},
    header::Header,
    text::Text,
};
use crate::error::Error;

/// Where a parameter stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// In `Authorization: OAuth …`.
    Header,
    /// In the query of the address.
    Query,
    /// In a body of `application/x-www-form-urlencoded`.
    Form,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "the header",
            Self::Query => "the query",
            Self::Form => "the form",
        })
    }
}

/// One parameter. Its `Debug` shows the name, the place and a length.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Escaped once, as is the value: the one spelling that every byte sequence has.
    pub(super) name: String,
    pub(super) value: String,
    place: Place,
}

impl Parameter {
    /// The name; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        decoded(&self.name)
    }

    /// The value; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn value(&self) -> Cow<'_, str> {
        decoded(&self.value)
    }

    /// Where it stood.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// Whether it belongs to the protocol.
    pub(super) fn is_oauth(&self) -> bool {
        self.name.starts_with("oauth_")
    }
}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.value().chars().count();
        f.debug_struct("Parameter")
            .field("name", &self.name())
            .field("value", &format_args!("({length} characters)"))
            .field("place", &self.place)
            .finish()
    }
}

/// All parameters of a request: in order within their place; repeats and empty values are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(Vec<Parameter>);

impl Parameters {
    /// The most parameters that are read from one request.
    pub const MAX: usize = 1_000;

    /// The first value of `name`, wherever it stands.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<Cow<'_, str>> {
        self.iter()
            .find(|parameter| parameter.name() == name)
            .map(Parameter::value)
    }

    /// The only value of `name`: `None` when absent.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when it stands more than once.
    pub fn only(&self, name: &str) -> Result<Option<Cow<'_, str>>, Error> {
        let mut found = self.iter().filter(|parameter| parameter.name() == name);
        match (found.next(), found.next()) {
            (first, None) => Ok(first.map(Parameter::value)),
            (_, Some(_)) => Err(Error::reply(
                name,
                "expected the parameter once, got it more than once",
            )),
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add_header(&mut self, header: &Header) -> Result<(), Error> {
        for (name, value) in header.parameters().iter() {
            self.add(escaped(name), escaped(value), Place::Header)?;
        }
        Ok(())
    }

    /// Adds `a=b&c=d`; a name without `=` has an empty value, empty pieces are skipped, `+` is a space.
    pub(super) fn add_form(&mut self, text: &[u8], place: Place) -> Result<(), Error> {
        let broken = |field: &str| {
            Error::reply(
                field,
                "expected two hex digits after every %, got something else",
            )
        };
        for piece in text.split(|&byte| byte == b'&') {
            if piece.is_empty() {
                continue;
            }
            let (name, value) = split(piece);
            let mut out = <Text>::new();
            escape::reescape::<ONCE, _>(name, &mut out).map_err(|_| broken("parameter name"))?;
            let name = into_string(&out);
            out.clear();
            escape::reescape::<ONCE, _>(value, &mut out).map_err(|_| broken(&lossy(&name)))?;
            self.add(name, into_string(&out), place)?;
        }
        Ok(())
    }

    fn add(&mut self, name: String, value: String, place: Place) -> Result<(), Error> {
        if self.0.len() == Self::MAX {
            let most = Self::MAX;
            return Err(Error::reply(
                "parameters",
                format_args!("expected at most {most}, got more"),
            ));
        }
        self.0.push(Parameter { name, value, place });
        Ok(())
    }
}

/// Name and value around the first `=`.
pub(super) fn split(piece: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'=', piece) {
        Some(at) => (&piece[..at], &piece[at + 1..]),
        None => (piece, b""),
    }
}

fn decoded(escaped: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(escaped).decode_utf8_lossy()
}
