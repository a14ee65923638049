//! What a report says, part by part.

use super::{
    left::{counted, ended},
    outcome::UserOutcome,
    progress::Progress,
};
use crate::migrate::{
    outline::{Card, Item, Outline, Part},
    retire::Stage,
};

/// The most users that are told by name for people; JSON has more.
const TOLD: usize = 50;

/// Outcomes in the order in which they are told, and how a card looks.
const OUTCOMES: &[(UserOutcome, &str, &str)] = &[
    (UserOutcome::Moved, "moved without being asked", "done"),
    (UserOutcome::Consented, "consented", "done"),
    (UserOutcome::Imported, "kept by import", "done"),
    (UserOutcome::Kept, "had a grant before", "done"),
    (UserOutcome::Partial, "gave a part", "port"),
    (UserOutcome::Nothing, "allowed nothing", "hand"),
    (UserOutcome::Declined, "declined", "none"),
    (UserOutcome::WrongAccount, "used another account", "hand"),
    (UserOutcome::Waiting, "have not decided", "hand"),
    (UserOutcome::Expired, "let the link end", "hand"),
    (UserOutcome::ToImport, "to be imported", "port"),
    (UserOutcome::Delegated, "left to a service account", "port"),
    (UserOutcome::ToInvite, "to be invited", "port"),
    (UserOutcome::ToTryAgain, "to be tried again", "port"),
];

pub(super) fn of(progress: &Progress) -> Outline {
    let name = progress.name.as_deref().unwrap_or("this integration");
    let cards = OUTCOMES.iter().map(|(outcome, what, look)| Card {
        count: progress.count(*outcome),
        what,
        look,
    });
    let parts = [
        part("Left to do", plain(&progress.left), true),
        part("Users", users(progress), false),
        part("Calls", calls(progress), false),
        part("Legacy credentials", legacy(progress), false),
        part("The end", integrations(progress), false),
        part("Code", code(progress), false),
        part("By hand", plain(&progress.by_hand), false),
        part("Not looked at", plain(&progress.unknown), false),
    ];
    Outline {
        maker: "gdata-auth migrate report",
        title: format!("How far the migration is: {name}"),
        lead: vec![lead(progress)],
        cards: cards.filter(|card| card.count > 0).collect(),
        parts: parts
            .into_iter()
            .filter(|part| !part.items.is_empty())
            .collect(),
    }
}

fn lead(progress: &Progress) -> String {
    let users: u64 = progress.totals.values().sum();
    let mut told: Vec<String> = OUTCOMES
        .iter()
        .filter(|(outcome, ..)| progress.count(*outcome) > 0)
        .map(|(outcome, ..)| format!("{}: {}", outcome.words(), progress.count(*outcome)))
        .collect();
    if told.is_empty() {
        told.push("nobody known".to_owned());
    }
    let state = match (progress.complete, progress.left.len()) {
        (true, _) => "Complete: nothing is left to do.".to_owned(),
        (false, 0) => "Not complete: what was looked at is done, and not all was.".to_owned(),
        (false, 1) => "Not complete: one thing is left to do.".to_owned(),
        (false, count) => format!("Not complete: {count} things are left to do."),
    };
    format!(
        "{state} {}: {}. As of {}.",
        counted(users, "user"),
        told.join("; "),
        progress.at
    )
}

fn users(progress: &Progress) -> Vec<Item> {
    let mut items: Vec<Item> = progress
        .users
        .iter()
        .take(TOLD)
        .map(|one| {
            let item = Item::new(format!("{}: {}", one.user, one.outcome.words()));
            item.fact("Note", one.note.clone())
        })
        .collect();
    let all: u64 = progress.totals.values().sum();
    let more = all.saturating_sub(items.len() as u64);
    if more > 0 {
        items.push(Item::new(format!(
            "and {more} more: {}",
            progress.command("gdata-auth migrate upgrade list CAMPAIGN")
        )));
    }
    items
}

fn calls(progress: &Progress) -> Vec<Item> {
    let Some(calls) = &progress.calls else {
        return Vec::new();
    };
    let rows = [
        ("answered with the new credential", calls.new),
        ("answered with the old one, by rule", calls.old),
        (
            "answered with the old one, after the new one failed",
            calls.fallback,
        ),
        ("refused or not answered", calls.failed),
        ("compared, and the same", calls.same),
        ("compared, and different", calls.different),
    ];
    let mut items: Vec<Item> = rows
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| Item::new(format!("{what}: {count}")))
        .collect();
    if let Some(last) = calls.legacy_at {
        items.push(Item::new(format!("last answered with the old one: {last}")));
    }
    items
}

fn legacy(progress: &Progress) -> Vec<Item> {
    let words = [
        ("revoked", "ended by a call"),
        ("gone", "not known to the server any more"),
        (
            "switched_off",
            "of a protocol that the server has switched off",
        ),
        ("by_hand", "that only people can end"),
        ("failed", "that could not be ended"),
    ];
    let rows = words.into_iter();
    rows.map(|(word, what)| (ended(progress, word), what))
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| Item::new(format!("{what}: {count}")))
        .collect()
}

fn integrations(progress: &Progress) -> Vec<Item> {
    let all = progress.integrations.iter();
    all.map(|(name, it)| {
        let head = match it.stage {
            Stage::Done => format!("{name}: done"),
            _ => format!("{name}: open"),
        };
        let last = it.legacy_at.map(|at| at.to_string());
        Item::new(head)
            .fact(
                "Days without a legacy call since `watch`",
                format!("{} of {}", it.quiet_days(), it.days),
            )
            .fact(
                "Last legacy call",
                last.unwrap_or_else(|| "none seen".to_owned()),
            )
            .fact(
                "Done since",
                it.done_at.map(|at| at.to_string()).unwrap_or_default(),
            )
            .fact(
                "Opened again",
                match it.reopened {
                    0 => String::new(),
                    times => times.to_string(),
                },
            )
    })
    .collect()
}

fn code(progress: &Progress) -> Vec<Item> {
    let Some(code) = &progress.code else {
        return Vec::new();
    };
    let mut items = vec![Item::new(format!("{} read", counted(code.files, "file")))];
    let places = code.places.iter();
    items.extend(places.map(|(verdict, count)| {
        Item::new(format!("{}: {}", verdict.words(), counted(*count, "place")))
    }));
    items
}

fn plain<T: AsRef<str>>(lines: &[T]) -> Vec<Item> {
    lines.iter().map(|line| Item::new(line.as_ref())).collect()
}

fn part(heading: &'static str, items: Vec<Item>, numbered: bool) -> Part {
    Part {
        heading,
        text: None,
        items,
        numbered,
    }
}
