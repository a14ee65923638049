//! Batch: many operations in one request, each with an outcome of its own.
//!
//! ```text
//! POST …/batch   <feed> <entry> batch:id, batch:operation …        Batch, BatchExchange
//! 200            <feed> <entry> batch:id, batch:status code= …     BatchReply, Outcome
//! ```
//!
//! The answer is 200 also when every operation failed, so a [`BatchReply`] gives its entries only as
//! [outcomes](BatchReply::outcomes), or [all or none](BatchReply::into_entries). What was asked and not
//! answered counts as failed.
//!
//! # Source
//! legacy-protocol.md 2.8 and 2.5; `batch:interrupted` and its counts as the Python and Objective-C clients
//! read them.

mod outcome;
mod reply;
mod request;

pub use outcome::{Interrupted, Outcome, Status};
pub use reply::BatchReply;
pub use request::{Batch, BatchExchange, BatchItem, Operation};

use crate::gdata::{Element, Entry, namespaces::BATCH};

/// Parts an entry into the elements of `batch` and the rest.
fn parted(entry: &Entry<'_>) -> (Vec<Element<'static>>, Entry<'static>) {
    let mut element = entry.element().clone().into_owned();
    let (batch, rest) = std::mem::take(&mut element.children)
        .into_iter()
        .partition(is_batch);
    element.children = rest;
    (batch, Entry::from_element(element))
}

/// In the namespace of batches; without any, by one of its names that Atom does not have.
fn is_batch(element: &Element<'_>) -> bool {
    match element.namespace() {
        Some(namespace) => namespace == BATCH,
        None => matches!(element.name(), "operation" | "status" | "interrupted"),
    }
}

/// `<batch:id>`: the one part whose name Atom has too, so that it needs its namespace.
fn id_of(batch: &[Element<'_>]) -> Option<String> {
    child(batch, "id").map(|id| id.inner_text().trim().to_owned())
}

fn child<'e, 'a>(batch: &'e [Element<'a>], name: &str) -> Option<&'e Element<'a>> {
    batch.iter().find(|element| element.is(BATCH, name))
}

fn id_element(id: &str) -> Element<'static> {
    Element::new(BATCH, "id").with_text(id.to_owned())
}
