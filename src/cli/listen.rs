//! An address that cannot be listened at: why, and what to do, in the same words for every command with a port.
//!
//! | the system says | what helps |
//! |---|---|
//! | another program has it | stop that, or take another one |
//! | this user may not | a port from 1024 on, or another one |
//! | no such address here | an address of this machine |

use std::{
    error::Error as _,
    io::{self, ErrorKind},
    net::SocketAddr,
};

use crate::error::{Advice, Error, Kind};

/// What to do for an address that came from `--port`.
pub(super) const PORT: &str = "give another --port, or --port 0 for a free one";

const CAUSES: &[(ErrorKind, &str)] = &[
    (
        ErrorKind::AddrInUse,
        "stop the program that has the port, or ",
    ),
    (
        ErrorKind::PermissionDenied,
        "ports below 1024 are the administrator's: ",
    ),
    (
        ErrorKind::AddrNotAvailable,
        "it is no address of this machine: ",
    ),
];

/// What the system said of `address`, with the next step. Waiting does not help where another program listens, so
/// nothing of it is called passing.
pub(super) fn refused(cause: Error, address: SocketAddr, next: &str) -> Error {
    if cause.kind() != Kind::Transport {
        return cause;
    }
    let why = cause.source().map(ToString::to_string).unwrap_or_default();
    let system = cause.source().and_then(|it| it.downcast_ref::<io::Error>());
    let known = system.and_then(|it| CAUSES.iter().find(|(kind, _)| *kind == it.kind()));
    let first = known.map_or("", |(_, words)| words);
    Error::new(
        Kind::Transport,
        format!("cannot listen at {address}: {why}; {first}{next}"),
    )
    .advising(Advice::FixClient)
    .caused_by(cause)
}
