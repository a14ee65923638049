//! The evidence, and what it says together.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    left,
    lists::{Ended, Moved},
    outcome::UserOutcome,
    page,
    people::{KeptGrants, People, folded},
};
use crate::{
    error::{Error, Kind},
    migrate::{
        campaign::Campaign,
        dual::{Counts, Snapshot},
        import::Inventory,
        plan::{Code, alarms, shell},
        retire::{Integration, RetireBook, Stage},
        scan::Verdict,
    },
    time::Timestamp,
};

/// How far a migration is, by the evidence that was given.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, migrate::report::{Moved, Progress}};
///
/// let progress = Progress::at(Timestamp::from_unix_seconds(1_795_000_000))
///     .with_grants(&[Moved::new("ann@example.com", "moved"), Moved::new("ben@example.org", "refused")])
///     .drawn();
/// assert_eq!(progress.totals["moved"], 1);
/// assert_eq!(progress.left, ["1 user to be invited: gdata-auth migrate upgrade add CAMPAIGN USERS"]);
/// assert!(!progress.complete);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Progress {
    /// The version of the form that [`to_json`](Self::to_json) prints.
    pub version: u32,
    /// What the integration is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When the evidence was put together.
    #[serde(with = "written")]
    pub at: Timestamp,
    /// Whether nothing is left to do, and everything is known.
    pub complete: bool,
    /// What the code has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeState>,
    /// What became of each user, by their names: the first [`MAX_USERS`](Self::MAX_USERS).
    pub users: Vec<UserState>,
    /// How many users there are of each outcome, all counted.
    pub totals: BTreeMap<&'static str, u64>,
    /// Accounts that would have to be asked, and of which no store gives an address: nobody knows yet who they are.
    pub without_address: u64,
    /// Private keys and passwords that lie in token stores.
    pub alarms: u64,
    /// Which credential answered calls, and how answers compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<Counts>,
    /// Legacy credentials that were to end.
    pub legacy: Vec<Ended>,
    /// Each integration that is watched for its end.
    pub integrations: BTreeMap<String, Integration>,
    /// What has to be done, in order.
    pub left: Vec<String>,
    /// What people have to do by hand, and no command can see.
    pub by_hand: Vec<String>,
    /// What nobody looked at.
    pub unknown: Vec<&'static str>,
    #[serde(skip)]
    pub(super) asked: bool,
    /// Of these, users whose links have ended, so that a reminder leads nowhere.
    #[serde(skip)]
    pub(super) ended: BTreeMap<UserOutcome, u64>,
    /// Places of token stores that an import could not read.
    #[serde(skip)]
    pub(super) unread_stores: u64,
    /// Of those left to a service account, whose old credential has not ended.
    #[serde(skip)]
    pub(super) delegated: u64,
    #[serde(skip)]
    spots: Option<Code>,
    /// Whether tokens were moved by the migration grant.
    #[serde(skip)]
    granted: bool,
    /// The campaign's file.
    #[serde(skip)]
    campaign: Option<String>,
    #[serde(skip)]
    moved: BTreeMap<String, ByRun>,
    #[serde(skip)]
    people: People,
}

/// The word of grant runs for a user.
#[derive(Clone, Debug)]
struct ByRun {
    name: String,
    outcome: UserOutcome,
}

/// What the code has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CodeState {
    /// Files that were read.
    pub files: u64,
    /// Files that nobody could read.
    pub unread: u64,
    /// Places by their verdicts.
    pub places: BTreeMap<Verdict, u64>,
}

