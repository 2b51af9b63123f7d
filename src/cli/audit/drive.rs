//! Logs from where they are to the engine, with progress on a terminal.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::audit::collect::{Collector, Out, Totals};
use crate::audit::engine::{Block, Engine, Piece, Source};
use crate::audit::mapping::Mapping;
use crate::audit::readers::{Framing, Reader};
use crate::store::{Cut, LogPiece, Logs, log_files};

/// How large a piece is at most.
const PIECE: usize = 8 << 20;
/// How large all pieces are together that are looked at at once, beside what is read ahead of them.
const PIECES: usize = 16 << 20;

/// What is read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// Files, folders and `-`.
    pub paths: Vec<PathBuf>,
    /// What they are, where that was said.
    pub from: Option<&'static Reader>,
    /// Which column of a table holds what.
    pub mapping: &'a Mapping,
    /// Whether to show progress where there is a terminal.
    pub progress: bool,
}

/// Reads and judges logs.
///
/// # Errors
/// Where a path is not there. Logs that cannot be read are among the totals.
pub fn read(engine: &Engine, reading: &Reading<'_>, out: Option<Out<'_>>) -> anyhow::Result<Totals> {
    let files = log_files(&reading.paths).map_err(|what| anyhow::anyhow!(what))?;
    let piece = (PIECES / rayon::current_num_threads().max(1)).clamp(1 << 20, PIECE);
    let (from, mapping) = (reading.from, reading.mapping.clone());
    let logs = Logs::new(files, piece, move |number, name: &str, head: &[u8]| {
        open(number, name, head, from, &mapping)
    });
    let mut progress = Progress::new(reading.progress);
    let pieces = logs.map(move |piece| match piece {
        LogPiece::Records { source, first_line, bytes, too_long } => {
            progress.more(bytes.len());
            Piece::Block(Block { source, first_line, bytes, too_long })
        }
        LogPiece::Unreadable(name, why) => Piece::Unreadable(name, why),
    });
    let now = jiff::Timestamp::now().as_microsecond();
    Ok(engine.run(pieces, Collector::new(now, out)))
}

fn open(
    number: usize,
    name: &str,
    head: &[u8],
    from: Option<&'static Reader>,
    mapping: &Mapping,
) -> (Source, Cut) {
    let source = Source::of(number, name, head, from, mapping);
    let cut = match source.framing {
        Framing::Lines => Cut::Lines,
        Framing::Table => Cut::Quoted,
        Framing::Document => Cut::Whole,
    };
    (source, cut)
}

/// A line on the terminal that says how much was read; it goes away in the end.
struct Progress {
    on: bool,
    bytes: u64,
    shown: Option<Instant>,
}

impl Progress {
    fn new(wanted: bool) -> Self {
        let on = wanted && std::io::stderr().is_terminal();
        Self { on, bytes: 0, shown: on.then(Instant::now) }
    }

    fn more(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        // What is done in the blink of an eye shows nothing.
        if self.shown.is_some_and(|shown| shown.elapsed() >= Duration::from_millis(200)) {
            self.shown = Some(Instant::now());
            let _ = write!(std::io::stderr(), "\r{} MB read\u{1b}[K", self.bytes / 1_000_000);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.on {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}
