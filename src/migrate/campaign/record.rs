//! A user as the file holds one: a record of fixed size, so that a million need not be read to find one, and a row of
//! texts beside it; and a change, as it is put behind.
//!
//! ```text
//! record  row u64 · row length u32 · serial u32 · state u8 · zero u8 · round u16 · openings u16 · mails u16
//!         · invited i64 · ends i64 · changed i64 · mailed i64 · crc32 of record and row                60 bytes
//! row     four texts, each behind its length u16: address, account, subject, note; empty means none
//! change  number u32 · state … mailed as above · note behind its length u16
//! ```
//!
//! Numbers are little-endian. Laws: `read(print(x)) == x`, for both.

use super::{
    invitee::Invitee,
    state::{Standing, State},
};
use crate::time::Timestamp;

/// A user as the file holds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) serial: u32,
    pub(super) invitee: Invitee,
    pub(super) standing: Standing,
}

/// The part of a record that has a fixed size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed<'a>(&'a [u8; LENGTH]);

impl Record {
    /// The fixed part and the row, which will stand at `row_at`.
    pub(super) fn print(&self, row_at: u64) -> ([u8; LENGTH], Vec<u8>) {
        let mut row = Vec::new();
        for text in [
            self.invitee.email(),
            self.invitee.own_account().unwrap_or_default(),
            self.invitee.subject().unwrap_or_default(),
            &self.standing.note,
        ] {
            put_text(&mut row, text);
        }
        let mut fixed = Vec::with_capacity(LENGTH);
        fixed.extend_from_slice(&row_at.to_le_bytes());
        fixed.extend_from_slice(&(row.len() as u32).to_le_bytes());
        fixed.extend_from_slice(&self.serial.to_le_bytes());
        put_standing(&mut fixed, &self.standing);
        let sum = sum(&fixed, &row);
        fixed.extend_from_slice(&sum.to_le_bytes());
        let mut bytes = [0; LENGTH];
        bytes.copy_from_slice(&fixed);
        (bytes, row)
    }

    /// `None` when either part is damaged.
    pub(super) fn read(fixed: Fixed<'_>, row: &[u8]) -> Option<Self> {
        let (head, check) = fixed.0.split_last_chunk::<4>()?;
        if sum(head, row) != u32::from_le_bytes(*check) {
            return None;
        }
        let mut rest = row;
        let email = take_text(&mut rest)?;
        let account = take_text(&mut rest)?;
        let subject = take_text(&mut rest)?;
        let note = take_text(&mut rest)?;
        let mut invitee = Invitee::new(email).ok()?;
        if !account.is_empty() {
            invitee = invitee.with_account(account).ok()?;
        }
        if !subject.is_empty() {
            invitee = invitee.with_subject(subject).ok()?;
        }
        let mut standing = take_standing(&mut head.get(16..)?)?;
        note.clone_into(&mut standing.note);
        Some(Self {
            serial: fixed.serial(),
            invitee,
            standing,
        })
    }
}

impl<'a> Fixed<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn row_at(self) -> u64 {
        number(self.0, 0)
    }

    pub(super) fn row_length(self) -> usize {
        number(self.0, 8) as u32 as usize
    }

    pub(super) fn serial(self) -> u32 {
        number(self.0, 12) as u32
    }

    /// Without the note, and without the check that reading the row makes.
    pub(super) fn standing(self) -> Option<Standing> {
        take_standing(&mut self.0.get(16..)?)
    }
}

/// A change, to be put behind others.
pub(super) fn print_change(out: &mut Vec<u8>, number: u32, standing: &Standing) {
    out.extend_from_slice(&number.to_le_bytes());
    put_standing(out, standing);
    put_text(out, &standing.note);
}

/// The changes of one append; `None` when they are none of this version's.
pub(super) fn read_changes(mut bytes: &[u8]) -> Option<Vec<(u32, Standing)>> {
    let mut changes = Vec::new();
    while !bytes.is_empty() {
        let number = u32::from_le_bytes(take(&mut bytes)?);
        let mut standing = take_standing(&mut bytes)?;
        take_text(&mut bytes)?.clone_into(&mut standing.note);
        changes.push((number, standing));
    }
    Some(changes)
}

fn put_standing(out: &mut Vec<u8>, standing: &Standing) {
    out.extend_from_slice(&[standing.state.code(), 0]);
    for number in [standing.round, standing.openings, standing.mails] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    // A moment before all others stands for none.
    let mailed = standing.mailed_at.map_or(i64::MIN, Timestamp::unix_seconds);
    for moment in [
        standing.invited_at.unix_seconds(),
        standing.expires_at.unix_seconds(),
        standing.changed_at.unix_seconds(),
        mailed,
    ] {
        out.extend_from_slice(&moment.to_le_bytes());
    }
}

fn take_standing(bytes: &mut &[u8]) -> Option<Standing> {
    let [code, _] = take(bytes)?;
    let mut small = || take(bytes).map(u16::from_le_bytes);
    let (round, openings, mails) = (small()?, small()?, small()?);
    let mut moment = || take(bytes).map(i64::from_le_bytes);
    let (invited, ends, changed, mailed) = (moment()?, moment()?, moment()?, moment()?);
    Some(Standing {
        state: State::of_code(code)?,
        round,
        openings,
        mails,
        invited_at: Timestamp::from_unix_seconds(invited),
        expires_at: Timestamp::from_unix_seconds(ends),
        changed_at: Timestamp::from_unix_seconds(changed),
        mailed_at: (mailed != i64::MIN).then(|| Timestamp::from_unix_seconds(mailed)),
        note: String::new(),
    })
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    let text = text.as_bytes();
    let text = &text[..text.len().min(usize::from(u16::MAX))];
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text);
}

fn take_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::from(u16::from_le_bytes(take(bytes)?));
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

fn take<const SIZE: usize>(bytes: &mut &[u8]) -> Option<[u8; SIZE]> {
    let (piece, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*piece)
}

fn number(bytes: &[u8; LENGTH], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}

fn sum(fixed: &[u8], row: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(fixed);
    sum.update(row);
    sum.finalize()
}

/// The bytes of the fixed part.
pub(super) const LENGTH: usize = 60;
