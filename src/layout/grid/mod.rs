//! Boxes in columns and rows, with lines routed in the ways between them: what both maps are drawn on.
//!
//! A [`Plan`] says in which column and row each box stands; [`draw`] gives ways, lines and labels their
//! place. Between two rows runs a channel, between two columns a gutter; each has as many tracks as
//! lines need there, so that no line runs through a box, and none over another's label. What the boxes
//! mean, and which of them stand where, is for the maps.

mod lines;
mod tracks;

use super::picture::{Area, Node, Picture, Point, Region, Run, Tone, Weight, columns, fit};
use crate::graph::Relation;

/// A box, and where it stands.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The column, from 0.
    pub column: usize,
    /// The row, from 0. No other box stands in this column of this row.
    pub row: usize,
    /// The box; only the size of its area counts.
    pub node: Node,
}

/// A line between two boxes.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it begins, as a place in the plan's boxes.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What is written on it, where there is room.
    pub label: Option<Run>,
    /// How it is drawn.
    pub weight: Weight,
    /// What it means.
    pub tone: Tone,
    /// The relations that it stands for.
    pub relations: Vec<Relation>,
}

/// A frame around some columns and rows.
#[derive(Clone, Debug)]
pub struct Block {
    /// The first column, and the one behind the last.
    pub columns: (usize, usize),
    /// The first row, and the one behind the last.
    pub rows: (usize, usize),
    /// Whether it stands around others. Outer ones that are neighbours share a border.
    pub outer: bool,
    /// What it is called.
    pub title: Run,
    /// What its border means.
    pub tone: Tone,
}

/// What is to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The boxes; they become the picture's in this order.
    pub boxes: Vec<Placed>,
    /// The lines; they become the picture's in this order.
    pub links: Vec<Link>,
    /// The frames, the outer ones first.
    pub blocks: Vec<Block>,
}

/// Where columns and rows are, and the ways between them.
#[derive(Clone, Debug, Default)]
struct Ways {
    columns: Vec<Span>,
    rows: Vec<Span>,
    gutters: Vec<Gutter>,
    /// Above and below each row, in turn: `2 * row` and `2 * row + 1`.
    channels: Vec<Channel>,
    width: u32,
    height: u32,
}

/// A column's or a row's cells.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    at: u32,
    size: u32,
}

/// The way before a column; behind the last there is one more.
#[derive(Clone, Copy, Debug, Default)]
struct Gutter {
    tracks: u32,
    first_track: u32,
    /// Where borders of frames stand, if any do.
    inner_right: Option<u32>,
    outer: Option<u32>,
    inner_left: Option<u32>,
}

/// The way above or below a row.
#[derive(Clone, Copy, Debug, Default)]
struct Channel {
    tracks: u32,
    /// Whether an arrow stands at a box here, and needs a cell of its own.
    arrows: bool,
    /// The cell of the track that is nearest to the row.
    first_track: u32,
    inner: Option<u32>,
    outer: Option<u32>,
}

/// Draws a plan. Title and description of the picture are for the caller.
#[must_use]
pub fn draw(plan: Plan) -> Picture {
    let mut ways = Ways::of(&plan);
    let routes = lines::routes(&plan);
    let gutter_tracks = lines::gutter_tracks(&plan, &routes, &mut ways);
    ways.set_columns(&plan);
    let mut drawn = lines::Drawn::of(&plan, &routes, &gutter_tracks, &ways);
    drawn.place_labels(&plan, &ways);
    let heights = drawn.channel_tracks(&mut ways);
    ways.set_rows(&plan);
    let wires = drawn.wires(&plan, &ways, &heights);
    let regions = plan.blocks.iter().map(|block| region(block, &ways, &drawn)).collect();
    let nodes = plan
        .boxes
        .into_iter()
        .map(|placed| {
            let (column, row) = (ways.columns[placed.column], ways.rows[placed.row]);
            Node { area: Area::new(column.at, row.at, column.size, row.size), ..placed.node }
        })
        .collect();
    Picture { width: ways.width, height: ways.height, regions, wires, nodes, ..Picture::default() }
}

impl Ways {
    fn of(plan: &Plan) -> Self {
        let columns = plan.boxes.iter().map(|placed| placed.column + 1);
        let columns = columns.chain(plan.blocks.iter().map(|block| block.columns.1)).max().unwrap_or(0);
        let rows = plan.boxes.iter().map(|placed| placed.row + 1);
        let rows = rows.chain(plan.blocks.iter().map(|block| block.rows.1)).max().unwrap_or(0);
        let mut ways = Self {
            columns: vec![Span::default(); columns],
            rows: vec![Span::default(); rows],
            gutters: vec![Gutter::default(); columns + 1],
            channels: vec![Channel::default(); rows * 2],
            ..Self::default()
        };
        for placed in &plan.boxes {
            let (column, row) = (&mut ways.columns[placed.column], &mut ways.rows[placed.row]);
            column.size = column.size.max(placed.node.area.width);
            row.size = row.size.max(placed.node.area.height);
        }
        ways
    }

