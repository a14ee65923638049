//! A credential as a reader found it, and what becomes of it: cleaned, masked and judged.

use serde_json::Value;

use super::{
    blob::{Blob, Proof},
    fingerprint,
    inventory::{Alarm, Credential, Form, Mask, Place, Protocol, Secrets, TokenState, Use},
};
use crate::{scheme::oauth2::Jwt, secret::Secret, time::Timestamp};

/// What a reader found.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) protocol: Protocol,
    pub(super) form: Form,
    pub(super) user: Option<String>,
    pub(super) service: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) client: Option<String>,
    pub(super) state: Option<TokenState>,
    pub(super) token_uri: Option<String>,
    pub(super) issued_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) dead: bool,
    /// Whether it signs with a private key that is kept elsewhere.
    pub(super) signs_by_key: bool,
    pub(super) secrets: Secrets,
}

/// The most characters of a name that is told.
const MAX_TOLD: usize = 512;
/// The most scopes that are told.
const MAX_SCOPES: usize = 200;

impl Draft {
    pub(super) fn new(protocol: Protocol, form: Form) -> Self {
        Self {
            protocol,
            form,
            user: None,
            service: None,
            scopes: Vec::new(),
            client: None,
            state: None,
            token_uri: None,
            issued_at: None,
            expires_at: None,
            dead: false,
            signs_by_key: false,
            secrets: Secrets::default(),
        }
    }

    /// With a token of one of the old protocols.
    pub(super) fn with_token(mut self, token: impl Into<Secret>) -> Self {
        self.secrets.token = Some(token.into());
        self
    }

    pub(super) fn of_blob(blob: Blob) -> Self {
        let form = Form::GdataPythonBlob;
        match blob {
            Blob::ClientLogin { token } => {
                let mut draft = Self::new(Protocol::ClientLogin, form);
                draft.secrets.token = token;
                draft
            }
            Blob::AuthSub { token, scopes } => {
                let mut draft = Self::new(Protocol::AuthSub, form);
                (draft.secrets.token, draft.scopes) = (token, scopes);
                draft
            }
            Blob::SecureAuthSub {
                token,
                private_key,
                scopes,
            } => {
                let mut draft = Self::new(Protocol::SecureAuthSub, form);
                (draft.secrets.token, draft.scopes) = (token, scopes);
                draft.secrets.private_key = private_key;
                draft
            }
            Blob::OAuth1 {
                consumer_key,
                proof,
                token,
                token_secret,
                auth_state,
                verifier,
                next: _,
            } => {
                let mut draft = Self::new(Protocol::OAuth1, form);
                draft.client = consumer_key;
                draft.secrets.token = token;
                draft.secrets.token_secret = token_secret;
                draft.secrets.verifier = verifier;
                draft.state = match auth_state {
                    1 => Some(TokenState::Request),
                    2 => Some(TokenState::AuthorizedRequest),
                    3 => Some(TokenState::Access),
                    _ => None,
                };
                draft.proven_by(proof)
            }
            Blob::TwoLegged {
                consumer_key,
                proof,
                requestor,
            } => {
                let mut draft = Self::new(Protocol::OAuth1TwoLegged, form);
                (draft.client, draft.user) = (consumer_key, requestor);
                draft.proven_by(proof)
            }
            Blob::OAuth2 {
                client_id,
                client_secret,
                scope,
                token_uri,
                access_token,
                refresh_token,
                user_agent: _,
                auth_uri: _,
            } => {
                let mut draft = Self::new(Protocol::OAuth2, form);
                (draft.client, draft.token_uri) = (client_id, token_uri);
                draft.scopes = words(scope.as_deref().unwrap_or_default());
                draft.secrets.client_secret = client_secret;
                draft.secrets.access_token = access_token;
                draft.secrets.refresh_token = refresh_token;
                draft
            }
        }
    }

    fn proven_by(mut self, proof: Proof) -> Self {
        match proof {
            Proof::Secret(secret) => self.secrets.client_secret = secret,
            Proof::PrivateKey(key) => self.secrets.private_key = key,
        }
        self
    }

    /// Takes the user from an ID token, which nobody verified: it names, it does not prove.
    pub(super) fn identified_by(mut self, id_token: &str) -> Self {
        if self.user.is_none() {
            self.user = Jwt::parse(id_token).ok().and_then(|token| {
                let claims = token.unverified_claims();
                let text = |name: &str| claims.get(name).and_then(Value::as_str);
                text("email").or_else(|| text("sub")).map(str::to_owned)
            });
        }
        self
    }

