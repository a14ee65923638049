//! The last look before anything is written, and the look at cassettes of other people: what is still a secret?

use std::collections::HashSet;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    field::{Eyes, Field, Sight, Spot},
    judge::{Goal, Judge},
    leak::{self, Certainty, Leak, Reason},
    names::{self, Suspicion},
    shapes,
    slot::Slot,
    standin,
};
use crate::cassette::{Interaction, Place};

/// What a look at a recording needs to know.
pub(super) struct Watch<'w> {
    judge: &'w Judge,
    stand_ins: HashSet<Vec<u8>>,
    seeker: Option<AhoCorasick>,
    purpose: Purpose,
}

/// Why somebody looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It was redacted here, and is about to be written.
    Stop,
    /// It is there already, and who made it is not known.
    Inspect,
}

impl<'w> Watch<'w> {
    pub(super) fn new(judge: &'w Judge, stand_ins: HashSet<Vec<u8>>, purpose: Purpose) -> Self {
        let long = stand_ins
            .iter()
            .filter(|text| text.len() >= SHORTEST_STAND_IN);
        let seeker = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(long)
            .ok();
        Self {
            judge,
            seeker,
            stand_ins,
            purpose,
        }
    }

    /// The leaks of one interaction.
    pub(super) fn look(&self, interaction: &Interaction, number: usize) -> Vec<Leak> {
        let mut look = Look {
            watch: self,
            goal: Goal::of(&interaction.request),
            number,
            place: Place::Text,
            name: String::new(),
            leaks: Vec::new(),
        };
        for slot in Slot::all(interaction) {
            look.place = Place::Text;
            look.name.clear();
            match slot.read(interaction) {
                Ok(None) => {}
                Ok(Some(content)) => drop(content.walk(slot.spot(), &mut look)),
                Err(_) => look.unreadable(slot.spot()),
            }
        }
        look.leaks
    }

    /// Whether a text is a stand-in, or one with a little around it.
    fn is_stand_in(&self, text: &[u8]) -> bool {
        if standin::is_marked(text) || self.stand_ins.contains(text) {
            return true;
        }
        let Some(seeker) = &self.seeker else {
            return false;
        };
        let covered: usize = seeker.find_iter(text).map(|found| found.len()).sum();
        covered > 0 && text.len() - covered < SHORTEST_OPAQUE
    }

    fn is_placeholder(&self, text: &[u8]) -> bool {
        match self.purpose {
            Purpose::Stop => names::is_placeholder(text),
            Purpose::Inspect => names::is_likely_placeholder(text),
        }
    }
}

/// One look.
struct Look<'l, 'w> {
    watch: &'l Watch<'w>,
    goal: Goal,
    number: usize,
    /// The field that was seen last: a text belongs to it.
    place: Place,
    name: String,
    leaks: Vec<Leak>,
}

impl Eyes for Look<'_, '_> {
    fn see(&mut self, field: &Field<'_>) -> Sight {
        self.place = field.place;
        self.name.clear();
        self.name.push_str(field.name);
        let watch = self.watch;
        if watch.judge.allows(&self.goal, field) {
            return Sight::Done;
        }
        if standin::is_marked(field.value) || watch.stand_ins.contains(field.value) {
            return Sight::Done;
        }
        if field.name.is_empty() {
            return Sight::Deeper;
        }
        let known: Vec<_> = watch
            .judge
            .secrets(&self.goal, field)
            .into_iter()
            .filter(|piece| {
                let value = &field.value[piece.at.clone()];
                !watch.is_placeholder(value) && !watch.is_stand_in(value)
            })
            .collect();
        if let Some(piece) = known.first() {
            let value = &field.value[piece.at.clone()];
            let reason = Reason::Known(piece.kind);
            self.tell(field.spot, reason, Certainty::Certain, value, None);
            return Sight::Done;
        }
        if field.place == Place::Json && is_key_number(field.name, field.value) {
            let reason = Reason::Shape("a private key in JWK");
            self.tell(field.spot, reason, Certainty::Certain, field.value, None);
            return Sight::Done;
        }
        let taken_apart = field.place == Place::Header && names::is_container(field.name);
        let suspicion =
            names::suspicious(field.name).filter(|_| field.place != Place::Text && !taken_apart);
        let Some(suspicion) = suspicion else {
            return Sight::Deeper;
        };
        if watch.is_placeholder(field.value) || watch.is_stand_in(field.value) {
            return Sight::Done;
        }
        let certainty = match suspicion {
            Suspicion::Sure if is_word(field.value) => Certainty::Certain,
            Suspicion::Sure | Suspicion::Likely if is_opaque(field.value) => Certainty::Likely,
            _ => return Sight::Deeper,
        };
        self.tell(field.spot, Reason::Name, certainty, field.value, None);
        Sight::Done
    }

