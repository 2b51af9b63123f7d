//! Tables: one row a persona, one table a persona, and matrices of roles with a key.
//!
//! A cell states what its words mean by the key of the document, or by the catalog's own words. A cell
//! of which the meaning is not known is said, and stands on no card.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cards::{short, state};
use super::lines::{Line, What};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::{Name, fold};
use crate::exchange::import::draft::{Reading, text};
use crate::exchange::import::words::{
    Vocabulary, component, field_of, is_nothing, is_placeholder, name_and_id, says_agent, split_list,
};

/// A table: its rows with their lines.
#[derive(Debug)]
pub struct Table {
    /// The head, and the rows below.
    pub rows: Vec<(u32, Vec<String>)>,
    /// The places of its lines.
    pub places: Vec<usize>,
}

/// Abbreviations and what they mean.
pub type Key = BTreeMap<String, String>;

/// All tables of a text.
#[must_use]
pub fn tables(lines: &[Line]) -> Vec<Table> {
    let mut out = Vec::new();
    let mut open: Option<Table> = None;
    for (place, line) in lines.iter().enumerate() {
        match &line.what {
            What::Row(cells) => {
                let table = open.get_or_insert_with(|| Table { rows: Vec::new(), places: Vec::new() });
                table.rows.push((line.number, cells.clone()));
                table.places.push(place);
            }
            What::Divider => {
                if let Some(table) = &mut open {
                    table.places.push(place);
                }
            }
            _ => out.extend(open.take()),
        }
    }
    out.extend(open);
    out
}

/// `R = Reader, C = Contributor`, in one line or a list, and the places of lines that say so.
#[must_use]
pub fn keys(lines: &[Line]) -> (Key, Vec<usize>) {
    let mut key = Key::new();
    let mut places = Vec::new();
    let mut below = false;
    for (place, line) in lines.iter().enumerate() {
        if !matches!(line.what, What::Text | What::Bullet | What::Heading(_)) {
            below &= line.what == What::Blank;
            continue;
        }
        let folded = fold(&line.text);
        let opens = ["key", "legend", "abbreviations"].iter().any(|word| {
            folded.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ' ']))
        });
        let body = if opens { line.text.split_once(':').map_or("", |(_, body)| body) } else { &line.text };
        let pairs: Vec<(String, String)> = split_list(body).iter().filter_map(|part| pair(part)).collect();
        let all = !pairs.is_empty() && pairs.len() == split_list(body).len();
        if opens || (below || pairs.len() > 1) && all {
            key.extend(pairs);
            places.push(place);
            below = true;
        } else {
            below = false;
        }
    }
    (key, places)
}

fn pair(part: &str) -> Option<(String, String)> {
    for separator in ["=", ": ", " - ", " – ", " — "] {
        if let Some((code, meaning)) = part.split_once(separator) {
            let (code, meaning) = (code.trim(), meaning.trim());
            let is_code = (1..=12).contains(&code.chars().count()) && !code.contains(' ');
            return (is_code && !meaning.is_empty()).then(|| (code.to_owned(), meaning.to_owned()));
        }
    }
    None
}

/// What stands above a table: the nearest headings and titles, nearest first.
fn above(lines: &[Line], place: usize) -> Vec<&str> {
    let titles = lines[..place].iter().rev().filter(|line| match line.what {
        What::Heading(_) => true,
        What::Text => line.text.chars().count() <= 80 && !line.text.ends_with('.'),
        _ => false,
    });
    titles.take(6).map(|line| line.text.as_str()).collect()
}

