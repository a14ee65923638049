//! Key files, as sixteen years of gdata clients left them behind.
//!
//! ```text
//! bytes ─ armour ─> DER ─ form ─> PKCS#1 · PKCS#8                ─> PrivateKey
//!         PEM                     encrypted PKCS#8 ─┐ keystore
//!         bare base64             PKCS#12          ─┴─> PKCS#8   ─> PrivateKey
//!         DER                     SPKI · PKCS#1 · certificate    ─> PublicKey
//! ```
//!
//! What a file is, its content tells; neither its name nor its PEM label is trusted. What cannot be used
//! is refused by name, with the command that converts it where there is one. Keys have
//! [`MIN_BITS`] to [`MAX_BITS`] bits and files at most [`MAX_BYTES`] bytes.
//!
//! No message here holds a byte of a key, a passphrase, or text of the file.
//!
//! # Source
//! legacy-protocol.md 1.9, "key formats": PEM of both kinds in Python, PHP and Ruby, indented lines
//! included; PKCS#8, bare base64 and JKS in Java; PFX in .NET.

use der::SecretDocument;

use crate::error::{Error, Kind};

mod armour;
mod form;
#[cfg(feature = "keystore")]
mod keystore;
#[cfg(not(feature = "keystore"))]
#[path = "keystore_off.rs"]
mod keystore;
mod private;
mod public;
#[cfg(feature = "keystore")]
mod work;

pub use self::{private::PrivateKey, public::PublicKey};

/// The smallest key that is read: what AuthSub sites used.
const MIN_BITS: usize = 1024;
/// The largest key that is read.
const MAX_BITS: usize = 8192;
/// The most bytes a key file may have.
const MAX_BYTES: usize = 1 << 20;

/// Which half of a key pair a reader looks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Private,
    Public,
}

impl Half {
    fn name(self) -> &'static str {
        match self {
            Self::Private => "private key",
            Self::Public => "public key",
        }
    }

    /// Says that `expected` did not come.
    fn refuse(self, expected: &str, got: &str) -> Error {
        Error::new(
            Kind::Key,
            format!("{}: expected {expected}, got {got}", self.name()),
        )
    }

    /// Says that something known came that is not done here.
    fn unsupported(self, expected: &str, got: &str) -> Error {
        Error::new(
            Kind::Unsupported,
            format!("{}: expected {expected}, got {got}", self.name()),
        )
    }

    /// Refuses a key size outside the bounds, by name.
    ///
    /// This comes before any arithmetic: the cost of building a key grows with the square of its size.
    fn check_bits(self, modulus: &[u8]) -> Result<(), Error> {
        let leading = modulus.iter().take_while(|byte| **byte == 0).count();
        let significant = modulus.get(leading..).unwrap_or_default();
        let unused = significant.first().map_or(0, |byte| byte.leading_zeros());
        let bits = significant.len() * 8 - unused as usize;
        if (MIN_BITS..=MAX_BITS).contains(&bits) {
            return Ok(());
        }
        Err(self.refuse(&format!("{MIN_BITS} to {MAX_BITS} bits"), &bits.to_string()))
    }
}

/// Takes the wrapping off: the DER that `bytes` hold, whichever way.
fn open(half: Half, bytes: &[u8]) -> Result<SecretDocument, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(half.refuse(
            &format!("at most {MAX_BYTES} bytes"),
            &bytes.len().to_string(),
        ));
    }
    form::refuse_by_magic(half, bytes)?;
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(opened) = armour::open(half, text)
    {
        return opened;
    }
    SecretDocument::try_from(bytes).map_err(|cause| {
        half.refuse("PEM, base64 or DER", "something else")
            .caused_by(cause)
    })
}
