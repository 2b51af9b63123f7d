//! All cards as tables: one row a card, one row a grant, a step, a trigger; and beside them what follows.
//!
//! The columns of a table come from the table of fields, so they are always the same, and an empty
//! catalog makes a form to fill in. How a table becomes a file is for `csv` and `xlsx`.

pub mod derived;

use std::collections::{HashMap, HashSet};

use crate::card::fields::{Field, Mapping, mapping_of};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::Name;
use crate::exchange::cards::phrase::{cell, mapping, title};
use crate::exchange::cards::{Written, json, normal};
use crate::exchange::import::draft::CardFields;

/// What a row of a table of cards is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// A card.
    Cards(Kind),
    /// An item of a field of a card.
    Items(Kind, &'static str),
}

/// A table of cards.
#[derive(Debug)]
pub struct Shape {
    /// The name of its sheet.
    pub name: &'static str,
    /// The name of its file, without an ending.
    pub file: &'static str,
    /// What a row is called: "one row a grant".
    pub row: &'static str,
    /// What a row is.
    pub rows: Rows,
}

/// Every table of cards; cards come before the items of their fields.
pub static SHAPES: [Shape; 15] = [
    shape("Catalog", "catalog", "catalog", Rows::Cards(Kind::Catalog)),
    shape("Personas", "personas", "persona", Rows::Cards(Kind::Persona)),
    shape("Access", "access", "grant", Rows::Items(Kind::Persona, "component_access")),
    shape("Work items", "work-items", "work item", Rows::Items(Kind::Persona, "work_items")),
    shape("Processes", "processes", "process", Rows::Cards(Kind::Process)),
    shape("Steps", "steps", "step", Rows::Items(Kind::Process, "steps")),
    shape("Components", "components", "component", Rows::Cards(Kind::Component)),
    shape("Roles", "roles", "role", Rows::Items(Kind::Component, "roles")),
    shape("Skills", "skills", "skill", Rows::Cards(Kind::Skill)),
    shape("Teams", "teams", "team", Rows::Cards(Kind::Team)),
    shape("People", "people", "person", Rows::Cards(Kind::Person)),
    shape("Scenarios", "scenarios", "scenario", Rows::Cards(Kind::Scenario)),
    shape("Triggers", "triggers", "trigger", Rows::Items(Kind::Scenario, "triggers")),
    shape("Decisions", "decisions", "decision", Rows::Cards(Kind::Decision)),
    shape("Duties", "duties", "set of duties", Rows::Items(Kind::Catalog, "separation_of_duties")),
];

const fn shape(name: &'static str, file: &'static str, row: &'static str, rows: Rows) -> Shape {
    Shape { name, file, row, rows }
}

impl Shape {
    /// The kind of the cards that it is about.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.rows {
            Rows::Cards(kind) | Rows::Items(kind, _) => kind,
        }
    }

    /// The mapping of which its columns are the fields.
    #[must_use]
    pub fn mapping(&self) -> &'static Mapping {
        match self.rows {
            Rows::Cards(kind) => mapping_of(kind),
            Rows::Items(kind, field) => {
                mapping_of(kind).field(field).and_then(mapping).unwrap_or_else(|| mapping_of(kind))
            }
        }
    }

    /// Its columns with their titles.
    #[must_use]
    pub fn columns(&self) -> Vec<(String, Column)> {
        let mut out = match self.rows {
            Rows::Cards(_) => Vec::new(),
            Rows::Items(kind, _) => vec![(kind.word().to_owned(), Column::Owner)],
        };
        let mapping = self.mapping();
        for field in mapping.fields {
            let is_second = normal::twin(mapping, field.name).is_some_and(|(first, _)| first != field.name);
            let is_apart = matches!(self.rows, Rows::Cards(kind) if items_of(kind, field.name).is_some());
            if field.name != "kind" && !is_second && !is_apart {
                out.push((column_title(field.name), Column::Field(field)));
            }
        }
        if matches!(self.rows, Rows::Cards(_)) {
            out.push((HOME.to_owned(), Column::Home));
            out.push((KEY.to_owned(), Column::Key));
        }
        out.push((MORE.to_owned(), Column::More));
        out
    }
}

/// What a column of a table of cards holds.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// The file that a card stands in.
    Home,
    /// The card that an item belongs to.
    Owner,
    /// A field.
    Field(&'static Field),
    /// By which word other tables name the card, where its id or name is not its own.
    Key,
    /// Fields that have no column, as JSON.
    More,
}

const HOME: &str = "Card file";
const KEY: &str = "Key";
const MORE: &str = "More";

fn column_title(field: &str) -> String {
    let words = title(field);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The table of the items of a field, where they have one.
#[must_use]
pub fn items_of(kind: Kind, field: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.rows == Rows::Items(kind, static_name(kind, field)))
}

fn static_name(kind: Kind, field: &str) -> &'static str {
    mapping_of(kind).field(field).map_or("", |field| field.name)
}

/// How a cell is coloured; what it means stands in the cell too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Worth a look.
    Doubtful,
    /// Something is to be done.
    Bad,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// The name of its file, without an ending.
    pub file: String,
    /// The titles of its columns.
    pub head: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// Cells that are coloured: row, column, how.
    pub tones: Vec<(usize, usize, Tone)>,
    /// Whether it only says what follows from the cards.
    pub is_derived: bool,
}

