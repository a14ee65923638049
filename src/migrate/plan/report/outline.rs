//! What a plan says, without how it looks.

use super::super::{Ask, Need, People, Plan, Quota, Step};
use crate::migrate::{
    catalogue::Access,
    outline::{Card, Item, Outline, Part},
    scan::Verdict,
};

pub(super) fn of(plan: &Plan) -> Outline {
    let count = |verdict| {
        plan.services
            .iter()
            .filter(|need| need.verdict == verdict)
            .count() as u64
    };
    let cards = [
        (
            count(Verdict::HeaderSwap),
            [
                "API where only the header changes",
                "APIs where only the header changes",
            ],
            "swap",
        ),
        (
            count(Verdict::Port),
            [
                "API to port to its successor",
                "APIs to port to their successors",
            ],
            "port",
        ),
        (
            count(Verdict::NoSuccessor),
            ["API without a successor", "APIs without a successor"],
            "none",
        ),
        (
            plan.people.as_ref().map_or(0, |own| own.by_consent),
            ["user who consents once more", "users who consent once more"],
            "hand",
        ),
        (
            plan.people
                .as_ref()
                .map_or(0, |own| own.users - own.by_consent),
            ["user who need not be asked", "users who need not be asked"],
            "done",
        ),
    ];
    let name = plan.name.as_deref().unwrap_or("this integration");
    let mut lead = vec![format!(
        "Old Google APIs in use: {}. Scopes of OAuth 2.0 to ask for: {}. Steps: {}. AuthSub, ClientLogin and OAuth 1.0 are switched off at Google.",
        plan.services.len(),
        plan.scope_count(),
        plan.steps.len()
    )];
    if !plan.unverified.is_empty() {
        lead.push(format!(
            "UNVERIFIED below: {}. Nobody confirmed those; check them before money is spent.",
            plan.unverified.len()
        ));
    }
    let parts = [
        part(
            "Order of work",
            None,
            plan.steps.iter().map(step).collect(),
            true,
        ),
        part(
            "Services",
            None,
            plan.services.iter().map(service).collect(),
            false,
        ),
        part(
            "Scopes to ask for",
            Some("The least that what was seen can do with."),
            plan.scopes.iter().map(scope).collect(),
            false,
        ),
        part("Client", None, clients(plan), false),
        part("Verification", None, verification(plan), false),
        part(
            "Quota of YouTube",
            Some(
                "The pool belongs to the project: all users draw from it. Of the other APIs no prices are known here (UNVERIFIED): the console shows them.",
            ),
            plan.quota.iter().flat_map(quota).collect(),
            false,
        ),
        part(
            "Users",
            None,
            plan.people.iter().flat_map(people).collect(),
            false,
        ),
        part(
            "What cannot be done",
            None,
            plan.cannot
                .iter()
                .map(|one| {
                    let mut item = Item::new(one.what.clone())
                        .fact("Why", one.why.clone())
                        .fact("Seen", calls(one.calls))
                        .fact("Source", one.source.clone())
                        .fact("UNVERIFIED", if one.unverified { "yes" } else { "" });
                    item.tag = Some(if one.partly { "in part" } else { "ended" });
                    item
                })
                .collect(),
            false,
        ),
        part(
            "UNVERIFIED",
            None,
            plan.unverified.iter().map(Item::new).collect(),
            false,
        ),
        part(
            "What the inputs could not tell",
            None,
            plan.notes.iter().map(Item::new).collect(),
            false,
        ),
    ];
    Outline {
        maker: "gdata-auth migrate plan",
        title: format!("Leaving the old Google logins: {name}"),
        lead,
        cards: cards
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, [one, more], look)| Card {
                count,
                what: if count == 1 { one } else { more },
                look,
            })
            .collect(),
        parts: parts
            .into_iter()
            .filter(|part| !part.items.is_empty())
            .collect(),
    }
}

fn part(heading: &'static str, text: Option<&str>, items: Vec<Item>, numbered: bool) -> Part {
    Part {
        heading,
        text: text.map(str::to_owned),
        items,
        numbered,
    }
}

fn step(step: &Step) -> Item {
    Item::new(step.title.clone())
        .fact("What", step.what.clone())
        .fact("Name", step.id.clone())
        .fact("After", step.after.join(", "))
        .typed("Command", step.command.clone().unwrap_or_default())
}

