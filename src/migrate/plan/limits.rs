//! Where a plan ends: what cannot be done, what nobody confirmed, what the inputs could not tell.

use super::{Ask, CallLog, Cannot, Certainty, Inputs, Need, Quota, quota};
use crate::migrate::{
    catalogue::{Catalogue, Fit},
    scan::Verdict,
};

/// Where YouTube's rows come from.
const YOUTUBE: &str = "developers.google.com/youtube/v3/revision_history, GNOME/libgdata 727c13a6";

pub(super) fn cannot(catalogue: &Catalogue, needs: &[Need], log: Option<&CallLog>) -> Vec<Cannot> {
    let ended = needs
        .iter()
        .filter(|need| need.verdict == Verdict::NoSuccessor)
        .map(|need| Cannot {
            what: need.name.clone(),
            why: match &need.note {
                Some(note) => format!("{}: {note}", need.state),
                None => format!("{}, and nothing took its place", need.state),
            },
            partly: false,
            calls: need.calls,
            source: need.source.clone(),
            unverified: need.unverified.iter().any(|column| column == "state"),
        });
    let rows = log.map_or_else(Vec::new, |log| quota::rows(catalogue, log));
    let calls = rows
        .into_iter()
        .filter(|(call, _)| call.fit() != Fit::Direct)
        .map(|(call, count)| {
            let v3: Vec<&str> = call.v3().collect();
            let why = match call.fit() {
                Fit::None => "nothing in v3 does it".to_owned(),
                _ => format!("in part by {}", v3.join(" and ")),
            };
            Cannot {
                what: format!("YouTube: {} {}", call.method(), call.path()),
                why: match call.note() {
                    Some(note) => format!("{why}: {note}"),
                    None => why,
                },
                partly: call.fit() != Fit::None,
                calls: count,
                source: YOUTUBE.to_owned(),
                unverified: call.is_unverified("call"),
            }
        });
    let mut all: Vec<Cannot> = ended.chain(calls).collect();
    all.sort_by_key(|one| one.partly);
    all
}

pub(super) fn unverified(needs: &[Need], scopes: &[Ask], quota: Option<&Quota>) -> Vec<String> {
    let mut out = Vec::new();
    for need in needs {
        let told: Vec<&str> = need
            .unverified
            .iter()
            .map(String::as_str)
            .filter(|column| matches!(*column, "state" | "since" | "feeds"))
            .collect();
        if !told.is_empty() {
            out.push(format!("{}: {}", need.name, told.join(", ")));
        }
    }
    for ask in scopes.iter().filter(|ask| !ask.unverified.is_empty()) {
        let line = format!("{}: {}", ask.scope, ask.unverified.join(", "));
        if !out.contains(&line) {
            out.push(line);
        }
    }
    for call in quota.into_iter().flat_map(|quota| &quota.unverified) {
        out.push(format!("price of {call} in v3"));
    }
    out
}

/// What the inputs could not tell.
pub(super) fn notes(inputs: &Inputs<'_>, needs: &[Need]) -> Vec<String> {
    let mut out = Vec::new();
    let missing = [
        (
            inputs.code.is_none(),
            "no scan was given: places in the code are not counted",
        ),
        (
            inputs.inventory.is_none(),
            "no inventory was given: users are not counted",
        ),
        (
            inputs.log.is_none(),
            "no log was given: calls, quota and what is written were not seen",
        ),
    ];
    out.extend(
        missing
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, what)| (*what).to_owned()),
    );
    if let Some(code) = inputs.code.filter(|code| code.unread > 0) {
        out.push(format!(
            "files or findings of the scan that are not known, unread or too many: {}",
            code.unread
        ));
    }
    if let Some(inventory) = inputs.inventory.filter(|own| !own.problems.is_empty()) {
        out.push(format!(
            "things in the token stores that could not be read: {}",
            inventory.problems.len()
        ));
    }
    let assumed = needs
        .iter()
        .filter(|need| need.access.is_some() && need.certainty == Certainty::Assumed)
        .count();
    if assumed > 0 {
        out.push(format!("services assumed to be read only, since nothing shows a call (log a week of calls, and draw the plan again): {assumed}"));
    }
    let Some(log) = inputs.log else { return out };
    let unclear = log.services.values().map(|seen| seen.unclear).sum();
    let unlisted = log.services.values().map(|seen| seen.unlisted).sum();
    if log.unknown > 0 {
        let what = "lines of the log in no known form, or too long";
        out.push(format!("{what}: {}{}", log.unknown, numbers(log)));
    }
    for (count, what) in [
        (
            log.without_host,
            "calls of the log that tell no host (say which with --host)",
        ),
        (
            log.tunnels,
            "tunnels in the log that hide what was called (log at the program, or at a proxy that ends TLS)",
        ),
        (log.unlisted, "calls to Google in no row of the catalogue"),
        (
            log.undated,
            "calls without a moment that can be read, which count for no day",
        ),
        (unclear, "calls whose method neither reads nor writes"),
        (unlisted, "calls of YouTube v2 in no row of the catalogue"),
    ] {
        if count > 0 {
            out.push(format!("{what}: {count}"));
        }
    }
    out
}

/// The first lines in no known form, by their numbers.
fn numbers(log: &CallLog) -> String {
    let lines: Vec<String> = log.unknown_at.iter().map(u64::to_string).collect();
    let more = match log.unknown > lines.len() as u64 {
        true => ", …",
        false => "",
    };
    match lines.as_slice() {
        [] => String::new(),
        [line] if more.is_empty() => format!(" (line {line})"),
        lines => format!(" (lines {}{more})", lines.join(", ")),
    }
}
