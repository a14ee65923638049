//! What counts as drift.

use serde::Deserialize;

use super::found::{Drift, Level};

/// What counts as drift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "written with `..DriftSettings::default()`"
)]
pub struct DriftSettings {
    /// Headers that are not looked at, beside [`EVER_CHANGING`](super::EVER_CHANGING), whatever their case.
    pub ignore_headers: Vec<String>,
    /// Fields that are not looked at, as a drift names them: `body $.etag`, or with `*` at the end for all that begin so.
    pub ignore_fields: Vec<String>,
    /// What is less than this is not reported; all is, by default.
    pub least: Level,
}

impl DriftSettings {
    pub(super) fn wants(&self, drift: &Drift) -> bool {
        let ignored = self
            .ignore_fields
            .iter()
            .any(|ignored| match ignored.strip_suffix('*') {
                Some(beginning) => drift.field.starts_with(beginning),
                None => drift.field == *ignored,
            });
        drift.level >= self.least && !ignored
    }
}
