//! AuthSub and its successors at Google: requests signed exactly as they were, servers that verify
//! them, and the way to OAuth 2.0.
//!
//! ```text
//! Exchange     one step of a flow: what to send, how to read the reply      pure
//! AuthScheme   a credential that authorises one outgoing request            pure
//! Transport    carries a request to whoever answers it                      async, object safe
//! ```
//!
//! Everything else is a value, a pure function, or a [`Transport`]: the reqwest adapter, the authorised
//! client, the emulator. They stack, with or without a socket.
//!
//! | look for | in |
//! |---|---|
//! | AuthSub: the link, the redirect, the tokens, the header | [`authsub`] |
//! | ClientLogin: the login, the CAPTCHA, the token, Reader servers | [`clientlogin`] |
//! | OAuth 1.0: the tokens, the base string, what a signature was made of, the way to OAuth 2.0 | [`oauth1`] |
//! | OAuth 2.0: consent, devices, service accounts, ID tokens, credential files, what a refusal means | [`oauth2`] |
//! | API keys | [`api_key`] |
//! | any of them as one value, and what to do after an answer | [`AuthScheme`], [`Verdict`] |
//! | a credential as it is kept, and stores for grants that change | [`store`] |
//! | keys, signatures and their verification | [`crypto`] |
//! | the gdata envelope, feeds and error documents | [`gdata`] |
//! | scopes and what they cover | [`scope`] |
//! | the same without async | `blocking` (feature `blocking`) |
//! | tokens for reqwest-middleware, tower, google-apis-rs | [`client`] (features of those names) |
//! | exchanges recorded and replayed by meaning | `cassette` (feature `cassette`) |
//! | from the old protocols to OAuth 2.0 | `migrate` (feature `migrate`) |
//! | a Google that verifies, for tests | `emulator` (feature `emulator`) |
//! | a transport on a socket | `serve` (feature `serve`) |

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "cassette")]
pub mod cassette;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod client;
pub mod crypto;
#[cfg(feature = "emulator")]
pub mod emulator;
mod error;
mod exchange;
pub mod gdata;
#[cfg(feature = "migrate")]
pub mod migrate;
pub mod scheme;
pub mod scope;
mod secret;
#[cfg(feature = "serve")]
pub mod serve;
pub mod store;
pub mod system;
mod time;
#[cfg(feature = "tracing")]
mod trace;
#[cfg(not(feature = "tracing"))]
#[path = "trace_off.rs"]
mod trace;
pub mod transport;
pub mod wire;

pub use error::{Advice, Error, Fault, Kind};
pub use exchange::{BodyHint, Exchange};
pub use scheme::{AuthScheme, Verdict, api_key, authsub, clientlogin, oauth1, oauth2};
pub use secret::Secret;
pub use time::{Stamp, Timestamp};
pub use transport::{Transport, run};
