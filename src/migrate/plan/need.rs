//! Which services an integration uses, and whether it reads or writes them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{CallLog, Code, Spot, ask::Act, quota};
use crate::migrate::{
    catalogue::{Access, Catalogue, Class, Fit, KIN, Service, State, is_shared},
    import::{Credential, Inventory},
    scan::{Kind, Verdict},
};

/// One service, with all that is known of its use.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Need {
    /// The row of the catalogue.
    pub id: String,
    /// What it was called.
    pub name: String,
    /// Whether it answers.
    pub state: State,
    /// When it ended.
    pub ended: Option<String>,
    /// Where to go.
    pub successor: Option<String>,
    /// What to do.
    pub verdict: Verdict,
    /// For reading or writing; nothing where there is nothing to ask for.
    pub access: Option<Access>,
    /// How that is known.
    pub certainty: Certainty,
    /// Places in the code.
    pub places: usize,
    /// The first of them.
    pub first_places: Vec<Spot>,
    /// Calls that read, in the log.
    pub reads: u64,
    /// Calls that write.
    pub writes: u64,
    /// All calls.
    pub calls: u64,
    /// The most calls on one day.
    pub peak: u64,
    /// Credentials that were for it.
    pub credentials: u64,
    /// Whether only an administrator can consent.
    pub admin: bool,
    /// Columns of the catalogue that nobody confirmed.
    pub unverified: Vec<String>,
    /// What else to know.
    pub note: Option<String>,
    /// Calls that were seen and go on, by what does the same, and what else to know of that: YouTube's alone.
    pub replaced: Vec<String>,
    /// Where all this is from.
    pub source: String,
    #[serde(skip)]
    pub(super) acts: Vec<Act>,
}

/// How it is known whether a service is read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Certainty {
    /// The log shows it.
    Seen,
    /// The code shows it.
    Code,
    /// Nobody saw a call: reading is assumed.
    Assumed,
}

impl Certainty {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Seen => "seen in the log",
            Self::Code => "from the code",
            Self::Assumed => "assumed: no call was seen",
        }
    }
}

/// The needs, and what could not be told.
#[derive(Debug, Default)]
pub(super) struct Needs {
    pub(super) needs: Vec<Need>,
    /// Calls and feeds that name no API, and what a person has to look at.
    pub(super) unclear: usize,
    /// Other places that name none: libraries, answers.
    pub(super) unnamed: usize,
    pub(super) notes: Vec<String>,
}

/// How many places are told for each service.
const FIRST: usize = 3;

pub(super) fn gather(
    catalogue: &Catalogue,
    code: Option<&Code>,
    inventory: Option<&Inventory>,
    log: Option<&CallLog>,
) -> Needs {
    let mut out = Needs::default();
    let mut found: BTreeMap<String, Vec<&Spot>> = BTreeMap::new();
    for spot in code.into_iter().flat_map(|code| &code.spots) {
        let by_hand = spot.verdict == Verdict::CheckByHand;
        let calls = spot.verdict.is_open() && matches!(spot.kind, Kind::Auth | Kind::Inventory);
        match &spot.service {
            Some(id) => {
                out.unclear += usize::from(by_hand);
                found.entry(id.clone()).or_default().push(spot);
            }
            None if by_hand || calls => out.unclear += 1,
            // A library alone says nothing of an API; secrets are a step of their own.
            None if spot.kind == Kind::Leak => {}
            None => out.unnamed += usize::from(spot.verdict.is_open()),
        }
    }
    for id in log.into_iter().flat_map(|log| log.services.keys()) {
        found.entry(id.clone()).or_default();
    }
    let seen: Vec<String> = found.keys().cloned().collect();
    let credentials = stored(catalogue, inventory, &seen, &mut out.notes);
    for id in credentials.keys() {
        found.entry(id.clone()).or_default();
    }
    for (id, spots) in found {
        let Some(service) = catalogue.service(&id) else {
            let problem =
                format!("the catalogue has no row {id}: nothing is planned for it, look by hand");
            out.notes.push(problem);
            continue;
        };
        if service.state() == State::None {
            out.unclear += spots.len();
            continue;
        }
        let count = credentials.get(&id).copied().unwrap_or_default();
        let mut need = need(service, &spots, log, count);
        if let ("youtube", Some(log)) = (service.id(), log) {
            need.replaced = replaced(catalogue, log);
        }
        out.needs.push(need);
    }
    out.needs.sort_by(|one, other| {
        rank(one.verdict)
            .cmp(&rank(other.verdict))
            .then(other.calls.cmp(&one.calls))
            .then(other.places.cmp(&one.places))
            .then(one.id.cmp(&other.id))
    });
    out
}

