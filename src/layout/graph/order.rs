//! In which order boxes stand within their layers, so that few lines cross.
//!
//! An edge over several layers is cut into links between neighbouring ones by items that are no
//! boxes. Edges of a class that leave (or enter) the same box share these: they go the same way.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An edge between two boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// The box that it leaves.
    pub from: usize,
    /// The box that it leads to.
    pub to: usize,
    /// Edges of different classes share no way.
    pub class: u8,
}

/// Whether edges of a class that have an end in common share their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundling {
    /// They do.
    Shared,
    /// Each has its own.
    Single,
}

/// Boxes in layers, with what stands between them for lines that pass a layer.
#[derive(Clone, Debug)]
pub struct Layered {
    /// Items of each layer, in order. Items below `boxes` are boxes, the others are passed by lines.
    pub layers: Vec<Vec<usize>>,
    /// How many boxes there are.
    pub boxes: usize,
    /// Of each edge its items from left to right, both boxes included; within a layer only these.
    pub chains: Vec<Vec<usize>>,
    /// The layer of each item.
    pub layer_of: Vec<usize>,
    /// The items linked to each one in the layer before.
    before: Vec<Vec<usize>>,
    /// The items linked to each one in the layer behind.
    behind: Vec<Vec<usize>>,
    /// The place of each item in its layer.
    place: Vec<usize>,
    /// The places at which the links of each item of the layer looked at end, in order.
    ends_before: Vec<Vec<usize>>,
    /// See `ends_before`.
    ends_behind: Vec<Vec<usize>>,
}

/// After so many sweeps without fewer crossings it is enough.
const PATIENCE: usize = 4;
/// More sweeps are never made.
const SWEEPS: usize = 24;
/// Layers up to this size are sifted, item by item.
const SIFTED: usize = 120;
/// Neighbours are exchanged so often in a sweep that a large graph takes no longer than it may: this
/// many items and links in all.
const EFFORT: usize = 16_000;

impl Layered {
    /// Puts boxes into their layers, in the order of their numbers.
    #[must_use]
    pub fn of(layer_of: &[usize], edges: &[Edge], bundling: Bundling) -> Self {
        let boxes = layer_of.len();
        let count = layer_of.iter().max().map_or(0, |last| last + 1);
        let mut out = Self {
            layers: vec![Vec::new(); count],
            boxes,
            chains: Vec::with_capacity(edges.len()),
            layer_of: layer_of.to_vec(),
            before: Vec::new(),
            behind: Vec::new(),
            place: Vec::new(),
            ends_before: Vec::new(),
            ends_behind: Vec::new(),
        };
        for (item, &layer) in layer_of.iter().enumerate() {
            out.layers[layer].push(item);
        }
        let mut ends: HashMap<(usize, u8, bool), usize> = HashMap::new();
        for edge in edges {
            let backward = layer_of[edge.from] > layer_of[edge.to];
            if layer_of[edge.from].abs_diff(layer_of[edge.to]) > 1 {
                *ends.entry((edge.from, edge.class, backward)).or_default() += 1;
                *ends.entry((edge.to, edge.class, backward)).or_default() += 1;
            }
        }
        let mut passed: BTreeMap<(usize, usize, u8, bool), usize> = BTreeMap::new();
        for (number, edge) in edges.iter().enumerate() {
            let backward = layer_of[edge.from] > layer_of[edge.to];
            let (left, right) = if backward { (edge.to, edge.from) } else { (edge.from, edge.to) };
            let mut chain = vec![left];
            let with = |end: usize| ends.get(&(end, edge.class, backward)).copied().unwrap_or(0);
            // It goes with those that most others go with.
            let anchor = match bundling {
                Bundling::Shared if with(edge.to) > with(edge.from) => edge.to,
                Bundling::Shared => edge.from,
                Bundling::Single => boxes + number,
            };
            for layer in layer_of[left] + 1..layer_of[right] {
                let next = out.layer_of.len();
                let item = *passed.entry((anchor, layer, edge.class, backward)).or_insert(next);
                if item == next {
                    out.layer_of.push(layer);
                    out.layers[layer].push(item);
                }
                chain.push(item);
            }
            chain.push(right);
            out.chains.push(chain);
        }
        let items = out.layer_of.len();
        let mut links: BTreeSet<(usize, usize)> = BTreeSet::new();
        for chain in &out.chains {
            let steps = chain.windows(2).filter(|pair| out.layer_of[pair[0]] != out.layer_of[pair[1]]);
            links.extend(steps.map(|pair| (pair[0], pair[1])));
        }
        out.before = vec![Vec::new(); items];
        out.behind = vec![Vec::new(); items];
        for (left, right) in links {
            out.behind[left].push(right);
            out.before[right].push(left);
        }
        out.place = vec![0; items];
        out.ends_before = vec![Vec::new(); items];
        out.ends_behind = vec![Vec::new(); items];
        out.renumber();
        out
    }

