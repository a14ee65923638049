//! What several tests share.

#![allow(
    clippy::allow_attributes,
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[cfg(feature = "migrate")]
pub mod campaign;
pub mod canary;
pub mod flows;
pub mod oauth2;
#[cfg(feature = "migrate")]
pub mod plan;
pub mod tape;
pub mod tokens;
pub mod v3;
pub mod world;