/// What became of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UserState {
    /// The user's address, or the account's name.
    pub user: String,
    /// What became of it.
    pub outcome: UserOutcome,
    /// What there is to say: the scopes that are missing, the account that was used.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Progress {
    /// The most users that are told by name.
    pub const MAX_USERS: usize = 1_000;

    /// Nothing known yet, at a moment.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self {
            version: 1,
            name: None,
            at: now,
            complete: false,
            code: None,
            users: Vec::new(),
            totals: BTreeMap::new(),
            without_address: 0,
            alarms: 0,
            calls: None,
            legacy: Vec::new(),
            integrations: BTreeMap::new(),
            left: Vec::new(),
            by_hand: Vec::new(),
            unknown: Vec::new(),
            asked: false,
            unread_stores: 0,
            ended: BTreeMap::new(),
            delegated: 0,
            spots: None,
            granted: false,
            campaign: None,
            moved: BTreeMap::new(),
            people: People::default(),
        }
    }

    /// With a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// With what a scan finds now.
    #[must_use]
    pub fn with_code(mut self, code: &Code) -> Self {
        let mut state = CodeState {
            files: code.files,
            unread: code.unread,
            ..CodeState::default()
        };
        for spot in &code.spots {
            *state.places.entry(spot.verdict).or_default() += 1;
        }
        self.code = Some(state);
        self.spots = Some(code.clone());
        self
    }

    /// With everybody of an inventory, whether or not a grant run or a campaign tells of them, and what is kept for them.
    /// After the code, which tells what the credentials were for, and before the campaign, which knows better.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{
    ///     Timestamp,
    ///     migrate::{import::{Import, Source}, report::{KeptGrants, Progress, UserOutcome}},
    /// };
    ///
    /// let old = br#"{"token":"ya29.x","refresh_token":"1//r","client_id":"app","client_secret":"s","account":"ann@example.com"}"#;
    /// let inventory = Import::inventory(&Source::new("token.json"), old)?;
    /// let progress = Progress::at(Timestamp::from_unix_seconds(1_795_000_000))
    ///     .with_inventory(&inventory, &KeptGrants::default())
    ///     .drawn();
    /// assert_eq!(progress.count(UserOutcome::ToImport), 1);
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    #[must_use]
    pub fn with_inventory(mut self, inventory: &Inventory, kept: &KeptGrants) -> Self {
        self.asked = true;
        self.alarms += alarms(inventory);
        self.unread_stores += inventory.problems.len() as u64;
        self.people.add(inventory, kept, self.spots.as_ref());
        self
    }

    /// With the outcomes of a grant run. Before the campaign, whose users may have been moved already: who was moved
    /// counts as moved, of several credentials the best one.
    #[must_use]
    pub fn with_grants(mut self, list: &[Moved]) -> Self {
        self.asked = true;
        self.granted = true;
        for one in list {
            let outcome = UserOutcome::of_grant(&one.outcome);
            let entry = self.moved.entry(folded(&one.account));
            let kept = entry.or_insert_with(|| ByRun {
                name: one.account.clone(),
                outcome,
            });
            kept.outcome = outcome.min(kept.outcome);
        }
        self
    }

    /// With how far the users of a campaign are.
    ///
    /// # Errors
    /// What the campaign's file says.
    pub fn with_campaign(mut self, campaign: &Campaign) -> Result<Self, Error> {
        self.asked = true;
        self.campaign = Some(campaign.path().display().to_string());
        let now = self.at;
        campaign.each(|member| {
            let account = member.invitee.account();
            let key = folded(account);
            let by_grant = self.moved.get(&key).map(|by_run| by_run.outcome);
            let by_all = self.people.outcome(&key, by_grant, self.granted);
            let by_all = by_all.or(by_grant);
            if by_grant != Some(UserOutcome::Moved) || !by_all.is_some_and(UserOutcome::is_done) {
                self.moved.remove(&key);
                self.people.remove(account);
                self.people.remove(member.invitee.email());
                let outcome = UserOutcome::of_state(member.standing.at(now));
                *self.ended.entry(outcome).or_default() +=
                    u64::from(member.standing.needs_link(now));
                self.tell(member.invitee.email(), outcome, &member.standing.note);
            }
            Ok(())
        })?;
        Ok(self)
    }

    /// With the counters of dual running.
    #[must_use]
    pub fn with_calls(mut self, counters: &Snapshot) -> Self {
        self.calls = Some(counters.total());
        self
    }

    /// With what became of legacy credentials.
    #[must_use]
    pub fn with_ended(mut self, list: &[Ended]) -> Self {
        self.legacy.extend_from_slice(list);
        self
    }

    /// With the integrations that are watched.
    #[must_use]
    pub fn with_retirement(mut self, book: &RetireBook) -> Self {
        let all = book.iter().map(|(name, it)| (name.to_owned(), it.clone()));
        self.integrations.extend(all);
        self
    }

    /// Draws the conclusions: what is left, and what nobody looked at.
    #[must_use]
    pub fn drawn(mut self) -> Self {
        let people = std::mem::take(&mut self.people).into_iter();
        let mut all: Vec<(String, UserOutcome, String)> = people
            .map(|(key, person)| {
                let by_run = self.moved.remove(&key).map(|by_run| by_run.outcome);
                let (outcome, note) = person.outcome(by_run, self.granted);
                (person.name, outcome, note)
            })
            .collect();
        let others = std::mem::take(&mut self.moved).into_values();
        all.extend(others.map(|by_run| (by_run.name, by_run.outcome, String::new())));
        for (user, outcome, note) in all {
            self.delegated +=
                u64::from(outcome == UserOutcome::Delegated && !self.has_ended(&user));
            // A name that a store made up, and no user whom anybody could write to.
            match outcome == UserOutcome::ToInvite && !user.contains('@') {
                true => self.without_address += 1,
                false => self.tell(&user, outcome, &note),
            }
        }
        self.users.sort_by(|one, other| one.user.cmp(&other.user));
        self.left = left::left(&self);
        self.by_hand = left::by_hand(&self);
        self.unknown = left::unknown(&self);
        self.complete = self.left.is_empty() && self.unknown.is_empty();
        self
    }

    /// Whether each old credential of an account has ended, or nobody has used any for as long as was asked.
    fn has_ended(&self, account: &str) -> bool {
        let mut own = self
            .legacy
            .iter()
            .filter(|one| folded(&one.account) == folded(account))
            .peekable();
        let ended = |one: &Ended| matches!(&*one.outcome, "revoked" | "gone" | "switched_off");
        let mut all = self.integrations.values();
        let quiet = !self.integrations.is_empty()
            && all.all(|it| it.stage == Stage::Done && !it.is_ahead(self.at));
        quiet || (own.peek().is_some() && own.all(ended))
    }

    /// A command with the campaign's file, where there is one.
    pub(super) fn command(&self, command: &str) -> String {
        match &self.campaign {
            Some(path) => command.replace("CAMPAIGN", &shell(std::slice::from_ref(path))),
            None => command.to_owned(),
        }
    }

    fn tell(&mut self, user: &str, outcome: UserOutcome, note: &str) {
        *self.totals.entry(outcome.word()).or_default() += 1;
        if self.users.len() < Self::MAX_USERS {
            self.users.push(UserState {
                user: user.to_owned(),
                outcome,
                note: note.to_owned(),
            });
        }
    }

    /// How many users have an outcome.
    #[must_use]
    pub fn count(&self, outcome: UserOutcome) -> u64 {
        self.totals.get(outcome.word()).copied().unwrap_or_default()
    }

    /// For a terminal.
    #[must_use]
    pub fn to_text(&self) -> String {
        page::of(self).to_text()
    }

    /// As Markdown (CommonMark, with tables as GitHub has them).
    #[must_use]
    pub fn to_markdown(&self) -> String {
        page::of(self).to_markdown()
    }

    /// As one HTML page that loads nothing and runs nothing.
    #[must_use]
    pub fn to_html(&self) -> String {
        page::of(self).to_html()
    }

    /// For programs.
    ///
    /// # Errors
    /// None but those of memory.
    pub fn to_json(&self) -> Result<String, Error> {
        let mut text = serde_json::to_string_pretty(self).map_err(|cause| {
            Error::new(Kind::Input, "cannot print the report as JSON").caused_by(cause)
        })?;
        text.push('\n');
        Ok(text)
    }
}

/// Moments as people read them.
mod written {
    use serde::Serializer;

    use crate::time::Timestamp;

    pub(super) fn serialize<S: Serializer>(
        moment: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(moment)
    }
}
