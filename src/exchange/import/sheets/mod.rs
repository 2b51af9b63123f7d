//! Tables of spreadsheets: what their rows are, which column is which field, and the cards that follow.
//!
//! A table with exactly the columns of an export is read as it was written. Any other is read as people
//! write: titles have synonyms, lists have commas, environments have other names; how it was read is said,
//! and can be said otherwise in a mapping. Files are opened by the formats.

mod loose;
pub mod mapping;
pub mod titles;

use std::collections::HashMap;
use std::sync::Arc;

use super::draft::{Draft, Reading, text};
use super::markdown::lines::{Line, What};
use super::markdown::tables::{self, Key};
use super::words::Vocabulary;
use crate::card::fields::mapping_of;
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::{Name, fold};
use crate::exchange::cards::{json, normal, phrase};
use crate::exchange::sheets::derived::{FINDINGS, MATRIX};
use crate::exchange::sheets::{Column, Rows, SHAPES, Shape};
use mapping::SheetMapping;

/// A table of an input.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name of its sheet, or of its file without an ending.
    pub name: String,
    /// Where it stands, as messages say it.
    pub file: Arc<str>,
    /// Its rows with their lines, from 1; empty rows may be missing.
    pub rows: Lines,
}

/// Rows with their lines.
pub type Lines = Vec<(u32, Vec<String>)>;

