//! A tree from events, within bounds. What is open when the events end is kept, and marked as torn.

use std::collections::HashMap;

use super::node::{Node, Scalar, Value};
use crate::cassette::Limits;

/// Why no more events are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// Enough was seen to tell the format.
    Seen,
    /// A bound or the syntax was broken; the text says how.
    Broken(String),
}

/// Builds one document.
#[derive(Debug)]
pub(super) struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, (Node, usize)>,
    depth: usize,
    nodes: usize,
    weight: usize,
    /// What copies by aliases may still weigh.
    copies: usize,
    /// Whether only the first items are wanted.
    glimpse: bool,
    items: usize,
    tags: Vec<String>,
}

#[derive(Debug)]
struct Open {
    node: Node,
    key: Option<Node>,
    anchor: usize,
    weight: usize,
}

impl Builder {
    pub(super) fn new(limits: &Limits, length: usize, glimpse: bool) -> Self {
        Self {
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            depth: limits.depth,
            nodes: 0,
            weight: 0,
            copies: COPIES.saturating_add(length.saturating_mul(8)),
            glimpse,
            items: 0,
            tags: Vec::new(),
        }
    }

    pub(super) fn scalar(
        &mut self,
        kind: Scalar,
        text: String,
        tag: Option<String>,
        line: usize,
        anchor: usize,
    ) -> Result<(), Halt> {
        self.count(text.len())?;
        let weight = NODE + text.len();
        let node = Node {
            value: Value::Scalar(kind, text),
            tag: self.seen(tag),
            line,
            torn: false,
        };
        self.anchor(anchor, &node, weight)?;
        self.place(node, weight)
    }

    pub(super) fn start(
        &mut self,
        value: Value,
        tag: Option<String>,
        line: usize,
        anchor: usize,
    ) -> Result<(), Halt> {
        self.count(0)?;
        if self.open.len() >= self.depth {
            return Err(Halt::Broken(format!(
                "expected at most {} levels, got more",
                self.depth
            )));
        }
        let node = Node {
            value,
            tag: self.seen(tag),
            line,
            torn: false,
        };
        self.open.push(Open {
            node,
            key: None,
            anchor,
            weight: NODE,
        });
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<(), Halt> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let node = closed(open.node, open.key);
        self.anchor(open.anchor, &node, open.weight)?;
        self.place(node, open.weight)
    }

    /// A copy of what the anchor stands at.
    pub(super) fn alias(&mut self, anchor: usize, line: usize) -> Result<(), Halt> {
        let Some((_, weight)) = self.anchors.get(&anchor) else {
            return Err(Halt::Broken(
                "expected an alias of what stands before it, got one of itself".to_owned(),
            ));
        };
        let weight = *weight;
        self.spend(weight)?;
        let Some((node, _)) = self.anchors.get(&anchor) else {
            return Ok(());
        };
        let node = Node {
            line,
            ..node.clone()
        };
        self.count(0)?;
        self.place(node, weight)
    }

    /// What there is, and the names of its foreign tags. What is open is torn.
    pub(super) fn finish(mut self) -> (Option<Node>, Vec<String>) {
        let mut inner: Option<Node> = None;
        while let Some(mut open) = self.open.pop() {
            open.node.torn = true;
            if let Some(node) = inner.take() {
                put(&mut open, node);
            }
            inner = Some(closed(open.node, open.key));
        }
        (inner.or(self.root), self.tags)
    }

    fn place(&mut self, node: Node, weight: usize) -> Result<(), Halt> {
        let depth = self.open.len();
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return Ok(());
        };
        open.weight += weight;
        let item = matches!(open.node.value, Value::List(_)) && depth <= 2;
        put(open, node);
        self.items += usize::from(item);
        if self.glimpse && self.items >= GLIMPSE_ITEMS {
            return Err(Halt::Seen);
        }
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, node: &Node, weight: usize) -> Result<(), Halt> {
        if anchor == 0 {
            return Ok(());
        }
        self.spend(weight)?;
        self.anchors.insert(anchor, (node.clone(), weight));
        Ok(())
    }

    fn spend(&mut self, weight: usize) -> Result<(), Halt> {
        match self.copies.checked_sub(weight) {
            Some(left) => {
                self.copies = left;
                Ok(())
            }
            None => Err(Halt::Broken(
                "expected aliases that stay small, got more than they may copy".to_owned(),
            )),
        }
    }

    fn count(&mut self, length: usize) -> Result<(), Halt> {
        self.nodes += 1;
        self.weight = self.weight.saturating_add(length);
        if self.nodes > NODES {
            return Err(Halt::Broken(format!(
                "expected at most {NODES} values, got more"
            )));
        }
        if self.glimpse && (self.nodes > GLIMPSE_NODES || self.weight > GLIMPSE_WEIGHT) {
            return Err(Halt::Seen);
        }
        Ok(())
    }

    fn seen(&mut self, tag: Option<String>) -> Option<String> {
        if let Some(tag) = &tag
            && self.tags.len() < TAGS
            && !self.tags.contains(tag)
        {
            self.tags.push(tag.clone());
        }
        tag
    }
}

fn put(open: &mut Open, node: Node) {
    match &mut open.node.value {
        Value::List(items) => items.push(node),
        Value::Map(pairs) => match open.key.take() {
            None => open.key = Some(node),
            Some(key) => pairs.push((key, node)),
        },
        Value::Scalar(..) => {}
    }
}

/// A key that the document ends after stands with nothing.
fn closed(mut node: Node, key: Option<Node>) -> Node {
    if let (Value::Map(pairs), Some(key)) = (&mut node.value, key) {
        pairs.push((key, Node::default()));
    }
    node
}

/// Values of a document.
const NODES: usize = 16 << 20;

/// What copies by aliases may weigh, beside eight times the document.
const COPIES: usize = 16 << 20;

/// What a node weighs beside its text.
const NODE: usize = 64;

/// How many names of tags are told.
const TAGS: usize = 16;

const GLIMPSE_ITEMS: usize = 3;
const GLIMPSE_NODES: usize = 4096;
const GLIMPSE_WEIGHT: usize = 4 << 20;
