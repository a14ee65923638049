//! The store in a folder: modes, links, torn files, and processes that write at once or die at it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod child;
mod content;
mod place;
mod processes;
mod trust;
