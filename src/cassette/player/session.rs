//! What one run of a client has said so far: which live value stands where, what was made up, what has run out.

use std::collections::HashMap;

use super::index::{Group, Held};
use crate::time::Timestamp;

/// The state of one replay.
#[derive(Default)]
pub(super) struct Session {
    /// Recorded text to the client's own, for secrets that the client brought along.
    to_live: HashMap<String, String>,
    to_recorded: HashMap<String, String>,
    /// Recorded to live, for what a client makes up and expects back.
    pub(super) echoed: HashMap<String, String>,
    /// `code_challenge`s of consents in this run, the newest last.
    challenges: Vec<String>,
    /// The challenge that a code was asked for with.
    codes: HashMap<String, String>,
    /// When a token that was handed out ends.
    pub(super) ends: HashMap<String, Timestamp>,
    /// Where in the cassette an ordered replay stands.
    pub(super) position: usize,
    /// States of scenarios.
    pub(super) scenarios: HashMap<String, String>,
}

/// Bindings that a match would add.
pub(super) type Fresh = Vec<(String, String)>;

impl Session {
    /// Whether the secrets of a live request can be those of a group; yields what that would bind.
    pub(super) fn unify(
        &self,
        group: &Group,
        live: &[(crate::cassette::SecretKind, String)],
    ) -> Option<Fresh> {
        let mut fresh: Fresh = Vec::new();
        for (secret, (_, live)) in group.secrets.iter().zip(live) {
            let recorded = &*secret.text;
            let bound = |wanted: &str, fresh: &Fresh| {
                let new = fresh.iter().find(|(one, _)| one == wanted);
                new.map(|(_, live)| live.clone())
                    .or_else(|| self.to_live.get(wanted).cloned())
            };
            match secret.held {
                Held::Ignored => {}
                Held::Fixed => {
                    // What was handed out anew, such as an ID token, comes back in its new form.
                    let expected = self.to_live.get(recorded).map_or(recorded, String::as_str);
                    if expected != live {
                        return None;
                    }
                }
                Held::Free => match bound(recorded, &fresh) {
                    Some(known) if known == *live => {}
                    Some(_) => return None,
                    None => {
                        let taken = self
                            .to_recorded
                            .get(live)
                            .is_some_and(|other| other != recorded)
                            || fresh.iter().any(|(_, other)| other == live);
                        if taken {
                            return None;
                        }
                        fresh.push((recorded.to_owned(), live.clone()));
                    }
                },
            }
        }
        Some(fresh)
    }

    pub(super) fn bind(&mut self, fresh: Fresh) {
        for (recorded, live) in fresh {
            // What is handed out anew takes the place of what was before, so that a long run does not grow.
            if let Some(old) = self.to_live.insert(recorded.clone(), live.clone()) {
                self.to_recorded.remove(&old);
            }
            self.to_recorded.insert(live, recorded);
        }
    }

    /// The recorded text that a live one stands for; itself where none is bound.
    pub(super) fn recorded<'t>(&'t self, live: &'t str) -> &'t str {
        self.to_recorded.get(live).map_or(live, String::as_str)
    }

    /// The live text that a recorded one stands for, where one is bound.
    pub(super) fn live(&self, recorded: &str) -> Option<&str> {
        self.to_live.get(recorded).map(String::as_str)
    }

    /// Keeps the challenge of a consent, and the code that its answer hands out.
    pub(super) fn challenged(&mut self, challenge: &str, code: Option<&str>) {
        if self.challenges.len() == MAX_CHALLENGES {
            self.challenges.remove(0);
        }
        self.challenges.push(challenge.to_owned());
        if let Some(code) = code {
            self.codes.insert(code.to_owned(), challenge.to_owned());
        }
    }

    /// The challenges that a verifier beside this code may answer: its own, or any of this run.
    pub(super) fn challenges(&self, code: Option<&str>) -> Vec<String> {
        match code.and_then(|code| self.codes.get(code)) {
            Some(own) => vec![own.clone()],
            None => self.challenges.clone(),
        }
    }
}

/// As many consents as may be under way at once.
const MAX_CHALLENGES: usize = 64;
