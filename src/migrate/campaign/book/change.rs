//! What becomes of users: added, changed, and written anew from time to time.

use std::collections::HashMap;

use super::{Added, Campaign, keep};
use crate::{
    error::{Error, Kind},
    migrate::{
        campaign::{
            base::{Base, BaseWriter},
            invitee::Invitee,
            record::{Record, print_change},
            settings::Settings,
            state::{Standing, State},
        },
        journal::Journal,
    },
    time::Timestamp,
};

impl Campaign {
    /// From how many bytes of changes on a new base is written, and from which part of the base.
    const COMPACT_BYTES: u64 = 1 << 20;

    const COMPACT_PART: u64 = 16;

    /// From how many bytes on an append takes no further change: half of what fits.
    const BATCH_BYTES: usize = Journal::MAX_PAYLOAD / 2;

    /// Users that are changed together.
    const AT_ONCE: usize = 8_192;

    /// Takes other settings from now on; links of the old origin lead nowhere then.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn set(&mut self, settings: Settings) -> Result<(), Error> {
        let before = std::mem::replace(&mut self.settings, settings);
        let written = self.rewrite(Vec::new());
        if written.is_err() {
            self.settings = before;
        }
        written
    }

    /// Invites users. Who stands in the list twice, or has been invited before, is told and not invited again.
    ///
    /// # Errors
    /// [`Kind::Input`] for more than [`MAX_USERS`](Self::MAX_USERS), [`Kind::Transport`] when the file cannot be
    /// written: then nobody was added.
    pub fn add(&mut self, invitees: Vec<Invitee>, now: Timestamp) -> Result<Added, Error> {
        if self.len() + invitees.len() > Self::MAX_USERS {
            return Err(Error::input(
                "users",
                format_args!("expected at most {}, got more", Self::MAX_USERS),
            ));
        }
        let mut told = Added::default();
        let mut keyed: Vec<(String, usize, Invitee)> = invitees
            .into_iter()
            .enumerate()
            .map(|(place, invitee)| (invitee.key(), place, invitee))
            .collect();
        keyed.sort_unstable_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        let mut fresh: Vec<(String, usize, Invitee)> = Vec::with_capacity(keyed.len());
        for (key, place, invitee) in keyed {
            if fresh.last().is_some_and(|(last, ..)| *last == key) {
                told.twice.push(invitee.email().to_owned());
            } else if !self.is_empty() && self.base.find(&self.journal, &key)?.is_some() {
                told.already.push(invitee.email().to_owned());
            } else {
                fresh.push((key, place, invitee));
            }
        }
        // A name of a grant that two users share would be one grant for both.
        self.check_accounts(&fresh)?;
        // Serials follow the list, so that a log of them reads like it.
        let mut order: Vec<usize> = (0..fresh.len()).collect();
        order.sort_unstable_by_key(|at| fresh[*at].1);
        let mut serials = vec![0; fresh.len()];
        for (serial, at) in (self.base.count..).zip(order) {
            serials[at] = serial;
        }
        told.added = fresh.len();
        let standing = Standing::invited(now, now.after(self.settings.lifetime()));
        let records = fresh
            .into_iter()
            .zip(serials)
            .map(|((_, _, invitee), serial)| Record {
                serial,
                invitee,
                standing: standing.clone(),
            })
            .collect();
        if told.added > 0 {
            self.rewrite(records)?;
        }
        Ok(told)
    }

    fn check_accounts(&self, fresh: &[(String, usize, Invitee)]) -> Result<(), Error> {
        if fresh
            .iter()
            .all(|(.., invitee)| invitee.own_account().is_none())
        {
            return Ok(());
        }
        let mut names: HashMap<String, String> = HashMap::with_capacity(fresh.len());
        let shared = |one: &str, other: &str| {
            Error::input(
                "account",
                format_args!("expected a name for each user, got one for both {one} and {other}"),
            )
        };
        for (.., invitee) in fresh {
            let email = invitee.email().to_owned();
            if let Some(other) = names.insert(invitee.account().to_owned(), email) {
                return Err(shared(invitee.email(), &other));
            }
        }
        self.each(|member| match names.get(member.invitee.account()) {
            Some(other) => Err(shared(member.invitee.email(), other)),
            None => Ok(()),
        })
    }

    /// Writes down how far a user has come.
    ///
    /// # Errors
    /// [`Kind::Transport`] when it could not be written: then it does not count. [`Kind::Input`] when the campaign is
    /// only looked at.
    pub(in crate::migrate::campaign) fn change(
        &mut self,
        number: u32,
        standing: Standing,
    ) -> Result<(), Error> {
        self.change_all(vec![(number, standing)])
    }

    pub(in crate::migrate::campaign) fn change_all(
        &mut self,
        changes: Vec<(u32, Standing)>,
    ) -> Result<(), Error> {
        if let Some((number, _)) = changes.iter().find(|change| change.0 >= self.base.count) {
            return Err(Error::input(
                "user",
                format_args!("expected fewer than {}, got {number}", self.base.count),
            ));
        }
        let mut changes = changes.into_iter().peekable();
        while changes.peek().is_some() {
            let (mut payload, mut some) = (Vec::new(), Vec::new());
            while payload.len() < Self::BATCH_BYTES
                && let Some((number, standing)) = changes.next()
            {
                print_change(&mut payload, number, &standing);
                some.push((number, standing));
            }
            self.journal.append(&payload)?;
            self.changed.extend(some);
        }
        let most = Self::COMPACT_BYTES.max(self.journal.base_bytes() / Self::COMPACT_PART);
        if self.journal.frame_bytes() > most {
            self.rewrite(Vec::new())?;
        }
        Ok(())
    }

    /// Writes down whose links have ended unused, and yields how many.
    ///
    /// # Errors
    /// As [`find`](Self::find), and when it cannot be written.
    pub fn expire(&mut self, now: Timestamp) -> Result<usize, Error> {
        let ended = self.numbers(|standing| {
            standing.state != State::Expired && standing.at(now) == State::Expired
        })?;
        self.turn_all(&ended, |standing| {
            standing.turned(State::Expired, standing.expires_at, "")
        })?;
        Ok(ended.len())
    }

    /// Gives users a new link, which ends the one they had, and starts them anew; who gave a part or used another account
    /// is known to have done so. Who has consented keeps that.
    ///
    /// # Errors
    /// As [`expire`](Self::expire).
    pub fn renew(&mut self, numbers: &[u32], now: Timestamp) -> Result<usize, Error> {
        let ends = now.after(self.settings.lifetime());
        let mut open = Vec::with_capacity(numbers.len());
        for number in numbers {
            if self.member(*number)?.standing.state != State::Consented {
                open.push(*number);
            }
        }
        self.turn_all(&open, |standing| standing.renewed(now, ends))?;
        Ok(open.len())
    }

    /// Writes down that reminders were made, on the disk before this returns.
    pub(in crate::migrate::campaign) fn reminded(
        &mut self,
        numbers: &[u32],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.turn_all(numbers, |standing| Standing {
            mails: standing.mails.saturating_add(1),
            mailed_at: Some(now),
            ..standing.clone()
        })
    }

    fn turn_all(
        &mut self,
        numbers: &[u32],
        turn: impl Fn(&Standing) -> Standing,
    ) -> Result<(), Error> {
        // Some thousands at a time: each is on the disk before the next is looked at.
        for some in numbers.chunks(Self::AT_ONCE) {
            let mut changes = Vec::with_capacity(some.len());
            for number in some {
                changes.push((*number, turn(&self.member(*number)?.standing)));
            }
            self.change_all(changes)?;
        }
        Ok(())
    }

    /// Writes a new base of the users that are there and of `fresh` ones, which come in order.
    fn rewrite(&mut self, fresh: Vec<Record>) -> Result<(), Error> {
        let kept = keep(&self.settings, &self.key)?;
        let mut problem = None;
        let beside = self.journal.path().to_owned();
        let old = Journal::look(&beside, Self::KIND)?.journal;
        let written = self.journal.replace(|out| {
            let mut writer = BaseWriter::start(out, &kept)?;
            let mut fresh = fresh.into_iter().peekable();
            let copied = self.base.each(&old, |number, mut record| {
                if let Some(standing) = self.changed.get(&number) {
                    record.standing = standing.clone();
                }
                let broken = |cause: std::io::Error| {
                    Error::new(Kind::Transport, format!("cannot write the users: {cause}"))
                };
                let key = record.invitee.key();
                while let Some(earlier) = fresh.next_if(|fresh| fresh.invitee.key() < key) {
                    writer.put(&earlier).map_err(broken)?;
                }
                writer.put(&record).map_err(broken)
            });
            if let Err(error) = copied {
                problem = Some(error);
                return Err(std::io::Error::other("the users could not be copied"));
            }
            for later in fresh {
                writer.put(&later)?;
            }
            writer.finish()
        });
        if let Some(problem) = problem {
            return Err(problem);
        }
        written?;
        self.base = Base::of(&self.journal)?;
        self.changed.clear();
        Ok(())
    }
}
