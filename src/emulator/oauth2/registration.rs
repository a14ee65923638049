//! Which client asks, and whether it is that client (RFC 6749, 2.3; oauth2.md 5.2 and 5.3).
//!
//! When no client is configured, any `client_id` is taken, as installed and web and device at once, with any secret.

use http::{StatusCode, header};

use super::{refuse, settings::OauthClient};
use crate::{
    emulator::{answer::Answer, config::Config, seen::Seen},
    scheme::oauth2::{Client, ClientKind, ErrorCode, is_out_of_band, read_basic, redirect_faults},
    secret::Secret,
    wire::{origin::Origin, query::Pairs},
};

/// A client that may ask.
#[derive(Clone)]
pub(super) struct Registration {
    pub(super) id: String,
    /// `None`: no client is configured, and this is whoever it says.
    configured: Option<OauthClient>,
}

/// Why a client may not ask.
pub(super) enum Unknown {
    Missing,
    NotFound,
    Deleted,
}

impl Registration {
    pub(super) fn find(config: &Config, id: &str) -> Result<Self, Unknown> {
        let plain = id.bytes().all(|byte| byte.is_ascii_graphic());
        if id.is_empty() {
            return Err(Unknown::Missing);
        }
        if id.len() > Client::MAX || !plain {
            return Err(Unknown::NotFound);
        }
        let configured = config.oauth_client.iter().find(|client| client.id == id);
        match configured {
            None if !config.oauth_client.is_empty() => Err(Unknown::NotFound),
            Some(client) if client.deleted => Err(Unknown::Deleted),
            configured => Ok(Self {
                id: id.to_owned(),
                configured: configured.cloned(),
            }),
        }
    }

    /// Whether it can be of this kind.
    pub(super) fn may_be(&self, kind: ClientKind) -> bool {
        self.configured
            .as_ref()
            .is_none_or(|client| client.kind == kind)
    }

    /// Whether a consent that leads to this address is one of a web client, which keeps its secret.
    pub(super) fn is_web(&self, redirect_uri: &str) -> bool {
        match &self.configured {
            Some(client) => client.kind == ClientKind::Web,
            None => !is_loopback(redirect_uri) && !is_out_of_band(redirect_uri),
        }
    }

    /// The secret that it has to show.
    fn secret(&self) -> Option<&Secret> {
        self.configured.as_ref()?.secret.as_ref()
    }

    /// The domain whose members alone may use it.
    pub(super) fn internal(&self) -> Option<&str> {
        self.configured.as_ref()?.internal.as_deref()
    }

    /// Whether the browser may be sent to this address; else why not.
    pub(super) fn check_redirect(&self, address: &str, out_of_band: bool) -> Result<(), Mismatch> {
        if is_out_of_band(address) {
            return if out_of_band {
                Ok(())
            } else {
                Err(Mismatch::OutOfBand)
            };
        }
        let listed = |client: &OauthClient| client.redirect_uris.iter().any(|own| own == address);
        let fits = match &self.configured {
            None => redirect_faults(ClientKind::Web, true, address).is_empty(),
            Some(client) => match client.kind {
                ClientKind::Installed => listed(client) || is_plain_loopback(address),
                ClientKind::Web => listed(client),
                _ => false,
            },
        };
        if fits {
            Ok(())
        } else {
            Err(Mismatch::NotRegistered)
        }
    }
}

pub(super) enum Mismatch {
    OutOfBand,
    NotRegistered,
}

/// The project of a client, whether it still exists or not.
pub(super) fn project<'a>(config: &'a Config, id: &'a str) -> &'a str {
    let configured = config.oauth_client.iter().find(|client| client.id == id);
    configured
        .and_then(|client| client.project.as_deref())
        .unwrap_or_else(|| id.split(['-', '.']).next().unwrap_or(id))
}

/// The client that sends a form, proven by the form itself or by `Authorization: Basic`.
pub(super) fn authenticate(
    config: &Config,
    seen: &Seen<'_>,
    form: &Pairs,
) -> Result<Registration, Answer> {
    let header = seen.request.headers().get(header::AUTHORIZATION);
    let mut readings = header
        .and_then(|value| value.to_str().ok())
        .map(read_basic)
        .unwrap_or_default()
        .into_iter()
        .map(|(id, secret)| (id, Some(secret)))
        .collect::<Vec<_>>();
    if readings.is_empty() {
        let secret = form
            .first("client_secret")
            .filter(|secret| !secret.is_empty());
        let id = form.first("client_id").unwrap_or_default();
        readings.push((id.to_owned(), secret.map(Secret::new)));
    }
    let proves = |(id, secret): &(String, Option<Secret>)| {
        Registration::find(config, id).is_ok_and(|client| {
            client
                .secret()
                .is_none_or(|own| secret.as_ref() == Some(own))
        })
    };
    let meant = readings.iter().position(proves).unwrap_or(0);
    let (id, secret) = readings.swap_remove(meant);
    let client = Registration::find(config, &id).map_err(Unknown::told)?;
    let expected = client.secret();
    match (expected, secret) {
        (Some(expected), Some(secret)) if *expected == secret => Ok(client),
        (None, _) => Ok(client),
        (Some(_), Some(_)) => Err(refuse(
            StatusCode::UNAUTHORIZED,
            ErrorCode::InvalidClient,
            "Unauthorized",
            "client_secret: not this client's",
        )),
        // [MEM] Google asks desktop clients for their secret too, with PKCE or without.
        (Some(_), None) => Err(refuse(
            StatusCode::BAD_REQUEST,
            ErrorCode::InvalidRequest,
            "client_secret is missing.",
            "client_secret: this client has one, and the request does not",
        )),
    }
}

impl Unknown {
    /// As the token endpoint tells it.
    pub(super) fn told(self) -> Answer {
        match self {
            // [MEM] for the words.
            Self::Missing => refuse(
                StatusCode::BAD_REQUEST,
                ErrorCode::InvalidRequest,
                "Could not determine client ID from request.",
                "client_id: expected the parameter or Authorization: Basic",
            ),
            Self::NotFound => refuse(
                StatusCode::UNAUTHORIZED,
                ErrorCode::InvalidClient,
                "The OAuth client was not found.",
                "client_id: not registered here",
            ),
            Self::Deleted => refuse(
                StatusCode::UNAUTHORIZED,
                ErrorCode::DeletedClient,
                "The OAuth client was deleted.",
                "client_id: this client was deleted",
            ),
        }
    }
}

fn is_loopback(address: &str) -> bool {
    Origin::of(address).is_ok_and(|origin| origin.is_loopback())
}

/// `http` to this machine, any port and path: whether Google takes a path is not documented (oauth2.md 5.2).
fn is_plain_loopback(address: &str) -> bool {
    is_loopback(address) && redirect_faults(ClientKind::Installed, true, address).is_empty()
}
