//! Traces of uhttpmock, the recorder of libgdata: text, one half of a message after the other.
//!
//! ```text
//! > GET /feeds HTTP/1.1         the request: "> " before every line of it
//! > Host: www.google.com
//!                               two spaces end a half
//! < HTTP/1.1 200 OK             the answer: "< "
//! < Content-Type: text/plain
//! <
//! < the body, decoded, its lines joined by LF
//!
//! ```
//!
//! Source: cassettes.md 3.4. Not stored: the scheme (`https` unless the port says otherwise), whether the body ended
//! in a line feed (the `Content-Length` tells where it can), and anything after a NUL.

mod read;
mod write;

pub(super) use self::{
    read::{is, read},
    write::write,
};

/// Lines that the recorder added.
const DEBUG: [&str; 3] = ["soup-debug", "soup-debug-timestamp", "soup-host"];
