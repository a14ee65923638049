//! Calls of the old libraries that read or write: what a plan asks scopes by.
//!
//! A method counts by its verb and by what it is about (`CreateUser`, `insert_event`, `updateRow`), or, where it is a verb
//! alone, by what it is called on (`service.insert(`, `entry.delete(`). Lists, forms and pages of the program's own have
//! such verbs too, so nothing else counts.

use std::{collections::BTreeMap, sync::LazyLock};

use regex_automata::meta::Regex;

use super::{evidence::Evidence, lex::Kind, rules::build, view::View};
use crate::migrate::catalogue::Access;

/// Verbs of methods, in lower case.
const VERBS: &[(&str, Access)] = &[
    ("add", Access::Write),
    ("batch", Access::Write),
    ("create", Access::Write),
    ("delete", Access::Write),
    ("insert", Access::Write),
    ("move", Access::Write),
    ("post", Access::Write),
    ("put", Access::Write),
    ("remove", Access::Write),
    ("rename", Access::Write),
    ("restore", Access::Write),
    ("save", Access::Write),
    ("suspend", Access::Write),
    ("update", Access::Write),
    ("upload", Access::Write),
    // Objective-C.
    ("fetchentrybyinserting", Access::Write),
    ("fetchentrybyupdating", Access::Write),
    ("fetch", Access::Read),
    ("find", Access::Read),
    ("get", Access::Read),
    ("list", Access::Read),
    ("query", Access::Read),
    ("retrieve", Access::Read),
    ("search", Access::Read),
];

/// What a method is about, as its name goes on in lower case, and the services that it can be; none means any.
const NOUNS: &[(&str, &[&str])] = &[
    ("emailmonitor", &["email-audit"]),
    ("mailmonitor", &["email-audit"]),
    ("mailboxexport", &["email-audit"]),
    ("mailboxdump", &["email-audit"]),
    ("accountinformation", &["email-audit"]),
    ("accountinfo", &["email-audit"]),
    ("pgpkey", &["email-audit"]),
    ("emaillist", &["provisioning"]),
    ("nickname", &["provisioning"]),
    ("orgunit", &["provisioning"]),
    ("orguser", &["provisioning"]),
    ("group", &["provisioning", "contacts", "domain-contacts"]),
    ("member", &["provisioning"]),
    ("owner", &["provisioning"]),
    ("alias", &["provisioning", "email-settings"]),
    ("user", &["provisioning"]),
    ("sendas", &["email-settings"]),
    ("signature", &["email-settings"]),
    ("vacation", &["email-settings"]),
    ("forwarding", &["email-settings"]),
    ("filter", &["email-settings"]),
    ("label", &["email-settings"]),
    ("mailitem", &["email-migration"]),
    ("event", &["calendar"]),
    ("calendar", &["calendar"]),
    ("contact", &["contacts", "domain-contacts"]),
    ("profile", &["contacts", "domain-contacts"]),
    ("photo", &["photos"]),
    ("album", &["photos"]),
    ("video", &["youtube"]),
    ("playlist", &["youtube"]),
    ("subscription", &["youtube"]),
    ("favorite", &["youtube"]),
    ("rating", &["youtube"]),
    ("comment", &["youtube", "blogger", "photos"]),
    ("post", &["blogger"]),
    ("blog", &["blogger"]),
    ("row", &["spreadsheets"]),
    ("cell", &["spreadsheets"]),
    ("worksheet", &["spreadsheets"]),
    ("spreadsheet", &["spreadsheets"]),
    ("record", &["spreadsheets"]),
    ("table", &["spreadsheets"]),
    ("doc", &["documents"]),
    ("folder", &["documents"]),
    ("resource", &["documents", "calendar-resources"]),
    ("acl", &["calendar", "documents"]),
    ("sitemap", &["webmasters"]),
    ("site", &["webmasters", "sites"]),
    ("page", &["sites"]),
    ("attachment", &["sites"]),
    ("issue", &["project-hosting"]),
    ("entry", &[]),
    ("feed", &[]),
];

/// Methods by name, and verbs on what the libraries give.
const CALLS: &str = r"(?:\.|->|::|\[\w+ )(?P<name>[A-Za-z]\w*)\s*[(:]|\b\w*(?i:service|client|svc|entry|gdata)(?:\(\))?\s*(?:\.|->)\s*(?P<verb>(?i:batch|delete|get|insert|post|put|query|save|update|upload))\s*\(";

static SEARCH: LazyLock<Option<Regex>> = LazyLock::new(|| build(CALLS));

/// Whether what this file looks for can be built.
pub(super) fn is_ready() -> bool {
    SEARCH.is_some()
}

/// The most calls of one file that are looked at.
const MOST: usize = 20_000;

/// What a file does with each of its services, by id: writing, if anything writes.
pub(super) fn of(view: &View, evidence: &Evidence) -> BTreeMap<&'static str, Access> {
    let mut found = BTreeMap::new();
    let Some(search) = SEARCH.as_ref().filter(|_| evidence.library) else {
        return found;
    };
    for captures in search.captures_iter(view.text()).take(MOST) {
        let group = |name| captures.get_group_by_name(name);
        let Some(span) = group("verb").or_else(|| group("name")) else {
            continue;
        };
        if view.kind(span.start) != Kind::Code {
            continue;
        }
        let name = view.text().get(span.range()).unwrap_or_default();
        let Some((access, about)) = meant(name, group("verb").is_some()) else {
            continue;
        };
        let service = match about {
            [] => evidence.service_at(span.start, span.end),
            // A program has users and tables of its own: none of the library's, unless the file speaks to that API.
            about => evidence.one_of(about),
        };
        if let Some(service) = service {
            let kept = found.entry(service.id()).or_insert(access);
            if access == Access::Write {
                *kept = access;
            }
        }
    }
    found
}

/// What a method does, and the services that it can be of.
fn meant(name: &str, alone: bool) -> Option<(Access, &'static [&'static str])> {
    let lower = name.to_ascii_lowercase();
    let (verb, access) = VERBS.iter().find(|(verb, _)| lower.starts_with(verb))?;
    if alone {
        return Some((*access, &[]));
    }
    let rest = lower[verb.len()..].replace('_', "");
    let (noun, about) = NOUNS.iter().find(|(noun, _)| rest.starts_with(noun))?;
    let of_pages = HANDLERS
        .iter()
        .any(|word| rest[noun.len()..].starts_with(word));
    (!of_pages).then_some((*access, about))
}

/// How names of methods go on that every page and window has: `addEventListener`.
const HANDLERS: &[&str] = &["handler", "listener", "observer"];
