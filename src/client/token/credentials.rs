//! From a credential file to a source of tokens, and Application Default Credentials (oauth2.md 5.8).

use std::{fmt, io::ErrorKind, sync::Arc};

use super::{
    Cached, ExternalToken, ImpersonatedToken, MetadataToken, ServiceToken, StoredToken,
    TokenSource, grant_key,
};
use crate::{
    error::{Error, Kind},
    scheme::oauth2::{
        AdcEnvironment, AdcPlace, AllowedHosts, AuthorizedUser, CLOUD_PLATFORM, CredentialFile,
        Impersonated,
    },
    scope::ScopeNames,
    store::{MemoryStore, StoredGrant, update},
    time::Timestamp,
    transport::{Transport, run},
};

/// What turns a credential file into a source: the scopes, and how to send.
#[derive(Clone)]
pub struct Credentials {
    scopes: ScopeNames,
    transport: Arc<dyn Transport>,
    quota_project: Option<String>,
}

impl Credentials {
    /// Tokens with these scopes, fetched over `transport`. A user's refresh token has the scopes of its consent.
    pub fn new(scopes: ScopeNames, transport: impl Transport + 'static) -> Self {
        Self {
            scopes,
            transport: Arc::new(transport),
            quota_project: None,
        }
    }

    /// Bills calls to a project, whatever the file says.
    #[must_use]
    pub fn billed_to(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// The source behind a file that was read.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] for a client_secret.json, which names no user: ask for consent with it;
    /// [`Kind::Scope`] for YouTube's scopes with a service account, and [`Kind::Input`] without any scope.
    pub fn source(&self, file: CredentialFile) -> Result<Arc<dyn TokenSource>, Error> {
        match file {
            CredentialFile::AuthorizedUser(user) => self.user(user),
            CredentialFile::ServiceAccount(account) => {
                // What cannot work is told before the first call.
                account.exchange(&self.scopes, Timestamp::default())?;
                let source =
                    ServiceToken::new(account, self.scopes.clone(), self.transport.clone());
                Ok(Arc::new(Cached::new(match &self.quota_project {
                    Some(project) => source.billed_to(project),
                    None => source,
                })))
            }
            CredentialFile::ExternalAccount(account) => Ok(Arc::new(Cached::new(
                ExternalToken::new(account, self.scopes.clone(), self.transport.clone()),
            ))),
            CredentialFile::Impersonated(account) => self.impersonated(*account),
            CredentialFile::Client(_) => Err(Error::new(
                Kind::Unsupported,
                "expected credentials, got a client_secret.json: it names a program and no user; ask for consent with \
                 it first",
            )),
        }
    }

    fn user(&self, user: AuthorizedUser) -> Result<Arc<dyn TokenSource>, Error> {
        let store = MemoryStore::new();
        let account = user.account.as_deref().unwrap_or("default");
        let key = grant_key(&user.client, account)?;
        // When the user consented is not in the file; the epoch says that nobody knows.
        update(&store, &key, |_| {
            StoredGrant::new(Timestamp::default()).with_refresh_token(user.refresh_token.clone())
        })?;
        let source = StoredToken::new(user.client, store, key, self.transport.clone());
        let project = self.quota_project.clone().or(user.quota_project);
        Ok(Arc::new(Cached::new(match project {
            Some(project) => source.billed_to(project),
            None => source,
        })))
    }

    fn impersonated(&self, account: Impersonated) -> Result<Arc<dyn TokenSource>, Error> {
        let own = Self {
            scopes: ScopeNames::parse(CLOUD_PLATFORM)?,
            transport: self.transport.clone(),
            quota_project: None,
        };
        let source = ImpersonatedToken::new(
            own.source(account.source)?,
            account.impersonation,
            self.scopes.clone(),
            self.transport.clone(),
        );
        let project = self.quota_project.clone().or(account.quota_project);
        Ok(Arc::new(Cached::new(match project {
            Some(project) => source.billed_to(project),
            None => source,
        })))
    }
}

/// Application Default Credentials: the first place that has some, in the order of Google's libraries.
///
/// [`system::adc_environment`](crate::system::adc_environment) reads the environment.
///
/// # Errors
/// [`Kind::Input`] when a file that is named is not there or cannot be read, and when no place has any, telling where
/// was looked; else as [`CredentialFile::read`] and [`Credentials::source`].
pub async fn default_credentials(
    environment: &AdcEnvironment,
    hosts: &AllowedHosts,
    credentials: &Credentials,
) -> Result<Arc<dyn TokenSource>, Error> {
    let credentials = match &environment.quota_project {
        Some(project) => credentials.clone().billed_to(project),
        None => credentials.clone(),
    };
    let mut looked = Vec::new();
    for place in environment.places()? {
        match place {
            AdcPlace::File { path, named } => match std::fs::read(&path) {
                Ok(bytes) => return credentials.source(CredentialFile::read(&bytes, hosts)?),
                Err(cause) if cause.kind() == ErrorKind::NotFound && !named => {
                    looked.push(path.display().to_string());
                }
                Err(cause) => {
                    let field = match named {
                        true => "GOOGLE_APPLICATION_CREDENTIALS",
                        false => "application default credentials",
                    };
                    return Err(Error::input(
                        field,
                        format_args!("cannot read {}: {cause}", path.display()),
                    )
                    .caused_by(cause));
                }
            },
            AdcPlace::Metadata(metadata) => {
                let ping = metadata.ping();
                if run(&ping, &*credentials.transport).await.is_err() {
                    looked.push("the metadata server".to_owned());
                    continue;
                }
                let source = MetadataToken::new(
                    metadata,
                    credentials.scopes.clone(),
                    credentials.transport.clone(),
                );
                return Ok(Arc::new(Cached::new(match &credentials.quota_project {
                    Some(project) => source.billed_to(project),
                    None => source,
                })));
            }
        }
    }
    Err(Error::input(
        "credentials",
        format_args!(
            "expected some, found none in {}; name a file in GOOGLE_APPLICATION_CREDENTIALS, or run \
             `gcloud auth application-default login`",
            looked.join(" and ")
        ),
    ))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
