//! Printing: one line, single quotes and all namespaces declared at the root, as Google's servers wrote it.

use std::borrow::Cow;

use super::{
    Attribute, Element, Limits, MAX_ATTRIBUTES,
    names::{MAX_BINDINGS, is_name},
    read::has_control,
};
use crate::{
    error::Error,
    gdata::namespaces::{PREFIXES, XML},
};

/// The document of a tree, its declaration included; `more` are further children of the root. The root's
/// tail is not part of it.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input), naming `limits.what`, when a name is no XML name, a text holds a
/// control character, an element has an attribute twice, or a limit is passed.
pub(in crate::gdata) fn print<'t>(
    root: &'t Element<'t>,
    more: &'t [&'t Element<'t>],
    limits: &Limits,
) -> Result<String, Error> {
    let mut count = Count { limits, nodes: 0 };
    count.element(root, more, 1)?;
    let default = root.namespace();
    let mut prefixes = Prefixes(Vec::new());
    prefixes.collect(root, more, default);
    if prefixes.0.len() >= MAX_BINDINGS {
        return Err(count.refuse("expected at most 128 namespaces at one place, got more"));
    }

    let mut out = String::with_capacity(64 * count.nodes);
    out.push_str("<?xml version='1.0' encoding='UTF-8'?>");
    let mut declarations = String::new();
    if let Some(default) = default {
        declaration(&mut declarations, "xmlns", default);
    }
    for (prefix, namespace) in prefixes.0.iter().filter(|(_, namespace)| *namespace != XML) {
        declaration(&mut declarations, &format!("xmlns:{prefix}"), namespace);
    }
    let mut printer = Printer {
        out: &mut out,
        prefixes: &prefixes,
    };
    printer.element(root, more, default, &declarations);
    if out.len() > limits.bytes {
        let (most, got) = (limits.bytes, out.len());
        return Err(count.refuse(&format!("expected at most {most} bytes, got {got}")));
    }
    Ok(out)
}

/// Looks at everything once, before anything is written.
struct Count<'l> {
    limits: &'l Limits,
    nodes: usize,
}

impl Count<'_> {
    fn element(
        &mut self,
        element: &Element<'_>,
        more: &[&Element<'_>],
        depth: usize,
    ) -> Result<(), Error> {
        self.nodes += 1 + element.attributes.len();
        if depth > self.limits.depth || self.nodes > self.limits.nodes {
            let (deep, many) = (self.limits.depth, self.limits.nodes);
            return Err(self.refuse(&format!(
                "expected at most {deep} levels and {many} elements and attributes, got more"
            )));
        }
        self.name(&element.name)?;
        self.text(&element.text)?;
        self.text(element.namespace().unwrap_or_default())?;
        for (at, attribute) in element.attributes.iter().enumerate() {
            self.name(&attribute.name)?;
            self.text(&attribute.value)?;
            self.text(attribute.namespace().unwrap_or_default())?;
            let before = &element.attributes[..at];
            if before.len() == MAX_ATTRIBUTES {
                let most = MAX_ATTRIBUTES;
                return Err(self.refuse(&format!(
                    "expected at most {most} attributes of one element, got more"
                )));
            }
            if before.iter().any(|other| other.same_name(attribute)) {
                return Err(self.refuse("expected every attribute once, got one twice"));
            }
            if attribute.namespace.is_none() && attribute.name == "xmlns" {
                return Err(self.refuse("expected namespaces in names, got an attribute xmlns"));
            }
        }
        for child in children(element, more) {
            self.text(&child.tail)?;
            self.element(child, &[], depth + 1)?;
        }
        Ok(())
    }

    fn name(&self, name: &str) -> Result<(), Error> {
        if is_name(name) {
            return Ok(());
        }
        Err(self.refuse("expected XML names without a prefix, got another text"))
    }

    fn text(&self, text: &str) -> Result<(), Error> {
        if has_control(text) {
            return Err(self.refuse("expected text, got a control character"));
        }
        Ok(())
    }

    fn refuse(&self, problem: &str) -> Error {
        Error::input(self.limits.what, problem)
    }
}

/// The prefixes to declare at the root, in order of first use.
struct Prefixes<'t>(Vec<(Cow<'static, str>, &'t str)>);

impl<'t> Prefixes<'t> {
    fn collect(
        &mut self,
        element: &'t Element<'t>,
        more: &'t [&'t Element<'t>],
        default: Option<&str>,
    ) {
        let own = element.namespace();
        if let Some(namespace) = own.filter(|own| Some(*own) != default) {
            self.add(namespace);
        }
        for namespace in element.attributes.iter().filter_map(Attribute::namespace) {
            self.add(namespace);
        }
        let default = default.filter(|_| own.is_some());
        for child in children(element, more) {
            self.collect(child, &[], default);
        }
    }

    fn add(&mut self, namespace: &'t str) {
        if self.0.iter().any(|(_, known)| *known == namespace) {
            return;
        }
        let known = PREFIXES.iter().find(|(_, known)| *known == namespace);
        let prefix = match known {
            Some((prefix, _)) => Cow::Borrowed(*prefix),
            None => Cow::Owned(format!("ns{}", self.0.len() + 1)),
        };
        self.0.push((prefix, namespace));
    }

    fn name(&self, out: &mut String, namespace: Option<&str>, name: &str) {
        let known = self.0.iter().find(|(_, known)| Some(*known) == namespace);
        if let Some((prefix, _)) = known {
            out.push_str(prefix);
            out.push(':');
        }
        out.push_str(name);
    }
}

/// What is written, and under which prefixes.
struct Printer<'p> {
    out: &'p mut String,
    prefixes: &'p Prefixes<'p>,
}

impl Printer<'_> {
    /// Prints `element`; `default` is the default namespace around it, `declarations` what the root adds.
    fn element(
        &mut self,
        element: &Element<'_>,
        more: &[&Element<'_>],
        default: Option<&str>,
        declarations: &str,
    ) {
        let own = element.namespace();
        let shown = own.filter(|own| Some(*own) != default);
        self.out.push('<');
        self.prefixes.name(self.out, shown, &element.name);
        self.out.push_str(declarations);
        if own.is_none() && default.is_some() {
            self.out.push_str(" xmlns=''");
        }
        for attribute in &element.attributes {
            self.out.push(' ');
            self.prefixes
                .name(self.out, attribute.namespace(), &attribute.name);
            self.out.push_str("='");
            escape(self.out, &attribute.value, true);
            self.out.push('\'');
        }
        if element.text.is_empty() && element.children.is_empty() && more.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        escape(self.out, &element.text, false);
        let default = default.filter(|_| own.is_some());
        for child in children(element, more) {
            self.element(child, &[], default, "");
            escape(self.out, &child.tail, false);
        }
        self.out.push_str("</");
        self.prefixes.name(self.out, shown, &element.name);
        self.out.push('>');
    }
}

fn children<'e, 't>(
    element: &'e Element<'t>,
    more: &'e [&'e Element<'t>],
) -> impl Iterator<Item = &'e Element<'t>> {
    element.children.iter().chain(more.iter().copied())
}

fn declaration(out: &mut String, name: &str, namespace: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("='");
    escape(out, namespace, true);
    out.push('\'');
}

/// Escapes what a reader would take for markup or rewrite: white space too, in an attribute.
fn escape(out: &mut String, text: &str, attribute: bool) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\r' => "&#13;",
            b'\'' if attribute => "&#39;",
            b'"' if attribute => "&quot;",
            b'\n' if attribute => "&#10;",
            b'\t' if attribute => "&#9;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(entity);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}