/// How many credentials were for each service, told by scopes or by ClientLogin's code.
fn stored(
    catalogue: &Catalogue,
    inventory: Option<&Inventory>,
    seen: &[String],
    notes: &mut Vec<String>,
) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut doubtful: BTreeMap<String, u64> = BTreeMap::new();
    let (mut unknown, mut named) = (0_u64, BTreeSet::new());
    for credential in inventory.into_iter().flat_map(Inventory::current) {
        let mut own: Vec<&str> = Vec::new();
        for scope in &credential.scopes {
            match catalogue.by_scope(scope) {
                Ok(service) => own.push(meant(scope, service.id(), seen)),
                Err(_) if is_new(scope) => {}
                Err(_) => {
                    unknown += 1;
                    if named.len() < UNKNOWN_NAMED {
                        named.insert(shown(scope));
                    }
                }
            }
        }
        if let Some(code) = &credential.service {
            own.extend(by_code(catalogue, code, credential, seen, &mut doubtful));
        }
        own.sort_unstable();
        own.dedup();
        for id in own {
            *counts.entry(id.to_owned()).or_default() += 1;
        }
    }
    if unknown > 0 {
        notes.push(format!(
            "scopes of stored credentials that are in no row of the catalogue: {unknown} ({})",
            Vec::from_iter(named).join(", ")
        ));
    }
    for (code, count) in doubtful {
        let names = catalogue.by_service(&code).map_or_else(
            |_| "none that the catalogue has".to_owned(),
            |rows| {
                rows.iter()
                    .map(|row| row.name())
                    .collect::<Vec<_>>()
                    .join(", ")
            },
        );
        notes.push(format!(
            "credentials for ClientLogin's service {code}, while nothing tells for which API ({names}): {count}"
        ));
    }
    counts
}

/// How many scopes without a row are told by name.
const UNKNOWN_NAMED: usize = 10;
/// The most steps of a scope's path that are told: what stands further behind may be a user's own.
const STEPS_TOLD: usize = 2;

/// A scope as it may be told: without a query, and without what may be of a single user in it.
fn shown(scope: &str) -> String {
    let bare = scope.split(['?', '#']).next().unwrap_or_default();
    let (begin, rest) = match bare.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), bare),
    };
    let rest = rest.rsplit('@').next().unwrap_or_default();
    let steps: Vec<&str> = rest.split('/').collect();
    let told = steps[..steps.len().min(1 + STEPS_TOLD)].join("/");
    let more = match steps.len() > 2 + STEPS_TOLD {
        true => "/…",
        false => "",
    };
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    format!("{begin}{told}{more}")
        .chars()
        .map(plain)
        .take(100)
        .collect()
}

/// The services of a plan that a credential is for.
pub(super) fn services_of<'c>(
    catalogue: &'c Catalogue,
    credential: &Credential,
    needs: &[Need],
) -> Vec<&'c str> {
    let seen: Vec<String> = needs.iter().map(|need| need.id.clone()).collect();
    let by_scope = credential.scopes.iter().filter_map(|scope| {
        let service = catalogue.by_scope(scope).ok()?;
        Some(meant(scope, service.id(), &seen))
    });
    let code = credential.service.iter();
    let by_code = code
        .flat_map(|code| by_code(catalogue, code, credential, &seen, &mut BTreeMap::new()))
        .collect::<Vec<_>>();
    by_scope.chain(by_code).collect()
}

/// The API that a stored scope is for: of two that share it, the one that code or calls name.
fn meant<'c>(scope: &str, id: &'c str, seen: &[String]) -> &'c str {
    let is_seen = |id: &str| seen.iter().any(|own| own == id);
    let kin = KIN.iter().find(|(_, dead)| *dead == id);
    match kin {
        Some((living, _)) if is_shared(scope) && !is_seen(id) && is_seen(living) => living,
        _ => id,
    }
}

