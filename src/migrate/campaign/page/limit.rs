//! How many requests a second the page answers: a bucket that fills with time.

use crate::time::Timestamp;

/// A bucket of requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    burst: u32,
    /// Thousandths of a request a second.
    refill: u64,
    /// Thousandths of a request.
    level: u64,
    at: Option<Timestamp>,
}

impl Bucket {
    /// `burst` at once, and then one every so many milliseconds.
    pub(super) fn new(burst: u32, every_milliseconds: u64) -> Self {
        Self {
            burst,
            refill: 1_000_000 / every_milliseconds.max(1),
            level: u64::from(burst) * 1_000,
            at: None,
        }
    }

    /// Takes one; `false` when there is none.
    pub(super) fn take(&mut self, now: Timestamp) -> bool {
        let passed = match self.at {
            Some(at) if now > at => now.distance(at).as_secs(),
            _ => 0,
        };
        self.at = Some(self.at.map_or(now, |at| at.max(now)));
        let most = u64::from(self.burst) * 1_000;
        self.level = most.min(
            self.level
                .saturating_add(passed.saturating_mul(self.refill)),
        );
        match self.level.checked_sub(1_000) {
            Some(rest) => {
                self.level = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_empties_and_fills() {
        let mut bucket = Bucket::new(2, 2_000);
        let at = Timestamp::from_unix_seconds;
        let taken: Vec<bool> = [0, 0, 0, 1, 2, 2, 100, 100, 100]
            .map(|second| bucket.take(at(second)))
            .to_vec();
        assert_eq!(
            taken,
            [true, true, false, false, true, false, true, true, false]
        );
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let mut bucket = Bucket::new(1, 1_000);
        let at = Timestamp::from_unix_seconds;
        assert!(bucket.take(at(100)));
        assert!(!bucket.take(at(50)));
        assert!(!bucket.take(at(100)));
    }
}
