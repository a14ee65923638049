//! TLS of listed hosts, ended here: a proxy whose clients trust an authority that lives for one run.
//!
//! ```text
//! client ── CONNECT www.google.com:443 ── listed? ── 200 ── TLS (leaf for that host) ── GET /feeds ── Transport
//!                                           └ no: 403, never a blind tunnel                  https://www.google.com/feeds
//! ```
//!
//! Whoever trusts the certificate of the authority trusts it for the listed hosts alone, and for a day: it is name-constrained
//! (RFC 5280, 4.2.1.10), and its key never leaves the process.

mod authority;
mod file;
mod hosts;
mod interception;
mod rewound;

pub use self::{
    authority::{CertificateAuthority, KeyType},
    hosts::Hosts,
    interception::Interception,
};
