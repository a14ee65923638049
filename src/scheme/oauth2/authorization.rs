//! Asking the user for consent: the link, with PKCE and `state` always on (RFC 6749, 4.1; RFC 9700, 2.1).
//!
//! ```text
//! Client::authorize(redirect) ─▶ AuthorizationRequest ── begin(entropy, now) ─▶ PendingAuthorization ── link()
//! ```

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    AuthorizationQuery, Client, ClientKind, CodeVerifier, PendingAuthorization,
    provider::with_query, redirect_rules,
};
use crate::{error::Error, scope::ScopeNames, secret::Secret, time::Timestamp, wire::query::Pairs};

/// Random bytes for one consent: 32 each for `state`, the code verifier and `nonce`.
///
/// [`system::random`](crate::system::random) fills them.
pub type Entropy = [u8; 96];

/// What the page may ask of the user, although it would not have to (OpenID Connect Core, 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Prompt {
    /// Nothing: an error comes back in place of a page.
    None,
    /// Consent, even when it was given before. Google sends a web client a new refresh token then, and only then.
    Consent,
    /// The account.
    SelectAccount,
    /// The password.
    Login,
}

impl Prompt {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
            Self::Login => "login",
        }
    }
}

/// A consent that is about to be asked for; made by [`Client::authorize`].
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, oauth2::{Client, Prompt}, scope::ScopeNames};
///
/// let app = Client::installed("1234.apps.googleusercontent.com")?;
/// let pending = app
///     .authorize("http://127.0.0.1:49152/")
///     .scopes(ScopeNames::parse("https://www.googleapis.com/auth/youtube")?)
///     .login_hint("ann@example.com")
///     .begin(&[7; 96], Timestamp::from_unix_seconds(1_700_000_000))?;
///
/// let link = pending.link();
/// assert!(link.starts_with("https://accounts.google.com/o/oauth2/v2/auth?client_id=1234"));
/// assert!(link.contains("&code_challenge_method=S256&access_type=offline&login_hint=ann%40example.com"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "begin makes the link"]
pub struct AuthorizationRequest<'c> {
    client: &'c Client,
    redirect_uri: String,
    scopes: ScopeNames,
    offline: bool,
    prompts: Vec<Prompt>,
    login_hint: Option<String>,
    hosted_domain: Option<String>,
    include_granted_scopes: bool,
    further: Pairs,
    lifetime: Duration,
}

impl Client {
    /// Asks for consent, with the browser coming back to `redirect_uri`.
    ///
    /// At Google a desktop client's address is `http://127.0.0.1:PORT/`, any port; a web client's is registered,
    /// letter for letter.
    pub fn authorize(&self, redirect_uri: impl Into<String>) -> AuthorizationRequest<'_> {
        AuthorizationRequest {
            client: self,
            redirect_uri: redirect_uri.into(),
            scopes: ScopeNames::default(),
            offline: true,
            prompts: Vec::new(),
            login_hint: None,
            hosted_domain: None,
            include_granted_scopes: false,
            further: Pairs::new(),
            lifetime: AuthorizationRequest::LIFETIME,
        }
    }
}

