//! Reading: one pass of quick-xml's events over the document, which the tree then borrows from.

use std::{borrow::Cow, fmt};

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_xml_entity,
    events::{BytesDecl, BytesRef, Event, attributes::Attribute as RawValue},
    name::QName,
};

use super::{
    Attribute, Element, Limits, MAX_ATTRIBUTES,
    attributes::RawAttributes,
    names::{self, Bindings, split},
};
use crate::error::Error;

/// The tree of a document.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply), naming `limits.what`, when a limit is passed or the document is not
/// the well-formed UTF-8 XML that the [module](super) reads.
pub(in crate::gdata) fn read<'a>(
    document: &'a [u8],
    limits: &Limits,
) -> Result<Element<'a>, Error> {
    let refuse = |problem: &dyn fmt::Display| Error::reply(limits.what, problem);
    if document.len() > limits.bytes {
        let (most, got) = (limits.bytes, document.len());
        return Err(refuse(&format_args!(
            "expected at most {most} bytes, got {got}"
        )));
    }
    let text = std::str::from_utf8(document)
        .map_err(|_| refuse(&"expected XML in UTF-8, got other bytes"))?;
    let text = text.trim_start_matches('\u{feff}');
    if has_control(text) {
        return Err(refuse(&CONTROL));
    }
    Tree::new(text, limits).read()
}

/// The state of one reading.
struct Tree<'a, 'l> {
    text: &'a str,
    limits: &'l Limits,
    /// Whether any line end has to be rewritten (XML 1.0, 2.11).
    carriage_returns: bool,
    bindings: Bindings<'a>,
    /// Elements whose parent has not ended, in document order.
    done: Vec<Element<'a>>,
    /// Where in `done` the elements stand that have not ended, outermost first.
    open: Vec<usize>,
    nodes: usize,
    /// Prefix, local name and value of the attributes of one tag; here to be used again.
    scratch: Vec<(&'a str, &'a str, Cow<'a, str>)>,
}

impl<'a, 'l> Tree<'a, 'l> {
    fn new(text: &'a str, limits: &'l Limits) -> Self {
        Self {
            text,
            limits,
            carriage_returns: memchr::memchr(b'\r', text.as_bytes()).is_some(),
            bindings: Bindings::new(),
            open: Vec::new(),
            done: Vec::new(),
            nodes: 0,
            scratch: Vec::new(),
        }
    }

    fn read(mut self) -> Result<Element<'a>, Error> {
        let mut reader = Reader::from_str(self.text);
        loop {
            let event = reader.read_event().map_err(|cause| {
                self.refuse("expected well-formed XML, got something else")
                    .caused_by(cause)
            })?;
            let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            match event {
                Event::Start(tag) => {
                    self.open.push(self.done.len());
                    self.element(self.inside(end, 1, tag.len()), tag.name().0.len())?;
                }
                Event::Empty(tag) => {
                    self.open.push(self.done.len());
                    self.element(self.inside(end, 2, tag.len()), tag.name().0.len())?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) if self.carriage_returns => self.add(text.xml10_content())?,
                Event::Text(text) => self.add(text.into_inner())?,
                Event::CData(text) => self.add(text.xml10_content())?,
                Event::GeneralRef(entity) => self.entity(&entity)?,
                Event::Decl(declaration) => self.declaration(&declaration)?,
                Event::Comment(_) | Event::PI(_) => {}
                Event::DocType(_) => {
                    return Err(self.refuse("expected no document type, got <!DOCTYPE>"));
                }
                Event::Eof => return self.root(),
            }
        }
    }

