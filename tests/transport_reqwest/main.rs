//! `transport::Reqwest` against servers written by hand, and against OpenSSL.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod failures;
mod support;
mod tls;
mod wire;
