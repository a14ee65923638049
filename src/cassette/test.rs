//! Cassettes of tests: named after the test, and replayed unless the environment says otherwise.
//!
//! ```text
//! cargo test                                    replays tests/cassettes/uploads/sends_a_video.har
//! GDATA_AUTH_CASSETTE=record cargo test         records it anew
//! CI=true cargo test                            replays; a missing cassette fails the test
//! ```

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use super::{Join, Mode, Progress, Session, SessionBuilder};
use crate::{
    error::Error,
    system::{self, CassetteEnvironment},
};

/// Where cassettes of tests stand, from the folder of the package.
pub const FOLDER: &str = "tests/cassettes";

/// A session for the test that runs in this thread: [`named_after`] it in [`FOLDER`], in the [`mode`] that the environment says.
///
/// A recording that is not saved, since the test failed or did not call [`Session::finish`], says so on stderr.
///
/// # Errors
/// As [`named_after`] and [`mode`].
pub fn session(join: Join) -> Result<SessionBuilder, Error> {
    let path = named_after(thread::current().name(), FOLDER)?;
    let mode = mode(&system::cassette_environment())?;
    Ok(Session::builder(path, join)
        .mode(mode)
        .observer(Arc::new(|progress| say(&progress))))
}

/// The path of a test's cassette: `uploads::sends_a_video` is `uploads/sends_a_video.har` in `folder`.
///
/// The name is that of the thread which `cargo test` gives to each test.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) where the thread has no test's name: on a worker of a runtime, or with
/// `--test-threads=1`. Name the cassette then.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::test::named_after;
///
/// let path = named_after(Some("uploads::sends_a_video"), "tests/cassettes")?;
/// assert_eq!(path.to_str(), Some("tests/cassettes/uploads/sends_a_video.har"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub fn named_after(thread: Option<&str>, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
    let name = thread.filter(|name| {
        let step = |step: &str| {
            !step.is_empty() && step.chars().all(|at| at.is_alphanumeric() || at == '_')
        };
        *name != "main" && name.split("::").all(step)
    });
    let Some(name) = name else {
        return Err(Error::input(
            "cassette",
            format_args!(
                "expected a thread with the name of a test, got {thread:?}: give the cassette a name"
            ),
        ));
    };
    let mut path = folder.as_ref().to_owned();
    path.extend(name.split("::"));
    path.set_extension("har");
    Ok(path)
}

/// The mode that the environment says; [`Mode::Replay`] where it says nothing.
///
/// Under `CI`, `once` and `new` are [`Mode::Replay`] as well: what was forgotten to record shall fail there, not be
/// recorded in silence.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) for a mode that is none.
pub fn mode(environment: &CassetteEnvironment) -> Result<Mode, Error> {
    let Some(name) = &environment.mode else {
        return Ok(Mode::Replay);
    };
    let mode = name
        .parse()
        .map_err(|cause| Error::input("GDATA_AUTH_CASSETTE", cause))?;
    Ok(match mode {
        Mode::Once | Mode::New if environment.ci => Mode::Replay,
        mode => mode,
    })
}

#[expect(
    clippy::print_stderr,
    reason = "cargo shows it beside the test that failed"
)]
fn say(progress: &Progress) {
    match progress {
        Progress::NotSaved { path, interactions } => eprintln!(
            "{}: nothing saved, {interactions} interactions lost: the test failed, or did not call finish()",
            path.display()
        ),
        Progress::Refused { message } => eprintln!("{message}"),
        _ => {}
    }
}