impl AuthorizationRequest<'_> {
    /// How long a consent may take unless another span is given.
    pub const LIFETIME: Duration = Duration::from_secs(600);

    /// What to ask for.
    pub fn scopes(mut self, scopes: ScopeNames) -> Self {
        self.scopes = scopes;
        self
    }

    /// Asks for no refresh token: Google's `access_type=online`.
    pub fn online(mut self) -> Self {
        self.offline = false;
        self
    }

    /// What the page shall ask; may be said more than once.
    pub fn prompt(mut self, prompt: Prompt) -> Self {
        if !self.prompts.contains(&prompt) {
            self.prompts.push(prompt);
        }
        self
    }

    /// Which account, by its address or `sub`.
    pub fn login_hint(mut self, account: impl Into<String>) -> Self {
        self.login_hint = Some(account.into());
        self
    }

    /// Accounts of this domain only: Google's `hd`.
    pub fn hosted_domain(mut self, domain: impl Into<String>) -> Self {
        self.hosted_domain = Some(domain.into());
        self
    }

    /// Incremental consent: the new token covers what was granted before too. Google offers it to web clients only.
    pub fn include_granted_scopes(mut self) -> Self {
        self.include_granted_scopes = true;
        self
    }

    /// A parameter of another server's own.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.further.push(name, value);
        self
    }

    /// How long the consent may take.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Makes the link, and what is needed to read the answer.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `scope` when none is asked for, `redirect_uri` when the server would
    /// refuse it, `include_granted_scopes` for an installed client of Google's, `prompt` when `none` stands beside
    /// another, and a further parameter that this crate sets itself; [`Kind::Unsupported`](crate::Kind::Unsupported)
    /// when the server has no authorization endpoint.
    pub fn begin(self, entropy: &Entropy, now: Timestamp) -> Result<PendingAuthorization, Error> {
        let provider = self.client.provider();
        let endpoint = provider.authorization_endpoint()?;
        self.check()?;
        let (state, rest) = entropy.split_at(32);
        let (verifier, nonce) = rest.split_at(32);
        let verifier = CodeVerifier::of_random(
            verifier
                .try_into()
                .map_err(|_| Error::input("entropy", "expected 96 bytes"))?,
        );
        let state = URL_SAFE_NO_PAD.encode(state);
        let nonce = self
            .scopes
            .contains("openid")
            .then(|| URL_SAFE_NO_PAD.encode(nonce));
        let google = provider.is_google();
        let words: Vec<&str> = self.prompts.iter().map(|prompt| prompt.as_str()).collect();
        let query = AuthorizationQuery {
            response_type: "code".to_owned(),
            client_id: self.client.id().to_owned(),
            redirect_uri: self.redirect_uri.clone(),
            scope: self.scopes.clone(),
            state: Some(state.clone()),
            code_challenge: Some(verifier.challenge()),
            code_challenge_method: Some(CodeVerifier::METHOD.to_owned()),
            nonce: nonce.clone(),
            access_type: google.then(|| if self.offline { "offline" } else { "online" }.to_owned()),
            prompt: Some(words.join(" ")).filter(|words| !words.is_empty()),
            login_hint: self.login_hint,
            include_granted_scopes: self.include_granted_scopes,
            hd: self.hosted_domain,
        };
        let mut pairs = query.to_pairs();
        for (name, value) in self.further.iter() {
            if pairs.first(name).is_some() || name == "state" {
                return Err(Error::input(
                    "parameter",
                    "expected one that this crate does not set itself, got one that it does",
                ));
            }
            pairs.push(name, value);
        }
        Ok(PendingAuthorization::assemble(
            self.client,
            with_query(endpoint, &pairs),
            query.redirect_uri,
            Secret::new(state),
            verifier,
            nonce.map(Secret::new),
            self.scopes,
            (now, now.after(self.lifetime)),
        ))
    }

    fn check(&self) -> Result<(), Error> {
        let google = self.client.provider().is_google();
        let installed = self.client.kind() != ClientKind::Web;
        if self.scopes.is_empty() {
            return Err(Error::input("scope", "expected at least one, got none"));
        }
        if self.include_granted_scopes && google && installed {
            return Err(Error::input(
                "include_granted_scopes",
                "expected a web client: Google has no incremental consent for installed ones; ask for all scopes \
                 that are needed",
            ));
        }
        if self.prompts.len() > 1 && self.prompts.contains(&Prompt::None) {
            return Err(Error::input("prompt", "expected none to stand alone"));
        }
        match redirect_rules::faults(self.client.kind(), google, &self.redirect_uri).first() {
            Some(fault) => Err(Error::input("redirect_uri", fault)),
            None => Ok(()),
        }
    }
}
