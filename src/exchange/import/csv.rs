//! Comma-separated tables: one row a persona, or a matrix of roles, as in the tables of a document.
//!
//! Which column is which field is guessed by its title, and said. The separator may be a comma, a
//! semicolon or a tab.

use std::sync::Arc;

use super::draft::Reading;
use super::markdown::tables::{Key, Table, read as read_table};
use super::words::{Vocabulary, field_of};
use super::{Format, Source};

/// See the module.
pub static FORMAT: Format = Format {
    name: "csv",
    summary: "tables with commas, semicolons or tabs: one row a persona, or a matrix of roles",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    if source.ends(&[".csv", ".tsv"]) { 90 } else { 0 }
}

/// The separator that the first line has most of.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    [('\t', b'\t'), (';', b';'), (',', b',')]
        .into_iter()
        .rev()
        .max_by_key(|(sign, _)| count(*sign))
        .map_or(b',', |(_, byte)| byte)
}

fn read(source: &Source<'_>, words: &Vocabulary) -> Reading {
    let text = match source.text() {
        Ok(text) => text,
        Err(why) => return Reading::nothing(source.path, 1, why),
    };
    let file: Arc<str> = source.path.into();
    let mut reading = Reading::default();
    let mut table = Table { rows: Vec::new(), places: vec![0] };
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line =
                    record.position().map_or(1, |place| u32::try_from(place.line()).unwrap_or(u32::MAX));
                if record.iter().any(|cell| !cell.trim().is_empty()) {
                    table
                        .rows
                        .push((line, record.iter().map(|cell| unquoted(cell.trim()).to_owned()).collect()));
                }
            }
            Err(error) => {
                let line =
                    error.position().map_or(1, |place| u32::try_from(place.line()).unwrap_or(u32::MAX));
                reading.unread(&file, line, format!("this row cannot be read: {error}"));
            }
        }
    }
    let Some((line, head)) = table.rows.first() else {
        reading.unread(&file, 1, "this file is empty");
        return reading;
    };
    for title in head {
        if let Some(field) = field_of(title) {
            reading.note(&file, *line, format!("the column \"{title}\" is read as {field}"));
        }
    }
    let line = *line;
    let mut own = Reading::default();
    if !read_table(&table, &[], &Key::new(), &file, words, &mut own) {
        reading.unread(
            &file,
            line,
            "no column is titled like a field of a persona, and the first is no column of personas",
        );
    }
    reading.extend(own);
    reading.combine();
    reading
}

/// An apostrophe in front keeps a spreadsheet from taking a cell for a formula.
fn unquoted(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start().starts_with(['=', '+', '-', '@', '|', '%']) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::usual;
    use super::*;

    fn reading(text: &str) -> Reading {
        read(&Source { path: "team.csv", bytes: text.as_bytes() }, &usual())
    }

    #[test]
    fn rows_are_personas_whatever_the_separator() {
        for text in [
            "ID,Persona,Team,Component access,Mood\nP1,Analyst,BI,\"Lake (read), Notebook\",good\n",
            "ID;Persona;Team;Component access;Mood\nP1;Analyst;BI;Lake (read), Notebook;good\n",
            "ID\tPersona\tTeam\tComponent access\tMood\nP1\tAnalyst\tBI\tLake (read), Notebook\tgood\n",
        ] {
            let reading = reading(text);
            let draft = &reading.drafts[0];
            assert_eq!(
                (draft.text("id"), draft.name(), draft.text("team")),
                (Some("P1"), "Analyst", Some("BI"))
            );
            assert!(format!("{:?}", draft.get("component_access")).contains("Notebook"));
            assert!(reading.unread[0].why.contains("Mood"));
            assert!(reading.notes.iter().any(|note| note.why.contains("\"Persona\" is read as name")));
        }
    }

    #[test]
    fn a_matrix_of_roles_and_nothing_at_all() {
        let drafts = reading("Persona,Key Vault,Lake\nLead,Owner,\n").drafts;
        assert_eq!((drafts.len(), drafts[0].name()), (1, "Lead"));
        assert!(drafts[0].get("component_access").is_some());
        assert_eq!(reading("").unread.len(), 1);
        assert_eq!(reading("a,b\n1,2\n").unread.len(), 1);
    }
}
