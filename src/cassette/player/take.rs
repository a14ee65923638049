//! Which of the interactions that match is played: in any order, forward, or exactly as recorded.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::Request;

use super::{
    Matcher, Player,
    index::{Asked, Group},
    session::Fresh,
    stub::Seen,
};
use crate::cassette::{
    explain::Reason,
    meaning::{Order, View},
};

impl Player {
    /// The interaction that answers, counted as played.
    pub(super) fn take(&self, asked: &Asked, view: &View<'_>) -> Result<usize, Reason> {
        let found = match self.settings.order {
            Order::Any => self.take_any(asked, view),
            order => self.take_in_order(asked, view, order),
        };
        match found {
            Err(Reason::NothingSaysTheSame) if !self.stubs.is_empty() => self.take_stub(view),
            found => found,
        }
    }

    fn take_any(&self, asked: &Asked, view: &View<'_>) -> Result<usize, Reason> {
        // A request without secrets binds nothing, and takes no lock.
        let mut session = (!asked.secrets.is_empty()).then(|| self.session());
        let mut exhausted: Option<(&Group, Fresh)> = None;
        for group in self.index.find(asked, session.as_deref()) {
            if !view.origin.may_be(&group.origin) {
                continue;
            }
            let unified = match &session {
                Some(session) => session.unify(group, &asked.secrets),
                None => Some(Fresh::new()),
            };
            let Some(fresh) = unified else { continue };
            if let Some(at) = group.take() {
                if let Some(session) = &mut session {
                    session.bind(fresh);
                }
                return Ok(self.count(at));
            }
            exhausted.get_or_insert((group, fresh));
        }
        let Some((group, fresh)) = exhausted else {
            return Err(Reason::NothingSaysTheSame);
        };
        let last = group.members.last().map_or(0, |last| *last as usize);
        if self.settings.repeat {
            if let Some(session) = &mut session {
                session.bind(fresh);
            }
            return Ok(self.count(last));
        }
        Err(self.already_played(last))
    }

    fn take_in_order(&self, asked: &Asked, view: &View<'_>, order: Order) -> Result<usize, Reason> {
        let mut session = self.session();
        let position = session.position;
        let mut earliest: Option<(usize, Fresh)> = None;
        let mut matched = None;
        for group in self.index.find(asked, Some(&session)) {
            if !view.origin.may_be(&group.origin) {
                continue;
            }
            let Some(fresh) = session.unify(group, &asked.secrets) else {
                continue;
            };
            matched = group.members.last().map(|last| *last as usize).or(matched);
            let from = group
                .members
                .partition_point(|one| (*one as usize) < position);
            let Some(at) = group.members.get(from).map(|at| *at as usize) else {
                continue;
            };
            if earliest.as_ref().is_none_or(|(other, _)| at < *other) {
                earliest = Some((at, fresh));
            }
        }
        let due = (position < self.tracks.len()).then_some(position + 1);
        match (earliest, matched) {
            (Some((at, fresh)), _) if order == Order::Sequential || at == position => {
                session.position = at + 1;
                session.bind(fresh);
                Ok(self.count(at))
            }
            (None, Some(last)) if order == Order::Sequential => {
                match self.played[last].load(Ordering::Relaxed) {
                    0 => Err(Reason::OutOfOrder { due }),
                    _ if self.settings.repeat => Ok(self.count(last)),
                    _ => Err(self.already_played(last)),
                }
            }
            (Some(_), _) | (None, Some(_)) => Err(Reason::OutOfOrder { due }),
            (None, None) => Err(Reason::NothingSaysTheSame),
        }
    }

    fn take_stub(&self, view: &View<'_>) -> Result<usize, Reason> {
        let seen = Seen::of(view);
        let mut session = self.session();
        let stub = self
            .stubs
            .iter()
            .find(|stub| stub.holds(&seen, &session.scenarios))
            .ok_or(Reason::NothingSaysTheSame)?;
        stub.played(&mut session.scenarios);
        Ok(self.count(stub.interaction))
    }

    /// By a closure: the first that was not played yet.
    pub(super) fn take_by(
        &self,
        matcher: &Matcher,
        request: &Request<Bytes>,
    ) -> Result<usize, Reason> {
        // One at a time, so that two requests do not get one answer.
        let mut session = self.session();
        let position = session.position;
        let mut last = None;
        let ordered = self.settings.order != Order::Any;
        for (at, interaction) in self.cassette.interactions.iter().enumerate() {
            if !matcher(interaction, request) {
                continue;
            }
            last = Some(at);
            let fits = match self.settings.order {
                Order::Any => self.played[at].load(Ordering::Relaxed) == 0,
                Order::Sequential => at >= position,
                Order::Strict => at == position,
            };
            if fits {
                session.position = at + 1;
                return Ok(self.count(at));
            }
        }
        match last {
            None => Err(Reason::NothingSaysTheSame),
            Some(at) if self.settings.repeat && !ordered => Ok(self.count(at)),
            Some(_) if ordered => Err(Reason::OutOfOrder {
                due: (position < self.tracks.len()).then_some(position + 1),
            }),
            Some(at) => Err(self.already_played(at)),
        }
    }

    fn count(&self, at: usize) -> usize {
        if let Some(times) = self.played.get(at) {
            times.fetch_add(1, Ordering::Relaxed);
        }
        at
    }

    fn already_played(&self, at: usize) -> Reason {
        let times = self.played.get(at);
        Reason::AlreadyPlayed {
            times: times.map_or(0, |times| times.load(Ordering::Relaxed)),
        }
    }
}

impl Group {
    /// The next one that was not played; each goes to one request, however many ask at once.
    fn take(&self) -> Option<usize> {
        if self.next.load(Ordering::Relaxed) >= self.members.len() {
            return None;
        }
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        self.members.get(at).map(|member| *member as usize)
    }
}
