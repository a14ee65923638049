//! The client that users consent to.

use crate::{
    cli::{args::migrate::ClientArgs, files},
    error::Error,
    scheme::oauth2::{AllowedHosts, Client, ClientKind, CredentialFile, Discovery, Provider},
    transport::{Transport, run},
};

/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming the option; what the server of `--issuer` answers.
pub(super) async fn given(
    options: &ClientArgs,
    transport: &impl Transport,
) -> Result<Client, Error> {
    with_addresses(options, transport)
        .await
        .map(|(client, _)| client)
}

/// The client, and the redirect addresses that its file lists, where it comes from one.
///
/// # Errors
/// As [`given`].
pub(super) async fn with_addresses(
    options: &ClientArgs,
    transport: &impl Transport,
) -> Result<(Client, Option<Vec<String>>), Error> {
    let mut addresses = None;
    let client = match (&options.client_secrets, &options.client_id) {
        (Some(path), _) => {
            let bytes = files::read("client-secrets", path)?;
            let hosts = AllowedHosts::google().and_loopback();
            let CredentialFile::Client(file) = CredentialFile::read(&bytes, &hosts)? else {
                return Err(Error::input(
                    "client-secrets",
                    "expected a client_secret.json, got credentials of a user or a machine",
                ));
            };
            addresses = Some(file.redirect_uris);
            file.client
        }
        (None, Some(id)) => {
            let kind = match options.web {
                true => ClientKind::Web,
                false => ClientKind::Installed,
            };
            let client = Client::new(Provider::google(), kind, id.as_str())?;
            match &options.client_secret_file {
                Some(path) => {
                    client.with_secret(files::secret("client-secret-file", None, Some(path))?)?
                }
                None => client,
            }
        }
        (None, None) => {
            return Err(Error::input(
                "client-secrets",
                "expected --client-secrets or --client-id",
            ));
        }
    };
    if let Some(origin) = &options.emulator {
        return Ok((client.at(Provider::google_at(origin)?), addresses));
    }
    let client = match &options.issuer {
        Some(issuer) => client.at(run(&Discovery::new(issuer.as_str())?, transport).await?),
        None => client,
    };
    Ok((client, addresses))
}
