//! The two tokens: one that works once, and one that works until it is revoked.

use std::{fmt, sync::Arc};

use http::{HeaderValue, header::AUTHORIZATION, request::Parts};

use super::{
    Accounts, RevokeTokenExchange, SessionTokenExchange, TokenInfoExchange,
    accounts::Call,
    exchanges::TokenCall,
    header::{check_token, plain_value, signed_value},
};
use crate::{
    crypto::Sign, error::Error, gdata::Refusal, scope::ScopeSet, secret::Secret, time::Stamp,
    time::Timestamp,
};

/// A token that authorises one request, or is exchanged for a [`SessionToken`].
///
/// It is no `Clone`, and both uses consume it: any call burns it, even `AuthSubTokenInfo`
/// (legacy-protocol.md 1.6 and 9, quirk 14).
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, Stamp, Timestamp, authsub::{Accounts, SingleUseToken}};
///
/// let token = SingleUseToken::new("CKF50YzIHxCT85KMAg")?;
/// let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
/// let request = token.exchange(&Accounts::google(), &stamp)?.request();
/// assert_eq!(request.uri(), "https://www.google.com/accounts/AuthSubSessionToken");
/// assert_eq!(request.headers()["authorization"], r#"AuthSub token="CKF50YzIHxCT85KMAg""#);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug)]
pub struct SingleUseToken(Credential);

/// A token that authorises any number of requests in its scope.
///
/// Google's session tokens did not expire until revoked; [`expires_at`](Self::expires_at) is there for
/// the documentation's `Expiration=` line (legacy-protocol.md 1.10).
#[derive(Clone, Debug)]
pub struct SessionToken {
    credential: Credential,
    expires_at: Option<Timestamp>,
}

impl SingleUseToken {
    /// A token as it came from the redirect, already decoded.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `token`, when it is empty, longer than 2,048 bytes, or
    /// not visible ASCII without `"` and `\`.
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        Credential::new(token.into()).map(Self)
    }

    /// Signs every request of this token, and of the session token that it becomes, with `signer`.
    #[must_use]
    pub fn secured_by(mut self, signer: Arc<dyn Sign>) -> Self {
        self.0.signer = Some(signer);
        self
    }

    /// Remembers what the token is for, so that refusals can name it.
    #[must_use]
    pub fn with_scopes(mut self, scopes: ScopeSet) -> Self {
        self.0.scopes = scopes;
        self
    }

    /// What the token is for, as far as it is known.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        &self.0.scopes
    }

    /// The token itself.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0.token
    }

    /// The exchange for a session token; works only when the link asked for `session=1`.
    ///
    /// # Errors
    /// What the [`Sign`] implementation reports.
    pub fn exchange(
        self,
        accounts: &Accounts,
        stamp: &Stamp,
    ) -> Result<SessionTokenExchange, Error> {
        let call = self.0.call(accounts, Call::SessionToken, stamp)?;
        Ok(SessionTokenExchange::new(call, self.0))
    }

    /// Spends the token on one request.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address cannot be signed, and what the [`Sign`]
    /// implementation reports.
    pub fn authorize(self, parts: &mut Parts, stamp: &Stamp) -> Result<(), Error> {
        self.0.authorize(parts, stamp)
    }
}

