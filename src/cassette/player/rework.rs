//! A recorded answer with live values in it: what the client brought along, what it expects back, what time it is.

use std::{collections::BTreeSet, sync::Mutex};

use aho_corasick::{AhoCorasick, MatchKind};
use bytes::Bytes;
use http::{HeaderValue, Response, header};
use quick_xml::escape::escape;
use serde_json::Value;

use super::session::Session;
use crate::{
    cassette::{
        Headers, Limits,
        clock::Shift,
        coding,
        echo::{EchoRule, Look, Target},
        meaning::{Facet, Meaning},
    },
    crypto::Sign,
    scheme::oauth2::{Jwt, sign_jwt},
    wire::percent,
};

/// What of one answer depends on the live request.
#[derive(Clone, Debug, Default)]
pub(super) struct Rework {
    /// Facets of the request as recorded, and how they stand in the answer.
    pub(super) echoes: Vec<(Look, Facet)>,
    /// Secrets of the client that stand in the answer.
    pub(super) stand_ins: Vec<String>,
}

impl Rework {
    pub(super) fn is_empty(&self) -> bool {
        self.echoes.is_empty() && self.stand_ins.is_empty()
    }

    /// Recorded texts and what goes out in their place.
    pub(super) fn swaps(&self, live: &Meaning, session: &Session) -> Vec<(String, String)> {
        let mut swaps = Vec::new();
        for (look, recorded) in &self.echoes {
            if let Some(facet) = live.facet(&recorded.place, &recorded.name)
                && facet.value != recorded.value
            {
                let name = &facet.name;
                swaps.push((
                    look.text(name, &recorded.value),
                    look.text(name, &facet.value),
                ));
            }
        }
        for recorded in &self.stand_ins {
            let echoed = session.echoed.get(recorded).map(String::as_str);
            if let Some(live) = session.live(recorded).or(echoed)
                && live != recorded
            {
                swaps.push((recorded.clone(), live.to_owned()));
            }
        }
        swaps
    }
}

/// A text in the spellings in which an answer may have it; see [`Spelling`].
pub(super) fn spellings(text: &str) -> Vec<String> {
    let quoted = Value::from(text).to_string();
    let mut all = vec![
        text.to_owned(),
        percent::encode(text).into_owned(),
        quoted[1..quoted.len() - 1].to_owned(),
        escape(text).into_owned(),
    ];
    // A form writes a space as `+`.
    all.push(all[1].replace("%20", "+"));
    all
}

/// Which of the [`spellings`] a place asks for, where the recorded text is the same in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    Raw = 0,
    Percent = 1,
    Json = 2,
    Markup = 3,
}

impl Spelling {
    fn of_body(answer: &Response<Bytes>) -> Self {
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        match kind {
            _ if kind.contains("json") => Self::Json,
            _ if kind.contains("html") || kind.contains("xml") => Self::Markup,
            _ if kind.contains("urlencoded") => Self::Percent,
            _ => Self::Raw,
        }
    }
}

/// What finds recorded texts, and what goes in their place.
struct Swap {
    finder: AhoCorasick,
    to: Vec<String>,
}

impl Swap {
    fn new(swaps: &[(String, String)], preferred: Spelling) -> Option<Self> {
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for (recorded, live) in swaps.iter().filter(|(recorded, _)| !recorded.is_empty()) {
            let (ours, theirs) = (spellings(recorded), spellings(live));
            for at in std::iter::once(preferred as usize).chain(0..ours.len()) {
                if !from.contains(&ours[at]) {
                    from.push(ours[at].clone());
                    to.push(theirs[at].clone());
                }
            }
        }
        let built = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&from);
        built.ok().map(|finder| Self { finder, to })
    }

    fn apply(&self, text: &[u8]) -> Option<Vec<u8>> {
        let found = self.finder.is_match(text);
        found.then(|| self.finder.replace_all_bytes(text, &self.to))
    }

    fn apply_to(&self, value: &mut HeaderValue) {
        let swapped = self.apply(value.as_bytes());
        if let Some(swapped) = swapped.and_then(|value| HeaderValue::from_bytes(&value).ok()) {
            *value = swapped;
        }
    }
}

/// Puts live texts in place of recorded ones, in whatever spelling they stand there.
pub(super) fn swap(answer: &mut Response<Bytes>, swaps: &[(String, String)]) {
    swap_headers(answer, swaps);
    swap_body(answer, swaps);
}

fn swap_headers(answer: &mut Response<Bytes>, swaps: &[(String, String)]) {
    let (raw, address) = (
        Swap::new(swaps, Spelling::Raw),
        Swap::new(swaps, Spelling::Percent),
    );
    for (name, value) in answer.headers_mut() {
        let is_address =
            [header::LOCATION, header::CONTENT_LOCATION, header::REFRESH].contains(name);
        let swap = if is_address { &address } else { &raw };
        if let Some(swap) = swap {
            swap.apply_to(value);
        }
    }
}

fn swap_body(answer: &mut Response<Bytes>, swaps: &[(String, String)]) {
    if let Some(swap) = Swap::new(swaps, Spelling::of_body(answer)) {
        change_body(answer, |body| swap.apply(body));
    }
}