    /// Whether there is any secret in it at all.
    pub(super) fn is_empty(&self) -> bool {
        self.secrets.iter().next().is_none() && self.client.is_none()
    }

    /// The part without which it is of no use, where that is missing: the end of a record that was cut off.
    pub(super) fn lacks(&self) -> Option<&'static str> {
        let secrets = &self.secrets;
        let missing = |secret: &Option<Secret>| secret.is_none();
        match self.protocol {
            Protocol::OAuth1 if missing(&secrets.token) => Some("a token"),
            Protocol::OAuth1
                if matches!(self.state, None | Some(TokenState::Access))
                    && missing(&secrets.token_secret) =>
            {
                Some("a token's secret")
            }
            Protocol::AuthSub | Protocol::SecureAuthSub if missing(&secrets.token) => {
                Some("a token")
            }
            Protocol::ClientLogin if missing(&secrets.token) && missing(&secrets.password) => {
                Some("a token")
            }
            Protocol::OAuth2
                if missing(&secrets.refresh_token) && missing(&secrets.access_token) =>
            {
                Some("a token")
            }
            _ => None,
        }
    }

    /// The secret by which it is known again.
    pub(super) fn main_secret(&self) -> Option<&Secret> {
        let secrets = &self.secrets;
        [
            &secrets.refresh_token,
            &secrets.token,
            &secrets.access_token,
            &secrets.private_key,
            &secrets.client_secret,
            &secrets.password,
        ]
        .into_iter()
        .find_map(Option::as_ref)
    }

    pub(super) fn into_credential(mut self, number: u64, found: Place) -> Credential {
        self.scopes.truncate(MAX_SCOPES);
        for scope in &mut self.scopes {
            *scope = clean(scope);
        }
        let usable = self.usable();
        let mut alarms = Vec::new();
        if self.secrets.private_key.is_some() {
            alarms.push(Alarm::PrivateKey);
        }
        if self.secrets.password.is_some() {
            alarms.push(Alarm::Password);
        }
        let masks = self.secrets.iter().map(|(name, secret)| Mask {
            name: name.to_owned(),
            mask: fingerprint::masked(secret),
            fingerprint: fingerprint::of(secret),
        });
        Credential {
            number,
            protocol: self.protocol,
            form: self.form,
            masks: masks.collect(),
            user: self.user.as_deref().map(clean),
            service: self.service.as_deref().map(clean),
            scopes: self.scopes,
            client: self.client.as_deref().map(clean),
            state: self.state,
            token_uri: self.token_uri.as_deref().filter(is_address).map(clean),
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            dead: self.dead,
            found,
            usable,
            alarms,
            secrets: self.secrets,
        }
    }

    fn usable(&self) -> Use {
        let secrets = &self.secrets;
        match self.protocol {
            Protocol::OAuth2 if self.dead => Use::ConsentAgain,
            Protocol::OAuth2 if secrets.refresh_token.is_some() && self.client.is_none() => {
                Use::NeedsClient
            }
            Protocol::OAuth2 if secrets.refresh_token.is_some() => Use::AsItIs,
            Protocol::OAuth2 if secrets.access_token.is_none() => Use::Nothing,
            Protocol::ServiceAccount if secrets.private_key.is_none() => Use::Nothing,
            Protocol::ServiceAccount => Use::AsItIs,
            Protocol::OAuth2Client => Use::Client,
            Protocol::OAuth1TwoLegged => Use::ServiceAccount,
            Protocol::OAuth1 if secrets.token.is_none() => Use::Nothing,
            Protocol::OAuth1
                if matches!(self.state, None | Some(TokenState::Access))
                    && secrets.token_secret.is_some()
                    && self.client.is_some()
                    && (secrets.client_secret.is_some()
                        || secrets.private_key.is_some()
                        || self.signs_by_key) =>
            {
                Use::MigrationGrant
            }
            Protocol::AuthSub | Protocol::SecureAuthSub | Protocol::ClientLogin
                if secrets.token.is_none() && secrets.password.is_none() =>
            {
                Use::Nothing
            }
            _ => Use::ConsentAgain,
        }
    }
}

/// Words parted by white space or commas.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether it is an address: in a record whose parts have moved up, a token stands there.
fn is_address(text: &&str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    })
}

/// Text that neither steers a terminal nor fills it.
pub(super) fn clean(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if text.len() <= MAX_TOLD && !text.contains(steers) {
        return text.to_owned();
    }
    let told = text.chars().take(MAX_TOLD);
    told.map(|c| if steers(c) { ' ' } else { c }).collect()
}
