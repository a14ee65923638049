//! Members of an object by name, each with the place to tell when it is something else than was expected.

use serde_json::{Map, Value};

use super::Shape;

/// An object, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(in crate::cassette::format) struct Fields<'v> {
    members: &'v Map<String, Value>,
    place: &'v str,
}

/// Why an interaction cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cassette::format) struct Lost {
    pub(in crate::cassette::format) field: String,
    pub(in crate::cassette::format) message: String,
}

impl Lost {
    pub(in crate::cassette::format) fn new(
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    /// Something of another kind stands there. The value is not told: it could be a secret.
    pub(in crate::cassette::format) fn kind(
        field: impl Into<String>,
        expected: &str,
        got: &Value,
    ) -> Self {
        Self::new(
            field,
            format!("expected {expected}, got {}", Shape::of(got).name()),
        )
    }
}

impl<'v> Fields<'v> {
    /// The members of `value`, which stands at `place` (`request`, or nothing for the whole).
    pub(in crate::cassette::format) fn of(value: &'v Value, place: &'v str) -> Result<Self, Lost> {
        match value {
            Value::Object(members) => Ok(Self { members, place }),
            other => Err(Lost::kind(place, "an object", other)),
        }
    }

    /// The name of a member with its place.
    pub(in crate::cassette::format) fn at(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    /// A member that is there and not null.
    pub(in crate::cassette::format) fn value(&self, name: &str) -> Option<&'v Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    pub(in crate::cassette::format) fn iter(
        &self,
    ) -> impl Iterator<Item = (&'v String, &'v Value)> + use<'v> {
        self.members.iter()
    }

    /// The members whose names are not among these.
    pub(in crate::cassette::format) fn others(
        &self,
        known: &'v [&'v str],
    ) -> impl Iterator<Item = (&'v String, &'v Value)> + use<'v> {
        self.iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
    }

    pub(in crate::cassette::format) fn text(&self, name: &str) -> Result<Option<&'v str>, Lost> {
        self.typed(name, "a text", Value::as_str)
    }

    pub(in crate::cassette::format) fn bool(&self, name: &str) -> Result<Option<bool>, Lost> {
        self.typed(name, "true or false", Value::as_bool)
    }

    pub(in crate::cassette::format) fn whole(&self, name: &str) -> Result<Option<i64>, Lost> {
        self.typed(name, "a whole number", Value::as_i64)
    }

    pub(in crate::cassette::format) fn natural(&self, name: &str) -> Result<Option<u64>, Lost> {
        self.typed(name, "a whole number", Value::as_u64)
    }

    pub(in crate::cassette::format) fn array(&self, name: &str) -> Result<&'v [Value], Lost> {
        let items = self.typed(name, "an array", Value::as_array)?;
        Ok(items.map_or(&[], Vec::as_slice))
    }

    /// The members of a member that is an object.
    pub(in crate::cassette::format) fn object(
        &self,
        name: &str,
    ) -> Result<Option<&'v Map<String, Value>>, Lost> {
        self.typed(name, "an object", Value::as_object)
    }

    /// A member that has to be there.
    pub(in crate::cassette::format) fn need<T>(
        &self,
        name: &str,
        found: Option<T>,
    ) -> Result<T, Lost> {
        found.ok_or_else(|| Lost::new(self.at(name), "expected it, got none"))
    }

    fn typed<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&'v Value) -> Option<T>,
    ) -> Result<Option<T>, Lost> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => match read(value) {
                Some(read) => Ok(Some(read)),
                None => Err(Lost::kind(self.at(name), expected, value)),
            },
        }
    }
}
