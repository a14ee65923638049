//! What came of a user's way to the server and back: the code exchanged, the account checked, the grant kept.
//!
//! ```text
//! redirect ─▶ declined? ─▶ exchange ─▶ ID token verified ─▶ the account that was invited? ─▶ kept
//!                                                                    └ no: nothing is kept
//! ```
//!
//! A token of a wrong account is dropped and not revoked: at Google a revocation takes back all that this user ever
//! granted to the project (oauth2.md 5.6), and the account may be that of another invited user.

use serde_json::{Map, Value};

use super::{
    book::Member,
    settings::Settings,
    state::{KEPT, MISSING, Standing, State, THEN},
};
use crate::{
    client::{consented, grant_key},
    error::{Error, Kind},
    scheme::oauth2::{Authorized, Client, IdToken, IdTokenVerifier, Jwks},
    scope::ScopeNames,
    store::{StoredGrant, TokenStore, update},
    time::Timestamp,
};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// All that was asked for was given, and is kept.
    Consented,
    /// A part was given, and is kept.
    Partial {
        /// What is missing.
        missing: ScopeNames,
    },
    /// The user signed in, and gave nothing of what was asked for; nothing was kept.
    Nothing,
    /// The user said no.
    Declined,
    /// Another account than the one that was invited; nothing was kept.
    WrongAccount {
        /// The account, as far as it may be shown: `a…@gmail.com`.
        used: String,
    },
    /// It did not work, and may work when it is tried again.
    Failed {
        /// Why, in one line without a secret.
        why: String,
    },
}

impl Outcome {
    /// How far the user has come by it; after a failure as far as before.
    pub(super) fn apply(&self, standing: &Standing, now: Timestamp) -> Standing {
        match self {
            Self::Consented => standing.turned(State::Consented, now, ""),
            Self::Partial { missing } => {
                standing.turned(State::Partial, now, format!("{MISSING}{missing}"))
            }
            // What was given before is kept.
            Self::Nothing if standing.state == State::Partial => {
                still_partial(standing, now, "allowed nothing")
            }
            Self::Nothing => standing.turned(State::Nothing, now, ""),
            Self::Declined if standing.state == State::Partial => {
                let note = format!("{KEPT}{}", standing.note);
                standing.turned(State::Declined, now, note)
            }
            Self::Declined => standing.turned(State::Declined, now, ""),
            // The part that is kept is the right account's.
            Self::WrongAccount { used } if standing.state == State::Partial => {
                still_partial(standing, now, &format!("used {used}"))
            }
            Self::WrongAccount { used } => {
                standing.turned(State::WrongAccount, now, format!("used {used}"))
            }
            Self::Failed { why } => standing.turned(standing.state, now, why.as_str()),
        }
    }

    /// Of a refusal or a failure on the way.
    pub(super) fn of(error: &Error) -> Self {
        match error.kind() {
            Kind::Denied => Self::Declined,
            _ => Self::Failed {
                why: error.to_string(),
            },
        }
    }
}

/// A part is kept, whatever came later.
fn still_partial(standing: &Standing, now: Timestamp, later: &str) -> Standing {
    let missing = standing.note.split(THEN).next().unwrap_or_default();
    standing.turned(State::Partial, now, format!("{missing}{THEN}{later}"))
}

/// Whether all is missing that the campaign is for: who signs in tells who that is, whatever boxes are ticked.
fn is_nothing(asked: &ScopeNames, missing: &ScopeNames) -> bool {
    let identity: ScopeNames = IDENTITY.iter().copied().collect();
    let mut wanted = asked.iter().filter(|name| !identity.cover(name)).peekable();
    wanted.peek().is_some() && wanted.all(|name| missing.contains(name))
}

/// The account behind a consent, believed only when its ID token is.
pub(super) fn verified(
    client: &Client,
    settings: &Settings,
    authorized: &Authorized,
    keys: &Jwks,
    now: Timestamp,
) -> Result<IdToken, Error> {
    let token = authorized.reply().id_token().ok_or_else(|| {
        Error::reply(
            "id_token",
            "expected one, since openid was asked for, got none: nobody can tell whose grant it is",
        )
    })?;
    let mut verifier = IdTokenVerifier::new(client);
    if let Some(nonce) = authorized.nonce() {
        verifier = verifier.with_nonce(nonce.clone());
    }
    if let Some(domain) = settings.hosted_domain() {
        verifier = verifier.hosted_domain(domain);
    }
    verifier.verify(token.expose(), keys, now)
}

