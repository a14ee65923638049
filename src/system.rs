//! The only module that reads the clock, the random source and the environment.
//!
//! Everything else takes a [`Timestamp`], a [`Stamp`] or one of the two traits below, so tests pin
//! them (`tests/support/world.rs`).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    scheme::oauth2::AdcEnvironment,
    time::{Stamp, Timestamp},
};

/// Tells the time.
///
/// Implemented for closures, so a test's clock is `|| Timestamp::from_unix_seconds(1_300_000_000)`.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

impl<F: Fn() -> Timestamp + Send + Sync> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}

/// Measures spans.
///
/// Implemented for closures, as [`Clock`] is.
pub trait Stopwatch: Send + Sync {
    /// The time since a moment that stays the same for all calls; it never goes back.
    fn elapsed(&self) -> Duration;
}

impl<F: Fn() -> Duration + Send + Sync> Stopwatch for F {
    fn elapsed(&self) -> Duration {
        self()
    }
}

/// The machine's own, running since it was made.
#[derive(Clone, Copy, Debug)]
pub struct SystemStopwatch(Instant);

impl SystemStopwatch {
    /// Starts it.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the library that starts a watch"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Stopwatch for SystemStopwatch {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Gives unpredictable bytes.
///
/// # Security
/// Tokens and nonces are made of these. Everything but a test uses [`SystemRandomness`].
pub trait Randomness: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

impl<T: Randomness + ?Sized> Randomness for Arc<T> {
    fn fill(&self, bytes: &mut [u8]) {
        (**self).fill(bytes);
    }
}

/// So many random bytes, such as the [`Entropy`](crate::oauth2::Entropy) of a consent.
#[must_use]
pub fn random<const SIZE: usize>(randomness: &dyn Randomness) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    randomness.fill(&mut bytes);
    bytes
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::default().after(since_epoch)
    }
}

/// The operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    /// # Panics
    /// When the operating system has no random source: there is no safe way to go on.
    #[expect(
        clippy::disallowed_methods,
        clippy::panic,
        reason = "the one place that reads the random source; without it nothing safe can be done"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(cause) = getrandom::fill(bytes) {
            panic!("the operating system gives no random bytes: {cause}");
        }
    }
}

/// Makes a fresh [`Stamp`] for every signed request.
#[derive(Clone)]
pub struct Stamps {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
}

impl Stamps {
    /// From the machine's clock and random source.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(SystemRandomness))
    }

    /// From the given clock and randomness.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        Self { clock, randomness }
    }

    /// The present moment with a random 64-bit nonce.
    #[must_use]
    pub fn next(&self) -> Stamp {
        let mut bytes = [0; 8];
        self.randomness.fill(&mut bytes);
        Stamp::numbered(self.clock.now(), u64::from_be_bytes(bytes))
    }
}

impl std::fmt::Debug for Stamps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stamps")
    }
}

/// Reads the variables that Application Default Credentials go by.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the library that reads the environment"
)]
pub fn adc_environment() -> AdcEnvironment {
    let read = |name: &str| std::env::var(name).ok();
    AdcEnvironment {
        credentials: read("GOOGLE_APPLICATION_CREDENTIALS"),
        cloudsdk_config: read("CLOUDSDK_CONFIG"),
        appdata: read("APPDATA").filter(|_| cfg!(windows)),
        home: read("HOME"),
        quota_project: read("GOOGLE_CLOUD_QUOTA_PROJECT"),
        metadata_host: read("GCE_METADATA_HOST"),
        no_gce_check: read("NO_GCE_CHECK").is_some_and(|value| value.eq_ignore_ascii_case("true")),
    }
}

/// What the environment says about cassettes in tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "two variables")]
pub struct CassetteEnvironment {
    /// `GDATA_AUTH_CASSETTE`: `record`, `replay`, `once`, `new` or `check`.
    pub mode: Option<String>,
    /// Whether `CI` is set, to anything but nothing, `0` or `false`.
    pub ci: bool,
}

/// Reads the variables that tests with cassettes go by.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the library that reads the environment"
)]
pub fn cassette_environment() -> CassetteEnvironment {
    let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    CassetteEnvironment {
        mode: read("GDATA_AUTH_CASSETTE"),
        ci: read("CI").is_some_and(|value| value != "0" && !value.eq_ignore_ascii_case("false")),
    }
}
