//! Where steps stand: columns by environment and order of work, rows by process.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::gather::{Drawn, ranks};
use crate::analysis::Analysis;
use crate::card::words::fold;
use crate::catalog::ProcessId;

/// As many steps stand in a row of an environment; more go on in the next row.
const MOST: usize = 5;

/// The steps of a process in an environment, or of a lane of it.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) process: ProcessId,
    /// The process, and its lane where one is stated.
    title: (String, String),
    pub(super) columns: (usize, usize),
    pub(super) rows: (usize, usize),
}

impl Group {
    pub(super) fn title(&self, ascii: bool) -> String {
        let (process, lane) = &self.title;
        let between = if ascii { "-" } else { "·" };
        if lane.is_empty() { process.clone() } else { format!("{process} {between} {lane}") }
    }
}

/// Where everything stands.
#[derive(Clone, Debug, Default)]
pub(super) struct PlacedSteps {
    /// Column and row of each step.
    pub(super) cells: Vec<(usize, usize)>,
    /// Environments with their columns, from left to right.
    pub(super) lanes: Vec<(Option<usize>, (usize, usize))>,
    pub(super) groups: Vec<Group>,
    pub(super) rows: usize,
}

/// Steps that stand together, before they have a place.
struct Part {
    process: ProcessId,
    lane: Option<usize>,
    title: (String, String),
    members: Vec<usize>,
    /// Column and row of each member within the part.
    cells: Vec<(usize, usize)>,
    rows: usize,
}

/// Gives everything its place.
pub(super) fn place(analysis: &Analysis, drawn: &Drawn) -> PlacedSteps {
    let parts = parts(analysis, drawn);
    // The columns of an environment are as many as its widest part has.
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    let key = |lane: Option<usize>| lane.unwrap_or(usize::MAX);
    for part in &parts {
        let wide = part.cells.iter().map(|(column, _)| column + 1).max().unwrap_or(1);
        let known = widths.entry(key(part.lane)).or_default();
        *known = (*known).max(wide);
    }
    let mut out = PlacedSteps { cells: vec![(0, 0); drawn.spots.len()], ..PlacedSteps::default() };
    let mut columns: HashMap<Option<usize>, (usize, usize)> = HashMap::new();
    let mut at = 0;
    for (lane, wide) in widths {
        let lane = (lane != usize::MAX).then_some(lane);
        columns.insert(lane, (at, at + wide));
        out.lanes.push((lane, (at, at + wide)));
        at += wide;
    }
    let mut by_process: HashMap<ProcessId, Vec<Part>> = HashMap::new();
    for part in parts {
        by_process.entry(part.process).or_default().push(part);
    }
    let mut row = 0;
    for band in bands(drawn, &by_process) {
        let mut height = 0;
        let first = out.groups.len();
        for process in band {
            let mut used: HashMap<Option<usize>, usize> = HashMap::new();
            for part in by_process.remove(&process).unwrap_or_default() {
                let start = *used.entry(part.lane).or_default();
                let lane = columns.get(&part.lane).copied().unwrap_or_default();
                for (member, (column, line)) in part.members.iter().zip(&part.cells) {
                    out.cells[*member] = (lane.0 + column, row + start + line);
                }
                let rows = (row + start, row + start + part.rows);
                out.groups.push(Group { process, title: part.title, columns: lane, rows });
                used.insert(part.lane, start + part.rows);
            }
            height = used.values().copied().fold(height, usize::max);
        }
        row += height;
        // The last of an environment goes down to where the others end.
        for place in first..out.groups.len() {
            let (columns, end) = (out.groups[place].columns, out.groups[place].rows.1);
            let is_last =
                out.groups[first..].iter().all(|other| other.columns != columns || other.rows.1 <= end);
            if is_last {
                out.groups[place].rows.1 = row;
            }
        }
    }
    out.rows = row;
    out
}

