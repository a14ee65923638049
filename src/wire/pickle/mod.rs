//! Python pickles read as data: an allow-list of opcodes builds plain values; nothing is imported or called.
//!
//! ```text
//! (lp0            a list, kept as 0
//! (catom.url      a class is a name
//! Url             …
//! Rp10            what was called, with what: kept as it stands, never done
//! (dp11 S'path'   its state
//! ```
//!
//! Protocols 0 to 2, as Python 2 wrote them, and 3 to 5, as Python 3 does. Values sit in an arena and refer to each other by number, so that one
//! value kept in two places costs nothing and a value inside itself does no harm. Source: the opcode names of
//! Python's `pickletools`; cassettes.md 3.4.

mod machine;
mod text;

use self::machine::Machine;
use crate::error::Error;

/// The number of a value in its [`Pickle`].
pub(crate) type Id = usize;

/// A pickle as plain values.
#[derive(Debug)]
pub(crate) struct Pickle {
    values: Vec<Item>,
    root: Id,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    None,
    Bool(bool),
    /// An integer, as its decimal digits where it is larger than an `i64`.
    Int(i64),
    Long(String),
    Float(f64),
    /// A `str` of Python 2.
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Id>),
    Tuple(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// The name of a class or function.
    Global(String),
    /// What a class or function was to be called with, and the state that was to be set after it.
    Object {
        class: Id,
        arguments: Id,
        state: Option<Id>,
    },
}

impl Pickle {
    /// Reads a pickle.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) on damage, with the offset; [`Kind::Unsupported`](crate::Kind::Unsupported) for an opcode that is not on the list;
    /// [`Kind::Input`](crate::Kind::Input) on more than `most` values.
    pub(crate) fn parse(bytes: &[u8], most: usize) -> Result<Self, Error> {
        Machine::new(bytes, most).run()
    }

    pub(crate) fn root(&self) -> Id {
        self.root
    }

    pub(crate) fn value(&self, id: Id) -> &Item {
        self.values.get(id).unwrap_or(&Item::None)
    }

    /// The value of `key` in a dict, or in the state of an object.
    pub(crate) fn get(&self, id: Id, key: &str) -> Option<Id> {
        match self.value(id) {
            Item::Dict(pairs) => pairs
                .iter()
                .rev()
                .find(|(name, _)| self.bytes(*name) == Some(key.as_bytes()))
                .map(|(_, value)| *value),
            Item::Object {
                state: Some(state), ..
            } if matches!(self.value(*state), Item::Dict(_)) => self.get(*state, key),
            _ => None,
        }
    }

    /// Text of either sort as bytes.
    pub(crate) fn bytes(&self, id: Id) -> Option<&[u8]> {
        match self.value(id) {
            Item::Bytes(bytes) => Some(bytes),
            Item::Text(text) => Some(text.as_bytes()),
            _ => None,
        }
    }
}
