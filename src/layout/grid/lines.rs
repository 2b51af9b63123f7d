//! Which way each line takes: out of a box, along channels and a gutter, into the next box.
//!
//! To the neighbour on the right a line goes straight. In a row it goes over the boxes onwards, and
//! below them back, so that a loop looks like one. Upright parts that enter a channel from above stand
//! in odd columns, those from below in even ones, so that they never lie over each other.

use std::collections::{BTreeSet, HashMap};

use super::super::picture::{Run, Wire, fit};
use super::{Link, Plan, Ways, at, label_width, tracks};

/// The shortest text that is worth to be written on a line.
const SHORTEST: u32 = 8;

/// A way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// To the next box of the row.
    Straight,
    /// Out into a channel, and from it back into the row.
    Over {
        /// The channel.
        channel: usize,
    },
    /// To the row above or below.
    Step {
        /// The channel at the row that it leaves.
        out: usize,
        /// The channel at the row that it leads to.
        into: usize,
    },
    /// To a row farther away.
    Far {
        /// The channel at the row that it leaves.
        out: usize,
        /// The gutter on the way.
        gutter: usize,
        /// The channel at the row that it leads to.
        into: usize,
    },
}

/// The way of each line.
pub(super) fn routes(plan: &Plan) -> Vec<Route> {
    let taken: BTreeSet<(usize, usize)> =
        plan.boxes.iter().map(|placed| (placed.row, placed.column)).collect();
    plan.links
        .iter()
        .map(|link| {
            let (from, to) = (&plan.boxes[link.from], &plan.boxes[link.to]);
            let onwards = to.column > from.column;
            if from.row == to.row {
                let mut between =
                    taken.range((from.row, from.column + 1)..(from.row, to.column.max(from.column + 1)));
                return if onwards && link.label.is_none() && between.next().is_none() {
                    Route::Straight
                } else {
                    Route::Over { channel: from.row * 2 + usize::from(!onwards) }
                };
            }
            let down = to.row > from.row;
            let (out, into) = (from.row * 2 + usize::from(down), to.row * 2 + usize::from(!down));
            if from.row.abs_diff(to.row) == 1 {
                return Route::Step { out, into };
            }
            Route::Far { out, gutter: to.column + usize::from(to.column < from.column), into }
        })
        .collect()
}

/// The track of each line in its gutter; the gutters get as many as that takes.
pub(super) fn gutter_tracks(plan: &Plan, routes: &[Route], ways: &mut Ways) -> Vec<u32> {
    let mut found = vec![0; plan.links.len()];
    let mut by_gutter: HashMap<usize, Vec<usize>> = HashMap::new();
    for (place, route) in routes.iter().enumerate() {
        if let Route::Far { gutter, .. } = route {
            by_gutter.entry(*gutter).or_default().push(place);
        }
    }
    for (gutter, lines) in by_gutter {
        let stretches: Vec<(u32, u32)> = lines
            .iter()
            .map(|&line| match routes[line] {
                Route::Far { out, into, .. } => (small(out.min(into)), small(out.max(into))),
                Route::Straight | Route::Over { .. } | Route::Step { .. } => (0, 0),
            })
            .collect();
        let (tracks, count) = tracks::assign(&stretches);
        ways.gutters[gutter].tracks = count;
        for (line, track) in lines.into_iter().zip(tracks) {
            found[line] = track;
        }
    }
    found
}

/// A level part of a line, in a channel.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    line: usize,
    /// Whether it is the part at the end of the line.
    second: bool,
    low: u32,
    high: u32,
}

/// Lines with their columns.
#[derive(Debug)]
pub(super) struct Drawn {
    routes: Vec<Route>,
    /// The columns in which each line leaves and enters a box.
    ports: Vec<(u32, u32)>,
    /// The column of its upright part in a gutter.
    upright: Vec<u32>,
    /// Level parts, by channel.
    stretches: Vec<Vec<Stretch>>,
    /// The columns of upright parts, by channel, sorted.
    passing: Vec<Vec<u32>>,
    /// The columns in which lines cross the upper edge of a channel, sorted.
    crossing: HashMap<usize, Vec<u32>>,
    labels: HashMap<usize, (usize, u32, Run)>,
}

