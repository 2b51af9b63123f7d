//! Blocks of logs -> judged events, on all cores and in bounded memory.
//!
//! Most events of a log are alike: what decides a verdict is looked up once for each combination of
//! words, and remembered. Blocks are read and judged side by side and collected in their order. Where
//! blocks come from, and where rows go, is the caller's business.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use hashbrown::HashMap;
use rayon::prelude::*;

use super::boundary::Number;
use super::collect::Collector;
use super::event::{Event, day, moment};
use super::filter::Filter;
use super::judge::{Judgement, Verdict, judge};
use super::kept::{KEPT_ALIKE, Kept};
use super::mapping::Mapping;
use super::readers::csv::Columns;
use super::readers::{Framing, Reader, sniff};
use super::rows::Rows;
use super::versions::Versions;

/// The most combinations of words that one worker remembers.
const REMEMBERED: usize = 50_000;
/// How far a block may be ahead of the one that is collected next.
const AHEAD: usize = 4;
/// The most bad lines of a block that are told one by one.
pub const BAD_TOLD: usize = 20;

/// A log.
#[derive(Debug)]
pub struct Source {
    /// Its name, as people see it.
    pub name: String,
    /// Its place among the logs.
    pub number: usize,
    /// What it is.
    pub reader: &'static Reader,
    /// How it is cut into records.
    pub framing: Framing,
    /// Of a table, its columns.
    pub columns: Option<Columns>,
}

impl Source {
    /// A log by its place among the logs, its name, and how it begins; `from` is what it was said to be.
    #[must_use]
    pub fn of(
        number: usize,
        name: &str,
        head: &[u8],
        from: Option<&'static Reader>,
        mapping: &Mapping,
    ) -> Self {
        let (sniffed, framing) = sniff(head);
        let reader = from.unwrap_or(sniffed);
        let framing = match (from.map(|reader| reader.name), framing) {
            (Some("csv"), _) => Framing::Table,
            (Some(_), Framing::Table) => Framing::Lines,
            (_, framing) => framing,
        };
        let columns = (framing == Framing::Table).then(|| {
            let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
            Columns::of(first, mapping)
        });
        Self { name: name.to_owned(), number, reader, framing, columns }
    }
}

/// A piece of a log: whole records.
#[derive(Debug)]
pub struct Block {
    /// Of which log.
    pub source: Arc<Source>,
    /// The number of its first line, from 1.
    pub first_line: u64,
    /// The records.
    pub bytes: Vec<u8>,
    /// Lines that were too long to be read, each with its number and its bytes.
    pub too_long: Vec<(u64, u64)>,
}

/// What comes from where logs are read.
#[derive(Debug)]
pub enum Piece {
    /// Records.
    Block(Block),
    /// A log, or the rest of it, that cannot be read: its name, and why.
    Unreadable(String, String),
}

/// A line that is no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The log.
    pub source: Arc<str>,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

/// What an event has to do with others.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Of its id; 0 for none.
    pub id: u64,
    /// Of its parent's id; 0 for none.
    pub parent: u64,
    /// Of its trace; 0 for none.
    pub trace: u64,
    /// Who acted, where that is known.
    pub actor: Option<Number>,
    /// On whose behalf, where that is known.
    pub behalf: Option<Number>,
    /// When, in microseconds.
    pub time: Option<i64>,
    /// Its tally in the chunk; none where a filter leaves it out.
    pub tally: Option<u32>,
    /// Where its row ends among the chunk's rows; none where it has none.
    pub row: Option<u32>,
}

/// How many, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// The earliest, in microseconds.
    pub first: Option<i64>,
    /// The latest.
    pub last: Option<i64>,
}

impl Tally {
    /// Counts one.
    pub fn add(&mut self, time: Option<i64>) {
        self.count += 1;
        self.first = min(self.first, time);
        self.last = self.last.max(time);
    }

