//! The first 32 bytes: what file it is, and how long its base.
//!
//! ```text
//! 0  magic "gdmigrat"   8  kind   12  version u32   16  base u64   24  zero u32   28  crc32 of 0..28
//! ```
//!
//! Numbers are little-endian. Law: what [`Preamble::print`] gives, [`Preamble::read`] reads.

use super::FileKind;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Preamble {
    pub(super) base: u64,
}

impl Preamble {
    pub(super) fn print(self, kind: FileKind) -> [u8; LENGTH as usize] {
        let mut bytes = [0; LENGTH as usize];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&kind.mark());
        bytes[12..16].copy_from_slice(&VERSION.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.base.to_le_bytes());
        let sum = crc32fast::hash(&bytes[..28]);
        bytes[28..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// # Errors
    /// What is wrong with the file, and what to do.
    pub(super) fn read(bytes: &[u8; LENGTH as usize], kind: FileKind) -> Result<Self, String> {
        let name = kind.name();
        let [.., a, b, c, d] = *bytes;
        if &bytes[..8] != MAGIC {
            return Err(format!(
                "expected {name}, got a file that this program did not make; {}",
                kind.maker()
            ));
        }
        if crc32fast::hash(&bytes[..28]) != u32::from_le_bytes([a, b, c, d]) {
            return Err(format!(
                "expected {name}, got one whose first {LENGTH} bytes are damaged; restore a copy of it"
            ));
        }
        if bytes[8..12] != kind.mark() {
            let other = FileKind::of_mark(&bytes[8..12]);
            let other = other.map_or("a file of another command", FileKind::name);
            return Err(format!("expected {name}, got {other}"));
        }
        if bytes[12..16] != VERSION.to_le_bytes() {
            return Err(format!(
                "expected {name} of version 1, got a later one; use the program that made it"
            ));
        }
        let mut base = [0; 8];
        base.copy_from_slice(&bytes[16..24]);
        Ok(Self {
            base: u64::from_le_bytes(base),
        })
    }
}

pub(super) const LENGTH: u64 = 32;
const MAGIC: &[u8; 8] = b"gdmigrat";
const VERSION: u32 = 1;
