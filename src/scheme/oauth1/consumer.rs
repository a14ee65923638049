//! Who signs: the consumer's key, its way of signing, and how its requests are spelt.

use std::{fmt, str::FromStr, sync::Arc};

use crate::{
    crypto::Sign,
    error::{Error, Kind},
    secret::Secret,
};

/// An application that asks for tokens: its key, and what it signs with.
///
/// At Google the key was the domain of a registered site; everyone else was [`anonymous`](Self::anonymous).
/// The setters say how requests are spelt; they change no signature's validity.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::{Consumer, SignatureMethod};
///
/// let consumer = Consumer::hmac("www.example.com", "kd94hf93k423kf44")?;
/// assert_eq!(consumer.key(), "www.example.com");
/// assert_eq!(consumer.method(), SignatureMethod::HmacSha1);
/// assert_eq!(Consumer::anonymous().key(), "anonymous");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct Consumer {
    key: String,
    with: With,
    pub(super) placement: Placement,
    pub(super) version: bool,
    pub(super) realm: Option<String>,
}

/// What it signs with.
#[derive(Clone)]
pub(super) enum With {
    Hmac(Secret),
    Rsa(Arc<dyn Sign>),
    Plaintext(Secret),
}

/// Where the OAuth parameters of a request go (RFC 5849, 3.5).
///
/// The third place, a form body, needs the body: [`Credential::sign_form`](super::Credential::sign_form).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Placement {
    /// Into `Authorization: OAuth …`.
    #[default]
    Header,
    /// Into the query of the address, as the Java client and the old Python client did. Token calls are GET then.
    Query,
}

/// How a request is signed: `Display` and `FromStr` are the wire name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureMethod {
    /// `HMAC-SHA1`, with both secrets.
    HmacSha1,
    /// `RSA-SHA1`, with the consumer's private key; token secrets are not used.
    RsaSha1,
    /// `PLAINTEXT`: both secrets, as they are. Only over TLS.
    Plaintext,
}

impl SignatureMethod {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::HmacSha1, Self::RsaSha1, Self::Plaintext];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::RsaSha1 => "RSA-SHA1",
            Self::Plaintext => "PLAINTEXT",
        }
    }
}

impl fmt::Display for SignatureMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SignatureMethod {
    type Err = Error;

    /// # Errors
    /// [`Kind::Unsupported`] for any other name; names are compared with case (RFC 5849, 3.4).
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|method| method.as_str() == name);
        found.ok_or_else(|| {
            Error::new(
                Kind::Unsupported,
                "oauth_signature_method: expected HMAC-SHA1, RSA-SHA1 or PLAINTEXT, got another name",
            )
        })
    }
}

impl Consumer {
    /// The most bytes of a key, a secret or a realm.
    pub const MAX: usize = 2_048;

    /// A consumer that signs with `HMAC-SHA1`.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `oauth_consumer_key` or `consumer secret`, when the key is empty, one of them is
    /// longer than [`MAX`](Self::MAX) bytes, or holds a control character.
    pub fn hmac(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, Error> {
        Self::new(key.into(), With::Hmac(secret.into()))
    }

    /// A consumer that signs with `RSA-SHA1`, by the key whose certificate it registered.
    ///
    /// # Errors
    /// As [`hmac`](Self::hmac).
    pub fn rsa(key: impl Into<String>, signer: Arc<dyn Sign>) -> Result<Self, Error> {
        Self::new(key.into(), With::Rsa(signer))
    }

    /// A consumer that sends its secrets, as `PLAINTEXT`.
    ///
    /// # Security
    /// Whoever reads one request can make all others.
    ///
    /// # Errors
    /// As [`hmac`](Self::hmac).
    pub fn plaintext(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, Error> {
        Self::new(key.into(), With::Plaintext(secret.into()))
    }

    /// An application that never registered: key and secret are `anonymous`, under `HMAC-SHA1`
    /// (legacy-protocol.md 4). Name it with [`TokenRequest::display_name`](super::TokenRequest::display_name).
    #[must_use]
    pub fn anonymous() -> Self {
        let secret = Secret::new("anonymous");
        Self::unchecked("anonymous".to_owned(), With::Hmac(secret))
    }

    /// Where the OAuth parameters go; [`Placement::Header`] unless said.
    #[must_use]
    pub fn placed_in(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// Whether `oauth_version=1.0` is sent; it is, unless said. The Java client never did.
    #[must_use]
    pub fn sends_version(mut self, version: bool) -> Self {
        self.version = version;
        self
    }

    /// The realm of the header, which is not signed; none unless said. Several clients sent an empty one.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `realm`, when it is longer than [`MAX`](Self::MAX) bytes, or not printable ASCII
    /// without `"` and `\`.
    pub fn realm(mut self, realm: impl Into<String>) -> Result<Self, Error> {
        let realm = realm.into();
        let fits = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        if realm.len() > Self::MAX || !realm.bytes().all(fits) {
            return Err(Error::input(
                "realm",
                "expected printable ASCII without quotes and backslashes",
            ));
        }
        self.realm = Some(realm);
        Ok(self)
    }

    /// The key, which is no secret.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How it signs.
    #[must_use]
    pub fn method(&self) -> SignatureMethod {
        match self.with {
            With::Hmac(_) => SignatureMethod::HmacSha1,
            With::Rsa(_) => SignatureMethod::RsaSha1,
            With::Plaintext(_) => SignatureMethod::Plaintext,
        }
    }

    /// The shared secret, to store it; none under `RSA-SHA1`.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        match &self.with {
            With::Hmac(secret) | With::Plaintext(secret) => Some(secret),
            With::Rsa(_) => None,
        }
    }

    pub(super) fn with(&self) -> &With {
        &self.with
    }

    fn new(key: String, with: With) -> Result<Self, Error> {
        if key.is_empty() {
            return Err(Error::input(
                "oauth_consumer_key",
                "expected a key, got none",
            ));
        }
        check_text("oauth_consumer_key", &key)?;
        let consumer = Self::unchecked(key, with);
        if let Some(secret) = consumer.secret() {
            check_text("consumer secret", secret.expose())?;
        }
        Ok(consumer)
    }

    fn unchecked(key: String, with: With) -> Self {
        Self {
            key,
            with,
            placement: Placement::default(),
            version: true,
            realm: None,
        }
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer")
            .field("key", &self.key)
            .field("method", &self.method())
            .field("placement", &self.placement)
            .field("version", &self.version)
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

/// Refuses what is too long or holds a control character.
pub(super) fn check_text(field: &str, text: &str) -> Result<(), Error> {
    if text.len() > Consumer::MAX {
        let (most, got) = (Consumer::MAX, text.len());
        return Err(Error::input(
            field,
            format_args!("expected at most {most} bytes, got {got}"),
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::input(
            field,
            "expected text without control characters",
        ));
    }
    Ok(())
}