/// Reads a table; says whether it had anything to say about personas.
pub fn read(
    table: &Table,
    lines: &[Line],
    key: &Key,
    file: &Arc<str>,
    words: &Vocabulary,
    reading: &mut Reading,
) -> bool {
    let Some(((_, head), rows)) = table.rows.split_first() else { return false };
    let Some(place) = table.places.first().copied() else { return false };
    let fields: Vec<Option<&'static str>> = head.iter().map(|cell| field_of(cell)).collect();
    let labelled = fields.iter().flatten().filter(|field| **field != "name").count();
    let names = fields.iter().position(|field| *field == Some("name"));
    if let Some(names) = names.or_else(|| (labelled >= 2).then_some(0))
        && labelled > 0
    {
        rows_as_personas(head, &fields, names, rows, file, words, reading);
        return true;
    }
    let first_labels =
        table.rows.iter().filter(|(_, row)| row.first().is_some_and(|cell| field_of(cell).is_some()));
    if head.len() == 2 && first_labels.count() >= 2 {
        return one_persona(table, lines, place, file, words, reading);
    }
    if head.len() < 2 {
        return false;
    }
    let titles = above(lines, place);
    let whole = fold(&head[0]);
    // "Service \\ Role": the rows before the sign, the columns behind it.
    let sides: Vec<&str> = whole.split(['\\', '/', '|', '×', '→']).map(str::trim).collect();
    let corner = sides.first().copied().unwrap_or_default();
    let persona_words =
        ["persona", "personas", "role", "roles", "who", "team", "user", "actor", "member", "agent"];
    let is_persona = persona_words.contains(&corner) || whole.starts_with("persona");
    let by_environment = head[1..].iter().all(|cell| words.is_environment(cell));
    if by_environment && is_persona {
        return component_table(head, rows, &titles, key, file, words, reading);
    }
    let is_component = [
        "component",
        "components",
        "service",
        "services",
        "resource",
        "resources",
        "tool",
        "azure service",
        "system",
        "systems",
        "application",
    ]
    .contains(&corner);
    let is_work =
        ["activity", "activities", "task", "tasks", "process", "processes", "deliverable"].contains(&corner);
    if !is_persona && !is_component && !is_work {
        return false;
    }
    let grid = if is_persona {
        Grid { columns: head[1..].to_vec(), rows: rows.to_vec() }
    } else {
        turned(head, rows)
    };
    if is_raci(&grid, key, &titles) {
        processes(&grid, key, file, reading);
        return true;
    }
    if is_work {
        return false;
    }
    let environment = environment(&titles, words, file, table.rows[0].0, reading);
    matrix(&grid, environment.as_deref(), key, file, words, reading);
    true
}

/// The environment that the titles above a matrix name.
fn environment(
    titles: &[&str],
    words: &Vocabulary,
    file: &Arc<str>,
    line: u32,
    reading: &mut Reading,
) -> Option<String> {
    for title in titles {
        let inner = title.rsplit_once(['(', ':', '–', '—']).map(|(_, inner)| inner);
        for word in std::iter::once(*title).chain(inner).chain(title.split([' ', '(', ')', ':', ','])) {
            if let Some((own, otherwise)) = words.environment(word) {
                if otherwise {
                    reading.note(
                        file,
                        line,
                        format!("\"{}\" is read as the environment {own}", short(title)),
                    );
                }
                return Some(own);
            }
        }
        if fold(title).ends_with(" environment") {
            let named = title.rsplit_once(' ').map_or(*title, |(name, _)| name).to_owned();
            let why = format!(
                "the environment {named} is none of the catalog's; add it to `environments` in catalog.yaml"
            );
            reading.unread(file, line, why);
            return Some(named);
        }
    }
    None
}

