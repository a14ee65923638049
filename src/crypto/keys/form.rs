//! Tells what a key file is by what is in it.
//!
//! Only the outermost layer is looked at: the kinds of the first elements of the outer SEQUENCE differ
//! between all forms. Reading the inside is for the readers of each form.
//!
//! # Source
//! RFC 8017, A.1 (PKCS#1); RFC 5208 (PKCS#8); RFC 7292 (PKCS#12); RFC 5280 (certificates, SPKI); RFC 5915
//! (EC); the magic numbers of `sun.security.provider.JavaKeyStore` and its JCE sibling.

use der::{
    Decode, Reader, SliceReader, Tag,
    asn1::{AnyRef, ObjectIdentifier},
};

use super::Half;
use crate::error::Error;

/// What a DER document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Pkcs1Private,
    Pkcs1Public,
    Pkcs8,
    EncryptedPkcs8,
    Pkcs12,
    PublicKeyInfo,
    Certificate,
    EcPrivate,
    DsaPrivate,
    Unknown,
}

impl Form {
    /// Looks at the outermost layer of `der`.
    pub(super) fn of(der: &[u8]) -> Self {
        use Tag::{BitString, Integer, OctetString, Sequence};

        let tags: Vec<Tag> = sequence(der)
            .unwrap_or_default()
            .iter()
            .map(|item| item.header().tag())
            .collect();
        match tags.as_slice() {
            [Integer, Integer] => Self::Pkcs1Public,
            [Integer, Integer, Integer, Integer, Integer, Integer] => Self::DsaPrivate,
            [Integer, Integer, Integer, Integer, ..] => Self::Pkcs1Private,
            [Integer, OctetString, ..] => Self::EcPrivate,
            [Integer, Sequence, OctetString, ..] => Self::Pkcs8,
            [Integer, Sequence] | [Integer, Sequence, Sequence] => Self::Pkcs12,
            [Sequence, OctetString] => Self::EncryptedPkcs8,
            [Sequence, BitString] => Self::PublicKeyInfo,
            [Sequence, Sequence, BitString] => Self::Certificate,
            _ => Self::Unknown,
        }
    }

    /// The form in words, for "expected …, got …".
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pkcs1Private | Self::Pkcs8 => "a private key",
            Self::Pkcs1Public | Self::PublicKeyInfo => "a public key",
            Self::EncryptedPkcs8 => "an encrypted private key",
            Self::Pkcs12 => "a PKCS#12 file",
            Self::Certificate => "a certificate",
            Self::EcPrivate => "an EC private key",
            Self::DsaPrivate => "a DSA private key",
            Self::Unknown => "DER of another kind",
        }
    }
}

/// The elements of the one SEQUENCE that `der` is.
pub(super) fn sequence(der: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let outer = AnyRef::from_der(der).ok()?;
    (outer.header().tag() == Tag::Sequence)
        .then(|| items(outer.value()))
        .flatten()
}

/// The elements that stand one after another in `content`.
pub(super) fn items(content: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut items = Vec::new();
    while !reader.is_finished() {
        items.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(items)
}

/// Refuses a key of another algorithm than RSA, by name.
pub(super) fn require_rsa(half: Half, algorithm: ObjectIdentifier) -> Result<(), Error> {
    if algorithm == RSA {
        return Ok(());
    }
    let name = ALGORITHMS
        .iter()
        .find(|(oid, _)| *oid == algorithm)
        .map_or("a key of another algorithm", |(_, name)| *name);
    Err(half.unsupported("an RSA key", name))
}

/// Refuses what its first bytes give away, with the command that converts it.
pub(super) fn refuse_by_magic(half: Half, bytes: &[u8]) -> Result<(), Error> {
    match MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, name)) => Err(half.unsupported("PEM, DER or PKCS#12", name)),
        None => Ok(()),
    }
}

/// `rsaEncryption` (RFC 8017, A.1).
pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

const ALGORITHMS: [(ObjectIdentifier, &str); 7] = [
    (oid("1.2.840.10040.4.1"), "a DSA key"),
    (oid("1.2.840.10045.2.1"), "an EC key"),
    (oid("1.2.840.113549.1.1.10"), "an RSA key bound to PSS"),
    (oid("1.2.840.113549.1.3.1"), "a Diffie-Hellman key"),
    (oid("1.3.101.110"), "an X25519 key"),
    (oid("1.3.101.112"), "an Ed25519 key"),
    (oid("1.3.101.113"), "an Ed448 key"),
];

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const MAGIC: [(&[u8], &str); 3] = [
    (
        &[0xFE, 0xED, 0xFE, 0xED],
        "a Java keystore (JKS): convert it with `keytool -importkeystore \
         -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12`",
    ),
    (
        &[0xCE, 0xCE, 0xCE, 0xCE],
        "a Java keystore (JCEKS): convert it with `keytool -importkeystore -srcstoretype JCEKS \
         -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12`",
    ),
    // A SEQUENCE without a length (X.690, 8.1.3.6): browsers export PKCS#12 so.
    (
        &[0x30, 0x80],
        "BER of indefinite length: convert it with `openssl pkcs12 -legacy -in FILE -out key.pem`",
    ),
];
