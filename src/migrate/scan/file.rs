//! One file: read in pieces, and as a whole or window by window where something is in it.

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::Path,
};

use super::{
    bounds,
    examine::{self, Examined},
    finding::Finding,
    language::{self, Language},
    own, prefilter,
    read::{self, Encoding},
    tally::Why,
};

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// Files up to this are looked at as a whole.
const WHOLE: usize = 16 * 1024 * 1024;

/// Larger ones in windows of this, which share their last lines with the next.
const WINDOW: usize = 4 * 1024 * 1024;
const SHARED: usize = 4 * 1024;

/// What a worker keeps between files.
pub(super) struct Reader {
    piece: Vec<u8>,
    whole: Vec<u8>,
}

/// What became of one file.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) bytes: u64,
    pub(super) findings: Vec<Finding>,
    pub(super) in_comments: bool,
    pub(super) left_out: usize,
    pub(super) notes: Vec<Why>,
}

impl Outcome {
    fn take(&mut self, examined: Examined) {
        self.findings.extend(examined.findings);
        self.in_comments |= examined.in_comments;
        self.left_out += examined.left_out;
    }
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            piece: vec![0; PIECE],
            whole: Vec::new(),
        }
    }

    /// Reads a file and looks through it.
    pub(super) fn look(&mut self, path: &Path, shown: &str) -> io::Result<Outcome> {
        let mut file = File::open(path)?;
        let mut outcome = Outcome::default();
        let mut kept = fill(&mut file, &mut self.piece)?;
        outcome.bytes = kept as u64;
        if let Some(why) = own::of(&self.piece[..kept]) {
            outcome.notes.push(why);
            return Ok(outcome);
        }
        let encoding = Encoding::of(&self.piece[..kept]);
        match encoding {
            Encoding::Binary => {
                let by_name = Language::of(path, "");
                outcome.notes.push(match by_name {
                    Language::Unknown => Why::Binary,
                    _ => Why::NoText,
                });
                return Ok(outcome);
            }
            Encoding::Utf16Little
            | Encoding::Utf16Big
            | Encoding::Utf32Little
            | Encoding::Utf32Big => {
                outcome.notes.push(match encoding {
                    Encoding::Utf16Little | Encoding::Utf16Big => Why::Utf16,
                    _ => Why::Utf32,
                });
                self.whole(&mut file, kept, encoding, path, shown, &mut outcome)?;
                return Ok(outcome);
            }
            Encoding::Bytes => {}
        }
        // One piece is the whole of most files.
        if kept < PIECE {
            if prefilter::hits(&self.piece[..kept]) {
                look_at(&self.piece[..kept], encoding, path, shown, &mut outcome);
            }
            return Ok(outcome);
        }
        loop {
            if prefilter::hits(&self.piece[..kept]) {
                file.rewind()?;
                outcome.bytes = 0;
                self.whole(&mut file, 0, encoding, path, shown, &mut outcome)?;
                return Ok(outcome);
            }
            if kept < PIECE {
                return Ok(outcome);
            }
            // A word may lie across two pieces.
            let shared = prefilter::LONGEST;
            self.piece.copy_within(kept - shared..kept, 0);
            let got = fill(&mut file, &mut self.piece[shared..])?;
            outcome.bytes += got as u64;
            kept = shared + got;
            if got == 0 {
                return Ok(outcome);
            }
        }
    }

    /// The rest of a file behind the first `kept` bytes: as a whole, or in windows.
    fn whole(
        &mut self,
        file: &mut File,
        kept: usize,
        encoding: Encoding,
        path: &Path,
        shown: &str,
        outcome: &mut Outcome,
    ) -> io::Result<()> {
        self.whole.clear();
        self.whole.extend_from_slice(&self.piece[..kept]);
        let most = (WHOLE + 1 - kept) as u64;
        outcome.bytes += Read::take(&mut *file, most).read_to_end(&mut self.whole)? as u64;
        if self.whole.len() <= WHOLE {
            look_at(&self.whole, encoding, path, shown, outcome);
            self.release();
            return Ok(());
        }
        if encoding != Encoding::Bytes {
            outcome.notes.push(Why::TooLarge);
            self.release();
            return Ok(());
        }
        outcome.notes.push(Why::Windows);
        file.rewind()?;
        outcome.bytes = 0;
        self.windows(file, path, shown, outcome)?;
        self.release();
        Ok(())
    }

    fn windows(
        &mut self,
        file: &mut File,
        path: &Path,
        shown: &str,
        outcome: &mut Outcome,
    ) -> io::Result<()> {
        self.whole.clear();
        self.whole.resize(WINDOW, 0);
        let (mut filled, mut lines, mut seen) = (0, 0, 0);
        let mut language = None;
        loop {
            let got = fill(file, &mut self.whole[filled..])?;
            outcome.bytes += got as u64;
            let last = filled + got < WINDOW;
            let window = &self.whole[..filled + got];
            // Windows end with a line, where there are any.
            let end = match (last, memchr::memrchr(b'\n', window)) {
                (false, Some(line)) if line > WINDOW / 2 => line + 1,
                _ => window.len(),
            };
            if prefilter::hits(&window[..end]) {
                let (text, _) = read::text(Encoding::Bytes, &window[..end]);
                let language = *language.get_or_insert_with(|| Language::of(path, &text));
                let mut examined = examine::examine(shown, language, &text);
                let first = lines;
                examined.findings.retain_mut(|finding| {
                    let fresh = seen == 0 || finding.line > 1 || finding.column > seen;
                    finding.line += first;
                    finding.end_line += first;
                    fresh
                });
                outcome.take(examined);
            }
            if last || outcome.findings.len() > examine::MOST {
                return Ok(());
            }
            let keep = if end == window.len() {
                end - SHARED
            } else {
                end
            };
            seen = end - keep;
            lines += memchr::memchr_iter(b'\n', &window[..keep]).count();
            let total = window.len();
            self.whole.copy_within(keep..total, 0);
            filled = total - keep;
        }
    }

    /// A large file leaves nothing behind.
    fn release(&mut self) {
        if self.whole.capacity() > 4 * PIECE {
            self.whole = Vec::new();
        }
    }
}

fn look_at(bytes: &[u8], encoding: Encoding, path: &Path, shown: &str, outcome: &mut Outcome) {
    let (text, latin) = read::text(encoding, bytes);
    if encoding != Encoding::Bytes && !prefilter::hits(text.as_bytes()) {
        return;
    }
    if latin {
        outcome.notes.push(Why::Latin1);
    }
    let language = Language::of(path, &text[..bounds::floor(&text, language::HEAD)]);
    outcome.take(examine::examine(shown, language, &text));
}

/// Reads until the buffer is full or the file is at its end.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(filled)
}
