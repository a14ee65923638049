//! The work itself: learn every interaction, then rewrite them all.

use std::{collections::HashSet, fmt};

use super::{
    Leaks, Redaction, edit,
    field::{Eyes, Field, Sight},
    judge::{Goal, Judge},
    ledger::Ledger,
    resign,
    slot::Slot,
    standin,
    sweep::Sweep,
    watch::{Purpose, Watch},
};
use crate::cassette::{Cassette, Interaction, SecretKind, StandIn};

/// A recording without its secrets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Redacted {
    /// The recording; its [`stand_ins`](Cassette::stand_ins) tell what was replaced.
    pub cassette: Cassette,
    /// What is worth knowing, a line each: secrets too short to be looked for everywhere, signatures that could not be
    /// made anew. No value is in it.
    pub notes: Vec<String>,
}

/// Learns the secrets of a recording, then takes them out.
///
/// What it makes depends on the order in which interactions are learned, and on nothing else.
pub struct Redactor<'r> {
    redaction: &'r Redaction,
    ledger: Ledger,
    learned: usize,
    notes: Vec<String>,
}

impl<'r> Redactor<'r> {
    pub(super) fn new(redaction: &'r Redaction) -> Self {
        let mut ledger = Ledger::default();
        for value in &redaction.values {
            if !value.expose().is_empty() {
                ledger.learn(value.expose().as_bytes(), SecretKind::Other, false, true);
            }
        }
        Self {
            redaction,
            ledger,
            learned: 0,
            notes: Vec::new(),
        }
    }

    /// Keeps the stand-ins that a recording has already: they are no secrets.
    pub fn keep(&mut self, stand_ins: &[StandIn]) {
        self.ledger.keep(stand_ins);
    }

    /// Learns the secrets of the next interaction.
    pub fn learn(&mut self, interaction: &Interaction) {
        self.learned += 1;
        if self.redaction.keeps_secrets {
            return;
        }
        let mut harvest = Harvest {
            judge: &self.redaction.judge,
            goal: Goal::of(&interaction.request),
            ledger: &mut self.ledger,
            notes: &mut self.notes,
            number: self.learned,
        };
        for slot in Slot::all(interaction) {
            // What cannot be read is told by the look at the end.
            if let Ok(Some(content)) = slot.read(interaction) {
                content.walk(slot.spot(), &mut harvest);
            }
        }
    }

    /// Redacts a recording whose interactions were all learned.
    ///
    /// # Errors
    /// [`Leaks`] when a field that is not known holds what looks like a secret: then nothing may be written.
    pub fn finish(mut self, mut cassette: Cassette) -> Result<Redacted, Leaks> {
        if self.redaction.keeps_secrets {
            let notes = vec!["secrets are kept: nothing was redacted".to_owned()];
            return Ok(Redacted { cassette, notes });
        }
        self.ledger.seal(&|look| each_text(&cassette, look));
        self.tokens();
        let sweep = Sweep::of(&self.ledger);
        let mut swap = Swap {
            judge: &self.redaction.judge,
            goal: Goal::default(),
            sweep: &sweep,
        };
        for interaction in &mut cassette.interactions {
            swap.goal = Goal::of(&interaction.request);
            rewrite(interaction, &mut swap);
        }
        if let Some(tool) = &cassette.recorded_with {
            let edits = sweep.edits(tool.as_bytes());
            let new = edit::apply(tool.as_bytes(), edits);
            cassette.recorded_with = Some(String::from_utf8_lossy(&new).into_owned());
        }
        let new = told(&self.ledger, &sweep);
        cassette.stand_ins.extend(new);
        if let Some(keys) = &self.redaction.keys {
            self.notes.extend(resign::requests(&mut cassette, keys));
        }
        self.check(&cassette)?;
        Ok(Redacted {
            cassette,
            notes: self.notes,
        })
    }

    /// The stand-ins of JSON Web Tokens: their claims may hold other secrets, and a signature may be made anew.
    fn tokens(&mut self) {
        let sweep = Sweep::of(&self.ledger);
        let mut swept = Vec::new();
        for (at, entry) in self.ledger.entries().iter().enumerate() {
            let end = memchr::memrchr(b'.', &entry.stand_in);
            if let Some(end) = end.filter(|_| entry.kind == SecretKind::Jwt && !entry.derived) {
                let head = &entry.stand_in[..end];
                let new = edit::apply(head, sweep.edits(head));
                swept.push((at, [&new, &entry.stand_in[end..]].concat()));
            }
        }
        for (at, stand_in) in swept {
            self.ledger.entries_mut()[at].stand_in = stand_in;
        }
        if let Some(keys) = &self.redaction.keys {
            let left = resign::tokens(&mut self.ledger, keys);
            if left > 0 {
                self.notes.push(format!(
                    "{left} JSON Web Tokens are not signed anew: expected RS256, got another algorithm"
                ));
            }
        }
    }

    fn check(&self, cassette: &Cassette) -> Result<(), Leaks> {
        let made = self
            .ledger
            .entries()
            .iter()
            .map(|entry| entry.stand_in.clone());
        let told = cassette
            .stand_ins
            .iter()
            .map(|one| one.text.clone().into_bytes());
        let stand_ins: HashSet<Vec<u8>> = made
            .chain(self.ledger.older().cloned())
            .chain(told)
            .collect();
        let watch = Watch::new(&self.redaction.judge, stand_ins, Purpose::Stop);
        let looks = cassette.interactions.iter().enumerate();
        let leaks: Vec<_> = looks
            .flat_map(|(at, interaction)| watch.look(interaction, at + 1))
            .collect();
        match leaks.is_empty() {
            true => Ok(()),
            false => Err(Leaks { leaks }),
        }
    }
}

