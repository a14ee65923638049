//! Forms that several protocols share on the wire, each printed and parsed in one file.
//!
//! Nothing here knows what the values mean. Every parser is bounded, keeps order and repeats, and
//! names the field when it refuses.

pub mod challenge;
#[cfg(any(feature = "emulator", feature = "migrate"))]
pub(crate) mod html;
pub mod lines;
pub mod origin;
pub(crate) mod params;
pub mod percent;
#[cfg(any(feature = "cassette", feature = "migrate"))]
pub(crate) mod pickle;
pub mod query;
