//! The machine of pickles, without the opcodes that do something.

use std::collections::HashMap;

use super::{
    Id, Item, Pickle,
    text::{raw_unicode, unquote},
};
use crate::error::{Error, Kind};

/// Reads opcodes, with a stack, marks on it and a memo, as Python's own machine does; it never calls.
pub(super) struct Machine<'b> {
    bytes: &'b [u8],
    at: usize,
    most: usize,
    values: Vec<Item>,
    stack: Vec<Id>,
    /// Heights of the stack.
    marks: Vec<usize>,
    memo: HashMap<usize, Id>,
}

impl<'b> Machine<'b> {
    pub(super) fn new(bytes: &'b [u8], most: usize) -> Self {
        Self {
            bytes,
            at: 0,
            most,
            values: Vec::new(),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: HashMap::new(),
        }
    }

    pub(super) fn run(mut self) -> Result<Pickle, Error> {
        loop {
            let opcode = self.byte()?;
            match opcode {
                b'.' => {
                    let root = self.pop()?;
                    return Ok(Pickle {
                        values: self.values,
                        root,
                    });
                }
                0x80 => {
                    let protocol = self.byte()?;
                    if protocol > 5 {
                        return Err(Error::new(
                            Kind::Unsupported,
                            format!("pickle: expected protocol 0 to 5, got {protocol}"),
                        ));
                    }
                }
                b'(' => self.marks.push(self.stack.len()),
                b'0' => drop(self.pop()?),
                b'1' => drop(self.popped()?),
                b'2' => {
                    let top = self.top()?;
                    self.stack.push(top);
                }
                b'p' | b'q' | b'r' => {
                    let place = self.place(opcode, (b'p', b'q'))?;
                    let top = self.top()?;
                    self.memo.insert(place, top);
                }
                b'g' | b'h' | b'j' => {
                    let place = self.place(opcode, (b'g', b'h'))?;
                    let kept = self.memo.get(&place).copied();
                    let kept = kept.ok_or_else(|| self.damaged("a value that was kept before"))?;
                    self.stack.push(kept);
                }
                b'a' | b'e' => self.append(opcode)?,
                b's' | b'u' => self.set_items(opcode)?,
                b'b' => self.build()?,
                b'R' | 0x81 => {
                    let (arguments, class) = (self.pop()?, self.pop()?);
                    self.push(Item::Object {
                        class,
                        arguments,
                        state: None,
                    })?;
                }
                b'i' | b'o' => self.instance(opcode)?,
                // A frame says how long it is, which nothing here has to know.
                0x95 => drop(self.take(8)?),
                0x94 => {
                    let top = self.top()?;
                    self.memo.insert(self.memo.len(), top);
                }
                0x90 => {
                    let items = self.popped()?;
                    self.extend(items)?;
                }
                0x92 => {
                    let (_, arguments, class) = (self.pop()?, self.pop()?, self.pop()?);
                    self.push(Item::Object {
                        class,
                        arguments,
                        state: None,
                    })?;
                }
                0x93 => {
                    let (name, module) = (self.pop()?, self.pop()?);
                    let name = self.joined(module, name)?;
                    self.push(Item::Global(name))?;
                }
                _ => self.literal(opcode)?,
            }
        }
    }

