//! One file that survives a crash at any moment: a base that is written whole, and changes behind it.
//!
//! ```text
//! 0   preamble   magic, kind, version, length of the base, checksum                      32 bytes
//! 32  base       whatever the owner of the file writes, read where it is needed
//! …   frame*     mark, length, checksum, payload: appended, and on the disk before it counts
//! ```
//!
//! One append is one frame and one `fsync`, so a crash tears the last frame alone: what is behind the last whole frame
//! is cut off, and told. A damaged frame with a whole one behind it is no crash but a damaged file, and refused. A new
//! base is written beside, synced, and moved over the old file. A lock beside the file keeps a second writer out; who
//! only reads needs none, because a file that is read is never changed but at its end.

mod frame;
mod kind;
mod lock;
mod preamble;

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

pub(super) use self::{kind::FileKind, lock::Lock};

use self::{frame::Scan, preamble::Preamble};
use crate::{
    error::{Error, Kind},
    migrate::disk::failed,
};

/// A file of this form, open.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    kind: FileKind,
    file: File,
    base: u64,
    end: u64,
    /// `None`: open for reading only.
    lock: Option<Lock>,
    /// An append failed halfway; what stands behind `end` has to go before the next one.
    torn: bool,
}

/// A file that was opened, and what stood behind its base.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) journal: Journal,
    pub(super) frames: Vec<Vec<u8>>,
    /// Bytes of a write that a crash tore.
    pub(super) torn_bytes: u64,
}

impl Journal {
    /// The most bytes of one payload.
    pub(super) const MAX_PAYLOAD: usize = frame::MAX_PAYLOAD;
    /// The most bytes behind the base: owners write a new base long before.
    pub(super) const MAX_FRAMES: u64 = 256 << 20;

