//! Who there was to begin with, by an inventory, and what the store keeps for each of them.
//!
//! | what a user had | what the store keeps | outcome |
//! |---|---|---|
//! | a refresh token of OAuth 2.0 | a grant that covers it | imported, moved or kept, by how it came |
//! | the same | none | to import |
//! | anything older | a grant that covers it | as above |
//! | the same, beside a refresh token of OAuth 2.0 that covers it | none | to import |
//! | the same | none, or one that covers less | what a grant run says, else to invite |
//! | what a service account does by the rule of the plan | none that covers it | delegated |
//!
//! This module refuses to know campaigns: whom one asks is told by that.

use std::collections::BTreeMap;

use super::outcome::UserOutcome;
use crate::{
    error::Error,
    migrate::{
        grant::{Older, can_be_kept},
        import::{Credential, Inventory, Protocol},
        plan::{Code, delegated},
    },
    scope::ScopeNames,
    store::TokenStore,
    time::Timestamp,
};

/// How a grant came to be, by its flow; every other flow is one that the user had before.
const FLOWS: &[(&str, UserOutcome)] = &[
    ("imported", UserOutcome::Imported),
    ("migration-grant", UserOutcome::Moved),
];

/// The grants of a store that live, by account.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, migrate::report::KeptGrants, store::MemoryStore};
///
/// let kept = KeptGrants::of(&MemoryStore::new(), Timestamp::from_unix_seconds(1_795_000_000))?;
/// assert!(kept.is_empty());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeptGrants(BTreeMap<String, Vec<Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    scopes: ScopeNames,
    outcome: UserOutcome,
}

impl Kept {
    fn covers(&self, older: &Older) -> bool {
        match self.outcome {
            UserOutcome::Imported => older.is_covered_by_import(&self.scopes),
            _ => older.is_covered(&self.scopes),
        }
    }
}

impl KeptGrants {
    /// Reads a store. Grants that are dead, have ended, or have no refresh token do not count.
    ///
    /// # Errors
    /// What the store says: a grant that cannot be read is no evidence.
    pub fn of(store: &dyn TokenStore, now: Timestamp) -> Result<Self, Error> {
        let mut all = BTreeMap::<String, Vec<Kept>>::new();
        for key in store.list()? {
            let Some((grant, _)) = store.load(&key)? else {
                continue;
            };
            let ended = grant.refresh_expires_at().is_some_and(|end| end <= now);
            if grant.dead().is_some() || grant.refresh_token().is_none() || ended {
                continue;
            }
            let flow = FLOWS.iter().find(|(flow, _)| grant.flow() == Some(flow));
            all.entry(folded(key.account())).or_default().push(Kept {
                scopes: grant.granted().clone(),
                outcome: flow.map_or(UserOutcome::Kept, |(_, outcome)| *outcome),
            });
        }
        Ok(Self(all))
    }

    /// Whether none lives.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of_account(&self, folded: &str) -> &[Kept] {
        self.0.get(folded).map_or(&[], Vec::as_slice)
    }
}

/// Capitals do not tell addresses apart.
pub(super) fn folded(account: &str) -> String {
    account.trim().to_lowercase()
}

/// Whether a service account takes the place of a credential.
#[derive(Clone, Copy, Debug, Default)]
struct Delegated {
    /// Where tokens are moved by the migration grant.
    with_grant: bool,
    without: bool,
}

impl Delegated {
    fn by(self, grant: bool) -> bool {
        match grant {
            true => self.with_grant,
            false => self.without,
        }
    }
}

/// Everybody of an inventory, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct People(BTreeMap<String, Person>);

/// What one user had, and what of it is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) name: String,
    /// The best grant that covers something of the user's.
    covered: Option<UserOutcome>,
    /// Why a refresh token of OAuth 2.0 is not kept.
    to_import: Option<String>,
    /// What such tokens were granted.
    importable: Vec<ScopeNames>,
    /// What of the older credentials no grant covers.
    open: Vec<Open>,
    had_legacy: bool,
}

