//! A token on a request: where it may go, and when a server has had enough of it.
//!
//! [`AuthorizedClient`](super::AuthorizedClient) and the middlewares for other clients share this, so that all of them
//! send a token to the same places and give it up for the same answers.

use std::sync::Arc;

use bytes::Bytes;
use http::{StatusCode, Uri, request::Parts};

use super::token::{Generation, TokenSource};
use crate::{
    error::{Error, Kind},
    scheme::oauth2::{self, AllowedHosts},
    wire::origin::Origin,
};

/// A source of tokens, and the hosts that it is for.
#[derive(Clone, Debug)]
pub(super) struct Bearer {
    source: Arc<dyn TokenSource>,
    /// Where tokens go; `None`: wherever nobody can listen.
    pub(super) hosts: Option<AllowedHosts>,
}

impl Bearer {
    pub(super) fn new(source: impl TokenSource + 'static) -> Self {
        Self {
            source: Arc::new(source),
            hosts: None,
        }
    }

    /// Refuses an address that no token goes to.
    pub(super) fn check_place(&self, uri: &Uri) -> Result<(), Error> {
        if let Some(hosts) = &self.hosts {
            return hosts.check("address", &uri.to_string());
        }
        let origin = Origin::of_uri(uri)?;
        if origin.is_secure() || origin.is_loopback() {
            return Ok(());
        }
        Err(Error::input(
            "address",
            format_args!(
                "expected https, or http on loopback, got {origin}: a bearer token would be readable"
            ),
        ))
    }

    /// Puts a fresh token on, which may take a call.
    pub(super) async fn attach(&self, parts: &mut Parts) -> Result<Generation, Error> {
        if let Some(generation) = self.source.authorize(parts) {
            return Ok(generation);
        }
        let issued = self.source.token().await?;
        issued.token.authorize(parts);
        Ok(issued.generation)
    }

    /// As [`TokenSource::reject`].
    pub(super) fn reject(&self, generation: Generation) {
        self.source.reject(generation);
    }
}

/// Whether a server says that it no longer takes the token, and not that something else is missing.
pub(super) fn is_spent(answer: &http::Response<Bytes>) -> bool {
    answer.status() == StatusCode::UNAUTHORIZED
        && oauth2::explain_refusal("", answer)
            .is_some_and(|why| matches!(why.kind(), Kind::Expired | Kind::Revoked))
}