    /// The inside of a tag that ends at `end` with `close` closing bytes, borrowed from the document.
    fn inside(&self, end: usize, close: usize, length: usize) -> &'a str {
        let to = end.saturating_sub(close);
        self.text
            .get(to.saturating_sub(length)..to)
            .unwrap_or_default()
    }

    /// Adds the element of a tag.
    fn element(&mut self, tag: &'a str, name_length: usize) -> Result<(), Error> {
        let depth = self.open.len();
        if depth > self.limits.depth {
            let most = self.limits.depth;
            return Err(self.refuse(format_args!("expected at most {most} levels, got more")));
        }
        if depth == 1 && !self.done.is_empty() {
            return Err(self.refuse("expected one root element, got a second"));
        }
        let (name, inside) = tag
            .split_at_checked(name_length)
            .ok_or_else(|| self.refuse(NAMES))?;
        let attributes = self.attributes(inside, depth)?;
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let most = self.limits.nodes;
            return Err(self.refuse(format_args!(
                "expected at most {most} elements and attributes, got more"
            )));
        }
        let (prefix, local) = split(name).ok_or_else(|| self.refuse(NAMES))?;
        let namespace = self.namespace(prefix)?;
        self.done.push(Element {
            namespace,
            name: Cow::Borrowed(local),
            attributes,
            text: Cow::Borrowed(""),
            children: Vec::new(),
            tail: Cow::Borrowed(""),
        });
        Ok(())
    }

    /// Declares what the inside of a tag declares, and returns its other attributes.
    fn attributes(&mut self, inside: &'a str, depth: usize) -> Result<Vec<Attribute<'a>>, Error> {
        if inside.is_empty() {
            return Ok(Vec::new());
        }
        // one look at the whole tag is cheaper than one at every value
        let plain = !self.carriage_returns
            && memchr::memchr3(b'&', b'\n', b'\t', inside.as_bytes()).is_none();
        let mut raw = std::mem::take(&mut self.scratch);
        for attribute in RawAttributes::of(inside) {
            let attribute = attribute.map_err(|_| {
                self.refuse("expected attributes like name=\"value\", got something else")
            })?;
            let value = self.value(attribute.value, plain)?;
            self.nodes += 1;
            if let Some(prefix) = attribute.declares() {
                self.bindings
                    .declare(prefix, value, depth)
                    .map_err(|problem| self.refuse(problem))?;
                continue;
            }
            raw.push((attribute.prefix, attribute.local, value));
            if raw.len() > MAX_ATTRIBUTES {
                return Err(self.refuse(format_args!(
                    "expected at most {MAX_ATTRIBUTES} attributes of one element, got more"
                )));
            }
        }
        let mut attributes: Vec<Attribute<'a>> = Vec::with_capacity(raw.len());
        for (prefix, local, value) in raw.drain(..) {
            let namespace = match prefix {
                "" => None,
                _ => self.namespace(prefix)?,
            };
            let twice = attributes
                .iter()
                .any(|other| names::same(&other.name, local) && other.namespace == namespace);
            if twice {
                return Err(self.refuse(names::TWICE));
            }
            attributes.push(Attribute {
                namespace,
                name: Cow::Borrowed(local),
                value,
            });
        }
        self.scratch = raw;
        Ok(attributes)
    }

    fn namespace(&self, prefix: &str) -> Result<Option<Cow<'a, str>>, Error> {
        self.bindings
            .resolve(prefix)
            .ok_or_else(|| self.refuse("expected every prefix to be declared, got one that is not"))
    }

    /// An attribute's value, unescaped and its white space turned into spaces (XML 1.0, 3.3.3); as it is
    /// when that is known to be `plain`.
    fn value(&self, raw: &'a str, plain: bool) -> Result<Cow<'a, str>, Error> {
        if plain {
            return Ok(Cow::Borrowed(raw));
        }
        let value = RawValue {
            key: QName(""),
            value: Cow::Borrowed(raw),
        }
        .normalized_value_with(XmlVersion::Explicit1_0, 1, resolve_xml_entity)
        .map_err(|cause| self.refuse(ENTITIES).caused_by(cause))?;
        if has_control(&value) {
            return Err(self.refuse(CONTROL));
        }
        Ok(value)
    }

    fn entity(&mut self, entity: &BytesRef<'_>) -> Result<(), Error> {
        let character = entity
            .resolve_char_ref()
            .map_err(|cause| self.refuse(ENTITIES).caused_by(cause))?;
        let text = match character {
            Some(character) => Cow::Owned(character.to_string()),
            None => Cow::Borrowed(resolve_xml_entity(entity).ok_or_else(|| self.refuse(ENTITIES))?),
        };
        if has_control(&text) {
            return Err(self.refuse(CONTROL));
        }
        self.add(text)
    }

    /// Text at this place: before the first child of the open element, or behind its last.
    fn add(&mut self, piece: Cow<'a, str>) -> Result<(), Error> {
        let (Some(&parent), Some(last)) = (self.open.last(), self.done.len().checked_sub(1)) else {
            if piece.trim().is_empty() {
                return Ok(());
            }
            return Err(self.refuse("expected nothing outside the root element, got text"));
        };
        let element = &mut self.done[last];
        let place = match last == parent {
            true => &mut element.text,
            false => &mut element.tail,
        };
        if place.is_empty() {
            *place = piece;
        } else {
            place.to_mut().push_str(&piece);
        }
        Ok(())
    }

    /// Gives the innermost open element what stands behind it.
    fn end(&mut self) {
        if let Some(at) = self.open.pop() {
            if at + 1 < self.done.len() {
                let children = self.done.drain(at + 1..).collect();
                self.done[at].children = children;
            }
            self.bindings.leave(self.open.len());
        }
    }

    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), Error> {
        let named = declaration.encoding().and_then(Result::ok);
        match named.as_deref() {
            None => Ok(()),
            Some(name)
                if ENCODINGS
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known)) =>
            {
                Ok(())
            }
            Some(_) => Err(self.refuse("expected the encoding UTF-8, got another declared")),
        }
    }

    fn root(mut self) -> Result<Element<'a>, Error> {
        if !self.open.is_empty() {
            return Err(self.refuse("expected an end tag, got the end of the document"));
        }
        self.done
            .pop()
            .ok_or_else(|| self.refuse("expected a root element, got none"))
    }

    fn refuse(&self, problem: impl fmt::Display) -> Error {
        Error::reply(self.limits.what, problem)
    }
}

/// Whether there is a character that XML 1.0, 2.2 leaves out below U+0020.
pub(super) fn has_control(text: &str) -> bool {
    // every byte is looked at, without a way out: that is what lets the compiler take many at a time
    text.bytes().fold(false, |found, byte| {
        found | (byte < 0x20 && byte != b'\t' && byte != b'\n' && byte != b'\r')
    })
}

/// Declared encodings under which UTF-8 can be read.
const ENCODINGS: &[&str] = &["utf-8", "utf8", "us-ascii", "ascii"];

const ENTITIES: &str =
    "expected one of the five predefined entities or a character's number, got another";
const NAMES: &str = "expected XML names, got another text";
const CONTROL: &str = "expected XML, got a control character";
