//! The line that grows while recording.

use std::{sync::Arc, time::Duration};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    cassette::{Observer, Progress},
    cli::paint::talk,
};

/// One line on stderr, where that is a terminal.
#[derive(Clone)]
pub(super) struct Line(ProgressBar);

impl Line {
    pub(super) fn start(quiet: bool) -> Self {
        let bar = ProgressBar::no_length();
        bar.set_draw_target(if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        });
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Hears a recording.
    pub(super) fn observer(&self) -> Observer {
        let line = self.clone();
        Arc::new(move |progress| match progress {
            Progress::Recorded {
                interactions,
                bytes,
            } => {
                line.0.enable_steady_tick(TICK);
                line.0
                    .set_message(format!("recorded {interactions}, {}", HumanBytes(bytes)));
            }
            Progress::Refused { message } => line.above(message),
            Progress::NotSaved { path, interactions } => line.above(format_args!(
                "{}: nothing saved, {interactions} interactions are lost",
                path.display()
            )),
            _ => {}
        })
    }

    /// A line for a person, above this one.
    pub(super) fn above(&self, text: impl std::fmt::Display) {
        self.0.suspend(|| talk(text));
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

const TICK: Duration = Duration::from_millis(100);
