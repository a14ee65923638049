//! The links: unguessable, made anew from the campaign's key whenever one is needed, and so kept nowhere.
//!
//! ```text
//! /i/ base64url( serial u32 · round u16 · HMAC-SHA-256(key, serial · round)[..20] )          35 characters
//! ```
//!
//! Whoever has not the key guesses 160 bits. A mark is compared in constant time, and before anything is looked up;
//! the number of a user says nothing without it. A renewal counts `round` up, which ends the link before.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    error::Error,
    system::{Randomness, random},
};

/// What all links of a campaign are made with.
#[derive(Clone)]
pub(super) struct LinkKey(Zeroizing<[u8; 32]>);

/// The user and the round of a link that this key made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Admitted {
    pub(super) serial: u32,
    pub(super) round: u16,
}

impl LinkKey {
    pub(super) fn fresh(randomness: &dyn Randomness) -> Self {
        Self(Zeroizing::new(random(randomness)))
    }

    pub(super) fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_slice())
    }

    pub(super) fn of_text(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// The id of a link.
    pub(super) fn id(&self, serial: u32, round: u16) -> Result<String, Error> {
        let mut bytes = head(serial, round).to_vec();
        bytes.extend_from_slice(&self.mark(serial, round)?);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Whose link it is; `None` for a guess.
    pub(super) fn admit(&self, id: &str) -> Option<Admitted> {
        if id.len() != ID_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
        let (head, mark) = bytes.split_first_chunk::<HEAD>()?;
        let [a, b, c, d, e, f] = *head;
        let (serial, round) = (u32::from_be_bytes([a, b, c, d]), u16::from_be_bytes([e, f]));
        let expected = self.mark(serial, round).ok()?;
        bool::from(expected.ct_eq(mark)).then_some(Admitted { serial, round })
    }

    fn mark(&self, serial: u32, round: u16) -> Result<[u8; MARK], Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.0)
            .map_err(|_| Error::input("key", "expected a key of 32 bytes, got another"))?;
        mac.update(b"gdata-auth invitation");
        mac.update(&head(serial, round));
        let mut mark = [0; MARK];
        mark.copy_from_slice(&mac.finalize().into_bytes()[..MARK]);
        Ok(mark)
    }
}

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey")
    }
}

fn head(serial: u32, round: u16) -> [u8; HEAD] {
    let [a, b, c, d] = serial.to_be_bytes();
    let [e, f] = round.to_be_bytes();
    [a, b, c, d, e, f]
}

const HEAD: usize = 6;
/// 160 bits.
const MARK: usize = 20;
const ID_LENGTH: usize = 35;
