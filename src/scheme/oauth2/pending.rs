//! A consent that is under way, and how its answer is read.
//!
//! ```text
//! PendingAuthorization ── finish(client, redirect, now) ─▶ CodeExchange ── run ─▶ Authorized
//!        │                    address, state, time, error, iss, code: in this order
//!        └─ serialised, it survives a restart; finish consumes it
//! ```

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Client, CodeVerifier, Consent, Grant, Redirect, Refusal, TokenCall, TokenReply};
use crate::{
    error::{Advice, Error, Kind},
    exchange::Exchange,
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

/// A consent that is under way: the link, and what is needed to read the answer.
///
/// It is serialisable, so that it can wait in a session or in a file, it ends, and [`finish`](Self::finish) consumes
/// it.
///
/// # Security
/// The serialised form holds `state` and the code verifier in the clear: keep it where only this user's session
/// reads it, and delete it when it is read. `Debug` shows neither.
///
/// # Examples
/// ```
/// # #[cfg(feature = "emulator")] {
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use gdata_auth::{Timestamp, emulator::{Config, Consent, Emulator}, oauth2::{Client, Redirect}, run};
/// use gdata_auth::scope::ScopeNames;
///
/// let google = Emulator::with(Config::new().with_consent(Consent::Allow))?;
/// let app = Client::installed("1234.apps.googleusercontent.com")?;
/// let now = Timestamp::from_unix_seconds(1_700_000_000);
/// let pending = app
///     .authorize("http://127.0.0.1:49152/")
///     .scopes(ScopeNames::parse("https://www.googleapis.com/auth/youtube")?)
///     .begin(&[7; 96], now)?;
///
/// let back = google.browse(pending.link())?;
/// let exchange = pending.finish(&app, &Redirect::parse(&back)?, now)?;
/// let authorized = run(&exchange, &google).await?;
/// assert!(authorized.consent().missing.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?; }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Serialize, Deserialize)]
#[must_use = "finish reads the answer"]
pub struct PendingAuthorization {
    version: u8,
    issuer: String,
    client_id: String,
    link: String,
    redirect_uri: String,
    #[serde(with = "crate::secret::clear")]
    state: Secret,
    verifier: CodeVerifier,
    nonce: Option<Nonce>,
    asked: ScopeNames,
    created_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Nonce(#[serde(with = "crate::secret::clear")] Secret);

impl PendingAuthorization {
    /// The version of the serialised form.
    const VERSION: u8 = 1;

    #[expect(
        clippy::too_many_arguments,
        reason = "called once, by the request that has them all"
    )]
    pub(super) fn assemble(
        client: &Client,
        link: String,
        redirect_uri: String,
        state: Secret,
        verifier: CodeVerifier,
        nonce: Option<Secret>,
        asked: ScopeNames,
        (created_at, expires_at): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            version: Self::VERSION,
            issuer: client.provider().issuer().to_owned(),
            client_id: client.id().to_owned(),
            link,
            redirect_uri,
            state,
            verifier,
            nonce: nonce.map(Nonce),
            asked,
            created_at,
            expires_at,
        }
    }

    /// Where to send the user's browser. It holds `state`, which is of use to nobody without this value.
    #[must_use]
    pub fn link(&self) -> &str {
        &self.link
    }

    /// Where the browser comes back to.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// What was asked for.
    #[must_use]
    pub fn asked(&self) -> &ScopeNames {
        &self.asked
    }

    /// When it ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Whether a redirect answers this consent: it comes to its address, with its `state`, compared in constant time.
    /// For a receiver that keeps listening when a stranger calls.
    #[must_use]
    pub fn is_answered_by(&self, redirect: &Redirect) -> bool {
        redirect.comes_to(&self.redirect_uri)
            && redirect
                .state()
                .is_ok_and(|state| state.is_some_and(|state| state == self.state))
    }

    /// Reads the redirect and yields the exchange of its code.
    ///
    /// # Errors
    /// In this order: [`Kind::Input`] when `client` is another client or the form is of a later version, or the
    /// redirect came to another address; [`Kind::Refused`] when `state` is missing, another, or twice (a forged
    /// redirect); [`Kind::Expired`] when the consent took too long; [`Kind::Denied`] and the other kinds of a
    /// [`Refusal`] for `error=`; [`Kind::Refused`] when `iss` is missing where the server sends it, or names another
    /// server (RFC 9207, 2.4); [`Kind::Reply`] when there is no code.
    pub fn finish(
        self,
        client: &Client,
        redirect: &Redirect,
        now: Timestamp,
    ) -> Result<CodeExchange, Error> {
        if self.version != Self::VERSION {
            return Err(Error::input(
                "version",
                format_args!("expected {}, got {}", Self::VERSION, self.version),
            ));
        }
        let provider = client.provider();
        if client.id() != self.client_id || provider.issuer() != self.issuer {
            return Err(Error::input(
                "client",
                "expected the client that asked for this consent, got another",
            ));
        }
        if !redirect.comes_to(&self.redirect_uri) {
            return Err(Error::input(
                "redirect",
                format_args!(
                    "expected the browser at {}, got another address",
                    self.redirect_uri
                ),
            ));
        }
        let forged = |problem: &str| {
            Error::new(
                Kind::Refused,
                format!("state: {problem}; nothing was exchanged"),
            )
            .advising(Advice::AskConsent { scopes: Vec::new() })
        };
        match redirect.state()? {
            None => return Err(forged("expected the value of the link, got none")),
            Some(state) if state != self.state => {
                return Err(forged("expected the value of the link, got another"));
            }
            Some(_) => {}
        }
        if now > self.expires_at || now < self.created_at {
            return Err(Error::new(
                Kind::Expired,
                format!(
                    "the consent had to be given before {}: ask again",
                    self.expires_at
                ),
            ));
        }
        if let Some(refusal) = redirect.refusal()? {
            return Err(refused(refusal, &self.asked));
        }
        match redirect.issuer()? {
            Some(iss) if !provider.is_issuer(iss) => {
                return Err(Error::new(
                    Kind::Refused,
                    "iss: expected the server that was asked, got another: its code is not sent here (RFC 9207)",
                ));
            }
            None if provider.sends_issuer() => {
                return Err(Error::new(
                    Kind::Refused,
                    "iss: expected it, since this server sends it always, got none (RFC 9207)",
                ));
            }
            _ => {}
        }
        let code = redirect
            .code()?
            .ok_or_else(|| Error::reply("code", "expected a code or an error, got neither"))?;
        let grant = Grant::AuthorizationCode {
            code,
            redirect_uri: Some(self.redirect_uri),
            verifier: Some(self.verifier.secret().clone()),
        };
        Ok(CodeExchange {
            call: TokenCall::of(client, &grant),
            asked: self.asked,
            nonce: self.nonce.map(|nonce| nonce.0),
        })
    }
}

