//! A cell of a matrix, given another value: a level of access in an environment, a skill, a process, a
//! persona to work with.

use super::{Plan, Question, Wish, choice};
use crate::analysis::Analysis;
use crate::card::kinds::Responsibility;
use crate::card::node::Node;
use crate::card::words::Name;
use crate::catalog::{
    Catalog, ComponentId, Entity, EntityKind, Grant, Level, Party, PersonaId, ProcessId, SkillId,
};
use crate::session::deeds::{Listed, set_access, set_interaction, set_process, set_skill};
use crate::tui::form::words::Choice;

const NONE: &str = "none";
const UNSTATED: &str = "no level";
const NOT: &str = "not listed";
const LISTED: &str = "listed";

/// What stands in a cell, and can be changed there.
enum Cell {
    Access(PersonaId, ComponentId),
    Part(PersonaId, ProcessId),
    Skill(Entity, SkillId),
    Works(PersonaId, Entity),
}

pub(super) fn title(analysis: &Analysis, wish: &Wish) -> String {
    let catalog = &analysis.catalog;
    let both: Vec<String> = wish.entities(catalog).into_iter().map(|entity| catalog.label(entity)).collect();
    both.join(": ")
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let catalog = &analysis.catalog;
    let Ok(cell) = cell(catalog, wish) else { return Vec::new() };
    let now = now(catalog, wish, &cell);
    let value = Question::one("value", value_label(&cell), values(catalog, &cell, &now), &now);
    match cell {
        Cell::Access(persona, component) => {
            let places = &catalog.settings.environments;
            let there = |place: usize| {
                let level = of_grants(catalog, persona, component, place);
                level.map_or(NONE.to_owned(), |level| word_of(catalog, level))
            };
            let choices =
                places.iter().enumerate().map(|(place, name)| choice(name.written(), there(place))).collect();
            vec![
                Question::one(
                    "environment",
                    "environment",
                    choices,
                    catalog.settings.environment(environment(catalog, wish, persona, component)),
                ),
                value,
            ]
        }
        Cell::Part(..) | Cell::Skill(..) | Cell::Works(..) => vec![value],
    }
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let catalog = &analysis.catalog;
    let cell = cell(catalog, wish)?;
    let now = now(catalog, wish, &cell);
    let value = wish.word("value");
    if value == now {
        return Err(format!("It is {now} now; choose something else."));
    }
    let listed = |with: Option<Node>| match (value, with) {
        (NOT, _) => Listed::Not,
        (_, Some(value)) => Listed::With(value),
        (_, None) => Listed::Plainly,
    };
    let deed = match cell {
        Cell::Access(persona, component) => {
            let place = environment(catalog, wish, persona, component);
            let level = match value {
                NONE => None,
                UNSTATED => return Err("Choose a level.".to_owned()),
                word => Some(level_of(&catalog.settings.access_levels, word)?),
            };
            set_access(catalog, persona, component, place, level)
        }
        Cell::Part(persona, process) => {
            let part = Responsibility::ALL.into_iter().find(|part| part.word() == value);
            let with = part.map(|part| Node::Text(part.word().into()));
            set_process(catalog, persona, process, listed(with))?
        }
        Cell::Skill(whose, skill) => {
            let level = level_of(&catalog.settings.skill_levels, value).ok();
            let with = level.map(|level| Node::Int(i64::from(level.0) + 1));
            set_skill(catalog, whose, skill, listed(with))?
        }
        Cell::Works(persona, other) => set_interaction(catalog, persona, other, listed(None))?,
    };
    Ok(Plan::of(deed))
}

/// The wish for one level more, or for what is not listed to be.
///
/// # Errors
/// A sentence where there is no more.
pub fn one_more(analysis: &Analysis, wish: Wish) -> Result<Wish, String> {
    beside(analysis, wish, 1)
}

/// The wish for one level less, or for what is listed not to be.
///
/// # Errors
/// A sentence where there is no less.
pub fn one_less(analysis: &Analysis, wish: Wish) -> Result<Wish, String> {
    beside(analysis, wish, -1)
}

fn beside(analysis: &Analysis, wish: Wish, step: isize) -> Result<Wish, String> {
    let catalog = &analysis.catalog;
    let cell = cell(catalog, &wish)?;
    let now = now(catalog, &wish, &cell);
    if !matches!(cell, Cell::Access(..)) {
        return match (now.as_str(), step > 0) {
            (NOT, true) => Ok(wish.with("value", LISTED)),
            (NOT, false) => Err("it is not listed; there is nothing to take".to_owned()),
            (_, true) => Err("it is listed already; e says how".to_owned()),
            (_, false) => Ok(wish.with("value", NOT)),
        };
    }
    let words: Vec<&str> =
        std::iter::once(NONE).chain(catalog.settings.access_levels.iter().map(Name::written)).collect();
    if now == UNSTATED {
        // Up from there is the lowest level that somebody states, down is none.
        let word = if step > 0 { words.get(1) } else { words.first() };
        return word.map(|word| wish.with("value", *word)).ok_or_else(|| "there are no levels".to_owned());
    }
    let place = words.iter().position(|word| *word == now).unwrap_or(0);
    match place.checked_add_signed(step).and_then(|place| words.get(place)) {
        Some(word) => Ok(wish.with("value", *word)),
        None if step > 0 => Err(format!("{now} is the highest level")),
        None => Err("there is no access to take".to_owned()),
    }
}

