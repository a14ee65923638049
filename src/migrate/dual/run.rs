//! What all users of a dual run share, changeable while calls are under way.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use arc_swap::ArcSwap;
use http::Method;
use serde::Deserialize;

use super::{
    client::DualClient,
    compare::{Compare, Difference},
    counters::Counters,
    rule::{FallBack, Side},
    rules::{Choice, Rules},
    settings::{Settings, SettingsFile},
};
use crate::{
    error::Error,
    system::{Clock, SystemClock},
    transport::Transport,
};

/// What all users of a dual run share. Clones share it too.
///
/// # Examples
/// Roll back while calls are under way:
/// ```
/// use gdata_auth::migrate::dual::{DualRun, Override, Rules};
///
/// let run = DualRun::new(Rules::new(Vec::new())?);
/// run.set_override(Override::Old);
/// assert_eq!(run.override_now(), Override::Old);
/// run.set_override(Override::None);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct DualRun(Arc<Shared>);

/// The one setting that stands above all rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Override {
    /// The rules hold.
    #[default]
    None,
    /// Everything by the old credential: rolled back.
    Old,
    /// Everything by the new credential, without a fall-back.
    New,
}

impl Override {
    /// Its word in a settings file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

/// How the two answers to one call differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShadowReport {
    /// The user.
    pub user: String,
    /// The feed, as it is counted.
    pub feed: String,
    /// The method.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
    /// Whose answer was returned.
    pub returned: Side,
    /// The fields; empty when the answers say the same.
    pub differences: Vec<Difference>,
}

type Report = Arc<dyn Fn(&ShadowReport) + Send + Sync>;
type SettingsReport = Arc<dyn Fn(Result<&Settings, &Error>) + Send + Sync>;

pub(super) struct Shared {
    rules: ArcSwap<Rules>,
    setting: AtomicU8,
    pub(super) counters: Counters,
    pub(super) compare: ArcSwap<Compare>,
    pub(super) shadows_writes: bool,
    pub(super) report: Option<Report>,
    pub(super) clock: Arc<dyn Clock>,
    file: Option<SettingsFile>,
    settings_report: Option<SettingsReport>,
}

impl DualRun {
    /// A run by these rules, which counts the feeds that they name.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let counters = Counters::of(rules.feeds());
        Self(Arc::new(Shared {
            rules: ArcSwap::from_pointee(rules),
            setting: AtomicU8::new(0),
            counters,
            compare: ArcSwap::from_pointee(Compare::new()),
            shadows_writes: false,
            report: None,
            clock: Arc::new(SystemClock),
            file: None,
            settings_report: None,
        }))
    }

    /// A run by a settings file, which counts the feeds that it names.
    #[must_use]
    pub fn from_settings(settings: &Settings) -> Self {
        let run = Self::new(settings.rules().clone());
        run.apply(settings);
        run
    }

    /// Looks at a settings file with each call, at most once a second, and goes by it from the call on that finds it
    /// changed. A file that is broken or gone at that moment changes nothing, and is told once. Before clones are out.
    ///
    /// A look asks the operating system for a length and a moment; the file is read when they changed. A program that
    /// wants neither within its calls asks [`SettingsFile::changed`] by a timer of its own, and [`apply`](Self::apply)s it.
    #[must_use]
    pub fn following(self, file: SettingsFile) -> Self {
        self.with(|shared| shared.file = Some(file))
    }

    /// Hears which settings were taken over from the file, and why they were not.
    #[must_use]
    pub fn with_settings_report(
        self,
        report: impl Fn(Result<&Settings, &Error>) + Send + Sync + 'static,
    ) -> Self {
        self.with(|shared| shared.settings_report = Some(Arc::new(report)))
    }

    /// Counts these feeds. Before clones are out, as all that begins with `with`.
    #[must_use]
    pub fn with_counters(self, counters: Counters) -> Self {
        self.with(|shared| shared.counters = counters)
    }

    /// Compares by other rules.
    #[must_use]
    pub fn with_compare(self, compare: Compare) -> Self {
        self.with(|shared| shared.compare = ArcSwap::from_pointee(compare))
    }

    /// Hears how answers differ.
    #[must_use]
    pub fn with_report(self, report: impl Fn(&ShadowReport) + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.report = Some(Arc::new(report)))
    }

    /// By another clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        self.with(|shared| shared.clock = clock)
    }

    /// Calls both sides for writing calls too.
    ///
    /// # Security
    /// Then each video is uploaded twice, each entry made and each deleted twice. For a server of one's own only.
    #[must_use]
    pub fn dangerously_shadow_writes(self) -> Self {
        self.with(|shared| shared.shadows_writes = true)
    }

    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            change(shared);
        }
        self
    }

    /// Goes by these settings from the next call on: rules, the one setting above them, what is compared, and more feeds
    /// to count. What was counted stays.
    pub fn apply(&self, settings: &Settings) {
        self.0.counters.count_feeds(settings.feeds());
        // A roll-back holds before the rest changes, and ends after it: in between nothing goes where neither says.
        if settings.override_now() != Override::None {
            self.set_override(settings.override_now());
        }
        self.0.compare.store(Arc::new(settings.compare().clone()));
        self.set_rules(settings.rules().clone());
        self.set_override(settings.override_now());
    }

    /// Takes over what the file says, if it has changed.
    pub(super) fn look(&self) {
        let Some(file) = &self.0.file else {
            return;
        };
        let found = match file.changed_by(self.0.clock.now()) {
            Ok(None) => return,
            Ok(Some(settings)) => {
                self.apply(&settings);
                Ok(settings)
            }
            Err(cause) => Err(cause),
        };
        if let Some(report) = &self.0.settings_report {
            report(found.as_ref());
        }
    }

    /// Goes by other rules from the next call on.
    pub fn set_rules(&self, rules: Rules) {
        self.0.rules.store(Arc::new(rules));
    }

    /// Puts one setting above all rules from the next call on: [`Override::Old`] rolls back.
    pub fn set_override(&self, setting: Override) {
        let number = match setting {
            Override::None => 0,
            Override::Old => 1,
            Override::New => 2,
        };
        self.0.setting.store(number, Ordering::Relaxed);
    }

    /// What stands above the rules.
    #[must_use]
    pub fn override_now(&self) -> Override {
        match self.0.setting.load(Ordering::Relaxed) {
            1 => Override::Old,
            2 => Override::New,
            _ => Override::None,
        }
    }

    /// What has been counted.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// A client of one user over both sides.
    #[must_use]
    pub fn client<N: Transport, O: Transport>(
        &self,
        user: impl Into<String>,
        new: N,
        old: O,
    ) -> DualClient<N, O> {
        DualClient::new(self.clone(), user.into(), new, old)
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.0
    }

    pub(super) fn choose(&self, user: &str, address: &str) -> Choice {
        let alone = |side| Choice {
            side,
            fall_back: FallBack::Never,
            shadow: false,
        };
        match self.override_now() {
            Override::Old => alone(Side::Old),
            Override::New => alone(Side::New),
            Override::None => self.0.rules.load().choose(user, address),
        }
    }
}

impl fmt::Debug for DualRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DualRun")
            .field("override", &self.override_now())
            .finish_non_exhaustive()
    }
}
