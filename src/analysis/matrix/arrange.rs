//! What of a matrix is shown, and in which order: filter, sort, cluster, transpose, totals.
//!
//! The matrix stays as it is; a [`View`] holds places in it.

use std::collections::HashMap;

use crate::analysis::Analysis;
use crate::analysis::filter::{Words, tokens};
use crate::card::words::fold;
use crate::catalog::{Catalog, Entity, EntityKind};

use super::{Cell, Kind, Matrix, State, cluster};

/// In which order rows and columns stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// As in the catalog.
    #[default]
    Catalog,
    /// By name.
    Name,
    /// Those with most wrong cells first.
    Gaps,
    /// Those with most cells first.
    Most,
    /// By what stands in one row or column, worst first; the other way as in the catalog.
    By(Entity),
}

impl Sort {
    /// What it does, in a word or two.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Catalog => "catalog order",
            Self::Name => "by name",
            Self::Gaps => "most gaps first",
            Self::Most => "most cells first",
            Self::By(_) => "by one column",
        }
    }
}

/// How a matrix is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which order.
    pub sort: Sort,
    /// Whether like stands by like, whatever the order.
    pub cluster: bool,
    /// Whether rows and columns change places.
    pub transpose: bool,
    /// Whether rows and columns with nothing in them are shown too.
    pub empty: bool,
    /// Words that narrow it.
    pub filter: String,
    /// A row and a column that are shown whatever is in them: what was just emptied stays in sight.
    pub stays: Option<(Entity, Entity)>,
}

/// What a row or a column comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Cells with something in them.
    pub cells: usize,
    /// Of these, those where something is to be done.
    pub wrong: usize,
}

impl Total {
    fn add(&mut self, cell: &Cell) {
        self.cells += 1;
        self.wrong += usize::from(cell.state.is_wrong());
    }
}

/// A matrix as it is looked at.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The entities down the side.
    pub rows: Vec<Entity>,
    /// The entities along the top.
    pub columns: Vec<Entity>,
    /// What each row comes to.
    pub row_totals: Vec<Total>,
    /// What each column comes to.
    pub column_totals: Vec<Total>,
    /// What all comes to.
    pub total: Total,
    /// The states that occur, from worst to least.
    pub states: Vec<State>,
    /// Whether rows and columns have changed places.
    pub transposed: bool,
    /// How many rows are left out because there is nothing in them.
    pub empty_rows: usize,
    /// How many columns are left out because there is nothing in them.
    pub empty_columns: usize,
    row_places: Vec<u32>,
    column_places: Vec<u32>,
}

impl View {
    /// What of a matrix is shown.
    #[must_use]
    pub fn of(analysis: &Analysis, matrix: &Matrix, options: &Options) -> Self {
        let mut kept = Kept::of(analysis, matrix, &options.filter);
        let (mut empty_rows, mut empty_columns) =
            if options.empty { (0, 0) } else { kept.leave_out_empty(matrix, options.stays) };
        let (mut rows, mut columns) = if options.cluster {
            clustered(matrix, &kept)
        } else {
            sorted(&analysis.catalog, matrix, &kept, options.sort)
        };
        let mut view = Self { transposed: options.transpose, ..Self::default() };
        let place_of = |places: &[u32], count: usize| {
            let mut at = vec![usize::MAX; count];
            for (place, &number) in places.iter().enumerate() {
                at[number as usize] = place;
            }
            at
        };
        let (row_at, column_at) =
            (place_of(&rows, matrix.rows.len()), place_of(&columns, matrix.columns.len()));
        let mut row_totals = vec![Total::default(); rows.len()];
        let mut column_totals = vec![Total::default(); columns.len()];
        let shown = matrix.cells().iter().filter(|cell| {
            row_at[cell.row as usize] != usize::MAX && column_at[cell.column as usize] != usize::MAX
        });
        for cell in shown.clone() {
            row_totals[row_at[cell.row as usize]].add(cell);
            column_totals[column_at[cell.column as usize]].add(cell);
            view.total.add(cell);
        }
        view.states = super::signs::states_in(shown);
        if options.transpose {
            std::mem::swap(&mut row_totals, &mut column_totals);
            std::mem::swap(&mut rows, &mut columns);
            std::mem::swap(&mut empty_rows, &mut empty_columns);
        }
        let entities = |places: &[u32], of: &[Entity]| {
            places.iter().filter_map(|place| of.get(*place as usize).copied()).collect::<Vec<_>>()
        };
        let (of_rows, of_columns) =
            if options.transpose { (&matrix.columns, &matrix.rows) } else { (&matrix.rows, &matrix.columns) };
        view.rows = entities(&rows, of_rows);
        view.columns = entities(&columns, of_columns);
        (view.empty_rows, view.empty_columns) = (empty_rows, empty_columns);
        view.row_totals = row_totals;
        view.column_totals = column_totals;
        view.row_places = rows;
        view.column_places = columns;
        view
    }

