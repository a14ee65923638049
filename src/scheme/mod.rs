//! The ways in: one module a protocol, and the enum that holds any of them.
//!
//! A protocol never imports another protocol. Conversion between schemes goes through explicit
//! constructors only: moving a credential from one scheme to another is a migration, not a cast.

use http::request::Parts;

use crate::{error::Error, exchange::BodyHint, time::Stamp};

pub mod authsub;
pub mod clientlogin;
pub mod oauth1;

/// A credential that authorises one outgoing request, whichever protocol it belongs to.
///
/// Plain data: `Clone`, `Send`, `Sync`; its `Debug` shows no secret.
///
/// # Examples
/// ```
/// use gdata_auth::{AuthScheme, BodyHint, Stamp, Timestamp, authsub::SessionToken};
///
/// let scheme = AuthScheme::from(SessionToken::new("GD32CMCL25aZ-v____8B")?);
/// let (mut parts, _) = http::Request::get("http://gdata.youtube.com/feeds/api/users/default/uploads")
///     .body(())?
///     .into_parts();
/// let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
///
/// scheme.authorize(&mut parts, BodyHint::Empty, &stamp)?;
/// assert_eq!(parts.headers["authorization"], r#"AuthSub token="GD32CMCL25aZ-v____8B""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AuthScheme {
    /// AuthSub, with a session token, signed when the token is secure.
    AuthSub(authsub::SessionToken),
}

impl AuthScheme {
    /// Puts the credential onto a request.
    ///
    /// A signed scheme signs the method and the address as they stand in `parts`, so authorise last,
    /// and anew for every address. `body` tells what the scheme may know of the body; AuthSub ignores
    /// it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address cannot be signed, and what the
    /// [`Sign`](crate::crypto::Sign) implementation reports.
    pub fn authorize(
        &self,
        parts: &mut Parts,
        body: BodyHint<'_>,
        stamp: &Stamp,
    ) -> Result<(), Error> {
        let _ = body;
        match self {
            Self::AuthSub(token) => token.authorize(parts, stamp),
        }
    }

    /// Tells in words why a server refused a request of this credential to `address`; `None` when the
    /// answer is no refusal.
    #[must_use]
    pub fn explain(&self, address: &str, answer: &http::Response<bytes::Bytes>) -> Option<Error> {
        match self {
            Self::AuthSub(token) => token.explain(address, answer),
        }
    }
}

impl From<authsub::SessionToken> for AuthScheme {
    fn from(token: authsub::SessionToken) -> Self {
        Self::AuthSub(token)
    }
}
