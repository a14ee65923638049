//! What authorises a request: a credential as it is, or a source of tokens.

use std::sync::Arc;

use crate::{
    cli::{
        accounts::{Picked, source},
        args::SendRequest,
        files, given,
    },
    client::{AuthorizedClient, Credentials, TokenSource, default_credentials},
    error::Error,
    gdata::Envelope,
    scheme::{
        AuthScheme,
        api_key::ApiKey,
        oauth2::{AccessToken, AllowedHosts, CredentialFile},
    },
    scope::ScopeNames,
    system,
    transport::{Reqwest, Transport},
};

/// A credential as it is, or a source of tokens.
pub(super) enum Credential {
    Scheme(Box<AuthScheme>),
    Source(Arc<dyn TokenSource>),
}

impl Credential {
    pub(super) fn client<T: Transport>(&self, transport: T) -> AuthorizedClient<T> {
        match self {
            Self::Source(source) => AuthorizedClient::with_source(transport, Arc::clone(source)),
            Self::Scheme(scheme) => AuthorizedClient::new(transport, (**scheme).clone()),
        }
    }

    /// Gets the first token, so that what is wrong with the source is told as it is.
    async fn of(source: Arc<dyn TokenSource>) -> Result<Self, Error> {
        source.token().await?;
        Ok(Self::Source(source))
    }
}

impl From<AuthScheme> for Credential {
    fn from(scheme: AuthScheme) -> Self {
        Self::Scheme(Box::new(scheme))
    }
}

/// What authorises the request, and the headers beside it.
pub(super) async fn credential(options: &SendRequest) -> Result<(Credential, Envelope), Error> {
    let mut envelope = Envelope::new();
    if let Some(version) = &options.gdata_version {
        envelope = envelope.with_version(version.as_str())?;
    }
    let developer_key = match &options.developer_key_file {
        Some(path) => Some(files::secret("developer-key-file", None, Some(path))?),
        None => None,
    };
    let credential = if let Some(account) = &options.account {
        Credential::of(source(&Picked::find(Some(account), &options.narrow)?)?).await?
    } else if options.adc || options.credentials.is_some() {
        Credential::of(of_google(options).await?).await?
    } else if let Some(path) = &options.credential {
        let key = given::private_key(&options.key)?;
        given::credential("credential", path, key.as_ref())?.into()
    } else if let Some(path) = &options.bearer_file {
        let token = files::secret("bearer-file", None, Some(path))?;
        AuthScheme::from(AccessToken::new(token)?).into()
    } else if let Some(path) = &options.api_key_file {
        let key = files::secret("api-key-file", None, Some(path))?;
        AuthScheme::from(ApiKey::new(key)?).into()
    } else if let Some(key) = developer_key {
        let key = ApiKey::new(key)?.as_developer_key();
        return Ok((AuthScheme::from(key).into(), envelope));
    } else {
        return Err(Error::input(
            "credential",
            "expected --credential, --bearer-file, --api-key-file, --developer-key-file, --account, --credentials or \
             --adc",
        ));
    };
    if let Some(key) = developer_key {
        envelope = envelope.with_developer_key(key)?;
    }
    Ok((credential, envelope))
}

/// A credential file of Google's, or the place where its libraries look.
async fn of_google(options: &SendRequest) -> Result<Arc<dyn TokenSource>, Error> {
    let words = options.scope.iter().flat_map(|text| text.split(' '));
    let scopes = ScopeNames::new(words.filter(|word| !word.is_empty()))?;
    let credentials = Credentials::new(scopes, Reqwest::new()?);
    // The user named the file; on this machine only an emulator listens.
    let hosts = AllowedHosts::google().and_loopback();
    match &options.credentials {
        Some(path) => {
            let bytes = files::read("credentials", path)?;
            credentials.source(CredentialFile::read(&bytes, &hosts)?)
        }
        None => default_credentials(&system::adc_environment(), &hosts, &credentials).await,
    }
}