    /// The cell at a place of this view, if there is something in it.
    #[must_use]
    pub fn cell(&self, matrix: &Matrix, row: usize, column: usize) -> Option<Cell> {
        let row = *self.row_places.get(row)? as usize;
        let column = *self.column_places.get(column)? as usize;
        if !self.transposed {
            return matrix.cell(row, column).copied();
        }
        let cell = *matrix.cell(column, row)?;
        // An arrow points from the one who names to the one who is named, wherever these stand.
        let state = match cell.state {
            State::OneWay => State::OneWayBack,
            State::OneWayBack => State::OneWay,
            other => other,
        };
        Some(Cell { state, ..cell })
    }

    /// The matrix's own row and column at a place of this view.
    #[must_use]
    pub fn pair(&self, row: usize, column: usize) -> Option<(Entity, Entity)> {
        let (row, column) = (*self.rows.get(row)?, *self.columns.get(column)?);
        Some(if self.transposed { (column, row) } else { (row, column) })
    }
}

/// What the filter lets through, as places in the catalog's order.
struct Kept {
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// By place: whether it is let through.
    row: Vec<bool>,
    column: Vec<bool>,
}

impl Kept {
    fn of(analysis: &Analysis, matrix: &Matrix, filter: &str) -> Self {
        let catalog = &analysis.catalog;
        let words = Narrowing::of(matrix.kind, filter);
        let of_rows = Words::of(words.rest.iter().cloned());
        let text: Vec<String> = of_rows.text().split_whitespace().map(fold).collect();
        let says = |entity: Entity| {
            let label = fold(&catalog.label(entity));
            text.iter().all(|word| label.contains(word.as_str()))
        };
        let mut column: Vec<bool> =
            matrix.columns.iter().map(|entity| words.column(catalog, *entity)).collect();
        let mut row: Vec<bool> =
            matrix.rows.iter().map(|entity| says(*entity) && of_rows.entity(analysis, *entity)).collect();
        // A text that is no row's may be a column's.
        if !text.is_empty() && !matrix.rows.iter().any(|entity| says(*entity)) {
            let of_columns: Vec<bool> =
                matrix.columns.iter().zip(&column).map(|(entity, kept)| *kept && says(*entity)).collect();
            if of_columns.contains(&true) {
                row = matrix.rows.iter().map(|entity| of_rows.entity(analysis, *entity)).collect();
                column = of_columns;
            }
        }
        if !words.is_empty() {
            // Narrowed, it shows what has something in it, and leaves out the rest.
            let (mut row_has, mut column_has) = (vec![false; row.len()], vec![false; column.len()]);
            for cell in matrix.cells() {
                let (at, across) = (cell.row as usize, cell.column as usize);
                if row[at] && column[across] && words.state(cell.state) {
                    row_has[at] = true;
                    column_has[across] = true;
                }
            }
            let narrowed = !words.states.is_empty() || !words.columns.is_empty();
            for (kept, has) in row.iter_mut().zip(row_has) {
                *kept &= has || !narrowed;
            }
            for (kept, has) in column.iter_mut().zip(column_has) {
                *kept &= has;
            }
        }
        let places = |kept: &[bool]| {
            kept.iter().zip(0_u32..).filter(|(kept, _)| **kept).map(|(_, place)| place).collect::<Vec<_>>()
        };
        Self { rows: places(&row), columns: places(&column), row, column }
    }

    /// Takes out what has nothing in it, and says how many rows and columns that were.
    fn leave_out_empty(&mut self, matrix: &Matrix, stays: Option<(Entity, Entity)>) -> (usize, usize) {
        let only = |entities: &[Entity], kept: &[bool], own: Option<Entity>| -> Vec<bool> {
            entities.iter().zip(kept).map(|(entity, kept)| *kept && Some(*entity) == own).collect()
        };
        let mut row = only(&matrix.rows, &self.row, stays.map(|(row, _)| row));
        let mut column = only(&matrix.columns, &self.column, stays.map(|(_, column)| column));
        for cell in self.cells(matrix) {
            row[cell.row as usize] = true;
            column[cell.column as usize] = true;
        }
        let before = (self.rows.len(), self.columns.len());
        self.rows.retain(|place| row[*place as usize]);
        self.columns.retain(|place| column[*place as usize]);
        self.row = row;
        self.column = column;
        (before.0 - self.rows.len(), before.1 - self.columns.len())
    }

