//! Named values that stand together, whatever they stand in: what names mean, and what credential they make.
//!
//! ```text
//! refresh_token  refreshToken  gs_oauth2_refresh_token  _refresh_token     one name
//! ```
//!
//! The same table serves JSON, settings, sessions, cookies and pickles, so that a store is understood whatever
//! wrote it.

use super::super::{
    draft::{Draft, words},
    inventory::{Form, Protocol},
    moment, value,
};
use crate::{secret::Secret, time::Timestamp};

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    RefreshToken,
    AccessToken,
    TokenSecret,
    OAuthToken,
    AuthSub,
    Login,
    Token,
    ClientId,
    ConsumerKey,
    ClientSecret,
    ConsumerSecret,
    Scope,
    TokenUri,
    Expiry,
    Issued,
    User,
    Requestor,
    Password,
    Service,
    PrivateKey,
    IdToken,
    Invalid,
    Kind,
}

/// Names without anything but letters and digits; a longer one is looked for before a shorter one.
const ROLES: &[(&str, Role)] = &[
    ("expiresintimestamp", Role::Expiry),
    ("authsubsessiontoken", Role::AuthSub),
    ("oauthconsumersecret", Role::ConsumerSecret),
    ("googleauthsubsesskey", Role::AuthSub),
    ("rsaprivatekey", Role::PrivateKey),
    ("accesstokensecret", Role::TokenSecret),
    ("oauthtokensecret", Role::TokenSecret),
    ("clientlogintoken", Role::Login),
    ("oauthconsumerkey", Role::ConsumerKey),
    ("googleloginauth", Role::Login),
    ("consumersecret", Role::ConsumerSecret),
    ("authsubsesskey", Role::AuthSub),
    ("clientsecret", Role::ClientSecret),
    ("authsubtoken", Role::AuthSub),
    ("sessiontoken", Role::AuthSub),
    ("refreshtoken", Role::RefreshToken),
    ("tokensecret", Role::TokenSecret),
    ("consumerkey", Role::ConsumerKey),
    ("accesstoken", Role::AccessToken),
    ("requestorid", Role::Requestor),
    ("tokenexpiry", Role::Expiry),
    ("privatekey", Role::PrivateKey),
    ("clientlogin", Role::Login),
    ("oauthtoken", Role::OAuthToken),
    ("expirydate", Role::Expiry),
    ("logintoken", Role::Login),
    ("authheader", Role::Token),
    ("tokenstring", Role::Token),
    ("expiresat", Role::Expiry),
    ("useremail", Role::User),
    ("caltoken", Role::AuthSub),
    ("tokenuri", Role::TokenUri),
    ("tokenurl", Role::TokenUri),
    ("issuedat", Role::Issued),
    ("clientid", Role::ClientId),
    ("username", Role::User),
    ("password", Role::Password),
    ("idtoken", Role::IdToken),
    ("account", Role::User),
    ("authsub", Role::AuthSub),
    ("service", Role::Service),
    ("invalid", Role::Invalid),
    ("passwd", Role::Password),
    ("expiry", Role::Expiry),
    ("scopes", Role::Scope),
    ("scope", Role::Scope),
    ("email", Role::User),
    ("token", Role::Token),
    ("class", Role::Kind),
    ("auth", Role::Login),
    ("type", Role::Kind),
    ("user", Role::User),
    ("pass", Role::Password),
];

/// What a password is told for: others are none of this crate's business.
const GOOGLE: &[&str] = &["google", "gdata", "gmail", "youtube", "picasa", "blogger"];

#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) user: Option<String>,
    pub(super) client: Option<String>,
    pub(super) client_secret: Option<Secret>,
    pub(super) scopes: Vec<String>,
    pub(super) token_uri: Option<String>,
    pub(super) kind: Option<String>,
    requestor: Option<String>,
    service: Option<String>,
    refresh_token: Option<Secret>,
    access_token: Option<Secret>,
    oauth_token: Option<Secret>,
    token_secret: Option<Secret>,
    authsub: Option<Secret>,
    login: Option<Secret>,
    token: Option<Secret>,
    password: Option<Secret>,
    private_key: Option<Secret>,
    id_token: Option<Secret>,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    invalid: bool,
    of_google: bool,
}

impl Fields {
    /// Takes a value if its whole name is known.
    pub(super) fn take(&mut self, name: &str, text: &str) -> bool {
        let plain = plain(name);
        match ROLES
            .iter()
            .find(|(known, _)| *known == plain.trim_start_matches("google"))
        {
            Some((_, role)) => {
                self.note(name);
                self.set(*role, text);
                true
            }
            None => false,
        }
    }

    /// What stands before the part of a name that is known: `ann` of `ann.oauth_token`.
    pub(super) fn prefix_of(name: &str) -> Option<String> {
        let plain = plain(name);
        ROLES
            .iter()
            .find_map(|(known, _)| plain.strip_suffix(known))
            .map(str::to_owned)
    }

