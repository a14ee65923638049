//! From the old protocols to OAuth 2.0: what is there, what it is still good for, and why it stopped.
//!
//! ```text
//! import    token stores that old clients left ──▶ an inventory, and grants that `token --account` uses
//! explain   a log line, a response, a stack trace ──▶ what it means, and the next step
//! rewrite   code that keeps its gdata library ──▶ the same code with another credential, as a diff
//! ```
//!
//! Nothing here writes to what it reads, but for [`rewrite`] where it is asked to.

pub mod explain;
pub mod import;
pub mod rewrite;
