//! Markdown and plain text: persona cards, tables of personas, and matrices of roles.
//!
//! Cards are read as people write them; what stands between them is listed and left. Pages of an export
//! say that they are, and are read as they were written.

mod cards;
pub mod lines;
mod pages;
pub mod tables;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use cards::{short, state};

use super::draft::Reading;
use super::words::{Vocabulary, field_of, name_and_id};
use super::{Format, Source};
use crate::card::kinds::Kind;
use lines::What;

/// See the module.
pub static FORMAT: Format = Format {
    name: "markdown",
    summary: "persona cards, tables of personas and matrices of roles, in Markdown or plain text",
    sniff,
    read,
};

fn sniff(source: &Source<'_>) -> u8 {
    if source.ends(&[".agent.md", ".chatmode.md"]) {
        return 0;
    }
    if source.ends(&[".md", ".markdown", ".txt", ".text", ".mdown"]) {
        return 60;
    }
    let lines = lines::lines(source.peek());
    let labels = lines.iter().filter_map(|line| field_of(&line.label.as_ref()?.0)).count();
    if labels >= 3 { 30 } else { 0 }
}

fn read(source: &Source<'_>, words: &Vocabulary) -> Reading {
    let text = match source.text() {
        Ok(text) => text,
        Err(why) => return Reading::nothing(source.path, 1, why),
    };
    let file: Arc<str> = source.path.into();
    if pages::is_page(text) {
        return pages::read(text, &file);
    }
    let lines = lines::lines(text);
    let mut reading = Reading::default();
    let (key, key_places) = tables::keys(&lines);
    let mut taken = vec![false; lines.len()];
    key_places.iter().for_each(|place| taken[*place] = !tables::tables(&lines).is_empty());
    let mut from_tables = Reading::default();
    for table in tables::tables(&lines) {
        if tables::read(&table, &lines, &key, &file, words, &mut from_tables) {
            table.places.iter().for_each(|place| taken[*place] = true);
        } else {
            // It is listed once, as a whole.
            for place in &table.places {
                taken[*place] = lines[*place].what == What::Divider;
            }
        }
    }
    // What names the environment of a matrix was understood.
    for (place, line) in lines.iter().enumerate() {
        let names_card = |text: &str| {
            let (name, _) = name_and_id(text);
            from_tables.drafts.iter().any(|draft| draft.kind == Kind::Persona && draft.name() == name)
        };
        let is_title = matches!(line.what, What::Heading(_))
            && (words.is_environment(&line.text) || names_card(&line.text));
        taken[place] |= is_title && !from_tables.drafts.is_empty();
    }
    cards::read(&lines, &taken, &file, words, &mut reading);
    reading.extend(from_tables);
    reading.combine();
    reading.unread.sort();
    reading
}