    /// Makes a file where none is.
    ///
    /// # Errors
    /// [`Kind::Input`] when there is one, or it cannot be written; [`Kind::Refused`] while another process has it.
    pub(super) fn create(
        path: &Path,
        kind: FileKind,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Self, Error> {
        let path = std::path::absolute(path).map_err(|cause| failed("use", path, cause))?;
        let lock = Lock::take(&path)?;
        if path.symlink_metadata().is_ok() {
            return Err(Error::input(
                "file",
                format_args!("{} is there already; expected none", path.display()),
            ));
        }
        let (file, base) = write_whole(&path, kind, write)?;
        Ok(Self {
            path,
            kind,
            file,
            base,
            end: preamble::LENGTH + base,
            lock: Some(lock),
            torn: false,
        })
    }

    /// Opens a file to go on with it.
    ///
    /// # Errors
    /// [`Kind::Input`] when there is none, or it is another or a damaged one; [`Kind::Refused`] while another process
    /// has it.
    pub(super) fn open(path: &Path, kind: FileKind) -> Result<Opened, Error> {
        let path = std::path::absolute(path).map_err(|cause| failed("use", path, cause))?;
        if path.symlink_metadata().is_err() {
            return Err(missing(&path, kind));
        }
        let lock = Lock::take(&path)?;
        Self::read_in(path, kind, Some(lock))
    }

    /// Looks at a file as it is now, also while another process goes on with it.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for the other process.
    pub(super) fn look(path: &Path, kind: FileKind) -> Result<Opened, Error> {
        Self::read_in(path.to_owned(), kind, None)
    }

    fn read_in(path: PathBuf, kind: FileKind, lock: Option<Lock>) -> Result<Opened, Error> {
        let verb = match lock {
            Some(_) => "change",
            None => "read",
        };
        let broken = |cause: io::Error| match cause.kind() {
            ErrorKind::NotFound => missing(&path, kind),
            _ => failed(verb, &path, cause),
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(lock.is_some())
            .open(&path)
            .map_err(broken)?;
        let about = file.metadata().map_err(broken)?;
        let length = about.len();
        let mut head = [0; preamble::LENGTH as usize];
        if length < preamble::LENGTH {
            let problem = format!(
                "expected {}, got {length} bytes, fewer than any has; restore a copy of it, or remove it: {}",
                kind.name(),
                kind.maker()
            );
            return Err(wrong(&path, problem));
        }
        file.read_exact(&mut head).map_err(broken)?;
        let base = Preamble::read(&head, kind)
            .map_err(|problem| wrong(&path, problem))?
            .base;
        if kind.is_secret() {
            check_private(&path, kind, &about)?;
        }
        let start = preamble::LENGTH
            .checked_add(base)
            .filter(|start| *start <= length)
            .ok_or_else(|| {
                damaged(
                    &path,
                    "expected more bytes, got a file whose end is missing",
                )
            })?;
        if length - start > Self::MAX_FRAMES {
            return Err(damaged(
                &path,
                "expected fewer changes behind the base, got more than any version writes",
            ));
        }
        file.seek(SeekFrom::Start(start)).map_err(broken)?;
        let mut tail = Vec::new();
        (&file)
            .take(Self::MAX_FRAMES)
            .read_to_end(&mut tail)
            .map_err(broken)?;
        let Scan { frames, good } = frame::scan(&tail).map_err(|at| {
            damaged(
                &path,
                format_args!(
                    "expected a whole change at byte {}, got a damaged one with whole ones behind it",
                    start + at as u64
                ),
            )
        })?;
        let frames: Vec<Vec<u8>> = frames.into_iter().map(<[u8]>::to_vec).collect();
        let torn_bytes = (tail.len() - good) as u64;
        let end = start + good as u64;
        if torn_bytes > 0 && lock.is_some() {
            file.set_len(end)
                .and_then(|()| file.sync_all())
                .map_err(|cause| failed("mend", &path, cause))?;
        }
        Ok(Opened {
            journal: Self {
                path,
                kind,
                file,
                base,
                end,
                lock,
                torn: false,
            },
            frames,
            torn_bytes,
        })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How long the base is.
    pub(super) fn base_bytes(&self) -> u64 {
        self.base
    }

    /// How much stands behind the base.
    pub(super) fn frame_bytes(&self) -> u64 {
        self.end - preamble::LENGTH - self.base
    }

    /// A piece of the base.
    ///
    /// # Errors
    /// [`Kind::Input`] when it is not there, [`Kind::Transport`] when the disk fails.
    pub(super) fn read_base(&self, at: u64, buffer: &mut [u8]) -> Result<(), Error> {
        let inside = at
            .checked_add(buffer.len() as u64)
            .is_some_and(|end| end <= self.base);
        if !inside {
            return Err(damaged(
                &self.path,
                "expected a place inside the base, got one behind it",
            ));
        }
        read_at(&self.file, preamble::LENGTH + at, buffer)
            .map_err(|cause| failed("read", &self.path, cause))
    }

    /// Puts a change behind the others; it is on the disk when this returns.
    ///
    /// # Errors
    /// [`Kind::Input`] naming the file that is only looked at, or a payload of more than
    /// [`MAX_PAYLOAD`](Self::MAX_PAYLOAD) bytes; [`Kind::Transport`] when the disk fails: then the change does not
    /// count.
    pub(super) fn append(&mut self, payload: &[u8]) -> Result<(), Error> {
        if self.lock.is_none() {
            return Err(Error::input(
                "file",
                "expected it open for writing, it is only looked at",
            ));
        }
        let bytes = frame::print(payload).ok_or_else(|| {
            Error::input(
                "change",
                format_args!(
                    "expected 1 to {} bytes, got {}",
                    Self::MAX_PAYLOAD,
                    payload.len()
                ),
            )
        })?;
        let broken = |cause: io::Error| failed("write", &self.path, cause);
        if self.torn {
            self.file.set_len(self.end).map_err(broken)?;
        }
        self.torn = true;
        self.file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(&bytes))
            .and_then(|()| self.file.sync_data())
            .map_err(broken)?;
        self.torn = false;
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Puts a new base in the place of the old one and of all changes, whole or not at all.
    ///
    /// # Errors
    /// As [`append`](Self::append); the old file is still there then.
    pub(super) fn replace(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        if self.lock.is_none() {
            return Err(Error::input(
                "file",
                "expected it open for writing, it is only looked at",
            ));
        }
        let (file, base) = write_whole(&self.path, self.kind, write)?;
        self.file = file;
        self.base = base;
        self.end = preamble::LENGTH + base;
        self.torn = false;
        Ok(())
    }
}

/// Writes beside the place, syncs, and moves there.
fn write_whole(
    path: &Path,
    kind: FileKind,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(File, u64), Error> {
    // One name is enough: the lock keeps others out, and a crash's leftover is overwritten.
    let beside = with_ending(path, "new");
    let written = write_beside(&beside, kind, write).and_then(|done| {
        std::fs::rename(&beside, path)?;
        sync_folder(path);
        Ok(done)
    });
    written.map_err(|cause| {
        let _ = std::fs::remove_file(&beside);
        failed("write", path, cause)
    })
}

fn write_beside(
    beside: &Path,
    kind: FileKind,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<(File, u64)> {
    let _ = std::fs::remove_file(beside);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(beside)?;
    let mut out = BufWriter::with_capacity(1 << 20, &file);
    out.write_all(&[0; preamble::LENGTH as usize])?;
    write(&mut out)?;
    out.flush()?;
    drop(out);
    let base = (&file).stream_position()? - preamble::LENGTH;
    (&file).seek(SeekFrom::Start(0))?;
    (&file).write_all(&Preamble { base }.print(kind))?;
    file.sync_all()?;
    Ok((file, base))
}

/// Refuses a file that others may use. On other systems than Unix modes are not checked, as with grants.
fn check_private(path: &Path, kind: FileKind, about: &Metadata) -> Result<(), Error> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o7777;
        if mode & 0o077 != 0 {
            let problem = format_args!(
                "expected mode 0600, since who reads {} can make every link of it, got {mode:04o}; run chmod 600 on it",
                kind.name()
            );
            return Err(wrong(path, problem));
        }
    }
    #[cfg(not(unix))]
    let _ = (path, kind, about);
    Ok(())
}

/// The name itself; where a folder cannot be opened, the system decides when.
fn sync_folder(path: &Path) {
    #[cfg(unix)]
    if let Some(Ok(folder)) = path.parent().map(File::open) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn read_at(mut file: &File, at: u64, buffer: &mut [u8]) -> io::Result<()> {
    #[cfg(unix)]
    {
        let _ = &mut file;
        std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
    }
    #[cfg(not(unix))]
    {
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(buffer)
    }
}

/// `campaign.gdm` with another ending behind its own.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn missing(path: &Path, kind: FileKind) -> Error {
    Error::input(
        "file",
        format_args!(
            "expected {} at {}, there is none; {}",
            kind.name(),
            path.display(),
            kind.maker()
        ),
    )
}

pub(super) fn damaged(path: &Path, problem: impl std::fmt::Display) -> Error {
    wrong(path, format_args!("{problem}; restore a copy of it"))
}

fn wrong(path: &Path, problem: impl std::fmt::Display) -> Error {
    Error::new(Kind::Input, format!("{}: {problem}", path.display()))
}
