//! Comma-separated tables: one row a persona, a grant, a person, ..., or a matrix of roles.
//!
//! Which column is which field is for `sheets`. The separator may be a comma, a semicolon or a tab.

use std::sync::Arc;

use super::draft::Reading;
use super::sheets::Table;
use super::words::Vocabulary;
use super::{Format, Source};
use crate::exchange::cells::{unquoted, with_controls};

/// See the module.
pub static FORMAT: Format = Format {
    name: "csv",
    summary: "tables with commas, semicolons or tabs: one row a persona, a grant, ..., or a matrix of roles",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    if source.ends(&[".csv", ".tsv"]) { 90 } else { 0 }
}

/// The separator that the first lines have most of: a title may stand above the table.
fn separator(text: &str) -> u8 {
    let count = |sign: char| text.lines().take(20).map(|line| line.matches(sign).count()).sum::<usize>();
    [('\t', b'\t'), (';', b';'), (',', b',')]
        .into_iter()
        .rev()
        .max_by_key(|(sign, _)| count(*sign))
        .map_or(b',', |(_, byte)| byte)
}

fn read(source: &Source<'_>, _: &Vocabulary) -> Reading {
    let text = match source.text() {
        Ok(text) => text,
        Err(why) => return Reading::nothing(source.path, 1, why),
    };
    let file: Arc<str> = source.path.into();
    let mut reading = Reading::default();
    let mut rows = Vec::new();
    // The reader counts empty lines above a row as the row's own.
    let (mut line, mut at) = (1_u32, 0_usize);
    let mut line_of = |byte: u64| {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
        let blank = text.as_bytes()[from..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let passed =
            text.as_bytes()[at.min(from + blank)..from + blank].iter().filter(|byte| **byte == b'\n');
        line = line.saturating_add(u32::try_from(passed.count()).unwrap_or(u32::MAX));
        at = at.max(from + blank);
        line
    };
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(1, |place| line_of(place.byte()));
                if record.iter().any(|cell| !cell.trim().is_empty()) {
                    let cells = record.iter().map(|cell| with_controls(unquoted(cell.trim())).into_owned());
                    rows.push((line, cells.collect()));
                }
            }
            Err(error) => {
                let line = error.position().map_or(1, |place| line_of(place.byte()));
                reading.unread(&file, line, format!("this row cannot be read: {error}"));
            }
        }
    }
    if rows.is_empty() {
        reading.unread(&file, 1, "this file is empty");
        return reading;
    }
    reading.tables.push(Table { name: stem(source.path), file, rows });
    reading
}

/// The name of a file without its folder and ending.
fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::finish;
    use super::super::words::usual;
    use super::*;

    fn reading(text: &str) -> Reading {
        let mut reading = read(&Source { path: "team.csv", bytes: text.as_bytes() }, &usual());
        finish(&mut reading, &usual());
        reading
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