fn cell(catalog: &Catalog, wish: &Wish) -> Result<Cell, String> {
    let both = wish.entities(catalog);
    let [row, column] = both.as_slice() else { return Err("no cell is selected".to_owned()) };
    match (*row, *column) {
        (Entity::Persona(own), Entity::Component(other)) => Ok(Cell::Access(own, other)),
        (Entity::Persona(own), Entity::Process(other)) => Ok(Cell::Part(own, other)),
        (Entity::Persona(_) | Entity::Person(_), Entity::Skill(other)) => Ok(Cell::Skill(*row, other)),
        (Entity::Persona(own), other @ (Entity::Team(_) | Entity::Name(_))) => Ok(Cell::Works(own, other)),
        (Entity::Persona(own), other @ Entity::Persona(_)) if *row != other => Ok(Cell::Works(own, other)),
        (Entity::Persona(_), Entity::Persona(_)) => Err("nobody works with itself".to_owned()),
        _ => Err("this cell follows from others; change these".to_owned()),
    }
}

/// The environment that a cell of access is about: the one that is asked for, else the first in which
/// there is access, else the first.
fn environment(catalog: &Catalog, wish: &Wish, persona: PersonaId, component: ComponentId) -> usize {
    let places = &catalog.settings.environments;
    let asked = places.iter().position(|place| place.written() == wish.word("environment"));
    let there = || (0..places.len()).find(|place| of_grants(catalog, persona, component, *place).is_some());
    asked.or_else(there).unwrap_or(0)
}

/// What grants come to in an environment: nothing, no level, or a level.
fn of_grants(
    catalog: &Catalog,
    persona: PersonaId,
    component: ComponentId,
    place: usize,
) -> Option<Option<Level>> {
    let holds = |grant: &&Grant| {
        grant.component == component && (grant.environments.is_empty() || grant.environments.contains(place))
    };
    let grants = catalog.personas[persona.index()].grants.iter().filter(holds);
    grants.map(|grant| grant.level_in(place)).max()
}

/// What the cell says now, as one of its values.
fn now(catalog: &Catalog, wish: &Wish, cell: &Cell) -> String {
    match cell {
        Cell::Access(persona, component) => {
            let place = environment(catalog, wish, *persona, *component);
            let level = of_grants(catalog, *persona, *component, place);
            level.map_or(NONE.to_owned(), |level| word_of(catalog, level))
        }
        Cell::Part(persona, process) => {
            let parts = &catalog.personas[persona.index()].processes;
            match parts.iter().find(|part| part.process == *process).map(|part| part.responsibility) {
                None => NOT.to_owned(),
                Some(None) => LISTED.to_owned(),
                Some(Some(part)) => part.word().to_owned(),
            }
        }
        Cell::Skill(whose, skill) => {
            let skills = match whose {
                Entity::Persona(id) => &catalog.personas[id.index()].skills,
                Entity::Person(id) => &catalog.people[id.index()].skills,
                _ => return NOT.to_owned(),
            };
            match skills.iter().find(|own| own.skill == *skill).map(|own| own.level) {
                None => NOT.to_owned(),
                Some(None) => LISTED.to_owned(),
                Some(Some(level)) => {
                    let word = catalog.settings.skill_levels.get(level.index());
                    word.map_or_else(|| LISTED.to_owned(), |word| word.written().to_owned())
                }
            }
        }
        Cell::Works(persona, other) => {
            let named = |party: Party| Entity::from(party) == *other;
            let is_named = catalog.personas[persona.index()].interactions.iter().any(|own| named(own.party));
            if is_named { LISTED.to_owned() } else { NOT.to_owned() }
        }
    }
}

fn values(catalog: &Catalog, cell: &Cell, now: &str) -> Vec<Choice> {
    let words =
        |words: &[Name]| -> Vec<Choice> { words.iter().map(|word| choice(word.written(), "")).collect() };
    let listed = || vec![choice(NOT, ""), choice(LISTED, "")];
    match cell {
        Cell::Access(..) => {
            let mut values = vec![choice(NONE, "")];
            if now == UNSTATED {
                values.push(choice(UNSTATED, "granted, without saying how far"));
            }
            values.extend(words(&catalog.settings.access_levels));
            values
        }
        Cell::Part(..) => {
            let mut values = listed();
            values.extend(Responsibility::ALL.map(|part| choice(part.word(), "")));
            values
        }
        Cell::Skill(..) => {
            let mut values = listed();
            values.extend(words(&catalog.settings.skill_levels));
            values
        }
        Cell::Works(..) => listed(),
    }
}

fn value_label(cell: &Cell) -> &'static str {
    match cell {
        Cell::Access(..) => "level",
        Cell::Part(..) => "part",
        Cell::Skill(..) => "skill",
        Cell::Works(..) => "works with it",
    }
}

fn word_of(catalog: &Catalog, level: Option<Level>) -> String {
    level.map_or(UNSTATED, |level| catalog.settings.level(level)).to_owned()
}

fn level_of(words: &[Name], word: &str) -> Result<Level, String> {
    let place = words.iter().position(|own| own.written() == word);
    let place = place.ok_or_else(|| format!("there is no level {word}"))?;
    Ok(Level(u8::try_from(place).unwrap_or(u8::MAX)))
}

/// Whether a matrix of such rows and columns can be edited cell by cell.
#[must_use]
pub fn is_editable(row: EntityKind, column: EntityKind) -> bool {
    matches!(
        (row, column),
        (EntityKind::Persona, EntityKind::Component | EntityKind::Process | EntityKind::Skill)
            | (EntityKind::Persona, EntityKind::Persona | EntityKind::Team | EntityKind::Name)
            | (EntityKind::Person, EntityKind::Skill)
    )
}
