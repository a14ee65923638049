//! Redaction: no secret reaches the disk, and the recording still holds together.
//!
//! ```text
//! recording ── learn ──▶ Ledger        the secrets of known fields, wherever they are folded in
//!                          │ seal      a stand-in for each: same length, alphabet and prefix
//! recording ── swap, sweep ◀┘          in their fields, and wherever else they stand: percent, escapes, base64, hex
//!     │ resign                         signatures and assertions made anew with a published key, when asked for
//!     ▼
//!  watch ── Leaks                      whatever still looks like a secret stops the save, and names the rule to add
//!     ▼
//!  Redacted
//! ```
//!
//! A token that one answer hands out and the next request sends has one stand-in, so chains hold. Redaction works on a
//! copy: a client that is being recorded goes on with the real values.
//!
//! [`inspect`] looks at cassettes of any origin with the same eyes.
//!
//! Source: cassettes.md W3, W4 and 1.2; legacy-protocol.md 1 to 5; oauth2.md 5.

mod anatomy;
mod edit;
mod field;
mod fold;
mod judge;
mod leak;
mod ledger;
mod names;
mod redactor;
mod resign;
mod rules;
mod shapes;
mod slot;
mod standin;
mod sweep;
mod watch;

use std::collections::HashSet;

use self::judge::Judge;
pub use self::{
    field::Spot,
    leak::{Certainty, Leak, Leaks, Reason},
    redactor::{Redacted, Redactor},
    resign::TestKeys,
    rules::{RedactionRules, Rule},
};
use super::Cassette;
use crate::{error::Error, secret::Secret};

/// How recordings are redacted.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::{
///     Body, Cassette, Headers, Interaction, RecordedRequest, RecordedResponse, redact::Redaction,
/// };
///
/// let mut request = RecordedRequest::new("GET", "https://www.googleapis.com/youtube/v3/channels");
/// request.headers = Headers::from_iter([("authorization", "Bearer ya29.a0AfH6SMBx3-real_token")]);
/// let cassette = Cassette::new(vec![Interaction::new(request, RecordedResponse::new(200))]);
///
/// let redacted = Redaction::default().apply(cassette)?;
/// let header = redacted.cassette.interactions[0].request.headers.text("authorization");
/// assert!(header.is_some_and(|header| header.starts_with("Bearer ya29.a0StandIn1")));
/// assert!(!redacted.cassette.stand_ins[0].issued);
/// # Ok::<(), gdata_auth::cassette::redact::Leaks>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    judge: Judge,
    values: Vec<Secret>,
    keeps_secrets: bool,
    keys: Option<TestKeys>,
    /// The rules that more are added to, where what is suspect is masked.
    suspects: Option<RedactionRules>,
}

impl Redaction {
    /// By these rules.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when a rule says nothing, or a pattern is no regular expression.
    pub fn new(rules: &RedactionRules) -> Result<Self, Error> {
        Ok(Self {
            judge: Judge::new(rules)?,
            values: rules.mask_values.clone(),
            keeps_secrets: rules.dangerously_keep_secrets,
            keys: None,
            suspects: rules.mask_suspects.then(|| rules.clone()),
        })
    }

    /// Signs anew, with keys that everybody knows, what was signed with real ones.
    #[must_use]
    pub fn resign_with(mut self, keys: TestKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// A recording without its secrets.
    ///
    /// # Errors
    /// [`Leaks`] when a field that is not known holds what looks like a secret: then nothing may be written.
    pub fn apply(&self, cassette: Cassette) -> Result<Redacted, Leaks> {
        match &self.suspects {
            None => self.apply_once(cassette),
            Some(rules) => self.apply_masking(cassette, rules.clone()),
        }
    }

    /// Adds a rule for each field that would stop the save. A field that was masked may uncover another.
    fn apply_masking(
        &self,
        cassette: Cassette,
        mut rules: RedactionRules,
    ) -> Result<Redacted, Leaks> {
        let mut notes = Vec::new();
        let mut strict = self.clone();
        strict.suspects = None;
        for _ in 0..ROUNDS {
            let leaks = match strict.apply_once(cassette.clone()) {
                Ok(mut redacted) => {
                    redacted.notes.append(&mut notes);
                    return Ok(redacted);
                }
                Err(leaks) => leaks,
            };
            let named = |leak: &&Leak| !leak.field.is_empty() && leak.reason != Reason::Unreadable;
            let fresh: Vec<&Leak> = leaks.leaks.iter().filter(named).collect();
            if fresh.is_empty() {
                return Err(leaks);
            }
            for leak in fresh {
                let rule = Rule {
                    field: Some(leak.field.clone()),
                    place: Some(leak.place),
                    ..Rule::default()
                };
                if !rules.mask.contains(&rule) {
                    notes.push(format!("masked as suspect: field {}", leak.field));
                    rules.mask.push(rule);
                }
            }
            match Judge::new(&rules) {
                Ok(judge) => strict.judge = judge,
                Err(_) => return Err(leaks),
            }
        }
        strict.apply_once(cassette)
    }

    fn apply_once(&self, cassette: Cassette) -> Result<Redacted, Leaks> {
        let mut redactor = self.redactor();
        redactor.keep(&cassette.stand_ins);
        for interaction in &cassette.interactions {
            redactor.learn(interaction);
        }
        redactor.finish(cassette)
    }

    /// For a recording that is still going on: learn as it comes, and redact at the end.
    #[must_use]
    pub fn redactor(&self) -> Redactor<'_> {
        Redactor::new(self)
    }
}

/// The secrets that stand in a cassette, whoever made it.
///
/// Values that are stand-ins, by the cassette's own table or by their mark, and those that are plainly placeholders
/// (`<TOKEN>`, `REDACTED`, `xxxx`) are none.
#[must_use]
pub fn inspect(cassette: &Cassette) -> Vec<Leak> {
    let judge = Judge::default();
    let stand_ins: HashSet<Vec<u8>> = cassette
        .stand_ins
        .iter()
        .map(|one| one.text.clone().into_bytes())
        .collect();
    let watch = watch::Watch::new(&judge, stand_ins, watch::Purpose::Inspect);
    let looks = cassette.interactions.iter().enumerate();
    looks
        .flat_map(|(at, interaction)| watch.look(interaction, at + 1))
        .collect()
}

/// How often fields are uncovered by masking others, at the most.
const ROUNDS: usize = 4;
