//! Events for whoever watches a program: what happens to grants, and never a token.
//!
//! An allow-list: each event here names its fields, and nothing else is ever logged.

use crate::{error::Error, scheme::oauth2::Diagnosis, store::GrantKey};

/// A refresh that is under way.
#[derive(Debug)]
pub(crate) struct Refresh(tracing::Span);

/// A refresh begins.
pub(crate) fn refresh(key: &GrantKey, attempt: u32) -> Refresh {
    Refresh(tracing::info_span!(
        "refresh",
        issuer = key.issuer(),
        client_id = key.client_id(),
        account = key.account(),
        attempt,
    ))
}

impl Refresh {
    /// It ended.
    pub(crate) fn done(self, error: Option<&Error>) {
        let _entered = self.0.enter();
        match error {
            None => tracing::info!("refreshed"),
            Some(error) => tracing::warn!(
                kind = ?error.kind(),
                transient = error.is_transient(),
                "not refreshed: {error}"
            ),
        }
    }
}

/// A grant could not be written; it is kept in memory.
pub(crate) fn unsaved(key: &GrantKey, error: &Error) {
    tracing::error!(account = key.account(), "not written: {error}");
}

/// A grant died.
pub(crate) fn dead(key: &GrantKey, diagnosis: &Diagnosis) {
    tracing::error!(account = key.account(), "refused: {diagnosis}");
}
