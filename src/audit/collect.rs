//! Chunks in their order -> totals: duplicates left out, and who set each agent to work.
//!
//! What one event has to do with another is kept for the latest two million ids and traces, so that
//! memory stays bounded; what lies further back is not found, and counts as not stated.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::boundary::Number;
use super::engine::{BAD_TOLD, BadLine, Chunk, Engine, Link, Tally};
use super::judge::{Judgement, Known};
use super::kept::{KEPT, KEPT_ALIKE, Kept};
use super::timeline::Timeline;

/// How many ids a generation holds; there are two.
const GENERATION: usize = 900_000;
/// The most words that the catalog does not know that are told apart.
const UNKNOWN_WORDS: usize = 10_000;
/// From how far ahead on an event is one from the future, in microseconds.
const AHEAD: i64 = 5 * 60 * 1_000_000;

/// By what it is known who set an agent to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SetToWork {
    /// The event says on whose behalf.
    Stated,
    /// The event that led to it is another's.
    Parent,
    /// Another one began its trace.
    Trace,
    /// One alone sets it to work, as the catalog says.
    Catalog,
}

impl SetToWork {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Stated => "on_behalf_of",
            Self::Parent => "parent",
            Self::Trace => "trace",
            Self::Catalog => "catalog",
        }
    }
}

/// What logs hold in all.
#[derive(Debug, Default)]
pub struct Totals {
    /// Events that were read, with those that a filter left out, without duplicates.
    pub events: u64,
    /// Events that were there before, with the same id and time.
    pub duplicates: u64,
    /// Records that are no access.
    pub passed_over: u64,
    /// Mistakes and how often.
    pub wrong: BTreeMap<String, u64>,
    /// The first lines that are no events.
    pub bad: Vec<BadLine>,
    /// Logs that cannot be read, and why.
    pub unreadable: Vec<(String, String)>,
    /// How many logs were read.
    pub sources: usize,
    /// Bytes that were read, unpacked.
    pub bytes: u64,
    /// Judgements of what passed the filter, and how often.
    pub tallies: HashMap<Arc<Judgement>, Tally>,
    /// Who set whom to work, by what that is known, and how often.
    pub set_to_work: BTreeMap<(Number, Number, SetToWork), u64>,
    /// Events that stand after a later one of their log, and the most microseconds back.
    pub out_of_order: (u64, i64),
    /// Events that are before the one that led to them, and the most microseconds.
    pub before_parent: (u64, i64),
    /// Events from the future.
    pub future: u64,
    /// Events without a time that can be read.
    pub without_time: u64,
    /// When events were, where that was asked for.
    pub timeline: Timeline,
    /// Some of the events beyond the boundary, in their order, where that was asked for.
    pub kept: Vec<(Arc<Judgement>, Kept)>,
}

/// Where rows go.
pub type Out<'c> = &'c mut (dyn FnMut(&[u8]) + Send);

/// Puts chunks together.
pub struct Collector<'c> {
    totals: Totals,
    /// The moment now, in microseconds.
    now: i64,
    ids: Ids,
    traces: Ids,
    /// The time of the event before, of the log that is being read.
    last: (Option<usize>, Option<i64>),
    unknown: HashMap<Arc<str>, ()>,
    out: Option<Out<'c>>,
    /// How many events of a judgement are kept; none where none are to be.
    keeps: Option<HashMap<Arc<Judgement>, u32>>,
}

impl std::fmt::Debug for Collector<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector").field("totals", &self.totals).finish_non_exhaustive()
    }
}

impl<'c> Collector<'c> {
    /// Begins. `now` is the moment in microseconds.
    #[must_use]
    pub fn new(now: i64, out: Option<Out<'c>>) -> Self {
        Self {
            totals: Totals::default(),
            now,
            ids: Ids::default(),
            traces: Ids::default(),
            last: (None, None),
            unknown: HashMap::new(),
            out,
            keeps: None,
        }
    }

    /// The same, which also notes when events were, and keeps some of those beyond the boundary.
    #[must_use]
    pub fn keeping(self) -> Self {
        Self { keeps: Some(HashMap::new()), ..self }
    }

