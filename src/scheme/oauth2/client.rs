//! A client as it is registered with a provider, and how it proves that it is that client (RFC 6749, 2).

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use super::Provider;
use crate::{
    error::Error,
    secret::Secret,
    wire::{percent, query::Pairs},
};

/// What sort of program it is; Google calls it the application type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientKind {
    /// A desktop or command-line program. Its secret, if it has one, is none (RFC 8252, 8.5).
    Installed,
    /// A web server that keeps its secret.
    Web,
    /// Google's "TVs and Limited Input devices", the only type that may use the device flow there.
    LimitedInput,
}

/// How the client proves itself at the token endpoint (RFC 6749, 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `client_id` and `client_secret` in the form: Google's own documentation.
    #[default]
    Body,
    /// `Authorization: Basic`, with both percent-encoded, as the RFC asks and Google takes.
    Basic,
}

/// A registered client.
///
/// # Examples
/// ```
/// use gdata_auth::oauth2::Client;
///
/// let app = Client::installed("1234.apps.googleusercontent.com")?.with_secret("GOCSPX-example")?;
/// assert_eq!(app.provider().issuer(), "https://accounts.google.com");
/// assert!(!format!("{app:?}").contains("GOCSPX"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    provider: Arc<Provider>,
    id: String,
    secret: Option<Secret>,
    kind: ClientKind,
    authentication: ClientAuthentication,
}

impl Client {
    /// The most characters of an id or a secret.
    pub const MAX: usize = 1_024;

    /// A client of any provider.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `client_id`, when it is empty, longer than [`MAX`](Self::MAX), or
    /// no printable ASCII.
    pub fn new(provider: Provider, kind: ClientKind, id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        check("client_id", &id)?;
        Ok(Self {
            provider: Arc::new(provider),
            id,
            secret: None,
            kind,
            authentication: ClientAuthentication::default(),
        })
    }

    /// A desktop or command-line program at Google.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn installed(id: impl Into<String>) -> Result<Self, Error> {
        Self::new(Provider::google(), ClientKind::Installed, id)
    }

    /// A web server at Google.
    ///
    /// # Errors
    /// As [`new`](Self::new) and [`with_secret`](Self::with_secret).
    pub fn web(id: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, Error> {
        Self::new(Provider::google(), ClientKind::Web, id)?.with_secret(secret)
    }

    /// A device without a browser at Google.
    ///
    /// # Errors
    /// As [`new`](Self::new) and [`with_secret`](Self::with_secret).
    pub fn limited_input(id: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, Error> {
        Self::new(Provider::google(), ClientKind::LimitedInput, id)?.with_secret(secret)
    }

    /// The secret that the provider gave it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `client_secret`, bounded as an id.
    pub fn with_secret(mut self, secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        check("client_secret", secret.expose())?;
        self.secret = Some(secret);
        Ok(self)
    }

    /// Proves itself in another way.
    #[must_use]
    pub fn authenticated_by(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// The same client of another provider, such as an emulator.
    #[must_use]
    pub fn at(mut self, provider: Provider) -> Self {
        self.provider = Arc::new(provider);
        self
    }

    /// The server that it is registered with.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Its name there.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its secret, if it has one.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// What sort of program it is.
    #[must_use]
    pub fn kind(&self) -> ClientKind {
        self.kind
    }

    /// Puts the proof into the form or the headers of a call.
    pub(super) fn authenticate(&self, form: &mut Pairs, headers: &mut HeaderMap) {
        let basic = match (&self.secret, self.authentication) {
            (Some(secret), ClientAuthentication::Basic) => basic(&self.id, secret),
            _ => None,
        };
        if let Some(value) = basic {
            headers.insert(AUTHORIZATION, value);
            return;
        }
        form.push("client_id", &self.id);
        if let Some(secret) = &self.secret {
            form.push("client_secret", secret.expose());
        }
    }
}

fn basic(id: &str, secret: &Secret) -> Option<HeaderValue> {
    let pair = format!(
        "{}:{}",
        percent::encode(id),
        percent::encode(secret.expose())
    );
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// What `Authorization: Basic` may say of a client: its id and secret, percent-encoded as RFC 6749, 2.3.1 asks, and
/// then as they stand, which most clients send. A secret such as `a+b%41` is another one in each reading, and only the
/// server that knows it can tell which was meant. Empty when it is no such header (law: the first reading is what a
/// [`Client`] printed).
#[must_use]
pub fn read_basic(value: &str) -> Vec<(String, Secret)> {
    let pair = || {
        let (scheme, rest) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("Basic") {
            return None;
        }
        let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
        let (id, secret) = pair.split_once(':')?;
        Some((id.to_owned(), secret.to_owned()))
    };
    let Some((id, secret)) = pair() else {
        return Vec::new();
    };
    let decoded = |text: &str| {
        let decoded = percent::decode("client", text).ok()?;
        Some(decoded.into_owned())
    };
    let mut readings = Vec::new();
    if let (Some(id), Some(secret)) = (decoded(&id), decoded(&secret)) {
        readings.push((id, Secret::new(secret)));
    }
    let plain = (id, Secret::new(secret));
    if !readings.contains(&plain) {
        readings.push(plain);
    }
    readings
}

fn check(field: &str, text: &str) -> Result<(), Error> {
    let plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if text.is_empty() || text.len() > Client::MAX || !plain {
        return Err(Error::input(
            field,
            format_args!(
                "expected 1 to {} printable characters, got something else",
                Client::MAX
            ),
        ));
    }
    Ok(())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("issuer", &self.provider.issuer())
            .field("id", &self.id)
            .field("secret", &self.secret)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