/// Which processes stand beside each other: those that hang together begin anew, what stands alone
/// fills what they leave free.
fn bands(drawn: &Drawn, parts: &HashMap<ProcessId, Vec<Part>>) -> Vec<Vec<ProcessId>> {
    let mut bands: Vec<(BTreeSet<Option<usize>>, Vec<ProcessId>)> = Vec::new();
    let mut open = 0;
    for cluster in &drawn.clusters {
        let alone = cluster.len() == 1;
        if !alone {
            open = bands.len();
        }
        for process in cluster {
            let Some(of_process) = parts.get(process) else { continue };
            let lanes: BTreeSet<Option<usize>> = of_process.iter().map(|part| part.lane).collect();
            let free =
                alone.then(|| (open..bands.len()).find(|band| bands[*band].0.is_disjoint(&lanes))).flatten();
            match free {
                Some(band) => {
                    bands[band].0.extend(lanes);
                    bands[band].1.push(*process);
                }
                None => bands.push((lanes, vec![*process])),
            }
            // What is full takes nothing more, and is not looked at again.
            while open < bands.len() && bands.len() - open > 64 {
                open += 1;
            }
        }
    }
    bands.into_iter().map(|(_, processes)| processes).collect()
}

fn parts(analysis: &Analysis, drawn: &Drawn) -> Vec<Part> {
    let catalog = &analysis.catalog;
    let mut out: Vec<Part> = Vec::new();
    let mut known: HashMap<(ProcessId, Option<usize>, String), usize> = HashMap::new();
    for (place, found) in drawn.spots.iter().enumerate() {
        let step = &catalog.steps[found.spot.step.index()];
        let lane = step.lane.as_ref().map_or("", |lane| lane.written());
        let key = (step.process, found.spot.environment, fold(lane));
        let part = *known.entry(key).or_insert_with(|| {
            let process = catalog.processes[step.process.index()].name.written();
            let lane = if fold(lane) == fold(process) { "" } else { lane };
            let title = (process.to_owned(), lane.to_owned());
            out.push(Part {
                process: step.process,
                lane: found.spot.environment,
                title,
                members: Vec::new(),
                cells: Vec::new(),
                rows: 0,
            });
            out.len() - 1
        });
        out[part].members.push(place);
    }
    let mut part_of = vec![(0, 0); drawn.spots.len()];
    for (number, part) in out.iter().enumerate() {
        for (place, member) in part.members.iter().enumerate() {
            part_of[*member] = (number, place);
        }
    }
    let mut next: Vec<Vec<BTreeSet<usize>>> =
        out.iter().map(|part| vec![BTreeSet::new(); part.members.len()]).collect();
    for link in drawn.links.iter().filter(|link| link.repeats.is_none()) {
        let ((one, from), (other, to)) = (part_of[link.from], part_of[link.to]);
        if one == other {
            next[one][from].insert(to);
        }
    }
    for (part, next) in out.iter_mut().zip(next) {
        (part.cells, part.rows) = arrange(&next);
    }
    out
}

/// Columns and rows of steps by what follows what; where nothing does, one after the other.
pub(in crate::layout) fn arrange(next: &[BTreeSet<usize>]) -> (Vec<(usize, usize)>, usize) {
    if next.iter().all(BTreeSet::is_empty) {
        let wide = next.len().div_ceil(next.len().div_ceil(MOST).max(1)).max(1);
        let cells: Vec<_> = (0..next.len()).map(|place| (place % wide, place / wide)).collect();
        return (cells, next.len().div_ceil(wide));
    }
    let ranks = ranks(next);
    let mut cells = vec![(0, 0); next.len()];
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, rank) in ranks.iter().enumerate() {
        members.entry(*rank).or_default().push(place);
    }
    let (mut top, mut height) = (0, 0);
    for (rank, members) in members {
        let column = rank % MOST;
        if column == 0 {
            top += height;
            height = 0;
        }
        height = height.max(members.len());
        for (line, member) in members.into_iter().enumerate() {
            cells[member] = (column, top + line);
        }
    }
    (cells, top + height)
}
