//! What of a recorded answer follows the live request and the clock.

use bytes::Bytes;
use http::{Response, header};

use super::{
    Player,
    rework::{Remake, copy, swap},
    session::Session,
    track::Track,
};
use crate::{
    cassette::{
        clock::{Shift, TimeRule},
        meaning::{Meaning, Scheme, View},
    },
    wire::query::Pairs,
};

impl Player {
    /// Echoes, stand-ins, moments and ID tokens, in this order.
    pub(super) fn adapt(
        &self,
        at: usize,
        track: &Track,
        view: &View<'_>,
        scheme: Scheme,
        answer: &mut Response<Bytes>,
    ) {
        let live = Meaning::of_view(view, &self.rules);
        let mut session = self.session();
        for (name, recorded) in &track.made_up {
            if let Some(facet) = live.facet("query", name) {
                session.echoed.insert(recorded.clone(), facet.value.clone());
            }
        }
        if let Some(rework) = &track.rework {
            let swaps = rework.swaps(&live, &session);
            if !swaps.is_empty() {
                swap(answer, &swaps);
            }
        }
        self.copy_by_rules(at, &live, answer);
        let now = self.clock.now();
        let shift = match (self.time, track.recorded_at) {
            (TimeRule::Keep, _) | (_, None) => None,
            (_, Some(recorded)) => Some(Shift::between(recorded, now)),
        };
        if let Some(shift) = shift {
            shift.apply(answer);
        }
        let remake = Remake {
            shift,
            signer: self.signer.as_ref(),
            notes: &self.notes,
            interaction: at,
        };
        if let Some(renewed) = remake.json(answer, &session) {
            session.bind(vec![renewed]);
        }
        if self.time == TimeRule::Strict {
            super::expiry::note(answer, now, &mut session);
        }
        if scheme == Scheme::Authorization {
            challenged(&live, answer, &mut session);
        }
    }

    fn copy_by_rules(&self, at: usize, live: &Meaning, answer: &mut Response<Bytes>) {
        if self.echo.rules.is_empty() {
            return;
        }
        let recorded = self
            .cassette
            .interactions
            .get(at)
            .map(|one| Meaning::of_view(&View::recorded(&one.request), &self.rules));
        for rule in &self.echo.rules {
            let (place, name) = rule.facet();
            let Some(facet) = live.facet(place, name) else {
                continue;
            };
            let old = recorded
                .as_ref()
                .and_then(|meaning| meaning.facet(place, name));
            let old = old.map(|facet| facet.value.as_str());
            copy(answer, rule, old, &facet.value);
        }
    }
}

/// Keeps the challenge of a consent beside the code that its answer hands out.
fn challenged(live: &Meaning, answer: &Response<Bytes>, session: &mut Session) {
    let Some(challenge) = live.facet("query", "code_challenge") else {
        return;
    };
    let location = answer.headers().get(header::LOCATION);
    let query = location.and_then(|location| location.to_str().ok()?.split_once('?'));
    let pairs = query.and_then(|(_, query)| Pairs::parse(query).ok());
    let code = pairs.as_ref().and_then(|pairs| pairs.first("code"));
    session.challenged(&challenge.value, code);
}
