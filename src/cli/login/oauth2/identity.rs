//! Who consented: the ID token, believed only when it is verified.

use crate::{
    error::Error,
    scheme::oauth2::{Authorized, Client, IdToken, IdTokenVerifier},
    system::{Clock, SystemClock},
    transport::{Transport, run},
};

/// The claims, where `openid` was granted and the server has published its keys.
///
/// # Errors
/// What fetching the keys says, and [`IdTokenVerifier::verify`].
pub(super) async fn verified(
    client: &Client,
    authorized: &Authorized,
    transport: &impl Transport,
) -> Result<Option<IdToken>, Error> {
    let Some(token) = authorized.reply().id_token() else {
        return Ok(None);
    };
    let Ok(call) = client.provider().fetch_jwks() else {
        return Ok(None);
    };
    let fetched = run(&call, transport).await?;
    let mut verifier = IdTokenVerifier::new(client);
    if let Some(nonce) = authorized.nonce() {
        verifier = verifier.with_nonce(nonce.clone());
    }
    verifier
        .verify(token.expose(), &fetched.keys, SystemClock.now())
        .map(Some)
}

/// The address that the server vouches for.
pub(super) fn email(identity: &IdToken) -> Option<&str> {
    identity.email().filter(|_| identity.email_verified())
}

/// What to call the account: by its address, else by the server's own name for it.
pub(super) fn name(identity: &IdToken) -> &str {
    email(identity).unwrap_or(identity.subject())
}
