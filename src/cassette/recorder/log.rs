//! The recording itself: one place a request, taken when it is sent.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    bounds::Bounds,
    progress::{Observer, Progress},
};
use crate::{
    cassette::{Headers, Interaction, Outcome, RecordedRequest, RecordedResponse},
    time::Timestamp,
    transport::{Mishap, TransportError},
};

#[derive(Default)]
pub(super) struct Log {
    pub(super) bounds: Bounds,
    pub(super) observer: Option<Observer>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    interactions: Vec<Interaction>,
    bytes: u64,
    refused: usize,
}

impl Log {
    /// Takes the next place, before the request is sent.
    pub(super) fn begin(&self, interaction: Interaction) -> Result<usize, TransportError> {
        let bytes = request_bytes(&interaction.request);
        let mut state = self.state();
        if state.interactions.len() >= self.bounds.max_interactions {
            let most = self.bounds.max_interactions;
            return Err(self.refuse(
                state,
                format!("recording: expected at most {most} interactions, got one more"),
            ));
        }
        if state.bytes + bytes > self.bounds.max_bytes {
            return Err(self.too_large(state, "request"));
        }
        state.bytes += bytes;
        state.interactions.push(interaction);
        Ok(state.interactions.len() - 1)
    }

    /// Fills the place.
    pub(super) fn end(
        &self,
        place: usize,
        outcome: Outcome,
        took: Duration,
    ) -> Result<(), TransportError> {
        let bytes = match &outcome {
            Outcome::Answered(response) => response_bytes(response),
            Outcome::Failed(words) => words.len() as u64,
        };
        let mut state = self.state();
        let fits = state.bytes + bytes <= self.bounds.max_bytes;
        if let Some(interaction) = state.interactions.get_mut(place) {
            interaction.took = Some(took);
            interaction.outcome = if fits {
                outcome
            } else {
                Outcome::Failed(
                    "expected an answer that fits the recording, got a larger one".into(),
                )
            };
        }
        if !fits {
            return Err(self.too_large(state, "answer"));
        }
        state.bytes += bytes;
        let progress = Progress::Recorded {
            interactions: state.interactions.len(),
            bytes: state.bytes,
        };
        drop(state);
        self.tell(progress);
        Ok(())
    }

    pub(super) fn interactions(&self) -> Vec<Interaction> {
        self.state().interactions.clone()
    }

    pub(super) fn size(&self) -> (usize, u64) {
        let state = self.state();
        (state.interactions.len(), state.bytes)
    }

    pub(super) fn refused(&self) -> usize {
        self.state().refused
    }

    fn too_large(&self, state: MutexGuard<'_, State>, what: &str) -> TransportError {
        let most = self.bounds.max_bytes;
        self.refuse(
            state,
            format!("recording: expected at most {most} bytes, got more with this {what}"),
        )
    }

    fn refuse(&self, mut state: MutexGuard<'_, State>, message: String) -> TransportError {
        state.refused += 1;
        drop(state);
        self.tell(Progress::Refused {
            message: message.clone(),
        });
        TransportError::new(Mishap::TooLarge, message)
    }

    fn tell(&self, progress: Progress) {
        if let Some(observer) = &self.observer {
            observer(progress);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code of others runs under the lock, so what a panic left is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `None` for a moment that the system's own type cannot hold.
pub(super) fn moment(now: Timestamp) -> Option<SystemTime> {
    let seconds = Duration::from_secs(now.unix_seconds().unsigned_abs());
    if now.unix_seconds() < 0 {
        UNIX_EPOCH.checked_sub(seconds)
    } else {
        UNIX_EPOCH.checked_add(seconds)
    }
}

fn request_bytes(request: &RecordedRequest) -> u64 {
    let line = request.method.len() + request.target.len();
    line as u64 + headers_bytes(&request.headers) + request.body.bytes.len() as u64
}

fn response_bytes(response: &RecordedResponse) -> u64 {
    headers_bytes(&response.headers) + response.body.bytes.len() as u64
}

fn headers_bytes(headers: &Headers) -> u64 {
    headers
        .iter()
        .map(|(name, value)| (name.len() + value.len()) as u64)
        .sum()
}
