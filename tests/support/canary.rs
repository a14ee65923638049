//! What `Debug` and errors print of carriers of marked secrets.

use std::{error::Error as StdError, fmt::Debug};

use gdata_auth::Error;

/// Everything that `Debug` prints of the canaries' carriers.
#[derive(Default)]
pub struct Seen(Vec<String>);

impl Seen {
    pub fn text(&mut self, text: String) {
        self.0.push(text);
    }

    pub fn debug(&mut self, value: &impl Debug) {
        self.0.push(format!("{value:?}"));
        self.0.push(format!("{value:#?}"));
    }

    /// An error with its whole chain, in every form.
    pub fn error(&mut self, error: &Error) {
        self.debug(error);
        self.debug(&error.advice());
        let mut cause: Option<&dyn StdError> = Some(error);
        while let Some(error) = cause {
            self.0.push(error.to_string());
            self.0.push(format!("{error:?}"));
            cause = error.source();
        }
    }

    pub fn refused<T>(&mut self, result: Result<T, Error>) {
        self.error(&result.err().unwrap());
    }

    pub fn assert_clean(&self, count: usize) {
        assert!(self.0.len() >= count, "{} texts only", self.0.len());
        for text in &self.0 {
            assert!(!text.contains("CANARY"), "{text}");
            assert!(!text.contains("MIIEv"), "a key: {text}");
        }
    }
}
