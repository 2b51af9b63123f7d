//! Logs in pieces: files, folders and standard input, plain, gzip or zstd, cut at the ends of records.
//!
//! A piece is a few megabytes, so that memory stays bounded however large a log is. What a log says is
//! not known here: whoever asks says how it is cut, by how it begins.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

/// The longest record that is read, in bytes. A longer line is passed over and told.
pub const LONGEST_RECORD: usize = 32 << 20;
/// The largest document over many lines that is read.
const LARGEST_DOCUMENT: u64 = 64 << 20;
/// How much of a log is looked at to say what it is.
const HEAD: usize = 64 << 10;

/// How a log is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// At the ends of lines.
    Lines,
    /// At the ends of lines that are not in quotes.
    Quoted,
    /// Not at all.
    Whole,
}

/// What comes of logs.
#[derive(Debug)]
pub enum LogPiece<S> {
    /// Whole records.
    Records {
        /// Of which log.
        source: Arc<S>,
        /// The number of the first line, from 1.
        first_line: u64,
        /// The records.
        bytes: Vec<u8>,
        /// Lines that are too long, each with its number and bytes.
        too_long: Vec<(u64, u64)>,
    },
    /// A log, or its rest, that cannot be read: its name, and why.
    Unreadable(String, String),
}

/// The files of some paths: files as they are, of folders all that is no hidden file, in order of names.
/// `-` is standard input.
///
/// # Errors
/// A sentence about the first path that is not there.
pub fn log_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            files.push(path.clone());
            continue;
        }
        let found =
            std::fs::metadata(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        if !found.is_dir() {
            files.push(path.clone());
            continue;
        }
        let walk = ignore::WalkBuilder::new(path)
            .git_ignore(false)
            .git_exclude(false)
            .git_global(false)
            .ignore(false)
            .parents(false)
            .sort_by_file_path(Path::cmp)
            .build();
        files.extend(
            walk.filter_map(Result::ok)
                .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
                .map(ignore::DirEntry::into_path),
        );
    }
    Ok(files)
}

/// How many bytes some files have on disk; standard input has none.
#[must_use]
pub fn size_of(files: &[PathBuf]) -> u64 {
    files.iter().filter_map(|file| std::fs::metadata(file).ok()).map(|found| found.len()).sum()
}

/// The pieces of logs, one log after the other.
pub struct Logs<S, F> {
    files: std::vec::IntoIter<PathBuf>,
    number: usize,
    open: F,
    piece: usize,
    current: Option<Log<S>>,
}

impl<S, F> std::fmt::Debug for Logs<S, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Logs").field("files", &self.files).finish_non_exhaustive()
    }
}

impl<S, F: FnMut(usize, &str, &[u8]) -> (S, Cut)> Logs<S, F> {
    /// The pieces of some files, each of about `piece` bytes. `open` is asked what a log is: its place
    /// among the logs, its name, and how it begins.
    pub fn new(files: Vec<PathBuf>, piece: usize, open: F) -> Self {
        Self {
            files: files.into_iter(),
            number: 0,
            open,
            piece: piece.clamp(1 << 10, LONGEST_RECORD),
            current: None,
        }
    }

    fn start(&mut self, path: &Path) -> Result<Log<S>, (String, String)> {
        let name =
            if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() };
        let failed = |error: std::io::Error| (name.clone(), error.to_string());
        let raw: Box<dyn Read + Send> = if path.as_os_str() == "-" {
            Box::new(std::io::stdin())
        } else {
            Box::new(File::open(path).map_err(failed)?)
        };
        let mut reader = unpacked(raw).map_err(failed)?;
        let mut head = Vec::new();
        reader.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
        let (source, cut) = (self.open)(self.number, &name, &head);
        self.number += 1;
        Ok(Log {
            name,
            source: Arc::new(source),
            reader,
            rest: head,
            line: 1,
            cut,
            ended: false,
            skipping: None,
        })
    }
}

impl<S, F: FnMut(usize, &str, &[u8]) -> (S, Cut)> Iterator for Logs<S, F> {
    type Item = LogPiece<S>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(log) = &mut self.current {
                match log.piece(self.piece) {
                    Ok(Some(piece)) => return Some(piece),
                    Ok(None) => self.current = None,
                    Err(why) => {
                        let name = log.name.clone();
                        self.current = None;
                        return Some(LogPiece::Unreadable(name, why));
                    }
                }
                continue;
            }
            let path = self.files.next()?;
            match self.start(&path) {
                Ok(log) => self.current = Some(log),
                Err((name, why)) => return Some(LogPiece::Unreadable(name, why)),
            }
        }
    }
}

struct Log<S> {
    name: String,
    source: Arc<S>,
    reader: Box<dyn Read + Send>,
    /// What was read and not handed out.
    rest: Vec<u8>,
    /// The number of the first line of the rest.
    line: u64,
    cut: Cut,
    ended: bool,
    /// The bytes so far of a line that is too long.
    skipping: Option<u64>,
}

