//! Refresh tokens that can be moved, put where `login` keeps its own.
//!
//! Running it again changes nothing: what is kept already is left as it is, so an import that was broken off is
//! simply repeated.

use std::{collections::HashSet, path::Path};

use crate::{
    cli::{
        accounts::{CLIENT, Registered, folder},
        args::MigrateImport,
        files, paint,
    },
    error::{Error, Kind},
    migrate::import::{Credential, Event, Protocol, Use},
    scheme::oauth2::{
        AllowedHosts, Client, ClientKind, CredentialFile, Provider, current_endpoint,
    },
    scope::ScopeNames,
    secret::Secret,
    store::{FileStore, GrantKey, StoredAccess, StoredGrant, TokenStore, update},
    system::{Clock, SystemClock},
    time::Timestamp,
    wire::origin::Origin,
};

/// What becomes of one grant.
enum Outcome {
    Kept,
    /// The same token is kept already.
    There,
    /// Another token is kept, and counts more.
    Other,
}

pub(super) struct Keeper {
    store: FileStore,
    client: Option<Client>,
    /// Token endpoints that were named, and may be sent a refresh token.
    endpoints: Vec<String>,
    replace: bool,
    now: Timestamp,
    /// The older one of two: the next credential of this number is passed over.
    older: Option<u64>,
    /// What this run kept, which a newer one of this run replaces.
    own: HashSet<GrantKey>,
    kept: u64,
    there: u64,
    /// Accounts whose own file cannot be read.
    damaged: u64,
}

impl Keeper {
    pub(super) fn new(options: &MigrateImport) -> Result<Self, Error> {
        let client = options.client_secrets.as_deref().map(client).transpose()?;
        for address in &options.token_uri {
            named("token-uri", address)?;
        }
        Ok(Self {
            store: FileStore::open(folder(&options.store)?)?,
            client,
            endpoints: options.token_uri.clone(),
            replace: options.replace,
            now: SystemClock.now(),
            older: None,
            own: HashSet::new(),
            kept: 0,
            there: 0,
            damaged: 0,
        })
    }

    pub(super) fn take(&mut self, event: Event<'_>) -> Result<(), Error> {
        match event {
            Event::Double(double) => {
                self.older = Some(double.number);
                Ok(())
            }
            Event::Found(credential) => {
                let is_older = self.older.take() == Some(credential.number);
                match is_older {
                    true => Ok(()),
                    false => self.found(credential),
                }
            }
            _ => Ok(()),
        }
    }

    fn found(&mut self, credential: &Credential) -> Result<(), Error> {
        let Some(token) = &credential.secrets.refresh_token else {
            return Ok(());
        };
        if credential.protocol != Protocol::OAuth2 || credential.dead {
            return Ok(());
        }
        let left = |why: &dyn std::fmt::Display| {
            paint::talk(format_args!(
                "{} number {} was not kept: {why}",
                paint::styled(paint::NOTICE, "notice:"),
                credential.number
            ));
        };
        if credential.usable == Use::NeedsClient && self.client.is_none() {
            left(&credential.usable.sentence());
            return Ok(());
        }
        let client = match self.client_of(credential) {
            Ok(client) => client,
            Err(error) => {
                left(&error);
                return Ok(());
            }
        };
        let account = credential.account();
        let key = match GrantKey::new(client.provider().issuer(), client.id(), account) {
            Ok(key) => key,
            Err(error) => {
                left(&error);
                return Ok(());
            }
        };
        let outcome = match self.keep(&key, credential, token, client) {
            // One account's file that is damaged is no reason to leave the others out.
            Err(error) if error.kind() == Kind::Input => {
                self.damaged += 1;
                left(&format_args!(
                    "{error}, or --replace puts this one in its place"
                ));
                return Ok(());
            }
            outcome => outcome?,
        };
        match outcome {
            Outcome::Kept => {
                self.kept += 1;
                paint::talk(format_args!("kept: {key}"));
                self.own.insert(key);
            }
            Outcome::There => self.there += 1,
            Outcome::Other => left(&format_args!(
                "{key} is kept already with another token; --replace takes this one in its place"
            )),
        }
        Ok(())
    }

