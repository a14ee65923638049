//! The run over all tokens.

use std::{fmt, sync::Arc};

use serde_json::{Map, Value};

use super::coverage::covers;
use crate::{
    client::{Backoff, Retry, grant_key},
    error::{Error, Kind},
    exchange::Exchange,
    migrate::google,
    scheme::{
        oauth1::{AccessToken, MigrationGrant},
        oauth2::Client,
    },
    scope::{Scope, ScopeNames, ScopeSet},
    secret::Secret,
    store::{GrantKey, StoredGrant, TokenStore, update},
    system::Stamps,
    transport::Transport,
};

/// What a grant says of how it came to be.
const FLOW: &str = "migration-grant";

/// A token of the old integration, and the account that it is kept for.
#[derive(Clone, Debug)]
pub struct LegacyToken {
    account: String,
    token: AccessToken,
}

impl LegacyToken {
    /// A token of an account, by the name that the new grant is kept under.
    #[must_use]
    pub fn new(account: impl Into<String>, token: AccessToken) -> Self {
        Self {
            account: account.into(),
            token,
        }
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What the old token covers, as far as it is known.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        self.token.scopes()
    }
}

/// What became of one token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GrantOutcome {
    /// The grant is kept.
    Moved,
    /// It was moved before; nothing was sent.
    Already,
    /// A grant that the user consented to is kept, and covers what the old token did; nothing was sent.
    Kept,
    /// A grant is kept that does not cover what the old token did; nothing was sent, since it would be replaced.
    Differs(Error),
    /// The server refuses this token: the user has to consent.
    Refused(Error),
    /// No answer, or none that could be kept, after all tries: the same token may be tried again.
    Unreachable(Error),
    /// The server refused the grant or the client for an earlier token, so that this one was not tried.
    NotTried,
}

impl GrantOutcome {
    /// The word of it in lists.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Already => "already",
            Self::Kept => "kept",
            Self::Differs(_) => "differs",
            Self::Refused(_) => "refused",
            Self::Unreachable(_) => "unreachable",
            Self::NotTried => "not_tried",
        }
    }

    /// Why not, where it is not.
    #[must_use]
    pub fn why(&self) -> Option<&Error> {
        match self {
            Self::Refused(why) | Self::Unreachable(why) | Self::Differs(why) => Some(why),
            Self::Moved | Self::Already | Self::Kept | Self::NotTried => None,
        }
    }
}

/// What became of all tokens, in order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GrantReport {
    /// Account and outcome.
    pub outcomes: Vec<(String, GrantOutcome)>,
    /// Why the run ended before the last token, if it did.
    pub stopped: Option<Error>,
}

impl GrantReport {
    /// Those who have to be asked: a campaign's users.
    pub fn to_invite(&self) -> impl Iterator<Item = &str> {
        self.outcomes
            .iter()
            .filter(|(_, outcome)| {
                matches!(
                    outcome,
                    GrantOutcome::Refused(_) | GrantOutcome::Differs(_) | GrantOutcome::NotTried
                )
            })
            .map(|(account, _)| account.as_str())
    }

    /// How many have that word.
    #[must_use]
    pub fn count(&self, word: &str) -> usize {
        let fitting = self.outcomes.iter();
        fitting
            .filter(|(_, outcome)| outcome.word() == word)
            .count()
    }
}

/// How far the run is.
#[derive(Debug)]
#[non_exhaustive]
pub struct GrantProgress<'r> {
    /// How many are done.
    pub done: usize,
    /// How many there are.
    pub total: usize,
    /// The account that was just done.
    pub account: &'r str,
    /// What became of it.
    pub outcome: &'r GrantOutcome,
}

/// Moves tokens to a client of OAuth 2.0.
#[must_use = "run moves the tokens"]
pub struct GrantRun<'r> {
    grant: MigrationGrant,
    client: Client,
    store: &'r dyn TokenStore,
    stamps: Stamps,
    tries: u32,
    replaces: bool,
    beside: Map<String, Value>,
    backoff: Arc<dyn Backoff + 'r>,
    progress: Box<dyn FnMut(GrantProgress<'_>) + Send + 'r>,
    clock: Arc<dyn crate::system::Clock>,
}

