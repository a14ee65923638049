//! `rsa-sha1` and `RS256` in pure Rust, over the crate `rsa`.
//!
//! The private-key operation is blinded: the padded digest is multiplied by a fresh random factor before
//! it meets the key, and the factor is divided out of the result. The signature is the same for every
//! factor, so this stays a pure function of key and message although it draws randomness. That is why the
//! rule "only system.rs reads the random source" does not reach here (docs/decisions/0001-rsa-crate.md).
//!
//! # Source
//! RFC 8017, 8.2 (RSASSA-PKCS1-v1_5), 9.2 (the `DigestInfo` that wraps the digest); RUSTSEC-2023-0071.

use getrandom::SysRng;
use rsa::{Pkcs1v15Sign, traits::SignatureScheme};
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::{Algorithm, PrivateKey, PublicKey, Sign};
use crate::error::{Error, Kind};

/// Signs with a [`PrivateKey`] in this process, in pure Rust.
///
/// # Security
/// Always blinded, against RUSTSEC-2023-0071. The random source is an argument of the call below and not
/// a default of the crate underneath, so no choice of features can take the blinding away.
///
/// # Examples
/// ```
/// use gdata_auth::{Secret, crypto::{Algorithm, PrivateKey, RsaSigner, Sign}};
///
/// # let file = include_bytes!("../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
/// let key = PrivateKey::read(file, None)?;
/// let data = "GET https://www.google.com/accounts/AuthSubSessionToken 1300000000 123456789012345";
///
/// let signature = RsaSigner::new(&key).sign(Algorithm::RsaSha1, data.as_bytes())?;
/// key.public_key().verify(Algorithm::RsaSha1, data.as_bytes(), &signature)?;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RsaSigner(PrivateKey);

impl RsaSigner {
    /// A signer that shares `key`.
    #[must_use]
    pub fn new(key: &PrivateKey) -> Self {
        Self(key.clone())
    }
}

impl Sign for RsaSigner {
    /// # Errors
    /// [`Kind::Key`] when the operating system gives no randomness to blind with, or when the result does
    /// not check out against the key (a fault of the machine; the faulty signature is not given out).
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        let (scheme, digest) = padded(algorithm, message);
        scheme
            .sign(Some(&mut SysRng), self.0.as_rsa(), &digest)
            .map_err(|cause| {
                Error::new(Kind::Key, "private key: expected a signature, got none")
                    .caused_by(cause)
            })
    }
}

/// Checks `signature`, in the order of RFC 8017, 8.2.2: length first, then padding and digest.
pub(super) fn verify(
    key: &PublicKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Error> {
    let expected_bytes = key.bits().div_ceil(8);
    if signature.len() != expected_bytes {
        return Err(Error::new(
            Kind::Signature,
            format!(
                "signature: expected {expected_bytes} bytes, got {}",
                signature.len()
            ),
        ));
    }
    let (scheme, digest) = padded(algorithm, message);
    scheme
        .verify(key.as_rsa(), &digest, signature)
        .map_err(|cause| {
            let message = "signature: expected one of this message by this key, got another";
            Error::new(Kind::Signature, message).caused_by(cause)
        })
}

fn padded(algorithm: Algorithm, message: &[u8]) -> (Pkcs1v15Sign, Vec<u8>) {
    match algorithm {
        Algorithm::RsaSha1 => (Pkcs1v15Sign::new::<Sha1>(), Sha1::digest(message).to_vec()),
        Algorithm::RsaSha256 => (
            Pkcs1v15Sign::new::<Sha256>(),
            Sha256::digest(message).to_vec(),
        ),
    }
}