    /// Counts others too.
    pub fn join(&mut self, other: Self) {
        self.count += other.count;
        self.first = min(self.first, other.first);
        self.last = self.last.max(other.last);
    }
}

fn min(left: Option<i64>, right: Option<i64>) -> Option<i64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

/// What a block holds.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The number of the log; none of what could not be read.
    pub source: Option<usize>,
    /// Judgements and how often.
    pub tallies: Vec<(Arc<Judgement>, Tally)>,
    /// One an event, in order.
    pub links: Vec<Link>,
    /// Rows, each without its end, which only the collector knows.
    pub rows: Vec<u8>,
    /// Events beyond the boundary, where they are kept, each with its place among the links.
    pub kept: Vec<(u32, Kept)>,
    /// How many were kept of each tally.
    kept_of: Vec<u32>,
    /// Mistakes and how often.
    pub wrong: BTreeMap<String, u64>,
    /// The first of them.
    pub bad: Vec<BadLine>,
    /// Records that are no access.
    pub passed_over: u64,
    /// A log that cannot be read.
    pub unreadable: Option<(String, String)>,
    /// Bytes of the block.
    pub bytes: u64,
}

/// How logs are judged.
#[derive(Debug)]
pub struct Engine {
    /// By which catalog.
    pub versions: Versions,
    /// Which events count.
    pub filter: Filter,
    /// How each is written, where it is.
    pub rows: Option<Rows>,
}

/// What a worker remembers from block to block.
#[derive(Debug, Default)]
struct Worker {
    known: HashMap<Box<[u8]>, Remembered, foldhash::fast::RandomState>,
    behalf: HashMap<Box<str>, Option<Number>, foldhash::fast::RandomState>,
    key: Vec<u8>,
    turn: u64,
}

#[derive(Debug)]
struct Remembered {
    judgement: Arc<Judgement>,
    passes: bool,
    /// Where the grant stands, if rows are written.
    line: Option<Box<str>>,
    /// In which block it was met last, and its place among that block's tallies.
    turn: u64,
    place: u32,
}