/// The track of a line in the channel that it leaves into, and in the one that it comes from.
pub(super) type Tracks = Vec<[u32; 2]>;

impl Drawn {
    pub(super) fn of(plan: &Plan, routes: &[Route], gutter_tracks: &[u32], ways: &Ways) -> Self {
        let mut drawn = Self {
            routes: routes.to_vec(),
            ports: ports(plan, routes, ways),
            upright: Vec::with_capacity(routes.len()),
            stretches: vec![Vec::new(); ways.channels.len()],
            passing: vec![Vec::new(); ways.channels.len()],
            crossing: HashMap::new(),
            labels: HashMap::new(),
        };
        let is_labelled = plan.links.iter().any(|link| link.label.is_some());
        for (line, route) in routes.iter().enumerate() {
            let (leave, enter) = drawn.ports[line];
            let mut upright = 0;
            match *route {
                Route::Straight => {}
                Route::Over { channel } => {
                    drawn.level(line, false, channel, leave, enter);
                    drawn.passing[channel].extend([leave, enter]);
                }
                Route::Step { out, into } => {
                    if leave != enter || plan.links[line].label.is_some() {
                        drawn.level(line, false, out, leave, enter);
                    }
                    drawn.passing[out].extend([leave, enter]);
                    drawn.passing[into].push(enter);
                    drawn.crossing.entry(out.max(into)).or_default().push(enter);
                }
                Route::Far { out, gutter, into } => {
                    upright = ways.gutters[gutter].first_track + gutter_tracks[line];
                    drawn.level(line, false, out, leave, upright);
                    drawn.level(line, true, into, upright, enter);
                    drawn.passing[out].extend([leave, upright]);
                    drawn.passing[into].extend([upright, enter]);
                    let (low, high) = (out.min(into), out.max(into));
                    for channel in low + 1..=high {
                        if is_labelled && channel < high {
                            drawn.passing[channel].push(upright);
                        }
                        if channel.is_multiple_of(2) {
                            drawn.crossing.entry(channel).or_default().push(upright);
                        }
                    }
                }
            }
            drawn.upright.push(upright);
        }
        for columns in drawn.passing.iter_mut().chain(drawn.crossing.values_mut()) {
            columns.sort_unstable();
            columns.dedup();
        }
        drawn
    }

    fn level(&mut self, line: usize, second: bool, channel: usize, one: u32, other: u32) {
        let (low, high) = (one.min(other), one.max(other));
        self.stretches[channel].push(Stretch { line, second, low, high });
    }

    /// The columns in which lines cross the upper edge of a channel, sorted.
    pub(super) fn crossings(&self, channel: usize) -> Vec<u32> {
        self.crossing.get(&channel).cloned().unwrap_or_default()
    }

