//! Token stores that old clients left, read by what they hold and not by what they are called.
//!
//! ```text
//! path ─▶ files ─▶ sniffed ─▶ reader of the form ─▶ drafts ─▶ judged ─▶ doubles told ─▶ sink
//!                                                                              │
//!                                                      inventory, text, store ◀┘
//! ```
//!
//! What is read in records (lists of blobs, lines, cookies, dumps) is never held as a whole, so a store of a
//! million tokens needs no more memory than one digest for each of them. Documents (JSON, pickles, PHP sessions)
//! are held whole, and bounded by [`Limits`].
//!
//! Nothing is written to the source, and nothing in it is run: a pickle is walked as data.
//!
//! # Source
//! legacy-protocol.md 7 and 8.4; oauth2.md 5.8.

pub mod blob;
mod doubles;
mod draft;
mod fingerprint;
mod form;
mod input;
mod inventory;
mod moment;
mod opened;
mod run;
mod value;
mod walk;
mod writing;

pub use self::{
    blob::Blob,
    input::Limits,
    inventory::{
        Alarm, Credential, Double, Form, Inventory, Mask, Place, Problem, Protocol, Secrets,
        TokenState, Use,
    },
    run::{Event, Import, Sink, Source, Summary},
    walk::{Walk, files},
    writing::InventoryWriter,
};