    fn literal(&mut self, opcode: u8) -> Result<(), Error> {
        let item = match opcode {
            b'N' => Item::None,
            0x88 => Item::Bool(true),
            0x89 => Item::Bool(false),
            b'I' => match self.line()? {
                b"00" => Item::Bool(false),
                b"01" => Item::Bool(true),
                digits => self.integer(digits)?,
            },
            b'L' => {
                let line = self.line()?;
                self.integer(line.strip_suffix(b"L").unwrap_or(line))?
            }
            b'J' => Item::Int(i64::from(i32::from_le_bytes(self.array()?))),
            b'K' => Item::Int(i64::from(self.byte()?)),
            b'M' => Item::Int(i64::from(u16::from_le_bytes(self.array()?))),
            0x8a => {
                let length = usize::from(self.byte()?);
                let bytes = self.take(length)?;
                if length > 8 {
                    return Err(self.damaged("an integer of at most 8 bytes"));
                }
                let sign = bytes.last().is_some_and(|last| last & 0x80 != 0);
                let mut wide = [if sign { 0xff } else { 0 }; 8];
                wide[..length].copy_from_slice(bytes);
                Item::Int(i64::from_le_bytes(wide))
            }
            b'F' => {
                let line = self.line()?;
                let number = std::str::from_utf8(line)
                    .ok()
                    .and_then(|text| text.parse().ok());
                Item::Float(number.ok_or_else(|| self.damaged("a number"))?)
            }
            b'G' => Item::Float(f64::from_be_bytes(self.array()?)),
            b'S' => {
                let line = self.line()?;
                Item::Bytes(unquote(line).ok_or_else(|| self.damaged("a quoted string"))?)
            }
            b'U' => {
                let length = usize::from(self.byte()?);
                Item::Bytes(self.take(length)?.to_vec())
            }
            b'T' => {
                let length = self.length()?;
                Item::Bytes(self.take(length)?.to_vec())
            }
            b'V' => {
                let line = self.line()?;
                Item::Text(raw_unicode(line).ok_or_else(|| self.damaged("a unicode string"))?)
            }
            b'X' => {
                let length = self.length()?;
                self.utf8(length)?
            }
            0x8c => {
                let length = usize::from(self.byte()?);
                self.utf8(length)?
            }
            0x8d => {
                let length = self.wide_length()?;
                self.utf8(length)?
            }
            b'C' => {
                let length = usize::from(self.byte()?);
                Item::Bytes(self.take(length)?.to_vec())
            }
            b'B' => {
                let length = self.length()?;
                Item::Bytes(self.take(length)?.to_vec())
            }
            0x8e | 0x96 => {
                let length = self.wide_length()?;
                Item::Bytes(self.take(length)?.to_vec())
            }
            0x8f => Item::List(Vec::new()),
            0x91 => Item::List(self.popped()?),
            b'l' => Item::List(self.popped()?),
            b't' => Item::Tuple(self.popped()?),
            b'd' => {
                let items = self.popped()?;
                Item::Dict(self.pairs(&items)?)
            }
            b']' => Item::List(Vec::new()),
            b')' => Item::Tuple(Vec::new()),
            b'}' => Item::Dict(Vec::new()),
            0x85..=0x87 => {
                let height = self.stack.len().checked_sub(usize::from(opcode - 0x84));
                let height = height.ok_or_else(|| self.damaged("a value on the stack"))?;
                Item::Tuple(self.stack.split_off(height))
            }
            b'c' => Item::Global(self.global()?),
            _ => {
                return Err(Error::new(
                    Kind::Unsupported,
                    format!(
                        "pickle: expected an opcode of plain data at byte {}, got 0x{opcode:02x}",
                        self.at - 1
                    ),
                ));
            }
        };
        self.push(item)
    }

    fn append(&mut self, opcode: u8) -> Result<(), Error> {
        let items = if opcode == b'a' {
            vec![self.pop()?]
        } else {
            self.popped()?
        };
        self.extend(items)
    }

    fn extend(&mut self, items: Vec<Id>) -> Result<(), Error> {
        let list = self.top()?;
        match self.values.get_mut(list) {
            Some(Item::List(values)) => {
                values.extend(items);
                Ok(())
            }
            _ => Err(self.damaged("a list to append to")),
        }
    }

    fn set_items(&mut self, opcode: u8) -> Result<(), Error> {
        let items = if opcode == b's' {
            let (value, key) = (self.pop()?, self.pop()?);
            vec![key, value]
        } else {
            self.popped()?
        };
        let pairs = self.pairs(&items)?;
        let dict = self.top()?;
        match self.values.get_mut(dict) {
            Some(Item::Dict(own)) => {
                own.extend(pairs);
                Ok(())
            }
            _ => Err(self.damaged("a dict to set items of")),
        }
    }

    fn build(&mut self) -> Result<(), Error> {
        let built = self.pop()?;
        let top = self.top()?;
        match self.values.get_mut(top) {
            Some(Item::Object { state, .. }) => {
                *state = Some(built);
                Ok(())
            }
            _ => Err(self.damaged("an object to give a state")),
        }
    }

    fn instance(&mut self, opcode: u8) -> Result<(), Error> {
        let class = if opcode == b'i' {
            let name = self.global()?;
            Some(self.keep(Item::Global(name))?)
        } else {
            None
        };
        let mut arguments = self.popped()?;
        let class = match class {
            Some(class) => class,
            None if arguments.is_empty() => return Err(self.damaged("a class")),
            None => arguments.remove(0),
        };
        let arguments = self.keep(Item::Tuple(arguments))?;
        self.push(Item::Object {
            class,
            arguments,
            state: None,
        })
    }