    /// Whether it notes when events were, and keeps some.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.keeps.is_some()
    }

    /// Adds the next chunk.
    pub fn add(&mut self, engine: &Engine, mut chunk: Chunk) {
        if let Some(unreadable) = chunk.unreadable {
            self.totals.unreadable.push(unreadable);
            return;
        }
        if chunk.source != self.last.0 {
            self.last = (chunk.source, None);
            self.totals.sources += 1;
        }
        let mut start = 0;
        let mut again: Vec<bool> = Vec::new();
        for place in 0..chunk.links.len() {
            let link = chunk.links[place];
            let duplicate = self.link(engine, &link, &mut chunk.tallies);
            if self.keeps.is_some() {
                again.push(duplicate.0);
            }
            let Some(end) = link.row else { continue };
            if let (Some(out), Some(rows)) = (&mut self.out, engine.rows) {
                let set = duplicate.1.and_then(|(number, how)| {
                    Some((&*engine.versions.directory.actors.get(number as usize)?.1, how))
                });
                out(&chunk.rows[start..end as usize]);
                out(&rows.end(set, duplicate.0));
            }
            start = end as usize;
        }
        let mut judgements: Vec<Option<Arc<Judgement>>> = Vec::with_capacity(chunk.tallies.len());
        for (judgement, tally) in std::mem::take(&mut chunk.tallies) {
            let judgement = (tally.count > 0).then(|| self.bounded(judgement));
            if let Some(judgement) = &judgement {
                self.totals.tallies.entry(judgement.clone()).or_default().join(tally);
            }
            judgements.push(judgement);
        }
        self.keep(&chunk.links, std::mem::take(&mut chunk.kept), &again, &judgements);
        self.totals.bytes += chunk.bytes;
        self.totals.passed_over += chunk.passed_over;
        for (what, count) in chunk.wrong {
            let what = if self.totals.wrong.len() < 50 { what } else { "other mistakes".to_owned() };
            *self.totals.wrong.entry(what).or_default() += count;
        }
        let room = BAD_TOLD.saturating_sub(self.totals.bad.len());
        self.totals.bad.extend(chunk.bad.into_iter().take(room));
    }

    /// What all chunks hold.
    #[must_use]
    pub fn finish(self) -> Totals {
        self.totals
    }

    /// Whether the event was there before, and who set its agent to work.
    fn link(
        &mut self,
        engine: &Engine,
        link: &Link,
        tallies: &mut [(Arc<Judgement>, Tally)],
    ) -> (bool, Option<(Number, SetToWork)>) {
        let seconds = link
            .time
            .map_or(0, |time| u32::try_from(time.div_euclid(1_000_000).rem_euclid(1 << 32)).unwrap_or(0));
        let nobody = Number::MAX;
        let new = Seen { actor: link.actor.unwrap_or(nobody), seconds };
        let duplicate =
            link.id != 0 && self.ids.put(link.id, new).is_some_and(|before| before.seconds == seconds);
        if duplicate {
            self.totals.duplicates += 1;
            if let Some(tally) = link.tally {
                tallies[tally as usize].1.count -= 1;
            }
        } else {
            self.totals.events += 1;
            self.times(link);
        }
        let first =
            (link.trace != 0).then(|| self.traces.first(link.trace, new)).map_or(nobody, |seen| seen.actor);
        let Some(own) = link.actor else { return (duplicate, None) };
        let parent = if link.parent == 0 { None } else { self.ids.get(link.parent) };
        if let (Some(parent), false, Some(time)) = (parent, duplicate, link.time) {
            let behind = i64::from(parent.seconds) - time.div_euclid(1_000_000).rem_euclid(1 << 32);
            if behind > 0 && parent.seconds != 0 {
                self.totals.before_parent.0 += 1;
                self.totals.before_parent.1 = self.totals.before_parent.1.max(behind * 1_000_000);
            }
        }
        let other = |number: Number| (number != own && number != nobody).then_some(number);
        let acting = engine.versions.acting(own);
        let human = acting.is_some_and(|acting| acting.human);
        let set = match (link.behalf, human) {
            (Some(behalf), _) => other(behalf).map(|number| (number, SetToWork::Stated)),
            (None, true) => None,
            (None, false) => parent
                .and_then(|parent| other(parent.actor))
                .map(|number| (number, SetToWork::Parent))
                .or_else(|| other(first).map(|number| (number, SetToWork::Trace)))
                .or_else(|| match acting.map(|acting| acting.set_by.as_slice()) {
                    Some([only]) => Some((*only, SetToWork::Catalog)),
                    _ => None,
                }),
        };
        if let (Some((setter, how)), false, true) = (set, duplicate, link.tally.is_some()) {
            *self.totals.set_to_work.entry((own, setter, how)).or_default() += 1;
        }
        (duplicate, set)
    }

    /// Notes when the events of a chunk were, and keeps those of which not enough are kept yet.
    fn keep(
        &mut self,
        links: &[Link],
        kept: Vec<(u32, Kept)>,
        again: &[bool],
        judgements: &[Option<Arc<Judgement>>],
    ) {
        let Some(counts) = &mut self.keeps else { return };
        let of = |link: &Link| judgements.get(link.tally? as usize)?.as_ref();
        let classes: Vec<Option<u32>> = judgements
            .iter()
            .map(|judgement| judgement.as_ref().map(|judgement| self.totals.timeline.class(judgement)))
            .collect();
        for (link, again) in links.iter().zip(again) {
            let class = link.tally.and_then(|tally| *classes.get(tally as usize)?);
            if let (Some(class), false) = (class, again) {
                self.totals.timeline.add(class, link.time);
            }
        }
        for (place, event) in kept {
            let place = place as usize;
            let Some(judgement) = links.get(place).and_then(of) else { continue };
            if again.get(place).copied().unwrap_or(true) || self.totals.kept.len() >= KEPT {
                continue;
            }
            let count = counts.entry(judgement.clone()).or_default();
            if *count < KEPT_ALIKE {
                *count += 1;
                self.totals.kept.push((judgement.clone(), event));
            }
        }
    }

    fn times(&mut self, link: &Link) {
        let Some(time) = link.time else {
            self.totals.without_time += 1;
            return;
        };
        if let Some(before) = self.last.1.filter(|before| *before > time) {
            self.totals.out_of_order.0 += 1;
            self.totals.out_of_order.1 = self.totals.out_of_order.1.max(before.saturating_sub(time));
        }
        self.last.1 = Some(time);
        self.totals.future += u64::from(time > self.now.saturating_add(AHEAD));
    }

    /// A log may hold any number of words that the catalog does not know; the first are kept.
    fn bounded(&mut self, judgement: Arc<Judgement>) -> Arc<Judgement> {
        let mut fits = |known: &Known| match known {
            Known::Word(word) if !self.unknown.contains_key(word) => {
                let room = self.unknown.len() < UNKNOWN_WORDS;
                if room {
                    self.unknown.insert(word.clone(), ());
                }
                room
            }
            _ => true,
        };
        let (actor, component) = (fits(&judgement.actor), fits(&judgement.component));
        if actor && component {
            return judgement;
        }
        let others = || Known::Word("(others)".into());
        let mut bounded = (*judgement).clone();
        if !actor {
            bounded.actor = others();
        }
        if !component {
            bounded.component = others();
        }
        Arc::new(bounded)
    }
}

/// What is remembered of an event.
#[derive(Clone, Copy, Debug)]
struct Seen {
    actor: Number,
    seconds: u32,
}

/// The latest ids, in two generations: when the younger is full, the older is forgotten.
#[derive(Debug, Default)]
struct Ids {
    young: HashMap<u64, Seen, BuildHasherDefault<Hashed>>,
    old: HashMap<u64, Seen, BuildHasherDefault<Hashed>>,
}

impl Ids {
    fn get(&self, id: u64) -> Option<Seen> {
        self.young.get(&id).or_else(|| self.old.get(&id)).copied()
    }

    /// Remembers an id; returns what was remembered of it before.
    fn put(&mut self, id: u64, seen: Seen) -> Option<Seen> {
        if self.young.len() >= GENERATION {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        let before = self.young.insert(id, seen);
        before.or_else(|| self.old.get(&id).copied())
    }

    /// What was first remembered of an id, which may be this.
    fn first(&mut self, id: u64, seen: Seen) -> Seen {
        if let Some(known) = self.get(id) {
            return known;
        }
        self.put(id, seen);
        seen
    }
}

/// Ids are hashed already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}
