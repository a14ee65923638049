//! Proof Key for Code Exchange: who redeems a code must be who asked for it (RFC 7636).
//!
//! ```text
//! link       code_challenge = BASE64URL(SHA256(verifier))    seen by everyone
//! exchange   code_verifier                                   seen by the token endpoint alone
//! ```
//!
//! `S256` only: `plain`, which Google still accepts, shows the verifier in the link, so there is no way to make one
//! here (RFC 9700, 2.1.1).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{error::Error, secret::Secret};

/// The verifier that a code is bound to.
///
/// # Shape
/// 43 to 128 unreserved characters (RFC 7636, 4.1). Those made here have 43, of 256 random bits.
///
/// # Examples
/// ```
/// use gdata_auth::oauth2::CodeVerifier;
///
/// // RFC 7636, appendix B.
/// let verifier = CodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")?;
/// assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeVerifier(#[serde(with = "crate::secret::clear")] Secret);

impl CodeVerifier {
    /// The `code_challenge_method` of every challenge here.
    pub const METHOD: &'static str = "S256";

    /// A verifier that someone else made, such as a client that is verified.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `code_verifier`, when it is no 43 to 128 unreserved characters.
    pub fn new(text: impl Into<Secret>) -> Result<Self, Error> {
        let text = text.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let length = text.expose().len();
        if !(43..=128).contains(&length) || !text.expose().bytes().all(plain) {
            return Err(Error::input(
                "code_verifier",
                "expected 43 to 128 letters, digits and - . _ ~, got something else",
            ));
        }
        Ok(Self(text))
    }

    /// The verifier of 32 random bytes.
    #[must_use]
    pub fn of_random(bytes: &[u8; 32]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The text, for the token endpoint alone.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// The `code_challenge` of the link.
    #[must_use]
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose().as_bytes()))
    }

    /// Whether this is the verifier behind a challenge, in constant time.
    #[must_use]
    pub fn answers(&self, challenge: &str) -> bool {
        self.challenge()
            .as_bytes()
            .ct_eq(challenge.as_bytes())
            .into()
    }
}
