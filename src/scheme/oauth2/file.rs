//! Credential files: what Google's console and tools write (oauth2.md 5.8).
//!
//! | `type` | file | read as |
//! |---|---|---|
//! | none, but `installed` or `web` | client_secret.json | [`Client`] |
//! | `authorized_user` | what `gcloud auth application-default login` keeps | [`AuthorizedUser`] |
//! | `service_account` | a key of a service account | [`ServiceAccount`] |
//! | `external_account` | workload identity | [`ExternalAccount`] |
//! | `impersonated_service_account` | one of the above, acting for an account | [`Impersonated`] |
//!
//! # Security
//! A file names the addresses that secrets are sent to, so a file of a stranger is an attack. An address is taken
//! only at a host that [`AllowedHosts`] has; commands in a file are never run.

use serde_json::{Map, Value};

use super::{
    Client, ClientKind, ExternalAccount, Impersonated, Provider, ServiceAccount, current_endpoint,
};
use crate::{
    crypto::PrivateKey,
    error::{Error, Kind},
    secret::Secret,
    wire::origin::Origin,
};

/// Hosts that a credential file may name.
///
/// # Examples
/// ```
/// use gdata_auth::oauth2::AllowedHosts;
///
/// let hosts = AllowedHosts::google();
/// assert!(hosts.check("token_uri", "https://oauth2.googleapis.com/token").is_ok());
/// assert!(hosts.check("token_uri", "https://oauth2.googleapis.com.evil.test/token").is_err());
/// assert!(hosts.check("token_uri", "http://127.0.0.1:8080/token").is_err());
/// assert!(hosts.and_loopback().check("token_uri", "http://127.0.0.1:8080/token").is_ok());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHosts {
    hosts: Vec<String>,
    universe: String,
    loopback: bool,
}

impl AllowedHosts {
    /// Google's: `accounts.google.com`, and all under `googleapis.com`.
    #[must_use]
    pub fn google() -> Self {
        Self {
            hosts: vec!["accounts.google.com".to_owned()],
            universe: "googleapis.com".to_owned(),
            loopback: false,
        }
    }

    /// All under another universe of Google's cloud, in place of `googleapis.com`.
    #[must_use]
    pub fn in_universe(mut self, domain: impl Into<String>) -> Self {
        self.universe = domain.into().to_ascii_lowercase();
        self
    }

    /// One more host, whole.
    #[must_use]
    pub fn and(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into().to_ascii_lowercase());
        self
    }

    /// This machine, by `http` too: an emulator.
    #[must_use]
    pub fn and_loopback(mut self) -> Self {
        self.loopback = true;
        self
    }

    /// Passes an address at one of the hosts.
    ///
    /// # Errors
    /// [`Kind::Refused`] naming `field` and the host, when it is at another, or not `https`; [`Kind::Input`] when it
    /// is no address.
    pub fn check(&self, field: &str, address: &str) -> Result<(), Error> {
        let origin = Origin::of(address)
            .map_err(|cause| Error::input(field, "expected an https address").caused_by(cause))?;
        let host = origin.host();
        let in_universe = host
            .strip_suffix(&self.universe)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'));
        let named = in_universe || self.hosts.iter().any(|own| own == host);
        let safe = (origin.is_secure() && named) || (self.loopback && origin.is_loopback());
        if safe {
            return Ok(());
        }
        Err(Error::new(
            Kind::Refused,
            format!(
                "{field}: expected https at a host that is allowed, got {origin}; secrets would be sent \
                 there. If it is right, allow the host"
            ),
        ))
    }
}

impl Default for AllowedHosts {
    fn default() -> Self {
        Self::google()
    }
}

/// A credential file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CredentialFile {
    /// A client, without any user.
    Client(ClientFile),
    /// A user's refresh token.
    AuthorizedUser(AuthorizedUser),
    /// A service account's key.
    ServiceAccount(ServiceAccount),
    /// A token of another system, exchanged for one of Google's.
    ExternalAccount(ExternalAccount),
    /// One of the others, acting for a service account.
    Impersonated(Box<Impersonated>),
}

