//! The keys that a replay checks signatures with: named in a configuration, never kept in a cassette.

use std::{collections::BTreeMap, fmt, path::Path};

use serde::Deserialize;

use crate::{
    cassette::file,
    crypto::PublicKey,
    error::{Error, Kind},
    secret::Secret,
};

/// Where the keys are, as a configuration file names them; [`load`](Self::load) reads them.
///
/// # Shape
/// Key files hold a public key or a certificate. Secrets stand in the configuration itself: they are those of
/// a test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct KeyFiles {
    /// Files of AuthSub sites.
    pub authsub: Vec<String>,
    /// Secrets of OAuth 1.0 consumers, by consumer key.
    pub oauth1_secrets: BTreeMap<String, Secret>,
    /// Files of OAuth 1.0 consumers, by consumer key.
    pub oauth1_keys: BTreeMap<String, String>,
    /// Token secrets of OAuth 1.0, by token; those that the cassette hands out are known without.
    pub oauth1_tokens: BTreeMap<String, Secret>,
    /// Files for JSON Web Tokens, by `kid` or `iss`.
    pub jwt: BTreeMap<String, String>,
}

impl KeyFiles {
    /// Reads the files; relative names start at `folder`.
    ///
    /// # Errors
    /// [`Kind::Transport`] when a file cannot be read, [`Kind::Key`] when it holds no public key.
    pub fn load(&self, folder: &Path) -> Result<Keys, Error> {
        let mut keys = Keys::new();
        for name in &self.authsub {
            keys = keys.with_authsub(read(folder, name)?);
        }
        for (consumer, secret) in &self.oauth1_secrets {
            keys = keys.with_consumer_secret(consumer, secret.clone());
        }
        for (consumer, name) in &self.oauth1_keys {
            keys = keys.with_consumer_key(consumer, read(folder, name)?);
        }
        for (token, secret) in &self.oauth1_tokens {
            keys = keys.with_token_secret(token, secret.clone());
        }
        for (signer, name) in &self.jwt {
            keys = keys.with_jwt(signer, read(folder, name)?);
        }
        Ok(keys)
    }
}

fn read(folder: &Path, name: &str) -> Result<PublicKey, Error> {
    let path = folder.join(name);
    let bytes = file::read(&path, MAX_KEY_FILE)?;
    PublicKey::read(&bytes).map_err(|cause| {
        Error::new(Kind::Key, format!("{}: {cause}", path.display())).caused_by(cause)
    })
}

/// The keys. Its `Debug` tells how many there are.
///
/// # Examples
/// ```
/// use gdata_auth::{cassette::Keys, crypto::PublicKey};
///
/// # let file = include_bytes!("../../../fixtures/keys/insecure-rsa2048-cert.pem");
/// let keys = Keys::new()
///     .with_authsub(PublicKey::read(file)?)
///     .with_consumer_secret("anonymous", "anonymous");
/// # let _ = keys;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Keys {
    pub(super) authsub: Vec<PublicKey>,
    pub(super) consumer_secrets: BTreeMap<String, Secret>,
    pub(super) consumer_keys: BTreeMap<String, PublicKey>,
    pub(super) token_secrets: BTreeMap<String, Secret>,
    pub(super) jwt: BTreeMap<String, PublicKey>,
}

impl Keys {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the key of an AuthSub site. Which site asks stands in no request, so each is tried.
    #[must_use]
    pub fn with_authsub(mut self, key: PublicKey) -> Self {
        self.authsub.push(key);
        self
    }

    /// Adds the secret of an OAuth 1.0 consumer.
    #[must_use]
    pub fn with_consumer_secret(
        mut self,
        key: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Self {
        self.consumer_secrets.insert(key.into(), secret.into());
        self
    }

    /// Adds the public key of an OAuth 1.0 consumer.
    #[must_use]
    pub fn with_consumer_key(mut self, consumer: impl Into<String>, key: PublicKey) -> Self {
        self.consumer_keys.insert(consumer.into(), key);
        self
    }

    /// Adds the secret of an OAuth 1.0 token that no answer of the cassette hands out.
    #[must_use]
    pub fn with_token_secret(
        mut self,
        token: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Self {
        self.token_secrets.insert(token.into(), secret.into());
        self
    }

    /// Adds the key behind JSON Web Tokens of this `kid` or `iss`.
    #[must_use]
    pub fn with_jwt(mut self, signer: impl Into<String>, key: PublicKey) -> Self {
        self.jwt.insert(signer.into(), key);
        self
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("authsub", &self.authsub.len())
            .field("consumer_secrets", &self.consumer_secrets.len())
            .field("consumer_keys", &self.consumer_keys.len())
            .field("token_secrets", &self.token_secrets.len())
            .field("jwt", &self.jwt.len())
            .finish()
    }
}

const MAX_KEY_FILE: usize = 1 << 20;
