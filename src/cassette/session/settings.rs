//! A session's part of a configuration file: the section `[record]`.

use serde::Deserialize;

use super::upstreams::Upstreams;
use crate::{cassette::Bounds, error::Error};

/// What may be recorded, and from where.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::RecordSettings;
///
/// let settings: RecordSettings = serde_json::from_str(r#"{"max-interactions": 10, "hosts": ["www.google.com"]}"#)?;
/// assert_eq!(settings.bounds().max_interactions, 10);
/// settings.upstreams()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "written with `..RecordSettings::default()`"
)]
pub struct RecordSettings {
    /// As [`Bounds::max_interactions`].
    pub max_interactions: usize,
    /// As [`Bounds::max_bytes`].
    pub max_bytes: u64,
    /// The origin for requests to the listener itself, as in [`Upstreams::new`].
    pub upstream: Option<String>,
    /// Hosts that a proxy's client may ask for, as in [`Upstreams::new`].
    pub hosts: Vec<String>,
    /// As [`Upstreams::keeping_host`].
    pub keep_host: bool,
    /// Whether signatures and assertions are made anew with the
    /// [published test keys](crate::cassette::redact::TestKeys), so that the cassette verifies.
    pub resign: bool,
}

impl RecordSettings {
    /// How much a recording may hold.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds {
            max_interactions: self.max_interactions,
            max_bytes: self.max_bytes,
        }
    }

    /// Where requests may go.
    ///
    /// # Errors
    /// As [`Upstreams::new`].
    pub fn upstreams(&self) -> Result<Upstreams, Error> {
        let upstreams = Upstreams::new(self.upstream.as_deref(), &self.hosts)?;
        Ok(match self.keep_host {
            true => upstreams.keeping_host(),
            false => upstreams,
        })
    }
}

impl Default for RecordSettings {
    fn default() -> Self {
        let bounds = Bounds::default();
        Self {
            max_interactions: bounds.max_interactions,
            max_bytes: bounds.max_bytes,
            upstream: None,
            hosts: Vec::new(),
            keep_host: false,
            resign: false,
        }
    }
}
