//! The addresses of a comparison: read, checked before anything is sent, and shown without secrets.

use crate::{
    cassette::{KNOWN, Place, Role},
    cli::{
        args::{Target, migrate::DualCompare},
        files, request,
        sign::check_as_sent,
    },
    error::{Error, Kind},
    migrate::{dual::client::at_https, google::is_google},
    wire::origin::Origin,
};

/// Where each side asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Where the old credential asks.
    pub(super) old: String,
    /// Where the new one does.
    pub(super) new: String,
    /// Whether the two were given apart: then the new side has an API of its own.
    pub(super) apart: bool,
}

/// The most addresses of one run.
const MAX: usize = 10_000;

/// All of them.
///
/// # Errors
/// [`Kind::Input`] for what is no address, and [`Kind::Refused`] for one that is neither Google's nor of this machine.
pub(super) fn all(options: &DualCompare) -> Result<Vec<Asked>, Error> {
    let text = match &options.addresses {
        Some(path) => files::read_text("addresses", path)?,
        None => String::new(),
    };
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let given = options.address.iter().map(String::as_str);
    let asked = lines.chain(given).map(Asked::read);
    let asked = asked.take(MAX + 1).collect::<Result<Vec<_>, _>>()?;
    match asked.len() {
        0 => Err(Error::input("addresses", "expected an address, got none")),
        count if count > MAX => Err(Error::input(
            "addresses",
            format_args!("expected at most {MAX}, got more"),
        )),
        _ => Ok(asked),
    }
}

impl Asked {
    fn read(line: &str) -> Result<Self, Error> {
        let mut words = line.split_whitespace();
        let (old, new) = (words.next().unwrap_or_default(), words.next());
        if words.next().is_some() {
            let problem = "expected an address, or the old one and the new one, got more";
            return Err(Error::input("address", problem));
        }
        let origin = checked(old)?;
        let new = match new {
            Some(new) => {
                checked(new)?;
                new.to_owned()
            }
            None => at_https(old).unwrap_or_else(|| old.to_owned()),
        };
        request::tell_of_plain_http(&origin);
        Ok(Self {
            old: old.to_owned(),
            new,
            apart: line.split_whitespace().count() > 1,
        })
    }
}

fn checked(address: &str) -> Result<Origin, Error> {
    check_as_sent(&Target {
        method: "GET".to_owned(),
        url: address.to_owned(),
    })?;
    let origin = Origin::of(address)?;
    match origin.is_loopback() || is_google(&origin) {
        true => Ok(origin),
        false => Err(Error::new(
            Kind::Input,
            format!(
                "address: expected one of Google's or of this machine, got {origin}; credentials go nowhere else"
            ),
        )),
    }
}

/// An address as it may be printed.
pub(super) fn shown(address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let Some((place, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let parameters = query.split('&').map(|parameter| {
        let name = parameter.split('=').next().unwrap_or_default();
        match is_secret(Place::Param, name) {
            true => format!("{name}=(hidden)"),
            false => parameter.to_owned(),
        }
    });
    format!("{place}?{}", parameters.collect::<Vec<_>>().join("&"))
}

/// Whether what stands in a field lets its holder in.
pub(super) fn is_secret(place: Place, name: &str) -> bool {
    KNOWN.iter().any(|known| {
        known.place == place
            && known.name.eq_ignore_ascii_case(name)
            && matches!(known.role, Role::Secret(_))
    })
}