    fn cells<'m>(&'m self, matrix: &'m Matrix) -> impl Iterator<Item = &'m Cell> {
        matrix.cells().iter().filter(|cell| self.row[cell.row as usize] && self.column[cell.column as usize])
    }
}

/// A filter's words: those for columns and states, and those that any list knows.
struct Narrowing {
    columns: Vec<String>,
    states: Vec<String>,
    rest: Vec<String>,
}

impl Narrowing {
    fn of(kind: Kind, filter: &str) -> Self {
        let mut words = Self { columns: Vec::new(), states: Vec::new(), rest: Vec::new() };
        for token in tokens(filter) {
            match token.split_once(':') {
                Some((key, value)) if fold(key) == "state" => {
                    words.states.push(fold(value).replace(' ', "-"));
                }
                // Among personas the word is for rows; all other columns have their own kind.
                Some((key, value))
                    if fold(key) == kind.columns().word() && kind.columns() != EntityKind::Persona =>
                {
                    words.columns.push(fold(value));
                }
                _ => words.rest.push(token),
            }
        }
        words.columns.retain(|word| !word.is_empty());
        words.states.retain(|word| !word.is_empty());
        words
    }

    fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.states.is_empty() && self.rest.is_empty()
    }

    fn column(&self, catalog: &Catalog, entity: Entity) -> bool {
        self.columns.is_empty() || {
            let label = fold(&catalog.label(entity));
            self.columns.iter().any(|word| label.contains(word))
        }
    }

    fn state(&self, state: State) -> bool {
        self.states.is_empty()
            || self
                .states
                .iter()
                .any(|word| state.word().starts_with(word.as_str()) || (word == "wrong" && state.is_wrong()))
    }
}

fn clustered(matrix: &Matrix, kept: &Kept) -> (Vec<u32>, Vec<u32>) {
    let cells: Vec<(u32, u32)> = kept.cells(matrix).map(|cell| (cell.row, cell.column)).collect();
    let (rows, columns) = if matrix.kind == Kind::Interactions {
        let order = cluster::order_of_square(matrix.columns.len().max(matrix.rows.len()), &cells);
        (order.clone(), order)
    } else {
        let order = cluster::order(matrix.rows.len(), matrix.columns.len(), &cells);
        (order.rows, order.columns)
    };
    let only = |places: Vec<u32>, kept: &[bool]| {
        places.into_iter().filter(|place| kept.get(*place as usize) == Some(&true)).collect::<Vec<_>>()
    };
    (only(rows, &kept.row), only(columns, &kept.column))
}

fn sorted(catalog: &Catalog, matrix: &Matrix, kept: &Kept, sort: Sort) -> (Vec<u32>, Vec<u32>) {
    let (mut rows, mut columns) = (kept.rows.clone(), kept.columns.clone());
    match sort {
        Sort::Catalog => {}
        Sort::Name => {
            let by_name = |places: &mut Vec<u32>, of: &[Entity]| {
                places.sort_by_cached_key(|place| fold(&catalog.name(of[*place as usize])));
            };
            by_name(&mut rows, &matrix.rows);
            by_name(&mut columns, &matrix.columns);
        }
        Sort::Gaps | Sort::Most => {
            let mut of_rows = vec![Total::default(); matrix.rows.len()];
            let mut of_columns = vec![Total::default(); matrix.columns.len()];
            for cell in kept.cells(matrix) {
                of_rows[cell.row as usize].add(cell);
                of_columns[cell.column as usize].add(cell);
            }
            let key = |total: Total| {
                let first = if sort == Sort::Gaps { total.wrong } else { total.cells };
                std::cmp::Reverse((first, total.cells))
            };
            rows.sort_by_key(|place| key(of_rows[*place as usize]));
            columns.sort_by_key(|place| key(of_columns[*place as usize]));
        }
        Sort::By(entity) => {
            let worst = |cell: Option<&Cell>| cell.map_or((1, State::Inactive), |cell| (0, cell.state));
            if let Some(column) = matrix.columns.iter().position(|known| *known == entity) {
                rows.sort_by_key(|row| worst(matrix.cell(*row as usize, column)));
            } else if let Some(row) = matrix.rows.iter().position(|known| *known == entity) {
                let states: HashMap<u32, &Cell> =
                    matrix.row(row).iter().map(|cell| (cell.column, cell)).collect();
                columns.sort_by_key(|column| worst(states.get(column).copied()));
            }
        }
    }
    (rows, columns)
}
