//! `persona export json`, and cards as JSON: a card, or a list of cards, each with its `kind`.
//!
//! What an export says beside its cards follows from them, and is passed over.

use std::sync::Arc;

use super::draft::{CardFields, Draft, Reading};
use super::marked::{Marked, json};
use super::words::Vocabulary;
use super::{Format, Source};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::words::Name;
use crate::exchange::cards::normal;

/// The schema's name.
pub const SCHEMA: &str = "persona-workbench/export/1";

/// See the module.
pub static FORMAT: Format =
    Format { name: "json", summary: "what persona export json wrote, and cards as JSON", sniff, read };

fn sniff(source: &Source<'_>) -> u8 {
    let text = source.peek();
    if !text.trim_start().starts_with(['{', '[']) {
        return 0;
    }
    if text.contains(&format!("\"{SCHEMA}\"")) {
        return 95;
    }
    let states = |word: &str| {
        text.contains(&format!("\"kind\": \"{word}\"")) || text.contains(&format!("\"kind\":\"{word}\""))
    };
    // Other catalogs have components too.
    let own = Kind::ALL.iter().any(|kind| *kind != Kind::Component && states(kind.word()));
    if own && !text.contains("\"apiVersion\"") { 50 } else { 0 }
}

fn read(source: &Source<'_>, words: &Vocabulary) -> Reading {
    let file: Arc<str> = source.path.into();
    let root = match source.text().map_err(|why| (1, why)).and_then(json) {
        Ok(root) => root,
        Err((line, why)) => return Reading::nothing(source.path, line, why),
    };
    let mut reading = Reading::default();
    match root.get("cards") {
        Some(cards) => {
            for own in cards.items() {
                match own.get("fields") {
                    Some(fields) => card(own, fields, &file, words, &mut reading),
                    None => card(own, own, &file, words, &mut reading),
                }
            }
            for (key, line, _) in root.entries() {
                match &**key {
                    "schema" | "$schema" | "cards" => {}
                    "catalog" | "at" | "not_carried" | "problems" | "score" | "entities" | "findings" => {}
                    other => reading.unread(&file, *line, format!("\"{other}\" holds no cards")),
                }
            }
        }
        None => root.items().iter().for_each(|own| card(own, own, &file, words, &mut reading)),
    }
    if reading.drafts.is_empty() && reading.unread.is_empty() {
        reading.unread(&file, 1, "there is no card in it");
    }
    reading
}

fn card(own: &Marked, fields: &Marked, file: &Arc<str>, words: &Vocabulary, reading: &mut Reading) {
    let Some(word) = own.word("kind") else {
        return reading.unread(file, own.line, "this is no card: it has no \"kind\"");
    };
    let word = Name::new(word);
    let Some(kind) = Kind::ALL.into_iter().find(|kind| word.is(&kind.word().to_lowercase())) else {
        return reading.unread(file, own.line, format!("no card is of the kind {word}"));
    };
    let node = match fields.node() {
        Node::Map(entries) => Node::Map(first_of_each(entries)),
        other => other,
    };
    let fields = normal::card(kind, &node, &words.levels);
    let mut draft = Draft { kind, fields, file: file.clone(), line: own.line, home: None };
    if kind != Kind::Decision && kind != Kind::Catalog && draft.name().is_empty() {
        return reading.unread(
            file,
            own.line,
            format!("this {} has neither a name nor an id", kind.word().to_lowercase()),
        );
    }
    draft.home = own.word("file").filter(|_| own.get("fields").is_some()).map(Arc::from);
    reading.drafts.push(draft);
}

fn first_of_each(entries: CardFields) -> CardFields {
    let mut out: CardFields = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        if !out.iter().any(|(known, _)| *known == key) {
            out.push((key, value));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::words::usual;
    use super::*;

    fn reading(text: &str) -> Reading {
        read(&Source { path: "team.json", bytes: text.as_bytes() }, &usual())
    }

    #[test]
    fn an_export_and_bare_cards() {
        let export = reading(
            "{\"schema\": \"persona-workbench/export/1\", \"mood\": 1, \"cards\": [\n{\"kind\": \"Persona\", \"file\": \"a.yaml\", \"fields\": {\"name\": \"A\", \"skills\": \"Go\"}},\n{\"kind\": \"Car\"}]}",
        );
        assert_eq!(export.drafts[0].home.as_deref(), Some("a.yaml"));
        assert_eq!(export.drafts[0].get("skills"), Some(&Node::List(vec![Node::Text("Go".into())])));
        let unread: Vec<(u32, &str)> = export.unread.iter().map(|own| (own.line, own.why.as_str())).collect();
        assert_eq!(unread, [(3, "no card is of the kind Car"), (1, "\"mood\" holds no cards")]);
        let bare = reading("[{\"kind\": \"persona\", \"name\": \"A\"}, {\"kind\": \"Skill\"}]");
        assert_eq!((bare.drafts.len(), bare.unread.len()), (1, 1));
        assert_eq!(reading("[]").unread.len(), 1);
    }
}
