//! The part of the file that is written whole: found in without being read.
//!
//! ```text
//! settings   JSON
//! rows       the texts of all users, in the order of their addresses
//! records    of fixed size, in the same order: an address is found in twenty looks
//! serials    u32 each: which record has that serial
//! footer     settings length u32 · users u32 · records at u64 · serials at u64 · zero · crc32            32 bytes
//! ```

use std::io::{self, Write};

use super::{
    invitee::key,
    record::{Fixed, LENGTH, Record},
};
use crate::{
    error::Error,
    migrate::journal::{Journal, damaged},
};

/// Where everything stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Base {
    settings: u32,
    pub(super) count: u32,
    records: u64,
    serials: u64,
}

impl Base {
    /// Reads the footer.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is damaged, here and below.
    pub(super) fn of(journal: &Journal) -> Result<Self, Error> {
        let wrong = || damaged(journal.path(), "expected a whole base, got a damaged one");
        let length = journal.base_bytes();
        let at = length.checked_sub(FOOTER as u64).ok_or_else(wrong)?;
        let mut footer = [0; FOOTER];
        journal.read_base(at, &mut footer)?;
        let [.., a, b, c, d] = footer;
        if crc32fast::hash(&footer[..FOOTER - 4]) != u32::from_le_bytes([a, b, c, d]) {
            return Err(wrong());
        }
        let small = |at: usize| {
            u32::from_le_bytes([footer[at], footer[at + 1], footer[at + 2], footer[at + 3]])
        };
        let large = |at: usize| u64::from(small(at)) | (u64::from(small(at + 4)) << 32);
        let base = Self {
            settings: small(0),
            count: small(4),
            records: large(8),
            serials: large(16),
        };
        let count = u64::from(base.count);
        let fits = base.records.checked_add(count * LENGTH as u64) == Some(base.serials)
            && base.serials.checked_add(count * 4) == Some(at)
            && u64::from(base.settings) <= base.records;
        if fits { Ok(base) } else { Err(wrong()) }
    }

    pub(super) fn settings(&self, journal: &Journal) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; (self.settings as usize).min(MAX_SETTINGS)];
        journal.read_base(0, &mut bytes)?;
        Ok(bytes)
    }

    /// The user with that number: its place in the order of addresses.
    pub(super) fn record(&self, journal: &Journal, number: u32) -> Result<Record, Error> {
        let wrong = || {
            damaged(
                journal.path(),
                format_args!("expected user {number} whole, got a damaged record"),
            )
        };
        if number >= self.count {
            return Err(wrong());
        }
        let mut fixed = [0; LENGTH];
        let at = self.records + u64::from(number) * LENGTH as u64;
        journal.read_base(at, &mut fixed)?;
        let fixed = Fixed::of(&fixed).ok_or_else(wrong)?;
        if fixed.row_length() > MAX_ROW {
            return Err(wrong());
        }
        let mut row = vec![0; fixed.row_length()];
        journal.read_base(fixed.row_at(), &mut row)?;
        Record::read(fixed, &row).ok_or_else(wrong)
    }

    /// The number of the user with that address.
    pub(super) fn find(&self, journal: &Journal, email: &str) -> Result<Option<u32>, Error> {
        let wanted = key(email);
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.record(journal, middle)?.invitee.key().cmp(&wanted) {
                std::cmp::Ordering::Equal => return Ok(Some(middle)),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Ok(None)
    }

    /// The number of the user with that serial.
    pub(super) fn of_serial(&self, journal: &Journal, serial: u32) -> Result<Option<u32>, Error> {
        if serial >= self.count {
            return Ok(None);
        }
        let mut number = [0; 4];
        journal.read_base(self.serials + u64::from(serial) * 4, &mut number)?;
        Ok(Some(u32::from_le_bytes(number)))
    }

    /// Hands out the fixed parts of all records in order, a few thousand at a time.
    pub(super) fn each_fixed(
        &self,
        journal: &Journal,
        mut see: impl FnMut(u32, Fixed<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut buffer = Vec::new();
        for first in (0..self.count).step_by(CHUNK as usize) {
            let count = CHUNK.min(self.count - first);
            buffer.resize(count as usize * LENGTH, 0);
            let at = self.records + u64::from(first) * LENGTH as u64;
            journal.read_base(at, &mut buffer)?;
            for (number, bytes) in (first..).zip(buffer.chunks_exact(LENGTH)) {
                if let Some(fixed) = Fixed::of(bytes) {
                    see(number, fixed)?;
                }
            }
        }
        Ok(())
    }

    /// Hands out all users in order, reading a few thousand at a time.
    pub(super) fn each(
        &self,
        journal: &Journal,
        mut see: impl FnMut(u32, Record) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let wrong = |number: u32| {
            damaged(
                journal.path(),
                format_args!("expected user {number} whole, got a damaged record"),
            )
        };
        let (mut rows, mut rows_at) = (Vec::new(), 0);
        self.each_fixed(journal, |number, fixed| {
            if fixed.row_length() > MAX_ROW {
                return Err(wrong(number));
            }
            let end = fixed.row_at().saturating_add(fixed.row_length() as u64);
            // Rows stand one behind the other, so the next piece is read from here on.
            if fixed.row_at() < rows_at || end > rows_at + rows.len() as u64 {
                let there = self.records.saturating_sub(fixed.row_at());
                rows.resize(there.min(ROWS_AT_ONCE) as usize, 0);
                rows_at = fixed.row_at();
                journal.read_base(rows_at, &mut rows)?;
            }
            let from = (fixed.row_at() - rows_at) as usize;
            let row = rows.get(from..from + fixed.row_length());
            let record = row.and_then(|row| Record::read(fixed, row));
            see(number, record.ok_or_else(|| wrong(number))?)
        })
    }
}

/// Writes a base of users that come in the order of their addresses.
pub(super) struct BaseWriter<'w> {
    out: &'w mut dyn Write,
    at: u64,
    settings: u32,
    fixed: Vec<u8>,
    serials: Vec<u32>,
}