/// All cards as tables.
#[must_use]
pub fn card_sheets(cards: &[Written]) -> Vec<Sheet> {
    let keys = keys(cards);
    // A list that has items without a row of their own stays on its card.
    let apart: HashSet<(usize, &'static str)> = cards
        .iter()
        .enumerate()
        .flat_map(|(place, card)| {
            SHAPES.iter().filter_map(move |shape| match shape.rows {
                Rows::Items(kind, field) if kind == card.kind => {
                    rows_of(shape, card.get(field)?).map(|_| (place, field))
                }
                _ => None,
            })
        })
        .collect();
    SHAPES
        .iter()
        .map(|shape| {
            let columns = shape.columns();
            let mut rows = Vec::new();
            for (place, card) in cards.iter().enumerate().filter(|(_, card)| card.kind == shape.kind()) {
                match shape.rows {
                    Rows::Cards(_) => {
                        let own = card.fields.iter().filter(|(key, _)| {
                            !SHAPES.iter().any(|other| matches!(other.rows, Rows::Items(kind, field) if kind == card.kind && field == &**key && apart.contains(&(place, field))))
                        });
                        let fields: CardFields = own.cloned().collect();
                        let key = keys.get(&place).filter(|key| *key != card.id()).cloned();
                        rows.push(row(&columns, &fields, &card.file, "", key.as_deref()));
                    }
                    Rows::Items(_, field) if apart.contains(&(place, field)) => {
                        let items = card.get(field).and_then(|value| rows_of(shape, value)).unwrap_or_default();
                        let owner = keys.get(&place).map_or("", String::as_str);
                        rows.extend(items.iter().map(|fields| row(&columns, fields, "", owner, None)));
                    }
                    Rows::Items(..) => {}
                }
            }
            Sheet {
                name: shape.name.to_owned(),
                file: shape.file.to_owned(),
                head: columns.into_iter().map(|(title, _)| title).collect(),
                rows,
                tones: Vec::new(),
                is_derived: false,
            }
        })
        .collect()
}

/// The items of a list as fields, where each has some.
fn rows_of(shape: &Shape, value: &Node) -> Option<Vec<CardFields>> {
    let Rows::Items(_, list) = shape.rows else { return None };
    let naming = normal::naming(list)?;
    let Node::List(items) = value else { return None };
    items
        .iter()
        .map(|item| match item {
            Node::Text(name) => Some(vec![(naming.into(), Node::Text(name.clone()))]),
            Node::Map(fields) => Some(fields.clone()),
            _ => None,
        })
        .collect()
}

/// The word by which other tables name each card: its id or name, with a number where another has it too.
fn keys(cards: &[Written]) -> HashMap<usize, String> {
    let mut taken: HashSet<(Kind, String)> = HashSet::new();
    let mut out = HashMap::new();
    for (place, card) in cards.iter().enumerate() {
        let word = if card.id().trim().is_empty() { "this catalog" } else { card.id().trim() };
        let numbered = (1_usize..).map(|number| match number {
            1 => word.to_owned(),
            _ => format!("{word} #{number}"),
        });
        for key in numbered {
            if taken.insert((card.kind, Name::new(&key).folded().to_owned())) {
                out.insert(place, key);
                break;
            }
        }
    }
    out
}

fn row(
    columns: &[(String, Column)],
    fields: &[(Box<str>, Node)],
    home: &str,
    owner: &str,
    key: Option<&str>,
) -> Vec<String> {
    let mut rest: CardFields = fields.to_vec();
    let mut out: Vec<String> = columns
        .iter()
        .map(|(_, column)| match column {
            Column::Home => home.to_owned(),
            Column::Owner => owner.to_owned(),
            Column::Key => key.unwrap_or_default().to_owned(),
            Column::More => String::new(),
            Column::Field(field) => {
                let place = rest.iter().position(|(name, _)| &**name == field.name);
                let text = place.and_then(|place| cell(field, &rest[place].1).map(|text| (place, text)));
                match text {
                    Some((place, text)) => {
                        rest.remove(place);
                        text
                    }
                    None => String::new(),
                }
            }
        })
        .collect();
    if !rest.is_empty()
        && let Some(last) = out.last_mut()
    {
        *last = json::line(&Node::Map(rest));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::catalog;
    use crate::exchange::cards::cards;

    #[test]
    fn every_field_has_one_column_or_a_table() {
        for shape in &SHAPES {
            let titles: Vec<String> = shape.columns().into_iter().map(|(title, _)| title).collect();
            let distinct: HashSet<&String> = titles.iter().collect();
            assert_eq!(distinct.len(), titles.len(), "{titles:?}");
        }
        let personas = SHAPES[1].columns();
        assert!(personas.iter().any(|(title, _)| title == "Primary interaction"));
        assert!(!personas.iter().any(|(title, _)| title == "Component access"));
    }

    #[test]
    fn a_grant_is_a_row_and_a_name_that_two_share_has_a_number() {
        let catalog = catalog(&[(
            "a.yaml",
            "kind: Persona\nname: A\ncomponent_access: [Lab, {Store: read}]\nx-cost: 3\n---\nkind: Persona\nname: a\ncomponent_access: [Lab]\n",
        )]);
        let sheets = card_sheets(&cards(&catalog));
        let access = sheets.iter().find(|sheet| sheet.name == "Access").expect("a sheet");
        let rows: Vec<[&str; 2]> = access.rows.iter().map(|row| [&*row[0], &*row[1]]).collect();
        assert_eq!(rows, [["A", "Lab"], ["A", "Store"], ["a #2", "Lab"]]);
        let personas = &sheets[1];
        assert_eq!(personas.rows[0].last().map(String::as_str), Some("{\"x-cost\":3}"));
        assert_eq!(personas.rows[1][personas.head.len() - 2], "a #2");
    }
}
