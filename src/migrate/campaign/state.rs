//! How far a user has come, and what is known of that.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How far a user has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Has a link, and nobody has opened it.
    Invited,
    /// Somebody opened the link: the user, or a program that looks at mail.
    Opened,
    /// Gave all that was asked for; the grant is kept.
    Consented,
    /// Gave a part of it; the grant is kept, and the note says what is missing.
    Partial,
    /// Signed in, and gave nothing of what was asked for; nothing was kept.
    Nothing,
    /// Said no, on the page or to the server.
    Declined,
    /// Signed in with another account than the one that was invited; nothing of it was kept.
    WrongAccount,
    /// The link ended before the user did anything.
    Expired,
}

/// The states: their number in the file, their word in lists, and what they are called for people.
pub const STATES: &[(State, u8, &str, &str)] = &[
    (State::Invited, 0, "invited", "invited, not opened yet"),
    (State::Opened, 1, "opened", "opened the link"),
    (State::Consented, 2, "consented", "consented"),
    (State::Partial, 3, "partial", "consented to a part"),
    (
        State::Nothing,
        7,
        "nothing",
        "signed in and allowed nothing",
    ),
    (State::Declined, 4, "declined", "declined"),
    (
        State::WrongAccount,
        5,
        "wrong_account",
        "used another account",
    ),
    (State::Expired, 6, "expired", "let the link end"),
];

impl State {
    /// The word of it in lists.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.row().2
    }

    /// What it is called for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.row().3
    }

    /// The state of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        STATES.iter().find(|row| row.2 == word).map(|row| row.0)
    }

    /// Whether something is still to be done by the user, and a reminder may help.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        matches!(
            self,
            Self::Invited | Self::Opened | Self::Partial | Self::Nothing | Self::WrongAccount
        )
    }

    pub(super) fn code(self) -> u8 {
        self.row().1
    }

    pub(super) fn of_code(code: u8) -> Option<Self> {
        STATES.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    fn row(self) -> &'static (Self, u8, &'static str, &'static str) {
        STATES
            .iter()
            .find(|row| row.0 == self)
            .unwrap_or(&STATES[0])
    }
}

/// How a note begins that names the missing scopes, and what stands before what came later.
pub(super) const MISSING: &str = "missing: ";
pub(super) const THEN: &str = "; then ";
/// How a note begins of who gave a part, and said no later.
pub(super) const KEPT: &str = "a part is kept; ";

/// What is known of a user's way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// How far the user has come, see [`at`](Self::at).
    pub state: State,
    /// Which link it is: each renewal makes another one, and ends the one before.
    pub round: u16,
    /// How often the link was opened.
    pub openings: u16,
    /// How often mail was made, or a hook called: the first is the invitation, later ones are reminders.
    pub mails: u16,
    /// Since when the present link is good.
    pub invited_at: Timestamp,
    /// When the link ends.
    pub expires_at: Timestamp,
    /// Since when the state is what it is.
    pub changed_at: Timestamp,
    /// When mail was made last.
    pub mailed_at: Option<Timestamp>,
    /// What there is to say: the missing scopes, the account that was used, what went wrong.
    pub note: String,
}

impl Standing {
    /// The most bytes of a note.
    pub const MAX_NOTE: usize = 2_048;

    /// The scopes that are missing of a part that was given.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let kept = self.note.split(THEN).next().unwrap_or_default();
        match (self.state, kept.strip_prefix(MISSING)) {
            (State::Partial, Some(scopes)) => scopes.split(' ').collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn invited(now: Timestamp, expires_at: Timestamp) -> Self {
        Self {
            state: State::Invited,
            round: 1,
            openings: 0,
            mails: 0,
            invited_at: now,
            expires_at,
            changed_at: now,
            mailed_at: None,
            note: String::new(),
        }
    }

    /// The state as of `now`: a link that ended unused is expired, whether or not somebody has written that down.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> State {
        match self.state {
            State::Invited | State::Opened if self.has_ended(now) => State::Expired,
            state => state,
        }
    }

    /// Whether the link has ended.
    #[must_use]
    pub fn has_ended(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// Whether the user could still do something and has no link for it any more: let it end unused, gave a part or
    /// nothing, or used another account. Who declined has decided.
    #[must_use]
    pub fn needs_link(&self, now: Timestamp) -> bool {
        let state = self.at(now);
        state == State::Expired || (state.is_waiting() && self.has_ended(now))
    }

    /// With another link. What the user did before stays known where it says what to do this time.
    #[must_use]
    pub(super) fn renewed(&self, now: Timestamp, expires_at: Timestamp) -> Self {
        let fresh = Self {
            round: self.round.wrapping_add(1),
            ..Self::invited(now, expires_at)
        };
        match (self.state, self.note.strip_prefix(KEPT)) {
            (State::Partial | State::Nothing | State::WrongAccount, _) => Self {
                state: self.state,
                changed_at: self.changed_at,
                note: self.note.clone(),
                ..fresh
            },
            // Who said no after a part has that part still.
            (State::Declined, Some(missing)) => fresh.turned(State::Partial, now, missing),
            _ => fresh,
        }
    }

    /// The same in another state.
    #[must_use]
    pub(super) fn turned(&self, state: State, now: Timestamp, note: impl Into<String>) -> Self {
        Self {
            state,
            changed_at: now,
            note: cut(&note.into()),
            ..self.clone()
        }
    }
}

/// A note that the file can hold, without what would break a line of a list.
fn cut(note: &str) -> String {
    let mut note: String = note
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if note.len() > Standing::MAX_NOTE {
        let end = (0..=Standing::MAX_NOTE)
            .rev()
            .find(|at| note.is_char_boundary(*at));
        note.truncate(end.unwrap_or(0));
    }
    note
}

/// How many users are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally([u64; 8]);

impl Tally {
    pub(super) fn count(&mut self, state: State) {
        if let Some(count) = self.0.get_mut(usize::from(state.code())) {
            *count += 1;
        }
    }

    /// How many are in that state.
    #[must_use]
    pub fn of(&self, state: State) -> u64 {
        self.0.get(usize::from(state.code())).copied().unwrap_or(0)
    }

    /// All users.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Every state with its count.
    pub fn iter(&self) -> impl Iterator<Item = (State, u64)> {
        STATES.iter().map(|row| (row.0, self.of(row.0)))
    }
}
