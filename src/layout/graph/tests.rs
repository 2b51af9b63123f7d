//! Laws that every drawing keeps, on generated graphs.

use std::collections::HashMap;

use proptest::prelude::*;

use super::order::{Bundling, Edge, Layered};
use super::rank::ranks;
use super::{Laid, Measure, lay};
use crate::layout::picture::{Area, Point};

const BOXES: Measure = Measure { room: (1, 2), gap: 0, beside: 1, bundling: Bundling::Shared };
const NAMES: Measure = Measure { room: (0, 0), gap: 0, beside: 0, bundling: Bundling::Shared };

/// A small generator, so that the graphs are the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % most.max(1)
    }
}

/// A graph of some boxes and edges, most of which lead onwards.
pub fn generated(seed: u64, boxes: usize, edges: usize) -> Vec<Edge> {
    let mut dice = Dice::new(seed);
    let mut out: Vec<Edge> = Vec::new();
    let mut tries = 0;
    while out.len() < edges && tries < edges * 20 {
        tries += 1;
        let from = dice.below(boxes);
        let near = 1 + dice.below(boxes / 3 + 1);
        let to = if dice.below(10) == 0 { dice.below(boxes) } else { (from + near) % boxes };
        let class = if dice.below(5) == 0 { 3 } else { 0 };
        if from != to && !out.iter().any(|known| (known.from, known.to) == (from, to)) {
            out.push(Edge { from, to, class });
        }
    }
    out
}

/// The cells of a line between its corners.
fn cells(points: &[Point]) -> Vec<Point> {
    let mut out = Vec::new();
    for pair in points.windows(2) {
        assert!(pair[0].x == pair[1].x || pair[0].y == pair[1].y, "a line is not along rows and columns");
        for x in pair[0].x.min(pair[1].x)..=pair[0].x.max(pair[1].x) {
            for y in pair[0].y.min(pair[1].y)..=pair[0].y.max(pair[1].y) {
                out.push(Point::new(x, y));
            }
        }
    }
    out
}

fn beside(area: Area, point: Point) -> bool {
    point.y >= area.y && point.y < area.bottom() && (point.x + 1 == area.x || point.x == area.right())
}

