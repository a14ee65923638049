//! Where an access token comes from, kept fresh.
//!
//! ```text
//! TokenSource      authorises a request, hands out tokens, is told of a rejected one
//!   └─ Cached<F>   margins, one refresh at a time, its outcome for all who wait
//!        └─ F: FetchToken
//!             ├─ StoredToken       a refresh token in a TokenStore
//!             ├─ ServiceToken      a service account's key
//!             ├─ ExternalToken     another system's token, by workload identity
//!             ├─ ImpersonatedToken one of the others, acting for an account
//!             └─ MetadataToken     the machine's own
//! ```
//!
//! Nothing is spawned, and nothing opens a browser: where only the user can help, the error says so.

mod cached;
mod consent;
mod credentials;
mod external;
mod impersonated;
mod margins;
mod metadata;
mod service;
mod stored;

pub use cached::{Cached, FetchToken};
pub use consent::{consented, grant_key, keep_consent};
pub use credentials::{Credentials, default_credentials};
pub use external::{ExternalToken, ReadSubject};
pub use impersonated::ImpersonatedToken;
pub use metadata::MetadataToken;
pub use service::ServiceToken;
pub use stored::StoredToken;

use std::{fmt, sync::Arc};

use futures_core::future::BoxFuture;
use http::request::Parts;

use crate::{error::Error, scheme::oauth2::AccessToken};

/// Which token of a source it is: each refresh makes the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub(super) u64);

/// A token with its generation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Issued {
    /// The token.
    pub token: AccessToken,
    /// Which one of its source it is.
    pub generation: Generation,
}

/// Gives access tokens, and new ones when they end. Implemented for `Arc<T>`.
pub trait TokenSource: Send + Sync + fmt::Debug {
    /// Puts the token at hand onto a request, without any I/O; `None` when there is none that is fresh, so that
    /// [`token`](Self::token) has to be asked.
    fn authorize(&self, parts: &mut Parts) -> Option<Generation>;

    /// A fresh token, which may take a call.
    fn token(&self) -> BoxFuture<'_, Result<Arc<Issued>, Error>>;

    /// Says that a server refused the token of that generation. It is not handed out again; one that was replaced
    /// meanwhile is not concerned.
    fn reject(&self, generation: Generation);
}

impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    fn authorize(&self, parts: &mut Parts) -> Option<Generation> {
        (**self).authorize(parts)
    }

    fn token(&self) -> BoxFuture<'_, Result<Arc<Issued>, Error>> {
        (**self).token()
    }

    fn reject(&self, generation: Generation) {
        (**self).reject(generation);
    }
}