fn refused(refusal: Refusal, asked: &ScopeNames) -> Error {
    let error = Error::from(refusal);
    match error.kind() {
        Kind::Denied | Kind::Expired => error.advising(Advice::AskConsent {
            scopes: asked.iter().map(str::to_owned).collect(),
        }),
        _ => error,
    }
}

/// The exchange of a code for tokens; made by [`PendingAuthorization::finish`].
#[derive(Clone, Debug)]
pub struct CodeExchange {
    call: TokenCall,
    asked: ScopeNames,
    nonce: Option<Secret>,
}

impl Exchange for CodeExchange {
    type Output = Authorized;

    fn request(&self) -> http::Request<Bytes> {
        self.call.request()
    }

    /// # Errors
    /// As [`TokenReply::parse`].
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<Authorized, Error> {
        let reply = self.call.parse(answer)?;
        Ok(Authorized {
            consent: reply.consent(&self.asked),
            reply,
            nonce: self.nonce.clone(),
        })
    }
}

/// Tokens that a consent yielded.
#[derive(Clone, Debug)]
pub struct Authorized {
    reply: TokenReply,
    consent: Consent,
    nonce: Option<Secret>,
}

impl Authorized {
    /// Of a flow without a redirect, such as a device's.
    #[must_use]
    pub fn of(reply: TokenReply, asked: &ScopeNames) -> Self {
        Self {
            consent: reply.consent(asked),
            reply,
            nonce: None,
        }
    }

    /// The tokens.
    #[must_use]
    pub fn reply(&self) -> &TokenReply {
        &self.reply
    }

    /// What was asked, granted, and is missing.
    #[must_use]
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// The `nonce` that the ID token must carry.
    #[must_use]
    pub fn nonce(&self) -> Option<&Secret> {
        self.nonce.as_ref()
    }
}