/// What every drawing keeps.
fn check(laid: &Laid, edges: &[Edge]) {
    let areas = &laid.areas;
    for (place, area) in areas.iter().enumerate() {
        assert!(area.right() <= laid.size.0 && area.bottom() <= laid.size.1, "a box lies outside");
        for other in &areas[place + 1..] {
            assert!(!area.overlaps(*other), "boxes overlap: {area:?} {other:?}");
        }
    }
    // Along rows, which lines lie on a cell; along columns likewise.
    let mut level: HashMap<Point, Vec<usize>> = HashMap::new();
    let mut upright: HashMap<Point, Vec<usize>> = HashMap::new();
    for (place, (edge, points)) in edges.iter().zip(&laid.lines).enumerate() {
        assert!(beside(areas[edge.from], points[0]), "a line does not begin at its box");
        assert!(beside(areas[edge.to], points[points.len() - 1]), "a line does not end at its box");
        for cell in cells(points) {
            assert!(
                cell.x < laid.size.0 && cell.y < laid.size.1,
                "a line lies outside: {cell:?} {:?}",
                laid.size
            );
            assert!(!areas.iter().any(|area| area.contains(cell)), "a line goes through a box");
        }
        for pair in points.windows(2) {
            let along = if pair[0].y == pair[1].y { &mut level } else { &mut upright };
            for cell in cells(pair) {
                let there = along.entry(cell).or_default();
                if !there.contains(&place) {
                    there.push(place);
                }
            }
        }
    }
    for (cell, lines) in level.iter().chain(&upright) {
        for one in lines {
            for other in lines {
                let (one, other) = (edges[*one], edges[*other]);
                let shared = [one.from, one.to].iter().any(|end| [other.from, other.to].contains(end));
                assert!(
                    shared,
                    "lines without a common end lie on each other at {cell:?}: {one:?} {other:?}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_go_around_boxes_and_never_lie_on_each_other(seed in 0_u64..10_000, boxes in 2_usize..40, many in 0_usize..110) {
        let edges = generated(seed, boxes, many);
        let mut dice = Dice::new(seed + 7);
        let widths: Vec<u32> = (0..boxes).map(|_| 4 + u32::try_from(dice.below(20)).unwrap_or(0)).collect();
        let kinds: Vec<usize> = (0..boxes).map(|_| dice.below(5)).collect();
        for layers in [ranks(boxes, &edges), kinds] {
            for measure in [BOXES, NAMES] {
                check(&lay(&layers, &edges, &widths, measure), &edges);
            }
        }
    }

    #[test]
    fn the_same_graph_gives_the_same_picture(seed in 0_u64..10_000) {
        let edges = generated(seed, 25, 60);
        let lay = || lay(&ranks(25, &edges), &edges, &[10; 25], BOXES);
        let (one, other) = (lay(), lay());
        prop_assert_eq!(one.areas, other.areas);
        prop_assert_eq!(one.lines, other.lines);
    }
}

/// The pairs of boxes that stand in one layer in both drawings, and how many of them changed order.
fn turned(before: &Layered, after: &Layered) -> (usize, usize) {
    let place = |layered: &Layered| -> HashMap<usize, (usize, usize)> {
        let layers = layered.layers.iter().enumerate();
        layers
            .flat_map(|(layer, items)| {
                items.iter().enumerate().map(move |(place, item)| (*item, (layer, place)))
            })
            .filter(|(item, _)| *item < before.boxes)
            .collect()
    };
    let (old, new) = (place(before), place(after));
    let (mut pairs, mut changed) = (0, 0);
    for (one, was) in &old {
        for (other, was_other) in &old {
            let (now, now_other) = (new[one], new[other]);
            if one < other && was.0 == was_other.0 && now.0 == now_other.0 {
                pairs += 1;
                changed += usize::from((was.1 < was_other.1) != (now.1 < now_other.1));
            }
        }
    }
    (pairs, changed)
}

#[test]
fn a_small_edit_moves_little() {
    let (mut pairs, mut changed) = (0, 0);
    for seed in 0..30 {
        let edges = generated(seed, 40, 80);
        let kinds: Vec<usize> = (0..40).map(|box_| box_ * 5 / 40).collect();
        let before = lay(&kinds, &edges, &[12; 40], BOXES).layered;
        // One more edge, and one more box with an edge.
        let mut dice = Dice::new(seed + 99);
        let mut more = edges.clone();
        more.push(Edge { from: dice.below(20), to: 20 + dice.below(20), class: 0 });
        let mut larger_kinds = kinds.clone();
        larger_kinds.push(dice.below(5));
        let mut larger = edges.clone();
        larger.push(Edge { from: dice.below(40), to: 40, class: 0 });
        for (kinds, edges) in [(&kinds, &more), (&larger_kinds, &larger)] {
            let after = lay(kinds, edges, &vec![12; kinds.len()], BOXES).layered;
            let (all, other) = turned(&before, &after);
            pairs += all;
            changed += other;
        }
    }
    eprintln!("{changed} of {pairs} pairs changed their order");
    assert!(changed * 100 <= pairs * 12, "{changed} of {pairs} pairs changed their order");
}

/// How many lines cross in the layers and orders that another engine of this kind finds.
fn crossings_of_dagre(boxes: usize, edges: &[Edge]) -> (usize, Layered) {
    use dagre::graph::{Graph, GraphOptions};
    let mut graph: Graph<dagre::NodeLabel, dagre::EdgeLabel> =
        Graph::with_options(GraphOptions { directed: true, multigraph: true, compound: true });
    for place in 0..boxes {
        let label = dagre::NodeLabel { width: 10.0, height: 4.0, ..dagre::NodeLabel::default() };
        graph.set_node(place.to_string(), Some(label));
    }
    for edge in edges {
        let (from, to) = (edge.from.to_string(), edge.to.to_string());
        graph.set_edge(&from, &to, Some(dagre::EdgeLabel::default()), None);
    }
    dagre::layout(&mut graph, None);
    let ranks: Vec<usize> = (0..boxes)
        .map(|place| graph.node(&place.to_string()).and_then(|node| node.rank).expect("a rank"))
        .map(|rank| usize::try_from(rank).expect("ranks count from 0"))
        .collect();
    let mut layered = Layered::of(&ranks, edges, Bundling::Single);
    let mut at: HashMap<usize, f64> = HashMap::new();
    for place in 0..boxes {
        at.insert(place, graph.node(&place.to_string()).and_then(|node| node.x).expect("a place"));
    }
    for (edge, chain) in edges.iter().zip(&layered.chains) {
        let (from, to) = (edge.from.to_string(), edge.to.to_string());
        let label = graph.edge(&from, &to, None).expect("the edge");
        // The first and the last point lie at the boxes.
        let mut points: Vec<f64> = label.points.iter().map(|point| point.x).collect();
        points = points[1..points.len() - 1].to_vec();
        if ranks[edge.from] > ranks[edge.to] {
            points.reverse();
        }
        assert_eq!(points.len(), chain.len() - 2, "one point a layer");
        at.extend(chain[1..chain.len() - 1].iter().copied().zip(points));
    }
    layered.arrange(|item| at[&item]);
    (layered.crossings(), Layered::of(&ranks, edges, Bundling::Single))
}

#[test]
fn no_more_lines_cross_than_with_another_engine() {
    let (mut own, mut same, mut other) = (0, 0, 0);
    for seed in 0..30 {
        let boxes = 20 + usize::try_from(seed).expect("small") * 2;
        let edges = generated(seed, boxes, boxes * 3 / 2);
        let mut layered = Layered::of(&ranks(boxes, &edges), &edges, Bundling::Single);
        layered.uncross();
        own += layered.crossings();
        // Its layers are not ours; in the same layers, too, no more may cross.
        let (crossings, mut theirs) = crossings_of_dagre(boxes, &edges);
        theirs.uncross();
        same += theirs.crossings();
        other += crossings;
    }
    eprintln!("{own} crossings, {same} in the other engine's layers, the other engine {other}");
    assert!(own.max(same) * 100 <= other * 105, "{own} or {same} crossings, the other engine {other}");
}
