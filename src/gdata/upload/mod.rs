//! Media on its way to a server: in one request, in many, or from a visitor's browser.
//!
//! ```text
//! DirectUpload     POST entry and media, multipart/related                    -> Uploaded
//!
//! CreateSession    POST entry, X-Upload-Content-Type, X-Upload-Content-Length -> Session
//! Chunk            PUT  Content-Range: bytes 0-8388607/20000000   -> 308 Range: bytes=0-8388607
//! Probe            PUT  Content-Range: bytes */20000000           -> the same
//! Chunk            PUT  Content-Range: bytes 16777216-19999999/…  -> 201, Uploaded
//!
//! GetUploadToken   POST entry -> UploadToken -> UploadForm -> a browser -> BrowserReply at nexturl
//! ```
//!
//! All of it is pure: exchanges and wire forms, each printed and read in one file, because clients and the
//! emulator stand on different ends. [`AuthorizedClient`](crate::client::AuthorizedClient) drives them,
//! chunk after chunk, over any transport.
//!
//! # Source
//! legacy-protocol.md 2.2 to 2.4 and 2.7; RFC 5023, 9.7 for `Slug`; RFC 9110, 14.4 for `Content-Range`.

mod browser;
mod chunk;
mod direct;
mod multipart;
mod range;
mod session;
mod slug;
mod target;
mod uploaded;

pub use browser::{BrowserReply, GetUploadToken, UploadForm, UploadToken};
pub use chunk::{Chunk, ChunkSize, Probe, Progress, SessionGone};
pub use direct::DirectUpload;
pub use multipart::{Form, Multipart, Part};
pub use range::{ContentRange, Received};
pub use session::{CreateSession, Session, X_UPLOAD_CONTENT_LENGTH, X_UPLOAD_CONTENT_TYPE};
pub use slug::{SLUG, Slug};
pub use uploaded::Uploaded;
