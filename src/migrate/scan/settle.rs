//! What a list of dependencies comes to, which the code beside it decides.
//!
//! `packages.config` names a library and not what is asked of it. Where all that the code asks for still answers, the
//! library stays: only the login changes, and when that is done, nothing is left to do with the list either.

use std::collections::BTreeSet;

use super::{
    finding::{Finding, Target, Verdict},
    rules::Kind,
};
use crate::migrate::catalogue::{Catalogue, Service, State};

/// Gives findings in lists the verdict of the code, where that is one.
pub(super) fn settle(findings: &mut [Finding]) {
    let lists = lists(findings);
    let Some((verdict, services)) = of_code(findings, &lists) else {
        return;
    };
    let open = [Verdict::Port, Verdict::NoSuccessor];
    for finding in findings
        .iter_mut()
        .filter(|one| open.contains(&one.verdict) && lists.contains(&one.file))
    {
        // A library for something else is left over, and goes.
        let own = finding.service.as_ref().and_then(|own| row(own.id));
        let stays = services
            .iter()
            .find(|of_code| own.is_none_or(|own| shares(own, of_code)));
        let Some(service) = stays else {
            continue;
        };
        let what = finding.message.split(". ").next().unwrap_or_default();
        finding.message = format!(
            "{what}. It stays: what the code beside it asks for still answers ({})",
            service.name()
        );
        finding.verdict = verdict;
        finding.service = Some(Target::of(service));
    }
}

fn row(id: &str) -> Option<&'static Service> {
    Catalogue::built_in().ok()?.service(id)
}

/// What is left to do in the code, and the APIs, where nothing of it is for one that is gone.
fn of_code(
    findings: &[Finding],
    lists: &BTreeSet<String>,
) -> Option<(Verdict, Vec<&'static Service>)> {
    let mut ids = BTreeSet::new();
    let mut verdict = Verdict::AlreadyOauth2;
    for one in findings.iter().filter(|one| !lists.contains(&one.file)) {
        match one.verdict {
            Verdict::HeaderSwap => verdict = Verdict::HeaderSwap,
            Verdict::AlreadyOauth2 | Verdict::ReplaceSecret => {}
            _ => return None,
        }
        if let Some(service) = &one.service {
            if !matches!(service.state, State::Alive | State::Part) {
                return None;
            }
            ids.insert(service.id);
        }
    }
    let services: Vec<_> = ids.into_iter().filter_map(row).collect();
    (!services.is_empty()).then_some((verdict, services))
}

/// Files in which nothing but libraries is named.
fn lists(findings: &[Finding]) -> BTreeSet<String> {
    let is_list = |one: &&Finding| one.kind == Kind::Dependency;
    let others: BTreeSet<&str> = findings
        .iter()
        .filter(|one| !is_list(one))
        .map(|one| &*one.file)
        .collect();
    findings
        .iter()
        .filter(is_list)
        .filter(|one| !others.contains(&*one.file))
        .map(|one| one.file.clone())
        .collect()
}

/// Whether one library is for both: they have a code of ClientLogin in common.
fn shares(one: &Service, other: &Service) -> bool {
    one.codes().any(|code| other.codes().any(|own| own == code))
}
