//! Like by like: an order of rows and columns in which those that share cells stand together.
//!
//! Reciprocal averaging: a row stands where its columns stand on average, and a column where its
//! rows stand, again and again. What shares nothing is kept apart as blocks, the largest first. Rows
//! with the same cells always end side by side. The same cells give the same order, on any machine:
//! nothing here is random, and all sums are made in one order.

/// How often rows and columns are moved to where the others stand.
const ROUNDS: usize = 80;

/// An order of the rows and of the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Rows, as places.
    pub rows: Vec<u32>,
    /// Columns, as places.
    pub columns: Vec<u32>,
}

/// The order in which like stands by like. `cells` are the places of filled cells, in any order.
/// Rows and columns without cells come last, as they were.
#[must_use]
pub fn order(rows: usize, columns: usize, cells: &[(u32, u32)]) -> Order {
    let mut by_row: Vec<Vec<u32>> = vec![Vec::new(); rows];
    let mut by_column: Vec<Vec<u32>> = vec![Vec::new(); columns];
    let mut sorted = cells.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    for &(row, column) in &sorted {
        if let (Some(of_row), Some(of_column)) =
            (by_row.get_mut(row as usize), by_column.get_mut(column as usize))
        {
            of_row.push(column);
            of_column.push(row);
        }
    }
    let mut order = Order { rows: Vec::with_capacity(rows), columns: Vec::with_capacity(columns) };
    for block in blocks(&by_row, &by_column) {
        let (rows, columns) = average(&block, &by_row, &by_column);
        order.rows.extend(rows);
        order.columns.extend(columns);
    }
    let places = |count: usize| 0..u32::try_from(count).unwrap_or(u32::MAX);
    order.rows.extend(places(rows).filter(|row| by_row[*row as usize].is_empty()));
    order.columns.extend(places(columns).filter(|column| by_column[*column as usize].is_empty()));
    order
}

/// The order of things that are both rows and columns.
#[must_use]
pub fn order_of_square(count: usize, cells: &[(u32, u32)]) -> Vec<u32> {
    let mut both: Vec<(u32, u32)> = Vec::with_capacity(cells.len() * 2 + count);
    for &(row, column) in cells {
        both.push((row, column));
        both.push((column, row));
    }
    // Each thing is like itself: without this the two sides of a pair would stand apart.
    let own: Vec<(u32, u32)> = both.iter().map(|(row, _)| (*row, *row)).collect();
    both.extend(own);
    order(count, count, &both).rows
}

/// Rows and columns that hang together.
struct Block {
    rows: Vec<u32>,
    columns: Vec<u32>,
}

fn blocks(by_row: &[Vec<u32>], by_column: &[Vec<u32>]) -> Vec<Block> {
    let mut seen_row = vec![false; by_row.len()];
    let mut seen_column = vec![false; by_column.len()];
    let mut blocks = Vec::new();
    for start in 0..by_row.len() {
        if seen_row[start] || by_row[start].is_empty() {
            continue;
        }
        seen_row[start] = true;
        let mut block = Block { rows: vec![u32::try_from(start).unwrap_or(u32::MAX)], columns: Vec::new() };
        let mut at = 0;
        while let Some(&row) = block.rows.get(at) {
            at += 1;
            for &column in &by_row[row as usize] {
                if std::mem::replace(&mut seen_column[column as usize], true) {
                    continue;
                }
                block.columns.push(column);
                for &next in &by_column[column as usize] {
                    if !std::mem::replace(&mut seen_row[next as usize], true) {
                        block.rows.push(next);
                    }
                }
            }
        }
        block.rows.sort_unstable();
        block.columns.sort_unstable();
        blocks.push(block);
    }
    blocks.sort_by_key(|block| std::cmp::Reverse(block.rows.len() + block.columns.len()));
    blocks
}

