//! When events were: how many of each kind in each span of time, in bounded memory.
//!
//! Spans begin as seconds. Whenever there are too many counts, each two spans become one, so that a
//! timeline is as fine as its memory allows, and one event far away from all others costs one count.

use std::collections::HashMap;
use std::sync::Arc;

use super::judge::{Judgement, Known, Reason, Verdict};

/// The most counts.
const COUNTS: usize = 400_000;
/// The first width of a span, in microseconds.
const SECOND: i64 = 1_000_000;

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Class {
    /// Who acted.
    pub actor: Known,
    /// On what.
    pub component: Known,
    /// Where.
    pub environment: Option<usize>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is beyond.
    pub reason: Option<Reason>,
}

/// How many events of one line of a picture fall in each of its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// In all.
    pub events: Vec<u64>,
    /// Beyond the boundary.
    pub beyond: Vec<u64>,
    /// In all columns together: how many, and how many of them beyond. Columns share spans that are wider
    /// than they are, and so come to more.
    pub total: (u64, u64),
}

/// When events were.
#[derive(Clone, Debug)]
pub struct Timeline {
    classes: Vec<Arc<Class>>,
    numbers: HashMap<Arc<Class>, u32>,
    counts: HashMap<(u32, i64), u64>,
    without_time: HashMap<u32, u64>,
    width: i64,
    most: usize,
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            classes: Vec::new(),
            numbers: HashMap::new(),
            counts: HashMap::new(),
            without_time: HashMap::new(),
            width: SECOND,
            most: COUNTS,
        }
    }
}

impl Timeline {
    /// The number of the class of a judgement.
    pub fn class(&mut self, judgement: &Judgement) -> u32 {
        let class = Class {
            actor: judgement.actor.clone(),
            component: judgement.component.clone(),
            environment: judgement.environment,
            verdict: judgement.verdict,
            reason: judgement.reason,
        };
        if let Some(number) = self.numbers.get(&class) {
            return *number;
        }
        let number = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        let class = Arc::new(class);
        self.classes.push(class.clone());
        self.numbers.insert(class, number);
        number
    }

    /// Counts an event of a class.
    pub fn add(&mut self, class: u32, time: Option<i64>) {
        let Some(time) = time else {
            *self.without_time.entry(class).or_default() += 1;
            return;
        };
        *self.counts.entry((class, time.div_euclid(self.width))).or_default() += 1;
        while self.counts.len() > self.most && self.width < i64::MAX / 4 {
            self.width *= 2;
            let mut coarser = HashMap::with_capacity(self.counts.len());
            for ((class, span), count) in self.counts.drain() {
                *coarser.entry((class, span.div_euclid(2))).or_default() += count;
            }
            self.counts = coarser;
        }
    }

    /// The classes, by number.
    #[must_use]
    pub fn classes(&self) -> &[Arc<Class>] {
        &self.classes
    }

    /// How wide a span is, in microseconds.
    #[must_use]
    pub fn width(&self) -> i64 {
        self.width
    }

    /// From the first moment to the one after the last; none where no event has a time.
    #[must_use]
    pub fn span(&self) -> Option<(i64, i64)> {
        let first = self.counts.keys().map(|(_, span)| *span).min()?;
        let last = self.counts.keys().map(|(_, span)| *span).max()?;
        let after = last.saturating_add(1).saturating_mul(self.width);
        Some((first.saturating_mul(self.width), after))
    }

    /// How many events of each class there are: in a span of time, or in all with those without a time.
    #[must_use]
    pub fn totals(&self, within: Option<(i64, i64)>) -> Vec<u64> {
        let mut out = vec![0; self.classes.len()];
        for ((class, span), count) in &self.counts {
            if within.is_none_or(|within| self.touches(*span, within)) {
                out[*class as usize] += count;
            }
        }
        if within.is_none() {
            for (class, count) in &self.without_time {
                out[*class as usize] += count;
            }
        }
        out
    }

