//! JSON into the same tree, by serde_json, with what stands before damage.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{
    build::{Builder, Halt},
    node::{Scalar, Value},
};

/// Feeds a JSON text to the builder.
pub(super) fn feed(text: &str, builder: &mut Builder) -> Result<(), Halt> {
    let mut halt = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let seed = Seed {
        builder,
        halt: &mut halt,
    };
    let read = seed.deserialize(&mut json).and_then(|()| json.end());
    match (halt, read) {
        (Some(halt), _) => Err(halt),
        (None, Ok(())) => Ok(()),
        (None, Err(cause)) => Err(Halt::Broken(format!("expected JSON, got {cause}"))),
    }
}

struct Seed<'b> {
    builder: &'b mut Builder,
    halt: &'b mut Option<Halt>,
}

impl Seed<'_> {
    fn told<E: de::Error>(&mut self, fed: Result<(), Halt>) -> Result<(), E> {
        fed.map_err(|halt| {
            *self.halt = Some(halt);
            E::custom("halted")
        })
    }

    fn scalar<E: de::Error>(&mut self, kind: Scalar, text: String) -> Result<(), E> {
        let fed = self.builder.scalar(kind, text, None, 0, 0);
        self.told(fed)
    }

    fn again(&mut self) -> Seed<'_> {
        Seed {
            builder: self.builder,
            halt: self.halt,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: de::Error>(mut self, value: bool) -> Result<(), E> {
        self.scalar(Scalar::Plain, value.to_string())
    }

    fn visit_i64<E: de::Error>(mut self, value: i64) -> Result<(), E> {
        self.scalar(Scalar::Plain, value.to_string())
    }

    fn visit_u64<E: de::Error>(mut self, value: u64) -> Result<(), E> {
        self.scalar(Scalar::Plain, value.to_string())
    }

    fn visit_f64<E: de::Error>(mut self, value: f64) -> Result<(), E> {
        self.scalar(Scalar::Plain, value.to_string())
    }

    fn visit_str<E: de::Error>(mut self, value: &str) -> Result<(), E> {
        self.scalar(Scalar::Text, value.to_owned())
    }

    fn visit_unit<E: de::Error>(mut self) -> Result<(), E> {
        self.scalar(Scalar::Plain, "null".to_owned())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let fed = self.builder.start(Value::List(Vec::new()), None, 0, 0);
        self.told(fed)?;
        while items.next_element_seed(self.again())?.is_some() {}
        let fed = self.builder.end();
        self.told(fed)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut pairs: A) -> Result<(), A::Error> {
        let fed = self.builder.start(Value::Map(Vec::new()), None, 0, 0);
        self.told(fed)?;
        while pairs.next_key_seed(self.again())?.is_some() {
            pairs.next_value_seed(self.again())?;
        }
        let fed = self.builder.end();
        self.told(fed)
    }
}
