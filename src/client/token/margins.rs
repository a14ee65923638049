//! When a token is old enough to be replaced, and when it is too old to be used.
//!
//! ```text
//! received ────────────── refresh_at ───────── block_at ── expires_at
//!    use it      │   use it, and get the next  │  wait for the next
//! ```
//!
//! The first margin is the one by which google-auth goes, 225 s; both shrink for tokens that live less than ten
//! minutes, so that such a one is not replaced with every request (oauth2.md 3.2).

use std::time::Duration;

use crate::time::Timestamp;

/// How long before its end a token is replaced.
const EARLY: Duration = Duration::from_secs(225);
/// How long before its end a token is no longer used.
const LATE: Duration = Duration::from_secs(30);
/// Below this lifetime both margins shrink with it.
const SHORT: Duration = Duration::from_secs(600);

/// The two moments of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Margins {
    pub(super) refresh_at: Timestamp,
    pub(super) block_at: Timestamp,
}

impl Margins {
    /// Of a token that ends, received at `now`. `jitter` spreads the first moment by a tenth of the margin to either
    /// side, so that many processes do not all ask at once; it is any random number.
    pub(super) fn of(expires_at: Option<Timestamp>, now: Timestamp, jitter: u16) -> Self {
        let Some(end) = expires_at else {
            // Nobody knows its end: it is good until a server refuses it.
            let never = Timestamp::from_unix_seconds(i64::MAX);
            return Self {
                refresh_at: never,
                block_at: never,
            };
        };
        let lifetime = Duration::from_secs(
            u64::try_from(end.unix_seconds().saturating_sub(now.unix_seconds())).unwrap_or(0),
        );
        let scaled = |margin: Duration| {
            let share = lifetime.min(SHORT).as_secs_f64() / SHORT.as_secs_f64();
            margin.mul_f64(share).as_secs()
        };
        let (early, late) = (scaled(EARLY), scaled(LATE));
        let spread = i64::try_from(early / 10).unwrap_or(0);
        let offset = i64::from(jitter) % (2 * spread + 1) - spread;
        let before = |seconds: u64| {
            let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
            end.unix_seconds().saturating_sub(seconds)
        };
        Self {
            refresh_at: Timestamp::from_unix_seconds(before(early).saturating_add(offset)),
            block_at: Timestamp::from_unix_seconds(before(late)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn margins(lifetime: i64, jitter: u16) -> (i64, i64) {
        let now = Timestamp::from_unix_seconds(0);
        let end = Timestamp::from_unix_seconds(lifetime);
        let margins = Margins::of(Some(end), now, jitter);
        (
            lifetime - margins.refresh_at.unix_seconds(),
            lifetime - margins.block_at.unix_seconds(),
        )
    }

    #[test]
    fn an_hours_token_is_replaced_about_225_seconds_early() {
        let all: Vec<(i64, i64)> = (0..45).map(|jitter| margins(3_600, jitter)).collect();
        assert_eq!(all.iter().map(|both| both.0).min(), Some(203));
        assert_eq!(all.iter().map(|both| both.0).max(), Some(247));
        assert!(all.iter().all(|both| both.1 == 30));
    }

    #[test]
    fn margins_of_short_tokens_shrink_with_them() {
        assert_eq!(margins(60, 2).1, 3);
        assert!((20..=24).contains(&margins(60, 2).0));
        assert_eq!(margins(1, 9), (0, 0));
        assert_eq!(margins(-5, 9), (0, 0));
    }
}
