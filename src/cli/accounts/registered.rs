//! The client of a grant, kept with it: without it nobody could refresh.
//!
//! It stands in the grant's own file, as a field of this program's: one file, one mode, one lock, and gone with the
//! grant. The refresh token beside it is worth more than the client's secret.
//!
//! Law: what [`Registered::to_value`] gives, [`Registered::of`] reads back.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    error::{Error, Kind},
    scheme::oauth2::{Client, ClientAuthentication, ClientKind, GOOGLE_ISSUER, Provider},
    store::{GrantKey, StoredGrant},
};

/// The field of a [`StoredGrant`].
pub(in crate::cli) const CLIENT: &str = "cli_client";

/// A client, and how it proves itself.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Registered {
    pub(in crate::cli) client: Client,
    pub(in crate::cli) basic: bool,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    kind: KeptKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(default)]
    basic: bool,
    provider: KeptProvider,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptKind {
    Installed,
    Web,
    LimitedInput,
}

#[derive(Serialize, Deserialize)]
struct KeptProvider {
    google: bool,
    token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authorization: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revocation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    userinfo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jwks: Option<String>,
    #[serde(default)]
    sends_issuer: bool,
}

impl Registered {
    pub(in crate::cli) fn new(client: Client, basic: bool) -> Self {
        let client = match basic {
            true => client.authenticated_by(ClientAuthentication::Basic),
            false => client,
        };
        Self { client, basic }
    }

    /// The client of a grant. One that another program kept has none; then it is taken for a client of Google's
    /// without a secret.
    ///
    /// # Errors
    /// [`Kind::Input`] when the field cannot be read, and [`Kind::Unsupported`] when there is none and the issuer is
    /// not Google.
    pub(in crate::cli) fn of(key: &GrantKey, grant: &StoredGrant) -> Result<Self, Error> {
        let Some(value) = grant.extra().get(CLIENT) else {
            if key.issuer() == GOOGLE_ISSUER {
                return Ok(Self::new(Client::installed(key.client_id())?, false));
            }
            return Err(Error::new(
                Kind::Unsupported,
                format!("{key}: nothing is kept of its client; log in again"),
            ));
        };
        // The cause is dropped: it may quote the secret.
        let kept = Kept::deserialize(value).map_err(|_| {
            Error::input(
                CLIENT,
                "expected what `login` keeps, got another form; log in again",
            )
        })?;
        let kind = match kept.kind {
            KeptKind::Installed => ClientKind::Installed,
            KeptKind::Web => ClientKind::Web,
            KeptKind::LimitedInput => ClientKind::LimitedInput,
        };
        let mut client = Client::new(kept.provider.at(key.issuer())?, kind, key.client_id())?;
        if let Some(secret) = kept.secret {
            client = client.with_secret(secret)?;
        }
        Ok(Self::new(client, kept.basic))
    }

    /// As it is kept, with the secret in the clear.
    pub(in crate::cli) fn to_value(&self) -> Result<Value, Error> {
        let client = &self.client;
        let kept = Kept {
            kind: match client.kind() {
                ClientKind::Installed => KeptKind::Installed,
                ClientKind::Web => KeptKind::Web,
                ClientKind::LimitedInput => KeptKind::LimitedInput,
            },
            secret: client.secret().map(|secret| secret.expose().to_owned()),
            basic: self.basic,
            provider: KeptProvider::of(client.provider()),
        };
        serde_json::to_value(kept)
            .map_err(|_| Error::input(CLIENT, "expected a client that JSON can hold"))
    }
}

impl KeptProvider {
    fn of(provider: &Provider) -> Self {
        let text = |address: Result<&str, Error>| address.ok().map(str::to_owned);
        Self {
            google: provider.is_google(),
            token: provider.token_endpoint().to_owned(),
            authorization: text(provider.authorization_endpoint()),
            device: text(provider.device_endpoint()),
            revocation: text(provider.revocation_endpoint()),
            userinfo: text(provider.userinfo_endpoint()),
            jwks: text(provider.jwks_uri()),
            sends_issuer: provider.sends_issuer(),
        }
    }

    fn at(self, issuer: &str) -> Result<Provider, Error> {
        let mut provider = match self.google {
            true if issuer == GOOGLE_ISSUER => Provider::google(),
            true => Provider::google_at(issuer)?,
            false => Provider::new(issuer, self.token.as_str())?,
        };
        provider = provider.with_token_endpoint(self.token)?;
        if let Some(at) = self.authorization {
            provider = provider.with_authorization_endpoint(at)?;
        }
        if let Some(at) = self.device {
            provider = provider.with_device_endpoint(at)?;
        }
        if let Some(at) = self.revocation {
            provider = provider.with_revocation_endpoint(at)?;
        }
        if let Some(at) = self.userinfo {
            provider = provider.with_userinfo_endpoint(at)?;
        }
        if let Some(at) = self.jwks {
            provider = provider.with_jwks_uri(at)?;
        }
        Ok(match self.sends_issuer {
            true => provider.sending_issuer(),
            false => provider,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn a_client_is_found_again_as_it_was() {
        let other = Provider::new("https://id.example.com", "https://id.example.com/token")
            .and_then(|other| other.with_authorization_endpoint("https://id.example.com/auth"))
            .unwrap()
            .sending_issuer();
        for provider in [
            Provider::google(),
            Provider::google_at("http://127.0.0.1:8080").unwrap(),
            other,
        ] {
            for (kind, basic) in [(ClientKind::Installed, false), (ClientKind::Web, true)] {
                let client = Client::new(provider.clone(), kind, "1234").unwrap();
                let kept = Registered::new(client.with_secret("s").unwrap(), basic);
                let key = GrantKey::new(provider.issuer(), "1234", "ann").unwrap();
                let grant = StoredGrant::new(Timestamp::default())
                    .with_extra(CLIENT, kept.to_value().unwrap())
                    .unwrap();
                let found = Registered::of(&key, &grant).unwrap();
                assert_eq!((found.client, found.basic), (kept.client, basic));
            }
        }
    }
}
