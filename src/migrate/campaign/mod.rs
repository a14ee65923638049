//! Everybody whose credential cannot be moved is asked once more: a campaign of consent.
//!
//! ```text
//! list of users ─▶ Campaign ─▶ a link for each ─▶ mail that somebody sends
//!                     ▲                                 │
//!                     │ state, on the disk              ▼
//!                     └──── InvitationPage ◀──── the user opens it ─▶ consent ─▶ back: is it the account that was
//!                                │                                                invited? only then is it kept
//!                                └─▶ TokenStore
//! ```
//!
//! | file | what it knows |
//! |---|---|
//! | `book` | the campaign: users found, added, changed; crash-proof by the room's journal |
//! | `base`, `record` | how a million users stand in the file, and are found without reading it |
//! | `invitation` | the links |
//! | `page` | what users see, and the way to consent and back |
//! | `consent` | what came of a redirect, and whose it is |
//! | [`csv`], `mail`, `webhook` | lists in and out, reminders |
//!
//! # Source
//! migration.md 3.2 and 4; oauth2.md 5.2, 5.3, 5.9.

mod base;
mod book;
mod consent;
pub mod csv;
mod invitation;
mod invitee;
mod mail;
mod page;
mod record;
mod settings;
mod state;
mod webhook;

pub use self::{
    book::{Added, Admission, Campaign, Member},
    consent::Outcome,
    invitee::Invitee,
    mail::MailText,
    page::{InvitationPage, PageEvent},
    settings::Settings,
    state::{STATES, Standing, State, Tally},
    webhook::ReminderHook,
};