impl Engine {
    /// Judges pieces and collects them in their order.
    pub fn run<I>(&self, pieces: I, collector: Collector<'_>) -> super::collect::Totals
    where
        I: Iterator<Item = Piece> + Send,
    {
        let keeps = collector.keeps();
        let state = Mutex::new(Ordered { next: 0, waiting: BTreeMap::new(), collector });
        let turned = Condvar::new();
        let workers: Mutex<Vec<Worker>> = Mutex::new(Vec::new());
        let ahead = AHEAD.max(2 * rayon::current_num_threads());
        pieces.enumerate().par_bridge().for_each(|(number, piece)| {
            let mut worker = lock(&workers).pop().unwrap_or_default();
            let chunk = self.chunk(&mut worker, piece, keeps);
            lock(&workers).push(worker);
            let mut state = lock(&state);
            // Whoever is far ahead waits, so that what waits to be collected stays bounded. The next
            // one never waits, so that there is always progress.
            while number > state.next + ahead {
                state = turned.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.waiting.insert(number, chunk);
            state.collect(self);
            turned.notify_all();
        });
        let mut state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.collect(self);
        state.collector.finish()
    }

    fn chunk(&self, worker: &mut Worker, piece: Piece, keeps: bool) -> Chunk {
        let block = match piece {
            Piece::Block(block) => block,
            Piece::Unreadable(name, why) => {
                return Chunk { unreadable: Some((name, why)), ..Chunk::default() };
            }
        };
        worker.turn += 1;
        if worker.known.len() > REMEMBERED {
            worker.known.clear();
        }
        let source = &block.source;
        let name: Arc<str> = source.name.as_str().into();
        let mut chunk =
            Chunk { source: Some(source.number), bytes: block.bytes.len() as u64, ..Chunk::default() };
        for (line, bytes) in &block.too_long {
            let what = "it is longer than what is read of a line".to_owned();
            chunk.bad.push(BadLine {
                source: name.clone(),
                line: *line,
                what: format!("{what} ({} MB)", bytes / 1_000_000),
            });
            *chunk.wrong.entry(what).or_default() += 1;
        }
        let bad = |chunk: &mut Chunk, line: u64, what: String| {
            if chunk.bad.len() < BAD_TOLD {
                chunk.bad.push(BadLine { source: name.clone(), line, what: what.clone() });
            }
            // Mistakes are few kinds of sentences; should a hostile log make many, they are one.
            let what = if chunk.wrong.len() < 50 { what } else { "other mistakes".to_owned() };
            *chunk.wrong.entry(what).or_default() += 1;
        };
        for (line, record) in records(&block) {
            let before = chunk.links.len();
            let mut sink = |event: &Event<'_>| {
                let beyond = self.event(worker, &mut chunk, source, line, event);
                if let (true, Some(tally)) = (keeps, beyond) {
                    keep(&mut chunk, tally, &name, line, event);
                }
            };
            let read = match &source.columns {
                // The first line of a table names its columns.
                Some(_) if line == 1 => continue,
                Some(columns) => columns.read(record, &mut sink),
                None => (source.reader.read)(record, &mut sink),
            };
            match read {
                Ok(()) if chunk.links.len() == before => chunk.passed_over += 1,
                Ok(()) => {}
                Err(what) => bad(&mut chunk, line, what),
            }
        }
        chunk
    }

    /// Judges an event and counts it; returns its tally where it is beyond the boundary and counts.
    fn event(
        &self,
        worker: &mut Worker,
        chunk: &mut Chunk,
        source: &Source,
        line: u64,
        event: &Event<'_>,
    ) -> Option<u32> {
        let time = moment(event.time.get());
        let version = self.versions.at(time);
        let turn = worker.turn;
        let found = self.judgement(worker, event, version);
        let passes = found.passes && self.filter.admits_time(time);
        let tally = passes.then(|| {
            if found.turn != turn || found.place as usize >= chunk.tallies.len() {
                found.turn = turn;
                found.place = u32::try_from(chunk.tallies.len()).unwrap_or(u32::MAX);
                chunk.tallies.push((found.judgement.clone(), Tally::default()));
            }
            chunk.tallies[found.place as usize].1.add(time);
            found.place
        });
        let row = match (&self.rows, passes) {
            (Some(rows), true) => {
                let grant = found.line.as_deref();
                rows.write(&mut chunk.rows, &self.versions, (source, line), event, &found.judgement, grant);
                u32::try_from(chunk.rows.len()).ok()
            }
            _ => None,
        };
        let actor = found.judgement.actor.number();
        let beyond = found.judgement.verdict == Verdict::Beyond;
        let behalf = event.on_behalf_of.get();
        let behalf = if behalf.is_empty() {
            None
        } else {
            match worker.behalf.get(behalf) {
                Some(known) => *known,
                None => {
                    if worker.behalf.len() > REMEMBERED {
                        worker.behalf.clear();
                    }
                    let known = self.versions.now().actor(behalf);
                    worker.behalf.insert(behalf.into(), known);
                    known
                }
            }
        };
        chunk.links.push(Link {
            id: hash(event.event.get()),
            parent: hash(event.parent.get()),
            trace: hash(event.trace.get()),
            actor,
            behalf,
            time,
            tally,
            row,
        });
        tally.filter(|_| beyond)
    }

    /// What is said of an event; of one that is like an earlier one, what was said of that.
    fn judgement<'w>(&self, worker: &'w mut Worker, event: &Event<'_>, version: usize) -> &'w mut Remembered {
        let (boundary, now) = (self.versions.version(version), self.versions.now());
        let key = &mut worker.key;
        key.clear();
        key.extend(u32::try_from(version).unwrap_or(u32::MAX).to_le_bytes());
        if !boundary.edges.is_empty() || !now.edges.is_empty() {
            let span = day(event.time.get()).map_or(u32::MAX, |day| {
                let passed = |edges: &[jiff::civil::Date]| edges.partition_point(|edge| *edge <= day);
                u32::try_from(passed(&boundary.edges) + passed(&now.edges)).unwrap_or(u32::MAX)
            });
            key.extend(span.to_le_bytes());
        }
        let effect = event.effect.map_or(0, |effect| effect as u8 + 1);
        key.extend([u8::from(event.is_refused()), u8::from(event.shows_approval), effect]);
        let words =
            [&event.tool, &event.level, &event.environment, &event.phase, &event.risk, &event.approval];
        let lists = event.agents.iter().chain(&event.components).chain(&event.places);
        key.extend([lengths(event.agents.len()), lengths(event.components.len())]);
        for text in words.into_iter().chain(lists) {
            let bytes = text.get().as_bytes();
            key.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
            key.extend(bytes);
        }
        if !worker.known.contains_key(worker.key.as_slice()) {
            let judgement = judge(boundary, u32::try_from(version).unwrap_or(u32::MAX), now, event);
            let passes = self.filter.admits(&self.versions, &judgement);
            let line = self.rows.and_then(|_| boundary.line(judgement.row?)).map(String::into_boxed_str);
            let new = Remembered { judgement: Arc::new(judgement), passes, line, turn: 0, place: 0 };
            worker.known.insert(worker.key.as_slice().into(), new);
        }
        match worker.known.get_mut(worker.key.as_slice()) {
            Some(found) => found,
            None => unreachable!("it was put there just now"),
        }
    }
}

/// Keeps the last event of a chunk, unless enough like it are.
fn keep(chunk: &mut Chunk, tally: u32, source: &Arc<str>, line: u64, event: &Event<'_>) {
    let place = tally as usize;
    if chunk.kept_of.len() <= place {
        chunk.kept_of.resize(place + 1, 0);
    }
    let Some(link) = chunk.links.len().checked_sub(1) else { return };
    if chunk.kept_of[place] < KEPT_ALIKE {
        chunk.kept_of[place] += 1;
        let time = chunk.links[link].time;
        let kept = Kept { source: source.clone(), line, time, event: event.kept() };
        chunk.kept.push((u32::try_from(link).unwrap_or(u32::MAX), kept));
    }
}

fn lengths(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Ordered<'c> {
    next: usize,
    waiting: BTreeMap<usize, Chunk>,
    collector: Collector<'c>,
}

impl Ordered<'_> {
    fn collect(&mut self, engine: &Engine) {
        while let Some(chunk) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.collector.add(engine, chunk);
        }
    }
}

/// 64 bits of a word that are the same for all workers; 0 for none.
fn hash(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish().max(1)
}

/// The records of a block with the numbers of their lines.
fn records(block: &Block) -> Vec<(u64, &[u8])> {
    let bytes = block.bytes.as_slice();
    let bytes =
        if block.first_line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    let table = block.source.framing == Framing::Table;
    let ends: Box<dyn Iterator<Item = usize>> = match block.source.framing {
        Framing::Document => Box::new(std::iter::empty()),
        Framing::Lines | Framing::Table => Box::new(memchr::memchr_iter(b'\n', bytes)),
    };
    let mut out = Vec::with_capacity(bytes.len() / 256);
    let (mut start, mut line, mut first_line) = (0, block.first_line, block.first_line);
    for end in ends.chain([bytes.len()]) {
        line += 1;
        let record = &bytes[start..end];
        // A line break in quotes is a part of its field.
        if table && end < bytes.len() && memchr::memchr_iter(b'"', record).count() % 2 == 1 {
            continue;
        }
        let record = record.trim_ascii();
        if !record.is_empty() {
            out.push((first_line, record));
        }
        (start, first_line) = (end + 1, line);
        if start > bytes.len() {
            break;
        }
    }
    out
}