impl<S> Log<S> {
    fn piece(&mut self, size: usize) -> Result<Option<LogPiece<S>>, String> {
        let mut too_long = Vec::new();
        loop {
            if self.cut == Cut::Whole {
                return self.whole();
            }
            self.fill(size)?;
            if let Some(skipped) = self.skipping {
                match memchr::memchr(b'\n', &self.rest) {
                    None if !self.ended => {
                        self.skipping = Some(skipped + self.rest.len() as u64);
                        self.rest.clear();
                        continue;
                    }
                    found => {
                        let end = found.map_or(self.rest.len(), |place| place + 1);
                        too_long.push((self.line, skipped + end as u64));
                        self.rest.drain(..end);
                        self.line += 1;
                        self.skipping = None;
                        continue;
                    }
                }
            }
            if self.rest.is_empty() && self.ended {
                let nothing = too_long.is_empty();
                return Ok((!nothing).then(|| self.records(Vec::new(), too_long)));
            }
            let end = if self.ended { Some(self.rest.len()) } else { self.end_of_records() };
            if let Some(end) = end {
                let after = self.rest.split_off(end);
                let bytes = std::mem::replace(&mut self.rest, after);
                return Ok(Some(self.records(bytes, too_long)));
            }
            if self.rest.len() >= LONGEST_RECORD {
                self.skipping = Some(self.rest.len() as u64);
                self.rest = Vec::new();
            } else {
                // A record that is longer than a piece: read on until it ends.
                self.fill(LONGEST_RECORD.min(self.rest.len() * 2))?;
            }
        }
    }

    fn records(&mut self, bytes: Vec<u8>, too_long: Vec<(u64, u64)>) -> LogPiece<S> {
        let first_line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        LogPiece::Records { source: self.source.clone(), first_line, bytes, too_long }
    }

    /// Where the last whole record of what was read ends.
    fn end_of_records(&self) -> Option<usize> {
        if self.cut == Cut::Quoted {
            let mut open = false;
            let mut end = None;
            for place in memchr::memchr2_iter(b'"', b'\n', &self.rest) {
                match self.rest[place] {
                    b'"' => open = !open,
                    _ if !open => end = Some(place + 1),
                    _ => {}
                }
            }
            return end;
        }
        memchr::memrchr(b'\n', &self.rest).map(|place| place + 1)
    }

    /// Reads until there are so many bytes, or the log ends.
    fn fill(&mut self, size: usize) -> Result<(), String> {
        let wanted = size.saturating_sub(self.rest.len());
        if wanted == 0 || self.ended {
            return Ok(());
        }
        self.rest.reserve_exact(wanted);
        let read = self.reader.by_ref().take(wanted as u64).read_to_end(&mut self.rest);
        match read {
            Ok(count) => {
                self.ended = count < wanted;
                Ok(())
            }
            Err(error) => Err(format!("{error}; what stands before line {} was read", self.line)),
        }
    }

    fn whole(&mut self) -> Result<Option<LogPiece<S>>, String> {
        if self.ended {
            return Ok(None);
        }
        self.ended = true;
        let mut bytes = std::mem::take(&mut self.rest);
        let room = LARGEST_DOCUMENT + 1 - bytes.len() as u64;
        self.reader.by_ref().take(room).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 > LARGEST_DOCUMENT {
            return Err(format!(
                "it is one document of more than {} MB; write it as JSON Lines, a record a line",
                LARGEST_DOCUMENT >> 20
            ));
        }
        Ok(Some(self.records(bytes, Vec::new())))
    }
}

/// Unpacks gzip and zstd, which are known by how they begin.
fn unpacked(mut raw: Box<dyn Read + Send>) -> std::io::Result<Box<dyn Read + Send>> {
    let mut magic = Vec::new();
    raw.by_ref().take(4).read_to_end(&mut magic)?;
    let kind = magic.clone();
    let whole = std::io::Cursor::new(magic).chain(raw);
    Ok(match kind.as_slice() {
        [0x1f, 0x8b, ..] => {
            Box::new(flate2::read::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole)))
        }
        [0x28, 0xb5, 0x2f, 0xfd] => Box::new(Zstd::new(BufReader::with_capacity(1 << 16, whole))),
        _ => Box::new(whole),
    })
}

/// The frames of a zstd file, one after the other.
struct Zstd<R: Read> {
    state: Option<Frame<R>>,
}

enum Frame<R: Read> {
    Between(BufReader<R>),
    Within(Box<StreamingDecoder<BufReader<R>, FrameDecoder>>),
}

impl<R: Read> Zstd<R> {
    fn new(reader: BufReader<R>) -> Self {
        Self { state: Some(Frame::Between(reader)) }
    }
}

impl<R: Read> Read for Zstd<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        loop {
            match self.state.take() {
                None => return Ok(0),
                Some(Frame::Between(mut reader)) => {
                    if reader.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    let frame = StreamingDecoder::new(reader).map_err(std::io::Error::other)?;
                    self.state = Some(Frame::Within(Box::new(frame)));
                }
                Some(Frame::Within(mut frame)) => {
                    let count = frame.read(into)?;
                    if count > 0 || into.is_empty() {
                        self.state = Some(Frame::Within(frame));
                        return Ok(count);
                    }
                    self.state = Some(Frame::Between(frame.into_inner()));
                }
            }
        }
    }
}
