//! Lines through the channels between layers, along rows and columns.
//!
//! In a channel, edges of a class that share an end share a column: together they are a net. Two
//! nets never lie on each other in a column; in a row they do only where they share an end. A net
//! that cannot be laid so in one column steps aside on a free row and goes on in another.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use super::super::picture::Point;
use super::order::{Edge, Layered};

/// More columns than this in a channel stand close together.
const AIRY: usize = 8;

/// Where everything lies.
#[derive(Clone, Debug)]
pub struct Routed {
    /// The first column of each layer's boxes.
    pub columns: Vec<u32>,
    /// Of each edge its corners, from its start to its end; empty of one that leads to itself.
    pub lines: Vec<Vec<Point>>,
    /// How many columns all takes.
    pub width: u32,
    /// How many rows lines take.
    pub height: u32,
}

/// One edge's way through one channel: from row to row. Within a layer both ends are on the left.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    edge: usize,
    left: usize,
    right: usize,
    rows: (u32, u32),
    flat: bool,
}

/// Stretches that share a column.
#[derive(Clone, Debug, Default)]
struct Net {
    /// The rows on which it touches the left side of the channel, and the right.
    left: BTreeSet<u32>,
    right: BTreeSet<u32>,
    /// Its column, from 0; of one that steps aside the first.
    track: usize,
    /// The row on which it steps aside, and its second column.
    aside: Option<(u32, usize)>,
    straight: bool,
}

/// Routes every edge. `rows` are those of the items' lines, `widths` of the layers' boxes; `beside`
/// is how far below its row a box's lines to its own layer and to those before it begin and end.
#[must_use]
pub fn route(layered: &Layered, edges: &[Edge], rows: &[u32], widths: &[u32], beside: u32) -> Routed {
    let mut channels: Vec<Vec<Stretch>> = vec![Vec::new(); layered.layers.len()];
    for (edge, chain) in layered.chains.iter().enumerate() {
        for pair in chain.windows(2) {
            let (left, right) = (pair[0], pair[1]);
            let layer = layered.layer_of[left];
            let flat = layer == layered.layer_of[right];
            if left == right {
                continue;
            }
            let own = row_of(layered, rows, beside, flat || is_backward(layered, edges[edge]));
            let rows = (own(left), own(right));
            channels[layer].push(Stretch { edge, left, right, rows, flat });
        }
    }
    let mut columns = Vec::with_capacity(widths.len());
    let mut ways: Vec<HashMap<usize, Vec<Point>>> = Vec::with_capacity(channels.len());
    let (mut x, mut height) = (0, 0);
    for (layer, stretches) in channels.iter().enumerate() {
        columns.push(x);
        let start = x + widths[layer];
        let (nets, of) = nets(layered, edges, stretches);
        let nets = lay(nets);
        let tracks = nets.iter().map(Net::tracks).max().unwrap_or(0);
        let pitch = if tracks > AIRY { 1 } else { 2 };
        let at = |track: usize| start + 1 + u32::try_from(track).unwrap_or(0) * pitch;
        let mut points = HashMap::new();
        for (stretch, net) in stretches.iter().zip(of) {
            points.insert(stretch.edge, nets[net].way(stretch.rows, at));
        }
        height =
            height.max(nets.iter().filter_map(|net| net.aside).map(|(row, _)| row + 1).max().unwrap_or(0));
        let last = layer + 1 == channels.len();
        x = match (last, tracks) {
            (true, 0) => start,
            (true, _) => at(tracks - 1) + 1,
            (false, 0) => start + 4,
            (false, _) => at(tracks - 1) + 3,
        };
        ways.push(points);
    }
    let lines = edges
        .iter()
        .enumerate()
        .map(|(edge, ends)| line(layered, &ways, &columns, widths, rows, beside, edge, ends))
        .collect();
    Routed { columns, lines, width: x, height }
}

/// The row on which an edge meets an item: what leads back keeps apart from what leads on, so that
/// nobody takes one for the other.
fn row_of<'a>(layered: &'a Layered, rows: &'a [u32], beside: u32, aside: bool) -> impl Fn(usize) -> u32 + 'a {
    move |item| rows[item] + if aside && item < layered.boxes { beside } else { 0 }
}

fn is_backward(layered: &Layered, edge: Edge) -> bool {
    layered.layer_of[edge.from] > layered.layer_of[edge.to]
}

/// The corners of one edge, from its start to its end.
#[expect(clippy::too_many_arguments, reason = "what a route needs to know, in one place")]
fn line(
    layered: &Layered,
    ways: &[HashMap<usize, Vec<Point>>],
    columns: &[u32],
    widths: &[u32],
    rows: &[u32],
    beside: u32,
    edge: usize,
    ends: &Edge,
) -> Vec<Point> {
    let chain = &layered.chains[edge];
    if ends.from == ends.to {
        return Vec::new();
    }
    let (first, last) = (chain[0], chain[chain.len() - 1]);
    let layer = layered.layer_of[first];
    let flat = layer == layered.layer_of[last];
    let own = row_of(layered, rows, beside, flat || is_backward(layered, *ends));
    let start = columns[layer] + widths[layer];
    let mut points = vec![Point::new(start, own(first))];
    for item in &chain[..chain.len() - 1] {
        points.extend(ways[layered.layer_of[*item]].get(&edge).into_iter().flatten());
    }
    let end = if flat { start } else { columns[layered.layer_of[last]] - 1 };
    points.push(Point::new(end, own(last)));
    let mut points = straightened(points);
    if !flat && first != ends.from {
        points.reverse();
    }
    points
}

