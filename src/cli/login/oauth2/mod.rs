//! `login` by OAuth 2.0: a user's consent, and the grant kept.
//!
//! ```text
//! client ─▶ loopback | paste | device ─▶ Authorized ─▶ identity ─▶ kept, and told without a token
//! ```

mod client;
mod consent;
mod identity;
mod tell;

use std::process::ExitCode;

use crate::{
    cli::{
        accounts::{CLIENT, Registered, folder},
        args::Login,
        put, runtime,
    },
    client::{consented, grant_key},
    error::Error,
    scheme::oauth2::{Authorized, IdToken},
    scope::ScopeNames,
    store::{FileStore, GrantKey, StoredGrant, update},
    system::{Clock, SystemClock},
    transport::Reqwest,
};

pub(super) fn login(options: &Login) -> Result<ExitCode, Error> {
    let words = options
        .consent
        .scope
        .iter()
        .flat_map(|text| text.split(' '));
    let scopes = ScopeNames::new(words.filter(|word| !word.is_empty()))?;
    // Before the user is asked in vain.
    let store = FileStore::open(folder(&options.oauth2.store)?)?;
    let (given, authorized, identity) = runtime()?.block_on(async {
        let transport = Reqwest::new()?;
        let given = client::given(&options.oauth2, &transport).await?;
        let authorized = consent::ask(options, &given, &scopes, &transport).await?;
        let identity =
            identity::verified(&given.registered.client, &authorized, &transport).await?;
        Ok::<_, Error>((given, authorized, identity))
    })?;
    let account = options
        .oauth2
        .account
        .as_deref()
        .or(identity.as_ref().map(identity::name))
        .unwrap_or("default");
    let key = grant_key(&given.registered.client, account)?;
    let grant = keep(
        &store,
        &key,
        &authorized,
        identity.as_ref(),
        options,
        &given.registered,
    )?;
    tell::consented(&authorized, identity.as_ref(), &grant, account);
    put(format!("{account}\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Keeps the grant with its client, which a refresh needs.
fn keep(
    store: &FileStore,
    key: &GrantKey,
    authorized: &Authorized,
    identity: Option<&IdToken>,
    options: &Login,
    registered: &Registered,
) -> Result<StoredGrant, Error> {
    let client = registered.to_value()?;
    let now = SystemClock.now();
    let (grant, _) = update(store, key, |kept| {
        let mut grant = consented(kept, authorized, now).with_flow(consent::flow(options));
        if let Some(identity) = identity {
            grant = grant.with_subject(identity.subject());
            if let Some(email) = identity::email(identity) {
                grant = grant.with_email(email);
            }
        }
        // The name is not one of the grant's own, so it is taken.
        grant
            .clone()
            .with_extra(CLIENT, client.clone())
            .unwrap_or(grant)
    })?;
    Ok(grant)
}
