//! What a server knows of a consumer and a token, to check signatures with.

use super::{SignatureMethod, signer::key_text};
use crate::{
    crypto::{Algorithm, HmacSha1, PublicKey},
    secret::Secret,
};

/// The consumer's secret or certificate, or both, and the token's secret. Its `Debug` tells which are there.
///
/// # Examples
/// ```
/// use gdata_auth::{Secret, oauth1::Keys};
///
/// let (consumer, token) = (Secret::new("kd94hf93k423kf44"), Secret::new("pfkkdhi9sl3r4s00"));
/// let keys = Keys::shared(&consumer).and_token(&token);
/// # let _ = keys;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    secret: Option<&'a Secret>,
    certificate: Option<&'a PublicKey>,
    token: Option<&'a Secret>,
}

impl<'a> Keys<'a> {
    /// The consumer's secret, for `HMAC-SHA1` and `PLAINTEXT`.
    #[must_use]
    pub fn shared(secret: &'a Secret) -> Self {
        Self {
            secret: Some(secret),
            certificate: None,
            token: None,
        }
    }

    /// The consumer's public key, for `RSA-SHA1`.
    #[must_use]
    pub fn certificate(key: &'a PublicKey) -> Self {
        Self {
            secret: None,
            certificate: Some(key),
            token: None,
        }
    }

    /// Adds the public key of a consumer that has both.
    #[must_use]
    pub fn and_certificate(mut self, key: &'a PublicKey) -> Self {
        self.certificate = Some(key);
        self
    }

    /// Adds the secret of the token that the request names.
    #[must_use]
    pub fn and_token(mut self, secret: &'a Secret) -> Self {
        self.token = Some(secret);
        self
    }

    /// Whether a signature of `method` can be checked.
    pub(super) fn serve(&self, method: SignatureMethod) -> bool {
        match method {
            SignatureMethod::HmacSha1 | SignatureMethod::Plaintext => self.secret.is_some(),
            SignatureMethod::RsaSha1 => self.certificate.is_some(),
        }
    }

    /// The key of shared secrets, in the right form and in the wrong ones.
    pub(super) fn text(&self, form: KeyForm) -> Secret {
        let consumer = self.secret.map_or("", Secret::expose);
        let token = self.token.map_or("", Secret::expose);
        match form {
            KeyForm::Right => key_text(consumer, token),
            KeyForm::WithoutToken => key_text(consumer, ""),
            KeyForm::WithoutAmpersand => Secret::new(consumer),
            KeyForm::Unescaped => Secret::new(format!("{consumer}&{token}")),
        }
    }

    /// Whether `signature` is one of `base_string`. Constant time over the signature.
    pub(super) fn verify(
        &self,
        method: SignatureMethod,
        form: KeyForm,
        base_string: &str,
        signature: &Signature,
    ) -> bool {
        match (method, signature) {
            (SignatureMethod::HmacSha1, Signature::Bytes(code)) => {
                let key = HmacSha1::new(self.text(form).expose().as_bytes());
                key.verify(base_string.as_bytes(), code).is_ok()
            }
            (SignatureMethod::Plaintext, Signature::Text(text)) => self.text(form) == *text,
            (SignatureMethod::RsaSha1, Signature::Bytes(bytes)) => {
                self.certificate.is_some_and(|key| {
                    let message = base_string.as_bytes();
                    key.verify(Algorithm::RsaSha1, message, bytes).is_ok()
                })
            }
            _ => false,
        }
    }
}

/// How the key of shared secrets is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyForm {
    Right,
    WithoutToken,
    WithoutAmpersand,
    Unescaped,
}

/// A signature as it came: base64 decoded, or the text of `PLAINTEXT`.
pub(super) enum Signature {
    Bytes(Vec<u8>),
    Text(Secret),
}
