//! Signatures, the keys that make them, and the keys that check them.
//!
//! Secure AuthSub and OAuth 1.0 sign one text with the RSA key of the site; Google checks it with the
//! certificate that the site once uploaded.
//!
//! ```text
//! key file ── PrivateKey::read ──> PrivateKey ── signer() ──> Sign ──> signature
//!                                      │ public_key()                      │
//! certificate ── PublicKey::read ──> PublicKey ─────────────────────── verify
//! ```
//!
//! Nothing here knows what the message means, nor how the signature travels: schemes print both.
//! SHA-1 stands here only because these two protocols demand it; nothing new may use it. OAuth 2.0 signs its
//! JSON Web Tokens over SHA-256.
//!
//! # Security
//! RSA in pure Rust is under RUSTSEC-2023-0071: the time of a private-key operation may tell something
//! about the key to whoever can measure it. [`RsaSigner`] always blinds the operation, which takes the
//! measurable part away from the message; where an attacker shares the machine, sign through
//! `OpensslSigner` (feature `openssl`) or a [`Sign`] of your own instead
//! (docs/decisions/0001-rsa-crate.md).
//!
//! # Source
//! RFC 8017, 8.2 (RSASSA-PKCS1-v1_5); legacy-protocol.md 1.9.

use std::{error::Error as StdError, fmt, str::FromStr, sync::Arc};

use crate::error::{Error, Kind};

mod hmac;
mod keys;
#[cfg(feature = "openssl")]
mod openssl;
mod rsa;

pub use self::hmac::HmacSha1;
pub use self::keys::{PrivateKey, PublicKey};
#[cfg(feature = "openssl")]
pub use self::openssl::OpensslSigner;
pub use self::rsa::RsaSigner;

/// Makes signatures with one private key.
///
/// Implemented by [`RsaSigner`], by `OpensslSigner` (feature `openssl`), and for closures and `Arc<T>`.
/// A key that never leaves its hardware needs a few lines:
///
/// # Examples
/// ```
/// use gdata_auth::{Error, crypto::{Algorithm, Sign, SignError}};
///
/// # struct Session;
/// # impl Session {
/// #     fn sign_rsa_pkcs1_sha1(&self, _: &str, message: &[u8]) -> Result<Vec<u8>, std::io::Error> {
/// #         Ok(message.iter().rev().copied().collect())
/// #     }
/// # }
/// /// The key `label` inside a security module.
/// struct Hsm {
///     session: Session,
///     label: String,
/// }
///
/// impl Sign for Hsm {
///     fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
///         match algorithm {
///             Algorithm::RsaSha1 => Ok(self
///                 .session
///                 .sign_rsa_pkcs1_sha1(&self.label, message)
///                 .map_err(SignError::new)?),
///             other => Err(SignError::new(format!("expected rsa-sha1, got {other}")).into()),
///         }
///     }
/// }
///
/// let hsm: Box<dyn Sign> = Box::new(Hsm { session: Session, label: "authsub".to_owned() });
/// assert_eq!(hsm.sign(Algorithm::RsaSha1, b"abc")?, b"cba");
/// # Ok::<(), Error>(())
/// ```
pub trait Sign: Send + Sync {
    /// The signature of `message`, as raw bytes and as long as the key's modulus.
    ///
    /// # Errors
    /// [`Kind::Key`] when the signer fails.
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, Error>;
}

impl<F> Sign for F
where
    F: Fn(Algorithm, &[u8]) -> Result<Vec<u8>, Error> + Send + Sync,
{
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        self(algorithm, message)
    }
}

impl<T: Sign + ?Sized> Sign for Arc<T> {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        (**self).sign(algorithm, message)
    }
}

/// How a message is signed. `Display` is the wire name, as in `sigalg="rsa-sha1"`; `FromStr` reads a `sigalg`,
/// which is never `RS256`.
///
/// # Examples
/// ```
/// use gdata_auth::crypto::Algorithm;
///
/// assert_eq!("rsa-sha1".parse::<Algorithm>()?.to_string(), "rsa-sha1");
/// assert!("dsa-sha1".parse::<Algorithm>().is_err());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 over SHA-1: the `rsa-sha1` of AuthSub, the `RSA-SHA1` of OAuth 1.0.
    RsaSha1,
    /// RSASSA-PKCS1-v1_5 over SHA-256: the `RS256` of JSON Web Tokens (RFC 7518, 3.3).
    RsaSha256,
}

impl Algorithm {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaSha1 => "rsa-sha1",
            Self::RsaSha256 => "RS256",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    /// # Errors
    /// [`Kind::Unsupported`] for any other name, `dsa-sha1` among them: the Java and .NET libraries could
    /// send it, and whether Google ever took it is not known (legacy-protocol.md 1.9).
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "rsa-sha1" => Ok(Self::RsaSha1),
            "dsa-sha1" => Err(unsupported("sigalg: expected rsa-sha1, got dsa-sha1")),
            _ => Err(unsupported("sigalg: expected rsa-sha1, got another name")),
        }
    }
}

/// Why a [`Sign`] of your own could not sign; turns into an [`Error`] of [`Kind::Key`] by `?`.
#[derive(Debug, thiserror::Error)]
#[error("signer: {0}")]
pub struct SignError(#[source] Box<dyn StdError + Send + Sync>);

impl SignError {
    /// Keeps the cause: another error, or a line of text. It is printed, so it must hold no secret.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl From<SignError> for Error {
    fn from(cause: SignError) -> Self {
        Self::new(Kind::Key, cause.to_string()).caused_by(cause)
    }
}

fn unsupported(message: &'static str) -> Error {
    Error::new(Kind::Unsupported, message)
}
