//! `rsa-sha1` and `RS256` through OpenSSL: the same signatures, several times faster (benches/signing.rs).
//!
//! OpenSSL blinds by itself and is not under RUSTSEC-2023-0071. It may refuse SHA-1 altogether where the
//! system's policy says so (RHEL 9 does); [`RsaSigner`](super::RsaSigner) then still signs.
//!
//! # Source
//! OpenSSL 3, `EVP_DigestSign(3)`.

use std::fmt;

use openssl::{
    hash::MessageDigest,
    pkey::{PKey, Private},
    sign::Signer,
};

use super::{Algorithm, PrivateKey, Sign};
use crate::error::{Error, Kind};

/// Signs with a [`PrivateKey`] in this process, through OpenSSL.
///
/// # Examples
/// ```
/// use gdata_auth::crypto::{Algorithm, OpensslSigner, PrivateKey, RsaSigner, Sign};
///
/// # let file = include_bytes!("../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
/// let key = PrivateKey::read(file, None)?;
/// let fast = OpensslSigner::new(&key)?.sign(Algorithm::RsaSha1, b"GET http://example.com/ 1 2")?;
/// let plain = RsaSigner::new(&key).sign(Algorithm::RsaSha1, b"GET http://example.com/ 1 2")?;
/// assert_eq!(fast, plain);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct OpensslSigner {
    key: PKey<Private>,
}

impl OpensslSigner {
    /// Hands a copy of `key` to OpenSSL, which wipes it when this signer is dropped.
    ///
    /// # Errors
    /// [`Kind::Key`] when OpenSSL does not take the key.
    pub fn new(key: &PrivateKey) -> Result<Self, Error> {
        let pem = key.to_pem()?;
        let key = PKey::private_key_from_pem(pem.expose().as_bytes()).map_err(|cause| {
            let message = "private key: expected one that OpenSSL takes, got a refusal";
            Error::new(Kind::Key, message).caused_by(cause)
        })?;
        Ok(Self { key })
    }
}

impl Sign for OpensslSigner {
    /// # Errors
    /// [`Kind::Key`] when OpenSSL does not sign, most likely because the system's policy forbids SHA-1.
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        let digest = match algorithm {
            Algorithm::RsaSha1 => MessageDigest::sha1(),
            Algorithm::RsaSha256 => MessageDigest::sha256(),
        };
        Signer::new(digest, &self.key)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(message))
            .map_err(|cause| {
                let message = "private key: expected a signature of OpenSSL, got a refusal";
                Error::new(Kind::Key, message).caused_by(cause)
            })
    }
}

impl fmt::Debug for OpensslSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpensslSigner({} bits)", self.key.bits())
    }
}
