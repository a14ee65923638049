//! Values as PHP's `serialize` writes them, read as data: no class is looked for.
//!
//! ```text
//! N;   b:1;   i:5;   d:0.5;   s:3:"abc";   a:1:{i:0;s:1:"x";}   O:3:"Abc":1:{s:1:"p";N;}   r:2;
//! ```
//!
//! # Source
//! The PHP manual, `serialize`; references are kept as nothing, which loses no token: it stands where it is
//! referred to.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Php {
    /// Nothing that can hold a token: null, numbers, flags, references.
    Plain,
    Text(String),
    /// An array, or an object with the name of its class.
    Map {
        class: Option<String>,
        pairs: Vec<(String, Php)>,
    },
}

/// The deepest nesting.
const MAX_DEPTH: usize = 64;

/// Reads values one after another.
#[derive(Debug)]
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    pub(super) at: usize,
    /// How many more values may come.
    left: usize,
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8], most: usize) -> Self {
        Self {
            bytes,
            at: 0,
            left: most,
        }
    }

    pub(super) fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The text up to `end`, which is taken too.
    pub(super) fn up_to(&mut self, end: u8) -> Option<&'b [u8]> {
        let length = memchr::memchr(end, self.rest())?;
        let text = &self.rest()[..length];
        self.at += length + 1;
        Some(text)
    }

    /// The next value; `Err` is what was expected there.
    pub(super) fn value(&mut self) -> Result<Php, &'static str> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Php, &'static str> {
        if depth > MAX_DEPTH {
            return Err("values nested less deeply");
        }
        self.left = self.left.checked_sub(1).ok_or("fewer values")?;
        let mark = *self.rest().first().ok_or("a value")?;
        self.at += 1;
        if matches!(mark, b'N') {
            return self.expect(b";").map(|()| Php::Plain);
        }
        self.expect(b":")?;
        match mark {
            b'b' | b'i' | b'd' | b'r' | b'R' => {
                let number = self.up_to(b';').ok_or("the end of a number")?;
                let part =
                    |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+');
                match !number.is_empty() && number.iter().all(part) {
                    true => Ok(Php::Plain),
                    false => Err("a number"),
                }
            }
            b's' | b'S' | b'E' => {
                let text = self.quoted()?;
                self.expect(b";")?;
                Ok(Php::Text(text))
            }
            b'a' => {
                let pairs = self.pairs(depth)?;
                Ok(Php::Map { class: None, pairs })
            }
            b'O' => {
                let class = self.quoted()?;
                self.expect(b":")?;
                let pairs = self.pairs(depth)?;
                Ok(Php::Map {
                    class: Some(class),
                    pairs,
                })
            }
            b'C' => {
                let class = self.quoted()?;
                self.expect(b":")?;
                let length = self.number()?;
                self.expect(b"{")?;
                let inner = self.rest().get(..length).ok_or("more bytes")?;
                self.at += length;
                self.expect(b"}")?;
                let inner = String::from_utf8_lossy(inner).into_owned();
                Ok(Php::Map {
                    class: Some(class),
                    pairs: vec![(String::new(), Php::Text(inner))],
                })
            }
            _ => Err("a value of a kind that is known"),
        }
    }

    /// `2:{…}`.
    fn pairs(&mut self, depth: usize) -> Result<Vec<(String, Php)>, &'static str> {
        let count = self.number()?;
        self.expect(b"{")?;
        let mut pairs = Vec::new();
        for _ in 0..count {
            let from = self.at;
            let key = match self.nested(depth + 1)? {
                Php::Text(name) => name,
                Php::Plain => {
                    let number = self.bytes.get(from + 2..self.at - 1).unwrap_or_default();
                    String::from_utf8_lossy(number).into_owned()
                }
                Php::Map { .. } => return Err("a name"),
            };
            pairs.push((key, self.nested(depth + 1)?));
        }
        self.expect(b"}")?;
        // Behind an object of an enumeration or a broken writer a `;` may stand.
        if self.rest().starts_with(b";") {
            self.at += 1;
        }
        Ok(pairs)
    }

    /// `3:"abc"`.
    fn quoted(&mut self) -> Result<String, &'static str> {
        let length = self.number()?;
        self.expect(b"\"")?;
        let text = self.rest().get(..length).ok_or("more bytes of a string")?;
        self.at += length;
        self.expect(b"\"")?;
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    /// Digits and the colon behind them.
    fn number(&mut self) -> Result<usize, &'static str> {
        let digits = self.up_to(b':').ok_or("a length")?;
        std::str::from_utf8(digits)
            .ok()
            .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .ok_or("a length")
    }

    fn expect(&mut self, text: &[u8]) -> Result<(), &'static str> {
        match self.rest().starts_with(text) {
            true => {
                self.at += text.len();
                Ok(())
            }
            false => Err("the delimiter of a value"),
        }
    }
}
