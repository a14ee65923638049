//! How much work a file asks for before it can be opened, and whether that is sane.
//!
//! A passphrase is turned into a key by many rounds, and the file says how many: 2,048 in OpenSSL's, 10,000
//! in Java's, hundreds of thousands in careful ones. A file may say four thousand million, in each of many
//! bags, so the whole file is added up before the first round is done.
//!
//! Every count stands in one place in all the forms: as the INTEGER right after the OCTET STRING of its salt.
//! ```text
//! PBES1, PKCS#12 PBE   SEQUENCE { salt, rounds }
//! PBKDF2               SEQUENCE { salt, rounds, key length?, … }
//! scrypt               SEQUENCE { salt, N, r, p, key length? }
//! MacData              SEQUENCE { digest, salt, rounds }
//! ```
//! What lies in encrypted bags cannot be seen from here: whoever put it there knows the passphrase.
//!
//! # Source
//! RFC 8018, A; RFC 7914, 7.1; RFC 7292, 4 and C.

use der::{Tag, asn1::AnyRef};

use super::{Half, form};
use crate::error::Error;

/// Refuses a file that asks for more than [`MAX_ROUNDS`], or for no round at all somewhere.
pub(super) fn check(der: &[u8]) -> Result<(), Error> {
    if rounds(der, MAX_DEPTH) <= MAX_ROUNDS {
        return Ok(());
    }
    Err(Half::Private.refuse(
        &format!("1 to {MAX_ROUNDS} rounds of key derivation"),
        "others",
    ))
}

/// Adds up the rounds in `content`, and in the OCTET STRINGs of it that are DER themselves.
fn rounds(content: &[u8], depth: usize) -> u64 {
    let Some(items) = form::items(content) else {
        return 0;
    };
    if depth == 0 {
        return u64::MAX;
    }
    let mut total: u64 = 0;
    for (index, item) in items.iter().enumerate() {
        let tag = item.header().tag();
        let salt_comes_first = index > 0 && items[index - 1].header().tag() == Tag::OctetString;
        let inside = match tag {
            Tag::Integer if salt_comes_first => cost(&items[index..]),
            Tag::OctetString if form::sequence(item.value()).is_some() => {
                rounds(item.value(), depth - 1)
            }
            _ if tag.is_constructed() => rounds(item.value(), depth - 1),
            _ => 0,
        };
        total = total.saturating_add(inside);
    }
    total
}

/// What the INTEGERs at the head of `items` cost: one or two are rounds and a length, three or more scrypt's.
fn cost(items: &[AnyRef<'_>]) -> u64 {
    let counts: Vec<u64> = items
        .iter()
        .take_while(|item| item.header().tag() == Tag::Integer)
        .map(count)
        .collect();
    match counts.as_slice() {
        [n, r, p, ..] => n.saturating_mul(*r).saturating_mul(*p),
        [rounds, ..] => *rounds,
        [] => 0,
    }
}

/// A count as a number; what is no count (zero, negative, beyond 64 bits) is as good as endless.
fn count(item: &AnyRef<'_>) -> u64 {
    match item.decode_as::<u64>() {
        Ok(0) | Err(_) => u64::MAX,
        Ok(count) => count,
    }
}

/// A few seconds on a slow machine, and at most 512 MiB for scrypt (128 bytes for each N · r).
const MAX_ROUNDS: u64 = 4_000_000;
/// The deepest nesting that is looked into; real files have fewer than twenty.
const MAX_DEPTH: usize = 48;
