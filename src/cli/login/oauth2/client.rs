//! The client that asks: from client_secret.json, or by its id; at Google, an emulator of it, or any other server.

use crate::{
    cli::{accounts::Registered, args::OAuth2Args, files},
    error::Error,
    scheme::oauth2::{AllowedHosts, Client, ClientKind, CredentialFile, Discovery, Provider},
    transport::{Transport, run},
};

/// A client with what its file says of it.
pub(super) struct Given {
    pub(super) registered: Registered,
    /// The addresses that are registered for it, where a file tells.
    pub(super) redirect_uris: Vec<String>,
}

/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming the option; what the server of `--issuer` answers.
pub(super) async fn given(
    options: &OAuth2Args,
    transport: &impl Transport,
) -> Result<Given, Error> {
    let (mut client, redirect_uris) = match (&options.client_secrets, &options.client_id) {
        (Some(path), _) => {
            let bytes = files::read("client-secrets", path)?;
            // Its owner named the file, and on this machine only an emulator listens.
            let hosts = AllowedHosts::google().and_loopback();
            let CredentialFile::Client(file) = CredentialFile::read(&bytes, &hosts)? else {
                return Err(Error::input(
                    "client-secrets",
                    "expected a client_secret.json, got credentials of a user or a machine; \
                     `request --credentials` takes those",
                ));
            };
            (file.client, file.redirect_uris)
        }
        (None, Some(id)) => {
            let kind = match options.device {
                true => ClientKind::LimitedInput,
                false => ClientKind::Installed,
            };
            let mut client = Client::new(Provider::google(), kind, id.as_str())?;
            if let Some(path) = &options.client_secret_file {
                let secret = files::secret("client-secret-file", None, Some(path))?;
                client = client.with_secret(secret)?;
            }
            (client, Vec::new())
        }
        (None, None) => {
            return Err(Error::input(
                "client-secrets",
                "expected --client-secrets or --client-id",
            ));
        }
    };
    if let Some(origin) = &options.emulator {
        client = client.at(Provider::google_at(origin)?);
    } else if let Some(issuer) = &options.issuer {
        client = client.at(run(&Discovery::new(issuer.as_str())?, transport).await?);
    }
    Ok(Given {
        registered: Registered::new(client, options.basic),
        redirect_uris,
    })
}
