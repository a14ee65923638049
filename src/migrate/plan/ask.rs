//! The least scopes, by what was seen: which calls, and whether they write.

use serde::Serialize;

use super::{need::Certainty, need::Need};
use crate::{
    migrate::catalogue::{Access, Call, Class, Fit, Service},
    scope::ScopeNames,
};

/// One scope to ask for, and why.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Ask {
    /// The scope.
    pub scope: String,
    /// The row of the catalogue that wants it.
    pub service: String,
    /// For reading or for writing.
    pub access: Access,
    /// Where it is known from that this is enough.
    pub certainty: Certainty,
    /// How hard it is to get.
    pub grade: Grade,
    /// What of this nobody confirmed: `scope`, `class`.
    pub unverified: Vec<&'static str>,
    /// Other scopes of the row, for what this one does not reach.
    pub others: Vec<String>,
}

/// How hard a scope is to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Grade {
    /// Nothing is asked for.
    None,
    /// Nobody knows here.
    Unknown,
    /// An administrator consents.
    Admin,
    /// Verification.
    Sensitive,
    /// Verification and a security assessment.
    Restricted,
}

impl Grade {
    /// A word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "not sensitive",
            Self::Unknown => "class not known",
            Self::Admin => "admin",
            Self::Sensitive => "sensitive",
            Self::Restricted => "restricted",
        }
    }
}

