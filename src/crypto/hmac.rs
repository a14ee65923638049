//! `HMAC-SHA1`, the signature that a shared secret makes: over the crate `hmac`, with the key's two blocks hashed once.
//!
//! # Source
//! RFC 2104; RFC 5849, 3.4.2. SHA-1 stands here only because OAuth 1.0 demands it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::error::{Error, Kind};

/// A key for HMAC-SHA1, ready to sign: what depends on the key alone is computed when it is made.
///
/// # Examples
/// ```
/// use gdata_auth::crypto::HmacSha1;
///
/// // RFC 2202, 3, case 2.
/// let key = HmacSha1::new(b"Jefe");
/// let mac = key.sign(b"what do ya want for nothing?");
/// assert_eq!(mac[..4], [0xef, 0xfc, 0xdf, 0x6a]);
/// key.verify(b"what do ya want for nothing?", &mac)?;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct HmacSha1(Hmac<Sha1>);

impl HmacSha1 {
    /// The bytes of a code.
    pub const SIZE: usize = 20;

    /// A key of any length.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        clippy::expect_used,
        reason = "HMAC takes a key of any length, so there is nothing to fail"
    )]
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes a key of any length"))
    }

    /// The code of `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; Self::SIZE] {
        let mac = self.0.clone().chain_update(message);
        mac.finalize().into_bytes().into()
    }

    /// Checks a code in constant time.
    ///
    /// # Errors
    /// [`Kind::Signature`] when `code` is not the code of `message` by this key.
    pub fn verify(&self, message: &[u8], code: &[u8]) -> Result<(), Error> {
        let mac = self.0.clone().chain_update(message);
        mac.verify_slice(code).map_err(|cause| {
            let message = "signature: expected one of this message by this key, got another";
            Error::new(Kind::Signature, message).caused_by(cause)
        })
    }
}

impl fmt::Debug for HmacSha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacSha1")
    }
}
