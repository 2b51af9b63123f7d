//! Rows of tables that people made: lists with commas, levels among roles, environments by other names.
//!
//! What a cell says and has no place for is listed; nothing is concluded from what is not there.

use super::RowsOf;
use crate::card::fields::{Field, Form, Takes};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::{Name, day, fold, length};
use crate::exchange::cards::{normal, phrase};
use crate::exchange::import::draft::{CardFields, Draft, Reading, text};
use crate::exchange::import::markdown::{short, state};
use crate::exchange::import::words::{
    grant, is_nothing, is_placeholder, name_and_id, says_agent, split_list,
};
use crate::exchange::sheets::{Column, Rows};

impl RowsOf<'_, '_> {
    /// A row that people wrote.
    pub(super) fn loose(&mut self, line: u32, row: &[String], reading: &mut Reading) {
        match self.shape.rows {
            Rows::Cards(kind) => self.loose_card(kind, line, row, reading),
            Rows::Items(kind, list) => self.loose_item(kind, list, line, row, reading),
        }
    }

    /// The cells that say something, with their fields.
    fn said<'r>(&self, row: &'r [String]) -> Vec<(Column, &'r str)> {
        let cells = self.columns.iter().zip(row);
        cells
            .filter_map(|(column, cell)| Some((column.as_ref().copied()?, cell.trim())))
            .filter(|(_, cell)| !cell.is_empty() && !is_nothing(cell) && !is_placeholder(cell))
            .collect()
    }

    fn loose_card(&mut self, kind: Kind, line: u32, row: &[String], reading: &mut Reading) {
        let file = self.table.file.clone();
        let cells = self.said(row);
        let of = |name: &str| {
            cells
                .iter()
                .find(|(column, _)| matches!(column, Column::Field(field) if field.name == name))
                .map(|(_, cell)| *cell)
        };
        let Some(title) = of("name").or_else(|| of("id")) else {
            if kind != Kind::Decision {
                let why = format!("this row names no {}", self.shape.row);
                return reading.unread(&file, line, why);
            }
            return self.loose_decision(line, &cells, reading);
        };
        let (name, id) = name_and_id(&title.replace('\n', " "));
        let mut draft = Draft::named(kind, &name, &file, line);
        if let Some(id) = id.filter(|_| of("id").is_none()) {
            draft.fields.insert(0, ("id".into(), text(&id)));
        }
        for (column, cell) in &cells {
            let Column::Field(field) = column else { continue };
            if field.name == "name" {
                continue;
            }
            let cell = self.given.map_or(*cell, |given| given.meaning(cell));
            if kind == Kind::Persona && is_stated(field.name) {
                state(&mut draft, field.name, &lines(cell), line, self.words, reading);
            } else if let Some(value) = self.value(field, cell, line, reading) {
                draft.put(field.name, value);
            }
        }
        if kind == Kind::Persona && draft.get("type").is_none() && says_agent(draft.name()) {
            draft.set("type", "agent");
            let why = format!("{} is taken for an agent, because its name says so", draft.name());
            reading.note(&file, line, why);
        }
        self.cards.add(draft, "");
    }

    fn loose_decision(&mut self, line: u32, cells: &[(Column, &str)], reading: &mut Reading) {
        let mut fields: CardFields = Vec::new();
        for (column, cell) in cells {
            if let Column::Field(field) = column {
                fields.extend(
                    self.value(field, cell, line, reading).map(|value| (Box::from(field.name), value)),
                );
            }
        }
        let file = self.table.file.clone();
        self.cards.add(Draft { kind: Kind::Decision, fields, file, line, home: None }, "");
    }

    fn loose_item(
        &mut self,
        kind: Kind,
        list: &'static str,
        line: u32,
        row: &[String],
        reading: &mut Reading,
    ) {
        let mut fields: CardFields = Vec::new();
        let mut owner = String::new();
        for (column, cell) in self.said(row) {
            let cell = self.given.map_or(cell, |given| given.meaning(cell));
            match column {
                Column::Owner => {
                    let (name, id) = name_and_id(&cell.replace('\n', " "));
                    owner = id.clone().unwrap_or_else(|| name.clone());
                    if let (Some(id), None) = (id, self.cards.of(kind, &owner)) {
                        let mut draft = Draft::named(kind, &name, &self.table.file, line);
                        draft.fields.insert(0, ("id".into(), text(&id)));
                        self.cards.add(draft, &owner);
                    }
                }
                Column::Field(field)
                    if list == "component_access" && matches!(field.name, "level" | "role") =>
                {
                    self.level_or_role(field.name, cell, line, &mut fields, reading);
                }
                Column::Field(field) => {
                    fields.extend(
                        self.value(field, cell, line, reading).map(|value| (Box::from(field.name), value)),
                    );
                }
                Column::Home | Column::Key | Column::More => {}
            }
        }
        let naming = normal::naming(list).unwrap_or("name");
        if !fields.iter().any(|(key, _)| &**key == naming) {
            let why = format!("this row names no {naming}");
            return reading.unread(&self.table.file, line, why);
        }
        let mapping = self.shape.mapping();
        fields.sort_by_key(|(key, _)| mapping.place(key));
        let item = match fields.as_slice() {
            [(_, name)] => name.clone(),
            _ => Node::Map(fields),
        };
        self.item(kind, list, &owner, item, line, true, reading);
    }

    /// People write levels where roles stand, and roles where levels do.
    fn level_or_role(
        &self,
        column: &str,
        cell: &str,
        line: u32,
        fields: &mut CardFields,
        reading: &mut Reading,
    ) {
        let mut roles: Vec<Node> = Vec::new();
        for word in split_list(&cell.replace(['/', '+'], ",")) {
            let word = self.given.map_or(word.as_str(), |given| given.meaning(&word)).to_owned();
            let level = self.words.level(fold(&word).trim_end_matches(" access")).map(str::to_owned);
            match (level, self.words.role(&word)) {
                (Some(level), _) => {
                    // Of two levels the later in the catalog's order is the higher.
                    let place = |word: &str| self.words.levels.iter().position(|own| *own == Name::new(word));
                    match fields.iter_mut().find(|(key, _)| &**key == "level") {
                        Some((_, Node::Text(known))) if place(known) < place(&level) => *known = level.into(),
                        Some(_) => {}
                        None => fields.push(("level".into(), text(&level))),
                    }
                }
                (None, Some(role)) => roles.push(text(role)),
                (None, None) if column == "role" => roles.push(text(&word)),
                (None, None) => {
                    let why = format!(
                        "\"{}\" is no level of the catalog: {}; under `values` a mapping can say what it means",
                        short(&word),
                        self.words.levels.iter().map(Name::written).collect::<Vec<_>>().join(", ")
                    );
                    reading.unread(&self.table.file, line, why);
                }
            }
        }
        if !roles.is_empty() {
            match fields.iter_mut().find(|(key, _)| &**key == "role") {
                Some((_, Node::List(known))) => known.extend(roles),
                _ => fields.push(("role".into(), Node::List(roles))),
            }
        }
    }

    /// The value of a field that a cell states.
    fn value(&self, field: &'static Field, cell: &str, line: u32, reading: &mut Reading) -> Option<Node> {
        let file = &self.table.file;
        if matches!(field.name, "environments" | "environment") {
            let words = split_list(cell).into_iter().map(|word| match self.words.environment(&word) {
                Some((own, otherwise)) => {
                    if otherwise {
                        reading.note(
                            file,
                            line,
                            format!("\"{}\" is read as the environment {own}", short(&word)),
                        );
                    }
                    text(&own)
                }
                None => {
                    if !is_any(&word) {
                        let why = format!("the environment {} is none of the catalog's", short(&word));
                        reading.unread(file, line, why);
                    }
                    text(&word)
                }
            });
            let words: Vec<Node> = words.collect();
            let any = words.iter().any(|word| matches!(word, Node::Text(word) if is_any(word)));
            return (!any && !words.is_empty()).then_some(Node::List(words));
        }
        let wrong = |reading: &mut Reading, should: &str| {
            reading.unread(
                file,
                line,
                format!("{} should be {should}, and \"{}\" is not", phrase::title(field.name), short(cell)),
            );
            None
        };
        match field.takes {
            Takes::Day => match day(cell) {
                Some(_) => Some(text(cell)),
                None => wrong(reading, "a day such as 2027-03-31"),
            },
            Takes::Length if length(cell).is_none() => wrong(reading, "a length of time such as 1h"),
            Takes::Choice(words) => match words.iter().find(|word| Name::new(cell).is(word)) {
                Some(word) => Some(text(word)),
                None => wrong(reading, &format!("one of {}", words.join(", "))),
            },
            Takes::Flag | Takes::Whole | Takes::Share => match phrase::read_cell(field, cell) {
                Some(Node::Text(_)) | None => wrong(reading, "a number, or true or false"),
                value => value,
            },
            Takes::List(forms) if !forms.iter().any(|form| matches!(form, Form::Levels)) => {
                let items: Vec<Node> = lines(cell).iter().flat_map(|own| self.items(field, own)).collect();
                (!items.is_empty()).then_some(Node::List(items))
            }
            Takes::WordsOr(_) => {
                let items: Vec<Node> = lines(cell).iter().flat_map(|own| self.items(field, own)).collect();
                match items.as_slice() {
                    [] => None,
                    [Node::Map(_)] => items.into_iter().next(),
                    _ => Some(Node::List(items)),
                }
            }
            _ => phrase::read_cell(field, cell),
        }
    }

    /// The items of a line: one where it is a phrase of ours, else as many as commas say.
    fn items(&self, field: &'static Field, line: &str) -> Vec<Node> {
        let whole = phrase::read_line(field, line);
        if matches!(whole, Node::Map(_)) {
            return vec![whole];
        }
        let is_access = field.takes.forms().iter().any(|form| matches!(form, Form::Access(_)));
        split_list(line)
            .into_iter()
            .map(|item| match phrase::read_line(field, &item) {
                Node::Text(word) if is_access => grant(&word, self.words),
                node => node,
            })
            .collect()
    }
}

/// Fields of a persona that the reader of cards in documents states.
fn is_stated(field: &str) -> bool {
    matches!(
        field,
        "component_access"
            | "primary_interaction"
            | "processes"
            | "skills"
            | "aliases"
            | "escalates_to"
            | "override"
            | "invokes"
            | "monitored_by"
            | "accountable"
            | "type"
            | "id"
            | "team"
            | "section"
            | "description"
            | "color"
    )
}

fn is_any(word: &str) -> bool {
    matches!(fold(word).as_str(), "all" | "any" | "all environments" | "*" | "every")
}

/// A cell's lines, each without a bullet.
fn lines(cell: &str) -> Vec<String> {
    cell.lines()
        .map(|line| line.trim().trim_start_matches(['-', '•', '*']).trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}
