//! A change as it stands in the file, and the reading of many, whatever a crash left of the last.
//!
//! ```text
//! mark "gdch"   length u32   crc32 of length and payload u32   payload
//! ```
//!
//! Law: `scan` of printed frames gives their payloads, and of any beginning of them those that are whole.

use memchr::memmem;

/// What a reading found.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    pub(super) frames: Vec<&'a [u8]>,
    /// Where the last whole frame ends.
    pub(super) good: usize,
}

/// The frame of a payload; `None` when it is empty or too long.
pub(super) fn print(payload: &[u8]) -> Option<Vec<u8>> {
    if payload.is_empty() || payload.len() > MAX_PAYLOAD {
        return None;
    }
    let length = u32::try_from(payload.len()).ok()?.to_le_bytes();
    let mut bytes = Vec::with_capacity(HEAD + payload.len());
    bytes.extend_from_slice(MARK);
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(&sum(length, payload).to_le_bytes());
    bytes.extend_from_slice(payload);
    Some(bytes)
}

/// Reads frame after frame.
///
/// # Errors
/// Where a damaged frame begins that has a whole one behind it: no crash leaves that.
pub(super) fn scan(bytes: &[u8]) -> Result<Scan<'_>, usize> {
    let (mut frames, mut good) = (Vec::new(), 0);
    while let Some(payload) = whole(&bytes[good..]) {
        frames.push(payload);
        good += HEAD + payload.len();
    }
    let rest = &bytes[good..];
    let survivor = memmem::find_iter(rest, MARK).any(|at| whole(&rest[at..]).is_some());
    match survivor {
        true => Err(good),
        false => Ok(Scan { frames, good }),
    }
}

/// The payload of the frame that begins here, if it is whole.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    let [m, a, r, k, l0, l1, l2, l3, s0, s1, s2, s3] = *head;
    let length = [l0, l1, l2, l3];
    let size = usize::try_from(u32::from_le_bytes(length)).ok()?;
    if [m, a, r, k] != *MARK || size == 0 || size > MAX_PAYLOAD {
        return None;
    }
    let payload = rest.get(..size)?;
    (sum(length, payload) == u32::from_le_bytes([s0, s1, s2, s3])).then_some(payload)
}

fn sum(length: [u8; 4], payload: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&length);
    sum.update(payload);
    sum.finalize()
}

const MARK: &[u8; 4] = b"gdch";
const HEAD: usize = 12;
/// The most bytes of one payload.
pub(super) const MAX_PAYLOAD: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_beginning_of_frames_gives_those_that_are_whole() {
        let payloads: [&[u8]; 3] = [b"one", b"gdch", b"three of them"];
        let bytes: Vec<u8> = payloads
            .iter()
            .flat_map(|payload| print(payload).unwrap())
            .collect();
        let ends = [15, 31, 56];
        for cut in 0..=bytes.len() {
            let scan = scan(&bytes[..cut]).unwrap();
            let count = ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(scan.frames, payloads[..count]);
        }
    }

    #[test]
    fn damage_in_the_middle_is_no_torn_tail() {
        let bytes: Vec<u8> = [b"one", b"two"]
            .iter()
            .flat_map(|payload| print(*payload).unwrap())
            .collect();
        for at in 0..15 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(scan(&damaged).unwrap_err(), 0, "byte {at}");
        }
    }
}