impl SessionToken {
    /// A token that was kept from an earlier exchange.
    ///
    /// # Errors
    /// As [`SingleUseToken::new`].
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        Ok(Self {
            credential: Credential::new(token.into())?,
            expires_at: None,
        })
    }

    pub(super) fn from_exchange(
        token: Secret,
        expires_at: Option<Timestamp>,
        spent: &Credential,
    ) -> Result<Self, Error> {
        let mut credential = Credential::new(token)?;
        credential.signer.clone_from(&spent.signer);
        credential.scopes.clone_from(&spent.scopes);
        Ok(Self {
            credential,
            expires_at,
        })
    }

    /// Signs every request of this token with `signer`.
    #[must_use]
    pub fn secured_by(mut self, signer: Arc<dyn Sign>) -> Self {
        self.credential.signer = Some(signer);
        self
    }

    /// Remembers what the token is for, so that refusals can name it.
    #[must_use]
    pub fn with_scopes(mut self, scopes: ScopeSet) -> Self {
        self.credential.scopes = scopes;
        self
    }

    /// Remembers when the token ends.
    #[must_use]
    pub fn expiring_at(mut self, moment: Timestamp) -> Self {
        self.expires_at = Some(moment);
        self
    }

    /// What the token is for, as far as it is known.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        &self.credential.scopes
    }

    /// The token itself, to store it.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.credential.token
    }

    /// Whether requests are signed.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.credential.signer.is_some()
    }

    /// When the token ends, if the server said so.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// Puts `Authorization` onto a request, signed for its method and address when the token is secure.
    ///
    /// Replaces an `Authorization` that is there. Sign last: a change of the address afterwards breaks
    /// the signature.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming the address when it cannot be signed, and what the
    /// [`Sign`] implementation reports.
    pub fn authorize(&self, parts: &mut Parts, stamp: &Stamp) -> Result<(), Error> {
        self.credential.authorize(parts, stamp)
    }

    /// Asks the server what the token is.
    ///
    /// # Errors
    /// What the [`Sign`] implementation reports.
    pub fn token_info(
        &self,
        accounts: &Accounts,
        stamp: &Stamp,
    ) -> Result<TokenInfoExchange, Error> {
        let call = self.credential.call(accounts, Call::TokenInfo, stamp)?;
        Ok(TokenInfoExchange::new(call))
    }

    /// Ends the token at the server. It is a reference: when the call fails, the token still lives.
    ///
    /// # Errors
    /// What the [`Sign`] implementation reports.
    pub fn revoke(&self, accounts: &Accounts, stamp: &Stamp) -> Result<RevokeTokenExchange, Error> {
        let call = self.credential.call(accounts, Call::RevokeToken, stamp)?;
        Ok(RevokeTokenExchange::new(call))
    }

    /// Tells in words why a server refused a request of this token to `address`: expired, revoked, the
    /// wrong scope (and which one it has), a signature that was not accepted, or a header that the server
    /// does not know. `None` when the answer is no refusal.
    #[must_use]
    pub fn explain(&self, address: &str, answer: &http::Response<bytes::Bytes>) -> Option<Error> {
        self.tell(address, answer, None)
    }

    /// As [`explain`](Self::explain), for whoever kept the stamp of the request: when the clocks of both
    /// sides are too far apart, the advice is [`FixClock`](crate::Advice::FixClock).
    #[must_use]
    pub fn explain_stamped(
        &self,
        address: &str,
        answer: &http::Response<bytes::Bytes>,
        stamp: &Stamp,
    ) -> Option<Error> {
        self.tell(address, answer, Some(stamp.timestamp()))
    }

    fn tell(
        &self,
        address: &str,
        answer: &http::Response<bytes::Bytes>,
        signed_at: Option<Timestamp>,
    ) -> Option<Error> {
        let scopes = Some(&self.credential.scopes).filter(|scopes| !scopes.is_empty());
        let refusal = Refusal::read(answer)?;
        Some(match self.is_secure() {
            true => refusal.explain_signed(scopes, address, signed_at),
            false => refusal.explain(scopes, address),
        })
    }
}

/// What both tokens are made of.
#[derive(Clone)]
pub(super) struct Credential {
    token: Secret,
    /// `AuthSub token="…"`, ready, so that a plain request costs one insertion.
    plain: HeaderValue,
    signer: Option<Arc<dyn Sign>>,
    scopes: ScopeSet,
}

impl Credential {
    fn new(token: Secret) -> Result<Self, Error> {
        check_token(&token)?;
        Ok(Self {
            plain: plain_value(&token)?,
            token,
            signer: None,
            scopes: ScopeSet::default(),
        })
    }

    fn authorize(&self, parts: &mut Parts, stamp: &Stamp) -> Result<(), Error> {
        let value = match &self.signer {
            None => self.plain.clone(),
            Some(signer) => signed_value(
                &self.token,
                signer.as_ref(),
                &parts.method,
                &parts.uri,
                stamp,
            )?,
        };
        parts.headers.insert(AUTHORIZATION, value);
        Ok(())
    }

    /// A token call: a GET whose only content is the header.
    fn call(&self, accounts: &Accounts, call: Call, stamp: &Stamp) -> Result<TokenCall, Error> {
        let (mut parts, body) = http::Request::get(accounts.call(call))
            .body(bytes::Bytes::new())
            .map_err(|cause| Error::input("accounts", "expected an address").caused_by(cause))?
            .into_parts();
        self.authorize(&mut parts, stamp)?;
        Ok(TokenCall {
            request: http::Request::from_parts(parts, body),
            signed_at: self.signer.as_ref().map(|_| stamp.timestamp()),
        })
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("token", &self.token)
            .field("secure", &self.signer.is_some())
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
