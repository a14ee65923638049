//! What came of a consent, in words and without a token.

use super::identity;
use crate::{
    cli::paint,
    scheme::oauth2::{Authorized, IdToken},
    store::StoredGrant,
};

/// How many refresh tokens of one user and client may live at Google (oauth2.md 5.4).
const CAP: u32 = 100;
/// From how many consents on that is said.
const NEAR_CAP: u32 = 90;

pub(super) fn consented(
    authorized: &Authorized,
    identity: Option<&IdToken>,
    grant: &StoredGrant,
    account: &str,
) {
    let notice = |text: String| {
        paint::talk(format_args!(
            "{} {text}",
            paint::styled(paint::NOTICE, "notice:")
        ));
    };
    match identity.map(identity::name) {
        Some(who) => paint::talk(format_args!("{who} consented; kept as {account}")),
        None => paint::talk(format_args!("the user consented; kept as {account}")),
    }
    let consent = authorized.consent();
    paint::talk(format_args!("granted: {}", consent.granted));
    if !consent.missing.is_empty() {
        notice(format!(
            "not granted: {}; calls that need it are refused. Log in again, and let the user tick it",
            consent.missing
        ));
    }
    let reply = authorized.reply();
    if reply.is_testing() {
        notice(
            "the project's consent screen is in testing: this grant ends in seven days. Publish it in Google's console"
                .to_owned(),
        );
    }
    if grant.refresh_token().is_none() {
        let seconds = reply.lifetime().map_or(0, |span| span.as_secs());
        notice(format!(
            "no refresh token came, so this grant ends in {seconds} s; --prompt consent asks for one"
        ));
    } else if reply.refresh_token().is_none() {
        notice("no new refresh token came; the one that was kept stays".to_owned());
    }
    if grant.consents() > NEAR_CAP {
        notice(format!(
            "the user has consented {} times here: beyond {CAP} live refresh tokens Google ends the oldest",
            grant.consents()
        ));
    }
}
