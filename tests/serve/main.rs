//! `serve`: any transport on a loopback socket, against clients written by hand.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod misbehaves;
mod proxy;
mod stops;
mod support;
mod survives;
