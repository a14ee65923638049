//! The private half of an RSA key: reading it from any file, and nothing else.
//!
//! Signing is for [`RsaSigner`] and its siblings; decryption is for `keystore`.
//!
//! # Source
//! RFC 8017, A.1.2 (PKCS#1); RFC 5208 (PKCS#8).

use std::{fmt, sync::Arc};

use der::Decode;
use rsa::{
    RsaPrivateKey, pkcs1,
    pkcs8::{EncodePrivateKey, LineEnding, PrivateKeyInfoRef},
};

use super::{
    Half, PublicKey,
    form::{self, Form},
    keystore, open,
};
use crate::{
    crypto::{RsaSigner, Sign},
    error::Error,
    secret::Secret,
};

/// An RSA private key of 1024 to 8192 bits.
///
/// Clones share one copy, which is wiped when the last of them is dropped. `Debug` shows the size only.
///
/// # Examples
/// ```
/// use gdata_auth::crypto::{Algorithm, PrivateKey};
///
/// # let file = include_bytes!("../../../fixtures/keys/insecure-rsa2048-pkcs1.pem");
/// let key = PrivateKey::read(file, None)?;
/// assert_eq!(format!("{key:?}"), "PrivateKey(2048 bits)");
///
/// let data = b"GET http://www.google.com/calendar/feeds/default 1300000000 7";
/// let signature = key.signer().sign(Algorithm::RsaSha1, data)?;
/// assert_eq!(signature.len(), 256);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct PrivateKey(Arc<Pair>);

struct Pair {
    private: RsaPrivateKey,
    public: PublicKey,
}

impl PrivateKey {
    /// Reads a key file of any supported form: the one door for files of unknown origin.
    ///
    /// PEM (with one block or several), bare base64 or DER; in it PKCS#1, PKCS#8, encrypted PKCS#8 or
    /// PKCS#12. A passphrase is not looked at where nothing is encrypted. PKCS#12 without a passphrase is
    /// tried with the empty one.
    ///
    /// # Errors
    /// [`Kind::Key`](crate::Kind::Key) when the file holds no usable key, is larger than 1 MiB, or when the
    /// passphrase is missing or wrong. [`Kind::Unsupported`](crate::Kind::Unsupported), with the command
    /// that converts it, for Java keystores, the old encryption of OpenSSL and OpenSSH keys; and for keys
    /// of other algorithms than RSA, or encrypted files without the feature `keystore`.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{Kind, Secret, crypto::PrivateKey};
    ///
    /// # let file = include_bytes!("../../../fixtures/keys/insecure-rsa2048.jks");
    /// let refusal = PrivateKey::read(file, Some(&Secret::new("changeit"))).unwrap_err();
    /// assert_eq!(refusal.kind(), Kind::Unsupported);
    /// assert_eq!(
    ///     refusal.to_string(),
    ///     "private key: expected PEM, DER or PKCS#12, got a Java keystore (JKS): convert it with \
    ///      `keytool -importkeystore -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12`"
    /// );
    /// ```
    pub fn read(bytes: &[u8], passphrase: Option<&Secret>) -> Result<Self, Error> {
        let document = open(Half::Private, bytes)?;
        let der = document.as_bytes();
        match (Form::of(der), passphrase) {
            (Form::EncryptedPkcs8, Some(passphrase)) => {
                Self::from_der(keystore::unlock_pkcs8(der, passphrase)?.as_bytes())
            }
            (Form::Pkcs12, passphrase) => {
                Self::from_der(keystore::unlock_pkcs12(der, passphrase)?.as_bytes())
            }
            _ => Self::from_der(der),
        }
    }

    /// Reads PKCS#1 or PKCS#8 from PEM, or from bare base64 as Java programs keep it.
    ///
    /// Takes indented lines, CRLF, and other text or blocks around the key.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let document = open(Half::Private, text.as_bytes())?;
        Self::from_der(document.as_bytes())
    }

    /// Reads PKCS#1 or PKCS#8 from DER.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        match Form::of(der) {
            Form::Pkcs1Private => Self::from_pkcs1(der),
            Form::Pkcs8 => Self::from_pkcs8(der),
            Form::EcPrivate => Err(Half::Private.unsupported("an RSA key", "an EC key")),
            Form::DsaPrivate => Err(Half::Private.unsupported("an RSA key", "a DSA key")),
            Form::EncryptedPkcs8 | Form::Pkcs12 => {
                Err(Half::Private.refuse("a passphrase for the encrypted key", "none"))
            }
            other => Err(Half::Private.refuse("PKCS#1, PKCS#8 or PKCS#12", other.name())),
        }
    }

    /// The half that checks signatures.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public
    }

    /// The size of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.public.bits()
    }

    /// A signer of this key in pure Rust: [`RsaSigner`].
    #[must_use]
    pub fn signer(&self) -> Arc<dyn Sign> {
        Arc::new(RsaSigner::new(self))
    }

    /// The key as unencrypted `PRIVATE KEY` PEM (PKCS#8): what a [`Sign`] over another library is made from.
    ///
    /// It is made anew at each call, so that no second copy lies in memory meanwhile.
    ///
    /// # Errors
    /// [`Kind::Key`](crate::Kind::Key) when the key cannot be written as PKCS#8.
    pub fn to_pem(&self) -> Result<Secret, Error> {
        let pem = self
            .0
            .private
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|cause| {
                Half::Private
                    .refuse("a key that fits PKCS#8", "another")
                    .caused_by(cause)
            })?;
        Ok(Secret::new(pem.as_str()))
    }

    pub(in crate::crypto) fn as_rsa(&self) -> &RsaPrivateKey {
        &self.0.private
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, Error> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(damaged)?;
        form::require_rsa(Half::Private, info.algorithm.oid)?;
        Self::from_pkcs1(info.private_key.as_bytes())
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, Error> {
        let parts = pkcs1::RsaPrivateKeyRef::from_der(der).map_err(damaged)?;
        Half::Private.check_bits(parts.modulus.as_bytes())?;
        let private = RsaPrivateKey::try_from(parts).map_err(|cause| {
            Half::Private
                .refuse("two primes and exponents that belong together", "others")
                .caused_by(cause)
        })?;
        let public = PublicKey::from_rsa(private.to_public_key())?;
        Ok(Self(Arc::new(Pair { private, public })))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", self.bits())
    }
}

fn damaged(cause: der::Error) -> Error {
    Half::Private
        .refuse("a whole key", "a damaged one")
        .caused_by(cause)
}