    /// Takes a value by the end of its name.
    pub(super) fn take_by_end(&mut self, name: &str, text: &str) {
        let plain = plain(name);
        if let Some((_, role)) = ROLES.iter().find(|(known, _)| plain.ends_with(known)) {
            self.note(name);
            self.set(*role, text);
        }
    }

    /// Takes a moment that was read already.
    pub(super) fn take_moment(&mut self, name: &str, at: Timestamp) {
        match ROLES.iter().find(|(known, _)| *known == plain(name)) {
            Some((_, Role::Expiry)) => self.expires_at = Some(at),
            Some((_, Role::Issued)) => self.issued_at = Some(at),
            _ => {}
        }
    }

    pub(super) fn take_flag(&mut self, name: &str, flag: bool) {
        if plain(name) == "invalid" {
            self.invalid = flag;
        }
    }

    pub(super) fn is_scope(name: &str) -> bool {
        matches!(plain(name).as_str(), "scope" | "scopes")
    }

    fn note(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.of_google |= GOOGLE.iter().any(|word| name.contains(word));
    }

    fn set(&mut self, role: Role, text: &str) {
        let text = text.trim();
        if text.is_empty() || text == "null" || text == "None" {
            return;
        }
        let secret = || Some(Secret::new(text));
        let is_token = matches!(
            role,
            Role::RefreshToken | Role::AccessToken | Role::OAuthToken | Role::AuthSub | Role::Login
        );
        if is_token && !is_plausible(text) {
            return;
        }
        match role {
            Role::RefreshToken => self.refresh_token = secret(),
            Role::AccessToken => self.access_token = secret(),
            Role::TokenSecret => self.token_secret = secret(),
            Role::OAuthToken => self.oauth_token = secret(),
            Role::AuthSub => self.authsub = secret(),
            Role::Login => self.login = secret(),
            Role::Token => self.token = secret(),
            Role::ClientId | Role::ConsumerKey => self.client = Some(text.to_owned()),
            Role::ClientSecret | Role::ConsumerSecret => self.client_secret = secret(),
            Role::Scope => self.scopes = words(text),
            Role::TokenUri => self.token_uri = Some(text.to_owned()),
            Role::Expiry => self.expires_at = moment::of_text(text),
            Role::Issued => self.issued_at = moment::of_text(text),
            Role::User => {
                let address = text.contains('@');
                // An address says more than a name that stands beside it.
                if address || self.user.is_none() {
                    self.user = Some(text.to_owned());
                }
                self.of_google |= text.ends_with("@gmail.com") || text.ends_with("@googlemail.com");
            }
            Role::Requestor => self.requestor = Some(text.to_owned()),
            Role::Password => self.password = secret(),
            Role::Service => self.service = Some(text.to_owned()),
            Role::PrivateKey => self.private_key = secret(),
            Role::IdToken => self.id_token = secret(),
            Role::Invalid => self.invalid = matches!(text, "1" | "true" | "True"),
            Role::Kind => self.kind = Some(text.to_owned()),
        }
    }

