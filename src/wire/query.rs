//! Query and form parameters as ordered pairs: repeats and order are kept, because they are signed.

use crate::{error::Error, wire::percent};

/// Ordered, decoded parameters.
///
/// # Examples
/// ```
/// use gdata_auth::wire::query::Pairs;
///
/// let pairs = Pairs::parse("next=http%3A%2F%2Fa%2F&scope=x+y&scope=z")?;
/// assert_eq!(pairs.first("scope"), Some("x y"));
/// assert_eq!(pairs.all("scope").collect::<Vec<_>>(), ["x y", "z"]);
/// assert_eq!(pairs.to_string(), "next=http%3A%2F%2Fa%2F&scope=x%20y&scope=z");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// The most parameters that are read from one text.
    pub const MAX: usize = 1_000;

    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads `a=b&c=d`. A name without `=` has an empty value; empty pieces are skipped; `+` is a
    /// space.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) on broken percent-encoding, and on more than
    /// [`MAX`](Self::MAX) parameters.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::parse_knowing(&[], text)
    }

    /// As [`parse`](Self::parse), but errors name the parameter when it is one of `known`. Other names come
    /// from outside, and may be a token or a line break: they are told as `parameter`.
    pub(crate) fn parse_knowing(known: &[&str], text: &str) -> Result<Self, Error> {
        let decoded = |(name, value)| -> Result<(String, String), Error> {
            let name = percent::decode_form("parameter name", name)?;
            let field = known.iter().find(|known| **known == name);
            let value = percent::decode_form(field.unwrap_or(&"parameter"), value)?;
            Ok((name.into_owned(), value.into_owned()))
        };
        let pairs = pieces(text)?.into_iter().map(decoded);
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// Adds a parameter at the end.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The first value of `name`.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The only value of `name`: `None` when absent.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when it stands more than once.
    pub fn only(&self, name: &str) -> Result<Option<&str>, Error> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            (_, Some(_)) => Err(Error::reply(
                name,
                "expected the parameter once, got it more than once",
            )),
        }
    }

    /// Every value of `name`, in order.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.iter()
            .filter(move |(candidate, _)| *candidate == name)
            .map(|(_, value)| value)
    }

    /// All parameters, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
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
}

/// `name=value&…`, percent-encoded, a space as `%20`.
impl std::fmt::Display for Pairs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (name, value)) in self.iter().enumerate() {
            let separator = if at == 0 { "" } else { "&" };
            write!(
                f,
                "{separator}{}={}",
                percent::encode(name),
                percent::encode(value)
            )?;
        }
        Ok(())
    }
}

impl FromIterator<(String, String)> for Pairs {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// Names and values as they stand in the text, not decoded; empty pieces are skipped.
///
/// # Errors
/// `Kind::Reply` on more than [`Pairs::MAX`] parameters.
pub(crate) fn pieces(text: &str) -> Result<Vec<(&str, &str)>, Error> {
    let pieces: Vec<_> = text
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
        .take(Pairs::MAX + 1)
        .collect();
    if pieces.len() > Pairs::MAX {
        return Err(Error::reply(
            "parameters",
            format_args!("expected at most {}, got more", Pairs::MAX),
        ));
    }
    Ok(pieces)
}
