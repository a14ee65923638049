//! Secrets told apart without being shown: a beginning, a length, and eight digits of a digest.

use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// The first eight hexadecimal digits of the SHA-256: the same for the same secret, wherever it stands.
pub(super) fn of(secret: &Secret) -> String {
    let digest = Sha256::digest(secret.expose().as_bytes());
    hex(&digest[..4])
}

/// `1/ab… (45 characters)`: at most four characters and at most a quarter of it.
pub(super) fn masked(secret: &Secret) -> String {
    let text = secret.expose();
    let length = text.chars().count();
    let beginning: String = text
        .chars()
        .take((length / 4).min(4))
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    format!("{beginning}… ({length} characters)")
}

/// A digest of several texts, none of which runs into the next.
pub(super) fn joined<'t>(texts: impl IntoIterator<Item = &'t str>) -> u128 {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update(text.len().to_le_bytes());
        digest.update(text.as_bytes());
    }
    let bytes: [u8; 32] = digest.finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&bytes[..16]);
    u128::from_le_bytes(half)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
