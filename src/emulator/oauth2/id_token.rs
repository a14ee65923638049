//! Who signed in, as an ID token tells it (OpenID Connect Core, 2).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Map;
use sha2::{Digest, Sha256};

use super::{certs, discovery, grant::Holder, scopes};
use crate::{
    emulator::{config::User, seen::Seen, state::State},
    error::Error,
    scheme::oauth2::{AccessToken, Claims},
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

/// How long an ID token lives; Google's live an hour.
const LIFETIME_SECONDS: i64 = 3_600;

/// What an ID token will say.
pub(super) struct Identity {
    claims: Claims,
}

impl Identity {
    /// An account, as much of it as the scopes show.
    pub(super) fn of(state: &State, seen: &Seen<'_>, holder: &Holder, scopes: &ScopeNames) -> Self {
        let user = state
            .config
            .user
            .iter()
            .find(|user| user.email == holder.user);
        let mut claims = match user {
            Some(user) => about(user, scopes),
            None => Map::new(),
        };
        claims.insert("iss".to_owned(), discovery::issuer(seen).into());
        claims.insert("aud".to_owned(), holder.client_id.as_str().into());
        claims.insert("azp".to_owned(), holder.client_id.as_str().into());
        Self { claims }
    }

    /// A service account, for an audience of its own choice.
    pub(super) fn of_account(seen: &Seen<'_>, email: &str, audience: &str) -> Self {
        let mut claims = Map::new();
        claims.insert("iss".to_owned(), discovery::issuer(seen).into());
        claims.insert("aud".to_owned(), audience.into());
        claims.insert("azp".to_owned(), email.into());
        claims.insert("sub".to_owned(), User::new(email, "").subject().into());
        claims.insert("email".to_owned(), email.into());
        claims.insert("email_verified".to_owned(), true.into());
        Self { claims }
    }

    pub(super) fn sign(
        mut self,
        nonce: Option<&str>,
        token: Option<&AccessToken>,
        now: Timestamp,
    ) -> Result<Secret, Error> {
        let claims = &mut self.claims;
        let now = now.unix_seconds();
        claims.insert("iat".to_owned(), now.into());
        let end = now.saturating_add(LIFETIME_SECONDS);
        claims.insert("exp".to_owned(), end.into());
        if let Some(nonce) = nonce {
            claims.insert("nonce".to_owned(), nonce.into());
        }
        if let Some(token) = token {
            let digest = Sha256::digest(token.secret().expose().as_bytes());
            let half = digest.get(..16).unwrap_or_default();
            claims.insert("at_hash".to_owned(), URL_SAFE_NO_PAD.encode(half).into());
        }
        certs::sign(claims)
    }
}

/// What the scopes show of an account: the claims of ID tokens and of userinfo.
pub(super) fn about(user: &User, names: &ScopeNames) -> Claims {
    let mut claims = Map::new();
    let mut put = |name: &str, value: serde_json::Value| {
        claims.insert(name.to_owned(), value);
    };
    put("sub", user.subject().into());
    if scopes::show_email(names) {
        put("email", user.email.as_str().into());
        put("email_verified", true.into());
        if let Some(domain) = user.hosted_domain() {
            put("hd", domain.into());
        }
    }
    if scopes::show_profile(names) {
        put("name", user.name().into());
        let (given, family) = user.name().split_once(' ').unwrap_or((user.name(), ""));
        put("given_name", given.into());
        if !family.is_empty() {
            put("family_name", family.into());
        }
        let picture = format!("https://lh3.googleusercontent.com/a/{}", user.subject());
        put("picture", picture.into());
    }
    claims
}
