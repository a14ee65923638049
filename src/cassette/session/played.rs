//! The player as the tape of a session.

use std::error::Error as _;

use bytes::Bytes;
use http::Response;

use super::join::{Asked, Miss, Tape};
use crate::cassette::{Player, Unmatched};

impl Tape for Player {
    fn answer(&self, asked: &Asked<'_>) -> Result<Response<Bytes>, Miss> {
        self.play(asked.request).map_err(|cause| {
            let unmatched = cause
                .source()
                .is_some_and(|source| source.is::<Unmatched>());
            match unmatched {
                true => Miss::Unmatched(cause),
                false => Miss::Refused(cause),
            }
        })
    }

    fn unused(&self) -> Vec<String> {
        let interactions = &self.cassette().interactions;
        let line = |number: usize| {
            let request = &interactions.get(number.checked_sub(1)?)?.request;
            let (path, _) = request.path_and_query();
            Some(format!("interaction {number}: {} {path}", request.method))
        };
        self.report()
            .unused()
            .into_iter()
            .filter_map(line)
            .collect()
    }

    fn notes(&self) -> Vec<String> {
        self.report().notes
    }
}