    fn text(&mut self, spot: Spot, text: &[u8]) {
        if text.len() < SHORTEST_SHAPE {
            return;
        }
        for (shape, at) in shapes::find(text) {
            let value = &text[at];
            if self.watch.is_stand_in(value) || self.watch.is_placeholder(value) {
                continue;
            }
            let reason = Reason::Shape(shape.name);
            self.tell(spot, reason, Certainty::Certain, value, Some(shape.pattern));
        }
    }
}

impl Look<'_, '_> {
    fn tell(
        &mut self,
        spot: Spot,
        reason: Reason,
        certainty: Certainty,
        value: &[u8],
        pattern: Option<&str>,
    ) {
        let excerpt = match self.watch.purpose {
            Purpose::Inspect => leak::excerpt(value),
            Purpose::Stop => format!(
                "{} characters",
                String::from_utf8_lossy(value).chars().count()
            ),
        };
        let leak = Leak {
            interaction: self.number,
            spot,
            place: self.place,
            field: leak::shown(&self.name),
            reason,
            certainty,
            excerpt,
            rule: leak::rule(self.place, &self.name, self.goal.host(), pattern),
        };
        let same = |other: &Leak| {
            other.spot == leak.spot && other.field == leak.field && other.reason == leak.reason
        };
        if !self.leaks.iter().any(same) {
            self.leaks.push(leak);
        }
    }

    fn unreadable(&mut self, spot: Spot) {
        let (place, name) = (Place::Header, "content-encoding");
        let field = Field {
            spot,
            place,
            name,
            value: b"",
        };
        if !self.watch.judge.allows(&self.goal, &field) {
            self.leaks.push(Leak {
                interaction: self.number,
                spot,
                place,
                field: name.to_owned(),
                reason: Reason::Unreadable,
                certainty: Certainty::Likely,
                excerpt: String::new(),
                rule: leak::rule(place, name, self.goal.host(), None),
            });
        }
    }
}

/// Whether a member is one of the secret numbers of a private key in JWK (RFC 7518, 6.3.2).
fn is_key_number(name: &str, value: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    KEY_NUMBERS.contains(&name) && value.len() >= SHORTEST_NUMBER && value.iter().all(letter)
}

/// Whether a value may be a password: one word, not a sentence about it.
fn is_word(value: &[u8]) -> bool {
    let blanks = value
        .iter()
        .filter(|byte| byte.is_ascii_whitespace())
        .count();
    let starts = |mark: &[u8]| value.starts_with(mark);
    value.len() >= SHORTEST_PASSWORD
        && blanks < 2
        && !names::is_empty_word(value)
        && !starts(b"http://")
        && !starts(b"https://")
        && !starts(b"/")
        && !starts(b"urn:")
}

/// Whether a value looks as if a machine had made it up.
fn is_opaque(value: &[u8]) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./+=~:%|!*$".contains(byte);
    if !(SHORTEST_OPAQUE..=LONGEST_OPAQUE).contains(&value.len()) || !value.iter().all(fits) {
        return false;
    }
    if value.windows(3).any(|three| three == b"://") || value.starts_with(b"urn:") {
        return false;
    }
    // A run of letters and digits without a joint that no word and no number is.
    value
        .split(|byte| !byte.is_ascii_alphanumeric())
        .any(|run| {
            let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
            let upper = run.iter().filter(|byte| byte.is_ascii_uppercase()).count();
            let lower = run.len() - digits - upper;
            let turns = run
                .windows(2)
                .filter(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit())
                .count();
            run.len() >= SHORTEST_RUN
                && ((digits > 1 && lower + upper > 1 && turns > 1)
                    || (run.len() >= 16 && upper > 2 && lower > 2)
                    || (run.len() >= 20 && digits == run.len()))
        })
}

const KEY_NUMBERS: &[&str] = &["d", "p", "q", "dp", "dq", "qi"];
const SHORTEST_NUMBER: usize = 40;
const SHORTEST_STAND_IN: usize = 6;
const SHORTEST_SHAPE: usize = 12;
const SHORTEST_PASSWORD: usize = 3;
const SHORTEST_OPAQUE: usize = 12;
const LONGEST_OPAQUE: usize = 8 << 10;
const SHORTEST_RUN: usize = 8;
