//! What an emulator knows of OAuth 2.0 before the first request: its clients, its service accounts, and how refresh
//! tokens are renewed. The switches themselves stand in [`Config`](crate::emulator::Config).

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    crypto::PublicKey, error::Error, scheme::oauth2::ClientKind, scope::ScopeNames, secret::Secret,
};

/// A client that is registered: `[[oauth_client]]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OauthClient {
    /// `client_id`.
    pub id: String,
    /// `client_secret`; when absent, none is asked for and any is taken.
    #[serde(default)]
    pub secret: Option<Secret>,
    /// `type`: `installed` (the default), `web`, or `limited-input` for TVs and devices.
    #[serde(default = "installed", rename = "type", deserialize_with = "kind")]
    pub kind: ClientKind,
    /// Where the browser may go. A web client's have to match letter for letter; an installed one may use any
    /// loopback port besides.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The project it belongs to; the digits before the first `-` or `.` of the id when absent, as Google's ids
    /// begin with the number of their project.
    #[serde(default)]
    pub project: Option<String>,
    /// Whether it was deleted: `deleted_client`. Default: false.
    #[serde(default)]
    pub deleted: bool,
    /// The domain whose members alone may use it: others get `org_internal`. Default: anyone may.
    #[serde(default)]
    pub internal: Option<String>,
}

impl OauthClient {
    /// A client of a kind, without a secret.
    #[must_use]
    pub fn new(kind: ClientKind, id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            secret: None,
            kind,
            redirect_uris: Vec::new(),
            project: None,
            deleted: false,
            internal: None,
        }
    }

    /// Sets the secret.
    #[must_use]
    pub fn with_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Adds an address that the browser may go to.
    #[must_use]
    pub fn with_redirect(mut self, address: impl Into<String>) -> Self {
        self.redirect_uris.push(address.into());
        self
    }
}

/// A service account: `[[service_account]]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ServiceAccount {
    /// Its address, the `iss` of its assertions.
    pub email: String,
    /// The key that its assertions are checked with: an X.509 certificate or an RSA public key, in PEM.
    pub key: String,
    /// The scopes that it may use in the name of a user (domain-wide delegation). Default: none.
    #[serde(default)]
    pub delegation_scopes: ScopeNames,
    /// The users in whose name it may act; `*` is all of them. Default: none.
    #[serde(default)]
    pub delegation_subjects: Vec<String>,
}

impl ServiceAccount {
    /// An account with its public key or certificate in PEM.
    #[must_use]
    pub fn new(email: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            key: key.into(),
            delegation_scopes: ScopeNames::default(),
            delegation_subjects: Vec::new(),
        }
    }

    /// Lets it act in the name of a user, with these scopes.
    #[must_use]
    pub fn delegated(mut self, subject: impl Into<String>, scopes: ScopeNames) -> Self {
        self.delegation_subjects.push(subject.into());
        self.delegation_scopes = scopes;
        self
    }

    /// The key that it signs with.
    ///
    /// # Errors
    /// [`Kind::Key`](crate::Kind::Key) naming the account, when its key cannot be read.
    pub(in crate::emulator) fn public_key(&self) -> Result<PublicKey, Error> {
        PublicKey::read(self.key.as_bytes()).map_err(|cause| {
            let problem = format!("service account {}: {cause}", self.email);
            Error::new(cause.kind(), problem).caused_by(cause)
        })
    }
}

/// Whether refreshing yields a new refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Rotation {
    /// The old one stays, as at Google.
    #[default]
    Off,
    /// A new one comes with each refresh, and the old one is good until the new one is first used.
    Overlap,
    /// A new one comes with each refresh; using an old one ends the grant (RFC 9700, 4.14.2).
    Strict,
}

fn installed() -> ClientKind {
    ClientKind::Installed
}

fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ClientKind, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "installed" => Ok(ClientKind::Installed),
        "web" => Ok(ClientKind::Web),
        "limited-input" => Ok(ClientKind::LimitedInput),
        _ => Err(D::Error::custom(
            "type: expected installed, web or limited-input",
        )),
    }
}
