//! Opens encrypted key files: PKCS#8 under a passphrase, and PKCS#12.
//!
//! The ciphers are those of the crates `pkcs8` and `p12-keystore`. An encrypted PKCS#8 under a cipher of
//! PKCS#12 (OpenSSL's `-v1 PBE-SHA1-3DES`) is exactly what a PKCS#12 file keeps in a shrouded key bag, so it
//! is put into one and opened as such.
//!
//! # Security
//! How much work a file may ask for is checked first (`work.rs`). The integrity check of a PKCS#12 file
//! is made where it has one. `p12-keystore` does not wipe its own copy of the key from memory.
//!
//! # Source
//! RFC 8018 (PBES2); RFC 7292, 4 (the structure of PKCS#12) and B (its key derivation).

use der::{
    Decode, Encode, SecretDocument, Tag, TagNumber,
    asn1::{AnyRef, ObjectIdentifier},
};
use p12_keystore::{Pkcs12Archive, error::Error as ArchiveError};
use pkcs8::EncryptedPrivateKeyInfoRef;

use super::{Half, PrivateKey, form, open, work};
use crate::{error::Error, secret::Secret};

impl PrivateKey {
    /// Reads `ENCRYPTED PRIVATE KEY` PEM: PKCS#8 under PBES2 (AES or 3DES; PBKDF2 or scrypt), PBE-SHA1-3DES
    /// or PBE-SHA1-RC2-40.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{Secret, crypto::PrivateKey};
    ///
    /// # let text = include_str!("../../../fixtures/keys/insecure-rsa2048-pbes2-aes256.pem");
    /// let key = PrivateKey::from_encrypted_pem(text, &Secret::new("changeit"))?;
    /// assert_eq!(key.bits(), 2048);
    ///
    /// let refusal = PrivateKey::from_encrypted_pem(text, &Secret::new("changeIt")).unwrap_err();
    /// assert_eq!(refusal.to_string(), "private key: expected the passphrase of the key, got another");
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn from_encrypted_pem(text: &str, passphrase: &Secret) -> Result<Self, Error> {
        Self::read(text.as_bytes(), Some(passphrase))
    }

    /// Reads PKCS#12 (`.p12`, `.pfx`), old .NET files with RC2-40, 3DES and a SHA-1 check included.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`Kind::Key`](crate::Kind::Key) when the file holds no RSA key or several.
    pub fn from_pkcs12(bytes: &[u8], passphrase: &Secret) -> Result<Self, Error> {
        let document = open(Half::Private, bytes)?;
        let key = unlock_pkcs12(document.as_bytes(), Some(passphrase))?;
        Self::from_der(key.as_bytes())
    }
}

/// The PKCS#8 inside an encrypted PKCS#8.
pub(super) fn unlock_pkcs8(der: &[u8], passphrase: &Secret) -> Result<SecretDocument, Error> {
    let cipher = cipher(der).ok_or_else(damaged)?;
    if PKCS12_CIPHERS.contains(&cipher) {
        let archive = shroud(der).map_err(|cause| damaged().caused_by(cause))?;
        return unlock_pkcs12(&archive, Some(passphrase));
    }
    if cipher != PBES2 {
        return Err(unsupported_cipher());
    }
    work::check(der)?;
    let sealed = EncryptedPrivateKeyInfoRef::from_der(der)
        .map_err(|cause| unsupported_cipher().caused_by(cause))?;
    sealed
        .decrypt(passphrase.expose())
        .map_err(|cause| match cause {
            pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::DecryptFailed)
            | pkcs8::Error::Asn1(_) => wrong_passphrase(Some(passphrase)),
            _ => unsupported_cipher(),
        })
}