/// Whether the account is the one that was invited: by its subject where that is known, else by the address, which
/// the server must have verified.
pub(super) fn is_invited(member: &Member, identity: &IdToken) -> bool {
    match member.invitee.subject() {
        Some(subject) => identity.subject() == subject,
        None => {
            identity.email_verified()
                && identity
                    .email()
                    .is_some_and(|email| email.eq_ignore_ascii_case(member.invitee.email()))
        }
    }
}

/// Checks the account, and keeps the grant if it is the right one.
pub(super) fn conclude<S: TokenStore + ?Sized>(
    store: &S,
    client: &Client,
    member: &Member,
    authorized: &Authorized,
    identity: &IdToken,
    beside: &Map<String, Value>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    if !is_invited(member, identity) {
        return Ok(Outcome::WrongAccount {
            used: shown(identity),
        });
    }
    let consent = authorized.consent();
    if is_nothing(&consent.asked, &consent.missing) {
        // A grant that opens nothing would stand in the place of one that does.
        return Ok(Outcome::Nothing);
    }
    let key = grant_key(client, member.invitee.account())?;
    let (before, _) = store.load(&key)?.unzip();
    let keeps_one = before.is_some_and(|grant| {
        grant.dead().is_none()
            && grant.refresh_token().is_some()
            && grant.subject() == Some(identity.subject())
    });
    if authorized.reply().refresh_token().is_none() && !keeps_one {
        return Ok(Outcome::Failed {
            why: "no refresh token came, so that the grant would end within an hour; nothing was kept"
                .to_owned(),
        });
    }
    update(store, &key, |kept| {
        let mut grant = consented(kept, authorized, now)
            .with_flow(FLOW)
            .with_subject(identity.subject());
        if let Some(email) = identity.email().filter(|_| identity.email_verified()) {
            grant = grant.with_email(email);
        }
        for (name, value) in beside {
            // A name that is the grant's own is left out.
            grant = grant
                .clone()
                .with_extra(name.as_str(), value.clone())
                .unwrap_or(grant);
        }
        grant
    })?;
    let missing = &consent.missing;
    Ok(match missing.is_empty() {
        true => Outcome::Consented,
        false => Outcome::Partial {
            missing: missing.clone(),
        },
    })
}

/// What a grant says that was kept before a crash, and not written down any more.
pub(super) fn kept_before<S: TokenStore + ?Sized>(
    store: &S,
    client: &Client,
    settings: &Settings,
    member: &Member,
) -> Result<Option<Outcome>, Error> {
    let key = grant_key(client, member.invitee.account())?;
    let Some((grant, _)) = store.load(&key)? else {
        return Ok(None);
    };
    if !is_of_this_round(&grant, member) {
        return Ok(None);
    }
    let missing = settings.scopes().missing_from(grant.granted());
    if is_nothing(settings.scopes(), &missing) {
        return Ok(None);
    }
    Ok(Some(match missing.is_empty() {
        true => Outcome::Consented,
        false => Outcome::Partial { missing },
    }))
}

fn is_of_this_round(grant: &StoredGrant, member: &Member) -> bool {
    grant.flow() == Some(FLOW)
        && grant.dead().is_none()
        && grant.refresh_token().is_some()
        && grant.obtained_at() >= member.standing.invited_at
}

/// `a…@gmail.com`: enough for the user to know which account it was, and no new address in a list.
fn shown(identity: &IdToken) -> String {
    let address = identity.email().and_then(|email| email.rsplit_once('@'));
    match address {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}…@{domain}")
        }
        None => "an account without an address".to_owned(),
    }
}

/// Scopes of who somebody is.
const IDENTITY: &[&str] = &["openid", "email", "profile"];
/// The flow that grants of a campaign are kept with.
const FLOW: &str = "campaign";
