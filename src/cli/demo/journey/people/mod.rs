//! A person in front of a browser: opens a link, presses buttons by their words, reads what is shown.
//!
//! ```text
//! Browser ─┬▶ Chromium   the real one, headless, by ChromeDriver
//!          └▶ Forms      where there is none: pages are fetched, and forms sent as a browser sends them
//! ```

mod chromium;
mod forms;

use std::path::Path;

use self::{chromium::Chromium, forms::Forms};
use crate::{
    cli::{args::BrowserArg, demo::stage::Stage},
    error::Error,
};

pub(super) enum Browser {
    Chromium(Box<Chromium>),
    Forms(Box<Forms>),
}

/// Whether the browser that is asked for is there, before anything is told.
///
/// # Errors
/// As [`Browser::start`].
pub(super) fn check(wanted: BrowserArg) -> Result<(), Error> {
    match wanted {
        BrowserArg::Chromium => chromium::check(),
        BrowserArg::Auto | BrowserArg::None => Ok(()),
    }
}

impl Browser {
    /// Chromium where it is wanted and there; its profile goes into `folder`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `browser`, where Chromium is asked for and does not start.
    pub(super) async fn start(
        wanted: BrowserArg,
        folder: &Path,
        stage: &Stage,
    ) -> Result<Self, Error> {
        let forms = || Ok(Self::Forms(Box::new(Forms::new(stage)?)));
        match wanted {
            BrowserArg::None => forms(),
            BrowserArg::Chromium => {
                let chromium = Chromium::start(folder).await?;
                Ok(Self::Chromium(Box::new(chromium)))
            }
            BrowserArg::Auto => match Chromium::start(folder).await {
                Ok(chromium) => Ok(Self::Chromium(Box::new(chromium))),
                Err(_) => forms(),
            },
        }
    }

    /// What it is, for the story.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Chromium(_) => "headless Chromium",
            Self::Forms(_) => "forms, sent as a browser sends them",
        }
    }

    pub(super) async fn open(&mut self, address: &str) -> Result<(), Error> {
        match self {
            Self::Chromium(chromium) => chromium.open(address).await,
            Self::Forms(forms) => forms.open(address).await,
        }
    }

    /// Presses the button with these words, and waits for the page that it leads to.
    pub(super) async fn press(&mut self, words: &str) -> Result<(), Error> {
        match self {
            Self::Chromium(chromium) => chromium.press(words).await,
            Self::Forms(forms) => forms.press(words).await,
        }
    }

    /// The heading of the page that is shown.
    pub(super) async fn heading(&mut self) -> Result<String, Error> {
        match self {
            Self::Chromium(chromium) => chromium.heading().await,
            Self::Forms(forms) => forms.heading(),
        }
    }

    pub(super) async fn quit(self) {
        if let Self::Chromium(chromium) = self {
            chromium.quit().await;
        }
    }
}