    /// A class by two values, as protocol 4 names it.
    fn joined(&self, module: Id, name: Id) -> Result<String, Error> {
        match (self.values.get(module), self.values.get(name)) {
            (Some(Item::Text(module)), Some(Item::Text(name))) => Ok(format!("{module}.{name}")),
            _ => Err(self.damaged("the name of a class")),
        }
    }

    fn utf8(&mut self, length: usize) -> Result<Item, Error> {
        let bytes = self.take(length)?.to_vec();
        // Halves of surrogate pairs are let through by Python.
        Ok(Item::Text(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(other) => String::from_utf8_lossy(other.as_bytes()).into_owned(),
        }))
    }

    fn wide_length(&mut self) -> Result<usize, Error> {
        let length = u64::from_le_bytes(self.array()?);
        usize::try_from(length).map_err(|_| self.damaged("a shorter length"))
    }

    fn global(&mut self) -> Result<String, Error> {
        let module = String::from_utf8_lossy(self.line()?).into_owned();
        let name = String::from_utf8_lossy(self.line()?).into_owned();
        Ok(format!("{module}.{name}"))
    }

    fn integer(&self, digits: &[u8]) -> Result<Item, Error> {
        let text = std::str::from_utf8(digits).unwrap_or_default();
        let plain = text.strip_prefix('-').unwrap_or(text);
        if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.damaged("an integer"));
        }
        Ok(text
            .parse()
            .map_or_else(|_| Item::Long(text.to_owned()), Item::Int))
    }

    fn pairs(&self, items: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
        if !items.len().is_multiple_of(2) {
            return Err(self.damaged("keys with values"));
        }
        Ok(items
            .chunks_exact(2)
            .map(|pair| (pair[0], pair[1]))
            .collect())
    }

    fn keep(&mut self, item: Item) -> Result<Id, Error> {
        if self.values.len() >= self.most {
            return Err(Error::input(
                "pickle",
                format_args!("expected at most {} values, got more", self.most),
            ));
        }
        self.values.push(item);
        Ok(self.values.len() - 1)
    }

    fn push(&mut self, item: Item) -> Result<(), Error> {
        let id = self.keep(item)?;
        self.stack.push(id);
        Ok(())
    }

    fn pop(&mut self) -> Result<Id, Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() <= floor {
            return Err(self.damaged("a value on the stack"));
        }
        self.stack
            .pop()
            .ok_or_else(|| self.damaged("a value on the stack"))
    }

    fn top(&self) -> Result<Id, Error> {
        let top = self.stack.last().copied();
        top.ok_or_else(|| self.damaged("a value on the stack"))
    }

    /// Everything down to the last mark.
    fn popped(&mut self) -> Result<Vec<Id>, Error> {
        let height = self.marks.pop().ok_or_else(|| self.damaged("a mark"))?;
        if height > self.stack.len() {
            return Err(self.damaged("a mark below the stack"));
        }
        Ok(self.stack.split_off(height))
    }

    fn place(&mut self, opcode: u8, (text, short): (u8, u8)) -> Result<usize, Error> {
        if opcode == text {
            let line = self.line()?;
            let place = std::str::from_utf8(line)
                .ok()
                .and_then(|text| text.parse().ok());
            place.ok_or_else(|| self.damaged("the number of a kept value"))
        } else if opcode == short {
            Ok(usize::from(self.byte()?))
        } else {
            self.length()
        }
    }

    fn length(&mut self) -> Result<usize, Error> {
        let length = u32::from_le_bytes(self.array()?);
        usize::try_from(length).map_err(|_| self.damaged("a shorter length"))
    }

    fn line(&mut self) -> Result<&'b [u8], Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).ok_or_else(|| self.damaged("the end of a line"))?;
        self.at += end + 1;
        Ok(&rest[..end])
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], Error> {
        let end = self.at.checked_add(length);
        let piece = end.and_then(|end| self.bytes.get(self.at..end));
        let piece = piece.ok_or_else(|| self.damaged("more bytes"))?;
        self.at += length;
        Ok(piece)
    }

    fn byte(&mut self) -> Result<u8, Error> {
        Ok(self.take(1)?[0])
    }

    fn array<const SIZE: usize>(&mut self) -> Result<[u8; SIZE], Error> {
        let mut array = [0; SIZE];
        array.copy_from_slice(self.take(SIZE)?);
        Ok(array)
    }

    fn damaged(&self, expected: &str) -> Error {
        Error::new(
            Kind::Reply,
            format!(
                "pickle: expected {expected} at byte {}, got a damaged file",
                self.at
            ),
        )
    }
}