/// The PKCS#8 of the one RSA key inside a PKCS#12 file.
pub(super) fn unlock_pkcs12(
    der: &[u8],
    passphrase: Option<&Secret>,
) -> Result<SecretDocument, Error> {
    work::check(der)?;
    let text = passphrase.map_or("", Secret::expose);
    if text.chars().any(|letter| letter > LAST_OF_BMP) {
        return Err(Half::Private.unsupported(
            "a passphrase of characters up to U+FFFF for PKCS#12",
            "one beyond",
        ));
    }
    let archive = Pkcs12Archive::from_pkcs12(der, text).map_err(|cause| match cause {
        ArchiveError::MacError(_)
        | ArchiveError::UnpadError
        | ArchiveError::Pkcs5Error(_)
        | ArchiveError::InvalidPrivateKey => wrong_passphrase(passphrase),
        ArchiveError::UnsupportedEncryptionScheme
        | ArchiveError::UnsupportedMacAlgorithm
        | ArchiveError::UnsupportedContentType => unsupported_archive().caused_by(cause),
        other => damaged().caused_by(other),
    })?;
    let mut keys = archive.keys.iter().filter(|bag| bag.key.oid() == form::RSA);
    match (keys.next(), keys.count()) {
        (Some(bag), 0) => {
            SecretDocument::try_from(bag.key.as_der()).map_err(|cause| damaged().caused_by(cause))
        }
        (Some(_), others) => {
            Err(Half::Private.refuse("one RSA key in the PKCS#12 file", &(others + 1).to_string()))
        }
        (None, _) => match archive.keys.first() {
            Some(bag) => form::require_rsa(Half::Private, bag.key.oid()).and(Err(damaged())),
            None => Err(Half::Private.refuse("one RSA key in the PKCS#12 file", "none")),
        },
    }
}

/// The algorithm that an encrypted PKCS#8 names.
fn cipher(der: &[u8]) -> Option<ObjectIdentifier> {
    let outer = form::sequence(der)?;
    let algorithm = form::items(outer.first()?.value())?;
    algorithm.first()?.decode_as().ok()
}

/// Puts an encrypted PKCS#8 into a PKCS#12 file without an integrity check (RFC 7292, 4).
fn shroud(sealed: &[u8]) -> der::Result<Vec<u8>> {
    let bag = sequence(&[&SHROUDED_KEY_BAG.to_der()?, &explicit(sealed)?])?;
    let content = data(&sequence(&[&bag])?)?;
    let archive = data(&sequence(&[&content])?)?;
    sequence(&[&3u8.to_der()?, &archive])
}

/// `ContentInfo` of the type "data".
fn data(content: &[u8]) -> der::Result<Vec<u8>> {
    let octets = AnyRef::new(Tag::OctetString, content)?.to_der()?;
    sequence(&[&DATA.to_der()?, &explicit(&octets)?])
}

fn sequence(parts: &[&[u8]]) -> der::Result<Vec<u8>> {
    AnyRef::new(Tag::Sequence, &parts.concat())?.to_der()
}

fn explicit(content: &[u8]) -> der::Result<Vec<u8>> {
    let tag = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(0),
    };
    AnyRef::new(tag, content)?.to_der()
}

fn wrong_passphrase(passphrase: Option<&Secret>) -> Error {
    let got = passphrase.map_or("none", |_| "another");
    Half::Private.refuse("the passphrase of the key", got)
}

fn damaged() -> Error {
    Half::Private.refuse("a whole encrypted key", "a damaged one")
}

fn unsupported_cipher() -> Error {
    Half::Private.unsupported(
        "PBES2 with AES or 3DES, or PBE-SHA1-3DES",
        "another encryption: convert it with `openssl pkcs8 -provider legacy -provider default \
         -in FILE -topk8 -v2 aes-256-cbc -out key.pem`",
    )
}

fn unsupported_archive() -> Error {
    Half::Private.unsupported(
        "PKCS#12 with PBES2, 3DES or RC2-40",
        "another encryption: convert it with `openssl pkcs12 -legacy -in FILE -out key.pem`",
    )
}

/// The last character of a `BMPString`, the form in which PKCS#12 ciphers take a passphrase (RFC 7292, B.1).
const LAST_OF_BMP: char = '\u{FFFF}';

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SHROUDED_KEY_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
/// PBE-SHA1-3DES and PBE-SHA1-RC2-40 (RFC 7292, C).
const PKCS12_CIPHERS: [ObjectIdentifier; 2] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6"),
];
