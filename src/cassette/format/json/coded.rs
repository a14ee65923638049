//! Bytes that stand in a text as base64 or as hexadecimal digits.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// Padding is not insisted on: recorders differ. Line ends, as MIME puts them, are passed over.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(in crate::cassette::format) fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

pub(in crate::cassette::format) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64.decode(text).ok().or_else(|| {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        // Only a text that has some is worth a copy.
        text.iter().any(is_space).then(|| {
            let packed: Vec<u8> = text
                .iter()
                .filter(|byte| !is_space(byte))
                .copied()
                .collect();
            BASE64.decode(packed).ok()
        })?
    })
}

pub(in crate::cassette::format) fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok())
        .collect()
}
