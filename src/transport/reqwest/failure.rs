//! What went wrong on the network, in our words: reqwest's error shows the address with its query.

use std::{error::Error as StdError, fmt, io};

use crate::transport::{Mishap, TransportError};

/// The failure of a call to `origin`.
pub(super) fn of(origin: &str, cause: &::reqwest::Error) -> TransportError {
    let mishap = mishap(cause);
    let expected = match mishap {
        Mishap::Connect => "a connection",
        Mishap::TooLarge => "a smaller reply head",
        Mishap::Torn => "a whole reply",
        Mishap::Request => "a request that can be sent",
        Mishap::Timeout | Mishap::Redirect | Mishap::Other => "a reply",
    };
    let kept = Cause::of(cause);
    let message = format!("{origin}: expected {expected}, got: {}", kept.root());
    TransportError::new(mishap, message).caused_by(kept)
}

fn mishap(cause: &::reqwest::Error) -> Mishap {
    if cause.is_connect() || cause.is_dns() {
        return Mishap::Connect;
    }
    if cause.is_timeout() {
        return Mishap::Timeout;
    }
    if cause.is_builder() {
        return Mishap::Request;
    }
    links(cause).find_map(of_link).unwrap_or(Mishap::Other)
}

fn of_link(link: &(dyn StdError + 'static)) -> Option<Mishap> {
    if let Some(cause) = link.downcast_ref::<hyper::Error>() {
        if cause.is_parse_too_large() {
            return Some(Mishap::TooLarge);
        }
        if cause.is_user() {
            return Some(Mishap::Request);
        }
        if cause.is_incomplete_message() || cause.is_closed() || cause.is_canceled() {
            return Some(Mishap::Torn);
        }
    }
    match link.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => Some(Mishap::Torn),
        _ => None,
    }
}

/// The words of an error and of its causes; the errors of reqwest among them are left out.
#[derive(Debug)]
pub(super) struct Cause {
    text: String,
    source: Option<Box<Cause>>,
}

impl Cause {
    /// What `error` says, without its address.
    pub(super) fn of(error: &::reqwest::Error) -> Self {
        let texts: Vec<String> = links(error)
            .filter(|link| !link.is::<::reqwest::Error>())
            .map(ToString::to_string)
            .collect();
        let chain = texts.into_iter().rev().fold(None, |source, text| {
            Some(Self {
                text,
                source: source.map(Box::new),
            })
        });
        chain.unwrap_or_else(|| Self {
            text: "a failure without a cause".to_owned(),
            source: None,
        })
    }

    /// The innermost words.
    pub(super) fn root(&self) -> &str {
        self.source.as_ref().map_or(&self.text, |next| next.root())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

fn links<'a>(error: &'a ::reqwest::Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let first: &(dyn StdError + 'static) = error;
    std::iter::successors(Some(first), |&link| link.source())
}
