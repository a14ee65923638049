//! Units that projects have spent today.
//!
//! Google's day ends at midnight Pacific time; this one's at midnight UTC, so that tests need no table of
//! time zones.

use std::collections::HashMap;

use crate::time::Timestamp;

/// By project, the day of the last call and what was spent on it.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Quota(HashMap<String, (i64, u32)>);

impl Quota {
    /// Projects beyond this many push out those of other days, and when all are of today, all.
    const MAX: usize = 10_000;

    /// Whether `cost` units are left; without a limit they always are.
    pub(super) fn has_room(
        &self,
        project: &str,
        cost: u32,
        limit: Option<u32>,
        now: Timestamp,
    ) -> bool {
        let spent = match self.0.get(project) {
            Some((day, spent)) if *day == day_of(now) => *spent,
            _ => 0,
        };
        cost == 0 || limit.is_none_or(|limit| spent.saturating_add(cost) <= limit)
    }

    pub(super) fn spend(&mut self, project: String, cost: u32, now: Timestamp) {
        if cost == 0 {
            return;
        }
        let today = day_of(now);
        if self.0.len() >= Self::MAX && !self.0.contains_key(&project) {
            self.0.retain(|_, (day, _)| *day == today);
            if self.0.len() >= Self::MAX {
                self.0.clear();
            }
        }
        let (day, spent) = self.0.entry(project).or_insert((today, 0));
        if *day != today {
            (*day, *spent) = (today, 0);
        }
        *spent = spent.saturating_add(cost);
    }
}

fn day_of(now: Timestamp) -> i64 {
    now.unix_seconds().div_euclid(86_400)
}
