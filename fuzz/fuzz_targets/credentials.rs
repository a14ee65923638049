//! Credential files and stored grants: whatever stands in them, no panic, and a grant is read as it is written.
#![no_main]

use gdata_auth::{
    oauth2::{AllowedHosts, CredentialFile, PendingAuthorization},
    store::StoredGrant,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = CredentialFile::read(text.as_bytes(), &AllowedHosts::google().and_loopback());
    let _ = serde_json::from_str::<PendingAuthorization>(text);
    if let Ok(grant) = StoredGrant::from_json(text) {
        let again = StoredGrant::from_json(grant.to_json().expose());
        assert_eq!(again.expect("a written grant is read"), grant);
    }
});
