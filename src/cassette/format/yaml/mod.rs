//! YAML and JSON as one tree of data, read within bounds, and YAML written as psych and PyYAML write it.
//!
//! ```text
//! bytes ── load ── Node ── fields ── a reader of one format ── gather ── Reading
//!                   └ sniff: which format is it?
//! a writer of one format ── emit ── bytes
//! ```
//!
//! A tag is a name and never makes an object, an alias is a copy that counts, and what is cut off keeps its
//! good part. The traps of YAML 1.1 are those of cassettes.md 3.1: `- ! '*'`, `--- ` of syck, values that look
//! like numbers or dates and are text.

mod build;
pub(super) mod emit;
pub(super) mod extra;
pub(super) mod fields;
pub(super) mod gather;
mod json;
mod load;
mod node;
pub(super) mod sniff;

pub(super) use self::{
    load::{Document, load},
    node::{Node, Scalar, Value},
};
