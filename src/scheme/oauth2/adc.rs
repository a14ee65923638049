//! Application Default Credentials: where Google's libraries look, and in which order (oauth2.md 5.8).
//!
//! ```text
//! GOOGLE_APPLICATION_CREDENTIALS          must be there when it is named
//! $CLOUDSDK_CONFIG/…, %APPDATA%\gcloud\…, ~/.config/gcloud/application_default_credentials.json
//! the metadata server                     unless NO_GCE_CHECK
//! ```

use std::path::PathBuf;

use super::Metadata;
use crate::error::Error;

/// What of the environment counts; [`system::adc_environment`](crate::system::adc_environment) reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the variables of the convention")]
pub struct AdcEnvironment {
    /// `GOOGLE_APPLICATION_CREDENTIALS`.
    pub credentials: Option<String>,
    /// `CLOUDSDK_CONFIG`.
    pub cloudsdk_config: Option<String>,
    /// `APPDATA`, on Windows.
    pub appdata: Option<String>,
    /// `HOME`.
    pub home: Option<String>,
    /// `GOOGLE_CLOUD_QUOTA_PROJECT`, which goes before what a file names.
    pub quota_project: Option<String>,
    /// `GCE_METADATA_HOST`.
    pub metadata_host: Option<String>,
    /// `NO_GCE_CHECK`: whether the metadata server is left out.
    pub no_gce_check: bool,
}

/// One place to look.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdcPlace {
    /// A credential file.
    File {
        /// Where.
        path: PathBuf,
        /// Whether it was named, so that its absence is an error.
        named: bool,
    },
    /// The metadata server.
    Metadata(Metadata),
}

const FILE: &str = "application_default_credentials.json";

impl AdcEnvironment {
    /// The places, in the order in which to look.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `GCE_METADATA_HOST`, when it is no host.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::oauth2::{AdcEnvironment, AdcPlace, Metadata};
    ///
    /// let environment = AdcEnvironment { home: Some("/home/ann".into()), ..AdcEnvironment::default() };
    /// assert_eq!(
    ///     environment.places()?,
    ///     [
    ///         AdcPlace::File {
    ///             path: "/home/ann/.config/gcloud/application_default_credentials.json".into(),
    ///             named: false,
    ///         },
    ///         AdcPlace::Metadata(Metadata::google()),
    ///     ]
    /// );
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn places(&self) -> Result<Vec<AdcPlace>, Error> {
        let set = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        if let Some(path) = set(&self.credentials) {
            let path = PathBuf::from(path);
            return Ok(vec![AdcPlace::File { path, named: true }]);
        }
        let folder = set(&self.cloudsdk_config)
            .map(PathBuf::from)
            .or_else(|| set(&self.appdata).map(|folder| PathBuf::from(folder).join("gcloud")))
            .or_else(|| set(&self.home).map(|home| PathBuf::from(home).join(".config/gcloud")));
        let mut places: Vec<AdcPlace> = folder
            .map(|folder| AdcPlace::File {
                path: folder.join(FILE),
                named: false,
            })
            .into_iter()
            .collect();
        if !self.no_gce_check {
            places.push(AdcPlace::Metadata(match set(&self.metadata_host) {
                Some(host) => Metadata::at(&host).map_err(|cause| {
                    Error::input("GCE_METADATA_HOST", "expected a host").caused_by(cause)
                })?,
                None => Metadata::google(),
            }));
        }
        Ok(places)
    }
}