/// How a table is read.
enum Plan {
    /// It follows from cards.
    Derived,
    /// It is passed over, as the mapping says.
    Nothing,
    /// Rows below a row of titles.
    Rows { shape: &'static Shape, head: usize, columns: Vec<Option<Column>>, strict: bool },
    /// A matrix, or something that the reader of tables in documents may know.
    Matrix,
}

/// Reads tables together: a grant may belong to a persona of another table.
#[must_use]
pub fn read(all: &[Table], words: &Vocabulary) -> Reading {
    let mut reading = Reading::default();
    let mut cards = Cards::default();
    let mut plans = Vec::new();
    for table in all {
        let given = words.mapping.as_ref().and_then(|mapping| mapping.of(&table.name));
        match plan(table, given) {
            Ok(plan) => plans.push((table, plan, given)),
            Err(why) => reading.unread(&table.file, 1, why),
        }
    }
    // Cards come before what belongs to them, whatever the order of the sheets.
    for is_card in [true, false] {
        for (table, plan, given) in &plans {
            let Plan::Rows { shape, head, columns, strict } = plan else { continue };
            if matches!(shape.rows, Rows::Cards(_)) != is_card {
                continue;
            }
            if !strict {
                say(table, shape, *head, columns, &mut reading);
            }
            note_mapping(table, shape, *head, columns, *given, &mut reading);
            let mut rows = RowsOf { table, shape, columns, words, given: *given, cards: &mut cards };
            for (line, row) in table.rows.iter().skip(head + 1) {
                if row.iter().all(|cell| cell.trim().is_empty()) {
                    continue;
                }
                if *strict {
                    rows.strict(*line, row, &mut reading)
                } else {
                    rows.loose(*line, row, &mut reading)
                }
            }
        }
    }
    let mut own = cards.drafts;
    for draft in &mut own {
        let mapping = mapping_of(draft.kind);
        draft.fields.sort_by_key(|(key, _)| mapping.place(key));
    }
    reading.drafts.extend(own);
    for (table, plan, given) in &plans {
        match plan {
            Plan::Matrix => matrix(table, *given, words, &mut reading),
            Plan::Derived => {
                let why = format!("the table {} follows from the cards, and was passed over", table.name);
                reading.note(&table.file, 1, why);
            }
            Plan::Nothing | Plan::Rows { .. } => {}
        }
    }
    reading
}

fn plan(table: &Table, given: Option<&SheetMapping>) -> Result<Plan, String> {
    if table.rows.iter().all(|(_, row)| row.iter().all(|cell| cell.trim().is_empty())) {
        return Err("this table is empty".to_owned());
    }
    if let Some(given) = given {
        return planned(table, given);
    }
    let first = &table.rows[0].1;
    let titles: Vec<&str> = first.iter().map(String::as_str).filter(|title| !title.is_empty()).collect();
    if titles == FINDINGS || is_matrix_of_export(table, &titles) {
        return Ok(Plan::Derived);
    }
    for shape in &SHAPES {
        let own = shape.columns();
        if own.iter().map(|(title, _)| title.as_str()).eq(titles.iter().copied()) {
            let columns = own.into_iter().map(|(_, column)| Some(column)).collect();
            return Ok(Plan::Rows { shape, head: 0, columns, strict: true });
        }
    }
    Ok(guess(table).unwrap_or(Plan::Matrix))
}

/// A matrix of an export has an id, a name, and a count of gaps at its end.
fn is_matrix_of_export(table: &Table, titles: &[&str]) -> bool {
    let named = fold(&table.name.replace('-', " ")).starts_with(&fold(MATRIX.trim()));
    let ends = titles.first().is_some_and(|first| matches!(*first, "persona id" | "person id"))
        && titles.get(1) == Some(&"name")
        && titles.last() == Some(&"gaps");
    named && ends
}

fn planned(table: &Table, given: &SheetMapping) -> Result<Plan, String> {
    match fold(&given.rows).as_str() {
        "nothing" => return Ok(Plan::Nothing),
        "matrix" => return Ok(Plan::Matrix),
        _ => {}
    }
    let Some(shape) = titles::shape(&given.rows) else {
        let words: Vec<&str> = SHAPES.iter().map(|shape| shape.row).chain(["matrix", "nothing"]).collect();
        return Err(format!(
            "the mapping says rows: {}, which are none that are known: {}",
            given.rows,
            words.join(", ")
        ));
    };
    let head = match given.head {
        Some(row) => {
            let at = table.rows.iter().position(|(line, _)| usize::try_from(*line).ok() == Some(row));
            at.ok_or_else(|| {
                format!("the mapping says that row {row} has the titles, and there is nothing in it")
            })?
        }
        None => best_head(table, shape, Some(given)).map_or(0, |(head, _)| head),
    };
    let columns: Result<Vec<Option<Column>>, String> = table.rows[head]
        .1
        .iter()
        .map(|title| match given.field(title) {
            Some(None) => Ok(None),
            Some(Some(word)) => match titles::named(shape, word) {
                Some(column) => Ok(Some(column)),
                None => Err(format!(
                    "the mapping makes the column {title} the field {word}, which a {} has not",
                    shape.row
                )),
            },
            None => Ok(titles::column(shape, title)),
        })
        .collect();
    Ok(Plan::Rows { shape, head, columns: once(columns?), strict: false })
}

/// So many rows may stand above the titles.
const MOST_ABOVE: usize = 15;

fn columns_of(shape: &'static Shape, row: &[String], given: Option<&SheetMapping>) -> Vec<Option<Column>> {
    let columns = row.iter().map(|title| match given.and_then(|given| given.field(title)) {
        Some(None) => None,
        Some(Some(word)) => titles::named(shape, word),
        None => titles::column(shape, title),
    });
    once(columns.collect())
}

/// Of two columns for one field the first counts.
fn once(mut columns: Vec<Option<Column>>) -> Vec<Option<Column>> {
    let mut seen: Vec<String> = Vec::new();
    for own in &mut columns {
        let Some(column) = own else { continue };
        let word = match column {
            Column::Field(field) => field.name.to_owned(),
            other => format!("{other:?}"),
        };
        if seen.contains(&word) {
            *own = None;
        } else {
            seen.push(word);
        }
    }
    columns
}

/// The row of titles that a table of a shape most likely has, and how many titles are known there.
fn best_head(table: &Table, shape: &'static Shape, given: Option<&SheetMapping>) -> Option<(usize, usize)> {
    let scored = table.rows.iter().take(MOST_ABOVE).enumerate().map(|(place, (_, row))| {
        let known = columns_of(shape, row, given).iter().flatten().count();
        (place, known)
    });
    scored.rev().max_by_key(|(_, known)| *known).filter(|(_, known)| *known > 0)
}

fn guess(table: &Table) -> Option<Plan> {
    let mut best: Option<(usize, &'static Shape, usize)> = None;
    for shape in &SHAPES {
        let Some((head, known)) = best_head(table, shape, None) else { continue };
        let columns = columns_of(shape, &table.rows[head].1, None);
        let has = |word: &str| columns.iter().flatten().any(|column| titles::word(shape, *column) == word);
        let is_named = fold(shape.name) == fold(&table.name) || fold(shape.file) == fold(&table.name);
        let needed = match shape.rows {
            Rows::Cards(Kind::Decision) => has("finding"),
            Rows::Cards(Kind::Catalog) => is_named && has("name"),
            Rows::Cards(_) => (has("name") || has("id")) && (known >= 2 || is_named),
            Rows::Items(kind, list) => {
                has(&kind.word().to_lowercase()) && normal::naming(list).is_some_and(has) && known >= 2
            }
        };
        let score = known * 2 + usize::from(is_named) * 3;
        // A column of components beside nothing but names is a list on a card, not a grant a row.
        let alone = shape.name == "Access" && known == 2 && !is_named;
        if needed && !alone && best.is_none_or(|(own, _, _)| score > own) {
            best = Some((score, shape, head));
        }
    }
    let (_, shape, head) = best?;
    let columns = columns_of(shape, &table.rows[head].1, None);
    Some(Plan::Rows { shape, head, columns, strict: false })
}

fn say(table: &Table, shape: &Shape, head: usize, columns: &[Option<Column>], reading: &mut Reading) {
    let (line, row) = &table.rows[head];
    reading.note(&table.file, *line, format!("each row is taken for a {}", shape.row));
    for (place, title) in row.iter().enumerate().filter(|(_, title)| !title.trim().is_empty()) {
        match columns.get(place).copied().flatten() {
            Some(column) => {
                let word = titles::word(shape, column);
                reading.note(&table.file, *line, format!("the column \"{title}\" is read as {word}"));
            }
            None => {
                let why = format!(
                    "the column \"{title}\" is no field of a {} that is known; a mapping can say what it is",
                    shape.row
                );
                reading.unread(&table.file, *line, why);
            }
        }
    }
    for (line, row) in table.rows.iter().take(head) {
        let cells: Vec<&str> = row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        if !cells.is_empty() {
            let why = format!("text above the titles: \"{}\"", super::markdown::short(&cells.join(" ")));
            reading.unread(&table.file, *line, why);
        }
    }
}

fn note_mapping(
    table: &Table,
    shape: &Shape,
    head: usize,
    columns: &[Option<Column>],
    given: Option<&SheetMapping>,
    reading: &mut Reading,
) {
    let (line, row) = &table.rows[head];
    let titles = row.iter().enumerate().filter(|(_, title)| !title.trim().is_empty());
    let columns = titles.map(|(place, title)| {
        let word = columns.get(place).copied().flatten().map(|column| titles::word(shape, column));
        (title.trim().to_owned(), word)
    });
    reading.mapping.sheets.push(SheetMapping {
        sheet: table.name.clone(),
        rows: shape.row.to_owned(),
        head: usize::try_from(*line).ok(),
        environment: None,
        columns: columns.collect(),
        values: given.map(|given| given.values.clone()).unwrap_or_default(),
    });
}

/// A matrix: its titles and its key stand in rows of one cell around it.
fn matrix(table: &Table, given: Option<&SheetMapping>, words: &Vocabulary, reading: &mut Reading) {
    let heading = |number: u32, text: &str| Line {
        number,
        indent: 0,
        what: What::Heading(1),
        text: text.to_owned(),
        label: None,
    };
    let title = given.and_then(|given| given.environment.as_deref()).unwrap_or(&table.name);
    let mut lines = vec![heading(0, title)];
    let mut block: Lines = Vec::new();
    let mut blocks: Vec<(usize, Lines)> = Vec::new();
    let mut last = None;
    let mut singles = Vec::new();
    for (line, row) in &table.rows {
        let filled: Vec<&String> = row.iter().filter(|cell| !cell.trim().is_empty()).collect();
        let gap = last.is_some_and(|last: u32| *line > last + 1);
        let alone = filled.len() <= 1 && (block.is_empty() || row.len() <= 1 || gap);
        if (gap || alone) && !block.is_empty() {
            blocks.push((lines.len(), std::mem::take(&mut block)));
        }
        last = Some(*line);
        if !alone {
            block.push((*line, row.clone()));
        } else if let Some(text) = filled.first() {
            singles.push((*line, (*text).clone()));
            lines.push(Line { what: What::Text, ..heading(*line, text) });
        }
    }
    if !block.is_empty() {
        blocks.push((lines.len(), block));
    }
    let (mut key, places) = tables::keys(&lines);
    if let Some(given) = given {
        key.extend(given.values.iter().cloned());
    }
    let mut understood = false;
    for (place, rows) in blocks {
        let line = rows.first().map_or(1, |(line, _)| *line);
        let own = tables::Table { rows, places: vec![place] };
        if read_matrix(&own, &lines, &key, table, words, reading) {
            understood = true;
        } else {
            let why = "no column is titled like a field of a persona, and the first is no column of personas; a mapping can say what its rows and columns are";
            reading.unread(&table.file, line, why);
        }
    }
    for (line, single) in singles {
        let is_key = places.iter().any(|place| lines.get(*place).is_some_and(|own| own.number == line));
        let is_title = understood && words.is_environment(&single);
        if !is_key && !is_title {
            let why = format!("text beside the table: \"{}\"", super::markdown::short(&single));
            reading.unread(&table.file, line, why);
        }
    }
    reading.mapping.sheets.push(SheetMapping {
        sheet: table.name.clone(),
        rows: if understood { "matrix" } else { "nothing" }.to_owned(),
        environment: given.and_then(|given| given.environment.clone()),
        values: key.into_iter().collect(),
        ..SheetMapping::default()
    });
}

/// A block of rows as the tables of documents are read.
fn read_matrix(
    own: &tables::Table,
    lines: &[Line],
    key: &Key,
    table: &Table,
    words: &Vocabulary,
    reading: &mut Reading,
) -> bool {
    tables::read(own, lines, key, &table.file, words, reading)
}

/// The drafts that rows add to.
#[derive(Default)]
struct Cards {
    drafts: Vec<Draft>,
    places: HashMap<(Kind, String), usize>,
}

impl Cards {
    fn of(&mut self, kind: Kind, word: &str) -> Option<&mut Draft> {
        let place = *self.places.get(&(kind, Name::new(word).folded().to_owned()))?;
        self.drafts.get_mut(place)
    }

    fn add(&mut self, draft: Draft, key: &str) {
        let words = [key, draft.text("id").unwrap_or_default(), draft.text("name").unwrap_or_default()];
        let keys: Vec<String> = words.iter().map(|word| Name::new(word).folded().to_owned()).collect();
        for key in keys.into_iter().filter(|key| !key.is_empty()) {
            self.places.entry((draft.kind, key)).or_insert(self.drafts.len());
        }
        self.drafts.push(draft);
    }
}

/// The rows of a table, while they are read.
struct RowsOf<'a, 'c> {
    table: &'a Table,
    shape: &'static Shape,
    columns: &'a [Option<Column>],
    words: &'a Vocabulary,
    given: Option<&'a SheetMapping>,
    cards: &'c mut Cards,
}

impl RowsOf<'_, '_> {
    /// A row of an export.
    fn strict(&mut self, line: u32, row: &[String], reading: &mut Reading) {
        let file = &self.table.file;
        let mut fields = Vec::new();
        let (mut home, mut owner, mut key) = (None, "", "");
        for (place, column) in self.columns.iter().enumerate() {
            let (Some(column), Some(cell)) = (column, row.get(place)) else { continue };
            let cell = cell.trim();
            match column {
                Column::Home => home = (!cell.is_empty()).then(|| Arc::from(cell)),
                Column::Owner => owner = cell,
                Column::Key => key = cell,
                Column::More if cell.is_empty() => {}
                Column::More => match json::read(cell) {
                    Some(Node::Map(more)) => fields.extend(more),
                    _ => reading.unread(file, line, "the column More holds no JSON object"),
                },
                Column::Field(field) => {
                    fields.extend(phrase::read_cell(field, cell).map(|value| (Box::from(field.name), value)));
                }
            }
        }
        let extra = row.iter().skip(self.columns.len()).filter(|cell| !cell.trim().is_empty());
        for cell in extra {
            let why = format!("\"{}\" stands in a column without a title", super::markdown::short(cell));
            reading.unread(file, line, why);
        }
        let mapping = self.shape.mapping();
        fields.sort_by_key(|(key, _): &(Box<str>, Node)| mapping.place(key));
        match self.shape.rows {
            Rows::Cards(kind) => {
                let draft = Draft { kind, fields, file: file.clone(), line, home };
                let is_named =
                    matches!(kind, Kind::Catalog | Kind::Decision) || !draft.name().trim().is_empty();
                if !is_named {
                    let why = format!("this row names no {}", self.shape.row);
                    return reading.unread(file, line, why);
                }
                let key = if kind == Kind::Catalog && draft.name().is_empty() { "this catalog" } else { key };
                self.cards.add(draft, key);
            }
            Rows::Items(kind, list) => {
                let item = match (normal::naming(list), fields.as_slice()) {
                    (Some(naming), [(key, name)]) if **key == *naming => name.clone(),
                    _ => Node::Map(fields),
                };
                self.item(kind, list, owner, item, line, false, reading);
            }
        }
    }

    /// Adds an item to its card.
    #[expect(clippy::too_many_arguments, reason = "an item is known by its card, its list and its row")]
    fn item(
        &mut self,
        kind: Kind,
        list: &'static str,
        owner: &str,
        item: Node,
        line: u32,
        distinct: bool,
        reading: &mut Reading,
    ) {
        let file = &self.table.file;
        if owner.trim().is_empty() {
            let why = format!("this row does not say whose {} it is", self.shape.row);
            return reading.unread(file, line, why);
        }
        if self.cards.of(kind, owner).is_none() {
            let mut draft = Draft::named(kind, owner, file, line);
            if kind == Kind::Catalog {
                draft.fields.clear();
            }
            self.cards.add(draft, owner);
        }
        let Some(draft) = self.cards.of(kind, owner) else { return };
        if distinct {
            draft.push(list, item);
            return;
        }
        match draft.fields.iter_mut().find(|(key, _)| &**key == list) {
            Some((_, Node::List(items))) => items.push(item),
            Some((_, other)) => {
                let first = std::mem::replace(other, text(""));
                *other = Node::List(vec![first, item]);
            }
            None => draft.fields.push((list.into(), Node::List(vec![item]))),
        }
    }
}