    /// The token that has no other name, for whoever reads it in its own way.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_ref().map(Secret::expose)
    }

    pub(super) fn forget_token(&mut self) {
        self.token = None;
    }

    /// What is good to know for values that stand deeper: no secret of a user.
    pub(super) fn hints(&self) -> Self {
        Self {
            user: self.user.clone(),
            client: self.client.clone(),
            client_secret: self.client_secret.clone(),
            scopes: self.scopes.clone(),
            token_uri: self.token_uri.clone(),
            ..Self::default()
        }
    }

    /// Says what several share: the client, and where it refreshes.
    pub(super) fn with_defaults(mut self, common: &Self) -> Self {
        if self.client.is_none() {
            self.client.clone_from(&common.client);
            self.client_secret.clone_from(&common.client_secret);
        }
        if self.token_uri.is_none() {
            self.token_uri.clone_from(&common.token_uri);
        }
        if self.service.is_none() {
            self.service.clone_from(&common.service);
        }
        self.of_google |= common.of_google;
        self
    }

    /// The credentials that the values make; none when there is no secret of a user among them.
    pub(super) fn into_drafts(mut self, form: Form) -> Vec<Draft> {
        let mut drafts = Vec::new();
        if let Some(token) = self.token.take() {
            self.sort(token, form, &mut drafts);
        }
        if self.token_secret.is_some() {
            let token = self.oauth_token.take().or_else(|| self.access_token.take());
            if let Some(token) = token {
                let mut draft = self.draft(Protocol::OAuth1, form);
                draft.secrets.token = Some(token);
                draft.secrets.token_secret = self.token_secret.take();
                draft.secrets.private_key = self.private_key.take();
                drafts.push(draft);
            }
        }
        if self.refresh_token.is_some() || self.access_token.is_some() {
            let mut draft = self.draft(Protocol::OAuth2, form);
            draft.secrets.refresh_token = self.refresh_token.take();
            draft.secrets.access_token = self.access_token.take();
            draft.dead = self.invalid;
            if let Some(id_token) = &self.id_token {
                draft = draft.identified_by(id_token.expose());
            }
            drafts.push(draft);
        }
        if let Some(token) = self.authsub.take() {
            let secure = self.private_key.is_some();
            let protocol = if secure {
                Protocol::SecureAuthSub
            } else {
                Protocol::AuthSub
            };
            let mut draft = match value::read(token.expose(), form).and_then(Result::ok) {
                Some(mut read) if read.len() == 1 => read.remove(0),
                _ => Draft::new(protocol, form).with_token(token),
            };
            draft.secrets.private_key = self.private_key.take().or(draft.secrets.private_key);
            self.tell(&mut draft);
            drafts.push(draft);
        }
        if let Some(token) = self.login.take() {
            // `auth` is the name of many things.
            if token.expose().len() >= 16 {
                let mut draft = match value::read(token.expose(), form).and_then(Result::ok) {
                    Some(mut read) if read.len() == 1 => read.remove(0),
                    _ => Draft::new(Protocol::ClientLogin, form).with_token(token),
                };
                self.tell(&mut draft);
                drafts.push(draft);
            }
        }
        if let Some(requestor) = self.requestor.take().filter(|_| drafts.is_empty()) {
            let mut draft = self.draft(Protocol::OAuth1TwoLegged, form);
            draft.user = Some(requestor);
            draft.secrets.private_key = self.private_key.take();
            drafts.push(draft);
        }
        if let Some(password) = self.password.take() {
            match drafts.first_mut() {
                Some(draft) => draft.secrets.password = Some(password),
                None if self.of_google && self.user.is_some() => {
                    let mut draft = self.draft(Protocol::ClientLogin, form);
                    draft.secrets.password = Some(password);
                    drafts.push(draft);
                }
                None => {}
            }
        }
        drafts
    }

    /// A token whose name does not say of what kind it is.
    fn sort(&mut self, token: Secret, form: Form, drafts: &mut Vec<Draft>) {
        if let Some(Ok(read)) = value::read(token.expose(), form) {
            drafts.extend(read.into_iter().map(|mut draft| {
                self.tell(&mut draft);
                draft
            }));
        } else if self.token_secret.is_some() {
            self.oauth_token.get_or_insert(token);
        } else if self.refresh_token.is_some() || self.token_uri.is_some() {
            self.access_token.get_or_insert(token);
        } else if let Some(mut draft) = value::by_shape(token.expose(), form) {
            self.tell(&mut draft);
            if draft.protocol == Protocol::AuthSub && self.private_key.is_some() {
                draft.protocol = Protocol::SecureAuthSub;
                draft.secrets.private_key = self.private_key.take();
            }
            drafts.push(draft);
        }
    }

    fn draft(&self, protocol: Protocol, form: Form) -> Draft {
        let mut draft = Draft::new(protocol, form);
        self.tell(&mut draft);
        draft
    }

    /// Adds what is known beside the token.
    fn tell(&self, draft: &mut Draft) {
        draft.user = draft.user.take().or_else(|| self.user.clone());
        draft.service = draft.service.take().or_else(|| self.service.clone());
        draft.token_uri = draft.token_uri.take().or_else(|| self.token_uri.clone());
        draft.expires_at = draft.expires_at.or(self.expires_at);
        draft.issued_at = draft.issued_at.or(self.issued_at);
        if draft.scopes.is_empty() {
            draft.scopes.clone_from(&self.scopes);
        }
        // A client belongs to what it was issued to: older tokens had none.
        let of_client = matches!(
            draft.protocol,
            Protocol::OAuth1 | Protocol::OAuth1TwoLegged | Protocol::OAuth2
        );
        if !of_client {
            return;
        }
        draft.client = draft.client.take().or_else(|| self.client.clone());
        if draft.secrets.client_secret.is_none() {
            draft.secrets.client_secret.clone_from(&self.client_secret);
        }
    }
}

/// Whether a text may be a token: programs set names like these too, to calls and to other names.
fn is_plausible(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || "()[]{}<>$;,\"'`\\".contains(c);
    let in_names = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '.');
    let token = text.len() >= 4 && !text.contains(odd);
    (token && (text.starts_with("DQAA") || !text.chars().all(in_names)))
        || value::read(text, Form::Settings).is_some()
}

/// A name's letters and digits; PHP writes the class of what is private before it, between NULs.
fn plain(name: &str) -> String {
    let name = name.rsplit('\0').next().unwrap_or(name);
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
