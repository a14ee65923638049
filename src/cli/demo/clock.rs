//! A clock that runs with the machine's, and can be put forward.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::{
    system::{Clock, SystemClock},
    time::Timestamp,
};

/// Clones tell the same time.
#[derive(Clone, Debug, Default)]
pub(super) struct MovableClock {
    ahead_seconds: Arc<AtomicU64>,
}

impl MovableClock {
    pub(super) fn forward(&self, seconds: u64) {
        self.ahead_seconds.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let ahead = self.ahead_seconds.load(Ordering::Relaxed);
        SystemClock.now().after(Duration::from_secs(ahead))
    }
}
