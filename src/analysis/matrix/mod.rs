//! Matrices: personas against components, processes, skills and each other, people against skills.
//!
//! A [`Matrix`] holds what each cell is: what there is, what is asked for, and the [`State`] that
//! follows. It knows no glyph and no screen ([`signs`] has the signs), no order and no filter
//! ([`arrange`] has these), and draws nothing. It judges as the rules do and finds nothing new: why a
//! cell is as it is, [`mod@explain`] says, with lines and findings.

pub mod arrange;
pub mod cluster;
pub mod explain;
pub mod heads;
pub mod signs;

pub(crate) use access::{IN_PRODUCTION, is_conditional};

mod access;
mod interactions;
mod processes;
mod skills;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::card::kinds::Responsibility;
use crate::catalog::{
    ComponentId, Entity, EntityKind, Level, NameId, PersonId, PersonaId, ProcessId, SkillId,
};
use crate::graph::Relation;

use super::Analysis;
use super::effective::Context;
use super::finding::{Finding, Severity};

pub use arrange::{Options, Sort, Total, View};
pub use explain::{Explanation, Fact, explain};

/// Which matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// Persona x component: what is granted, and what is needed.
    #[default]
    Components,
    /// Persona x process: who answers for it, and with which access it is done.
    Processes,
    /// Persona x skill: what is had, and what is required.
    Skills,
    /// Person x skill: what is had, and what the person's personas ask for.
    People,
    /// Persona x persona: who works with whom.
    Interactions,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Components, Self::Processes, Self::Skills, Self::People, Self::Interactions];

    /// Its word on the command line and the screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Components => "components",
            Self::Processes => "processes",
            Self::Skills => "skills",
            Self::People => "people",
            Self::Interactions => "interactions",
        }
    }

    /// What it shows.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Components => "persona x component",
            Self::Processes => "persona x process",
            Self::Skills => "persona x skill",
            Self::People => "person x skill",
            Self::Interactions => "persona x persona",
        }
    }

    /// Of which kind the rows are.
    #[must_use]
    pub fn rows(self) -> EntityKind {
        match self {
            Self::People => EntityKind::Person,
            Self::Components | Self::Processes | Self::Skills | Self::Interactions => EntityKind::Persona,
        }
    }

    /// Of which kind the columns are.
    #[must_use]
    pub fn columns(self) -> EntityKind {
        match self {
            Self::Components => EntityKind::Component,
            Self::Processes => EntityKind::Process,
            Self::Skills | Self::People => EntityKind::Skill,
            Self::Interactions => EntityKind::Persona,
        }
    }

    /// Whether an environment, a phase or a risk makes a difference to it.
    #[must_use]
    pub fn has_context(self) -> bool {
        matches!(self, Self::Components | Self::Processes | Self::Skills)
    }

    /// What stands on the two sides of a cell's sign.
    #[must_use]
    pub fn sides(self) -> (&'static str, &'static str) {
        match self {
            Self::Components => ("granted", "needed"),
            Self::Processes => ("responsibility", "access"),
            Self::Skills => ("has", "required"),
            Self::People => ("has", "asked for"),
            Self::Interactions => ("relation", "protocol"),
        }
    }
}

/// What a cell is, from worst to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Granted at a higher level, or with more tools, than is needed.
    TooHigh,
    /// Granted, and needed nowhere, or not here.
    Unneeded,
    /// Needed, and not there.
    Missing,
    /// There, and not as high as is needed.
    TooLow,
    /// A name that leads nowhere.
    Unknown,
    /// As needed, with something else against it.
    Flawed,
    /// The catalog says too little to know whether it is needed.
    Unsure,
    /// The row names the column, which does not name it back.
    OneWay,
    /// The column names the row, which does not name it back.
    OneWayBack,
    /// Not as needed, and decided on.
    Accepted,
    /// As needed.
    Right,
    /// As needed, just in time or on a condition only.
    Conditional,
    /// As needed, through something else: a whole process, another skill, a team.
    Implied,
    /// There, and nothing asks for it; or asked for, and answered elsewhere.
    Plain,
    /// Granted in no particular environment; whether it is meant here is not said.
    Unplaced,
    /// Not in force: expired, still to come, outside the context, or of a person who is away.
    Inactive,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 16] = [
        Self::TooHigh,
        Self::Unneeded,
        Self::Missing,
        Self::TooLow,
        Self::Unknown,
        Self::Flawed,
        Self::Unsure,
        Self::OneWay,
        Self::OneWayBack,
        Self::Accepted,
        Self::Right,
        Self::Conditional,
        Self::Implied,
        Self::Plain,
        Self::Unplaced,
        Self::Inactive,
    ];

    /// Whether something is to be done about it.
    #[must_use]
    pub fn is_wrong(self) -> bool {
        matches!(
            self,
            Self::TooHigh | Self::Unneeded | Self::Missing | Self::TooLow | Self::Unknown | Self::Flawed
        )
    }
}

