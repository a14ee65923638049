//! Which recorded requests are nearest: by how many criteria agree, the telling ones counting more.

use bytes::Bytes;
use http::Request;

use super::{Near, Tick};
use crate::{
    cassette::{
        RecordedRequest,
        meaning::{Facet, FacetRole, Meaning, Rules, View, Whereto},
    },
    scheme::oauth1::{BaseStringDiff, SignedRequest},
};

/// A recorded request, as the search needs it.
pub(in crate::cassette) struct Recorded<'c> {
    pub(in crate::cassette) interaction: usize,
    pub(in crate::cassette) request: &'c RecordedRequest,
    pub(in crate::cassette) played: u64,
}

/// The nearest of them, the nearest first. `same_secret` tells whether a live secret may be a recorded one.
pub(in crate::cassette) fn nearest<'c>(
    live: &Request<Bytes>,
    rules: &Rules,
    recorded: impl Iterator<Item = Recorded<'c>>,
    same_secret: &dyn Fn(&Facet, &Facet) -> bool,
) -> Vec<Near> {
    let view = View::live(live, rules);
    let meaning = Meaning::of_view(&view, rules);
    let mut best: Vec<(u64, Recorded<'c>, Vec<Tick>)> = Vec::new();
    for one in recorded {
        let theirs = View::recorded(one.request);
        let other = Meaning::of_view(&theirs, rules);
        let (score, ticks) = compare(&view, &meaning, &theirs, &other, same_secret);
        let place = best.partition_point(|(better, _, _)| *better >= score);
        if place < MOST {
            best.insert(place, (score, one, ticks));
            best.truncate(MOST);
        }
    }
    // A second one is worth its lines only when it is nearly as near.
    let top = best.first().map_or(0, |(score, _, _)| *score);
    best.retain(|(score, _, _)| score * 10 >= top * 9);
    best.into_iter()
        .map(|(_, one, ticks)| Near {
            interaction: one.interaction + 1,
            request: line(one.request),
            played: one.played,
            notes: notes(live, one.request),
            ticks,
        })
        .collect()
}

fn line(request: &RecordedRequest) -> String {
    let url = request.url();
    let address = url.split(['?', '#']).next().unwrap_or_default();
    format!("{} {address}", request.method)
}

/// The criteria of both sides in the order of the recorded one, and how near they are in thousandths.
fn compare(
    view: &View<'_>,
    live: &Meaning,
    theirs: &View<'_>,
    recorded: &Meaning,
    same_secret: &dyn Fn(&Facet, &Facet) -> bool,
) -> (u64, Vec<Tick>) {
    let mut ticks = Vec::new();
    let (mut agreeing, mut all) = (0, 0);
    let mut count = |place: &str, agrees: bool| {
        let weight = WEIGHTS
            .iter()
            .find(|(known, _)| *known == place)
            .map_or(OTHER, |(_, weight)| *weight);
        all += weight;
        agreeing += if agrees { weight } else { 0 };
    };
    if view.origin != Whereto::Any && theirs.origin != Whereto::Any {
        let agrees = view.origin.may_be(&theirs.origin);
        count("origin", agrees);
        ticks.push(Tick {
            name: "origin".to_owned(),
            agrees,
            recorded: Some(theirs.origin.to_string()),
            came: Some(view.origin.to_string()),
        });
    }
    let counted = |meaning: &Meaning| -> Vec<Facet> {
        let facets = meaning.facets.iter();
        facets
            .filter(|facet| facet.role != FacetRole::LeftOut)
            .cloned()
            .collect()
    };
    let mut came = counted(live);
    for facet in counted(recorded) {
        let same_name = |other: &Facet| other.place == facet.place && other.name == facet.name;
        let other = came.iter().position(same_name).map(|at| came.remove(at));
        let agrees = other.as_ref().is_some_and(|other| match facet.role {
            FacetRole::Secret(_) => same_secret(&facet, other),
            _ => facet.value == other.value && facet.role == other.role,
        });
        count(&facet.place, agrees);
        ticks.push(Tick {
            name: facet.to_string(),
            agrees,
            recorded: Some(facet.shown()),
            came: other.map(|other| other.shown()),
        });
    }
    for facet in came {
        count(&facet.place, false);
        ticks.push(Tick {
            name: facet.to_string(),
            agrees: false,
            recorded: None,
            came: Some(facet.shown()),
        });
    }
    // Of two paths that differ, the one that begins alike is nearer.
    let alike = live
        .facet("path", "")
        .zip(recorded.facet("path", ""))
        .map_or(0, |(one, other)| {
            let pieces = one.value.split('/').zip(other.value.split('/'));
            pieces.take_while(|(one, other)| one == other).count() as u64
        });
    (agreeing * 1_000 / all.max(1) * 100 + alike.min(99), ticks)
}

/// The base strings of two requests of OAuth 1.0, piece by piece.
fn notes(live: &Request<Bytes>, recorded: &RecordedRequest) -> Vec<String> {
    let base = |request: &Request<Bytes>, url: &str| {
        let signed = SignedRequest::of(request).ok()??;
        signed.base_string(request.method().as_str(), url).ok()
    };
    let theirs = || {
        let mut request = Request::new(recorded.body.bytes.clone());
        *request.method_mut() = recorded.method.parse().ok()?;
        *request.uri_mut() = recorded.url().parse().ok()?;
        *request.headers_mut() = recorded.headers.to_map().ok()?;
        base(&request, &recorded.url())
    };
    let Some(theirs) = theirs() else {
        return Vec::new();
    };
    let host = live.headers().get(http::header::HOST);
    let host = host
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let url = match live.uri().scheme() {
        Some(_) => live.uri().to_string(),
        None => format!("http://{host}{}", live.uri()),
    };
    let Some(ours) = base(live, &url) else {
        return Vec::new();
    };
    let diff = BaseStringDiff::between(&theirs, &ours);
    vec![format!(
        "base string, recorded (here) and live (there): {diff}"
    )]
}

/// How telling a criterion is, by its place.
const WEIGHTS: &[(&str, u64)] = &[
    ("path", 12),
    ("method", 6),
    ("origin", 6),
    ("scheme", 4),
    ("body", 3),
];
const OTHER: u64 = 2;

/// As many as an explanation shows.
const MOST: usize = 3;
