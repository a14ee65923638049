//! AuthSub and its successors at Google.
pub mod crypto;
mod error;
mod exchange;
pub mod gdata;
pub mod scope;
mod secret;
#[cfg(feature = "serve")]
pub mod serve;
pub mod system;
mod time;
pub mod transport;
pub mod wire;

pub use error::{Advice, Error, Fault, Kind};
pub use exchange::{BodyHint, Exchange};
pub use secret::Secret;
pub use time::{Stamp, Timestamp};
pub use transport::{Transport, run};
