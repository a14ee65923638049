//! A line of JSON in words of the line: texts are borrowed where nothing in them is escaped.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What the fields of a log can hold.
#[derive(Debug)]
pub(super) enum Value<'l> {
    Text(Cow<'l, str>),
    Number(f64),
    /// Names and values in the order of the line; of a name that comes twice, the last one counts.
    Fields(Vec<(Cow<'l, str>, Value<'l>)>),
    /// The first of a list: headers come as lists of their values.
    First(Box<Value<'l>>),
    /// `null`.
    Null,
    /// Nothing that tells a call.
    Other,
}

impl<'l> Value<'l> {
    /// A field by its name as it stands.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Fields(fields) => {
                let own = fields.iter().rev().find(|(own, _)| own == name);
                own.map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// A field step by step along the dots of `path`, or by that whole name, without regard to capitals.
    pub(super) fn get_plainly(&self, path: &str) -> Option<&Self> {
        let Self::Fields(fields) = self else {
            return None;
        };
        fields.iter().rev().find_map(|(own, value)| {
            let (begin, rest) = path.split_at_checked(own.len())?;
            match (begin.eq_ignore_ascii_case(own), rest) {
                (false, _) => None,
                (true, "") => Some(value),
                (true, rest) => value.get_plainly(rest.strip_prefix('.')?),
            }
        })
    }

    /// Itself, or the first of a list.
    pub(super) fn first(&self) -> &Self {
        match self {
            Self::First(first) => first.first(),
            value => value,
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'de: 'l, 'l> Deserialize<'de> for Value<'l> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value of JSON")
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Value::Other)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Value::Null)
            }

            #[expect(
                clippy::cast_precision_loss,
                reason = "moments are smaller than 2^53 seconds"
            )]
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Value::Number(number as f64))
            }

            #[expect(
                clippy::cast_precision_loss,
                reason = "moments are smaller than 2^53 seconds"
            )]
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Value::Number(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Value::Number(number))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Value::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Value::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let first = items.next_element()?;
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(first.map_or(Value::Null, |first| Value::First(Box::new(first))))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    fields.push((name, map.next_value()?));
                }
                Ok(Value::Fields(fields))
            }
        }

        from.deserialize_any(Any)
    }
}

/// A name, borrowed where it can be.
struct Name<'l>(Cow<'l, str>);

impl<'de: 'l, 'l> Deserialize<'de> for Name<'l> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }

        from.deserialize_str(Text)
    }
}