/// client_secret.json: the client, and what is registered for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientFile {
    /// The client.
    pub client: Client,
    /// The project that it belongs to.
    pub project: Option<String>,
    /// Addresses that are registered for it; desktop clients list `http://localhost`.
    pub redirect_uris: Vec<String>,
    /// Addresses in the file that Google has moved: each as it is written.
    pub legacy_endpoints: Vec<String>,
}

/// A user's refresh token with its client, as gcloud keeps it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthorizedUser {
    /// The client that it was issued to.
    pub client: Client,
    /// The refresh token.
    pub refresh_token: Secret,
    /// The project that calls are billed to.
    pub quota_project: Option<String>,
    /// The account, where the file names it.
    pub account: Option<String>,
}

impl CredentialFile {
    /// The most bytes of a file.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads a file, by what it holds.
    ///
    /// # Errors
    /// [`Kind::Input`] naming the field that is missing or of another form; [`Kind::Refused`] naming the address that
    /// `hosts` does not have; [`Kind::Key`] when the private key cannot be read; [`Kind::Unsupported`] for a `type` that
    /// is not read here. No message holds a value of the file.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::oauth2::{AllowedHosts, ClientKind, CredentialFile};
    ///
    /// let text = r#"{"installed":{"client_id":"1234.apps.googleusercontent.com","client_secret":"GOCSPX-example",
    ///     "auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token",
    ///     "redirect_uris":["http://localhost"]}}"#;
    /// let CredentialFile::Client(file) = CredentialFile::read(text.as_bytes(), &AllowedHosts::google())? else {
    ///     return Err("another file".into());
    /// };
    /// assert_eq!(file.client.kind(), ClientKind::Installed);
    /// assert_eq!(file.legacy_endpoints, ["https://accounts.google.com/o/oauth2/auth"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(bytes: &[u8], hosts: &AllowedHosts) -> Result<Self, Error> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(Error::input(
                "file",
                format_args!(
                    "expected at most {} bytes, got {}",
                    Self::MAX_BYTES,
                    bytes.len()
                ),
            ));
        }
        let value: Value = serde_json::from_slice(bytes).map_err(|cause| {
            Error::input(
                "file",
                format_args!(
                    "expected JSON, got something else at {}:{}",
                    cause.line(),
                    cause.column()
                ),
            )
        })?;
        let Value::Object(fields) = value else {
            return Err(Error::input("file", "expected a JSON object"));
        };
        Self::of(&Fields::new("", &fields), hosts)
    }

    pub(super) fn of(fields: &Fields<'_>, hosts: &AllowedHosts) -> Result<Self, Error> {
        for (name, kind) in [
            ("installed", ClientKind::Installed),
            ("web", ClientKind::Web),
        ] {
            if let Some(inner) = fields.object(name)? {
                return ClientFile::of(&inner, kind, hosts).map(Self::Client);
            }
        }
        match fields.needed("type") {
            Ok("authorized_user") => AuthorizedUser::of(fields, hosts).map(Self::AuthorizedUser),
            Ok("service_account") => service_account(fields, hosts).map(Self::ServiceAccount),
            Ok("external_account") => ExternalAccount::of(fields, hosts).map(Self::ExternalAccount),
            Ok("impersonated_service_account") => {
                Impersonated::of(fields, hosts).map(|account| Self::Impersonated(Box::new(account)))
            }
            Ok(_) => Err(Error::new(
                Kind::Unsupported,
                "type: expected authorized_user, service_account, external_account or impersonated_service_account, \
                 got another",
            )),
            // What google-auth's to_json() writes has no type (oauth2.md 5.8).
            Err(_) if fields.text("refresh_token")?.is_some() => {
                AuthorizedUser::of(fields, hosts).map(Self::AuthorizedUser)
            }
            Err(_) => Err(Error::input(
                "file",
                "expected installed, web or type, as Google's credential files have, got none of them",
            )),
        }
    }
}

