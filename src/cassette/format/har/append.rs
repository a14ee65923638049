//! Entries put at the end of a log that is there, without writing it again.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use super::write;
use crate::{
    cassette::{Cassette, Interaction, StandIn, file},
    error::{Error, Kind},
};

/// Puts interactions at the end of a cassette of our own form; where there is no file, or an empty one, makes it.
///
/// Only the closing brackets are written over, and the file is synced before this returns. After a crash in the
/// middle, a reader tells how many interactions are good, and those before this call are among them.
/// `stand_ins` are those that appear first in these interactions.
///
/// # Errors
/// [`Kind::Transport`] when the file cannot be read or written; [`Kind::Input`] when it does not end as our own
/// form does: another tool wrote it, or a crash tore it. Then read it, and save what is good.
pub fn append(
    path: impl AsRef<Path>,
    interactions: &[Interaction],
    stand_ins: &[StandIn],
) -> Result<(), Error> {
    let path = path.as_ref();
    let failed = |cause: io::Error| {
        Error::new(
            Kind::Transport,
            format!("{}: expected to add to it, got: {cause}", path.display()),
        )
        .caused_by(cause)
    };
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() > 0 => {}
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(failed(cause)),
        _ => {
            let mut cassette = Cassette::new(interactions.to_vec());
            cassette.stand_ins = stand_ins.to_vec();
            return file::save(path, &write::print(&cassette));
        }
    }
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .map_err(failed)?;
    let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
    let foreign = || {
        Error::input(
            &path.display().to_string(),
            "expected the end of a cassette that was written here, got another; read it and save what is good",
        )
    };
    let mut head = vec![0; write::OPENING.len()];
    file.rewind().map_err(failed)?;
    if file.read_exact(&mut head).is_err() || head != write::OPENING {
        return Err(foreign());
    }
    let tail_length = write::CLOSING.len() + 1;
    let start = length.checked_sub(tail_length as u64).ok_or_else(foreign)?;
    let mut tail = vec![0; tail_length];
    file.seek(SeekFrom::Start(start)).map_err(failed)?;
    file.read_exact(&mut tail).map_err(failed)?;
    // What stands before the brackets tells whether a comma has to part the entries.
    let is_first = match tail.split_first() {
        Some((b'[', rest)) if rest == write::CLOSING => true,
        Some((b'}', rest)) if rest == write::CLOSING => false,
        _ => return Err(foreign()),
    };
    if interactions.is_empty() {
        return match stand_ins {
            [] => Ok(()),
            _ => Err(Error::input(
                "stand-ins",
                "expected an interaction in which they appear, got none",
            )),
        };
    }
    let added = write::print_entries(interactions, is_first, stand_ins);
    file.seek(SeekFrom::Start(start + 1))
        .and_then(|_| file.write_all(&added))
        .and_then(|()| file.sync_all())
        .map_err(failed)
}
