//! Key files of any form and none.
#![no_main]

use gdata_auth::{
    Secret,
    crypto::{PrivateKey, PublicKey},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = PublicKey::read(bytes);
    let _ = PrivateKey::read(bytes, None);
    let _ = PrivateKey::read(bytes, Some(&Secret::new("changeit")));
});
