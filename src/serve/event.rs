//! What the observer of a server hears: trouble with a connection, never what was said on it.

use std::{error::Error as StdError, fmt, net::SocketAddr, sync::Arc};

pub(super) type Observer = Arc<dyn Fn(Event) + Send + Sync>;

/// Trouble with one connection, or with the listener.
///
/// `Display` is one line. It never holds a target, a header or a body.
#[derive(Clone, Debug)]
pub struct Event {
    trouble: Trouble,
    peer: Option<SocketAddr>,
    message: String,
}

/// What kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trouble {
    /// The listener could not take a connection.
    Accept,
    /// The client sent what is not HTTP; it got a 400 where that was possible.
    Malformed,
    /// The head or the body of a request is over its cap; the client got a 431 or a 413.
    TooLarge,
    /// The client did not go on in time.
    Slow,
    /// The client went away in the middle.
    Torn,
    /// The transport had no answer; the client got a 502.
    Transport,
    /// The transport panicked; the client lost its connection.
    Panic,
    /// A tunnel that was not opened, or whose TLS failed.
    Tunnel,
}

impl Event {
    pub(super) fn new(
        trouble: Trouble,
        peer: impl Into<Option<SocketAddr>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            trouble,
            peer: peer.into(),
            message: message.into(),
        }
    }

    /// What hyper says of a connection that ended badly.
    pub(super) fn of_connection(peer: SocketAddr, cause: &hyper::Error) -> Self {
        let trouble = if cause.is_parse_too_large() {
            Trouble::TooLarge
        } else if cause.is_parse() {
            Trouble::Malformed
        } else if cause.is_timeout() {
            Trouble::Slow
        } else if cause.is_user() {
            Trouble::Transport
        } else {
            Trouble::Torn
        };
        let outcome = match trouble {
            Trouble::TooLarge => "answered 431 and closed: ",
            Trouble::Malformed => "answered 400 and closed: ",
            _ => "",
        };
        let message = match cause.source() {
            Some(source) => format!("{outcome}{cause}: {source}"),
            None => format!("{outcome}{cause}"),
        };
        Self::new(trouble, peer, message)
    }

    /// What kind of trouble it is.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// The client, where there was one.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.peer {
            Some(peer) => write!(f, "{peer}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
