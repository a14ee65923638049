//! JSON as recordings need it: read in place, told where it is torn, and mended where it is only odd.
//!
//! A general reader gives a document or an error. A recording that broke off after its 41st interaction should give
//! 41 interactions and the place, and a hundred megabytes of bodies should not be copied before anybody asks for
//! them. So [`Scanner`] walks the bytes once; texts without escapes are slices of the file. Bodies are bytes here,
//! so a text need not be UTF-8.
//!
//! Source: RFC 8259. Leniencies: raw control characters in texts, a byte order mark, and duplicate members (the
//! last one counts), half a surrogate pair (U+FFFD stands for it); the last two are counted.

mod coded;
mod escape;
mod fields;
mod items;
mod outline;
mod report;
mod scan;
mod text;

pub(super) use self::{
    coded::{base64, hex, to_base64},
    fields::{Fields, Lost},
    items::items,
    outline::Outline,
    report::Report,
    scan::{Scanner, Shape, Torn},
    text::Text,
};
