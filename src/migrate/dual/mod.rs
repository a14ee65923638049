//! Both credentials for a while: the new one first, the old one by rule, and the two compared.
//!
//! ```text
//! request ─▶ rules (user, feed, percentage) ─▶ new ──▶ answer
//!                  │                            └ 401, 403: old, once, where the rule says so
//!                  ├─▶ old ──▶ answer
//!                  └─▶ shadow: both, for reading calls; the differences are told, the preferred answer is returned
//! ```
//!
//! [`Settings`] are all of it as one file, which a running program takes over when it changes ([`SettingsFile`]).
//! [`DualRun`] is what all users share: rules, counters, and the one setting that rolls back, changeable while calls are
//! under way. [`DualClient`] is a [`Transport`](crate::Transport) for one user over two others, usually an
//! [`AuthorizedClient`](crate::client::AuthorizedClient) each.
//!
//! # Source
//! migration.md 4 (shadow diff of old feed and new JSON; counters that tell when an integration is done).

pub(crate) mod client;
mod compare;
mod counters;
mod fields;
mod rule;
mod rules;
mod run;
mod settings;

#[cfg(feature = "cli")]
pub(crate) use self::compare::is_failure;
pub use self::{
    client::DualClient,
    compare::{Compare, Difference},
    counters::{Counters, Counts, Snapshot},
    rule::{FallBack, Rule, Side},
    rules::{Choice, Rules},
    run::{DualRun, Override, ShadowReport},
    settings::{Settings, SettingsFile},
};