fn rows_as_personas(
    head: &[String],
    fields: &[Option<&'static str>],
    names: usize,
    rows: &[(u32, Vec<String>)],
    file: &Arc<str>,
    words: &Vocabulary,
    reading: &mut Reading,
) {
    for (column, title) in head.iter().enumerate() {
        let used = fields[column].is_some() || column == names || title.is_empty();
        if !used && let Some((line, _)) = rows.first() {
            reading.unread(
                file,
                line.saturating_sub(2).max(1),
                format!("the column \"{}\" is no field of a persona that is known", short(title)),
            );
        }
    }
    for (line, row) in rows {
        let Some(title) = row.get(names).filter(|title| !title.is_empty() && !is_placeholder(title)) else {
            continue;
        };
        let (name, id) = name_and_id(&title.replace('\n', " "));
        let mut own = Reading::default();
        own.draft(Kind::Persona, &name, file, *line);
        let mut draft = own.drafts.remove(0);
        if let Some(id) = id {
            state(&mut draft, "id", &[id], *line, words, reading);
        }
        for (column, cell) in row.iter().enumerate() {
            if column != names
                && let Some(Some(field)) = fields.get(column)
                && *field != "name"
                && !cell.is_empty()
                && !is_nothing(cell)
            {
                state(&mut draft, field, &values(cell), *line, words, reading);
            }
        }
        conclude_type(&mut draft, reading);
        reading.drafts.push(draft);
    }
}

/// A cell's lines, each without a bullet.
fn values(cell: &str) -> Vec<String> {
    cell.lines()
        .map(|line| line.trim().trim_start_matches(['-', '•', '*']).trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

fn conclude_type(draft: &mut crate::exchange::import::draft::Draft, reading: &mut Reading) {
    if draft.get("type").is_none() && says_agent(draft.name()) {
        draft.set("type", "agent");
        let why = format!("{} is taken for an agent, because its name says so", draft.name());
        reading.note(&draft.file.clone(), draft.line, why);
    }
}

/// A table of fields and values.
fn one_persona(
    table: &Table,
    lines: &[Line],
    place: usize,
    file: &Arc<str>,
    words: &Vocabulary,
    reading: &mut Reading,
) -> bool {
    let row_of = |field: &str| {
        table.rows.iter().find(|(_, row)| row.first().and_then(|cell| field_of(cell)) == Some(field))
    };
    let stated = row_of("name").and_then(|(_, row)| row.get(1)).filter(|name| !name.is_empty());
    let title = match stated {
        Some(title) => title.clone(),
        None => {
            let heading = lines[..place].iter().rev().find(|line| !matches!(line.what, What::Blank));
            match heading.filter(|line| matches!(line.what, What::Heading(_) | What::Text)) {
                Some(line) => line.text.clone(),
                None => return false,
            }
        }
    };
    if is_placeholder(&title) {
        reading.note(file, table.rows[0].0, "a template, with places instead of values: no card");
        return true;
    }
    let (name, id) = name_and_id(&title);
    let mut own = Reading::default();
    own.draft(Kind::Persona, &name, file, table.rows[0].0);
    let mut draft = own.drafts.remove(0);
    if let Some(id) = id {
        state(&mut draft, "id", &[id], table.rows[0].0, words, reading);
    }
    for (line, row) in &table.rows {
        let (Some(label), Some(cell)) = (row.first(), row.get(1)) else { continue };
        match field_of(label) {
            Some("name") | None if fold(label) == "field" || label.is_empty() => {}
            Some("name") => {}
            Some(field) => state(&mut draft, field, &values(cell), *line, words, reading),
            None => reading.unread(
                file,
                *line,
                format!("\"{}\" on the card of {name} is no label that is known", short(label)),
            ),
        }
    }
    conclude_type(&mut draft, reading);
    reading.drafts.push(draft);
    true
}

struct Grid {
    columns: Vec<String>,
    /// The line, then the persona, then a cell for each column.
    rows: Vec<(u32, Vec<String>)>,
}

/// Components in rows, personas in columns: the other way round.
fn turned(head: &[String], rows: &[(u32, Vec<String>)]) -> Grid {
    let columns = rows.iter().map(|(_, row)| row.first().cloned().unwrap_or_default()).collect();
    let line = rows.first().map_or(1, |(line, _)| *line);
    let rows = head[1..].iter().enumerate().map(|(place, persona)| {
        let cells = rows.iter().map(|(_, row)| row.get(place + 1).cloned().unwrap_or_default());
        (line, std::iter::once(persona.clone()).chain(cells).collect())
    });
    Grid { columns, rows: rows.collect() }
}

fn is_raci(grid: &Grid, key: &Key, titles: &[&str]) -> bool {
    let means = key.values().any(|meaning| fold(meaning) == "accountable");
    let titled = titles.iter().any(|title| fold(title).contains("raci"));
    let cells: Vec<String> = grid
        .rows
        .iter()
        .flat_map(|(_, row)| row.iter().skip(1))
        .flat_map(|cell| parts(cell))
        .map(|part| fold(&part))
        .collect();
    let letters = !cells.is_empty() && cells.iter().all(|cell| responsibility(cell, &Key::new()).is_some());
    letters && (means || titled)
}

fn responsibility(word: &str, key: &Key) -> Option<&'static str> {
    let meaning = key.get(word).map_or(word, String::as_str);
    Some(match fold(meaning).as_str() {
        "r" | "responsible" => "responsible",
        "a" | "accountable" => "accountable",
        "c" | "consulted" => "consulted",
        "i" | "informed" => "informed",
        _ => return None,
    })
}

fn processes(grid: &Grid, key: &Key, file: &Arc<str>, reading: &mut Reading) {
    for (line, row) in &grid.rows {
        let Some(title) = row.first().filter(|title| !title.is_empty()) else { continue };
        let (name, _) = name_and_id(title);
        for (column, cell) in row.iter().skip(1).enumerate() {
            let Some(process) = grid.columns.get(column) else { continue };
            let stated: Vec<&str> = parts(cell).iter().filter_map(|part| responsibility(part, key)).collect();
            // Who answers for it does the work too where both stand in one cell.
            let part = stated.iter().find(|part| **part == "accountable").or(stated.first());
            if let Some(part) = part {
                let item =
                    Node::Map(vec![("process".into(), text(process)), ("responsibility".into(), text(part))]);
                reading.draft(Kind::Persona, &name, file, *line).push("processes", item);
            }
        }
    }
}

/// The words of a cell.
fn parts(cell: &str) -> Vec<String> {
    cell.split([',', ';', '\n', '+', '/'])
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// What a cell grants: roles, levels, or just that something is granted.
struct Granted {
    fields: Vec<(Box<str>, Node)>,
    roles: Vec<String>,
    unknown: Vec<String>,
    any: bool,
}

fn granted(cell: &str, key: &Key, words: &Vocabulary) -> Granted {
    let mut out = Granted { fields: Vec::new(), roles: Vec::new(), unknown: Vec::new(), any: false };
    let mut level: Option<String> = None;
    let whole = key.get(cell.trim()).cloned();
    let cells = match whole {
        Some(meaning) => vec![meaning],
        None => split_list(cell)
            .into_iter()
            .flat_map(|part| if key.contains_key(&part) { vec![part] } else { parts(&part) })
            .collect(),
    };
    for part in cells {
        let meaning = key.get(&part).cloned();
        let word = meaning.clone().unwrap_or_else(|| part.clone());
        let folded = fold(&word);
        if is_nothing(&word) || matches!(folded.as_str(), "✗" | "✘" | "❌" | "no access") {
            continue;
        }
        out.any = true;
        if let Some(known) = words.level(folded.trim_end_matches(" access")) {
            // Of two levels the later in the catalog's order is the higher.
            let place = |word: &str| words.levels.iter().position(|level| level.is(&fold(word)));
            if level.as_deref().is_none_or(|earlier| place(earlier) < place(known)) {
                level = Some(known.to_owned());
            }
        } else if let Some(role) = words.role(&word) {
            out.roles.push(role.to_owned());
        } else if matches!(
            folded.as_str(),
            "x" | "✓" | "✔" | "✔️" | "✅" | "yes" | "y" | "●" | "•" | "true" | "granted"
        ) {
            // Granted, and no more is said.
        } else if meaning.is_some() || word.chars().count() > 3 {
            out.roles.push(word);
        } else {
            out.unknown.push(part);
        }
    }
    match out.roles.as_slice() {
        [] => {}
        [one] => out.fields.push(("role".into(), text(one))),
        several => {
            out.fields.push(("roles".into(), Node::List(several.iter().map(|role| text(role)).collect())))
        }
    }
    out.fields.extend(level.map(|level| ("level".into(), text(&level))));
    out
}

fn matrix(
    grid: &Grid,
    environment: Option<&str>,
    key: &Key,
    file: &Arc<str>,
    words: &Vocabulary,
    reading: &mut Reading,
) {
    for (line, row) in &grid.rows {
        let Some(title) = row.first().filter(|title| !title.is_empty()) else { continue };
        let (name, id) = name_and_id(title);
        let draft = reading.draft(Kind::Persona, &name, file, *line);
        if let Some(id) = id {
            draft.set("id", &id);
        }
        for (column, cell) in row.iter().skip(1).enumerate() {
            let Some(target) = grid.columns.get(column).filter(|_| !cell.is_empty()) else { continue };
            grant_cell(&name, target, environment, cell, *line, key, file, words, reading);
        }
    }
    reading.drafts.iter_mut().for_each(|draft| {
        if draft.kind == Kind::Persona && draft.get("type").is_none() && says_agent(draft.name()) {
            draft.set("type", "agent");
        }
    });
}

#[expect(
    clippy::too_many_arguments,
    reason = "a cell is known by its row, its column and what is around the table"
)]
fn grant_cell(
    persona: &str,
    target: &str,
    environment: Option<&str>,
    cell: &str,
    line: u32,
    key: &Key,
    file: &Arc<str>,
    words: &Vocabulary,
    reading: &mut Reading,
) {
    let mut granted = granted(cell, key, words);
    for word in &granted.unknown {
        let why = format!("\"{}\" in the cell of {persona} and {target} is in no key", short(word));
        reading.unread(file, line, why);
    }
    if !granted.any || granted.fields.is_empty() && !granted.unknown.is_empty() {
        return;
    }
    if let Some(environment) = environment {
        granted.fields.push(("environments".into(), Node::List(vec![text(environment)])));
    }
    let own: Vec<&String> = granted.roles.iter().filter(|role| words.role(role).is_none()).collect();
    if !own.is_empty() {
        let draft = reading.draft(Kind::Component, target, file, line);
        own.iter().for_each(|role| draft.push("roles", text(role)));
    }
    let item = component(target, granted.fields);
    reading.draft(Kind::Persona, persona, file, line).push("component_access", item);
}

/// A table of one component: personas in rows, environments in columns.
fn component_table(
    head: &[String],
    rows: &[(u32, Vec<String>)],
    titles: &[&str],
    key: &Key,
    file: &Arc<str>,
    words: &Vocabulary,
    reading: &mut Reading,
) -> bool {
    let Some(target) = titles.first().map(|title| title.trim_end_matches(':').trim()) else { return false };
    let target = ["Access to ", "Roles of ", "RBAC for ", "Role-based access control for "]
        .iter()
        .find_map(|start| target.strip_prefix(start))
        .unwrap_or(target)
        .to_owned();
    for (line, row) in rows {
        let Some(title) = row.first().filter(|title| !title.is_empty()) else { continue };
        let (name, id) = name_and_id(title);
        let draft = reading.draft(Kind::Persona, &name, file, *line);
        if let Some(id) = id {
            draft.set("id", &id);
        }
        for (column, cell) in row.iter().enumerate().skip(1) {
            let Some(environment) = head.get(column).filter(|_| !cell.is_empty()) else { continue };
            let known = words.environment(environment);
            if known.is_none() {
                reading.unread(
                    file,
                    *line,
                    format!("the environment {} is none of the catalog's", short(environment)),
                );
            }
            let environment = known.map_or_else(|| environment.clone(), |(own, _)| own);
            grant_cell(&name, &target, Some(&environment), cell, *line, key, file, words, reading);
        }
    }
    reading.drafts.iter().any(|draft| Name::new(draft.name()) == Name::new(&target)) || !rows.is_empty()
}
