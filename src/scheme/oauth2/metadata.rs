//! The metadata server of a machine in Google's cloud, which hands out tokens of its service account
//! (oauth2.md 5.1).

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use super::{TokenReply, token_call::get_request};
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    scope::ScopeNames,
    wire::percent,
};

const METADATA_FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");
const GOOGLE: HeaderValue = HeaderValue::from_static("Google");

/// The metadata server.
///
/// # Security
/// It is spoken to by plain `http`, at an address that exists only inside a machine of Google's cloud. Every question
/// carries `Metadata-Flavor: Google`, which a browser cannot be made to send, and an answer without it is of someone
/// else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    host: String,
    account: String,
}

impl Metadata {
    /// The name that every machine of the cloud knows.
    pub const HOST: &'static str = "metadata.google.internal";

    /// The server at its own name, with the machine's default account.
    #[must_use]
    pub fn google() -> Self {
        Self {
            host: Self::HOST.to_owned(),
            account: "default".to_owned(),
        }
    }

    /// The server at a host, with its port if it has one, as `GCE_METADATA_HOST` names it.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `host`, when it is none.
    pub fn at(host: &str) -> Result<Self, Error> {
        let authority: Result<http::uri::Authority, _> = host.parse();
        if host.contains('@') || !authority.is_ok_and(|authority| !authority.host().is_empty()) {
            return Err(Error::input("host", "expected a host, got something else"));
        }
        Ok(Self {
            host: host.to_owned(),
            ..Self::google()
        })
    }

    /// Another account of the machine.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// Asks whether the server is there.
    #[must_use]
    pub fn ping(&self) -> MetadataPing {
        MetadataPing {
            address: format!("http://{}/", self.host),
        }
    }

    /// Asks for a token of the account; without scopes, with those of the machine.
    #[must_use]
    pub fn token(&self, scopes: &ScopeNames) -> MetadataToken {
        let account = percent::encode(&self.account).replace("%40", "@");
        let names: Vec<&str> = scopes.iter().collect();
        let query = match names.is_empty() {
            true => String::new(),
            false => format!("?scopes={}", percent::encode(&names.join(","))),
        };
        MetadataToken {
            address: format!(
                "http://{}/computeMetadata/v1/instance/service-accounts/{account}/token{query}",
                self.host
            ),
        }
    }
}

/// Asks for a token; made by [`Metadata::token`].
#[derive(Clone, Debug)]
pub struct MetadataToken {
    address: String,
}

impl Exchange for MetadataToken {
    type Output = TokenReply;

    fn request(&self) -> http::Request<Bytes> {
        flavored(&self.address)
    }

    /// # Errors
    /// [`Kind::Refused`] when the answer is not of a metadata server, [`Kind::Input`] when the machine has no such
    /// account, else as [`TokenReply::parse`].
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<TokenReply, Error> {
        check_flavor(answer)?;
        if answer.status() == http::StatusCode::NOT_FOUND {
            return Err(Error::input(
                "account",
                "expected a service account of this machine; it has none of that name",
            ));
        }
        TokenReply::parse(answer)
    }
}

/// Asks whether the server is there; made by [`Metadata::ping`].
#[derive(Clone, Debug)]
pub struct MetadataPing {
    address: String,
}

impl Exchange for MetadataPing {
    type Output = ();

    fn request(&self) -> http::Request<Bytes> {
        flavored(&self.address)
    }

    /// # Errors
    /// [`Kind::Refused`] when the answer is not of a metadata server.
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<(), Error> {
        check_flavor(answer)
    }
}

fn flavored(address: &str) -> http::Request<Bytes> {
    let mut request = get_request(address);
    request.headers_mut().insert(METADATA_FLAVOR, GOOGLE);
    request
}

fn check_flavor(answer: &http::Response<Bytes>) -> Result<(), Error> {
    if answer.headers().get(METADATA_FLAVOR) == Some(&GOOGLE) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Refused,
        "metadata-flavor: expected Google, got an answer of another server: this machine is not in Google's cloud",
    ))
}