/// What a single call wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Act {
    writes: bool,
    wants: Wants,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wants {
    /// The service's narrowest.
    Own,
    /// Another one.
    This(&'static str),
    /// None, since nothing does what it did.
    Nothing,
}

/// Scopes below this are written short.
const PREFIX: &str = "https://www.googleapis.com/auth/";

/// Scopes that want no verification: drive.file reaches single files that the user picks (migration.md 2.4).
const HARMLESS: &[&str] = &["drive.file", "openid", "email", "profile"];

/// Parts of services that have scopes of their own: service, whether it writes, a piece of the address, the scope.
const PARTS: &[(&str, bool, &str, &str)] = &[
    (
        "calendar",
        false,
        "/allcalendars",
        "calendar.calendarlist.readonly",
    ),
    (
        "calendar",
        false,
        "/owncalendars",
        "calendar.calendarlist.readonly",
    ),
    ("calendar", true, "/allcalendars", "calendar.calendarlist"),
    ("calendar", true, "/owncalendars", "calendar.calendars"),
    ("calendar", false, "/acl", "calendar.acls.readonly"),
    ("calendar", true, "/acl", "calendar.acls"),
    (
        "provisioning",
        false,
        "/a/feeds/user",
        "admin.directory.user.readonly",
    ),
    (
        "provisioning",
        false,
        "/a/feeds/alias",
        "admin.directory.user.readonly",
    ),
    (
        "provisioning",
        false,
        "/a/feeds/group",
        "admin.directory.group.member.readonly",
    ),
    (
        "provisioning",
        false,
        "/a/feeds/orgunit",
        "admin.directory.orgunit.readonly",
    ),
    (
        "provisioning",
        false,
        "/a/feeds/customer",
        "admin.directory.orgunit.readonly",
    ),
    (
        "provisioning",
        true,
        "/a/feeds/user",
        "admin.directory.user",
    ),
    (
        "provisioning",
        true,
        "/a/feeds/alias",
        "admin.directory.user",
    ),
    (
        "provisioning",
        true,
        "/a/feeds/group",
        "admin.directory.group.member",
    ),
    (
        "provisioning",
        true,
        "/a/feeds/orgunit",
        "admin.directory.orgunit",
    ),
    (
        "provisioning",
        true,
        "/a/feeds/customer",
        "admin.directory.orgunit",
    ),
    (
        "email-settings",
        true,
        "/delegation",
        "gmail.settings.sharing",
    ),
    (
        "email-settings",
        true,
        "/forwarding",
        "gmail.settings.sharing",
    ),
];

/// Scopes of [`PARTS`] that migration.md does not name.
const UNCONFIRMED: &[&str] = &[
    "calendar.calendarlist",
    "calendar.calendars",
    "calendar.acls.readonly",
];

/// Calls of YouTube v3 that want another scope than the rest (migration.md 2.4).
const YOUTUBE: &[(&str, &str)] = &[
    ("videos.insert", "youtube.upload"),
    ("comment", "youtube.force-ssl"),
    ("captions.", "youtube.force-ssl"),
];

/// What a call wants, by its address or by its row of YouTube's table.
pub(super) fn act(service: &str, writes: bool, address: &str, call: Option<&Call>) -> Act {
    let wants = match call {
        Some(call) if call.fit() == Fit::None => Wants::Nothing,
        Some(call) => {
            let first = call.v3().next().unwrap_or_default();
            let own = YOUTUBE.iter().find(|(begin, _)| first.starts_with(begin));
            match (own, writes) {
                (Some((_, scope)), _) => Wants::This(scope),
                (None, true) => Wants::This("youtube"),
                (None, false) => Wants::Own,
            }
        }
        None if service == "youtube" && writes => Wants::This("youtube"),
        None => PARTS
            .iter()
            .find(|(own, write, piece, _)| {
                *own == service && *write == writes && address.contains(piece)
            })
            .map_or(Wants::Own, |(.., scope)| Wants::This(scope)),
    };
    Act { writes, wants }
}

/// The scopes of one service, the covered ones left out.
pub(super) fn asks(need: &Need, service: &Service) -> Vec<Ask> {
    let Some(access) = need.access else {
        return Vec::new();
    };
    let mut found: Vec<Ask> = Vec::new();
    let mut add = |writes: bool, scope: Option<&str>| {
        let access = match writes {
            true => Access::Write,
            false => Access::Read,
        };
        let Some(scope) = scope else { return };
        let whole = match scope.contains(':') || HARMLESS[1..].contains(&scope) {
            true => scope.to_owned(),
            false => format!("{PREFIX}{scope}"),
        };
        match found.iter_mut().find(|ask| ask.scope == whole) {
            Some(ask) if writes => ask.access = access,
            Some(_) => {}
            None => found.push(ask(whole, access, need, service)),
        }
    };
    for act in &need.acts {
        match act.wants {
            Wants::Own => add(act.writes, own(service, act.writes)),
            Wants::This(scope) => add(act.writes, Some(scope)),
            Wants::Nothing => {}
        }
    }
    // Where only the code speaks of writing, no call says which scope.
    let told = need.acts.iter().any(|act| act.writes);
    let writes = access == Access::Write;
    if need.acts.is_empty() || (writes && !told) {
        let scope = match (service.id(), writes) {
            ("youtube", true) => Some("youtube"),
            _ => own(service, writes),
        };
        add(writes, scope);
    }
    let all = ScopeNames::new(found.iter().map(|ask| &ask.scope)).unwrap_or_default();
    let wider = |ask: &Ask| {
        let others = all.iter().filter(|name| *name != ask.scope);
        ScopeNames::new(others).is_ok_and(|others| covers(&others, &ask.scope))
    };
    let kept: Vec<Ask> = found.iter().filter(|ask| !wider(ask)).cloned().collect();
    // Two names for the same cover each other.
    match kept.is_empty() {
        true => found,
        false => kept,
    }
}

/// Whether a grant of `names` allows what `scope` does; a scope that reads is a part of the one that also writes.
pub(super) fn covers(names: &ScopeNames, scope: &str) -> bool {
    let whole = scope.strip_suffix(".readonly");
    names.cover(scope) || whole.is_some_and(|whole| names.cover(whole))
}

fn own(service: &Service, writes: bool) -> Option<&str> {
    let (mut read, mut write) = (service.read_scopes(), service.write_scopes());
    match writes {
        true => write.next().or_else(|| read.next()),
        false => read.next().or_else(|| write.next()),
    }
}

fn ask(scope: String, access: Access, need: &Need, service: &Service) -> Ask {
    let short = scope.strip_prefix(PREFIX).unwrap_or(&scope);
    let grade = match service.class() {
        _ if HARMLESS.contains(&short) => Grade::None,
        None => Grade::Unknown,
        Some(Class::Sensitive) => Grade::Sensitive,
        Some(Class::Restricted) => Grade::Restricted,
        Some(Class::Admin) => Grade::Admin,
    };
    let column = match access {
        Access::Write => "write",
        Access::Read => "read",
    };
    let mut unverified = Vec::new();
    if !service.is_verified(column) || UNCONFIRMED.contains(&short) {
        unverified.push("scope");
    }
    if grade == Grade::Unknown || (grade != Grade::None && !service.is_verified("class")) {
        unverified.push("class");
    }
    let row: Vec<&str> = match access {
        Access::Write => service.write_scopes().collect(),
        Access::Read => service.read_scopes().collect(),
    };
    let others = row.into_iter().filter(|other| **other != *scope);
    Ask {
        others: others.map(str::to_owned).collect(),
        service: service.id().to_owned(),
        certainty: need.certainty,
        scope,
        access,
        grade,
        unverified,
    }
}
