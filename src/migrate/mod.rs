//! The way from AuthSub, ClientLogin and OAuth 1.0 to OAuth 2.0, for a program that exists.
//!
//! ```text
//! catalogue  what became of each service, feed and scope
//! scan       source tree ──▶ findings, each with a verdict ──▶ text, JSON, SARIF, HTML
//! import     token stores that old clients left ──▶ an inventory, and grants that `token --account` uses
//! plan       findings, inventory and a log of calls ──▶ scopes, client, verification, quota, order of work
//! explain    a log line, a response, a stack trace ──▶ what it means, and the next step
//! export     a grant for a program that keeps its credential in a file of its own
//! rewrite    code that keeps its gdata library ──▶ the same code with another credential, as a diff
//! grant      OAuth 1.0 tokens become refresh tokens where a server offers it          nobody is asked
//! campaign   everybody else is invited, consents on a page, and is written down       every user, once
//! dual       new credential first, the old one by rule; shadow compares the two       for a while
//! retire     legacy tokens are revoked, and N days without a legacy call end it       at last
//! report     all of that put together: how far it is, and what is left                at any time
//! ```
//!
//! Nothing here writes to what it reads, but for [`rewrite`] where it is asked to. State that takes weeks to gather
//! stands in files that survive a crash at any byte (`journal`). Source: migration.md.

pub mod campaign;
pub mod catalogue;
pub(crate) mod disk;
pub mod dual;
pub mod explain;
pub mod export;
pub(crate) mod google;
pub mod grant;
pub mod import;
mod journal;
mod outline;
pub mod plan;
pub(crate) mod replace;
pub mod report;
pub mod retire;
pub mod rewrite;
pub mod scan;
