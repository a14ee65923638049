//! Google Data, the protocol that AuthSub, ClientLogin and OAuth 1.0 were made for: Atom over HTTP with a
//! few headers and error forms of its own.
//!
//! ```text
//! request    Envelope            GData-Version, X-GData-Key, X-GData-Client, X-HTTP-Method-Override
//! success    Feed, Entry         Atom, every element of every namespace kept
//! refusal    Refusal             HTML, <errors>, JSON or nothing -> Cause -> Error with its advice
//!            Errors              the <errors> document itself
//! pages      Paging              next links, start-index, max-results
//! changes    Etag                If-Match, If-None-Match, 412
//! many       batch               many operations in one request, each with its outcome
//! media      upload              direct, resumable, from a browser
//! ```
//!
//! All of it is data: nothing here sends, waits or authorises. Each form is both read and printed, because
//! clients, the emulator and cassettes stand on different ends of it. Documents are read by one bounded XML
//! reader, which borrows from the bytes; `into_owned` lets go of them.
//!
//! # Source
//! legacy-protocol.md 1.8 and 2.

pub mod atom;
pub mod batch;
mod cause;
pub mod conditional;
mod element;
mod entry;
mod envelope;
mod error_document;
mod feed;
pub mod namespaces;
mod paging;
mod refusal;
mod reply_text;
pub mod upload;
mod xml;

pub use cause::{Cause, Mark, RULES, Rule};
pub use conditional::Etag;
pub use element::{Attribute, Element};
pub use entry::{Category, Content, Entry, Link, Person};
pub use envelope::{
    Envelope, GDATA_VERSION, OVERRIDABLE, X_GDATA_CLIENT, X_GDATA_KEY, X_HTTP_METHOD_OVERRIDE,
    meant_method, override_method,
};
pub use error_document::{ErrorEntry, Errors, Location};
pub use feed::Feed;
pub use paging::Paging;
pub use refusal::Refusal;
pub(crate) use reply_text::shown;
#[cfg(feature = "cassette")]
pub(crate) use xml::read_xml;
