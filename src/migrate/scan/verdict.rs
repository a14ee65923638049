//! What to do about a hit, from what became of its service.

use super::{
    examine::Doubt,
    finding::Verdict,
    rules::{Kind, Rule},
};
use crate::migrate::catalogue::{Service, State};

/// Why a person has to look.
pub(super) const NO_GOOGLE: &str = "the words are those, but nothing in this file says that it speaks to Google; look where the address comes from";
pub(super) const MESSAGING: &str = "the login is the old one, but for C2DM, which is no gdata and is gone: Firebase Cloud Messaging took its place";

/// How a file logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Login {
    /// By an old protocol, or nothing tells.
    Old,
    /// By OAuth 2.0.
    Done,
    /// By OAuth 2.0, and nothing else is told of the file.
    DoneAlone,
}

/// The verdict, and the sentences of the finding.
pub(super) fn of(
    rule: &Rule,
    doubt: Doubt,
    service: Option<&Service>,
    login: Login,
) -> (Verdict, String) {
    let what = sentence(rule.what);
    match doubt {
        Doubt::Other(other) => {
            return (
                Verdict::LookAlike,
                format!("{what}: the words are those, but this is {other}"),
            );
        }
        Doubt::ByHand(why) => return (Verdict::CheckByHand, format!("{what}: {why}")),
        Doubt::None => {}
    }
    if rule.id == "W25" {
        let next = "OpenID 2.0 ended in 2015: sign in by OpenID Connect (scopes openid and email), and link accounts by their e-mail";
        return (Verdict::Port, format!("{what}. {next}"));
    }
    if rule.kind == Kind::Leak {
        let next = "Take it out, and replace the secret: whoever read this has it";
        return (Verdict::ReplaceSecret, format!("{what}. {next}"));
    }
    if rule.kind == Kind::Done || login != Login::Old {
        return behind(&what, rule.kind, service, login);
    }
    let Some(service) = service else {
        let next = "Which API it is for is not told in this file: find the feeds, then ask `migrate catalogue`";
        return (Verdict::Port, format!("{what}. {next}"));
    };
    (
        by_state(service),
        format!("{what}. {}", sentence(&next(service))),
    )
}

/// A login of OAuth 2.0, or what stands beside one: the API behind it decides whether something is left to do. Where the
/// calls are told too, the login itself is done whatever becomes of them.
fn behind(what: &str, kind: Kind, service: Option<&Service>, login: Login) -> (Verdict, String) {
    let Some(service) = service else {
        let state = "which API it is for is not told here";
        let message = format!("{what}. The login is done; {state}");
        return (Verdict::AlreadyOauth2, message);
    };
    let verdict = match by_state(service) {
        Verdict::HeaderSwap => Verdict::AlreadyOauth2,
        _ if kind == Kind::Done && login != Login::DoneAlone => Verdict::AlreadyOauth2,
        verdict => verdict,
    };
    let next = match by_state(service) {
        Verdict::HeaderSwap => format!("{} {}", service.name(), service.state().clause()),
        _ => next(service),
    };
    (verdict, format!("{what}. The login is done; {next}"))
}

fn by_state(service: &Service) -> Verdict {
    match (service.state(), service.successor()) {
        (State::Alive, _) => Verdict::HeaderSwap,
        (State::None, _) | (_, Some(_)) => Verdict::Port,
        (_, None) => Verdict::NoSuccessor,
    }
}

fn next(service: &Service) -> String {
    let (name, state) = (service.name(), service.state().clause());
    let scopes = [
        ("reading", first(service.read_scopes())),
        ("writing", first(service.write_scopes())),
    ];
    let scopes: Vec<String> = scopes
        .into_iter()
        .filter_map(|(what, scope)| Some(format!("{what}: {}", scope?)))
        .collect();
    let scopes = scopes.join(", ");
    match (by_state(service), service.successor()) {
        (Verdict::HeaderSwap, _) => {
            format!("{name} still answers: send a token of OAuth 2.0 in the header ({scopes})")
        }
        (Verdict::Port, Some(successor)) => {
            let ended = service
                .ended()
                .map_or(String::new(), |ended| format!(" since {ended}"));
            format!("{name} {state}{ended}: port to {successor} ({scopes})")
        }
        (Verdict::Port, None) => format!("{name}: look at the feeds to tell the API"),
        _ => {
            let note = service
                .note()
                .map_or(String::new(), |note| format!(": {note}"));
            format!("{name} {state}, and has no successor{note}")
        }
    }
}

fn first<'s>(mut scopes: impl Iterator<Item = &'s str>) -> Option<&'s str> {
    scopes.next()
}

/// With a capital letter, unless it begins with a name that has none.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    match text.split(' ').next() {
        Some(word)
            if word.contains(['_', '-'])
                || ["gspread", "gapi", "libgdata", "googleclientlogin"].contains(&word) =>
        {
            text.to_owned()
        }
        _ => first.into_iter().chain(letters).collect(),
    }
}
