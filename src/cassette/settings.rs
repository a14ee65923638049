//! Everything that can be set about the use of a cassette, as one file.
//!
//! ```toml
//! [match]
//! order = "sequential"            # any, sequential, strict
//! ignore = ["query:_*"]
//!
//! [keys]
//! authsub = ["site.pem"]          # requests that are signed wrongly are refused
//!
//! [time]
//! rule = "shift"                  # keep, shift, strict
//!
//! [[faults.rules]]
//! path = "/token"
//! occurrence = 1
//! status = 503
//! retry-after = 1
//! ```

use std::path::Path;

use serde::Deserialize;

use super::{
    Cassette, EchoRules, FaultRules, Join, KeyFiles, Keys, Limits, MatchRules, Mode, Player,
    PlayerBuilder, RecordSettings, SecretRule, Tape, TimeRules,
    drift::DriftSettings,
    file,
    format::{self, Format},
    redact::{Redaction, RedactionRules, TestKeys},
};
use crate::error::Error;

/// The settings of a cassette's use.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::{Order, Settings};
///
/// let settings: Settings = serde_json::from_str(r#"{"match": {"order": "strict"}}"#)?;
/// assert_eq!(settings.matching.order, Order::Strict);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Settings {
    /// How live requests are matched with recorded ones.
    #[serde(rename = "match")]
    pub matching: MatchRules,
    /// What happens to the moments in answers.
    pub time: TimeRules,
    /// What of a request comes back in its answer.
    pub echo: EchoRules,
    /// What goes wrong on purpose.
    pub faults: FaultRules,
    /// The keys that signatures are checked with.
    pub keys: KeyFiles,
    /// What is replaced before a recording reaches the disk, beside what is known.
    pub redact: RedactionRules,
    /// What counts as drift.
    pub drift: DriftSettings,
    /// What may be recorded, and from where.
    pub record: RecordSettings,
}

impl Settings {
    /// A player of `cassette` with these settings, to change further. Names of key files start at `folder`.
    ///
    /// # Errors
    /// As [`KeyFiles::load`].
    pub fn player(&self, cassette: Cassette, folder: &Path) -> Result<PlayerBuilder, Error> {
        Ok(self.player_with(cassette, self.keys(folder)?))
    }

    /// What a [`Session`](super::Session) needs: cassettes of any format are read, played as these settings say, and
    /// kept as HAR, without their secrets. `change` has the last word on the player, and `told` hears what is worth knowing
    /// of the redaction.
    ///
    /// # Errors
    /// As [`KeyFiles::load`] and [`Redaction::new`].
    pub fn join(
        &self,
        folder: &Path,
        change: impl Fn(PlayerBuilder) -> PlayerBuilder + Send + Sync + 'static,
        told: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Join, Error> {
        let (settings, keys) = (self.clone(), self.keys(folder)?);
        let redaction = self.redaction()?;
        Ok(Join::new(
            |path| file::load(path, &Limits::default())?.into_whole(),
            move |cassette, mode| {
                let mut settings = settings.clone();
                if mode != Mode::Replay {
                    // A refusal would look like an answer, and nothing would go live.
                    settings.matching.refuse_with = None;
                }
                if mode == Mode::Check {
                    // The client has the live server's tokens, not those of the cassette.
                    settings.matching.secrets = SecretRule::Ignore;
                }
                let player = change(settings.player_with(cassette, keys.clone())).build()?;
                Ok(Box::new(player) as Box<dyn Tape>)
            },
            move |cassette| {
                let redacted = redaction.apply(cassette)?;
                for note in &redacted.notes {
                    told(note);
                }
                Ok(format::write(Format::Har, &redacted.cassette)?.bytes)
            },
        ))
    }

    /// The redaction that these settings ask for.
    ///
    /// # Errors
    /// As [`Redaction::new`].
    pub fn redaction(&self) -> Result<Redaction, Error> {
        let redaction = Redaction::new(&self.redact)?;
        Ok(match self.record.resign {
            true => redaction.resign_with(TestKeys::published()?),
            false => redaction,
        })
    }

    fn player_with(&self, cassette: Cassette, keys: Option<Keys>) -> PlayerBuilder {
        let player = Player::builder(cassette)
            .rules(self.matching.clone())
            .time(self.time.clone())
            .echo(self.echo.clone())
            .faults(self.faults.clone());
        match keys {
            Some(keys) => player.keys(keys),
            None => player,
        }
    }

    /// Without any named key nothing is verified.
    fn keys(&self, folder: &Path) -> Result<Option<Keys>, Error> {
        match self.keys == KeyFiles::default() {
            true => Ok(None),
            false => self.keys.load(folder).map(Some),
        }
    }
}
