//! JSON Web Tokens with an RS256 signature: `BASE64URL(header).BASE64URL(claims).BASE64URL(signature)`
//! (RFC 7515, 7.1; RFC 7519).
//!
//! One algorithm only. What is read says nothing until a key has verified it, and `alg` is compared with the one
//! algorithm, never chosen by it (RFC 8725, 3.1).

use std::fmt;

use base64::{
    Engine, alphabet,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD},
    },
};
use serde_json::{Map, Value};

use crate::{
    crypto::{Algorithm, PublicKey, Sign},
    error::{Error, Kind},
    secret::Secret,
};

/// RFC 7515 has no padding, but yup-oauth2 12 sends some, and signs over it; Google takes it.
const UNPADDED_OR_NOT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The claims of a token.
pub type Claims = Map<String, Value>;

/// Signs claims; `key_id` becomes `kid`.
///
/// # Errors
/// [`Kind::Key`] when the signer fails.
pub fn sign_jwt(claims: &Claims, key_id: Option<&str>, signer: &dyn Sign) -> Result<Secret, Error> {
    let mut header = Map::new();
    header.insert("alg".to_owned(), Algorithm::RsaSha256.as_str().into());
    header.insert("typ".to_owned(), "JWT".into());
    if let Some(key_id) = key_id {
        header.insert("kid".to_owned(), key_id.into());
    }
    let part = |value: Map<String, Value>| URL_SAFE_NO_PAD.encode(Value::Object(value).to_string());
    let input = format!("{}.{}", part(header), part(claims.clone()));
    let signature = signer.sign(Algorithm::RsaSha256, input.as_bytes())?;
    Ok(Secret::new(format!(
        "{input}.{}",
        URL_SAFE_NO_PAD.encode(signature)
    )))
}

/// A token that was taken apart, and is not verified.
///
/// # Examples
/// ```
/// use gdata_auth::{crypto::PrivateKey, oauth2::{Jwt, sign_jwt}};
///
/// # let file = include_bytes!("../../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
/// let key = PrivateKey::read(file, None)?;
/// let claims = serde_json::json!({ "iss": "me@example.iam.gserviceaccount.com" });
/// let token = sign_jwt(claims.as_object().ok_or("no claims")?, Some("k1"), &*key.signer())?;
///
/// let read = Jwt::parse(token.expose())?;
/// assert_eq!(read.key_id(), Some("k1"));
/// assert_eq!(read.verify(&key.public_key())?["iss"], claims["iss"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Jwt {
    header: Claims,
    claims: Claims,
    input: String,
    signature: Vec<u8>,
}

impl Jwt {
    /// The most bytes of a token.
    pub const MAX_BYTES: usize = 32 << 10;

    /// Takes a token apart.
    ///
    /// # Errors
    /// [`Kind::Reply`] naming the part, when it is not three parts of base64url, the first two JSON objects, or longer
    /// than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn parse(token: &str) -> Result<Self, Error> {
        let wrong = |problem: &str| Error::reply("token", problem);
        if token.len() > Self::MAX_BYTES {
            return Err(wrong("expected at most 32 KiB, got more"));
        }
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong("expected three parts with dots between them"));
        };
        let object = |name: &str, part: &str| -> Result<Claims, Error> {
            let wrong = || Error::reply(name, "expected a JSON object in base64url");
            let bytes = UNPADDED_OR_NOT.decode(part).map_err(|_| wrong())?;
            serde_json::from_slice(&bytes).map_err(|_| wrong())
        };
        Ok(Self {
            header: object("header", header)?,
            claims: object("claims", claims)?,
            signature: UNPADDED_OR_NOT
                .decode(signature)
                .map_err(|_| Error::reply("signature", "expected base64url"))?,
            input: token[..header.len() + 1 + claims.len()].to_owned(),
        })
    }

    /// The `kid`: which key it says it is signed with.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    /// The claims, before anything is verified: to choose a key by `iss`, and for nothing else.
    #[must_use]
    pub fn unverified_claims(&self) -> &Claims {
        &self.claims
    }

    /// The claims, once `key` has verified the signature.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] for another `alg` than `RS256`, `none` among them, and for a token with `crit`;
    /// [`Kind::Signature`] when the signature is not the key's.
    pub fn verify(&self, key: &PublicKey) -> Result<&Claims, Error> {
        let expected = Algorithm::RsaSha256.as_str();
        if self.header.get("alg").and_then(Value::as_str) != Some(expected) {
            return Err(Error::new(
                Kind::Unsupported,
                "alg: expected RS256, got another algorithm",
            ));
        }
        if self.header.contains_key("crit") {
            return Err(Error::new(
                Kind::Unsupported,
                "crit: expected no extension that must be understood, got one",
            ));
        }
        key.verify(Algorithm::RsaSha256, self.input.as_bytes(), &self.signature)?;
        Ok(&self.claims)
    }
}

impl fmt::Debug for Jwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt")
            .field("key_id", &self.key_id())
            .finish_non_exhaustive()
    }
}
