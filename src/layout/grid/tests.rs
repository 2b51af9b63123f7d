//! What must hold of every plan: no line through a box, no line over another's label or a title.

use std::collections::HashMap;

use proptest::prelude::*;

use super::super::picture::{Frame, Picture};
use super::super::raster::Raster;
use super::*;

fn node(name: &str, width: u32, height: u32) -> Node {
    Node {
        entity: None,
        area: Area::new(0, 0, width, height),
        frame: Frame::Thin,
        tone: Tone::Plain,
        lines: vec![vec![Run::new(name, Tone::Plain)]],
    }
}

fn link(from: usize, to: usize, label: Option<&str>) -> Link {
    Link {
        from,
        to,
        label: label.map(|label| Run::new(label, Tone::Faint)),
        weight: Weight::Light,
        tone: Tone::Plain,
        relations: Vec::new(),
    }
}

fn plan(places: &[(usize, usize)], links: &[(usize, usize, Option<&str>)]) -> Plan {
    Plan {
        boxes: places
            .iter()
            .enumerate()
            .map(|(place, (column, row))| Placed {
                column: *column,
                row: *row,
                node: node(&format!("b{place}"), 10, 3),
            })
            .collect(),
        links: links.iter().map(|(from, to, label)| link(*from, *to, *label)).collect(),
        blocks: Vec::new(),
    }
}

/// The cells of a line.
fn cells(points: &[Point]) -> Vec<Point> {
    let mut out = Vec::new();
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        assert!(a.x == b.x || a.y == b.y, "{points:?}");
        for x in a.x.min(b.x)..=a.x.max(b.x) {
            for y in a.y.min(b.y)..=a.y.max(b.y) {
                out.push(Point::new(x, y));
            }
        }
    }
    out
}

pub(in crate::layout) fn holds(picture: &Picture) {
    let whole = Area::new(0, 0, picture.width, picture.height);
    for (place, one) in picture.nodes.iter().enumerate() {
        assert!(one.area.right() <= whole.width && one.area.bottom() <= whole.height);
        for other in &picture.nodes[place + 1..] {
            assert!(!one.area.overlaps(other.area), "{:?} and {:?}", one.area, other.area);
        }
    }
    let mut labels: HashMap<Point, usize> = HashMap::new();
    for (place, wire) in picture.wires.iter().enumerate() {
        let Some((at, run)) = &wire.label else { continue };
        for x in at.x..at.x + run.width() {
            let cell = Point::new(x, at.y);
            assert!(whole.contains(cell), "a label leaves the picture");
            assert!(labels.insert(cell, place).is_none(), "labels lie over each other");
        }
    }
    let mut titles: HashMap<Point, usize> = HashMap::new();
    for (place, region) in picture.regions.iter().enumerate() {
        for x in 0..region.title.width() {
            titles.insert(Point::new(region.area.x + region.inset + x, region.area.y), place);
        }
    }
    for (place, wire) in picture.wires.iter().enumerate() {
        assert!(!wire.points.is_empty());
        for cell in cells(&wire.points) {
            assert!(whole.contains(cell), "a line leaves the picture");
            assert_eq!(picture.node_at(cell), None, "a line runs through a box at {cell:?}");
            assert!(labels.get(&cell).is_none_or(|own| *own == place), "a line runs through a label");
            assert!(!titles.contains_key(&cell), "a line runs through a title at {cell:?}");
        }
    }
}

#[test]
fn a_row_goes_on_straight_and_a_loop_comes_back_below() {
    let picture = draw(plan(&[(0, 0), (1, 0), (2, 0)], &[(0, 1, None), (1, 2, None), (2, 0, Some("loop"))]));
    holds(&picture);
    assert_eq!(picture.wires[0].points.len(), 2);
    let drawn = Raster::whole(&picture, false).text();
    let expected = "
  ┌────────┐   ┌────────┐   ┌────────┐
  │b0      │──▶│b1      │──▶│b2      │
  └────────┘   └────────┘   └────────┘
       ▲                         │
       └─ loop ──────────────────┘
";
    assert_eq!(format!("\n{drawn}"), expected);
}

#[test]
fn rows_are_left_through_gutters() {
    let picture = draw(plan(&[(0, 0), (0, 1), (0, 2), (1, 1)], &[(0, 2, None), (0, 1, None), (2, 3, None)]));
    holds(&picture);
}

proptest! {
    #[test]
    fn lines_keep_clear_of_boxes_and_labels(
        places in prop::collection::btree_set((0_usize..5, 0_usize..6), 2..14),
        pairs in prop::collection::btree_set((0_usize..14, 0_usize..14), 0..24),
        labels in prop::collection::vec("[a-z ]{0,18}", 24),
        cut in 1_usize..5,
    ) {
        let places: Vec<(usize, usize)> = places.into_iter().collect();
        let count = places.len();
        let mut plan = plan(&places, &[]);
        let ends: std::collections::BTreeSet<(usize, usize)> =
            pairs.into_iter().map(|(from, to)| (from % count, to % count)).collect();
        for ((from, to), label) in ends.into_iter().zip(&labels) {
            plan.links.push(link(from, to, (!label.trim().is_empty()).then_some(label.as_str())));
        }
        let title = |text: &str| Run::new(text, Tone::Strong);
        let columns = 5;
        for (rows, outer) in [((0, 6), true), ((0, cut), false), ((cut, 6), false)] {
            for (first, end) in [(0, 2), (2, columns)] {
                plan.blocks.push(Block {
                    columns: (first, end),
                    rows,
                    outer,
                    title: title("a title of some length"),
                    tone: Tone::Faint,
                });
            }
        }
        holds(&draw(plan));
    }
}
