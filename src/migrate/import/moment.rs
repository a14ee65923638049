//! Moments as old libraries wrote them down.

use jiff::{
    ToSpan,
    civil::{self, DateTime},
    tz::TimeZone,
};
use serde_json::Value;

use crate::time::Timestamp;

/// A moment in any of the forms: RFC 3339, the same without an offset (then UTC), seconds or milliseconds since
/// 1970, or the nine numbers of Rust's `time`.
pub(super) fn read(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => of_text(text),
        Value::Number(number) => {
            let seconds = number.as_i64().or_else(|| number.as_f64().map(whole))?;
            Some(of_number(seconds))
        }
        Value::Array(parts) => of_parts(parts),
        _ => None,
    }
}

pub(super) fn of_text(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return real(moment);
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(of_number(seconds));
    }
    let civil: DateTime = text.parse().ok()?;
    let moment = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
    real(Timestamp::from_unix_seconds(moment.as_second()))
}

/// Milliseconds are told from seconds by their size: as seconds they would lie behind the year 5000.
pub(super) fn of_number(number: i64) -> Timestamp {
    let seconds = match number.unsigned_abs() > 100_000_000_000 {
        true => number / 1000,
        false => number,
    };
    Timestamp::from_unix_seconds(seconds)
}

/// Go writes the year 1 for none.
fn real(moment: Timestamp) -> Option<Timestamp> {
    Some(moment).filter(|moment| moment.unix_seconds() > 0)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float saturates, and the fraction is not wanted"
)]
fn whole(number: f64) -> i64 {
    number as i64
}

/// Year, day of the year, hour, minute, second, nanosecond, and the offset's hours, minutes and seconds.
fn of_parts(parts: &[Value]) -> Option<Timestamp> {
    let numbers: Vec<i64> = parts.iter().map(Value::as_i64).collect::<Option<_>>()?;
    let [year, day, hour, minute, second, _, offset @ ..] = numbers.as_slice() else {
        return None;
    };
    let first = civil::date(i16::try_from(*year).ok()?, 1, 1);
    if !(1..=9999).contains(year) || !(1..=366).contains(day) {
        return None;
    }
    let date = first.checked_add((day - 1).days()).ok()?;
    let small = |number: &i64| i8::try_from(*number).ok();
    let time = civil::Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    let moment = date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?;
    let [hours, minutes, seconds] = match offset {
        [hours, minutes, seconds] => [*hours, *minutes, *seconds],
        _ => [0; 3],
    };
    let sane = [hours, minutes, seconds]
        .iter()
        .all(|part| part.abs() < 100);
    let east = hours.checked_mul(3600)? + minutes.checked_mul(60)?.checked_add(seconds)?;
    let at = moment.timestamp().as_second() - east;
    sane.then(|| Timestamp::from_unix_seconds(at))
}