    /// How many links cross.
    #[must_use]
    pub fn crossings(&self) -> usize {
        (0..self.layers.len().saturating_sub(1)).map(|layer| self.crossings_behind(layer)).sum()
    }

    /// The items linked to one, in the layers before and behind.
    #[must_use]
    pub fn linked(&self, item: usize) -> (&[usize], &[usize]) {
        (&self.before[item], &self.behind[item])
    }

    /// Puts the items of each layer into another order, to count with it.
    #[cfg(test)]
    pub fn arrange(&mut self, key: impl Fn(usize) -> f64) {
        for layer in &mut self.layers {
            layer.sort_by(|one, other| key(*one).total_cmp(&key(*other)));
        }
        self.renumber();
    }

    /// Orders the items so that few links cross. What makes no difference stays as it was.
    pub fn uncross(&mut self) {
        let mut best = self.layers.clone();
        let mut fewest = self.crossings();
        let size = self.layer_of.len() + self.behind.iter().map(Vec::len).sum::<usize>();
        let rounds = (EFFORT / size.max(1)).clamp(1, 8);
        let patience = if size > EFFORT { 2 } else { PATIENCE };
        let mut since = 0;
        for sweep in 0..SWEEPS {
            if fewest == 0 || since >= patience {
                break;
            }
            self.sweep(sweep % 2 == 0);
            self.transpose(rounds);
            let now = self.crossings();
            if now < fewest {
                (fewest, since) = (now, 0);
                best.clone_from(&self.layers);
            } else {
                since += 1;
            }
        }
        self.layers = best;
        self.renumber();
        if fewest > 0 && size <= EFFORT {
            self.sift();
        }
        self.restore(rounds);
    }

    fn renumber(&mut self) {
        for layer in &self.layers {
            for (place, item) in layer.iter().enumerate() {
                self.place[*item] = place;
            }
        }
    }