/// Without corners that are none.
fn straightened(points: Vec<Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if out.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = out[..]
            && ((before.x == last.x && last.x == point.x) || (before.y == last.y && last.y == point.y))
        {
            out.pop();
        }
        out.push(point);
    }
    out
}

/// What a net is known by: the end that its stretches share, and on which side that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    flat: bool,
    at_right: bool,
    item: usize,
    class: u8,
    backward: bool,
}

/// The nets of a channel, and the net of each stretch.
fn nets(layered: &Layered, edges: &[Edge], stretches: &[Stretch]) -> (Vec<Net>, Vec<usize>) {
    let key = |stretch: &Stretch, at_right: bool| {
        let edge = edges[stretch.edge];
        Key {
            flat: stretch.flat,
            at_right,
            item: if at_right { stretch.right } else { stretch.left },
            class: edge.class,
            backward: is_backward(layered, edge),
        }
    };
    let mut others: HashMap<Key, BTreeSet<usize>> = HashMap::new();
    for stretch in stretches {
        others.entry(key(stretch, false)).or_default().insert(stretch.right);
        others.entry(key(stretch, true)).or_default().insert(stretch.left);
    }
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    let mut nets: Vec<Net> = Vec::new();
    let of = stretches
        .iter()
        .map(|stretch| {
            // A stretch belongs to the end at which more of its kind meet.
            let at_right = others[&key(stretch, true)].len() > others[&key(stretch, false)].len();
            let net = *known.entry(key(stretch, at_right)).or_insert_with(|| {
                nets.push(Net::default());
                nets.len() - 1
            });
            nets[net].left.insert(stretch.rows.0);
            if stretch.flat { &mut nets[net].left } else { &mut nets[net].right }.insert(stretch.rows.1);
            net
        })
        .collect();
    for net in &mut nets {
        net.straight = net.right == net.left && net.left.len() == 1;
    }
    (nets, of)
}

impl Net {
    /// How many columns it needs, counted from the first of the channel.
    fn tracks(&self) -> usize {
        match (self.straight, self.aside) {
            (true, _) => 0,
            (false, None) => self.track + 1,
            (false, Some((_, second))) => second + 1,
        }
    }

    /// The corners of a way through it.
    fn way(&self, (from, to): (u32, u32), at: impl Fn(usize) -> u32) -> Vec<Point> {
        let first = at(self.track);
        match (self.straight, self.aside) {
            (true, _) => Vec::new(),
            (false, None) => vec![Point::new(first, from), Point::new(first, to)],
            (false, Some((row, second))) => vec![
                Point::new(first, from),
                Point::new(first, row),
                Point::new(at(second), row),
                Point::new(at(second), to),
            ],
        }
    }

    fn span(&self) -> (u32, u32) {
        let all = || self.left.iter().chain(&self.right).copied();
        (all().min().unwrap_or(0), all().max().unwrap_or(0))
    }
}

/// What gets a column of its own: a net, or its first or second part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole(usize),
    First(usize),
    Second(usize),
}

/// Gives every net its columns.
fn lay(mut nets: Vec<Net>) -> Vec<Net> {
    let mut at_left: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut at_right: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut taken: BTreeSet<u32> = BTreeSet::new();
    for (place, net) in nets.iter().enumerate() {
        for row in &net.left {
            at_left.entry(*row).or_default().push(place);
            taken.insert(*row);
        }
        for row in &net.right {
            at_right.entry(*row).or_default().push(place);
            taken.insert(*row);
        }
    }
    // One that comes from the left on a row must turn off it before another comes in there.
    let mut before: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (row, coming) in &at_left {
        for one in coming {
            for other in at_right.get(row).into_iter().flatten() {
                if one != other && !nets[*one].straight && !nets[*other].straight {
                    before.insert((*one, *other));
                }
            }
        }
    }
    for net in split(&nets, &before) {
        let (low, high) = nets[net].span();
        let middle = (low + high) / 2;
        // Odd rows are free of lines, but for those that lead back or within a layer.
        let row = (0..).map(|step: u32| {
            let away = step.div_ceil(2) * 2;
            let odd = middle | 1;
            if step.is_multiple_of(2) { odd + away } else { odd.saturating_sub(away) | 1 }
        });
        let free = row.into_iter().find(|row| !taken.contains(row)).unwrap_or(high + 1);
        taken.insert(free);
        nets[net].aside = Some((free, 0));
    }
    assign(&mut nets, &before);
    nets
}