fn service(need: &Need) -> Item {
    let places: Vec<String> = need
        .first_places
        .iter()
        .map(|spot| format!("{}:{}", spot.file, spot.line))
        .collect();
    let more = match need.places.saturating_sub(places.len()) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let state = match &need.ended {
        Some(ended) => format!("{} since {ended}", need.state),
        None => need.state.to_string(),
    };
    let access = match need.access {
        Some(Access::Write) => format!("written, {}", need.certainty.words()),
        Some(Access::Read) => format!("read, {}", need.certainty.words()),
        None => String::new(),
    };
    let seen = match need.calls {
        0 => String::new(),
        _ => format!(
            "{} ({} reading, {} writing), {} on the busiest day",
            calls(need.calls),
            need.reads,
            need.writes,
            need.peak
        ),
    };
    let mut item = Item::new(need.name.clone())
        .fact("State", state)
        .fact("Successor", need.successor.clone().unwrap_or_default())
        .fact("Use", access)
        .fact("Calls", seen)
        .fact(
            "Credentials",
            match need.credentials {
                0 => String::new(),
                count => count.to_string(),
            },
        )
        .fact(
            "Places",
            match need.places {
                0 => String::new(),
                _ => format!("{}{more}", places.join(", ")),
            },
        )
        .fact("Note", need.note.clone().unwrap_or_default());
    for call in &need.replaced {
        item = item.fact("Replaced", call.clone());
    }
    item = item.fact("Source", need.source.clone());
    item.tag = Some(need.verdict.words());
    item
}

fn scope(ask: &Ask) -> Item {
    let access = match ask.access {
        Access::Write => "writing",
        Access::Read => "reading",
    };
    let mut item = Item::new(ask.scope.clone())
        .fact(
            "For",
            format!("{access}, {} ({})", ask.service, ask.certainty.words()),
        )
        .fact("Class", ask.grade.word())
        .fact("Else, where it does not reach", ask.others.join(", "))
        .fact("UNVERIFIED", ask.unverified.join(", "));
    item.code = true;
    item
}

fn clients(plan: &Plan) -> Vec<Item> {
    plan.clients
        .iter()
        .map(|choice| {
            let item = Item::new(choice.kind.words())
                .fact("Why", choice.reason.clone())
                .fact("Or", choice.alternative.clone().unwrap_or_default())
                .fact("For", choice.services.join(", "));
            match plan
                .campaign
                .as_ref()
                .filter(|own| own.client == choice.kind)
            {
                Some(own) => item.typed(
                    "Redirect",
                    own.redirect_uri
                        .clone()
                        .unwrap_or_else(|| "https://HOST/".to_owned()),
                ),
                None => item,
            }
        })
        .collect()
}

fn verification(plan: &Plan) -> Vec<Item> {
    plan.verification
        .iter()
        .map(|own| {
            let names: Vec<&str> = own
                .scopes
                .iter()
                .map(|scope| scope.trim_start_matches("https://www.googleapis.com/auth/"))
                .collect();
            let mut item = Item::new(format!("{}: {}", own.grade.word(), names.join(", ")));
            for asked in &own.asked {
                item = item.fact("Asked for", *asked);
            }
            item.fact("Source", own.source)
        })
        .collect()
}

fn quota(quota: &Quota) -> Vec<Item> {
    let over = |is: bool| if is { "goes beyond it" } else { "fits" };
    let mut items = vec![
        Item::new("Units")
            .fact("Busiest day", quota.units_peak.to_string())
            .fact("Average day", quota.units_average.to_string())
            .fact(
                "A project has",
                format!(
                    "{} a day: {}",
                    quota.units_allowed,
                    over(quota.units_peak > quota.units_allowed)
                ),
            ),
    ];
    for own in &quota.buckets {
        let mut item = Item::new(own.call.clone())
            .fact("Busiest day", calls(own.peak))
            .fact(
                "A project has",
                format!(
                    "{} calls a day: {}",
                    own.allowed,
                    over(own.peak > own.allowed)
                ),
            );
        item.code = true;
        items.push(item);
    }
    if quota.unpriced > 0 {
        items.push(Item::new(format!(
            "{} are in no estimate: they have no day, or no row in the table",
            calls(quota.unpriced)
        )));
    }
    items
}

fn people(people: &People) -> Vec<Item> {
    let rows = [
        (people.users, "in all"),
        (
            people.nameless,
            "of them known by a credential alone, without a name",
        ),
        (people.kept, "with a grant of OAuth 2.0 that stays"),
        (
            people.needs_client,
            "with one that stays, if its client is found",
        ),
        (
            people.by_grant,
            "moved by the migration grant, without being asked",
        ),
        (people.delegated, "whose place a service account takes"),
        (people.by_consent, "who consent once more"),
        (
            people.lacking_scopes,
            "of them with a grant that lacks scopes",
        ),
        (people.clients, "clients of OAuth 2.0 that exist already"),
    ];
    rows.into_iter()
        .filter(|(count, what)| *count > 0 || *what == "in all")
        .map(|(count, what)| Item::new(format!("{what}: {count}")))
        .collect()
}

fn calls(count: u64) -> String {
    match count {
        0 => String::new(),
        1 => "1 call".to_owned(),
        count => format!("{count} calls"),
    }
}
