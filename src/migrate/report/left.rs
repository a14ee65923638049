//! What is left to do, what is for people, and what nobody looked at.

use super::{outcome::UserOutcome, progress::Progress};
use crate::migrate::{
    retire::{BY_HAND, Stage},
    scan::Verdict,
};

/// Verdicts after which somebody has to change the code, what is counted, and what to do.
const OPEN: &[(Verdict, &str, &str)] = &[
    (
        Verdict::ReplaceSecret,
        "secret",
        "replace it, and take it out",
    ),
    (Verdict::HeaderSwap, "place", "another header"),
    (Verdict::Port, "place", "port to another API"),
    (
        Verdict::NoSuccessor,
        "place",
        "no successor, drop the feature",
    ),
    (Verdict::CheckByHand, "place", "check by hand"),
];

/// Outcomes of users that somebody has to act on, and how: names in capitals stand for what a report cannot know.
const USERS: &[(UserOutcome, &str, &str)] = &[
    (
        UserOutcome::ToTryAgain,
        "to be tried again",
        "gdata-auth migrate upgrade grant --client-secrets CLIENT_SECRETS PATH",
    ),
    (
        UserOutcome::ToImport,
        "with a token of OAuth 2.0 that is not kept",
        "gdata-auth migrate import --into-store PATH",
    ),
    (UserOutcome::ToInvite, "to be invited", ADD),
    (
        UserOutcome::Waiting,
        "undecided",
        "gdata-auth migrate upgrade remind CAMPAIGN --eml DIR --from ADDRESS",
    ),
    (
        UserOutcome::Partial,
        "with only a part given",
        "gdata-auth migrate upgrade remind CAMPAIGN --state partial --eml DIR --from ADDRESS",
    ),
    (
        UserOutcome::Nothing,
        "who allowed nothing",
        "gdata-auth migrate upgrade remind CAMPAIGN --state nothing --eml DIR --from ADDRESS",
    ),
    (
        UserOutcome::WrongAccount,
        "with another account used",
        "gdata-auth migrate upgrade remind CAMPAIGN --state wrong_account --eml DIR --from ADDRESS",
    ),
    (UserOutcome::Expired, "whose link ended", RENEW),
];

const ADD: &str = "gdata-auth migrate upgrade add CAMPAIGN USERS";
const RENEW: &str = "gdata-auth migrate upgrade renew CAMPAIGN --expired";

pub(super) fn left(progress: &Progress) -> Vec<String> {
    let mut left = Vec::new();
    if let Some(code) = &progress.code {
        for (verdict, counts, what) in OPEN {
            let count = code.places.get(verdict).copied().unwrap_or_default();
            if count > 0 {
                left.push(format!("{} in the code: {what}", counted(count, counts)));
            }
        }
        if code.unread > 0 {
            left.push(format!(
                "{} in the code could not be read",
                counted(code.unread, "file")
            ));
        }
    }
    if progress.alarms > 0 {
        let what = match progress.alarms {
            1 => "1 private key or password in token stores: whoever read it has it; replace it, take it out".to_owned(),
            count => format!(
                "{count} private keys or passwords in token stores: whoever read them has them; replace them, take them out"
            ),
        };
        left.push(format!("{what}, and import again"));
    }
    if progress.unread_stores > 0 {
        left.push(format!(
            "{} of token stores could not be read: gdata-auth migrate import PATH",
            counted(progress.unread_stores, "place")
        ));
    }
    for (outcome, what, command) in USERS {
        let count = progress.count(*outcome);
        // Their command is that of a new link already.
        let ended = match outcome {
            UserOutcome::Expired => 0,
            outcome => progress.ended.get(outcome).copied().unwrap_or_default(),
        };
        if count > ended {
            let users = counted(count - ended, "user");
            let command = progress.command(command);
            left.push(format!("{users} {what}: {command}"));
        }
        if ended > 0 {
            let users = counted(ended, "user");
            left.push(format!(
                "{users} {what}, whose link ended: {}",
                progress.command(RENEW)
            ));
        }
    }
    if progress.delegated > 0 {
        left.push(format!(
            "{} whose place a service account takes: have the domain delegate to it, then gdata-auth migrate retire revoke PATH",
            counted(progress.delegated, "user")
        ));
    }
    if progress.without_address > 0 {
        left.push(format!(
            "{} of which no store gives an address: find out whose they are, then {}",
            counted(progress.without_address, "account"),
            progress.command(ADD)
        ));
    }
    if let Some(calls) = &progress.calls {
        if calls.different > 0 {
            left.push(format!(
                "{} compared: the new answer differs from the old one",
                counted(calls.different, "call")
            ));
        }
        if calls.fallback > 0 && progress.integrations.is_empty() {
            left.push(format!(
                "{} fell back on the old credential",
                counted(calls.fallback, "call")
            ));
        }
    }
    let failed = ended(progress, "failed");
    if failed > 0 {
        left.push(format!(
            "{} could not be ended: gdata-auth migrate retire revoke PATH",
            counted(failed, "legacy credential")
        ));
    }
    for (name, it) in &progress.integrations {
        if it.is_ahead(progress.at) {
            left.push(format!(
                "{name}: its state is of a moment that has not come, so its days prove nothing: a clock is wrong, or was"
            ));
        } else if it.stage != Stage::Done {
            left.push(format!(
                "{name}: {} of {} days without a legacy call have been seen since `watch` on {}",
                it.quiet_days(),
                it.days,
                it.watched_at
            ));
        }
    }
    left
}

pub(super) fn by_hand(progress: &Progress) -> Vec<String> {
    let is_of = |scheme: &str, protocol: &str| protocol.ends_with(scheme);
    BY_HAND
        .iter()
        .filter(|row| {
            let mut legacy = progress.legacy.iter();
            legacy.any(|one| is_of(row.scheme, &one.protocol))
        })
        // Two-legged calls have an administrator in place of users.
        .filter(|row| {
            let two_legged = |one: &super::lists::Ended| one.protocol.starts_with("two-legged");
            let fitting = progress.legacy.iter();
            let mut fitting = fitting.filter(|one| is_of(row.scheme, &one.protocol));
            let of_admin = row.who.starts_with("the administrator");
            fitting.any(|one| two_legged(one) == of_admin)
        })
        .map(|row| format!("{}: {} ({})", row.who, row.what, row.place))
        .collect()
}

pub(super) fn unknown(progress: &Progress) -> Vec<&'static str> {
    let parts = [
        (progress.code.is_none(), "the code: give a scan"),
        (
            !progress.asked,
            "the users: give the inventory of import, the list of upgrade grant, or the campaign",
        ),
        (
            progress.integrations.is_empty(),
            "the end: give the file of retire watch",
        ),
    ];
    let parts = parts.into_iter().filter(|(missing, _)| *missing);
    parts.map(|(_, what)| what).collect()
}

/// How many legacy credentials have that outcome.
pub(super) fn ended(progress: &Progress, word: &str) -> u64 {
    let fitting = progress.legacy.iter();
    fitting.filter(|one| one.outcome == word).count() as u64
}

pub(super) fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
