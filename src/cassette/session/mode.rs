//! What a session does with the network and with the disk.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use crate::error::Error;

/// What a session does with the network and with the disk.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::Mode;
///
/// assert_eq!("once".parse::<Mode>()?, Mode::Once);
/// assert_eq!(Mode::default(), Mode::Replay);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Mode {
    /// Every request goes live; what was recorded takes the place of the old cassette.
    Record,
    /// Every answer comes from the cassette. The network is never touched.
    #[default]
    Replay,
    /// Records where there is no cassette yet, and replays where there is one.
    Once,
    /// Replays what matches; the rest goes live and is added to the cassette.
    New,
    /// Every request goes live; answers are compared with the recorded ones in shape. The cassette stays as it is.
    Check,
}

impl Mode {
    const NAMES: [(Self, &'static str); 5] = [
        (Self::Record, "record"),
        (Self::Replay, "replay"),
        (Self::Once, "once"),
        (Self::New, "new"),
        (Self::Check, "check"),
    ];

    /// Its name, as in a configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        let of = |(mode, name): &(Self, &'static str)| (*mode == self).then_some(*name);
        Self::NAMES.iter().find_map(of).unwrap_or_default()
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Mode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(mode, _)| *mode)
            .ok_or_else(|| {
                let names = Self::NAMES.map(|(_, name)| name).join(", ");
                Error::input(
                    "mode",
                    format_args!("expected one of {names}, got {text:?}"),
                )
            })
    }
}
