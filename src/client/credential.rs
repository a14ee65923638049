//! What authorises the requests of a client: a credential as it is, or a source of tokens.

use bytes::Bytes;
use http::request::Parts;

use super::{
    bearer::{Bearer, is_spent},
    token::Generation,
};
use crate::{
    error::Error,
    exchange::BodyHint,
    scheme::{AuthScheme, oauth2},
    time::Stamp,
};

#[derive(Debug)]
pub(super) enum Credential {
    Scheme(Box<AuthScheme>),
    Source(Bearer),
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
            Self::Source(bearer) => bearer.attach(parts).await.map(Some),
        }
    }

    /// Whether an answer says that the token is no longer good; if so, it is not used again.
    pub(super) fn is_rejected(
        &self,
        answer: &http::Response<Bytes>,
        attached: Option<Generation>,
    ) -> bool {
        let (Self::Source(bearer), Some(generation)) = (self, attached) else {
            return false;
        };
        let rejected = is_spent(answer);
        if rejected {
            bearer.reject(generation);
        }
        rejected
    }

    /// Tokens of a source go to `https` or loopback alone.
    pub(super) fn check_place(&self, uri: &http::Uri) -> Result<(), Error> {
        match self {
            Self::Scheme(_) => Ok(()),
            Self::Source(bearer) => bearer.check_place(uri),
        }
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
