//! Escapes of a text (RFC 8259, 7).

use super::{Scanner, Torn};

impl Scanner<'_> {
    /// What follows a backslash.
    pub(super) fn escape(&mut self, plain: &mut Vec<u8>) -> Result<(), Torn> {
        let escaped = match self.bytes.get(self.at) {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'u') => return self.code(plain),
            Some(same @ (b'"' | b'\\' | b'/')) => *same,
            _ => return Err(self.torn("an escape")),
        };
        plain.push(escaped);
        self.at += 1;
        Ok(())
    }

    fn code(&mut self, plain: &mut Vec<u8>) -> Result<(), Torn> {
        let first = self.four_digits()?;
        let mut code = u32::from(first);
        if (0xd800..0xdc00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
            let before = self.at;
            self.at += 1;
            let second = self.four_digits()?;
            if (0xdc00..0xe000).contains(&second) {
                code = 0x1_0000 + ((code - 0xd800) << 10) + (u32::from(second) - 0xdc00);
            } else {
                self.at = before;
            }
        }
        let character = char::from_u32(code).unwrap_or_else(|| {
            self.halves += 1;
            char::REPLACEMENT_CHARACTER
        });
        plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    /// `u` and four hexadecimal digits.
    fn four_digits(&mut self) -> Result<u16, Torn> {
        let digits = self
            .bytes
            .get(self.at + 1..self.at + 5)
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u16::from_str_radix(digits, 16).ok());
        match digits {
            Some(code) => {
                self.at += 5;
                Ok(code)
            }
            None if self.at + 5 > self.bytes.len() => {
                self.at = self.bytes.len();
                Err(self.torn("four hexadecimal digits"))
            }
            None => Err(self.torn("four hexadecimal digits")),
        }
    }
}
