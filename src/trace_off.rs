//! In place of `trace.rs` without the feature `tracing`: nobody watches.

use crate::{error::Error, scheme::oauth2::Diagnosis, store::GrantKey};

#[derive(Debug)]
pub(crate) struct Refresh;

pub(crate) fn refresh(_: &GrantKey, _: u32) -> Refresh {
    Refresh
}

impl Refresh {
    pub(crate) fn done(self, _: Option<&Error>) {}
}

pub(crate) fn unsaved(_: &GrantKey, _: &Error) {}

pub(crate) fn dead(_: &GrantKey, _: &Diagnosis) {}
