//! Whether a grant of OAuth 2.0 covers what was done before it.

use crate::{
    migrate::{
        catalogue::Catalogue,
        import::{Credential, Protocol},
    },
    scope::ScopeNames,
};

/// What an older credential was for.
#[derive(Clone, Debug)]
pub(in crate::migrate) struct Older {
    protocol: Protocol,
    service: Option<String>,
    scopes: Vec<String>,
}

impl Older {
    pub(in crate::migrate) fn of(credential: &Credential) -> Self {
        Self {
            protocol: credential.protocol,
            service: credential.service.clone(),
            scopes: credential.scopes.clone(),
        }
    }

    pub(in crate::migrate) fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Whether scopes cover all that it did. Of OAuth, scopes that nobody wrote down are taken to be covered.
    pub(in crate::migrate) fn is_covered(&self, granted: &ScopeNames) -> bool {
        let mut scopes = self.scopes.iter();
        match (self.protocol, &self.service) {
            (Protocol::OAuth1 | Protocol::OAuth2, _) => scopes.all(|scope| covers(granted, scope)),
            (Protocol::ClientLogin, Some(code)) => {
                let services = Catalogue::built_in().ok();
                let services = services.and_then(|catalogue| catalogue.by_service(code).ok());
                services.is_some_and(|services| {
                    let mut wanted = services
                        .iter()
                        .flat_map(|service| service.write_scopes().chain(service.read_scopes()));
                    wanted.any(|scope| granted.cover(scope))
                })
            }
            _ => !self.scopes.is_empty() && scopes.all(|scope| covers(granted, scope)),
        }
    }

    /// The same for a token out of a store: one that names no scopes says nothing against them, as in the plan.
    pub(in crate::migrate) fn is_covered_by_import(&self, granted: &ScopeNames) -> bool {
        granted.is_empty() || self.is_covered(granted)
    }
}

/// Whether `import --into-store` keeps it.
pub(in crate::migrate) fn can_be_kept(credential: &Credential) -> bool {
    let mut masks = credential.masks.iter();
    credential.protocol == Protocol::OAuth2
        && !credential.dead
        && masks.any(|mask| mask.name == "refresh_token")
}

/// By its own name, or by one of the scopes that took its place.
pub(super) fn covers(granted: &ScopeNames, scope: &str) -> bool {
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
