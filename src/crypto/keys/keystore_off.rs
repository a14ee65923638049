//! Stands in for `keystore` where that feature is off: says so.

use der::SecretDocument;

use super::Half;
use crate::{error::Error, secret::Secret};

/// Refuses: see the feature `keystore`.
pub(super) fn unlock_pkcs8(_: &[u8], _: &Secret) -> Result<SecretDocument, Error> {
    Err(Half::Private.unsupported(
        "the feature `keystore` of gdata-auth for an encrypted key",
        "a build without it",
    ))
}

/// Refuses: see the feature `keystore`.
pub(super) fn unlock_pkcs12(_: &[u8], _: Option<&Secret>) -> Result<SecretDocument, Error> {
    Err(Half::Private.unsupported(
        "the feature `keystore` of gdata-auth for PKCS#12",
        "a build without it",
    ))
}