fn by_code<'c>(
    catalogue: &'c Catalogue,
    code: &str,
    credential: &Credential,
    seen: &[String],
    doubtful: &mut BTreeMap<String, u64>,
) -> Vec<&'c str> {
    // Scopes say it better.
    if !credential.scopes.is_empty() {
        return Vec::new();
    }
    let rows = catalogue.by_service(code).unwrap_or_default();
    let known: Vec<&str> = rows
        .iter()
        .map(|row| row.id())
        .filter(|id| rows.len() == 1 || seen.iter().any(|own| own == id))
        .collect();
    if known.is_empty() {
        // Whoever wrote the store wrote this word.
        let good = |c: char| c.is_ascii_alphanumeric();
        let code: String = code.chars().filter(|c| good(*c)).take(24).collect();
        if doubtful.len() < 100 || doubtful.contains_key(&code) {
            *doubtful.entry(code).or_default() += 1;
        }
    }
    known
}

/// Scopes of OAuth 2.0 that were never ones of gdata.
fn is_new(scope: &str) -> bool {
    scope.starts_with("https://www.googleapis.com/auth/") || !scope.contains(':')
}

fn need(service: &Service, spots: &[&Spot], log: Option<&CallLog>, credentials: u64) -> Need {
    let seen = log.and_then(|log| log.services.get(service.id()));
    let (reads, writes) = seen.map_or((0, 0), |seen| (seen.reads, seen.writes));
    let in_code = spots.iter().any(|spot| spot.writes);
    let has_scope = service.read_scopes().chain(service.write_scopes()).next();
    let read_in_code = spots.iter().any(|spot| spot.reads);
    let (access, certainty) = match (writes > 0, in_code, reads > 0, read_in_code) {
        (true, ..) => (Access::Write, Certainty::Seen),
        (false, true, ..) => (Access::Write, Certainty::Code),
        (false, false, true, _) => (Access::Read, Certainty::Seen),
        (false, false, false, true) => (Access::Read, Certainty::Code),
        (false, false, false, false) => (Access::Read, Certainty::Assumed),
    };
    let verdict = match (service.state(), service.successor()) {
        (State::Alive, _) => Verdict::HeaderSwap,
        (_, Some(_)) => Verdict::Port,
        (_, None) => Verdict::NoSuccessor,
    };
    // Each place is of one step: a secret is replaced, and not ported.
    let open: Vec<&&Spot> = spots
        .iter()
        .filter(|spot| spot.verdict.is_open() || spot.kind == Kind::Done)
        .filter(|spot| spot.kind != Kind::Leak)
        .collect();
    Need {
        id: service.id().to_owned(),
        name: service.name().to_owned(),
        state: service.state(),
        ended: service.ended().map(str::to_owned),
        successor: service.successor().map(str::to_owned),
        verdict,
        access: has_scope.map(|_| access),
        certainty,
        places: open.len(),
        first_places: open
            .iter()
            .take(FIRST)
            .map(|spot| (**spot).clone())
            .collect(),
        reads,
        writes,
        calls: seen.map_or(0, super::Seen::calls),
        peak: seen.map_or(0, |seen| seen.days.peak()),
        credentials,
        admin: service.class() == Some(Class::Admin),
        unverified: service.unverified().map(str::to_owned).collect(),
        note: service.note().map(str::to_owned),
        replaced: Vec::new(),
        source: service.source().to_owned(),
        acts: seen.map_or_else(Vec::new, |seen| seen.acts.keys().copied().collect()),
    }
}

/// Those that v3 does as well; of the others the plan tells what cannot be done.
fn replaced(catalogue: &Catalogue, log: &CallLog) -> Vec<String> {
    let rows = quota::rows(catalogue, log).into_iter();
    rows.filter(|(call, _)| call.fit() == Fit::Direct)
        .map(|(call, _)| {
            let v3: Vec<&str> = call.v3().collect();
            let told = format!("{} by {}", call.title(), v3.join(" and "));
            match call.note() {
                Some(note) => format!("{told}: {note}"),
                None => told,
            }
        })
        .collect()
}

fn rank(verdict: Verdict) -> usize {
    Verdict::ALL
        .iter()
        .position(|own| *own == verdict)
        .unwrap_or(usize::MAX)
}