/// A block's rows and columns in their order along the one axis that tells most of them apart.
fn average(block: &Block, by_row: &[Vec<u32>], by_column: &[Vec<u32>]) -> (Vec<u32>, Vec<u32>) {
    let mut row_at = vec![0.0_f64; by_row.len()];
    let mut column_at = vec![0.0_f64; by_column.len()];
    for (place, &row) in block.rows.iter().enumerate() {
        // Any start does that is not even; rows with the same cells are the same after one round.
        row_at[row as usize] = (place as f64 * 0.618_033_988_75).fract() + place as f64 / 64.0;
    }
    let weight: f64 = block.rows.iter().map(|row| by_row[*row as usize].len() as f64).sum();
    for _ in 0..ROUNDS {
        for &column in &block.columns {
            column_at[column as usize] = mean(&by_column[column as usize], &row_at);
        }
        for &row in &block.rows {
            row_at[row as usize] = mean(&by_row[row as usize], &column_at);
        }
        // All at one place would be an answer too; it is taken out, and what is left is spread again.
        let centre: f64 = block
            .rows
            .iter()
            .map(|row| row_at[*row as usize] * by_row[*row as usize].len() as f64)
            .sum::<f64>()
            / weight;
        let mut most = 0.0_f64;
        for &row in &block.rows {
            let value = &mut row_at[row as usize];
            *value -= centre;
            most = most.max(value.abs());
        }
        if most < 1e-9 {
            break;
        }
        for &row in &block.rows {
            row_at[row as usize] /= most;
        }
    }
    for &column in &block.columns {
        column_at[column as usize] = mean(&by_column[column as usize], &row_at);
    }
    let mut rows = block.rows.clone();
    let mut columns = block.columns.clone();
    let compare = |at: &[f64], cells: &[Vec<u32>], left: u32, right: u32| {
        at[left as usize]
            .total_cmp(&at[right as usize])
            .then_with(|| cells[left as usize].cmp(&cells[right as usize]))
            .then_with(|| left.cmp(&right))
    };
    rows.sort_by(|left, right| compare(&row_at, by_row, *left, *right));
    columns.sort_by(|left, right| compare(&column_at, by_column, *left, *right));
    // An axis has two directions: the one that leaves the first row nearer to the top.
    let first = rows.iter().position(|row| Some(row) == block.rows.first()).unwrap_or(0);
    if first > rows.len() / 2 {
        rows.reverse();
        columns.reverse();
    }
    (rows, columns)
}

fn mean(places: &[u32], at: &[f64]) -> f64 {
    places.iter().map(|place| at[*place as usize]).sum::<f64>() / places.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three blocks, rows and columns shuffled by multiplication.
    fn shuffled(rows: u32, columns: u32) -> Vec<(u32, u32)> {
        let mut cells = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let (block, other) = (row * 3 / rows, column * 3 / columns);
                if block == other {
                    cells.push((row * 7 % rows, column * 5 % columns));
                }
            }
        }
        cells
    }

    fn likeness(order: &[u32], cells: &[(u32, u32)]) -> f64 {
        let of = |row: u32| -> std::collections::BTreeSet<u32> {
            cells.iter().filter(|(at, _)| *at == row).map(|(_, column)| *column).collect()
        };
        order
            .windows(2)
            .map(|pair| {
                let (left, right) = (of(pair[0]), of(pair[1]));
                let both = left.intersection(&right).count();
                let all = left.union(&right).count().max(1);
                both as f64 / all as f64
            })
            .sum()
    }

    #[test]
    fn like_stands_by_like() {
        let cells = shuffled(30, 12);
        let found = order(30, 12, &cells);
        // Three blocks of ten: all neighbours are alike, but for the two seams.
        assert!((likeness(&found.rows, &cells) - 27.0).abs() < 1e-9, "{:?}", found.rows);
        let turned: Vec<(u32, u32)> = cells.iter().map(|(row, column)| (*column, *row)).collect();
        assert!((likeness(&found.columns, &turned) - 9.0).abs() < 1e-9, "{:?}", found.columns);
    }

    #[test]
    fn an_overlapping_band_is_found_in_its_order() {
        // Each row shares columns with the next; the order was lost.
        let cells: Vec<(u32, u32)> =
            (0..20_u32).flat_map(|row| (row..row + 4).map(move |column| (row * 7 % 20, column))).collect();
        let before: Vec<u32> = (0..20).collect();
        let found = order(20, 23, &cells);
        assert!(likeness(&found.rows, &cells) > 1.8 * likeness(&before, &cells));
        let right: Vec<u32> = (0..20).map(|row| row * 7 % 20).collect();
        let reversed: Vec<u32> = right.iter().rev().copied().collect();
        assert!(found.rows == right || found.rows == reversed, "{:?}", found.rows);
    }

    #[test]
    fn the_order_does_not_depend_on_how_cells_are_listed_and_loses_nothing() {
        let mut cells = shuffled(30, 12);
        cells.retain(|(row, _)| *row != 4);
        let one = order(31, 13, &cells);
        cells.reverse();
        assert_eq!(order(31, 13, &cells), one);
        let mut rows = one.rows.clone();
        rows.sort_unstable();
        assert_eq!(rows, (0..31).collect::<Vec<_>>());
        assert_eq!(one.rows[29..], [4, 30], "what is empty comes last");
        assert_eq!(order(0, 0, &[]), Order { rows: Vec::new(), columns: Vec::new() });
    }

    #[test]
    fn a_square_keeps_pairs_together() {
        let cells = [(0, 5), (5, 0), (1, 3), (3, 1), (2, 4)];
        let found = order_of_square(6, &cells);
        let at = |thing: u32| found.iter().position(|known| *known == thing).expect("there");
        for (one, other) in cells {
            assert_eq!(at(one).abs_diff(at(other)), 1, "{found:?}");
        }
    }
}
