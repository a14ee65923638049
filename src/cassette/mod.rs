//! Recorded exchanges of requests and answers: kept without secrets, replayed and checked by what they mean.
//!
//! ```text
//! record    client ── Recorder ── a Transport            every request and answer, as bytes
//!                        └ redact ── format ── disk      stand-ins for secrets, then HAR
//! replay    client ── Player                             no network
//!                        └ meaning: which recorded request says the same?
//! convert   other tools' files ── format ── Cassette ── format ── other tools' files
//! ```
//!
//! A signed request differs in every run (timestamp, nonce, signature), so bytes are never compared: a
//! request matches when what was signed matches. A token handed out in one answer and sent in the next
//! request stays one thing: its stand-in is the same in both places.
//!
//! The words are those of VCR and its kin: a *cassette* is an ordered list of *interactions*, each a
//! recorded request and what became of it. [`crate::Exchange`] is something else, a step of a flow.
//!
//! | look for | in |
//! |---|---|
//! | what goes through a transport, kept | [`Recorder`] |
//! | replay, record, once, new, check | [`Session`], [`Mode`] |
//! | where a proxy may go | [`Upstreams`] |
//! | how answers have changed in shape | [`drift`] |
//! | cassettes of tests | [`mod@test`] |
//!
//! Nothing here opens a socket, and nothing in a file is executed. For users all of it is in `docs/cassettes.md`.

#[cfg(doctest)]
#[doc = include_str!("../../docs/cassettes.md")]
mod page {}
mod body;
mod clock;
mod coding;
pub mod drift;
mod echo;
mod explain;
mod faults;
mod file;
pub mod format;
mod headers;
mod interaction;
mod known;
mod limits;
mod meaning;
mod message;
#[cfg(feature = "serve")]
mod on_socket;
mod pattern;
mod player;
mod reading;
mod recorder;
pub mod redact;
mod session;
mod settings;
mod tape;
pub mod test;
pub mod verify;

#[cfg(feature = "serve")]
pub use self::on_socket::OnSocket;
pub use self::{
    body::{Body, BodyForm},
    clock::{TimeRule, TimeRules},
    echo::{EchoRule, EchoRules},
    explain::{Near, Reason, Tick, Unmatched},
    faults::{Fault, FaultRule, FaultRules},
    file::{load, load_as, save},
    headers::Headers,
    interaction::{Interaction, LISTENER, Outcome, Provenance},
    known::{KNOWN, Known, Place, Role, SecretKind},
    limits::Limits,
    meaning::{
        Facet, FacetRole, MatchRules, Meaning, Order, SCHEMES, Scheme, SchemeRow, SecretRule,
    },
    message::{RecordedRequest, RecordedResponse},
    pattern::{Criterion, Pattern, Scenario, Subject, Test},
    player::{Player, PlayerBuilder, Report},
    reading::{Problem, Reading, Severity},
    recorder::{Bounds, Observer, Progress, Recorder},
    session::{
        Asked, Checked, Join, Miss, Mode, RecordSettings, Session, SessionBuilder, Summary, Tape,
        Upstreams,
    },
    settings::Settings,
    tape::{Cassette, StandIn},
    verify::{KeyFiles, Keys},
};