    /// Lines of a picture of a span of time: which of `lanes` an event of a class belongs to, `lane` says;
    /// it may belong to several.
    #[must_use]
    pub fn lanes(
        &self,
        within: (i64, i64),
        columns: usize,
        lanes: usize,
        lane: impl Fn(u32) -> Vec<usize>,
    ) -> Vec<Lane> {
        let columns = columns.max(1);
        let empty = Lane { events: vec![0; columns], beyond: vec![0; columns], total: (0, 0) };
        let mut out = vec![empty; lanes];
        let belongs: Vec<Vec<usize>> =
            (0..self.classes.len()).map(|class| lane(u32::try_from(class).unwrap_or(u32::MAX))).collect();
        for ((class, span), count) in &self.counts {
            if !self.touches(*span, within) {
                continue;
            }
            let beyond = self.classes[*class as usize].verdict == Verdict::Beyond;
            let start = span.saturating_mul(self.width);
            let (first, last) = (
                column(start, within, columns),
                column(start.saturating_add(self.width - 1), within, columns),
            );
            // A span that is wider than a column is drawn over all of its columns.
            let share = count.div_ceil((last - first + 1) as u64);
            for lane in &belongs[*class as usize] {
                let Some(lane) = out.get_mut(*lane) else { continue };
                lane.total.0 += count;
                lane.total.1 += if beyond { *count } else { 0 };
                for place in first..=last {
                    lane.events[place] += share;
                    if beyond {
                        lane.beyond[place] += share;
                    }
                }
            }
        }
        out
    }

    fn touches(&self, span: i64, (from, to): (i64, i64)) -> bool {
        let start = span.saturating_mul(self.width);
        start < to && start.saturating_add(self.width) > from
    }
}

/// The column of a moment; what lies outside of the span belongs to the first or the last.
fn column(moment: i64, (from, to): (i64, i64), columns: usize) -> usize {
    let whole = i128::from(to).saturating_sub(i128::from(from)).max(1);
    let part = (i128::from(moment) - i128::from(from)).clamp(0, whole - 1);
    usize::try_from(part * columns as i128 / whole).unwrap_or(0).min(columns - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use smallvec::SmallVec;

    fn judgement(word: &str, verdict: Verdict) -> Judgement {
        Judgement {
            version: 0,
            actor: Known::Word(word.into()),
            component: Known::Word("S".into()),
            environment: None,
            level: None,
            verdict,
            reason: (verdict == Verdict::Beyond).then_some(Reason::NoGrant),
            row: None,
            admitting: SmallVec::new(),
            unattributed: false,
            refused: false,
            unshown_approval: false,
            strange_words: false,
        }
    }

    #[test]
    fn counts_stay_bounded_and_none_is_lost() {
        let mut timeline = Timeline { most: 50, ..Timeline::default() };
        let allowed = timeline.class(&judgement("a", Verdict::Allowed));
        let beyond = timeline.class(&judgement("a", Verdict::Beyond));
        assert_eq!(timeline.class(&judgement("a", Verdict::Allowed)), allowed);
        for second in 0..10_000 {
            timeline.add(if second % 10 == 0 { beyond } else { allowed }, Some(second * SECOND));
        }
        // One event in another century does not make the others one span.
        timeline.add(beyond, Some(4_000_000_000 * SECOND));
        timeline.add(beyond, None);
        assert!(timeline.counts.len() <= 50 && timeline.width() < 2_000 * SECOND, "{}", timeline.width());
        assert_eq!(timeline.totals(None), [9_000, 1_002]);
        let early = timeline.totals(Some((0, 10_000 * SECOND)));
        assert_eq!(early, [9_000, 1_000]);
    }

    #[test]
    fn lanes_have_all_events_of_their_span() {
        let mut timeline = Timeline::default();
        let one = timeline.class(&judgement("a", Verdict::Allowed));
        let two = timeline.class(&judgement("b", Verdict::Beyond));
        for (class, second) in [(one, 0), (one, 5), (two, 9), (two, 25)] {
            timeline.add(class, Some(second * SECOND));
        }
        let lanes =
            timeline.lanes((0, 20 * SECOND), 4, 2, |class| if class == 0 { vec![0] } else { vec![0, 1] });
        assert_eq!(lanes[0].events, [1, 2, 0, 0]);
        assert_eq!(lanes[0].beyond, [0, 1, 0, 0]);
        assert_eq!(lanes[1].events, [0, 1, 0, 0]);
        // Nearer than a span is wide: every column that it covers shows it.
        let near = timeline.lanes((5 * SECOND, 6 * SECOND), 4, 1, |_| vec![0]);
        assert_eq!(near[0].events, [1, 1, 1, 1]);
        assert_eq!(near[0].total, (1, 0));
    }
}