/// Copies a value to where a rule says.
pub(super) fn copy(
    answer: &mut Response<Bytes>,
    rule: &EchoRule,
    recorded: Option<&str>,
    live: &str,
) {
    let swaps: Vec<(String, String)> = recorded
        .filter(|recorded| !recorded.is_empty())
        .map(|recorded| (recorded.to_owned(), live.to_owned()))
        .into_iter()
        .collect();
    match rule.target() {
        Ok(Target::Header(name)) => {
            let old = answer.headers().get(&name).cloned();
            let holds = old.as_ref().is_some_and(|old| {
                let text = String::from_utf8_lossy(old.as_bytes());
                swaps.iter().any(|(recorded, _)| {
                    spellings(recorded)
                        .iter()
                        .any(|one| text.contains(one.as_str()))
                })
            });
            if holds {
                let mut only = Response::new(Bytes::new());
                only.headers_mut()
                    .extend(old.map(|old| (name.clone(), old)));
                swap_headers(&mut only, &swaps);
                if let Some(value) = only.headers_mut().remove(&name) {
                    answer.headers_mut().insert(name, value);
                }
            } else if let Ok(value) = HeaderValue::from_str(live) {
                answer.headers_mut().insert(name, value);
            }
        }
        Ok(Target::Body) => swap_body(answer, &swaps),
        Ok(Target::Pointer(pointer)) => change_body(answer, |body| {
            let mut json: Value = serde_json::from_slice(body).ok()?;
            *json.pointer_mut(&pointer)? = live.into();
            Some(json.to_string().into_bytes())
        }),
        // It was read when the player was built.
        Err(_) => {}
    }
}

/// What makes JSON Web Tokens anew.
pub(super) struct Remake<'r> {
    pub(super) shift: Option<Shift>,
    pub(super) signer: Option<&'r (String, std::sync::Arc<dyn Sign>)>,
    pub(super) notes: &'r Mutex<BTreeSet<String>>,
    pub(super) interaction: usize,
}

impl Remake<'_> {
    /// Moves the moments of a JSON body, and makes its ID token anew with the session's nonce. Yields the recorded
    /// and the new token.
    pub(super) fn json(
        &self,
        answer: &mut Response<Bytes>,
        session: &Session,
    ) -> Option<(String, String)> {
        let is_json = answer
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.contains("json"));
        if !is_json || (self.shift.is_none() && session.echoed.is_empty()) {
            return None;
        }
        let mut made = None;
        change_body(answer, |body| {
            let mut json: Value = serde_json::from_slice(body).ok()?;
            let mut changed = self.shift.is_some_and(|shift| shift.json(&mut json));
            if let Some(slot) = json.get_mut("id_token")
                && let Some(old) = slot.as_str().map(str::to_owned)
                && let Some(new) = self.token(&old, session)
            {
                *slot = new.clone().into();
                made = Some((old, new));
                changed = true;
            }
            changed.then(|| json.to_string().into_bytes())
        });
        made
    }

    fn token(&self, old: &str, session: &Session) -> Option<String> {
        let jwt = Jwt::parse(old).ok()?;
        let mut claims = jwt.unverified_claims().clone();
        let mut changed = false;
        for name in ["iat", "exp", "nbf", "auth_time"] {
            if let (Some(shift), Some(value)) = (self.shift, claims.get(name))
                && let Some(moved) = shift.seconds(value)
                && moved != *value
            {
                claims.insert(name.to_owned(), moved);
                changed = true;
            }
        }
        let nonce = claims.get("nonce").and_then(Value::as_str);
        if let Some(live) = nonce.and_then(|nonce| session.echoed.get(nonce)) {
            claims.insert("nonce".to_owned(), live.clone().into());
            changed = true;
        }
        if !changed {
            return None;
        }
        let Some((key_id, signer)) = self.signer else {
            self.note("expected a test key to make the ID token anew, got none");
            return None;
        };
        match sign_jwt(&claims, Some(key_id), &**signer) {
            Ok(token) => Some(token.expose().to_owned()),
            Err(cause) => {
                self.note(&cause.to_string());
                None
            }
        }
    }

    fn note(&self, text: &str) {
        if let Ok(mut notes) = self.notes.lock() {
            let line = format!("interaction {}: id_token: {text}", self.interaction + 1);
            if notes.len() < MAX_NOTES {
                notes.insert(line);
            }
        }
    }
}

/// Changes the body beneath its coding.
fn change_body(answer: &mut Response<Bytes>, change: impl FnOnce(&[u8]) -> Option<Vec<u8>>) {
    let coded = answer.headers().contains_key(header::CONTENT_ENCODING);
    if !coded {
        if let Some(body) = change(answer.body()) {
            set_body(answer, body.into());
        }
        return;
    }
    let headers = Headers::of(answer.headers());
    let Ok(plain) = coding::undo(&headers, answer.body(), &Limits::default()) else {
        return;
    };
    if let Some(body) = change(&plain)
        && let Ok(coded) = coding::redo(&headers, &body)
    {
        set_body(answer, coded.into());
    }
}

fn set_body(answer: &mut Response<Bytes>, body: Bytes) {
    if answer.headers().contains_key(header::CONTENT_LENGTH) {
        let length = HeaderValue::from(body.len());
        answer.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    *answer.body_mut() = body;
}

const MAX_NOTES: usize = 1_000;