impl<'r> GrantRun<'r> {
    /// How often a token is tried unless another number is given.
    pub const TRIES: u32 = 4;
    /// So many refusals of the client, with no token moved in between, end the run.
    pub const REFUSED_IN_A_ROW: u32 = 3;

    /// A run that asks the token endpoint of the client's server, and keeps grants in `store`.
    ///
    /// # Errors
    /// [`Kind::Retired`] when the server is Google, before anything is sent; [`Kind::Input`] as
    /// [`MigrationGrant::new`].
    pub fn new(client: &Client, store: &'r dyn TokenStore) -> Result<Self, Error> {
        Self::at(client, store, client.provider().token_endpoint())
    }

    /// As [`new`](Self::new), where the grant is taken at another address than other grants are.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn at(client: &Client, store: &'r dyn TokenStore, endpoint: &str) -> Result<Self, Error> {
        google::refuse(
            endpoint,
            "it takes no tokens of OAuth 1.0 any more, and never took others",
            "OAuth 2.0: the users consent once more, `gdata-auth migrate upgrade`",
        )?;
        let mut grant = MigrationGrant::new(client.id())?.at(endpoint)?;
        if let Some(secret) = client.secret() {
            grant = grant.client_secret(secret.clone())?;
        }
        Ok(Self {
            grant,
            client: client.clone(),
            store,
            stamps: Stamps::system(),
            tries: Self::TRIES,
            replaces: false,
            beside: Map::new(),
            backoff: Arc::new(|_: Retry| std::future::ready(())),
            progress: Box::new(|_| {}),
            clock: Arc::new(crate::system::SystemClock),
        })
    }

    /// By other stamps and another clock.
    pub fn pinned(mut self, stamps: Stamps, clock: Arc<dyn crate::system::Clock>) -> Self {
        self.stamps = stamps;
        self.clock = clock;
        self
    }

    /// Keeps a field of the caller's own with every grant, such as the client that a refresh needs.
    pub fn keeping(mut self, name: impl Into<String>, value: Value) -> Self {
        self.beside.insert(name.into(), value);
        self
    }

    /// Exchanges a token also where another grant is kept that does not cover what it did, and puts the new one in that
    /// one's place.
    pub fn replacing(mut self, replaces: bool) -> Self {
        self.replaces = replaces;
        self
    }

    /// How often a token is tried, once at the least, and the pause in between.
    pub fn retrying(mut self, tries: u32, backoff: impl Backoff + 'r) -> Self {
        self.tries = tries.max(1);
        self.backoff = Arc::new(backoff);
        self
    }

    /// Hears how far it is.
    pub fn on_progress(mut self, progress: impl FnMut(GrantProgress<'_>) + Send + 'r) -> Self {
        self.progress = Box::new(progress);
        self
    }

    /// Moves all of them, one after the other.
    ///
    /// # Errors
    /// What the store says; refusals are outcomes.
    pub async fn run(
        mut self,
        tokens: &[LegacyToken],
        transport: &(impl Transport + ?Sized),
    ) -> Result<GrantReport, Error> {
        let mut report = GrantReport::default();
        let mut in_a_row = 0;
        for (done, legacy) in (1..).zip(tokens) {
            let outcome = match &report.stopped {
                Some(_) => GrantOutcome::NotTried,
                None => self.one(legacy, transport).await?,
            };
            match &outcome {
                GrantOutcome::Refused(why) => {
                    in_a_row += u32::from(why.kind() == Kind::Refused);
                    let never = matches!(why.kind(), Kind::Retired | Kind::Unsupported);
                    if never || in_a_row >= Self::REFUSED_IN_A_ROW {
                        report.stopped = Some(why.clone());
                    }
                }
                GrantOutcome::Moved => in_a_row = 0,
                _ => {}
            }
            (self.progress)(GrantProgress {
                done,
                total: tokens.len(),
                account: &legacy.account,
                outcome: &outcome,
            });
            report.outcomes.push((legacy.account.clone(), outcome));
        }
        Ok(report)
    }

    async fn one(
        &self,
        legacy: &LegacyToken,
        transport: &(impl Transport + ?Sized),
    ) -> Result<GrantOutcome, Error> {
        let key = grant_key(&self.client, &legacy.account)?;
        if let Some((grant, _)) = self.store.load(&key)?
            && grant.dead().is_none()
            && grant.refresh_token().is_some()
        {
            let standing = standing(&grant, legacy);
            if !matches!(standing, GrantOutcome::Differs(_)) || !self.replaces {
                return Ok(standing);
            }
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            let why = match self.ask(legacy, transport).await {
                Ok(token) => {
                    self.keep(&key, legacy, &token)?;
                    return Ok(GrantOutcome::Moved);
                }
                Err(why) => why,
            };
            if !why.is_transient() {
                // An answer that cannot be read says nothing about the token.
                return Ok(match why.kind() {
                    Kind::Transport | Kind::Reply => GrantOutcome::Unreachable(why),
                    _ => GrantOutcome::Refused(why),
                });
            }
            if attempt >= self.tries {
                return Ok(GrantOutcome::Unreachable(why));
            }
            let after = match why.advice() {
                crate::error::Advice::Retry { after } => after,
                _ => None,
            };
            self.backoff.pause(Retry { attempt, after }).await;
        }
    }

    /// One try, with a stamp of its own: a nonce counts once.
    async fn ask(
        &self,
        legacy: &LegacyToken,
        transport: &(impl Transport + ?Sized),
    ) -> Result<Secret, Error> {
        let exchange = self.grant.exchange(&legacy.token, &self.stamps.next())?;
        let answer = transport.send(exchange.request()).await?;
        let status = answer.status();
        exchange.parse(&answer).map_err(|why| {
            let passing = status.as_u16() == 429 || status.is_server_error();
            if passing { why.transient(true) } else { why }
        })
    }

    fn keep(&self, key: &GrantKey, legacy: &LegacyToken, token: &Secret) -> Result<(), Error> {
        let now = self.clock.now();
        // Down-scoped to the old grant, which the answer does not repeat (migration.md 2.2).
        let scopes = ScopeNames::parse(&legacy.token.scopes().to_string()).unwrap_or_default();
        update(self.store, key, |kept| {
            let grant = match kept {
                Some(grant) => grant.consented_again(now),
                None => StoredGrant::new(now),
            };
            let grant = self.beside.iter().fold(grant, |grant, (name, value)| {
                // One of the grant's own names is left alone.
                grant
                    .clone()
                    .with_extra(name, value.clone())
                    .unwrap_or(grant)
            });
            grant
                .with_refresh_token(token.clone())
                .without_access_token()
                .with_granted(scopes.clone())
                .with_flow(FLOW)
        })?;
        Ok(())
    }
}

/// What a grant that is kept is to an old token. A token whose scopes nobody knows is taken to be covered.
fn standing(grant: &StoredGrant, legacy: &LegacyToken) -> GrantOutcome {
    let granted = grant.granted();
    let covered = |scope: &&Scope| covers(granted, scope.as_str());
    let missing = legacy.scopes().iter().find(|scope| !covered(scope));
    match (missing, grant.flow()) {
        (Some(scope), _) => GrantOutcome::Differs(Error::new(
            Kind::Scope,
            format!(
                "the grant that is kept ({granted}) does not cover {scope}: ask for consent, or put the new grant in its place \
                 (--replace)"
            ),
        )),
        (None, Some(FLOW)) => GrantOutcome::Already,
        (None, _) => GrantOutcome::Kept,
    }
}

impl fmt::Debug for GrantRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantRun")
            .field("grant", &self.grant)
            .field("tries", &self.tries)
            .finish_non_exhaustive()
    }
}
