//! The settings of a session, and how it opens.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    join::Join,
    mode::Mode,
    session::{Live, Session},
    upstreams::Upstreams,
};
use crate::{
    cassette::{Bounds, Observer, Recorder, drift::DriftSettings},
    error::Error,
    system::{Clock, Stopwatch},
    transport::Transport,
};

/// The settings of a [`Session`].
#[must_use]
pub struct SessionBuilder {
    path: PathBuf,
    join: Join,
    mode: Mode,
    live: Option<Arc<dyn Transport>>,
    upstreams: Upstreams,
    bounds: Bounds,
    drift: DriftSettings,
    observer: Option<Observer>,
    timing: Option<(Arc<dyn Clock>, Arc<dyn Stopwatch>)>,
}

impl SessionBuilder {
    pub(super) fn new(path: impl Into<PathBuf>, join: Join) -> Self {
        Self {
            path: path.into(),
            join,
            mode: Mode::default(),
            live: None,
            upstreams: Upstreams::default(),
            bounds: Bounds::default(),
            drift: DriftSettings::default(),
            observer: None,
            timing: None,
        }
    }

    /// What it does; [`Mode::Replay`] by default.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Where requests go that are not replayed.
    pub fn live(mut self, transport: impl Transport + 'static) -> Self {
        self.live = Some(Arc::new(transport));
        self
    }

    /// Where they may go, for clients that come through a socket.
    pub fn upstreams(mut self, upstreams: Upstreams) -> Self {
        self.upstreams = upstreams;
        self
    }

    /// How much a recording may hold.
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// What counts as drift, for [`Mode::Check`].
    pub fn drift(mut self, settings: DriftSettings) -> Self {
        self.drift = settings;
        self
    }

    /// Hears how a recording grows, and whether it was saved.
    pub fn observer(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Another clock for the moments of requests, and another watch for how long answers took.
    pub fn timed_by(
        mut self,
        clock: impl Clock + 'static,
        stopwatch: impl Stopwatch + 'static,
    ) -> Self {
        self.timing = Some((Arc::new(clock), Arc::new(stopwatch)));
        self
    }

    /// Reads the cassette where the mode needs it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when there is no cassette to replay, with how to record it, or no live
    /// transport for a mode that needs one; what the reader says of a cassette that it cannot read.
    pub fn open(self) -> Result<Session, Error> {
        let there = self.path.try_exists().unwrap_or(true);
        let mode = match self.mode {
            Mode::Once if there => Mode::Replay,
            Mode::Once => Mode::Record,
            mode => mode,
        };
        let cassette = match mode {
            Mode::Record => None,
            Mode::New if !there => None,
            _ if !there => return Err(missing(&self.path)),
            _ => Some((self.join.read)(&self.path)?),
        };
        let live = match (mode, self.live) {
            // What is not there cannot be touched.
            (Mode::Replay, _) => None,
            (_, Some(live)) => Some(live),
            (_, None) => {
                return Err(Error::input(
                    "mode",
                    format_args!("expected a live transport for {mode}, got none"),
                ));
            }
        };
        let live = live.map(|live| {
            if mode == Mode::Check {
                return Live::Asked(live);
            }
            let mut recorder = Recorder::new(live).bounds(self.bounds);
            if let Some((clock, stopwatch)) = self.timing {
                recorder = recorder.timed_by(move || clock.now(), move || stopwatch.elapsed());
            }
            if let Some(observer) = &self.observer {
                recorder = recorder.observed(Arc::clone(observer));
            }
            Live::Recorded(recorder)
        });
        let upstreams = match &cassette {
            Some(cassette) => self.upstreams.or_of(cassette),
            None => self.upstreams,
        };
        let earlier = match mode {
            Mode::New => cassette.clone(),
            _ => None,
        };
        let tape = cassette
            .map(|cassette| (self.join.play)(cassette, mode))
            .transpose()?;
        Ok(Session::new(Parts {
            mode,
            path: self.path,
            keep: self.join.keep,
            live,
            tape,
            earlier,
            upstreams,
            drift: self.drift,
            observer: self.observer,
        }))
    }
}

/// What an open session is made of.
pub(super) struct Parts {
    /// As it turned out: never [`Mode::Once`].
    pub(super) mode: Mode,
    pub(super) path: PathBuf,
    pub(super) keep: super::join::Keep,
    pub(super) live: Option<Live>,
    pub(super) tape: Option<Box<dyn super::join::Tape>>,
    /// What was recorded before, to add to.
    pub(super) earlier: Option<crate::cassette::Cassette>,
    pub(super) upstreams: Upstreams,
    pub(super) drift: DriftSettings,
    pub(super) observer: Option<Observer>,
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("path", &self.path)
            .field("mode", &self.mode)
            .field("upstreams", &self.upstreams)
            .finish_non_exhaustive()
    }
}

fn missing(path: &Path) -> Error {
    Error::input(
        "cassette",
        format_args!(
            "{}: expected a cassette, got none: record it with GDATA_AUTH_CASSETTE=record, \
             or with gdata-auth cassette record",
            path.display()
        ),
    )
}
