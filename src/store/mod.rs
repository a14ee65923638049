//! Keeping credentials.
//!
//! [`Sealed`] is the only way in which an [`AuthScheme`](crate::AuthScheme) is serialised: whoever writes
//! one out has asked for it, and the reader checks every field anew. Stores come with OAuth 2.0, whose
//! tokens change by themselves.

mod sealed;
mod text;

pub use sealed::Sealed;
