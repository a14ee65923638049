//! Character sets that cassettes name: the bytes of a text, and the text of bytes.
//!
//! Names are those of Ruby and of Python. Sets that are not here are told, and their text is taken as UTF-8.

/// A set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8, and what needs no other: US-ASCII, and ASCII-8BIT, which only says bytes.
    Utf8,
    /// ISO-8859-1.
    Latin1,
    /// ISO-8859-15.
    Latin9,
    /// Windows-1252.
    Windows1252,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Charset {
    /// The set of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        NAMES
            .iter()
            .find(|(known, _)| *known == plain)
            .map(|(_, set)| *set)
    }

    /// The bytes of a text; `None` when the set lacks a character.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::Latin1 | Self::Latin9 | Self::Windows1252 => {
                text.chars().map(|letter| self.byte(letter)).collect()
            }
            Self::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        }
    }

    /// The text of bytes; `None` when they are not of the set.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Latin1 | Self::Latin9 | Self::Windows1252 => {
                bytes.iter().map(|byte| self.letter(*byte)).collect()
            }
            Self::Utf16Le => utf16(bytes, u16::from_le_bytes),
            Self::Utf16Be => utf16(bytes, u16::from_be_bytes),
        }
    }

    /// Where the set differs from ISO-8859-1.
    fn apart(self) -> &'static [(u8, char)] {
        match self {
            Self::Windows1252 => WINDOWS_1252,
            Self::Latin9 => LATIN_9,
            Self::Utf8 | Self::Latin1 | Self::Utf16Le | Self::Utf16Be => &[],
        }
    }

    fn byte(self, letter: char) -> Option<u8> {
        if let Some((byte, _)) = self.apart().iter().find(|(_, known)| *known == letter) {
            return Some(*byte);
        }
        let byte = u8::try_from(letter).ok()?;
        (!self.apart().iter().any(|(taken, _)| *taken == byte)).then_some(byte)
    }

    fn letter(self, byte: u8) -> Option<char> {
        self.apart()
            .iter()
            .find(|(known, _)| *known == byte)
            .map_or(Some(char::from(byte)), |(_, letter)| Some(*letter))
    }
}

fn utf16(bytes: &[u8], join: fn([u8; 2]) -> u16) -> Option<String> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let units = bytes.chunks_exact(2).map(|pair| join([pair[0], pair[1]]));
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .ok()
}

/// Names in lower case, letters and digits only.
const NAMES: &[(&str, Charset)] = &[
    ("utf8", Charset::Utf8),
    ("usascii", Charset::Utf8),
    ("ascii", Charset::Utf8),
    ("ansix341968", Charset::Utf8),
    ("646", Charset::Utf8),
    ("ascii8bit", Charset::Utf8),
    ("binary", Charset::Utf8),
    ("iso88591", Charset::Latin1),
    ("latin1", Charset::Latin1),
    ("l1", Charset::Latin1),
    ("cp819", Charset::Latin1),
    ("iso885915", Charset::Latin9),
    ("latin9", Charset::Latin9),
    ("windows1252", Charset::Windows1252),
    ("cp1252", Charset::Windows1252),
    ("utf16le", Charset::Utf16Le),
    ("utf16be", Charset::Utf16Be),
];

const LATIN_9: &[(u8, char)] = &[
    (0xa4, '€'),
    (0xa6, 'Š'),
    (0xa8, 'š'),
    (0xb4, 'Ž'),
    (0xb8, 'ž'),
    (0xbc, 'Œ'),
    (0xbd, 'œ'),
    (0xbe, 'Ÿ'),
];

const WINDOWS_1252: &[(u8, char)] = &[
    (0x80, '€'),
    (0x82, '‚'),
    (0x83, 'ƒ'),
    (0x84, '„'),
    (0x85, '…'),
    (0x86, '†'),
    (0x87, '‡'),
    (0x88, 'ˆ'),
    (0x89, '‰'),
    (0x8a, 'Š'),
    (0x8b, '‹'),
    (0x8c, 'Œ'),
    (0x8e, 'Ž'),
    (0x91, '‘'),
    (0x92, '’'),
    (0x93, '“'),
    (0x94, '”'),
    (0x95, '•'),
    (0x96, '–'),
    (0x97, '—'),
    (0x98, '˜'),
    (0x99, '™'),
    (0x9a, 'š'),
    (0x9b, '›'),
    (0x9c, 'œ'),
    (0x9e, 'ž'),
    (0x9f, 'Ÿ'),
];
