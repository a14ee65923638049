//! A secret that is written out, because that is what a store is for.
//!
//! [`Secret`] itself is never serialised: only the forms of this directory wrap it so.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::secret::Secret;

/// A secret on its way to the disk, or back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text(pub(super) Secret);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}
