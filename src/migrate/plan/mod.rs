//! What to do, in which order, from what the code says, what the stores hold, and what was seen to be called.
//!
//! ```text
//! scan ──▶ Code ─────┐
//! import ▶ Inventory ├─▶ Plan::draw ─▶ Plan ─▶ text, Markdown, HTML   for people
//! log ───▶ CallLog ──┘     │                 └▶ JSON                   for the next step
//!            catalogue ────┘
//! ```
//!
//! | file | what it decides |
//! |---|---|
//! | `need` | which services, and whether they are read or written |
//! | `ask` | the least scopes, and how hard they are to get |
//! | `client` | which kind of client, by a table of rules |
//! | `verification` | what Google asks for before it grants such scopes |
//! | `quota` | what a day of calls costs |
//! | `people` | who need not be asked, who is moved by a grant, who consents |
//! | `delegation` | whose place a service account takes |
//! | `order` | steps, and what each waits for |
//! | `limits` | what cannot be done, what nobody confirmed, what was not seen |
//!
//! Any of the three inputs may be missing; the plan then says what it could not see. What nobody confirmed stays
//! UNVERIFIED. No secret, address or query of a log is kept: only rows of the catalogue and numbers.
//!
//! # Source
//! migration.md 0.6, 2.4, 2.5, 4; oauth2.md 5.9.

mod ask;
mod client;
mod code;
mod delegation;
mod drawing;
mod limits;
mod log;
mod need;
mod order;
mod people;
mod quota;
pub mod report;
mod verification;

pub use self::{
    ask::{Ask, Grade},
    client::{Choice, ClientType},
    code::{Code, Spot},
    drawing::{Campaign, Cannot, Inputs, Plan, Wishes},
    log::{CallLog, Days, Login, Seen},
    need::{Certainty, Need},
    order::Step,
    people::People,
    quota::{Bucket, Quota},
    verification::Verification,
};
pub(in crate::migrate) use self::{
    delegation::delegated,
    drawing::shell,
    log::{Call, Credential, each_call},
    people::alarms,
};
