//! Whose place a service account takes: for the plan, and for whoever has to agree with it.

use std::collections::BTreeSet;

use super::{Ask, Choice, ClientType, Code, Need, ask, client, drawing, need, people};
use crate::{
    error::Error,
    migrate::{
        catalogue::Catalogue,
        import::{Credential, Inventory},
    },
    scope::ScopeNames,
};

/// Whether all that a credential was for is done by a service account.
pub(super) fn rule<'r>(
    catalogue: &'r Catalogue,
    needs: &'r [Need],
    clients: &'r [Choice],
    asked: &'r ScopeNames,
) -> impl Fn(&Credential) -> bool + 'r {
    let taken = |id: &str| {
        let mut choices = clients.iter();
        choices.any(|own| {
            own.kind == ClientType::ServiceAccount && own.services.iter().any(|it| it == id)
        })
    };
    move |credential| {
        let services = need::services_of(catalogue, credential, needs);
        match services.is_empty() {
            // Nothing tells what it is for: it is for what there is.
            true => !clients.is_empty() && asked.is_empty(),
            false => services.iter().all(|id| taken(id)),
        }
    }
}

/// The scopes of all needs.
pub(super) fn scopes(catalogue: &Catalogue, needs: &[Need]) -> Vec<Ask> {
    let rows = |need: &Need| catalogue.service(&need.id);
    let asks = needs
        .iter()
        .filter_map(|need| Some(ask::asks(need, rows(need)?)));
    asks.flatten().collect()
}

/// The numbers of the credentials whose place a service account takes, by a plan for which nothing is wished but that
/// tokens are moved by the migration grant, or not.
///
/// # Errors
/// As [`Plan::draw`](super::Plan::draw).
pub(in crate::migrate) fn delegated(
    code: Option<&Code>,
    inventory: &Inventory,
    grant: bool,
) -> Result<BTreeSet<u64>, Error> {
    let catalogue = Catalogue::built_in()?;
    let needs = need::gather(catalogue, code, Some(inventory), None).needs;
    let scopes = scopes(catalogue, &needs);
    let given = client::Given {
        headless: false,
        kind: None,
        one_by_one: grant && people::has_own(inventory),
    };
    let clients = client::choose(&needs, &scopes, (code, Some(inventory), None), &given);
    let asked = drawing::asked(&scopes, &clients)?;
    let rule = rule(catalogue, &needs, &clients, &asked);
    let credentials = inventory.current();
    let taken = credentials.filter(|own| people::is_delegated(own, &asked, grant, &rule));
    Ok(taken.map(|own| own.number).collect())
}