/// One side of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Amount {
    /// Nothing.
    #[default]
    Nothing,
    /// Something, without a level.
    Unstated,
    /// At an access level.
    Access(Level),
    /// At a skill level.
    Skill(Level),
    /// With a responsibility.
    Part(Responsibility),
    /// Through a relation.
    Relation(Relation),
    /// Over a stated protocol.
    Protocol,
}

/// A cell with something in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The row, as a place in the matrix's rows.
    pub row: u32,
    /// The column, as a place in the matrix's columns.
    pub column: u32,
    /// What it is.
    pub state: State,
    /// What there is: granted, had, the responsibility, the relation.
    pub left: Amount,
    /// What is asked for: the need, the requirement, the access, the protocol.
    pub right: Amount,
    /// Whether what there is holds just in time or on a condition only.
    pub conditional: bool,
    /// Of several environments looked at together, the one that this is about.
    pub environment: Option<usize>,
    /// The worst open finding on it.
    pub severity: Option<Severity>,
}

/// A cell before it has a place.
#[derive(Clone, Copy, Debug)]
struct Judged {
    state: State,
    left: Amount,
    right: Amount,
    conditional: bool,
    environment: Option<usize>,
}

impl Judged {
    fn new(state: State, left: Amount, right: Amount) -> Self {
        Self { state, left, right, conditional: false, environment: None }
    }
}

/// A matrix of a snapshot.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Which.
    pub kind: Kind,
    /// Where and when it holds.
    pub context: Context,
    /// The rows, in the catalog's order.
    pub rows: Vec<Entity>,
    /// The columns, in the catalog's order.
    pub columns: Vec<Entity>,
    cells: Vec<Cell>,
    /// Where each row's cells begin.
    starts: Vec<usize>,
}

impl Matrix {
    /// The matrix of an analysed snapshot in a context.
    #[must_use]
    pub fn of(analysis: &Analysis, kind: Kind, context: &Context) -> Self {
        let catalog = &analysis.catalog;
        let rows: Vec<Entity> = match kind {
            Kind::People => numbers(catalog.people.len(), PersonId::from_index),
            Kind::Components | Kind::Processes | Kind::Skills | Kind::Interactions => {
                numbers(catalog.personas.len(), PersonaId::from_index)
            }
        };
        let columns: Vec<Entity> = match kind {
            Kind::Components => numbers(catalog.components.len(), ComponentId::from_index),
            Kind::Processes => numbers(catalog.processes.len(), ProcessId::from_index),
            Kind::Skills | Kind::People => numbers(catalog.skills.len(), SkillId::from_index),
            Kind::Interactions => {
                let mut columns: Vec<Entity> = numbers(catalog.personas.len(), PersonaId::from_index);
                columns.extend(interactions::unknown_names(catalog).into_iter().map(Entity::Name));
                columns
            }
        };
        let names: std::collections::HashMap<NameId, u32> = columns
            .iter()
            .zip(0..)
            .filter_map(|(entity, place)| match entity {
                Entity::Name(name) => Some((*name, place)),
                _ => None,
            })
            .collect();
        let ties = (kind == Kind::Interactions).then(|| interactions::Ties::of(catalog));
        let by_row: Vec<Vec<Cell>> = rows
            .par_iter()
            .enumerate()
            .with_min_len(16)
            .map(|(row, entity)| {
                let judged: Vec<(Entity, Judged)> = match (kind, *entity) {
                    (Kind::Components, Entity::Persona(id)) => access::row(analysis, id, context),
                    (Kind::Processes, Entity::Persona(id)) => processes::row(analysis, id, context),
                    (Kind::Skills, Entity::Persona(id)) => skills::of_persona(analysis, id, context),
                    (Kind::People, Entity::Person(id)) => skills::of_person(analysis, id),
                    (Kind::Interactions, Entity::Persona(id)) => {
                        ties.as_ref().map_or_else(Vec::new, |ties| interactions::row(analysis, ties, id))
                    }
                    _ => Vec::new(),
                };
                place_row(analysis, row, *entity, &names, judged)
            })
            .collect();
        let mut starts = Vec::with_capacity(rows.len() + 1);
        let mut cells = Vec::with_capacity(by_row.iter().map(Vec::len).sum());
        for row in by_row {
            starts.push(cells.len());
            cells.extend(row);
        }
        starts.push(cells.len());
        Self { kind, context: context.clone(), rows, columns, cells, starts }
    }

