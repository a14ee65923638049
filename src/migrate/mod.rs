//! The way from AuthSub, ClientLogin and OAuth 1.0 to OAuth 2.0, for a program that exists.
//!
//! ```text
//! catalogue  what became of each service, feed and scope
//! scan       source tree ──▶ findings, each with a verdict ──▶ text, JSON, SARIF, HTML
//! import     token stores that old clients left ──▶ an inventory, and grants that `token --account` uses
//! explain    a log line, a response, a stack trace ──▶ what it means, and the next step
//! rewrite    code that keeps its gdata library ──▶ the same code with another credential, as a diff
//! ```
//!
//! Nothing here writes to what it reads, but for [`rewrite`] where it is asked to. Source: migration.md.

pub mod catalogue;
pub mod explain;
pub mod import;
pub mod rewrite;
pub mod scan;
