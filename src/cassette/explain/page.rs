//! An explanation as a page for people, and as JSON for programs.

use serde_json::{Value, json};

use super::{Near, Reason, Tick, Unmatched, often};

/// The page.
pub(super) fn text(unmatched: &Unmatched) -> String {
    let mut lines = vec![format!(
        "no answer for {} {} ({})",
        unmatched.method, unmatched.address, unmatched.scheme
    )];
    lines.push(match &unmatched.reason {
        Reason::NothingSaysTheSame if unmatched.recorded == 0 => "the cassette is empty".to_owned(),
        Reason::NothingSaysTheSame => "no recorded request says the same".to_owned(),
        Reason::AlreadyPlayed { times } => format!(
            "already played {}; allow repeats, or record as many answers as are asked for",
            often(*times)
        ),
        Reason::OutOfOrder { due: Some(due) } => {
            format!("it is recorded, but interaction {due} is due")
        }
        Reason::OutOfOrder { due: None } => {
            "it is recorded, but the cassette has been played to its end".to_owned()
        }
    });
    for near in &unmatched.nearest {
        lines.push(String::new());
        self::near(near, &mut lines);
    }
    lines.push(String::new());
    lines.push(format!(
        "{} of {} interactions not played yet",
        unmatched.unused, unmatched.recorded
    ));
    lines.push(String::new());
    lines.join("\n")
}

fn near(near: &Near, lines: &mut Vec<String>) {
    let played = match near.played {
        0 => "not played yet".to_owned(),
        times => format!("played {}", often(times)),
    };
    lines.push(format!(
        "interaction {}: {}, {played}",
        near.interaction, near.request
    ));
    let width = near
        .ticks
        .iter()
        .map(|tick| tick.name.chars().count())
        .max();
    let width = width.unwrap_or_default().min(NAME);
    for tick in &near.ticks {
        let mark = if tick.agrees { '✓' } else { '✗' };
        let head = format!("  {mark} {:width$}  ", tick.name);
        match sides(tick) {
            (one, None) => wrap(&head, &one, lines),
            (one, Some(other)) => {
                wrap(&head, &format!("recorded  {one}"), lines);
                let indent = " ".repeat(head.chars().count());
                wrap(&indent, &format!("came      {other}"), lines);
            }
        }
    }
    for note in &near.notes {
        wrap("  ", note, lines);
    }
}

fn sides(tick: &Tick) -> (String, Option<String>) {
    let side = |value: &Option<String>| match value.as_deref() {
        None => "(absent)".to_owned(),
        Some("") => "(empty)".to_owned(),
        Some(text) => printable(text),
    };
    match tick.agrees {
        true => (side(&tick.recorded), None),
        false => (side(&tick.recorded), Some(side(&tick.came))),
    }
}

/// A value from outside moves no cursor and rings no bell.
fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => "\\n".to_owned(),
        c if c.is_control() => format!("\\u{{{:x}}}", c as u32),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

/// Whole, in as many lines as it takes.
fn wrap(head: &str, text: &str, lines: &mut Vec<String>) {
    let indent = head.chars().count();
    let room = WIDTH.saturating_sub(indent).max(20);
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let mut first = true;
    while first || at < letters.len() {
        let mut end = (at + room).min(letters.len());
        if end < letters.len()
            && let Some(space) = letters[at..end].iter().rposition(|c| *c == ' ')
            && space > room / 2
        {
            end = at + space + 1;
        }
        let piece: String = letters[at..end].iter().collect();
        let start = if first {
            head.to_owned()
        } else {
            " ".repeat(indent)
        };
        lines.push(format!("{start}{}", piece.trim_end()));
        first = false;
        at = end;
    }
}

/// The same for programs.
pub(super) fn json(unmatched: &Unmatched) -> Value {
    let reason = match &unmatched.reason {
        Reason::NothingSaysTheSame => json!({ "kind": "nothing-says-the-same" }),
        Reason::AlreadyPlayed { times } => json!({ "kind": "already-played", "times": times }),
        Reason::OutOfOrder { due } => json!({ "kind": "out-of-order", "due": due }),
    };
    let nearest: Vec<Value> = unmatched.nearest.iter().map(near_json).collect();
    json!({
        "method": unmatched.method,
        "address": unmatched.address,
        "scheme": unmatched.scheme,
        "reason": reason,
        "nearest": nearest,
        "recorded": unmatched.recorded,
        "unused": unmatched.unused,
    })
}

fn near_json(near: &Near) -> Value {
    let tick = |tick: &Tick| {
        json!({
            "name": tick.name,
            "agrees": tick.agrees,
            "recorded": tick.recorded,
            "came": tick.came,
        })
    };
    let ticks: Vec<Value> = near.ticks.iter().map(tick).collect();
    json!({
        "interaction": near.interaction,
        "request": near.request,
        "played": near.played,
        "ticks": ticks,
        "notes": near.notes,
    })
}

const WIDTH: usize = 100;
const NAME: usize = 32;
