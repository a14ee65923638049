//! The public half of an RSA key: reading it from a key file or a certificate, and checking signatures.
//!
//! A certificate is only a wrapping here: its names, dates and signature are not looked at. Google took
//! self-signed certificates of any age the same way (legacy-protocol.md 1.9, "registration").
//!
//! # Source
//! RFC 5280, 4.1 (certificates, SPKI); RFC 8017, A.1.1 (PKCS#1).

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use der::{Decode, Document, Encode, asn1::UintRef};
use rsa::{
    RsaPublicKey, pkcs1,
    pkcs8::{EncodePublicKey, SubjectPublicKeyInfoRef},
    traits::PublicKeyParts,
};

use super::{
    Half, armour,
    form::{self, Form},
    open,
};
use crate::{
    crypto::{Algorithm, rsa as scheme},
    error::Error,
};

/// An RSA public key of 1024 to 8192 bits.
///
/// # Examples
/// ```
/// use gdata_auth::{Kind, crypto::{Algorithm, PublicKey}};
///
/// # let file = include_bytes!("../../../fixtures/keys/insecure-rsa2048-cert.pem");
/// let key = PublicKey::read(file)?;
/// assert_eq!(key.bits(), 2048);
///
/// let refusal = key.verify(Algorithm::RsaSha1, b"GET http://example.com/ 1 2", &[0; 256]).unwrap_err();
/// assert_eq!(refusal.kind(), Kind::Signature);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: RsaPublicKey,
    info: Document,
}

impl PublicKey {
    /// Reads a public key or a certificate: PEM, bare base64 or DER; SPKI, PKCS#1 or X.509.
    ///
    /// # Errors
    /// [`Kind::Key`](crate::Kind::Key) when the file holds neither, or is larger than 1 MiB; a private key is
    /// refused too, so that it is not handed around as if it were public.
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) for Java keystores and for keys of other algorithms
    /// than RSA.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let document = open(Half::Public, bytes)?;
        Self::from_der(document.as_bytes())
    }

    /// Reads `PUBLIC KEY`, `RSA PUBLIC KEY` or `CERTIFICATE` from PEM.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        Self::read(text.as_bytes())
    }

    /// Reads SPKI, PKCS#1 or a certificate from DER.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        match Form::of(der) {
            Form::PublicKeyInfo => Self::from_info(der),
            Form::Certificate => Self::from_certificate(der),
            Form::Pkcs1Public => Self::from_pkcs1(der),
            other => Err(Half::Public.refuse("a public key or a certificate", other.name())),
        }
    }

    /// A key from its two numbers, big-endian: what a JSON Web Key carries as `n` and `e` (RFC 7518, 6.3.1).
    ///
    /// # Errors
    /// [`Kind::Key`](crate::Kind::Key) on a modulus that is even, or not of 1024 to 8192 bits, and on an
    /// exponent that is even or longer than 33 bits.
    pub fn from_numbers(modulus: &[u8], exponent: &[u8]) -> Result<Self, Error> {
        let (modulus, exponent) = (without_zeros(modulus), without_zeros(exponent));
        Half::Public.check_bits(&modulus)?;
        Self::from_parts(pkcs1::RsaPublicKeyRef {
            modulus: UintRef::new(&modulus).map_err(damaged)?,
            public_exponent: UintRef::new(&exponent).map_err(damaged)?,
        })
    }

    /// The modulus, big-endian without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> Vec<u8> {
        without_zeros(&self.key.n_bytes())
    }

    /// The public exponent, big-endian without leading zeros.
    #[must_use]
    pub fn exponent(&self) -> Vec<u8> {
        without_zeros(&self.key.e_bytes())
    }

    /// Checks that `signature` is one of `message` by the private half of this key.
    ///
    /// # Errors
    /// [`Kind::Signature`](crate::Kind::Signature) when it is not; a signature of another length is one
    /// that does not match.
    pub fn verify(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        scheme::verify(self, algorithm, message, signature)
    }

    /// The size of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.key.n().bits_vartime() as usize
    }

    /// The key as `PUBLIC KEY` PEM (SPKI), which every other program reads.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let base64 = STANDARD.encode(self.info.as_bytes());
        let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
        for (column, letter) in base64.chars().enumerate() {
            if column > 0 && column % armour::LINE == 0 {
                pem.push('\n');
            }
            pem.push(letter);
        }
        pem.push_str("\n-----END PUBLIC KEY-----\n");
        pem
    }

    pub(super) fn from_rsa(key: RsaPublicKey) -> Result<Self, Error> {
        let info = key.to_public_key_der().map_err(|cause| {
            Half::Public
                .refuse("a key that fits SPKI", "another")
                .caused_by(cause)
        })?;
        Ok(Self { key, info })
    }

    pub(in crate::crypto) fn as_rsa(&self) -> &RsaPublicKey {
        &self.key
    }

    /// Passes over the fields before the key: the version, which old certificates leave out, and five more.
    fn from_certificate(der: &[u8]) -> Result<Self, Error> {
        let info = form::sequence(der)
            .and_then(|parts| form::items(parts.first()?.value()))
            .and_then(|fields| {
                let has_version = fields.first()?.header().tag().is_context_specific();
                fields.get(usize::from(has_version) + 5).copied()
            })
            .and_then(|field| field.to_der().ok())
            .ok_or_else(|| Half::Public.refuse("a whole certificate", "a damaged one"))?;
        Self::from_info(&info)
    }

    fn from_info(der: &[u8]) -> Result<Self, Error> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(damaged)?;
        form::require_rsa(Half::Public, info.algorithm.oid)?;
        Self::from_pkcs1(info.subject_public_key.raw_bytes())
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, Error> {
        let parts = pkcs1::RsaPublicKeyRef::from_der(der).map_err(damaged)?;
        Half::Public.check_bits(parts.modulus.as_bytes())?;
        Self::from_parts(parts)
    }

    fn from_parts(parts: pkcs1::RsaPublicKeyRef<'_>) -> Result<Self, Error> {
        let key = RsaPublicKey::try_from(parts).map_err(|cause| {
            Half::Public
                .refuse(
                    "an odd modulus and a public exponent of at most 33 bits",
                    "others",
                )
                .caused_by(cause)
        })?;
        Self::from_rsa(key)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bits)", self.bits())
    }
}

fn without_zeros(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes[zeros..].to_vec()
}

fn damaged(cause: der::Error) -> Error {
    Half::Public
        .refuse("a whole key", "a damaged one")
        .caused_by(cause)
}
