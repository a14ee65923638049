//! Values out of options that several commands share.

use std::path::Path;

use super::{
    args::{ConsumerArgs, EnvelopeArgs, KeyArgs, MethodName, PublicArgs},
    files,
};
use crate::{
    crypto::{PrivateKey, PublicKey},
    error::Error,
    gdata::Envelope,
    scheme::{AuthScheme, oauth1::Consumer},
    secret::Secret,
    store::Sealed,
    wire::query::Pairs,
};

/// The private key, when one is given.
pub(super) fn private_key(options: &KeyArgs) -> Result<Option<PrivateKey>, Error> {
    let Some(path) = &options.key else {
        return Ok(None);
    };
    let passphrase = match &options.passphrase_file {
        Some(path) => Some(files::secret("passphrase-file", None, Some(path))?),
        None => None,
    };
    PrivateKey::read(&files::read("key", path)?, passphrase.as_ref()).map(Some)
}

/// A credential of any scheme out of a file that `login --save` wrote.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming `option` and the file, and when the credential needs a key.
pub(super) fn credential(
    option: &str,
    path: &Path,
    key: Option<&PrivateKey>,
) -> Result<AuthScheme, Error> {
    let text = Secret::new(files::read_text(option, path)?);
    // The cause is dropped: it may quote what it read.
    let sealed: Sealed = serde_json::from_str(text.expose()).map_err(|_| {
        let name = path.display();
        let problem = format_args!("expected a file that `login --save` wrote, got {name}");
        Error::input(option, problem)
    })?;
    sealed.open(key.map(PrivateKey::signer))
}

/// The key to verify with, when one is given.
pub(super) fn public_key(options: &PublicArgs) -> Result<Option<PublicKey>, Error> {
    let bytes = match (&options.public_key, &options.certificate) {
        (Some(path), _) => files::read("public-key", path)?,
        (None, Some(path)) => files::read("certificate", path)?,
        (None, None) => return Ok(None),
    };
    PublicKey::read(&bytes).map(Some)
}

/// The application, and how it signs.
pub(super) fn consumer(options: &ConsumerArgs, key: &KeyArgs) -> Result<Consumer, Error> {
    let name = options.consumer_key.as_str();
    let secret = || {
        let (given, file) = (&options.consumer_secret, &options.consumer_secret_file);
        if given.is_none() && file.is_none() && name == ANONYMOUS {
            return Ok(ANONYMOUS.into());
        }
        files::secret("consumer-secret", given.as_deref(), file.as_deref())
    };
    let consumer = match (options.method_name, private_key(key)?) {
        (None | Some(MethodName::RsaSha1), Some(key)) => Consumer::rsa(name, key.signer())?,
        (None | Some(MethodName::HmacSha1), None) => Consumer::hmac(name, secret()?)?,
        (Some(MethodName::Plaintext), None) => Consumer::plaintext(name, secret()?)?,
        (Some(MethodName::RsaSha1), None) => {
            return Err(Error::input("key", "expected the private key of RSA-SHA1"));
        }
        (Some(_), Some(_)) => {
            return Err(Error::input(
                "method-name",
                "expected RSA-SHA1 with --key, got a method of shared secrets",
            ));
        }
    };
    Ok(consumer.sends_version(!options.no_version))
}

/// The headers beside Authorization.
pub(super) fn envelope(options: &EnvelopeArgs) -> Result<Envelope, Error> {
    let mut envelope = Envelope::new();
    if let Some(version) = &options.gdata_version {
        envelope = envelope.with_version(version.as_str())?;
    }
    if options.developer_key.is_some() || options.developer_key_file.is_some() {
        let key = files::secret(
            "developer-key",
            options.developer_key.as_deref(),
            options.developer_key_file.as_deref(),
        )?;
        envelope = envelope.with_developer_key(key)?;
    }
    if let Some(client) = &options.client {
        envelope = envelope.with_client(client.as_str())?;
    }
    Ok(envelope)
}

/// A form body out of `NAME=VALUE` in plain text.
pub(super) fn form(fields: &[String]) -> Result<String, Error> {
    let mut pairs = Pairs::new();
    for field in fields {
        let (name, value) = field
            .split_once('=')
            .ok_or_else(|| Error::input("form", "expected NAME=VALUE"))?;
        pairs.push(name, value);
    }
    Ok(pairs.to_string())
}

/// The consumer that never registered, and its secret.
const ANONYMOUS: &str = "anonymous";