impl ClientFile {
    fn of(fields: &Fields<'_>, kind: ClientKind, hosts: &AllowedHosts) -> Result<Self, Error> {
        let mut legacy = Vec::new();
        let mut endpoint = |name: &str| -> Result<Option<&str>, Error> {
            let Some(address) = fields.text(name)? else {
                return Ok(None);
            };
            hosts.check(&fields.path(name), address)?;
            if current_endpoint(address) != address {
                legacy.push(address.to_owned());
            }
            Ok(Some(current_endpoint(address)))
        };
        let (auth, token) = (endpoint("auth_uri")?, endpoint("token_uri")?);
        let provider = provider(token, auth)?;
        let mut client = Client::new(provider, kind, fields.needed("client_id")?)?;
        if let Some(secret) = fields.text("client_secret")? {
            client = client.with_secret(secret)?;
        }
        Ok(Self {
            client,
            project: fields.text("project_id")?.map(str::to_owned),
            redirect_uris: fields.texts("redirect_uris")?,
            legacy_endpoints: legacy,
        })
    }
}

/// Google, or the emulator of it whose addresses a file names.
fn provider(token: Option<&str>, auth: Option<&str>) -> Result<Provider, Error> {
    let loopback = |address: &str| Origin::of(address).ok().filter(Origin::is_loopback);
    let provider = match token.and_then(loopback) {
        Some(origin) => Provider::google_at(&origin.to_string())?,
        None => Provider::google(),
    };
    let provider = match token {
        Some(token) => provider.with_token_endpoint(token)?,
        None => provider,
    };
    match auth {
        Some(auth) => provider.with_authorization_endpoint(auth),
        None => Ok(provider),
    }
}

impl AuthorizedUser {
    fn of(fields: &Fields<'_>, hosts: &AllowedHosts) -> Result<Self, Error> {
        let token_uri = fields.text("token_uri")?;
        if let Some(address) = token_uri {
            hosts.check(&fields.path("token_uri"), address)?;
        }
        let provider = provider(token_uri.map(current_endpoint), None)?;
        let mut client = Client::new(provider, ClientKind::Installed, fields.needed("client_id")?)?;
        if let Some(secret) = fields.text("client_secret")? {
            client = client.with_secret(secret)?;
        }
        let text = |name: &str| Ok::<_, Error>(fields.text(name)?.map(str::to_owned));
        Ok(Self {
            client,
            refresh_token: Secret::new(fields.needed("refresh_token")?),
            quota_project: text("quota_project_id")?,
            account: text("account")?.filter(|account| !account.is_empty()),
        })
    }
}

fn service_account(fields: &Fields<'_>, hosts: &AllowedHosts) -> Result<ServiceAccount, Error> {
    let key = PrivateKey::read(fields.needed("private_key")?.as_bytes(), None)?;
    let mut account = ServiceAccount::new(fields.needed("client_email")?, &key)?;
    if let Some(key_id) = fields.text("private_key_id")? {
        account = account.with_key_id(key_id);
    }
    if let Some(address) = fields.text("token_uri")? {
        hosts.check(&fields.path("token_uri"), address)?;
        account = account.with_token_endpoint(current_endpoint(address))?;
    }
    if let Some(project) = fields.text("project_id")? {
        account = account.with_project(project);
    }
    Ok(account)
}

/// The fields of an object, which knows where it stands in the file.
pub(super) struct Fields<'a> {
    place: String,
    fields: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(place: &str, fields: &'a Map<String, Value>) -> Self {
        Self {
            place: place.to_owned(),
            fields,
        }
    }

    /// The whole name of a field: `installed.client_id`.
    pub(super) fn path(&self, name: &str) -> String {
        match self.place.as_str() {
            "" => name.to_owned(),
            place => format!("{place}.{name}"),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "expected text, got something else")),
        }
    }

    pub(super) fn needed(&self, name: &str) -> Result<&'a str, Error> {
        match self.text(name)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(self.wrong(name, "expected a value, got none")),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Error> {
        let wrong = || self.wrong(name, "expected a list of texts, got something else");
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect(),
            Some(_) => Err(wrong()),
        }
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, Error> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Fields::new(&self.path(name), fields))),
            Some(_) => Err(self.wrong(name, "expected an object, got something else")),
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, Error> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value
                .as_u64()
                .map(Some)
                .ok_or_else(|| self.wrong(name, "expected a number, got something else")),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Name and value of every field that is text.
    pub(super) fn iter_texts(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.fields
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
    }

    pub(super) fn wrong(&self, name: &str, problem: &str) -> Error {
        Error::input(&self.path(name), problem)
    }
}
