//! The tree: scalars, lists and maps, with their tags and lines.

/// A node of a document.
#[derive(Clone, Debug, Default)]
pub(in crate::cassette::format) struct Node {
    pub(in crate::cassette::format) value: Value,
    /// A tag beyond those of text and bytes, as a name: `!ruby/struct:VCR::Request`, `!!python/tuple`.
    pub(in crate::cassette::format) tag: Option<String>,
    /// From 1; 0 where the form does not tell.
    pub(in crate::cassette::format) line: usize,
    /// Whether the document ends in the middle of it.
    pub(in crate::cassette::format) torn: bool,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(in crate::cassette::format) enum Value {
    Scalar(Scalar, String),
    List(Vec<Node>),
    /// In the order of the document, with repeats.
    Map(Vec<(Node, Node)>),
}

/// How a scalar is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cassette::format) enum Scalar {
    /// Without quotes: text, a number, `true`, `null`.
    Plain,
    /// In quotes, as a block, or tagged as text.
    Text,
    /// Base64 of bytes, by its tag.
    Binary,
}

impl Default for Value {
    fn default() -> Self {
        Self::Scalar(Scalar::Plain, String::new())
    }
}

impl Node {
    /// A null: nothing, `~`, or `null` without quotes.
    pub(in crate::cassette::format) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(Scalar::Plain, text)
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it was read from JSON, which tells no lines.
    pub(super) fn is_json(&self) -> bool {
        self.line == 0
    }

    /// What it is, for messages; never what it says.
    pub(in crate::cassette::format) fn shape(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "nothing",
            Value::Scalar(Scalar::Binary, _) => "bytes",
            Value::Scalar(..) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// The text of a scalar, base64 as it stands.
    pub(in crate::cassette::format) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(_, text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The items of a list.
    pub(in crate::cassette::format) fn list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Scalar(..) | Value::Map(_) => None,
        }
    }

    /// The pairs of a map. Of a Ruby hash with variables of its own, those of the hash.
    pub(in crate::cassette::format) fn map(&self) -> Option<&[(Node, Node)]> {
        let Value::Map(pairs) = &self.value else {
            return None;
        };
        let wrapped = self
            .tag
            .as_ref()
            .is_some_and(|tag| tag.contains("hash-with-ivars"));
        match named(pairs, "elements").map(|node| &node.value) {
            Some(Value::Map(elements)) if wrapped => Some(elements),
            _ => Some(pairs),
        }
    }

    /// What a map holds under a name; of repeats the last, as psych and PyYAML have it.
    pub(in crate::cassette::format) fn get(&self, name: &str) -> Option<&Node> {
        named(self.map()?, name)
    }
}

/// The value of a key. Symbols of Ruby (`:method`) are names without their colon.
pub(super) fn named<'n>(pairs: &'n [(Node, Node)], name: &str) -> Option<&'n Node> {
    pairs
        .iter()
        .rev()
        .find(|(key, _)| key.scalar().map(plain_name) == Some(name))
        .map(|(_, value)| value)
}

/// A key without the colon of a symbol.
pub(super) fn plain_name(key: &str) -> &str {
    match key.strip_prefix(':') {
        Some(name) if !name.is_empty() => name,
        _ => key,
    }
}