/// How many secrets it knows, and none of them.
impl fmt::Debug for Redactor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("learned", &self.learned)
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}

/// Every text of a recording, for a look at all of it.
fn each_text(cassette: &Cassette, look: &mut dyn FnMut(&[u8])) {
    for interaction in &cassette.interactions {
        for slot in Slot::all(interaction) {
            if let Ok(Some(content)) = slot.read(interaction) {
                look(&content.text);
            }
        }
    }
}

/// The stand-ins that came into use, in the order of the ledger.
fn told(ledger: &Ledger, sweep: &Sweep<'_>) -> Vec<StandIn> {
    let entries = ledger.entries().iter().enumerate();
    entries
        .filter(|(at, entry)| !entry.derived && sweep.was_met(*at))
        .map(|(_, entry)| {
            let text = String::from_utf8_lossy(&entry.stand_in).into_owned();
            StandIn::new(text, entry.kind, entry.issued)
        })
        .collect()
}

fn rewrite(interaction: &mut Interaction, swap: &mut Swap<'_>) {
    for slot in Slot::all(interaction) {
        // Left as it is where it cannot be read: the look at the end stops the save.
        let Ok(Some(content)) = slot.read(interaction) else {
            continue;
        };
        let edits = content.walk(slot.spot(), swap);
        let swapped = match edits.is_empty() {
            true => content.text.clone().into_owned(),
            false => edit::apply(&content.text, edits),
        };
        let mut new = edit::apply(&swapped, swap.sweep.edits(&swapped));
        if is_cut_off(slot, interaction)
            && let Some(edit) = swap.sweep.torn(&new)
        {
            new = edit::apply(&new, vec![edit]);
        }
        if new != *content.text && slot.write(interaction, new).is_ok() {
            rehash(slot, interaction);
        }
    }
}

/// Whether only the begin of a body is there.
fn is_cut_off(slot: Slot, interaction: &Interaction) -> bool {
    let whole = match slot {
        Slot::RequestBody => interaction.request.body.truncated_from,
        Slot::ResponseBody => interaction
            .response()
            .and_then(|response| response.body.truncated_from),
        _ => None,
    };
    whole.is_some()
}

/// A hash of a body is as good as the body to whoever can guess what is missing in it.
fn rehash(slot: Slot, interaction: &mut Interaction) {
    let headers = match slot {
        Slot::RequestBody => &mut interaction.request.headers,
        Slot::ResponseBody => match interaction.response_mut() {
            Some(response) => &mut response.headers,
            None => return,
        },
        _ => return,
    };
    for (name, value) in headers.iter_mut() {
        let is = |hash: &str| name.eq_ignore_ascii_case(hash.as_bytes());
        if HASHES.iter().any(|hash| is(hash)) && !standin::is_marked(value) {
            *value = standin::stand_in(SecretKind::Signature, value, 1, 0).into();
        }
    }
}

/// Collects.
struct Harvest<'h> {
    judge: &'h Judge,
    goal: Goal,
    ledger: &'h mut Ledger,
    notes: &'h mut Vec<String>,
    number: usize,
}

impl Eyes for Harvest<'_> {
    fn see(&mut self, field: &Field<'_>) -> Sight {
        if field.name.eq_ignore_ascii_case("code_challenge") {
            self.ledger.challenge(field.value);
        }
        if self.ledger.is_stand_in(field.value) {
            return Sight::Done;
        }
        if self.judge.allows(&self.goal, field) {
            return Sight::Deeper;
        }
        let mut whole = false;
        for piece in self.judge.secrets(&self.goal, field) {
            let value = &field.value[piece.at.clone()];
            if self.ledger.is_stand_in(value) {
                continue;
            }
            whole |= value.len() == field.value.len();
            let issued = field.spot.is_answer();
            if self
                .ledger
                .learn(value, piece.kind, issued, piece.everywhere)
            {
                let (number, spot) = (self.number, field.spot);
                let name = super::leak::shown(field.name);
                self.notes.push(format!(
                    "interaction {number}: {spot}: {name}: too short or too common to be looked \
                     for elsewhere: it is replaced in its fields alone"
                ));
            }
        }
        // The claims of a token are fields of their own.
        match whole && super::anatomy::jwt_parts(field.value).is_none() {
            true => Sight::Done,
            false => Sight::Deeper,
        }
    }
}

/// Puts stand-ins in their fields.
struct Swap<'s> {
    judge: &'s Judge,
    goal: Goal,
    sweep: &'s Sweep<'s>,
}

impl Eyes for Swap<'_> {
    fn see(&mut self, field: &Field<'_>) -> Sight {
        if field.name.is_empty() || self.judge.allows(&self.goal, field) {
            return Sight::Deeper;
        }
        let pieces = self.judge.secrets(&self.goal, field).into_iter();
        let edits: Vec<edit::Edit> = pieces
            .filter_map(|piece| {
                let new = self.sweep.stand_in(&field.value[piece.at.clone()])?;
                Some(edit::Edit::new(piece.at, new))
            })
            .collect();
        match edits.is_empty() {
            true => Sight::Deeper,
            false => Sight::Put(edit::apply(field.value, edits)),
        }
    }
}

/// Headers that hold a hash of the body.
const HASHES: &[&str] = &[
    "content-md5",
    "digest",
    "content-digest",
    "repr-digest",
    "x-goog-hash",
    "x-amz-content-sha256",
];
