//! From the old protocols to OAuth 2.0, one integration at a time.
//!
//! ```text
//! grant      OAuth 1.0 tokens become refresh tokens where a server offers it          nobody is asked
//! campaign   everybody else is invited, consents on a page, and is written down       every user, once
//! dual       new credential first, the old one by rule; shadow compares the two       for a while
//! retire     legacy tokens are revoked, and N days without a legacy call end it       at last
//! ```
//!
//! State that takes weeks to gather stands in files that survive a crash at any byte (`journal`).

pub mod campaign;
pub mod dual;

mod google;
pub mod grant;
mod journal;
pub mod retire;
