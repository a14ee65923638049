//! Files that a log names: bodies of Playwright, in the folder of the log or in one zip archive with it.
//!
//! A name leads into that folder or nowhere.

use std::{
    collections::HashMap,
    io::{Cursor, Read},
    path::Path,
};

use bytes::Bytes;
use zip::ZipArchive;

use super::super::{Source, beside, json::Lost};
use crate::{cassette::Limits, error::Error};

/// Where such files are.
#[derive(Debug)]
pub(super) struct Attached<'s> {
    place: Place<'s>,
    /// What was read: entries share bodies.
    kept: HashMap<String, Bytes>,
    /// Bytes that may still be read.
    left: usize,
}

#[derive(Debug)]
enum Place<'s> {
    Folder(Option<&'s Path>),
    Archive(Box<ZipArchive<Cursor<Bytes>>>),
}

const FIELD: &str = "response.content._file";

impl<'s> Attached<'s> {
    /// Beside the log.
    pub(super) fn beside(source: &Source<'s>) -> Self {
        Self {
            place: Place::Folder(source.folder),
            kept: HashMap::new(),
            left: source.limits.file,
        }
    }

    /// In an archive; with it, the log.
    pub(super) fn unpack(source: &Source<'s>) -> Result<(Self, Bytes), Error> {
        let failed = |cause: zip::result::ZipError| {
            Error::reply(
                source.name,
                "expected a zip archive with a log, got a damaged one",
            )
            .caused_by(cause)
        };
        let archive = ZipArchive::new(Cursor::new(source.bytes.clone())).map_err(failed)?;
        let log = archive
            .file_names()
            .filter_map(Result::ok)
            .find(|name| name.ends_with(".har"))
            .map(std::borrow::Cow::into_owned);
        let log = log.ok_or_else(|| {
            Error::reply(
                source.name,
                "expected a file `*.har` in the archive, got none",
            )
        })?;
        let mut attached = Self {
            place: Place::Archive(Box::new(archive)),
            kept: HashMap::new(),
            left: source.limits.file,
        };
        let bytes = attached
            .read_within(&log, source.limits.file)
            .map_err(|lost| Error::reply(source.name, lost.message))?;
        attached.left = source.limits.file;
        Ok((attached, bytes))
    }

    /// A body.
    pub(super) fn read(&mut self, name: &str, limits: &Limits) -> Result<Bytes, Lost> {
        if let Some(kept) = self.kept.get(name) {
            return Ok(kept.clone());
        }
        let bytes = self.read_within(name, limits.body)?;
        self.kept.insert(name.to_owned(), bytes.clone());
        Ok(bytes)
    }

    fn read_within(&mut self, name: &str, cap: usize) -> Result<Bytes, Lost> {
        let cap = cap.min(self.left);
        let missing = || {
            Lost::new(
                FIELD,
                "expected a file of the archive, got none that can be read",
            )
        };
        let bytes = match &mut self.place {
            Place::Folder(folder) => {
                beside::read(*folder, name, cap).map_err(|message| Lost::new(FIELD, message))?
            }
            Place::Archive(archive) => {
                let file = archive.by_name(name).map_err(|_| missing())?;
                let mut bytes = Vec::new();
                file.take(cap as u64 + 1)
                    .read_to_end(&mut bytes)
                    .map_err(|_| missing())?;
                bytes.into()
            }
        };
        if bytes.len() > cap {
            return Err(Lost::new(
                FIELD,
                format!("expected at most {cap} bytes, got more"),
            ));
        }
        self.left -= bytes.len();
        Ok(bytes)
    }
}
