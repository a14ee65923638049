//! What gets no recorded answer: a request that signs something wrong, and one that nothing matches.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};

use super::{Player, index::Held, stub::Seen};
use crate::{
    cassette::{
        explain::{Near, Reason, Recorded, Unmatched, nearest},
        meaning::{Facet, FacetRole, Scheme, View},
        verify::{self, Verdict, WrongRequest},
    },
    transport::{Mishap, TransportError},
    wire::query::Pairs,
};

impl Player {
    /// Refuses what is signed wrongly, and a verifier that answers no challenge of this run.
    pub(super) fn check_signed(
        &self,
        request: &Request<Bytes>,
        view: &View<'_>,
        scheme: Scheme,
    ) -> Result<(), TransportError> {
        let mut wrong = self
            .keys
            .as_ref()
            .and_then(|keys| verify::live(request, &self.rules, keys, &self.tokens));
        if wrong.is_none()
            && scheme == Scheme::CodeGrant
            && let Some(verifier) = verify::verifier(&view.body)
        {
            let form = std::str::from_utf8(&view.body).unwrap_or_default();
            let form = Pairs::parse(form).unwrap_or_default();
            let challenges = self.session().challenges(form.first("code"));
            // Where the consent was elsewhere, such as in a browser, there is nothing to answer.
            wrong = (!challenges.is_empty())
                .then(|| verify::live_pkce(&verifier, &challenges))
                .filter(Verdict::is_wrong);
        }
        let Some(verdict) = wrong else {
            return Ok(());
        };
        self.refused.fetch_add(1, Ordering::Relaxed);
        let message = format!("expected a request that is signed right, got another: {verdict}");
        let wrong = WrongRequest::new(verdict);
        Err(TransportError::new(Mishap::Other, message).caused_by(wrong))
    }

    pub(super) fn refuse_unmatched(
        &self,
        request: &Request<Bytes>,
        view: &View<'_>,
        scheme: Scheme,
        reason: Reason,
    ) -> Result<Response<Bytes>, TransportError> {
        self.unmatched.fetch_add(1, Ordering::Relaxed);
        let unmatched = self.explain(request, view, scheme, reason);
        let Some(status) = self.settings.refuse_with else {
            let message = unmatched.to_string();
            return Err(TransportError::new(Mishap::Other, message).caused_by(unmatched));
        };
        let mut answer = Response::new(Bytes::from(unmatched.to_text()));
        *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_IMPLEMENTED);
        let kind = HeaderValue::from_static("text/plain; charset=utf-8");
        answer.headers_mut().insert(header::CONTENT_TYPE, kind);
        answer.extensions_mut().insert(unmatched);
        Ok(answer)
    }

    fn explain(
        &self,
        request: &Request<Bytes>,
        view: &View<'_>,
        scheme: Scheme,
        reason: Reason,
    ) -> Unmatched {
        let played = |at: usize| {
            self.played
                .get(at)
                .map_or(0, |times| times.load(Ordering::Relaxed))
        };
        let session = self.session();
        let same_secret = |recorded: &Facet, live: &Facet| {
            let FacetRole::Secret(kind) = recorded.role else {
                return recorded.value == live.value;
            };
            match (
                self.secrets.held(kind, &recorded.value),
                session.live(&recorded.value),
            ) {
                (Held::Ignored, _) => true,
                (_, Some(bound)) => bound == live.value,
                (Held::Fixed, None) => recorded.value == live.value,
                (Held::Free, None) => session.recorded(&live.value) == live.value,
            }
        };
        // Of identical interactions one is enough, and far from the path none is near.
        let firsts = self.index.groups.iter().filter_map(|group| {
            let at = *group.members.first()? as usize;
            self.cassette.interactions.get(at).map(|one| (at, one))
        });
        let on_path: Vec<_> = firsts
            .clone()
            .filter(|(_, one)| one.request.path_and_query().0 == view.path)
            .take(MOST)
            .collect();
        let candidates = match on_path.is_empty() {
            true => firsts.take(MOST).collect(),
            false => on_path,
        };
        let recorded = candidates.into_iter().map(|(at, one)| Recorded {
            interaction: at,
            request: &one.request,
            played: played(at),
        });
        let mut near = nearest(request, &self.rules, recorded, &same_secret);
        near.extend(self.nearest_stub(view, &session.scenarios, &played));
        let address = view.url();
        Unmatched {
            method: view.method.to_owned(),
            address: address.split('?').next().unwrap_or_default().to_owned(),
            scheme: scheme.name().to_owned(),
            reason,
            nearest: near,
            recorded: self.tracks.len(),
            unused: (0..self.tracks.len()).filter(|at| played(*at) == 0).count(),
        }
    }

    fn nearest_stub(
        &self,
        view: &View<'_>,
        states: &std::collections::HashMap<String, String>,
        played: &dyn Fn(usize) -> u64,
    ) -> Option<Near> {
        let seen = Seen::of(view);
        let ticked = self
            .stubs
            .iter()
            .map(|stub| (stub, stub.ticks(&seen, states)));
        let share = |ticks: &[crate::cassette::explain::Tick]| {
            let agreeing = ticks.iter().filter(|tick| tick.agrees).count();
            agreeing * 1_000 / ticks.len().max(1)
        };
        let (stub, ticks) = ticked.max_by_key(|(_, ticks)| share(ticks))?;
        let request = self.cassette.interactions.get(stub.interaction)?;
        let address = request.request.url();
        Some(Near {
            interaction: stub.interaction + 1,
            request: format!(
                "{} {} (a stub)",
                request.request.method,
                address.split('?').next().unwrap_or_default()
            ),
            played: played(stub.interaction),
            ticks,
            notes: Vec::new(),
        })
    }
}

/// So many recorded requests are compared to explain one; an explanation is no search of its own.
const MOST: usize = 10_000;