    fn crossings_behind(&self, layer: usize) -> usize {
        let size = self.layers[layer + 1].len();
        // How many links end at or before each place, as a tree of partial sums.
        let mut sums = vec![0_usize; size + 1];
        let (mut crossings, mut seen) = (0, 0);
        let mut ends = Vec::new();
        for item in &self.layers[layer] {
            ends.clear();
            ends.extend(self.behind[*item].iter().map(|other| self.place[*other]));
            for end in &ends {
                let (mut at, mut before) = (end + 1, 0);
                while at > 0 {
                    before += sums[at];
                    at &= at - 1;
                }
                crossings += seen - before;
            }
            for end in &ends {
                let mut at = end + 1;
                while at <= size {
                    sums[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
            seen += ends.len();
        }
        crossings
    }

    /// Moves each item to the middle of those that it is linked to; equals stay as they are.
    fn sweep(&mut self, onwards: bool) {
        let count = self.layers.len();
        for step in 1..count {
            let layer = if onwards { step } else { count - 1 - step };
            let linked = if onwards { &self.before } else { &self.behind };
            let mut moved: Vec<(f64, usize)> = Vec::new();
            let mut slots = Vec::new();
            for (place, item) in self.layers[layer].iter().enumerate() {
                let others = &linked[*item];
                if !others.is_empty() {
                    let sum: usize = others.iter().map(|other| self.place[*other]).sum();
                    moved.push((sum as f64 / others.len() as f64, *item));
                    slots.push(place);
                }
            }
            moved.sort_by(|left, right| left.0.total_cmp(&right.0));
            for (slot, (_, item)) in slots.into_iter().zip(moved) {
                self.layers[layer][slot] = item;
                self.place[item] = slot;
            }
        }
    }

    /// Looks up where the links of a layer's items end, in order.
    fn look_up(&mut self, layer: usize) {
        for item in &self.layers[layer] {
            for (linked, ends) in
                [(&self.before, &mut self.ends_before), (&self.behind, &mut self.ends_behind)]
            {
                let own = &mut ends[*item];
                own.clear();
                own.extend(linked[*item].iter().map(|other| self.place[*other]));
                own.sort_unstable();
            }
        }
    }

    /// How many links of two items of a layer that was looked up cross if `upper` stands above `lower`.
    fn between(&self, upper: usize, lower: usize) -> usize {
        let side = |ends: &[Vec<usize>]| {
            let below = &ends[lower];
            let (mut before, mut crossings) = (0, 0);
            for end in &ends[upper] {
                while below.get(before).is_some_and(|other| other < end) {
                    before += 1;
                }
                crossings += before;
            }
            crossings
        };
        side(&self.ends_before) + side(&self.ends_behind)
    }

    /// Exchanges neighbours as long as that leaves fewer crossings.
    fn transpose(&mut self, rounds: usize) {
        for _ in 0..rounds {
            let mut better = false;
            for layer in 0..self.layers.len() {
                self.look_up(layer);
                for place in 1..self.layers[layer].len() {
                    let (upper, lower) = (self.layers[layer][place - 1], self.layers[layer][place]);
                    if self.between(lower, upper) < self.between(upper, lower) {
                        self.layers[layer].swap(place - 1, place);
                        self.place[upper] = place;
                        self.place[lower] = place - 1;
                        better = true;
                    }
                }
            }
            if !better {
                break;
            }
        }
    }

    /// Puts neighbours into the order of their numbers where no more lines cross for it: what does not
    /// matter is as it came, so that a small change of the graph moves little.
    fn restore(&mut self, rounds: usize) {
        for layer in 0..self.layers.len() {
            self.look_up(layer);
            for _ in 0..self.layers[layer].len().min(rounds * 16) {
                let mut moved = false;
                for place in 1..self.layers[layer].len() {
                    let (upper, lower) = (self.layers[layer][place - 1], self.layers[layer][place]);
                    if upper > lower && self.between(lower, upper) <= self.between(upper, lower) {
                        self.layers[layer].swap(place - 1, place);
                        self.place[upper] = place;
                        self.place[lower] = place - 1;
                        moved = true;
                    }
                }
                if !moved {
                    break;
                }
            }
        }
    }

    /// Tries every place of a layer for each of its items.
    fn sift(&mut self) {
        for _ in 0..3 {
            let mut better = false;
            for layer in 0..self.layers.len() {
                if self.layers[layer].len() > SIFTED {
                    continue;
                }
                self.look_up(layer);
                for item in self.layers[layer].clone() {
                    better |= self.sift_item(layer, item);
                }
            }
            if !better {
                break;
            }
        }
    }

    fn sift_item(&mut self, layer: usize, item: usize) -> bool {
        let here = self.place[item];
        let items = &self.layers[layer];
        // How many crossings more or less there are at each place than here.
        let (mut best, mut least) = (here, 0_isize);
        let difference = |above: usize, below: usize| {
            let count = |value: usize| isize::try_from(value).unwrap_or(isize::MAX);
            count(self.between(below, above)) - count(self.between(above, below))
        };
        let mut sum = 0;
        for place in (0..here).rev() {
            sum += difference(items[place], item);
            if sum < least {
                (best, least) = (place, sum);
            }
        }
        sum = 0;
        for (place, other) in items.iter().enumerate().skip(here + 1) {
            sum += difference(item, *other);
            if sum < least {
                (best, least) = (place, sum);
            }
        }
        if best == here {
            return false;
        }
        let moved = self.layers[layer].remove(here);
        self.layers[layer].insert(best, moved);
        for place in here.min(best)..=here.max(best) {
            let item = self.layers[layer][place];
            self.place[item] = place;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: usize, to: usize) -> Edge {
        Edge { from, to, class: 0 }
    }

    #[test]
    fn crossings_are_counted_and_removed() {
        let mut layered = Layered::of(&[0, 0, 1, 1], &[edge(0, 3), edge(1, 2)], Bundling::Shared);
        assert_eq!(layered.crossings(), 1);
        layered.uncross();
        assert_eq!(layered.crossings(), 0);
        // Two links from one item do not cross each other.
        let star = Layered::of(&[0, 1, 1], &[edge(0, 2), edge(0, 1)], Bundling::Shared);
        assert_eq!(star.crossings(), 0);
        // A complete graph of two and two crosses once, whatever the order.
        let edges = [edge(0, 2), edge(0, 3), edge(1, 2), edge(1, 3)];
        let mut square = Layered::of(&[0, 0, 1, 1], &edges, Bundling::Shared);
        square.uncross();
        assert_eq!(square.crossings(), 1);
    }

    #[test]
    fn edges_that_go_the_same_way_share_it() {
        let layers = [0, 2, 2, 2, 0];
        let edges = [edge(0, 1), edge(0, 2), edge(0, 3), edge(4, 3)];
        let shared = Layered::of(&layers, &edges, Bundling::Shared);
        let passing = |layered: &Layered| layered.layer_of.len() - layered.boxes;
        // Three from 0, or two into 3: 3's second edge goes alone.
        assert_eq!(passing(&shared), 2);
        assert_eq!(passing(&Layered::of(&layers, &edges, Bundling::Single)), 4);
        let other = [Edge { class: 1, ..edges[0] }, edges[1]];
        assert_eq!(passing(&Layered::of(&layers, &other, Bundling::Shared)), 2);
    }
}
