//! Text that must not be seen: tokens, passwords, keys.
//!
//! A [`Secret`] has no `Display`, a redacted `Debug`, comparison in constant time, and is wiped from
//! memory when dropped. Whoever needs the text says so with [`Secret::expose`].

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;

/// A secret piece of text.
///
/// # Examples
/// ```
/// use gdata_auth::Secret;
///
/// let token = Secret::new("1/jl9na3GU8YCUk0pHRghr");
/// assert_eq!(format!("{token:?}"), "Secret(22 characters)");
/// assert_eq!(token.expose(), "1/jl9na3GU8YCUk0pHRghr");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself. Do not log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} characters)", self.expose().chars().count())
    }
}

/// In constant time for texts of one length; the length itself is not hidden.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose()
            .as_bytes()
            .ct_eq(other.expose().as_bytes())
            .into()
    }
}

impl Eq for Secret {}

/// Read from configurations; written out only by [`store::Sealed`](crate::store::Sealed) and
/// [`store::StoredGrant::to_json`](crate::store::StoredGrant::to_json).
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// For `#[serde(with = "…")]`: a secret in the clear, in the few forms that are of no use without it, such as a
/// kept credential or a consent that is under way.
pub(crate) mod clear {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Secret;

    pub(crate) fn serialize<S: Serializer>(
        secret: &Secret,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.expose())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Secret, D::Error> {
        Secret::deserialize(deserializer)
    }
}
