//! On which row each item of a layer stands: near what it is linked to, in its order, without overlap.
//!
//! Each layer is solved exactly for given neighbours (pool adjacent violators); sweeps over the
//! layers bring them together.

use super::order::Layered;

/// Odd, so that the last one goes onwards: boxes stand where what leads to them comes from.
const SWEEPS: usize = 15;

/// The row of each item's line, always even: odd rows are left to lines that must step aside.
///
/// `room` is how many rows a box needs above and below that row; `gap` stands between boxes.
#[must_use]
pub fn rows(layered: &Layered, room: (u32, u32), gap: u32) -> Vec<u32> {
    let items = layered.layer_of.len();
    let mut at = vec![0.0_f64; items];
    let offsets: Vec<Vec<f64>> = layered
        .layers
        .iter()
        .map(|layer| {
            let mut row = 0;
            let mut rows = Vec::with_capacity(layer.len());
            for (place, item) in layer.iter().enumerate() {
                if place > 0 {
                    row += distance(layered, layer[place - 1], *item, room, gap);
                }
                rows.push(f64::from(row));
                at[*item] = f64::from(row);
            }
            rows
        })
        .collect();
    // Everything begins around a common middle.
    for (layer, rows) in layered.layers.iter().zip(&offsets) {
        let middle = rows.last().copied().unwrap_or(0.0) / 2.0;
        for item in layer {
            at[*item] -= middle;
        }
    }
    let count = layered.layers.len();
    for sweep in 0..SWEEPS {
        let last = sweep + 2 >= SWEEPS;
        for step in 0..count {
            let onwards = sweep % 2 == 0;
            let layer = if onwards { step } else { count - 1 - step };
            let wanted: Vec<(f64, f64)> = layered.layers[layer]
                .iter()
                .map(|item| wanted(layered, *item, &at, last.then_some(onwards), onwards))
                .collect();
            let placed = settle(&wanted, &offsets[layer]);
            for (item, row) in layered.layers[layer].iter().zip(placed) {
                at[*item] = row;
            }
        }
    }
    let mut least = f64::INFINITY;
    for (layer, offsets) in layered.layers.iter().zip(&offsets) {
        for (item, offset) in layer.iter().zip(offsets) {
            // Offsets are even, so rounding what is left of them keeps every distance.
            at[*item] = ((at[*item] - offset) / 2.0).round() * 2.0 + offset;
            let above = if *item < layered.boxes { room.0 } else { 0 };
            least = least.min(at[*item] - f64::from(above));
        }
    }
    let shift = if least.is_finite() { (-least / 2.0).ceil() * 2.0 } else { 0.0 };
    at.into_iter().map(|row| (row + shift).max(0.0) as u32).collect()
}

/// How many rows lie between the lines of two neighbours.
fn distance(layered: &Layered, upper: usize, lower: usize, room: (u32, u32), gap: u32) -> u32 {
    let boxes = (upper < layered.boxes, lower < layered.boxes);
    let below = if boxes.0 { room.1 } else { 0 };
    let above = if boxes.1 { room.0 } else { 0 };
    let gap = if boxes == (true, true) { gap } else { 0 };
    (below + above + gap + 1).max(2).div_ceil(2) * 2
}

/// Where an item would stand if it were alone, and how much that matters. At last only what lies on
/// the side that has been placed counts, so that lines become straight.
fn wanted(layered: &Layered, item: usize, at: &[f64], only: Option<bool>, onwards: bool) -> (f64, f64) {
    let (before, behind) = layered.linked(item);
    let (mut sum, mut weight) = (0.0, 0.0);
    let mut add = |others: &[usize], factor: f64| {
        for other in others {
            let passing = usize::from(item >= layered.boxes) + usize::from(*other >= layered.boxes);
            let own = factor * [1.0, 2.0, 8.0][passing];
            sum += own * at[*other];
            weight += own;
        }
    };
    let near = if onwards { before } else { behind };
    let far = if onwards { behind } else { before };
    add(near, 1.0);
    if only.is_none() || near.is_empty() {
        add(far, if near.is_empty() { 1.0 } else { 0.7 });
    }
    if weight == 0.0 { (at[item], 0.05) } else { (sum / weight, weight) }
}

/// Rows in order, at least as far apart as the offsets, as near as possible to what is wanted.
fn settle(wanted: &[(f64, f64)], offsets: &[f64]) -> Vec<f64> {
    // Blocks of items that stand as close as they may: their sum, weight and number.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(wanted.len());
    for ((row, weight), offset) in wanted.iter().zip(offsets) {
        let mut block = ((row - offset) * weight, *weight, 1);
        while let Some(above) = blocks.last().filter(|above| above.0 / above.1 >= block.0 / block.1) {
            block = (block.0 + above.0, block.1 + above.1, block.2 + above.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let mut rows = Vec::with_capacity(wanted.len());
    for (sum, weight, count) in blocks {
        rows.extend(std::iter::repeat_n(sum / weight, count));
    }
    rows.iter().zip(offsets).map(|(row, offset)| row + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::super::order::{Bundling, Edge};
    use super::*;

    #[test]
    fn boxes_keep_their_distance_and_straight_lines_are_straight() {
        let edges: Vec<Edge> = [(0, 3), (1, 4), (2, 5), (0, 6)]
            .into_iter()
            .map(|(from, to)| Edge { from, to, class: 0 })
            .collect();
        let layered = Layered::of(&[0, 0, 0, 1, 1, 1, 2], &edges, Bundling::Shared);
        let rows = rows(&layered, (1, 1), 1);
        for layer in &layered.layers {
            for pair in layer.windows(2) {
                let least = if pair[0] < 7 && pair[1] < 7 { 4 } else { 2 };
                assert!(rows[pair[1]] >= rows[pair[0]] + least, "{rows:?}");
            }
        }
        assert!(rows.iter().all(|row| row % 2 == 0), "{rows:?}");
        let passing = layered.layer_of.len() - 1;
        assert_eq!(rows[passing], rows[6], "the last stretch of the long line is straight");
    }

    #[test]
    fn violators_are_pooled() {
        let rows = settle(&[(5.0, 1.0), (5.0, 1.0), (20.0, 1.0)], &[0.0, 4.0, 8.0]);
        assert_eq!(rows, [3.0, 7.0, 20.0]);
    }
}
