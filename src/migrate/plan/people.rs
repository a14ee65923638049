//! The users: who need not be asked, who is moved by a grant, who consents once more.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ask::covers;
use crate::{
    migrate::import::{Alarm, Credential, Inventory, Protocol, Use},
    scope::ScopeNames,
};

/// How many users there are, by what becomes of each.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct People {
    /// All of them; a credential without a name counts as one.
    pub users: u64,
    /// Credentials that no store gives a name to.
    pub nameless: u64,
    /// Their grant of OAuth 2.0 stays, and covers the new scopes.
    pub kept: u64,
    /// A grant of OAuth 2.0 that needs its client.
    pub needs_client: u64,
    /// Moved by the migration grant, without being asked.
    pub by_grant: u64,
    /// A service account takes their place.
    pub delegated: u64,
    /// Consent once more.
    pub by_consent: u64,
    /// Of those, users with a grant of OAuth 2.0 that lacks scopes.
    pub lacking_scopes: u64,
    /// Of those, users with OAuth 1.0 tokens that a server with the migration grant would exchange.
    pub exchangeable: u64,
    /// Clients of OAuth 2.0 that exist.
    pub clients: u64,
    /// Stores with a private key or a password in them.
    pub alarms: u64,
    /// What the import could not read.
    pub problems: u64,
    #[serde(skip)]
    pub(super) invited: Vec<String>,
    #[serde(skip)]
    pub(super) unaddressed: u64,
}

/// What becomes of a user, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Kept,
    NeedsClient,
    Grant,
    Delegated,
    LacksScopes,
    Exchangeable,
    Consent,
}

/// Whether users have credentials of their own, which somebody could move or renew.
pub(super) fn has_own(inventory: &Inventory) -> bool {
    inventory.current().any(|credential| {
        fate(credential, &ScopeNames::default(), true).is_some_and(|fate| fate != Fate::Delegated)
    })
}

/// Credentials with a private key or a password beside them, which whoever read the store has.
pub(in crate::migrate) fn alarms(inventory: &Inventory) -> u64 {
    let exposed = |alarm: &Alarm| matches!(alarm, Alarm::PrivateKey | Alarm::Password);
    let credentials = inventory.current();
    credentials
        .filter(|credential| credential.alarms.iter().any(exposed))
        .count() as u64
}

/// Counts them. A credential that is `delegated` needs no consent: a service account does what it was for.
pub(super) fn count(
    inventory: &Inventory,
    scopes: &ScopeNames,
    grant: bool,
    delegated: &dyn Fn(&Credential) -> bool,
) -> People {
    let mut people = People {
        problems: inventory.problems.len() as u64,
        alarms: alarms(inventory),
        ..People::default()
    };
    let mut named: BTreeMap<String, Fate> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut nameless: Vec<Fate> = Vec::new();
    for credential in inventory.current() {
        let Some(fate) = fate_of(credential, scopes, grant, delegated) else {
            people.clients += u64::from(credential.usable == Use::Client);
            continue;
        };
        match &credential.user {
            // What is for other services decides.
            Some(user) if fate == Fate::Delegated => {
                taken.insert(user.trim().to_lowercase());
            }
            Some(user) => {
                let user = user.trim().to_lowercase();
                let own = named.entry(user).or_insert(fate);
                *own = fate.min(*own);
            }
            None => nameless.push(fate),
        }
    }
    for user in taken {
        named.entry(user).or_insert(Fate::Delegated);
    }
    people.nameless = nameless.len() as u64;
    for (user, fate) in &named {
        people.add(*fate);
        if *fate >= Fate::LacksScopes {
            match is_address(user) {
                true => people.invited.push(user.clone()),
                false => people.unaddressed += 1,
            }
        }
    }
    for fate in nameless {
        people.add(fate);
        people.unaddressed += u64::from(fate >= Fate::LacksScopes);
    }
    people
}

impl People {
    fn add(&mut self, fate: Fate) {
        self.users += 1;
        match fate {
            Fate::Kept => self.kept += 1,
            Fate::NeedsClient => self.needs_client += 1,
            Fate::Grant => self.by_grant += 1,
            Fate::Delegated => self.delegated += 1,
            Fate::LacksScopes => self.lacking_scopes += 1,
            Fate::Exchangeable => self.exchangeable += 1,
            Fate::Consent => {}
        }
        self.by_consent += u64::from(fate >= Fate::LacksScopes);
    }
}

/// Whether a service account takes the place of a credential.
pub(super) fn is_delegated(
    credential: &Credential,
    scopes: &ScopeNames,
    grant: bool,
    delegated: &dyn Fn(&Credential) -> bool,
) -> bool {
    fate_of(credential, scopes, grant, delegated) == Some(Fate::Delegated)
}

/// Nothing for what is no user's.
fn fate_of(
    credential: &Credential,
    scopes: &ScopeNames,
    grant: bool,
    delegated: &dyn Fn(&Credential) -> bool,
) -> Option<Fate> {
    let fate = fate(credential, scopes, grant)?;
    let asks = !matches!(fate, Fate::Kept | Fate::NeedsClient | Fate::Delegated);
    Some(match asks && delegated(credential) {
        true => Fate::Delegated,
        false => fate,
    })
}

fn fate(credential: &Credential, scopes: &ScopeNames, grant: bool) -> Option<Fate> {
    let live = !credential.dead;
    Some(match credential.usable {
        Use::Client => return None,
        Use::ServiceAccount if credential.protocol == Protocol::ServiceAccount => return None,
        Use::AsItIs if credential.protocol == Protocol::ServiceAccount => return None,
        Use::AsItIs | Use::NeedsClient if live => {
            let own = ScopeNames::new(&credential.scopes).unwrap_or_default();
            // A store that names no scopes says nothing against them.
            let covers = own.is_empty() || scopes.iter().all(|scope| covers(&own, scope));
            match (covers, credential.usable) {
                (true, Use::AsItIs) => Fate::Kept,
                (true, _) => Fate::NeedsClient,
                (false, _) => Fate::LacksScopes,
            }
        }
        Use::MigrationGrant if live && grant => Fate::Grant,
        Use::MigrationGrant if live => Fate::Exchangeable,
        Use::ServiceAccount => Fate::Delegated,
        _ => Fate::Consent,
    })
}

/// Good enough for an invitation.
fn is_address(user: &str) -> bool {
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"\",;<>()".contains(c);
    matches!(user.split_once('@'), Some((name, host)) if !name.is_empty() && host.contains('.') && !host.contains('@'))
        && user.len() <= 320
        && user.chars().all(plain)
}
