//! Calendar v2 below `/calendar/feeds/`, with its redirect to an address with a `gsessionid`
//! (legacy-protocol.md 2.6).

use http::{StatusCode, header};

use super::{answer::Answer, clientlogin, gate, seen::Seen, state::State};
use crate::{
    gdata::{Element, Entry, Feed, atom, namespaces::CALENDAR},
    scheme::clientlogin::UPDATE_CLIENT_AUTH,
    time::Timestamp,
    wire::query::Pairs,
};

/// The version that Calendar echoed (legacy-protocol.md 2.1).
const VERSION: &str = "2.6";
/// Session ids beyond this many are forgotten all at once, as a restart of a server would.
const MAX_SESSIONS: usize = 100_000;

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let played = matches!(
        seen.path(),
        "/calendar/feeds/default/allcalendars/full" | "/calendar/feeds/default/owncalendars/full"
    );
    if !played {
        return Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("this feed is not played here");
    }
    if !matches!(seen.meant_method().as_str(), "GET" | "HEAD") {
        return Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            .with(header::ALLOW, "GET, HEAD")
            .because("the calendar list is read only here");
    }
    let visitor = match gate::feed(state, seen, now) {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let renewed = state
        .config
        .update_client_auth
        .then(|| clientlogin::renew(state, &visitor, now))
        .flatten();
    let answer = list(state, seen, now, &visitor.user);
    match renewed {
        Some(token) => answer.with(UPDATE_CLIENT_AUTH, &token),
        None => answer,
    }
}

/// The list of calendars, or the way to an address with a session id.
fn list(state: &mut State, seen: &Seen<'_>, now: Timestamp, owner: &str) -> Answer {
    let session = Pairs::parse(seen.query())
        .ok()
        .and_then(|pairs| pairs.first("gsessionid").map(str::to_owned));
    let known = session.is_some_and(|id| state.calendar_sessions.contains(&id));
    if state.config.calendar_redirects && !known {
        return redirect(state, seen);
    }
    let base = seen.base();
    let calendar = Entry::new()
        .with(atom::id(format!(
            "{base}/calendar/feeds/default/calendars/{owner}"
        )))
        .with(atom::updated(now.to_string()))
        .with(atom::title(format!("Calendar of {owner}")))
        .with(Element::new(CALENDAR, "accesslevel").with_attribute("value", "owner"))
        .with(Element::new(CALENDAR, "timezone").with_attribute("value", "Europe/Zurich"));
    let feed = Feed::new()
        .with(atom::id(format!("{base}{}", seen.path())))
        .with(atom::updated(now.to_string()))
        .with(atom::title(format!("Calendars of {owner}")))
        .with_page(1, 1, 1)
        .with_entry(calendar);
    Answer::feed(&feed, VERSION)
}

/// 302 to the same address with a fresh session id; a stale id is replaced.
fn redirect(state: &mut State, seen: &Seen<'_>) -> Answer {
    if state.calendar_sessions.len() >= MAX_SESSIONS {
        state.calendar_sessions.clear();
    }
    let id = state.random_text(16);
    let mut query: Vec<&str> = seen
        .query()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("gsessionid="))
        .collect();
    let fresh = format!("gsessionid={id}");
    query.push(&fresh);
    let location = format!("{}{}?{}", seen.base(), seen.path(), query.join("&"));
    let answer = Answer::moved(&location)
        .with(header::SET_COOKIE, "DO_NOT_CACHE_RESPONSE=true")
        .with(header::SET_COOKIE, &format!("S=calendar={id};Secure"))
        .because("sent to an address with a gsessionid; sign anew for it");
    state.calendar_sessions.insert(id);
    answer
}
