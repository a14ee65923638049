//! Moments of the common log format: `20/Nov/2026:05:00:00 +0000`.
//!
//! Nearly all lines of nearly all logs have this one shape, so that is read by its places; whatever differs in any way
//! goes to the parser of dates.

use jiff::{civil::Date, fmt::strtime};

use crate::time::Timestamp;

const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
const FORMAT: &str = "%d/%b/%Y:%H:%M:%S %z";

/// The moment of a text, if it is one.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    by_places(text.as_bytes()).or_else(|| by_format(text))
}

fn by_format(text: &str) -> Option<Timestamp> {
    let moment = strtime::parse(FORMAT, text).ok()?.to_timestamp().ok()?;
    Some(Timestamp::from_unix_seconds(moment.as_second()))
}

fn by_places(text: &[u8]) -> Option<Timestamp> {
    let &[
        d1,
        d2,
        b'/',
        m1,
        m2,
        m3,
        b'/',
        y1,
        y2,
        y3,
        y4,
        b':',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b' ',
        sign,
        zh1,
        zh2,
        zn1,
        zn2,
    ] = text
    else {
        return None;
    };
    let month = (1..).zip(MONTHS.chunks_exact(3));
    let (month, _) = { month }.find(|(_, name)| *name == [m1, m2, m3])?;
    let year = i16::from(two(y1, y2)?) * 100 + i16::from(two(y3, y4)?);
    let date = Date::new(year, month, two(d1, d2)?).ok()?;
    let of_day = |hours: i8, minutes: i8| {
        (hours < 24 && minutes < 60).then(|| i64::from(hours) * 3_600 + i64::from(minutes) * 60)
    };
    let clock = of_day(two(h1, h2)?, two(n1, n2)?)?;
    let seconds = two(s1, s2).filter(|seconds| *seconds < 60)?;
    let ahead = of_day(two(zh1, zh2)?, two(zn1, zn2)?)?;
    let ahead = match sign {
        b'+' => ahead,
        b'-' => -ahead,
        _ => return None,
    };
    let days = i64::from(Date::constant(1970, 1, 1).until(date).ok()?.get_days());
    let seconds = days * 86_400 + clock + i64::from(seconds) - ahead;
    Some(Timestamp::from_unix_seconds(seconds))
}

fn two(tens: u8, ones: u8) -> Option<i8> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    i8::try_from(digit(tens)? * 10 + digit(ones)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{MONTHS, by_format, by_places};

    #[test]
    fn a_moment_by_its_places_is_the_one_of_the_parser_of_dates() {
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        let mut roll = |sides: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed % sides
        };
        let mut read = 0;
        for _ in 0..20_000 {
            let month = usize::try_from(roll(12)).unwrap_or_default() * 3;
            let month = String::from_utf8_lossy(&MONTHS[month..month + 3]).into_owned();
            let text = format!(
                "{:02}/{month}/{:04}:{:02}:{:02}:{:02} {}{:02}{:02}",
                roll(33),
                1890 + roll(300),
                roll(26),
                roll(62),
                roll(62),
                if roll(2) == 0 { '+' } else { '-' },
                roll(26),
                roll(62),
            );
            // What the places leave alone is the parser's.
            if let Some(moment) = by_places(text.as_bytes()) {
                assert_eq!(Some(moment), by_format(&text), "{text}");
                read += 1;
            }
        }
        assert!(read > 10_000, "{read}");
        for odd in [
            "20/nov/2026:05:00:00 +0000",
            "20/Nov/2026:05:00:00 +00:00",
            "20/Nov/2026:05:00:60 +0000",
            "",
            "é",
        ] {
            assert_eq!(by_places(odd.as_bytes()), None, "{odd}");
        }
    }
}
