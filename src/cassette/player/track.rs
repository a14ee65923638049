//! One interaction as it is played: its answer made once, and what in it depends on the live request.

use std::collections::{HashMap, HashSet};

use aho_corasick::AhoCorasick;
use bytes::Bytes;
use http::{Response, header};

use super::rework::{Rework, spellings};
use crate::{
    cassette::{
        Cassette, Interaction, Limits, Outcome, SecretKind, clock,
        echo::{EchoRules, Look},
        meaning::{FacetRole, Meaning, Scheme},
    },
    time::Timestamp,
    transport::{Mishap, TransportError},
};

pub(super) struct Track {
    pub(super) answer: Answer,
    pub(super) recorded_at: Option<Timestamp>,
    /// `None` for an answer that is the same for every request.
    pub(super) rework: Option<Box<Rework>>,
    /// `state` and `nonce` of a consent, by name with their recorded values.
    pub(super) made_up: Vec<(String, String)>,
}

pub(super) enum Answer {
    Ready(Response<Bytes>),
    /// No answer was recorded, or none that can be sent.
    Failed(Mishap, String),
}

impl Answer {
    fn of(interaction: &Interaction) -> Self {
        match &interaction.outcome {
            Outcome::Answered(answer) => match answer.to_http() {
                Ok(answer) => Self::Ready(answer),
                Err(cause) => Self::Failed(
                    Mishap::Other,
                    format!("expected a recorded answer that can be sent, got: {cause}"),
                ),
            },
            Outcome::Failed(text) => {
                let lower = text.to_ascii_lowercase();
                let mishap = MISHAPS.iter().find(|(word, _)| lower.contains(word));
                Self::Failed(
                    mishap.map_or(Mishap::Torn, |(_, mishap)| *mishap),
                    format!("expected an answer, got what was recorded: {text}"),
                )
            }
        }
    }

    pub(super) fn send(&self) -> Result<Response<Bytes>, TransportError> {
        match self {
            Self::Ready(answer) => Ok(answer.clone()),
            Self::Failed(mishap, text) => Err(TransportError::new(*mishap, text.clone())),
        }
    }
}

/// All interactions of a cassette, read once.
pub(super) struct Tracks {
    pub(super) all: Vec<Track>,
    /// Secrets of requests that some answer hands out.
    pub(super) issued: HashSet<String>,
}

impl Tracks {
    pub(super) fn of(cassette: &Cassette, meanings: &[Meaning], echo: &EchoRules) -> Self {
        let mut all: Vec<Track> = cassette
            .interactions
            .iter()
            .zip(meanings)
            .map(|(interaction, meaning)| track(interaction, meaning, echo))
            .collect();
        let issued = mark(&mut all, meanings, cassette);
        Self { all, issued }
    }
}

fn track(interaction: &Interaction, meaning: &Meaning, echo: &EchoRules) -> Track {
    let answer = Answer::of(interaction);
    let mut rework = Rework::default();
    let mut made_up = Vec::new();
    let left_out = meaning
        .facets
        .iter()
        .filter(|facet| facet.role == FacetRole::LeftOut);
    let mut text: Option<Vec<u8>> = None;
    for facet in left_out.filter(|_| echo.automatic) {
        let Some(look) = Look::at(&facet.place, &facet.name, &facet.value) else {
            continue;
        };
        if meaning.scheme == Scheme::Authorization && facet.place == "query" {
            made_up.push((facet.name.clone(), facet.value.clone()));
        }
        let text = text.get_or_insert_with(|| text_of(interaction));
        let holds = |one: &String| memchr::memmem::find(text, one.as_bytes()).is_some();
        if spellings(&look.text(&facet.name, &facet.value))
            .iter()
            .any(holds)
        {
            rework.echoes.push((look, facet.clone()));
        }
    }
    Track {
        answer,
        recorded_at: recorded_at(interaction),
        rework: (!rework.is_empty()).then(|| Box::new(rework)),
        made_up,
    }
}

/// Headers and body of an answer, without its coding.
fn text_of(interaction: &Interaction) -> Vec<u8> {
    let mut text = Vec::new();
    let Some(answer) = interaction.response() else {
        return text;
    };
    for (_, value) in answer.headers.iter() {
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    if let Ok(body) = answer.body.plain(&answer.headers, &Limits::default()) {
        text.extend_from_slice(&body);
    }
    text
}

/// Looks for every secret of a request, and for what consents make up, in all answers; one pass over each.
fn mark(tracks: &mut [Track], meanings: &[Meaning], cassette: &Cassette) -> HashSet<String> {
    let mut wanted: HashMap<String, bool> = HashMap::new();
    for meaning in meanings {
        for facet in &meaning.facets {
            match facet.role {
                FacetRole::Secret(SecretKind::Password) => {}
                FacetRole::Secret(_) if facet.value.len() >= LEAST => {
                    wanted.entry(facet.value.clone()).or_default();
                }
                _ => {}
            }
        }
    }
    for track in tracks.iter() {
        for (_, recorded) in track
            .made_up
            .iter()
            .filter(|(_, value)| value.len() >= LEAST)
        {
            wanted.insert(recorded.clone(), true);
        }
    }
    let mut issued = HashSet::new();
    if wanted.is_empty() {
        return issued;
    }
    let texts: Vec<String> = wanted.keys().cloned().collect();
    let (mut patterns, mut owners) = (Vec::new(), Vec::new());
    for (owner, text) in texts.iter().enumerate() {
        for spelling in spellings(text) {
            patterns.push(spelling);
            owners.push(owner);
        }
    }
    let Ok(finder) = AhoCorasick::new(&patterns) else {
        return issued;
    };
    for (track, interaction) in tracks.iter_mut().zip(&cassette.interactions) {
        let text = text_of(interaction);
        let mut found: Vec<usize> = finder
            .find_overlapping_iter(&text)
            .filter_map(|hit| owners.get(hit.pattern().as_usize()).copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            continue;
        }
        let rework = track.rework.get_or_insert_default();
        for owner in found {
            let text = &texts[owner];
            rework.stand_ins.push(text.clone());
            if wanted.get(text) == Some(&false) {
                issued.insert(text.clone());
            }
        }
    }
    issued
}

fn recorded_at(interaction: &Interaction) -> Option<Timestamp> {
    interaction.started_at.map(clock::timestamp).or_else(|| {
        let date = interaction
            .response()?
            .headers
            .text(header::DATE.as_str())?;
        Timestamp::parse_http_date(&date).ok()
    })
}

/// What recorders note of a call that failed.
const MISHAPS: &[(&str, Mishap)] = &[
    ("timeout", Mishap::Timeout),
    ("timed out", Mishap::Timeout),
    ("refused", Mishap::Connect),
    ("resolve", Mishap::Connect),
    ("unreachable", Mishap::Connect),
    ("connect", Mishap::Connect),
];

/// Shorter texts stand in answers by chance.
const LEAST: usize = 8;