    /// The cells of a row, by column.
    #[must_use]
    pub fn row(&self, row: usize) -> &[Cell] {
        match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(&start), Some(&end)) => &self.cells[start..end],
            _ => &[],
        }
    }

    /// The cell of a row and a column, if there is something in it.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        let column = u32::try_from(column).ok()?;
        let cells = self.row(row);
        cells.binary_search_by_key(&column, |cell| cell.column).ok().map(|place| &cells[place])
    }

    /// Every cell with something in it, row by row.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

fn numbers<T: Into<Entity>>(count: usize, number: impl Fn(usize) -> T) -> Vec<Entity> {
    (0..count).map(|index| number(index).into()).collect()
}

/// Gives the cells of a row their columns and their worst findings.
fn place_row(
    analysis: &Analysis,
    row: usize,
    entity: Entity,
    names: &std::collections::HashMap<NameId, u32>,
    judged: Vec<(Entity, Judged)>,
) -> Vec<Cell> {
    let mut worst: std::collections::HashMap<Entity, Severity> = std::collections::HashMap::new();
    for (_, finding) in analysis.about(entity).filter(|(_, finding)| finding.is_open()) {
        let other = if finding.subject == entity { finding.object } else { Some(finding.subject) };
        if let Some(other) = other {
            let severity = worst.entry(other).or_insert(finding.severity);
            *severity = (*severity).min(finding.severity);
        }
    }
    let row = u32::try_from(row).unwrap_or(u32::MAX);
    let mut cells: Vec<Cell> = judged
        .into_iter()
        .filter_map(|(other, judged)| {
            let index = match other {
                Entity::Persona(id) => id.index(),
                Entity::Process(id) => id.index(),
                Entity::Component(id) => id.index(),
                Entity::Skill(id) => id.index(),
                Entity::Name(id) => *names.get(&id)? as usize,
                _ => return None,
            };
            Some(Cell {
                row,
                column: u32::try_from(index).ok()?,
                state: judged.state,
                left: judged.left,
                right: judged.right,
                conditional: judged.conditional,
                environment: judged.environment,
                severity: worst.get(&other).copied(),
            })
        })
        .collect();
    cells.sort_by_key(|cell| cell.column);
    cells
}

/// The findings that have one of two as subject and the other as object.
pub(crate) fn findings_between(
    analysis: &Analysis,
    one: Entity,
    other: Entity,
) -> impl Iterator<Item = (usize, &Finding)> {
    analysis.about(one).filter(move |(_, finding)| {
        (finding.subject == one && finding.object == Some(other))
            || (finding.subject == other && finding.object == Some(one))
    })
}

/// What a wrong state becomes where each finding that says so was decided on.
fn unless_decided(state: State, found: &[&Finding], rules: &[&str]) -> State {
    let mut of_rules = found.iter().filter(|finding| rules.contains(&finding.rule.id)).peekable();
    if of_rules.peek().is_some() && of_rules.all(|finding| !finding.is_open()) {
        State::Accepted
    } else {
        state
    }
}
