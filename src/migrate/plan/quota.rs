//! What a day of calls costs at YouTube, which is the one API here whose prices are known.
//!
//! The pool is the project's, and not the user's: all users draw from it (migration.md 0.6 and 2.5).

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CallLog, Days};
use crate::migrate::catalogue::{Call, Catalogue, Fit};

/// The estimate.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Quota {
    /// Units on the busiest day.
    pub units_peak: u64,
    /// Units on a day on average, over all days from the first call to the last.
    pub units_average: u64,
    /// Units that a project has for a day.
    pub units_allowed: u64,
    /// Calls with a bucket of their own.
    pub buckets: Vec<Bucket>,
    /// Whether more has to be asked for.
    pub more: bool,
    /// Calls that could not be priced: without a day, or in no row.
    pub unpriced: u64,
    /// Prices that nobody confirmed, by the call.
    pub unverified: Vec<String>,
}

/// A call of v3 with a bucket of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Bucket {
    /// The call.
    pub call: String,
    /// Calls on the busiest day.
    pub peak: u64,
    /// Calls that a project has for a day.
    pub allowed: u64,
}

/// What a project has (migration.md 2.5).
const POOL: u64 = 10_000;

/// What one call costs.
#[derive(Debug, PartialEq, Eq)]
struct Price {
    units: u64,
    /// Calls a day of its own.
    own: Option<u64>,
}

/// The estimate, where YouTube was called.
pub(super) fn estimate(catalogue: &Catalogue, log: &CallLog) -> Option<Quota> {
    let seen = log.services.get("youtube")?;
    let mut quota = Quota {
        units_allowed: POOL,
        unpriced: seen.unlisted + seen.unclear,
        ..Quota::default()
    };
    let mut by_day: BTreeMap<i64, u64> = BTreeMap::new();
    let mut buckets: BTreeMap<String, (u64, BTreeMap<i64, u64>)> = BTreeMap::new();
    for (name, days) in &seen.calls {
        let row = catalogue
            .youtube_calls()
            .iter()
            .find(|call| call.title() == name);
        let Some(row) = row.filter(|row| row.fit() != Fit::None) else {
            continue;
        };
        let Some(price) = row.quota().and_then(price) else {
            quota.unpriced += days.total();
            continue;
        };
        quota.unpriced += days.undated();
        if row.is_unverified("quota") {
            quota.unverified.push(name.clone());
        }
        spread(days, price.units, &mut by_day);
        if let (Some(allowed), Some(call)) = (price.own, row.v3().next()) {
            let (_, own) = buckets
                .entry(call.to_owned())
                .or_insert((allowed, BTreeMap::new()));
            spread(days, 1, own);
        }
    }
    quota.units_peak = by_day.values().copied().max().unwrap_or_default();
    let total = by_day
        .values()
        .fold(0_u64, |sum, units| sum.saturating_add(*units));
    quota.units_average = total.div_ceil(log.length_days().max(1));
    let peaks = buckets.into_iter().map(|(call, (allowed, days))| Bucket {
        call,
        peak: days.values().copied().max().unwrap_or_default(),
        allowed,
    });
    quota.buckets = peaks.collect();
    quota.more = quota.units_peak > POOL || quota.buckets.iter().any(|own| own.peak > own.allowed);
    Some(quota)
}

/// Calls of YouTube that were seen, with their rows.
pub(super) fn rows<'c>(catalogue: &'c Catalogue, log: &CallLog) -> Vec<(&'c Call, u64)> {
    let Some(seen) = log.services.get("youtube") else {
        return Vec::new();
    };
    let rows = catalogue.youtube_calls().iter();
    rows.filter_map(|call| {
        let days = seen.calls.get(call.title())?;
        Some((call, days.total()))
    })
    .collect()
}

fn spread(days: &Days, units: u64, into: &mut BTreeMap<i64, u64>) {
    for (day, count) in days.iter() {
        let sum = into.entry(day).or_default();
        *sum = sum.saturating_add(count.saturating_mul(units));
    }
}

/// Reads a price as the table writes it: `1`, `1 + 1`, `50, 200` (both at the most), `100 calls a day of its own, then 1`.
fn price(text: &str) -> Option<Price> {
    const OWN: &str = " calls a day of its own";
    if let Some((own, rest)) = text.split_once(OWN) {
        let units = match rest.strip_prefix(", then ") {
            Some(units) => units.parse().ok()?,
            None if rest.is_empty() => 0,
            None => return None,
        };
        return Some(Price {
            units,
            own: Some(own.parse().ok()?),
        });
    }
    let parts = text
        .split([',', '+'])
        .map(|part| part.trim().parse::<u64>());
    let units = parts.sum::<Result<u64, _>>().ok()?;
    Some(Price { units, own: None })
}

#[cfg(test)]
mod tests {
    use super::{Price, price};

    #[test]
    fn reads_every_form_of_a_price() {
        for (text, units, own) in [
            ("1", 1, None),
            ("1 + 1", 2, None),
            ("50, 200", 250, None),
            ("100 calls a day of its own", 0, Some(100)),
            ("100 calls a day of its own, then 1", 1, Some(100)),
        ] {
            assert_eq!(price(text), Some(Price { units, own }), "{text}");
        }
        for text in ["", "many", "-1", "100 calls a day of its own and more"] {
            assert_eq!(price(text), None, "{text}");
        }
    }
}
