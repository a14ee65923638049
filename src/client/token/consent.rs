//! What a consent yielded, into the store.

use crate::{
    error::Error,
    scheme::oauth2::{Authorized, Client},
    store::{GrantKey, StoredAccess, StoredGrant, TokenStore, update},
    time::Timestamp,
};

/// The key under which a client's grant of an account is kept.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming the part that cannot be a key.
pub fn grant_key(client: &Client, account: &str) -> Result<GrantKey, Error> {
    GrantKey::new(client.provider().issuer(), client.id(), account)
}

/// Keeps what a consent yielded. An answer without a refresh token leaves the one that is there, and a dead grant
/// lives again.
///
/// # Errors
/// As [`update`].
pub fn keep_consent<S: TokenStore + ?Sized>(
    store: &S,
    key: &GrantKey,
    authorized: &Authorized,
    now: Timestamp,
) -> Result<StoredGrant, Error> {
    let (grant, _) = update(store, key, |kept| consented(kept, authorized, now))?;
    Ok(grant)
}

/// The grant after a consent, to be kept: what [`keep_consent`] writes, for a caller whose own [`update`] writes more
/// beside it.
#[must_use]
pub fn consented(
    kept: Option<StoredGrant>,
    authorized: &Authorized,
    now: Timestamp,
) -> StoredGrant {
    let reply = authorized.reply();
    let token = reply.received_at(now);
    let consent = authorized.consent();
    let grant = match kept {
        Some(grant) => grant.consented_again(now),
        None => StoredGrant::new(now),
    };
    let grant = grant
        .with_access_token(StoredAccess::new(
            token.secret().clone(),
            token.expires_at(),
        ))
        .with_requested(consent.asked.clone())
        .with_granted(consent.granted.clone())
        .with_refreshed_at(now);
    match reply.refresh_token() {
        Some(refresh) => grant
            .with_refresh_token(refresh.clone())
            .with_refresh_expires_at(reply.refresh_lifetime().map(|span| now.after(span))),
        None => grant,
    }
}
