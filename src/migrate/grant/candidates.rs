//! Which imported credentials a grant can move, and whose owner has to be asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    coverage::{Older, can_be_kept},
    run::{GrantReport, LegacyToken},
};
use crate::{
    crypto::PrivateKey,
    error::{Error, Kind},
    migrate::import::{Credential, Protocol},
    scheme::AuthScheme,
    scope::ScopeNames,
};

/// Imported credentials, parted by what can be done for them.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::{grant::Candidates, import::{Import, Source}};
///
/// let store = b"ann@example.com\t1h|www.example.com|s3cret|1%2Ftoken|secret|3||\n\
///               ben@example.org\t1a|1%2Fabc|http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F\n";
/// let inventory = Import::inventory(&Source::new("tokens"), store)?;
/// let candidates = Candidates::of(inventory.current(), None);
/// assert_eq!(candidates.tokens[0].account(), "ann@example.com");
/// assert_eq!(candidates.others[0].account, "ben@example.org");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Candidates {
    /// Access tokens of OAuth 1.0, which a grant may move.
    pub tokens: Vec<LegacyToken>,
    /// Legacy credentials that no grant moves.
    pub others: Vec<Other>,
    owners: BTreeMap<String, Owner>,
}

/// What the stores hold of one account.
#[derive(Clone, Debug, Default)]
struct Owner {
    older: Vec<Older>,
    /// What refresh tokens of OAuth 2.0 were granted, which an import keeps.
    importable: Vec<ScopeNames>,
}

impl Owner {
    fn add(&mut self, credential: &Credential) {
        match credential.protocol {
            Protocol::OAuth2Client | Protocol::ServiceAccount => {}
            Protocol::OAuth2 if can_be_kept(credential) => {
                let scopes = ScopeNames::new(&credential.scopes).unwrap_or_default();
                self.importable.push(scopes);
            }
            // One that is dead did something all the same.
            _ => self.older.push(Older::of(credential)),
        }
    }

    /// Whether an import is all that is missing.
    fn can_be_imported(&self) -> bool {
        let mut all = self.older.iter();
        all.all(|older| {
            let mut granted = self.importable.iter();
            granted.any(|scopes| older.is_covered_by_import(scopes))
        })
    }
}

/// A credential that no grant moves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Other {
    /// Whose it is, by [`Credential::account`].
    pub account: String,
    /// Why not.
    pub why: Error,
    scopes: BTreeSet<String>,
}

impl Candidates {
    /// Parts credentials. Those of OAuth 2.0 are no legacy, and left out. `key` is the private key of consumers whose
    /// store does not hold it.
    pub fn of<'c>(
        credentials: impl IntoIterator<Item = &'c Credential>,
        key: Option<&PrivateKey>,
    ) -> Self {
        let mut candidates = Self::default();
        for credential in credentials {
            let account = credential.account();
            candidates.owner(&account).add(credential);
            let why = match credential.protocol {
                Protocol::OAuth2 | Protocol::OAuth2Client | Protocol::ServiceAccount => continue,
                Protocol::OAuth1 => match credential.to_scheme(key) {
                    Ok(AuthScheme::OAuth1(opened)) if opened.access_token().is_some() => {
                        let token = opened.access_token().cloned();
                        let token = token.map(|token| LegacyToken::new(account, token));
                        candidates.tokens.extend(token);
                        continue;
                    }
                    Ok(_) => Error::input("token", "expected an access token, got none"),
                    Err(why) => why,
                },
                Protocol::OAuth1TwoLegged => Error::new(
                    Kind::Unsupported,
                    "two-legged OAuth 1.0: a service account with domain-wide delegation takes its place",
                ),
                Protocol::AuthSub | Protocol::SecureAuthSub | Protocol::ClientLogin => Error::new(
                    Kind::Unsupported,
                    "only tokens of OAuth 1.0 were ever exchanged: ask the user for consent",
                ),
            };
            candidates.others.push(Other {
                account,
                why,
                scopes: credential.scopes.iter().cloned().collect(),
            });
        }
        candidates
    }

    /// Whom a campaign has to ask, each once, in order: whose token was refused or not tried, and who has a credential
    /// that no grant moves, unless a token that was moved covers all that it did. Who has a refresh token of OAuth 2.0
    /// for all of it is nobody to ask, but [to import](Self::to_import).
    #[must_use]
    pub fn to_invite(&self, report: &GrantReport) -> Vec<String> {
        let mut left = self.left(report);
        left.retain(|account| !self.can_be_imported(account));
        left
    }

    /// Who would have to be asked, but for a refresh token of OAuth 2.0 that covers all of it and stands in the same
    /// stores.
    #[must_use]
    pub fn to_import(&self, report: &GrantReport) -> Vec<String> {
        let mut left = self.left(report);
        left.retain(|account| self.can_be_imported(account));
        left
    }

    fn can_be_imported(&self, account: &str) -> bool {
        let owner = self.owners.get(&folded(account));
        owner.is_some_and(Owner::can_be_imported)
    }

    fn owner(&mut self, account: &str) -> &mut Owner {
        self.owners.entry(folded(account)).or_default()
    }

    fn left(&self, report: &GrantReport) -> Vec<String> {
        let mut covered: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (token, (account, outcome)) in self.tokens.iter().zip(&report.outcomes) {
            if matches!(outcome.word(), "moved" | "already" | "kept") {
                let scopes = covered.entry(account).or_default();
                scopes.extend(token.scopes().iter().map(|scope| scope.as_str().to_owned()));
            }
        }
        let is_covered = |other: &&Other| {
            let scopes = covered.get(other.account.as_str());
            !other.scopes.is_empty() && scopes.is_some_and(|scopes| other.scopes.is_subset(scopes))
        };
        let others = self.others.iter().filter(|other| !is_covered(other));
        let all = report
            .to_invite()
            .chain(others.map(|other| other.account.as_str()));
        let mut seen = BTreeSet::new();
        all.filter(|account| seen.insert(*account))
            .map(str::to_owned)
            .collect()
    }
}

/// Capitals do not tell addresses apart.
fn folded(account: &str) -> String {
    account.trim().to_lowercase()
}