impl<'w> BaseWriter<'w> {
    pub(super) fn start(out: &'w mut dyn Write, settings: &[u8]) -> io::Result<Self> {
        let length = u32::try_from(settings.len()).map_err(io::Error::other)?;
        out.write_all(settings)?;
        Ok(Self {
            out,
            at: u64::from(length),
            settings: length,
            fixed: Vec::new(),
            serials: Vec::new(),
        })
    }

    pub(super) fn put(&mut self, record: &Record) -> io::Result<()> {
        let (fixed, row) = record.print(self.at);
        self.out.write_all(&row)?;
        self.at += row.len() as u64;
        self.fixed.extend_from_slice(&fixed);
        self.serials.push(record.serial);
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<()> {
        let count = self.serials.len();
        let mut by_serial = vec![0_u8; count * 4];
        for (number, serial) in (0_u32..).zip(&self.serials) {
            // Serials are given out one by one, so each has its place.
            let at = *serial as usize * 4;
            by_serial
                .get_mut(at..at + 4)
                .ok_or_else(|| io::Error::other("a serial beyond the number of users"))?
                .copy_from_slice(&number.to_le_bytes());
        }
        self.out.write_all(&self.fixed)?;
        self.out.write_all(&by_serial)?;
        let serials = self.at + self.fixed.len() as u64;
        let mut footer = Vec::with_capacity(FOOTER);
        footer.extend_from_slice(&self.settings.to_le_bytes());
        footer.extend_from_slice(&(count as u32).to_le_bytes());
        footer.extend_from_slice(&self.at.to_le_bytes());
        footer.extend_from_slice(&serials.to_le_bytes());
        footer.extend_from_slice(&[0; 4]);
        let sum = crc32fast::hash(&footer);
        footer.extend_from_slice(&sum.to_le_bytes());
        self.out.write_all(&footer)
    }
}

const FOOTER: usize = 32;
const MAX_SETTINGS: usize = 1 << 20;
const MAX_ROW: usize = 4 << 10;
/// Records that are read at once.
const CHUNK: u32 = 4_096;
/// Bytes of rows that are read at once.
const ROWS_AT_ONCE: u64 = 1 << 20;