    /// Finds room for labels: on a level part of their line, else beside it; what has room nowhere is
    /// cut, or left out.
    pub(super) fn place_labels(&mut self, plan: &Plan, ways: &Ways) {
        let borders: Vec<u32> = ways.borders().collect();
        for (line, link) in plan.links.iter().enumerate() {
            let Some(label) = &link.label else { continue };
            let channels: Vec<usize> = match self.routes[line] {
                Route::Straight => Vec::new(),
                Route::Over { channel } => vec![channel],
                Route::Step { out, .. } => vec![out],
                Route::Far { out, into, .. } => vec![out, into],
            };
            let wanted = label_width(label);
            let mut best: Option<(u32, usize, u32)> = None;
            for channel in channels {
                let own = self.stretches[channel].iter().find(|stretch| stretch.line == line);
                let Some(&Stretch { low, high, .. }) = own else { continue };
                let mut blocked = [self.passing[channel].as_slice(), borders.as_slice()].concat();
                blocked.sort_unstable();
                let beside = (high + 2, (high + 2 + wanted).min(ways.width));
                let before = ((low.saturating_sub(1)).saturating_sub(wanted), low.saturating_sub(1));
                for (start, end) in [(low + 2, high), beside, before] {
                    let (x, room) = tracks::gap(start, end, wanted, &blocked);
                    // Beside a line a text begins at it.
                    let apart = start > high && x != start;
                    let apart = apart || (end < low && x + room != end);
                    if !apart && best.is_none_or(|(most, _, _)| room > most) {
                        best = Some((room, channel, x));
                    }
                }
            }
            let Some((room, channel, x)) = best.filter(|(room, _, _)| *room >= SHORTEST.min(wanted)) else {
                continue;
            };
            let text = format!(" {} ", fit(&label.text, room - 2));
            for stretch in self.stretches[channel].iter_mut().filter(|stretch| stretch.line == line) {
                stretch.low = stretch.low.min(x);
                stretch.high = stretch.high.max(x + room - 1);
            }
            self.labels.insert(line, (channel, x, Run { text, ..label.clone() }));
        }
    }

    /// Gives each level part a track; the channels get as many as that takes, and know their arrows.
    pub(super) fn channel_tracks(&self, ways: &mut Ways) -> Tracks {
        let mut found = vec![[0; 2]; self.routes.len()];
        for (channel, stretches) in self.stretches.iter().enumerate() {
            let sizes: Vec<(u32, u32)> = stretches.iter().map(|one| (one.low, one.high)).collect();
            let (tracks, count) = tracks::assign(&sizes);
            ways.channels[channel].tracks = count;
            for (stretch, track) in stretches.iter().zip(tracks) {
                found[stretch.line][usize::from(stretch.second)] = track;
            }
        }
        for route in &self.routes {
            match *route {
                Route::Straight => {}
                Route::Over { channel } => ways.channels[channel].arrows = true,
                Route::Step { into, .. } | Route::Far { into, .. } => ways.channels[into].arrows = true,
            }
        }
        found
    }

    /// The lines with all their corners.
    pub(super) fn wires(&self, plan: &Plan, ways: &Ways, found: &Tracks) -> Vec<Wire> {
        plan.links.iter().enumerate().map(|(line, link)| self.wire(line, link, plan, ways, found)).collect()
    }

    fn wire(&self, line: usize, link: &Link, plan: &Plan, ways: &Ways, found: &Tracks) -> Wire {
        let (from, to) = (&plan.boxes[link.from], &plan.boxes[link.to]);
        let (leave, enter) = self.ports[line];
        let beside = |row: usize, channel: usize| {
            let span = ways.rows[row];
            if channel.is_multiple_of(2) { span.at.saturating_sub(1) } else { span.at + span.size }
        };
        let mut points = match self.routes[line] {
            Route::Straight => {
                let y = ways.rows[from.row].at + ways.rows[from.row].size / 2;
                let (start, end) = (ways.columns[from.column], ways.columns[to.column]);
                vec![at(start.at + start.size, y), at(end.at.saturating_sub(1), y)]
            }
            Route::Over { channel } => {
                let y = ways.track(channel, found[line][0]);
                let edge = beside(from.row, channel);
                vec![at(leave, edge), at(leave, y), at(enter, y), at(enter, edge)]
            }
            Route::Step { out, into } => {
                let y = ways.track(out, found[line][0]);
                let y = if leave == enter { beside(from.row, out) } else { y };
                vec![
                    at(leave, beside(from.row, out)),
                    at(leave, y),
                    at(enter, y),
                    at(enter, beside(to.row, into)),
                ]
            }
            Route::Far { out, into, .. } => {
                let (first, second) = (ways.track(out, found[line][0]), ways.track(into, found[line][1]));
                let x = self.upright[line];
                vec![
                    at(leave, beside(from.row, out)),
                    at(leave, first),
                    at(x, first),
                    at(x, second),
                    at(enter, second),
                    at(enter, beside(to.row, into)),
                ]
            }
        };
        points.dedup();
        let label = self.labels.get(&line).map(|(channel, x, run)| {
            let second = matches!(self.routes[line], Route::Far { into, .. } if into == *channel);
            (at(*x, ways.track(*channel, found[line][usize::from(second)])), run.clone())
        });
        Wire {
            from: link.from,
            to: link.to,
            points,
            weight: link.weight,
            tone: link.tone,
            arrow: true,
            relations: link.relations.clone(),
            label,
        }
    }
}