    /// Gives columns and gutters their place; gutters know their tracks.
    fn set_columns(&mut self, plan: &Plan) {
        let last = self.columns.len();
        let mut borders = vec![(false, false, false); last + 1];
        for block in &plan.blocks {
            let (first, end) = block.columns;
            if block.outer {
                borders[first].1 = true;
                borders[end].1 = true;
            } else {
                borders[first].2 = true;
                borders[end].0 = true;
            }
        }
        let mut x = 0;
        for (place, gutter) in self.gutters.iter_mut().enumerate() {
            let mut take = |wanted: bool| {
                wanted.then(|| {
                    x += 1;
                    x - 1
                })
            };
            let (inner_right, outer, inner_left) = borders[place];
            let tracks = gutter.tracks;
            // A cell beside the box before, and two before the next: a line and its arrow.
            take(place > 0);
            if place == last {
                gutter.first_track = take(true).unwrap_or_default();
                (0..tracks).for_each(|_| {
                    take(true);
                });
            }
            gutter.inner_right = take(inner_right);
            gutter.outer = take(outer);
            if place < last {
                gutter.inner_left = take(inner_left);
                take(place == 0 && !inner_left);
                gutter.first_track = x;
                x += tracks + if place == 0 { 1 } else { 2 };
                self.columns[place].at = x;
                x += self.columns[place].size;
            }
        }
        self.width = x;
    }

    /// Gives rows and channels their place; channels know their tracks and arrows.
    fn set_rows(&mut self, plan: &Plan) {
        let mut borders = vec![(false, false); self.channels.len()];
        for block in &plan.blocks {
            for channel in [block.rows.0 * 2, (block.rows.1 * 2).saturating_sub(1)] {
                let Some(border) = borders.get_mut(channel) else { continue };
                if block.outer {
                    border.1 = true;
                } else {
                    border.0 = true;
                }
            }
        }
        let mut y = 0;
        for row in 0..self.rows.len() {
            let (above, below) = (row * 2, row * 2 + 1);
            let mut take = |wanted: bool| {
                wanted.then(|| {
                    y += 1;
                    y - 1
                })
            };
            let before = above.checked_sub(1).map(|before| self.channels[before]);
            let bordered = borders[above].0 || borders[above].1;
            let channel = &mut self.channels[above];
            channel.outer = take(borders[above].1);
            channel.inner = take(borders[above].0);
            // Two boxes do not touch, nor do a title and a box.
            let nothing = channel.tracks == 0 && !channel.arrows;
            take(nothing && !bordered && before.is_some_and(|one| one.tracks == 0 && one.inner.is_none()));
            y += channel.tracks;
            channel.first_track = y.saturating_sub(1);
            y += u32::from(channel.arrows);
            self.rows[row].at = y;
            y += self.rows[row].size;
            let channel = &mut self.channels[below];
            y += u32::from(channel.arrows);
            channel.first_track = y;
            y += channel.tracks;
            let mut take = |wanted: bool| {
                wanted.then(|| {
                    y += 1;
                    y - 1
                })
            };
            channel.inner = take(borders[below].0);
            channel.outer = take(borders[below].1);
        }
        self.height = y;
    }

    /// The cell of a track of a channel; tracks are counted from the row on.
    fn track(&self, channel: usize, track: u32) -> u32 {
        let first = self.channels[channel].first_track;
        if channel.is_multiple_of(2) { first.saturating_sub(track) } else { first + track }
    }

    /// Where borders of frames stand, in columns.
    fn borders(&self) -> impl Iterator<Item = u32> + '_ {
        self.gutters.iter().flat_map(|gutter| [gutter.inner_right, gutter.outer, gutter.inner_left]).flatten()
    }
}

/// A frame's place, with its title where no line crosses it.
fn region(block: &Block, ways: &Ways, drawn: &lines::Drawn) -> Region {
    let (first, end) = (&ways.gutters[block.columns.0], &ways.gutters[block.columns.1]);
    let (top, bottom) = (&ways.channels[block.rows.0 * 2], &ways.channels[block.rows.1 * 2 - 1]);
    let pick = |outer: Option<u32>, inner: Option<u32>| if block.outer { outer } else { inner };
    let left = pick(first.outer, first.inner_left).unwrap_or_default();
    let right = pick(end.outer, end.inner_right).unwrap_or(left + 1);
    let upper = pick(top.outer, top.inner).unwrap_or_default();
    let lower = pick(bottom.outer, bottom.inner).unwrap_or(upper + 1);
    let crossing = drawn.crossings(block.rows.0 * 2);
    let wanted = block.title.width();
    let (start, room) = tracks::gap(left + 2, right.saturating_sub(1), wanted, &crossing);
    let title = Run { text: fit(&block.title.text, room), ..block.title.clone() };
    Region {
        area: Area::new(left, upper, right + 1 - left, lower + 1 - upper),
        title,
        inset: start.saturating_sub(left),
        tone: block.tone,
    }
}

/// The columns that a label takes, with a blank on both sides.
fn label_width(label: &Run) -> u32 {
    columns(&label.text) + 2
}

/// A point, shortly.
const fn at(x: u32, y: u32) -> Point {
    Point::new(x, y)
}

#[cfg(test)]
pub(in crate::layout) mod tests;