#[derive(Clone, Debug)]
struct Open {
    /// A grant is kept, which covers less.
    older: Older,
    delegated: Delegated,
    beside_a_grant: bool,
    note: String,
}

impl People {
    pub(super) fn add(&mut self, inventory: &Inventory, kept: &KeptGrants, code: Option<&Code>) {
        // Where no plan can be drawn, nobody is left to a service account.
        let taken = |grant| delegated(code, inventory, grant).unwrap_or_default();
        let (with_grant, without) = (taken(true), taken(false));
        for credential in inventory.current() {
            if matches!(
                credential.protocol,
                Protocol::OAuth2Client | Protocol::ServiceAccount
            ) {
                continue;
            }
            let account = credential.account();
            let key = folded(&account);
            let grants = kept.of_account(&key);
            let person = self.0.entry(key).or_insert_with(|| Person {
                name: account,
                ..Person::default()
            });
            let delegated = Delegated {
                with_grant: with_grant.contains(&credential.number),
                without: without.contains(&credential.number),
            };
            person.add(credential, grants, delegated);
        }
    }

    /// What became of one of them, so far.
    pub(super) fn outcome(
        &self,
        folded: &str,
        by_run: Option<UserOutcome>,
        grant: bool,
    ) -> Option<UserOutcome> {
        Some(self.0.get(folded)?.outcome(by_run, grant).0)
    }

    /// Takes somebody out whom a campaign tells.
    pub(super) fn remove(&mut self, account: &str) {
        if !self.0.is_empty() {
            self.0.remove(&folded(account));
        }
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = (String, Person)> {
        self.0.into_iter()
    }
}

impl Person {
    fn add(&mut self, credential: &Credential, grants: &[Kept], delegated: Delegated) {
        let older = Older::of(credential);
        let covering = grants.iter().filter(|grant| grant.covers(&older));
        if let Some(best) = covering.map(|grant| grant.outcome).min() {
            self.covered = Some(self.covered.map_or(best, |before| before.min(best)));
            self.had_legacy |= !can_be_kept(credential);
            return;
        }
        let what = match grants.is_empty() {
            true => None,
            false => Some("the grant that is kept does not cover"),
        };
        if can_be_kept(credential) {
            self.to_import = Some(match what {
                Some(what) => format!("{what} its token of OAuth 2.0"),
                None => String::new(),
            });
            let scopes = ScopeNames::new(&credential.scopes).unwrap_or_default();
            self.importable.push(scopes);
            return;
        }
        self.had_legacy = true;
        self.open.push(Open {
            beside_a_grant: !grants.is_empty(),
            note: match what {
                Some(what) => format!("{what} what its {} did", older.protocol().name()),
                None => String::new(),
            },
            older,
            delegated,
        });
    }

    /// What became of the user, where a grant run has its own word for it; `grant` where there was one.
    pub(super) fn outcome(
        &self,
        by_run: Option<UserOutcome>,
        grant: bool,
    ) -> (UserOutcome, String) {
        let is_open = |open: &&Open| {
            let mut importable = self.importable.iter();
            !open.delegated.by(grant)
                && !importable.any(|scopes| open.older.is_covered_by_import(scopes))
        };
        if let Some(open) = self.open.iter().rfind(is_open) {
            return match by_run {
                Some(by_run) if !open.beside_a_grant || !by_run.is_done() => {
                    (by_run, String::new())
                }
                _ => (UserOutcome::ToInvite, open.note.clone()),
            };
        }
        let own = match (&self.to_import, self.covered) {
            (Some(note), _) => (UserOutcome::ToImport, note.clone()),
            (None, Some(covered)) => (covered, String::new()),
            (None, None) if self.open.is_empty() => (UserOutcome::ToInvite, String::new()),
            (None, None) => (UserOutcome::Delegated, String::new()),
        };
        match by_run {
            // The run knows a token that this inventory does not have.
            Some(by_run) if !self.had_legacy || by_run < own.0 => (by_run, String::new()),
            _ => own,
        }
    }
}
