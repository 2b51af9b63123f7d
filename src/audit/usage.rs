//! Which grants the logs prove unused, and how far access has crept beyond what is used.
//!
//! Logs prove a grant unused only where they could have shown its use: they go back far enough, they
//! show the component (used by anybody), and the grant was in force all the time. All else stays open.
//!
//! The creep score is 100 times the weight of what is unused over the weight of what is granted, of
//! grants for which the logs can tell. A grant weighs, in each environment that it states, its level
//! from the bottom: 1 for the first, 2 for the second, and so on; 1 without a level. Unused, all of it
//! counts; used at lower levels only, the difference does.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::boundary::{Number, Row};
use super::collect::Totals;
use super::versions::Versions;
use crate::catalog::{ComponentId, Level, PersonaId};

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// What the logs say of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It was used, at its level or at one that is not known.
    Used,
    /// It was used, at this level at most, which is lower than its own.
    Below(Level),
    /// It was not.
    Unused,
    /// The logs cannot tell.
    Open(Why),
}

/// Why logs cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// They do not go back far enough.
    TooShort,
    /// They never show the component.
    NotLogged,
    /// It has been in force for a shorter time.
    TooNew,
}

impl Why {
    /// Why, as half a sentence.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::TooShort => "the logs do not go back far enough",
            Self::NotLogged => "the logs never show the component",
            Self::TooNew => "the grant has not been in force long enough",
        }
    }
}

/// A grant, in all its environments together.
#[derive(Clone, Copy, Debug)]
pub struct GrantUse {
    /// Who holds it.
    pub persona: PersonaId,
    /// Its place among the persona's grants.
    pub grant: usize,
    /// On what.
    pub component: ComponentId,
    /// What the logs say.
    pub used: Use,
    /// The last use, in microseconds, however long ago.
    pub last: Option<i64>,
    /// What is unused of it, as far as the logs can tell.
    pub unused: u64,
    /// What it weighs, as far as the logs can tell.
    pub weight: u64,
}

/// What logs say of grants.
#[derive(Clone, Debug)]
pub struct Usage {
    /// How many days back was looked.
    pub days: u32,
    /// How many days the logs cover.
    pub covered: i64,
    /// Grants in force, persona by persona.
    pub grants: Vec<GrantUse>,
}

impl Usage {
    /// The creep score of some grants; none where the logs can tell of none.
    #[must_use]
    pub fn creep<'g>(grants: impl IntoIterator<Item = &'g GrantUse>) -> Option<f64> {
        let told = grants.into_iter().filter(|one| !matches!(one.used, Use::Open(_)));
        let (unused, weight) = told.fold((0, 0), |sum, one| (sum.0 + one.unused, sum.1 + one.weight));
        #[expect(clippy::cast_precision_loss, reason = "weights are small")]
        (weight > 0).then(|| 100.0 * unused as f64 / weight as f64)
    }

    /// The grants that are proven unused.
    pub fn unused(&self) -> impl Iterator<Item = &GrantUse> {
        self.grants.iter().filter(|one| one.used == Use::Unused)
    }

    /// Of how many grants the logs cannot tell, and why.
    #[must_use]
    pub fn open(&self) -> BTreeMap<Why, usize> {
        let mut out = BTreeMap::new();
        for one in &self.grants {
            if let Use::Open(why) = one.used {
                *out.entry(why).or_default() += 1;
            }
        }
        out
    }
}

/// How a row was used within the days: the highest level, and whether at one that is not known.
#[derive(Clone, Copy, Debug, Default)]
struct RowUse {
    within: bool,
    level: Option<Level>,
    full: bool,
    last: Option<i64>,
}

/// What totals of unfiltered logs say of the grants in force on the catalog's day.
#[must_use]
pub fn usage(versions: &Versions, totals: &Totals, days: u32) -> Usage {
    let boundary = versions.now();
    let analysis = &boundary.analysis;
    let first = totals.tallies.values().filter_map(|tally| tally.first).min();
    let last = totals.tallies.values().filter_map(|tally| tally.last).max();
    let covered = first.zip(last).map_or(0, |(first, last)| last.saturating_sub(first) / DAY);
    let from = last.unwrap_or(0).saturating_sub(i64::from(days) * DAY);
    let long_enough = first.is_some_and(|first| first <= from);
    let seen: HashSet<Number> =
        totals.tallies.keys().filter_map(|judgement| judgement.component.number()).collect();
    let mut rows = vec![RowUse::default(); boundary.rows.len()];
    for (judgement, tally) in &totals.tallies {
        for &row in &judgement.admitting {
            let used = &mut rows[row as usize];
            used.last = used.last.max(tally.last);
            if tally.last.is_some_and(|last| last < from) {
                continue;
            }
            used.within = true;
            used.full |= judgement.level.is_none();
            used.level = used.level.max(judgement.level);
        }
    }
    let from_day = Timestamp::from_microsecond(from).map(|stamp| stamp.to_zoned(TimeZone::UTC).date()).ok();
    let mut grants: Vec<GrantUse> = Vec::new();
    let mut places: HashMap<(PersonaId, usize), usize> = HashMap::new();
    for (row, used) in boundary.rows.iter().zip(&rows) {
        let grant = boundary.grant(row);
        if !grant.is_active(analysis.day) {
            continue;
        }
        let open = open(row, from_day, long_enough, &seen);
        // What is used of a grant of which the logs cannot tell everything must not count as all of it.
        let (unused, weight) = if open.is_some() { (0, 0) } else { weigh(row, used) };
        let state = match (open, used.within) {
            // What was used was used, however little the logs show.
            (Some(why), false) => Use::Open(why),
            (_, false) => Use::Unused,
            (_, true) if unused == 0 => Use::Used,
            (_, true) => Use::Below(used.level.unwrap_or(Level(0))),
        };
        let place = *places.entry((row.persona, row.grant)).or_insert_with(|| {
            grants.push(GrantUse {
                persona: row.persona,
                grant: row.grant,
                component: grant.component,
                used: state,
                last: None,
                unused: 0,
                weight: 0,
            });
            grants.len() - 1
        });
        let whole = &mut grants[place];
        whole.used = join(whole.used, state);
        whole.last = whole.last.max(used.last);
        whole.unused += unused;
        whole.weight += weight;
    }
    Usage { days, covered, grants }
}

fn open(row: &Row, from: Option<Date>, long_enough: bool, seen: &HashSet<Number>) -> Option<Why> {
    if !long_enough {
        Some(Why::TooShort)
    } else if !seen.contains(&row.component) {
        Some(Why::NotLogged)
    } else if row.starts.zip(from).is_some_and(|(starts, from)| starts > from) {
        Some(Why::TooNew)
    } else {
        None
    }
}

fn weigh(row: &Row, used: &RowUse) -> (u64, u64) {
    let weight = |level: Option<Level>| level.map_or(1, |level| u64::from(level.0) + 1);
    let whole = weight(row.level);
    let unused = match (used.within, used.full) {
        (false, _) => whole,
        (true, true) => 0,
        (true, false) => whole.saturating_sub(weight(used.level)),
    };
    (unused, whole)
}

/// What is said of a grant, of what is said of it in two environments.
fn join(left: Use, right: Use) -> Use {
    match (left, right) {
        (Use::Used, _) | (_, Use::Used) => Use::Used,
        (Use::Below(left), Use::Below(right)) => Use::Below(left.max(right)),
        (Use::Below(level), _) | (_, Use::Below(level)) => Use::Below(level),
        (Use::Open(why), _) | (_, Use::Open(why)) => Use::Open(why),
        (Use::Unused, Use::Unused) => Use::Unused,
    }
}
