//! The keys that a server signs ID tokens with (RFC 7517), and fetching them.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::header::CACHE_CONTROL;
use serde_json::{Value, json};

use super::{Provider, reply, token_call::get_request};
use crate::{crypto::PublicKey, error::Error, exchange::Exchange};

/// RSA keys by their `kid`.
///
/// # Shape
/// Keys of other types, and those for encryption, are passed over. Law: what [`to_json`](Self::to_json) prints is
/// read back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jwks(Vec<(String, PublicKey)>);

impl Jwks {
    /// The most keys of a set.
    pub const MAX: usize = 100;

    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a key.
    #[must_use]
    pub fn with(mut self, key_id: impl Into<String>, key: PublicKey) -> Self {
        self.0.push((key_id.into(), key));
        self
    }

    /// Reads a set.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when it is no JSON with `keys`, or has more than [`MAX`](Self::MAX);
    /// [`Kind::Key`](crate::Kind::Key) for an RSA key that cannot be used.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let wrong = |problem: &str| Error::reply("keys", problem);
        let set: Value = serde_json::from_slice(json).map_err(|_| wrong("expected JSON"))?;
        let keys = set
            .get("keys")
            .and_then(Value::as_array)
            .ok_or_else(|| wrong("expected a list, got none"))?;
        if keys.len() > Self::MAX {
            return Err(wrong("expected at most 100, got more"));
        }
        let mut read = Self::new();
        for key in keys {
            let text = |name: &str| key.get(name).and_then(Value::as_str);
            let signs = text("use").is_none_or(|usage| usage == "sig");
            let rs256 = text("alg").is_none_or(|algorithm| algorithm == "RS256");
            if text("kty") != Some("RSA") || !signs || !rs256 {
                continue;
            }
            let number = |name: &str| {
                text(name)
                    .and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok())
                    .ok_or_else(|| Error::reply(name, "expected a number in base64url"))
            };
            let key = PublicKey::from_numbers(&number("n")?, &number("e")?)?;
            read.0
                .push((text("kid").unwrap_or_default().to_owned(), key));
        }
        Ok(read)
    }

    /// The set as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let number = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        let keys: Vec<Value> = self
            .0
            .iter()
            .map(|(key_id, key)| {
                json!({
                    "kty": "RSA", "alg": "RS256", "use": "sig", "kid": key_id,
                    "n": number(key.modulus()), "e": number(key.exponent()),
                })
            })
            .collect();
        json!({ "keys": keys }).to_string()
    }

    /// The key of that `kid`; without one, the only key of the set.
    #[must_use]
    pub fn key(&self, key_id: Option<&str>) -> Option<&PublicKey> {
        match (key_id, self.0.as_slice()) {
            (Some(wanted), keys) => keys
                .iter()
                .find(|(key_id, _)| key_id == wanted)
                .map(|(_, key)| key),
            (None, [(_, only)]) => Some(only),
            (None, _) => None,
        }
    }

    /// The keys with their `kid`.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &PublicKey)> {
        self.0.iter().map(|(key_id, key)| (key_id.as_str(), key))
    }
}

/// Fetches the keys of a server; made by [`Provider::fetch_jwks`].
#[derive(Clone, Debug)]
pub struct FetchJwks {
    address: String,
}

/// Keys, and how long they may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchedJwks {
    /// The keys.
    pub keys: Jwks,
    /// `max-age` of `Cache-Control`, where the server sends it.
    pub max_age: Option<Duration>,
}

impl Provider {
    /// Fetches the keys that ID tokens are signed with.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) when the server has none.
    pub fn fetch_jwks(&self) -> Result<FetchJwks, Error> {
        Ok(FetchJwks {
            address: self.jwks_uri()?.to_owned(),
        })
    }
}

impl Exchange for FetchJwks {
    type Output = FetchedJwks;

    fn request(&self) -> http::Request<Bytes> {
        get_request(&self.address)
    }

    /// # Errors
    /// As [`Jwks::parse`].
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<FetchedJwks, Error> {
        reply::expect_success(answer)?;
        let cache = answer.headers().get(CACHE_CONTROL);
        let max_age = cache.and_then(|value| {
            let words = value.to_str().ok()?.split(',');
            words
                .filter_map(|word| word.trim().strip_prefix("max-age="))
                .find_map(|seconds| seconds.parse().ok())
        });
        Ok(FetchedJwks {
            keys: Jwks::parse(answer.body())?,
            max_age: max_age.map(Duration::from_secs),
        })
    }
}