    fn keep(
        &self,
        key: &GrantKey,
        credential: &Credential,
        token: &Secret,
        client: Client,
    ) -> Result<Outcome, Error> {
        let before = match self.store.load(key) {
            Err(error) if self.replace && error.kind() == Kind::Input => {
                // A conflict is somebody else who writes it: then the grant is whole, or is told again.
                let _removed = self.store.remove(key, None)?;
                None
            }
            before => before?,
        };
        if let Some((grant, _)) = before {
            if grant.refresh_token() == Some(token) {
                return Ok(Outcome::There);
            }
            if grant.dead().is_none() && !self.replace && !self.own.contains(key) {
                return Ok(Outcome::Other);
            }
        }
        let registered = Registered::new(client, false).to_value()?;
        let scopes = ScopeNames::new(&credential.scopes).unwrap_or_default();
        let obtained = credential.issued_at.unwrap_or(self.now);
        update(&self.store, key, |_| {
            let mut grant = StoredGrant::new(obtained)
                .with_refresh_token(token.clone())
                .with_requested(scopes.clone())
                .with_granted(scopes.clone())
                .with_flow("imported");
            if let Some(access) = &credential.secrets.access_token
                && let Some(end) = credential.expires_at.filter(|end| *end > self.now)
            {
                grant = grant.with_access_token(StoredAccess::new(access.clone(), end));
            }
            if let Some(user) = credential.user.as_ref().filter(|user| user.contains('@')) {
                grant = grant.with_email(user.as_str());
            }
            // The name is not one of the grant's own, so it is taken.
            grant
                .clone()
                .with_extra(CLIENT, registered.clone())
                .unwrap_or(grant)
        })?;
        Ok(Outcome::Kept)
    }

    /// The client that the token belongs to, at the server that the store names, if that is Google's, this machine's or
    /// one that was named: nobody else is sent a refresh token because a file says so.
    fn client_of(&self, credential: &Credential) -> Result<Client, Error> {
        let (provider, elsewhere) = match credential.token_uri.as_deref() {
            None => (Provider::google(), false),
            Some(address) => self.provider(address)?,
        };
        let own = credential.client.as_ref();
        let given = self.client.as_ref();
        match given.filter(|given| own.is_none_or(|own| own == given.id())) {
            // The file of the client tells Google's server, and this token is another's.
            Some(given) if elsewhere => with_secret(
                Client::new(provider, given.kind(), given.id())?,
                given.secret().or(credential.secrets.client_secret.as_ref()),
            ),
            Some(given) => Ok(given.clone()),
            None => {
                let id = own.ok_or_else(|| Error::input("client", "expected --client-secrets"))?;
                with_secret(
                    Client::new(provider, ClientKind::Installed, id.as_str())?,
                    credential.secrets.client_secret.as_ref(),
                )
            }
        }
    }

    /// The server of a token endpoint, and whether it is neither Google nor an emulator of it.
    fn provider(&self, address: &str) -> Result<(Provider, bool), Error> {
        if is_elsewhere(address) {
            let other = named("token_uri", address)?;
            return match self.endpoints.iter().any(|named| named == address) {
                true => Ok((other, true)),
                false => Err(Error::new(
                    Kind::Refused,
                    format!(
                        "token_uri: expected an address of Google's or of this machine, got {0}; the refresh token would be \
                         sent there. If that is right: --token-uri {0}",
                        told(address)
                    ),
                )),
            };
        }
        let origin = Origin::of(address)?;
        let provider = match origin.is_loopback() {
            true => Provider::google_at(&origin.to_string())?.with_token_endpoint(address)?,
            false => Provider::google().with_token_endpoint(current_endpoint(address))?,
        };
        Ok((provider, false))
    }

    /// Tells it; whether there is any account, and none that is damaged.
    pub(super) fn tell(self) -> bool {
        paint::talk(format_args!(
            "accounts kept: {}, there already: {}; gdata-auth accounts lists them",
            self.kept, self.there
        ));
        self.kept + self.there > 0 && self.damaged == 0
    }
}

/// Whether a token endpoint is neither Google's nor this machine's.
pub(super) fn is_elsewhere(address: &str) -> bool {
    let hosts = AllowedHosts::google()
        .and("www.googleapis.com")
        .and_loopback();
    hosts.check("token_uri", address).is_err()
}

/// A server by its token endpoint alone: its issuer is taken to be its origin.
fn named(field: &str, address: &str) -> Result<Provider, Error> {
    let origin = Origin::of(address).map(|origin| origin.to_string());
    let server = origin.and_then(|origin| Provider::new(origin, address));
    server.map_err(|cause| {
        let problem = format_args!(
            "expected an absolute https address, or http on this machine, got {}",
            told(address)
        );
        Error::input(field, problem).caused_by(cause)
    })
}

/// An address as it may be shown: what stands behind a `?`, or before an `@`, may be a secret.
pub(super) fn told(address: &str) -> &str {
    let end = address.find(['?', '#', '@']).unwrap_or(address.len());
    match address.as_bytes().get(end) {
        Some(b'@') => "one with a user name",
        _ => &address[..end],
    }
}

fn with_secret(client: Client, secret: Option<&Secret>) -> Result<Client, Error> {
    match secret {
        Some(secret) => client.with_secret(secret.clone()),
        None => Ok(client),
    }
}

fn client(path: &Path) -> Result<Client, Error> {
    let bytes = files::read("client-secrets", path)?;
    match CredentialFile::read(&bytes, &AllowedHosts::google().and_loopback())? {
        CredentialFile::Client(file) => Ok(file.client),
        _ => Err(Error::input(
            "client-secrets",
            "expected a client_secret.json, got another credential file",
        )),
    }
}
