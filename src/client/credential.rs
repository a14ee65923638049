//! What authorises the requests of a client: a credential as it is, or a source of tokens.

use std::sync::Arc;

use bytes::Bytes;
use http::{StatusCode, request::Parts};

use super::token::{Generation, TokenSource};
use crate::{
    error::{Error, Kind},
    exchange::BodyHint,
    scheme::{AuthScheme, oauth2},
    time::Stamp,
    wire::origin::Origin,
};

#[derive(Debug)]
pub(super) enum Credential {
    Scheme(Box<AuthScheme>),
    Source(Arc<dyn TokenSource>),
}

impl Credential {
    /// Authorises a request; the generation of the token, where it has one.
    pub(super) async fn attach(
        &self,
        parts: &mut Parts,
        body: &Bytes,
        stamp: &Stamp,
    ) -> Result<Option<Generation>, Error> {
        match self {
            Self::Scheme(scheme) => {
                let hint = hint(parts, body);
                scheme.authorize(parts, hint, stamp).map(|()| None)
            }
            Self::Source(source) => match source.authorize(parts) {
                Some(generation) => Ok(Some(generation)),
                None => {
                    let issued = source.token().await?;
                    issued.token.authorize(parts);
                    Ok(Some(issued.generation))
                }
            },
        }
    }

    /// Whether an answer says that the token is no longer good; if so, it is not used again.
    pub(super) fn is_rejected(
        &self,
        answer: &http::Response<Bytes>,
        attached: Option<Generation>,
    ) -> bool {
        let (Self::Source(source), Some(generation)) = (self, attached) else {
            return false;
        };
        let rejected = answer.status() == StatusCode::UNAUTHORIZED
            && oauth2::explain_refusal("", answer)
                .is_some_and(|why| matches!(why.kind(), Kind::Expired | Kind::Revoked));
        if rejected {
            source.reject(generation);
        }
        rejected
    }

    /// Tokens of a source go to `https` or loopback alone.
    pub(super) fn check_place(&self, uri: &http::Uri) -> Result<(), Error> {
        let Self::Source(_) = self else {
            return Ok(());
        };
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

    pub(super) fn explain(
        &self,
        address: &str,
        answer: &http::Response<Bytes>,
        stamp: &Stamp,
    ) -> Option<Error> {
        match self {
            Self::Scheme(scheme) => match &**scheme {
                AuthScheme::AuthSub(token) if token.is_secure() => {
                    token.explain_stamped(address, answer, stamp)
                }
                scheme => scheme.explain(address, answer),
            },
            Self::Source(_) => oauth2::explain_refusal(address, answer),
        }
    }
}

fn hint<'a>(parts: &http::request::Parts, body: &'a Bytes) -> BodyHint<'a> {
    let form = parts
        .headers
        .get(http::header::CONTENT_TYPE)
        .is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
    match (body.is_empty(), form) {
        (true, _) => BodyHint::Empty,
        (false, true) => BodyHint::Form(body),
        (false, false) => BodyHint::Opaque,
    }
}
