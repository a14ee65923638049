//! Whether a grant of OAuth 2.0 covers a scope of old.

use crate::{migrate::catalogue::Catalogue, scope::ScopeNames};

/// By its own name, or by one of the scopes that took its place.
pub(in crate::migrate) fn covers(granted: &ScopeNames, scope: &str) -> bool {
    granted.cover(scope) || successors(scope).any(|name| granted.cover(name))
}

/// The scopes of OAuth 2.0 that took the place of an old one, to read and to write.
fn successors(scope: &str) -> impl Iterator<Item = &'static str> {
    let service = Catalogue::built_in().ok();
    let service = service.and_then(|catalogue| catalogue.by_scope(scope).ok());
    service
        .into_iter()
        .flat_map(|service| service.read_scopes().chain(service.write_scopes()))
}