/// The nets that have to step aside so that the others can be put in order.
fn split(nets: &[Net], before: &BTreeSet<(usize, usize)>) -> BTreeSet<usize> {
    let mut out = BTreeSet::new();
    loop {
        let mut graph: DiGraph<usize, ()> = DiGraph::new();
        let nodes: Vec<_> = (0..nets.len()).map(|net| graph.add_node(net)).collect();
        let mut degree = vec![0_usize; nets.len()];
        for (one, other) in before {
            if !out.contains(one) && !out.contains(other) {
                graph.add_edge(nodes[*one], nodes[*other], ());
                degree[*one] += 1;
                degree[*other] += 1;
            }
        }
        let mut found = false;
        for cycle in tarjan_scc(&graph).into_iter().filter(|cycle| cycle.len() > 1) {
            // The one that stands in the way of most.
            if let Some(net) = cycle
                .iter()
                .map(|node| graph[*node])
                .max_by_key(|net| (degree[*net], std::cmp::Reverse(*net)))
            {
                out.insert(net);
                found = true;
            }
        }
        if !found {
            return out;
        }
    }
}

/// Puts every part into the first column that is free for it, behind those that must stand before.
fn assign(nets: &mut [Net], before: &BTreeSet<(usize, usize)>) {
    let mut parts: Vec<Part> = Vec::new();
    let mut first_of = vec![0; nets.len()];
    let mut last_of = vec![0; nets.len()];
    for (net, known) in nets.iter().enumerate() {
        first_of[net] = parts.len();
        if known.aside.is_some() {
            parts.extend([Part::First(net), Part::Second(net)]);
        } else {
            parts.push(Part::Whole(net));
        }
        last_of[net] = parts.len() - 1;
    }
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); parts.len()];
    let mut waiting = vec![0_usize; parts.len()];
    let steps = (0..nets.len()).filter(|net| first_of[*net] != last_of[*net]);
    let steps: Vec<(usize, usize)> = steps.map(|net| (first_of[net], last_of[net])).collect();
    for (one, other) in before.iter().map(|(one, other)| (first_of[*one], last_of[*other])).chain(steps) {
        behind[one].push(other);
        waiting[other] += 1;
    }
    let spans: Vec<(u32, u32)> = parts.iter().map(|part| span(nets, *part)).collect();
    let mut ready: BinaryHeap<std::cmp::Reverse<(Rank, usize)>> = (0..parts.len())
        .filter(|part| waiting[*part] == 0)
        .map(|part| std::cmp::Reverse((rank(nets, parts[part], spans[part]), part)))
        .collect();
    let mut least = vec![0_usize; parts.len()];
    let mut tracks: Vec<BTreeMap<u32, u32>> = Vec::new();
    while let Some(std::cmp::Reverse((_, part))) = ready.pop() {
        let (low, high) = spans[part];
        let net = match parts[part] {
            Part::Whole(net) | Part::First(net) | Part::Second(net) => net,
        };
        let mut track = least[part];
        if !nets[net].straight {
            // What is taken of a column is kept by its first row; no two overlap.
            let free = |taken: &BTreeMap<u32, u32>| {
                taken.range(..=high).next_back().is_none_or(|(_, end)| *end < low)
            };
            while tracks.get(track).is_some_and(|taken| !free(taken)) {
                track += 1;
            }
            while tracks.len() <= track {
                tracks.push(BTreeMap::new());
            }
            tracks[track].insert(low, high);
        }
        match parts[part] {
            Part::Whole(net) | Part::First(net) => nets[net].track = track,
            Part::Second(net) => {
                if let Some((_, second)) = &mut nets[net].aside {
                    *second = track;
                }
            }
        }
        for next in std::mem::take(&mut behind[part]) {
            least[next] = least[next].max(track + usize::from(!nets[net].straight));
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(std::cmp::Reverse((rank(nets, parts[next], spans[next]), next)));
            }
        }
    }
}

/// The rows of a column that a part takes.
fn span(nets: &[Net], part: Part) -> (u32, u32) {
    let of = |rows: &BTreeSet<u32>, row: u32| {
        let low = rows.first().copied().unwrap_or(row).min(row);
        (low, rows.last().copied().unwrap_or(row).max(row))
    };
    match part {
        Part::Whole(net) => nets[net].span(),
        Part::First(net) => nets[net].aside.map_or((0, 0), |(row, _)| of(&nets[net].left, row)),
        Part::Second(net) => nets[net].aside.map_or((0, 0), |(row, _)| of(&nets[net].right, row)),
    }
}

/// In which order parts are laid: short ones within a layer first; of those that lead down the lower,
/// of those that lead up the upper, so that they do not cross.
type Rank = (u8, i64);

fn rank(nets: &[Net], part: Part, span: (u32, u32)) -> Rank {
    let net = match part {
        Part::Whole(net) | Part::First(net) | Part::Second(net) => &nets[net],
    };
    if net.right.is_empty() {
        return (0, i64::from(span.1 - span.0));
    }
    let mean = |rows: &BTreeSet<u32>| {
        rows.iter().map(|row| i64::from(*row)).sum::<i64>() / i64::try_from(rows.len()).unwrap_or(1).max(1)
    };
    let (from, to) = (mean(&net.left), mean(&net.right));
    (1, if to >= from { -from } else { from })
}