/// An end of a line at the upper or lower side of a box.
struct End {
    line: usize,
    leaves: bool,
    /// Where the line goes from here, in half columns.
    towards: usize,
    /// How far that is.
    far: usize,
}

/// The columns in which lines leave and enter boxes at their upper and lower sides.
fn ports(plan: &Plan, routes: &[Route], ways: &Ways) -> Vec<(u32, u32)> {
    let mut found = vec![(0, 0); routes.len()];
    // By box and side: whether it is the lower one.
    let mut ends: HashMap<(usize, bool), Vec<End>> = HashMap::new();
    let mut aligned: Vec<usize> = Vec::new();
    for (line, (route, link)) in routes.iter().zip(&plan.links).enumerate() {
        let (from, to) = (&plan.boxes[link.from], &plan.boxes[link.to]);
        let (out, into, through) = match *route {
            Route::Straight => continue,
            Route::Over { channel } => (channel, channel, None),
            Route::Step { out, into } => (out, into, None),
            Route::Far { out, gutter, into } => (out, into, Some(gutter * 2)),
        };
        let far = from.row.abs_diff(to.row) + from.column.abs_diff(to.column);
        let same = matches!(route, Route::Step { .. }) && from.column == to.column;
        if same {
            aligned.push(line);
        }
        let (towards, back) = (through.unwrap_or(to.column * 2 + 1), through.unwrap_or(from.column * 2 + 1));
        for (place, channel, leaves, towards) in
            [(link.from, out, true, towards), (link.to, into, false, back)]
        {
            let lower = channel % 2 == 1;
            // Of a line straight down the end above stands where the one below does.
            if !(same && lower) {
                ends.entry((place, lower)).or_default().push(End { line, leaves, towards, far });
            }
        }
    }
    let mut sides: Vec<((usize, bool), Vec<End>)> = ends.into_iter().collect();
    sides.sort_by_key(|(side, _)| *side);
    for ((place, lower), mut ends) in sides {
        let placed = &plan.boxes[place];
        let own = placed.column * 2 + 1;
        ends.sort_by_key(|end| {
            // To the left: the farthest line first, to the right: the nearest, so that they nest.
            let left = end.towards < own;
            let far = if left { usize::MAX - end.far } else { end.far };
            (end.towards.cmp(&own), far, end.towards, end.line, end.leaves)
        });
        let span = ways.columns[placed.column];
        let inside = span.at + 1..(span.at + span.size).saturating_sub(1).max(span.at + 2);
        let fitting: Vec<u32> = inside.filter(|x| (x % 2 == 1) == lower).collect();
        let count = ends.len();
        for (number, end) in ends.iter().enumerate() {
            let choice = (2 * number + 1) * fitting.len() / (2 * count);
            let x = fitting.get(choice).copied().unwrap_or(span.at);
            if end.leaves {
                found[end.line].0 = x;
            } else {
                found[end.line].1 = x;
            }
        }
    }
    for line in aligned {
        let (leave, enter) = found[line];
        // The one that is not set is 0, and no port is: left of each box there is a gutter.
        let x = leave.max(enter);
        found[line] = (x, x);
    }
    found
}

fn small(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
