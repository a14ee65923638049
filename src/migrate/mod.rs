//! The way from AuthSub, ClientLogin and OAuth 1.0 to OAuth 2.0, for a program that exists.
//!
//! ```text
//! source tree ──▶ scan ──▶ findings, each with a verdict ──▶ text, JSON, SARIF, HTML
//!                  ▲
//!              catalogue   what became of each service, feed and scope
//! ```
//!
//! | look for | in |
//! |---|---|
//! | what became of an API, which scope is the narrowest | [`catalogue`] |
//! | what is left in a tree of source | [`scan`] |
//!
//! It refuses to touch what it reads. Source: migration.md.

pub mod catalogue;
pub mod scan;
